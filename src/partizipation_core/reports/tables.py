"""Tables: CSV and JSON that are exact for machines, and CSV that is safe for people.

Spreadsheets take a text that begins with ``=`` for a formula. A table for people guards such
texts with an apostrophe; a table for machines is left as it is, because a guard would damage it.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from partizipation_core.reports.report import Report

__all__ = ["ENTRY_COLUMNS", "PEOPLE_NOTE", "Cell", "entry_rows", "guard", "to_csv", "to_json"]

Cell = str | int | Decimal | bool | None
"""What may stand in a table; no floats, because they are not exact."""

Row = Mapping[str, Cell]
Columns = Sequence[str] | Mapping[str, str]

ENTRY_COLUMNS = (
    "item",
    "title",
    "category",
    "cost",
    "score",
    "award",
    "state",
    "reason",
    "percent",
    "spent",
    "note",
)
"""What is published of a proposal: these fields and no others."""

PEOPLE_NOTE = (
    "Zum Lesen in einer Tabellenkalkulation: Text, der mit = + - @ oder ' beginnt, "
    "trägt davor ein zusätzliches '. Unverändert steht alles in der Datei für Maschinen."
)
"""First line of every table for people."""

_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # the last four are full-width


def entry_rows(report: Report) -> list[dict[str, Cell]]:
    """Return the proposals of a report as rows, money in minor units.

    Args:
        report: the report.
    """
    return [{name: getattr(entry, name) for name in ENTRY_COLUMNS} for entry in report.entries]


def to_csv(
    rows: Iterable[Row], columns: Columns, audience: Literal["machine", "people"] = "machine"
) -> str:
    """Write a table as CSV.

    For machines: commas, texts exactly as they are. For people: a note in the first line, a mark
    that tells spreadsheets the encoding, semicolons, decimal commas, all texts in quotes, and
    texts guarded that could pass for formulas; numbers never.

    Args:
        rows: column → cell; what is missing is empty.
        columns: names of the columns in their order, or name → heading.
        audience: who will open it.

    Raises:
        TypeError: a cell is neither text nor an exact number.
    """
    people = audience == "people"
    out = io.StringIO(newline="")
    writer, write = csv.writer(out), _exact
    if people:
        writer, write = csv.writer(out, delimiter=";", quoting=csv.QUOTE_NONNUMERIC), _for_people
        out.write("\ufeff")
        writer.writerow([PEOPLE_NOTE])
    writer.writerow([write(heading) for heading in _headings(columns).values()])
    writer.writerows([write(row.get(name)) for name in columns] for row in rows)
    return out.getvalue()


def to_json(rows: Iterable[Row], columns: Columns) -> str:
    """Write a table as a JSON list of objects, exact to the last digit.

    Args:
        rows: column → cell; what is missing is null.
        columns: names of the columns in their order, or name → heading.

    Raises:
        TypeError: a cell is neither text nor an exact number.
    """
    headings = _headings(columns)
    table = [{told: _jsonable(row.get(name)) for name, told in headings.items()} for row in rows]
    return json.dumps(table, ensure_ascii=False, indent=2)


def guard(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet could take for a formula.

    A text that begins with an apostrophe gets a second one, so that whoever takes one away from
    every text that begins with it has the original again.

    Args:
        text: content of a cell.
    """
    return f"'{text}" if _is_risky(text) else text


def _is_risky(text: str) -> bool:
    """Look at the first character and at the first one that can be seen."""
    seen = (c for c in text if not c.isspace() and unicodedata.category(c) != "Cf")
    return text.startswith("'") or not _FORMULA.isdisjoint({text[:1], next(seen, "")})


def _headings(columns: Columns) -> Mapping[str, str]:
    return columns if isinstance(columns, Mapping) else {name: name for name in columns}


def _exact(cell: Cell) -> str | int:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case int() | str():
            return cell
        case Decimal() if cell.is_finite():
            return f"{cell:f}"
    msg = f"a table holds texts and exact numbers, not {cell!r}"
    raise TypeError(msg)


def _for_people(cell: Cell) -> str | int:
    if isinstance(cell, str):
        return guard(cell)
    exact = _exact(cell)
    return str(exact).replace(".", ",") if isinstance(cell, Decimal) else exact


def _jsonable(cell: Cell) -> str | int | bool | None:
    return cell if cell is None or isinstance(cell, bool) else _exact(cell)
