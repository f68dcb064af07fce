"""A document as a value: blocks of finished words, the same for every file format."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from attrs import Attribute, field, frozen

from partizipation_core.freezing import as_tuple

__all__ = ["Block", "Document", "Facts", "Grid", "Heading", "Paragraph", "Signatures"]


def _rows(given: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) for row in given)


def _places(given: Iterable[int]) -> frozenset[int]:
    return frozenset(given)


@frozen
class Heading:
    """A heading below the title."""

    text: str


@frozen
class Paragraph:
    """A paragraph; line breaks in it are kept."""

    text: str


@frozen
class Facts:
    """Named values: what, and how much or when."""

    rows: tuple[tuple[str, ...], ...] = field(converter=_rows)


@frozen(kw_only=True)
class Grid:
    """A table.

    Args:
        caption: what it shows; read out before it.
        columns: headings.
        rows: cells, as many in each row as there are columns.
        numbers: places of the columns that hold numbers, the first one is 0.
        total: whether the last row adds the others up.
    """

    caption: str
    columns: tuple[str, ...] = field(converter=as_tuple)
    rows: tuple[tuple[str, ...], ...] = field(converter=_rows)
    numbers: frozenset[int] = field(default=frozenset(), converter=_places)
    total: bool = False

    @rows.validator
    def _even(self, _: Attribute[object], rows: tuple[tuple[str, ...], ...]) -> None:
        if any(len(row) != len(self.columns) for row in rows):
            msg = f"every row of {self.caption!r} has {len(self.columns)} cells"
            raise ValueError(msg)


@frozen
class Signatures:
    """A line to sign on for each role that is named."""

    roles: tuple[str, ...] = field(converter=as_tuple)


Block: TypeAlias = Heading | Paragraph | Facts | Grid | Signatures


@frozen(kw_only=True)
class Document:
    """A document (Schriftstück).

    Args:
        title: what it is.
        sender: who writes it, such as the district office.
        blocks: what it says.
        lang: its language, for screen readers and hyphenation.
        wide: whether it is printed across (Querformat), for tables with many columns.
    """

    title: str
    sender: str
    blocks: tuple[Block, ...] = field(converter=as_tuple)
    lang: str = "de"
    wide: bool = False
