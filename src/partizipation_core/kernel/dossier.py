"""The dossier of an item (Akte): what is kept with it besides its title, text and cost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from attrs import Attribute, field, frozen
from attrs.validators import ge, in_, matches_re

from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.values import ItemRef, Money, ParticipantRef, ProcedureRef

__all__ = [
    "CHANNELS",
    "INVERSE",
    "NOBODY",
    "NO_ITEM",
    "Attachment",
    "Channel",
    "Lineage",
    "Link",
    "Part",
    "Presenter",
    "VotePolicy",
    "inverse",
]

Channel: TypeAlias = Literal["online", "paper", "email", "assembly", "handover"]
"""How an idea came in: by the person's own account, on paper, by e-mail, told in a meeting, or
handed over by another procedure."""

CHANNELS: tuple[Channel, ...] = ("online", "paper", "email", "assembly", "handover")

VotePolicy: TypeAlias = Literal["never", "union", "add_points"]
"""What becomes of support when ideas are merged: it stays where people gave it, it is the union
of distinct persons, or points add up (as in Potsdam 2011)."""

INVERSE: Mapping[str, str] = MappingProxyType(
    {
        "becomes": "comes_from",
        "comes_from": "becomes",
        "results_in": "result_of",
        "result_of": "results_in",
        "handed_to": "handed_from",
        "handed_from": "handed_to",
        "relates_to": "relates_to",
    }
)
"""Relation between two items → the same relation, seen from the other one."""

NOBODY = ParticipantRef("")
NO_ITEM = ItemRef("")

_LINE = re.compile(r"[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*")


def _one_line(_: object, __: Attribute[str], value: str) -> None:
    if not _LINE.fullmatch(value) or len(value) > 200:  # noqa: PLR2004 - as long as a title
        msg = f"an attachment has a name of one line, at most 200 characters, not {value!r}"
        raise ValueError(msg)


@frozen(kw_only=True)
class Attachment:
    """A file that belongs to an item (Anlage): kept by the application, known by its hash.

    Args:
        name: what the file is called, one line of at most 200 characters.
        media_type: such as ``application/pdf`` (RFC 6838).
        sha256: SHA-256 of its bytes, 64 lower-case hexadecimal digits.
        size: its length in bytes.
    """

    name: str = field(validator=_one_line)
    media_type: str = field(validator=matches_re(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*"))
    sha256: str = field(validator=matches_re(r"[0-9a-f]{64}"))
    size: int = field(validator=ge(0))


@frozen(kw_only=True)
class Link:
    """What an item has to do with an item of another procedure, or of its own.

    Args:
        relation: one of `INVERSE`, read from the item that holds the link.
        procedure: the procedure of the other item.
        item: the other item.
    """

    relation: str = field(validator=in_(INVERSE))
    procedure: ProcedureRef
    item: ItemRef


def inverse(link: Link, procedure: ProcedureRef, item: ItemRef) -> Link:
    """Return what a link says, seen from its other end.

    Args:
        link: as an item holds it.
        procedure: the procedure of the item that holds it.
        item: that item.
    """
    return Link(relation=INVERSE[link.relation], procedure=procedure, item=item)


@frozen(kw_only=True)
class Part:
    """One of the items that another is split into.

    Args:
        item: its reference, new in the procedure.
        title: at most 200 characters.
        text: at most 10,000 characters.
        cost: what it is expected to cost, if known.
    """

    item: ItemRef
    title: str
    text: str = ""
    cost: Money | None = None


@frozen(kw_only=True)
class Presenter:
    """Who presents an item in an assembly in the place of its author (Vertretung).

    Args:
        person: pseudonym.
        named_by: the ``author``, or the ``assembly`` on the spot.
    """

    person: ParticipantRef
    named_by: str


@frozen(kw_only=True)
class Lineage:
    """Which items an item was made of and which were made of it.

    Args:
        sources: items that were merged into this one → what becomes of their support.
        merged_into: the item that this one was merged into, empty for none.
        split_from: the item that this one was a part of, empty for none.
        parts: the items that this one was split into.
    """

    sources: Mapping[ItemRef, VotePolicy] = field(factory=dict, converter=as_mapping)
    merged_into: ItemRef = NO_ITEM
    split_from: ItemRef = NO_ITEM
    parts: tuple[ItemRef, ...] = field(default=(), converter=as_tuple)
