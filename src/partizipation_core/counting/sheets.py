"""Elections from tables, as a town hall keeps them: one of the projects, one of the ballots.

The columns are documented in the reference; `TEMPLATES` holds an example of each table. What is
damaged is refused with table, line and column.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from partizipation_core.counting.ballots import BallotType, Choices
from partizipation_core.counting.election import Election, Project
from partizipation_core.errors import InputError

__all__ = ["TEMPLATES", "Sheet", "election_of", "parse_csv"]

TEMPLATES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "projects": (
        ("project_id", "cost", "name", "category", "exclusive_group"),
        ("1", "12500.00", "Trinkbrunnen am Markt", "Umwelt", ""),
        ("2", "8000.00", "Bänke im Stadtpark", "Umwelt", "Stadtpark"),
        ("3", "15000.00", "Spielgeräte im Stadtpark", "Familie", "Stadtpark"),
    ),
    "ballots": (
        ("voter_id", "1", "2", "3"),
        ("A-0001", "1", "", "1"),
        ("A-0002", "", "1", ""),
        ("A-0003", "1", "1", ""),
    ),
    "settings": (
        ("key", "value"),
        ("budget", "25000.00"),
        ("vote_type", "approval"),
        ("currency", "EUR"),
        ("rule", "greedy"),
    ),
}
"""An example of each table; the names of the tables are those of the sheets of a workbook."""

_MONEY = re.compile(r"([0-9]{1,15})(?:[.,]([0-9]{1,2}))?")
_MARKS = {"x": 1, "ja": 1, "nein": -1, "": 0}
_WHOLE = re.compile(r"-?[0-9]{1,9}(?:[.]0)?")
_CENTS = 100


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text, its first row the names of the columns.

    Args:
        name: how messages call it.
        rows: its rows; short ones are filled up with empty cells.
    """

    name: str
    rows: Sequence[Sequence[str]]

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        if not self.rows:
            raise InputError("the table is empty", source=self.name, line=1, column=1)
        return [cell.strip() for cell in self.rows[0]]

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield each row that is not empty with its line, from 2.

        Raises:
            InputError: a row is longer than the header, or a column name occurs twice.
        """
        names = self.header
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            self.refuse(1, names.index(twice) + 1, f"the column {twice!r} occurs twice")
        for line, cells in enumerate(self.rows[1:], start=2):
            if any(cell.strip() for cell in cells):
                if len(cells) > len(names):
                    self.refuse(line, len(names) + 1, "there are more cells than columns")
                padded = [*cells, *[""] * (len(names) - len(cells))]
                yield line, dict(zip(names, map(str.strip, padded), strict=True))

    def need(self, *names: str) -> None:
        """Refuse a table that lacks a column.

        Args:
            names: the columns.
        """
        for name in names:
            if name not in self.header:
                self.refuse(1, 1, f"the column {name!r} is missing")

    def refuse(self, line: int, column: int | str, message: str) -> NoReturn:
        """Refuse a cell.

        Args:
            line: its line, from 1.
            column: its column, from 1 or by name.
            message: what is wrong.
        """
        at = self.header.index(column) + 1 if isinstance(column, str) else column
        raise InputError(message, source=self.name, line=line, column=at)


def parse_csv(text: str, name: str) -> Sheet:
    """Return a CSV text as a table; the header tells whether ``;``, ``,`` or a tab divides it.

    Args:
        text: the content, with or without a byte order mark.
        name: name of the file, for messages.

    Raises:
        InputError: it cannot be read as CSV.
    """
    text = text.removeprefix("\ufeff")
    header = text.partition("\n")[0]
    delimiter = max(";,\t", key=header.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError(str(error), source=name, line=1, column=1) from None
    return Sheet(name, rows)


def election_of(projects: Sheet, ballots: Sheet, settings: Mapping[str, str]) -> Election:
    """Return the election that two tables and some settings describe.

    Args:
        projects: ``project_id``, ``cost``, and as wanted ``name``, ``category``,
            ``exclusive_group``, ``withdrawn`` and further columns.
        ballots: ``voter_id`` and one column for each project; an empty cell or 0 is no support,
            ``x`` or 1 support, other whole numbers are points, or ranks in ordinal votes.
        settings: ``budget`` and as wanted ``vote_type`` (else approval), ``currency``, ``rule``
            and other keys that a ``.pb`` file may have in META. Amounts are in units of the
            currency with up to two decimals.

    Raises:
        InputError: a table is damaged or a setting is missing.
    """
    meta = {key: value for key, value in settings.items() if key not in {"budget", "vote_type"}}
    kind = settings.get("vote_type") or "approval"
    if kind not in set(BallotType) - {BallotType.TOTALS}:
        raise InputError(f"vote type {kind!r} is not known")
    listed = list(_projects(projects))
    cast = list(_ballots(ballots, [p.id for p in listed], BallotType(kind)))
    try:
        return Election.from_ballots(
            projects=listed,
            budget=_money(settings.get("budget", "")),
            ballots=[choices for _, choices in cast],
            ballot_type=kind,
            voter_ids=[voter for voter, _ in cast],
            unit=_CENTS,
            meta=meta,
        )
    except InputError as error:
        raise InputError(error.message, source=ballots.name) from None


def _money(text: str) -> int:
    found = _MONEY.fullmatch(text.strip().replace("\u00a0", ""))
    if not found:
        raise InputError(f"amount {text!r} is not a number such as 12500 or 12500.00")
    return int(found[1]) * _CENTS + int((found[2] or "0").ljust(2, "0"))


def _projects(sheet: Sheet) -> Iterator[Project]:
    sheet.need("project_id", "cost")
    known = {"project_id", "cost", "name", "category", "beneficiaries", "exclusive_group"}
    for line, row in sheet.records():
        try:
            yield Project(
                id=row["project_id"],
                cost=_money(row["cost"]),
                name=row.get("name", ""),
                categories=_listed(row.get("category", "")),
                targets=_listed(row.get("beneficiaries", "")),
                exclusive=row.get("exclusive_group", ""),
                withdrawn=row.get("withdrawn", "") in {"1", "x"},
                meta={k: v for k, v in row.items() if k not in {*known, "withdrawn", "target"}},
            )
        except InputError as error:
            column = "cost" if error.message.startswith("amount") else "project_id"
            sheet.refuse(line, column, error.message)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _ballots(
    sheet: Sheet, projects: Sequence[str], kind: BallotType
) -> Iterator[tuple[str, Choices]]:
    sheet.need("voter_id", *projects)
    if unknown := [name for name in sheet.header if name not in {"voter_id", *projects}]:
        sheet.refuse(1, unknown[0], f"the column {unknown[0]!r} is no project")
    seen: set[str] = set()
    for line, row in sheet.records():
        voter = row.pop("voter_id")
        if not voter or voter in seen:
            sheet.refuse(line, "voter_id", "the voter has no id of its own")
        seen.add(voter)
        given = {id_: _points(sheet, line, id_, cell) for id_, cell in row.items()}
        yield voter, _choices(sheet, line, given, kind)


def _points(sheet: Sheet, line: int, project: str, cell: str) -> int:
    text = cell.strip().lower()
    if text in _MARKS:
        return _MARKS[text]
    if not _WHOLE.fullmatch(text):
        sheet.refuse(line, project, f"{cell!r} is neither a mark nor a whole number")
    return int(text.removesuffix(".0"))


def _choices(sheet: Sheet, line: int, given: Mapping[str, int], kind: BallotType) -> Choices:
    marked = {project: points for project, points in given.items() if points}
    for project, points in marked.items():
        if not kind.pointed and points != 1:
            sheet.refuse(line, project, f"{points} is no mark; this vote knows support only")
        if kind.pointed and kind is not BallotType.ORDINAL and not kind.allows(points):
            sheet.refuse(line, project, f"{points} points are not possible in {kind} votes")
    if kind is BallotType.ORDINAL:
        if sorted(marked.values()) != list(range(1, len(marked) + 1)):
            sheet.refuse(line, 1, "the ranks are not 1, 2, 3 and so on")
        return sorted(marked, key=marked.__getitem__)
    return marked if kind.pointed else list(marked)
