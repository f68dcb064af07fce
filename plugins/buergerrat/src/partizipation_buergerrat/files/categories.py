"""Reads ``categories.csv``: one feature a row, with the fewest and the most seats."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from partizipation_buergerrat.files.faults import BadTable, Fault
from partizipation_buergerrat.files.tables import Row, Table, plain, read_table
from partizipation_buergerrat.sortition.quotas import Categories, Quota

__all__ = ["read_categories"]

_CATEGORY = ("category", "kategorie", "merkmal")
_FEATURE = ("feature", "value", "ausprägung", "auspraegung", "wert", "name")
_VALUE = ("value", "ausprägung", "auspraegung", "wert")
_LEAST = ("min", "minimum", "mindestens", "least")
_MOST = ("max", "maximum", "höchstens", "hoechstens", "most")
_LEAST_FLEX = ("min flex", "minflex", "min flexibel")
_MOST_FLEX = ("max flex", "maxflex", "max flexibel")
_WHOLE = re.compile(r"([0-9]{1,9})(?:[.,]0*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    category: int
    feature: int
    least: int
    most: int
    least_flex: int | None
    most_flex: int | None


def read_categories(path: Path) -> Categories:
    """Read quotas from a table.

    Columns are ``category, feature, min, max`` or, newer, ``feature, value, min, max``, with
    ``min_flex`` and ``max_flex`` if limits may give; German headings work too.

    Args:
        path: a CSV or XLSX file.

    Raises:
        BadTable: with everything that is wrong, by row and column.
    """
    table = read_table(path)
    columns = _columns(table)
    faults: list[Fault] = []
    quotas = [
        quota for row in table.rows for quota in [_quota(table, columns, row, faults)] if quota
    ]
    faults += _repeated(table, columns)
    if not table.rows:
        faults.append(table.fault("table.empty"))
    if faults:
        raise BadTable(sorted(faults, key=lambda fault: (fault.row, fault.column)))
    return Categories.of(_named_alike(quotas))


def _columns(table: Table) -> _Columns:
    value = table.place(*_VALUE)
    if value is None:
        category, feature = table.place(*_CATEGORY), table.place(*_FEATURE)
    else:  # here the category may be headed "feature"
        category, feature = table.place(*_CATEGORY, "feature"), value
    least, most = table.place(*_LEAST), table.place(*_MOST)
    needed = {"category": category, "feature": feature, "min": least, "max": most}
    missing = [
        table.fault("table.column_missing", heading=name)
        for name, place in needed.items()
        if place is None
    ]
    if category is None or feature is None or least is None or most is None:
        raise BadTable(missing)
    return _Columns(
        category=category,
        feature=feature,
        least=least,
        most=most,
        least_flex=table.place(*_LEAST_FLEX),
        most_flex=table.place(*_MOST_FLEX),
    )


def _quota(table: Table, columns: _Columns, row: Row, faults: list[Fault]) -> Quota | None:
    before = len(faults)
    for place in (columns.category, columns.feature):
        if not row.cell(place):
            heading = table.headings[place]
            faults.append(table.fault("table.blank", row.number, place, heading=heading))
    numbers = [_number(table, row, place, faults) for place in (columns.least, columns.most)]
    flexible = [
        None if place is None or not row.cell(place) else _number(table, row, place, faults)
        for place in (columns.least_flex, columns.most_flex)
    ]
    if len(faults) > before:
        return None
    least, most = (number or 0 for number in numbers)
    low, high = flexible
    faults += _narrow(table, columns, row, (least, most), (low, high))
    if len(faults) > before:
        return None
    return Quota(
        category=row.cell(columns.category),
        feature=row.cell(columns.feature),
        least=least,
        most=most,
        least_flex=low or 0,
        most_flex=high,
    )


def _number(table: Table, row: Row, place: int, faults: list[Fault]) -> int | None:
    text = row.cell(place)
    whole = _WHOLE.fullmatch(text)
    if whole:
        return int(whole[1])
    heading = table.headings[place]
    faults.append(table.fault("table.no_number", row.number, place, heading=heading, found=text))
    return None


def _narrow(
    table: Table,
    columns: _Columns,
    row: Row,
    limits: tuple[int, int],
    flexible: tuple[int | None, int | None],
) -> Iterator[Fault]:
    (least, most), (low, high) = limits, flexible
    if least > most:
        yield table.fault("table.upside_down", row.number, columns.least, least=least, most=most)
    if low is not None and low > least:
        place = columns.least_flex or 0
        yield table.fault("table.flex_narrow", row.number, place, flex=low, limit=least)
    if high is not None and high < most:
        place = columns.most_flex or 0
        yield table.fault("table.flex_narrow", row.number, place, flex=high, limit=most)


def _repeated(table: Table, columns: _Columns) -> Iterator[Fault]:
    seen: Counter[tuple[str, str]] = Counter()
    for row in table.rows:
        category, feature = row.cell(columns.category), row.cell(columns.feature)
        seen[plain(category), plain(feature)] += 1
        if seen[plain(category), plain(feature)] > 1:
            yield table.fault(
                "table.repeated", row.number, columns.feature, category=category, feature=feature
            )


def _named_alike(quotas: list[Quota]) -> Iterator[Quota]:
    """Write each category as it was written first, so that case makes no second one."""
    names: dict[str, str] = {}
    for quota in quotas:
        name = names.setdefault(plain(quota.category), quota.category)
        yield replace(quota, category=name)
