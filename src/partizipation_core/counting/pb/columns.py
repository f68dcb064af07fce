"""The rows of VOTES, kept column by column: there may be a million of them."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NoReturn

from partizipation_core.counting.pb.records import TITLES, Record, second

if TYPE_CHECKING:
    from partizipation_core.counting.pb.records import Table
    from partizipation_core.counting.pb.sections import Section

__all__ = ["Columns"]

_BLOCK = 8_192
"""Lines that are taken apart at once, where all are plain."""


class Columns:
    """The rows of a section, taken apart.

    Args:
        section: the section, its header checked.
        table: where its rows begin.
        own: names of columns that are read further; equal texts of all others are kept once.

    Raises:
        InputError: a row has too many or too few cells, a quote is never closed, or a section
            stands where it must not.
    """

    def __init__(self, section: Section, table: Table, own: Collection[str]) -> None:
        assert table.rest is not None  # noqa: S101 - narrowing, `tables` has set it
        self.section, self._lines = section, table.rest
        self._own = frozenset(map(section.at, own))
        self.lines = array("L")
        self.cells: list[list[str]] = [[] for _ in section.header]
        self._texts: dict[str, str] = {}
        while self._lines.at < len(self._lines.all):
            if not self._block():
                self._row()
        self._texts.clear()

    def refuse(self, row: int, cell: int, message: str, offset: int = 0) -> NoReturn:
        """Raise an error that names the place of a cell.

        Args:
            row: number of the row, from 0.
            cell: number of the cell, from 0.
            message: what is wrong and what would be right.
            offset: characters into the cell.
        """
        self.section.refuse(self._record(row), cell, message, offset)

    def unique(self, cell: int, what: str) -> list[str]:
        """Return the texts of a column, none of them empty and all different.

        Args:
            cell: number of the column.
            what: what the column holds, for the message.
        """
        ids = list(map(str.strip, self.cells[cell]))
        if len(set(ids)) < len(ids) or "" in ids:
            self.section.rows = [self._record(row) for row in range(len(ids))]
            for record in self.section.rows:
                self._fit(record)
            self.section.unique(cell, what)
        return ids

    def _record(self, row: int) -> Record:
        return self._lines.record(self.lines[row] - 1)

    def _block(self) -> bool:
        """Take many plain lines apart at once; return whether they were plain."""
        first, width = self._lines.at, len(self.section.header)
        block = list(islice(self._lines.all, first, first + _BLOCK))
        if first + len(block) == len(self._lines.all) and not block[-1]:
            block.pop()
        if not block or {line.count(";") for line in block} != {width - 1}:
            return False
        if block[0].endswith("\r"):
            block = [line.removesuffix("\r") for line in block]
        whole = ";".join(block)
        cells = whole.split(";")
        if '"' in whole or "\r" in whole or not all(map(str.strip, cells[::width])):
            return False
        if not set(TITLES).isdisjoint(cells[::width]):
            return False
        for column in range(width):
            self._add(column, cells[column::width])
        self.lines.extend(range(first + 1, first + 1 + len(block)))
        self._lines.at = first + len(block)
        return True

    def _add(self, column: int, cells: Sequence[str]) -> None:
        if column not in self._own:
            cells = list(map(self._texts.setdefault, cells, cells))
        self.cells[column].extend(cells)

    def _row(self) -> None:
        """Take the next lines apart one by one, as many as a block has."""
        lines, end = self._lines, self._lines.at + _BLOCK
        for record in lines:
            if record.title:
                raise second(record.title, self.section.line, lines.source, record.line)
            self._fit(record)
            for column, cell in enumerate(record.cells):
                self._add(column, (cell,))
            self.lines.append(record.line)
            if lines.at >= end:
                break

    def _fit(self, record: Record) -> None:
        """Cut off empty cells beyond the header; refuse any other width."""
        self.section.fit(record)
