"""The PROJECTS section: rows to projects, money to whole minor units."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from partizipation_core.counting.ballots import BallotType
from partizipation_core.counting.election import PROJECT_COLUMNS, WITHDRAWN, Project
from partizipation_core.counting.pb.sections import items
from partizipation_core.counting.tally import Tally
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection

    from partizipation_core.counting.pb.records import Record
    from partizipation_core.counting.pb.sections import Section

__all__ = ["Amount", "amount", "read_projects", "read_totals", "required"]

Amount: TypeAlias = tuple[str, str]
_MONEY = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,18}))?")
_COUNT = re.compile(r"-?[0-9]{1,18}")
_TOTALS = ("votes", "score", "contra")


def required(ballot_type: BallotType) -> tuple[str, ...]:
    """Return the columns that PROJECTS must have.

    Args:
        ballot_type: what voters could write.
    """
    return ("project_id", "cost", *(_TOTALS if ballot_type is BallotType.TOTALS else ()))


def amount(section: Section, row: Record, cell: int) -> Amount:
    """Return the digits of an amount before and after the point.

    Args:
        section: where it stands.
        row: its row.
        cell: its cell.

    Raises:
        InputError: it is negative or not a number with at most one point.
    """
    text = row.cells[cell].strip()
    found = _MONEY.fullmatch(text)
    if not found:
        negative = _MONEY.fullmatch(text.removeprefix("-"))
        problem = "negative" if negative else "not a number such as 12500 or 12500.00"
        section.refuse(row, cell, f"amount {text!r} is {problem}")
    return found[1], found[2] or ""


def _minor(value: Amount, decimals: int) -> int:
    return int(value[0] + value[1].ljust(decimals, "0"))


def read_projects(
    section: Section, budget: Amount, ballot_type: BallotType
) -> tuple[tuple[Project, ...], int, int]:
    """Return projects, budget and unit, all money in the unit that makes it whole.

    Args:
        section: the PROJECTS section.
        budget: the budget as META states it.
        ballot_type: what voters could write.

    Raises:
        InputError: there is no project, two have one id, or a cost is no amount.
    """
    if not section.rows:
        message = "section PROJECTS names no project"
        raise InputError(message, source=section.source, line=section.line, column=1)
    cell = section.at("cost")
    costs = [amount(section, row, cell) for row in section.rows]
    decimals = max(len(decimal) for _, decimal in [budget, *costs])
    ids = section.unique(section.at("project_id"), "project")
    taken = {*PROJECT_COLUMNS, *(_TOTALS if ballot_type is BallotType.TOTALS else ())}
    reader = _Projects(section, decimals, taken)
    projects = map(reader.project, ids, section.rows, costs)
    return tuple(projects), _minor(budget, decimals), 10**decimals


def read_totals(section: Section) -> tuple[Tally, ...]:
    """Return the totals that the columns votes, score and contra state.

    Args:
        section: the PROJECTS section of a file with totals only.

    Raises:
        InputError: one of them is not a whole number.
    """
    return tuple(_total(section, row) for row in section.rows)


def _total(section: Section, row: Record) -> Tally:
    numbers = []
    for cell in map(section.at, _TOTALS):
        text = row.cells[cell].strip()
        if not _COUNT.fullmatch(text):
            section.refuse(row, cell, f"total {text!r} is not a whole number")
        numbers.append(int(text))
    votes, points, contra = numbers
    return Tally(votes=votes, points=points, contra=contra)


class _Projects:
    def __init__(self, section: Section, decimals: int, taken: Collection[str]) -> None:
        self._section, self._decimals = section, decimals
        named = enumerate(section.header)
        self._rest = [(cell, name) for cell, name in named if name not in taken]

    def project(self, id_: str, row: Record, cost: Amount) -> Project:
        try:
            return Project(
                id=id_,
                cost=_minor(cost, self._decimals),
                name=self._text(row, "name"),
                categories=self._list(row, "category"),
                targets=self._list(row, "beneficiaries") or self._list(row, "target"),
                exclusive=self._text(row, "exclusive_group").strip(),
                withdrawn=int(cost[0]) == WITHDRAWN or self._text(row, "withdrawn").strip() == "1",
                meta={name: row.cells[cell] for cell, name in self._rest},
            )
        except InputError as error:
            self._section.refuse(row, self._section.at("project_id"), error.message)

    def _text(self, row: Record, column: str) -> str:
        cell = self._section.at(column)
        return row.cells[cell] if cell >= 0 else ""

    def _list(self, row: Record, column: str) -> tuple[str, ...]:
        return tuple(text for _, text in items(self._text(row, column)) if text)
