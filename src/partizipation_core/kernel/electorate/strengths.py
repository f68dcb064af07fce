"""Strengths: how sure it was who voted, told without telling it of anybody."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from partizipation_core.freezing import as_mapping
from partizipation_core.identity import Strength

__all__ = ["LEAST_CELL", "StrengthReport", "strength_report"]

LEAST_CELL = 5
"""Fewest people of whom a number may tell anything (small cells are suppressed)."""


@frozen(kw_only=True)
class StrengthReport:
    """How strongly the voters of a vote were recognised.

    Args:
        people: how many voted.
        cells: strength → how many, the weakest first; None where the number would tell too much,
            and none at all where fewer people voted than a cell must hold.
        least: the number below which a cell is not told.
    """

    people: int
    cells: Mapping[Strength, int | None] = field(converter=as_mapping)
    least: int = LEAST_CELL


def strength_report(counts: Mapping[str, int], least: int = LEAST_CELL) -> StrengthReport:
    """Count voters by strength, and leave out what would tell of few people.

    The sum of all is public. Where it would give away what is left out, because that adds up to
    few people, the next smallest is left out as well.

    Args:
        counts: strength → number of people.
        least: cells below this number are suppressed.
    """
    found = {one: counts[one] for one in Strength if counts.get(one)}
    people = sum(found.values())
    if people < least:
        return StrengthReport(people=people, cells={}, least=least)
    ordered = sorted(found, key=lambda one: (found[one], one.rank))
    hidden = [one for one in ordered if found[one] < least]
    while hidden and len(hidden) < len(ordered) and sum(found[one] for one in hidden) < least:
        hidden.append(ordered[len(hidden)])
    cells = {one: None if one in hidden else number for one, number in found.items()}
    return StrengthReport(people=people, cells=cells, least=least)
