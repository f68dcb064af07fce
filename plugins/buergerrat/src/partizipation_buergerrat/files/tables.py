"""Tables as offices save them: CSV in any dialect and encoding, or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from partizipation_buergerrat.files.faults import BadTable, Fault
from partizipation_core.errors import InputError

__all__ = ["Row", "Table", "plain", "read_table"]

_DELIMITERS = ";,\t"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row that is not blank.

    Args:
        number: as a spreadsheet shows it, from 1.
        cells: texts without blanks around them.
    """

    number: int
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        """Return a cell; a row that ends early is blank from there on.

        Args:
            column: from 0.
        """
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with headings.

    Args:
        source: name of the file.
        headings: as they are written.
        rows: all rows below that are not blank.
    """

    source: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def places(self) -> Mapping[str, int]:
        """Plain heading → number of the column, from 0; the first one where two are alike."""
        found: dict[str, int] = {}
        for number, heading in enumerate(self.headings):
            found.setdefault(plain(heading), number)
        return found

    def place(self, *names: str) -> int | None:
        """Find a column by one of its names, or tell that there is none.

        Args:
            names: plain headings, the most usual first.
        """
        return next((self.places[name] for name in names if name in self.places), None)

    def fault(self, code: str, row: int = 0, column: int = -1, **params: object) -> Fault:
        """Describe what is wrong at a place of this table.

        Args:
            code: names the sentence.
            row: number of the row, 0 for the whole file.
            column: number of the column from 0, -1 for the whole row.
            params: fill the sentence.
        """
        return Fault(code=code, params=params, source=self.source, row=row, column=column + 1)


def plain(text: str) -> str:
    """Reduce a text to what people mean by it: case, blanks and underlines make no difference.

    Args:
        text: a heading or a feature.
    """
    return " ".join(text.replace("_", " ").split()).casefold()


def read_table(path: Path) -> Table:
    """Read a table; the first row that is not blank holds the headings.

    Args:
        path: a file that ends in ``.csv``, ``.txt``, ``.tsv`` or ``.xlsx``.

    Raises:
        BadTable: it holds nothing.
        InputError: it is an XLSX file and the extra for that is not installed.
    """
    excel = path.suffix.lower() == ".xlsx"
    rows = [row for row in (_excel(path) if excel else _text(path)) if any(row.cells)]
    if not rows:
        fault = Fault(code="table.empty", params={}, source=path.name)
        raise BadTable([fault])
    return Table(source=path.name, headings=rows[0].cells, rows=tuple(rows[1:]))


def _text(path: Path) -> Iterator[Row]:
    text = _decoded(path.read_bytes())
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=head.count)
    for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
        yield Row(number=number, cells=tuple(" ".join(cell.split()) for cell in cells))


def _decoded(data: bytes) -> str:
    """Take UTF-8 with or without a mark, UTF-16 with one, else what Windows writes in Europe."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _excel(path: Path) -> Iterator[Row]:
    try:
        from openpyxl.reader.excel import load_workbook
    except ImportError as error:
        raise InputError(
            "reading XLSX needs: pip install 'partizipation-buergerrat[xlsx]'", source=path.name
        ) from error
    try:
        sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
    except Exception as error:
        raise InputError(f"this is no XLSX file: {error}", source=path.name) from error
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        yield Row(number=number, cells=tuple(map(_cell, values)))


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else " ".join(str(value).split())
