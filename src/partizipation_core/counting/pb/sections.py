"""A section with named columns, and messages that name the place of a cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from partizipation_core.counting.pb.records import Record, Table

__all__ = ["Section", "items"]


@dataclass(slots=True)
class Section:
    """Rows under a header.

    Args:
        title: ``META``, ``PROJECTS`` or ``VOTES``.
        source: name of the file, for messages.
        line: line of the title.
        header: names of the columns.
        rows: the rows, each as wide as the header.
    """

    title: str
    source: str
    line: int
    header: list[str]
    rows: list[Record]

    @classmethod
    def of(cls, table: Table, source: str, *required: str) -> Section:
        """Check header and width of a section.

        Args:
            table: the section as found in the file.
            source: name of the file, for messages.
            required: columns that must be there.

        Raises:
            InputError: a column is missing or doubled, or a row has too many or too few cells.
        """
        if not table.records:
            message = f"section {table.title} is empty; its first line names the columns"
            raise InputError(message, source=source, line=table.line, column=1)
        head, *rows = table.records
        header = [cell.strip() for cell in head.cells]
        section = cls(table.title, source, table.line, header, rows)
        section._check_header(head, required)
        if table.title == "META":
            section._join()
        section._check_width()
        return section

    def at(self, column: str) -> int:
        """Return the number of a column, -1 if it is not there.

        Args:
            column: its name.
        """
        return self.header.index(column) if column in self.header else -1

    def refuse(self, row: Record, cell: int, message: str, offset: int = 0) -> NoReturn:
        """Raise an error that names the place of a cell.

        Args:
            row: the row.
            cell: number of the cell, from 0.
            message: what is wrong and what would be right.
            offset: characters into the cell.
        """
        line, column = row.place(cell, offset)
        raise InputError(message, source=self.source, line=line, column=column)

    def unique(self, cell: int, what: str) -> list[str]:
        """Return the texts of a column, none of them empty and all different.

        Args:
            cell: number of the column.
            what: what the column holds, for the message.
        """
        ids = [row.cells[cell].strip() for row in self.rows]
        if "" in ids:
            self.refuse(self.rows[ids.index("")], cell, f"the {what} is empty")
        if len(set(ids)) < len(ids):
            first: dict[str, Record] = {}
            for id_, row in zip(ids, self.rows, strict=True):
                if id_ in first:
                    message = f"{what} {id_!r} occurs twice, first in line {first[id_].line}"
                    self.refuse(row, cell, message)
                first[id_] = row
        return ids

    def _check_header(self, head: Record, required: tuple[str, ...]) -> None:
        while self.header and not self.header[-1]:
            self.header.pop()
        for column in required:
            if column not in self.header:
                self.refuse(head, 0, f"section {self.title} lacks the column {column}")
        for cell, column in enumerate(self.header):
            if not column:
                self.refuse(head, cell, "the column has no name")
            if column in self.header[:cell]:
                self.refuse(head, cell, f"column {column!r} occurs twice")

    def _join(self) -> None:
        """META has two columns, so further semicolons can only belong to the value."""
        for row in self.rows:
            while len(row.cells) > 2 and not row.cells[-1].strip():  # noqa: PLR2004
                row.cells.pop()
            row.cells[1:] = [";".join(row.cells[1:])] if len(row.cells) > 1 else []

    def _check_width(self) -> None:
        for row in self.rows:
            self.fit(row)

    def fit(self, row: Record) -> None:
        """Cut off empty cells beyond the header.

        Args:
            row: the row.

        Raises:
            InputError: it has too many or too few cells.
        """
        width = len(self.header)
        if len(row.cells) > width and not any(map(str.strip, row.cells[width:])):
            row.cells = row.cells[:width]
        if len(row.cells) != width:
            message = f"{len(row.cells)} cells where the header has {width} columns"
            self.refuse(row, min(width, len(row.cells)), message)


def items(cell: str) -> Iterator[tuple[int, str]]:
    """Yield offset and text of each item of a comma-separated cell.

    Args:
        cell: the cell.
    """
    offset = 0
    for part in cell.split(",") if cell.strip() else ():
        text = part.strip()
        yield offset + part.find(text), text
        offset += len(part) + 1
