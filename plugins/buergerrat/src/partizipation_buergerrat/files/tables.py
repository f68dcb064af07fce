"""Tables as offices save them: CSV in any dialect and encoding, or XLSX."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from partizipation_buergerrat.files.faults import BadTable, Fault
from partizipation_core.errors import InputError

__all__ = ["Row", "Table", "plain", "read_table"]

_DELIMITERS = ";,\t|"
_KINDS = {".csv", ".txt", ".tsv", ".xlsx", ""}
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_UNSEEN = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_CELL = 1_000_000
"""No cell of a table of persons is longer; the reader of CSV would end in an error of its own."""


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
    """Reduce a text to what people mean by it.

    Case, blanks, underlines and the length of a dash make no difference, nor do characters that
    nobody sees, or an umlaut that some systems write as two characters.

    Args:
        text: a heading or a feature.
    """
    seen = unicodedata.normalize("NFC", text).translate(_UNSEEN).translate(_DASHES)
    return unicodedata.normalize("NFC", " ".join(seen.replace("_", " ").split()).casefold())


def read_table(path: Path) -> Table:
    """Read a table; the first row that is not blank holds the headings.

    Args:
        path: a file that ends in ``.csv``, ``.txt``, ``.tsv`` or ``.xlsx``.

    Raises:
        BadTable: it holds nothing, or cannot be read.
        InputError: it is an XLSX file and the extra for that is not installed.
    """
    kind = path.suffix.lower()
    if kind not in _KINDS:
        raise BadTable([Fault(code="table.kind", params={"kind": kind}, source=path.name)])
    rows = [row for row in (_excel(path) if kind == ".xlsx" else _text(path)) if any(row.cells)]
    if not rows:
        raise BadTable([Fault(code="table.empty", params={}, source=path.name)])
    return Table(source=path.name, headings=rows[0].cells, rows=tuple(rows[1:]))


def _text(path: Path) -> Iterator[Row]:
    text, number = _decoded(path.read_bytes()), 0
    csv.field_size_limit(_CELL)
    lines = io.StringIO(text, newline="")
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=head.count)
    if head.lower().startswith("sep=") and len(head.strip()) == len("sep=") + 1:
        delimiter = head.strip()[-1]  # Excel writes this line for itself and does not show it
        lines.readline()
    try:
        for cells in csv.reader(lines, delimiter=delimiter, strict=True):
            number += 1
            yield Row(number=number, cells=tuple(" ".join(cell.split()) for cell in cells))
    except csv.Error as error:
        fault = Fault(code="table.no_csv", params={}, source=path.name, row=number + 1)
        raise BadTable([fault]) from error


def _decoded(data: bytes) -> str:
    """Take UTF-8 or UTF-16, with or without a mark, else what Windows writes in Europe."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = data.decode("utf-16", errors="replace")
    elif b"\0" in data[:2]:
        text = data.decode("utf-16-be" if data[0] == 0 else "utf-16-le", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    return text.lstrip("\ufeff").replace("\0", "")


def _excel(path: Path) -> Iterator[Row]:
    try:
        from openpyxl.reader.excel import load_workbook
    except ImportError as error:
        raise InputError(
            "reading XLSX needs: pip install 'partizipation-buergerrat[xlsx]'", source=path.name
        ) from error
    content = io.BytesIO(path.read_bytes())
    try:
        sheet = load_workbook(content, read_only=True, data_only=True).worksheets[0]
        rows = list(sheet.iter_rows(values_only=True))
    except Exception as error:
        fault = Fault(code="table.no_xlsx", params={}, source=path.name)
        raise BadTable([fault]) from error
    for number, values in enumerate(rows, start=1):
        yield Row(number=number, cells=tuple(map(_cell, values)))


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else " ".join(str(value).split())
