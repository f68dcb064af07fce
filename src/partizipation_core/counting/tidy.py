"""Tidy tables of results: one row an observation, every column one thing, for any statistics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from partizipation_core.counting.election import Election
    from partizipation_core.counting.result import Result

__all__ = ["Row", "comparison", "rounds", "satisfaction", "summary"]

Row: TypeAlias = dict[str, int | float | str]


def rounds(result: Result) -> list[Row]:
    """Return one row for each round of a rule in which voters pay; fractions as text.

    Args:
        result: the result.
    """
    return [
        {
            "round": number,
            "project": round_.project,
            "cost": round_.cost,
            "price": str(round_.price),
            "rate": str(round_.rate),
            "effective_votes": str(round_.effective),
            "payers": round_.payers,
            "spent_up": round_.spent_up,
        }
        for number, round_ in enumerate(result.rounds, start=1)
    ]


def satisfaction(election: Election, results: Mapping[str, Result]) -> list[Row]:
    """Return one row for each group of equal ballots and rule: how much of it is funded.

    Args:
        election: what was voted, ballot by ballot.
        results: results by the name of their rule.
    """
    election.require("ballots", "satisfaction")
    return list(_served(election, results))


def _served(election: Election, results: Mapping[str, Result]) -> Iterator[Row]:
    costs = [project.cost for project in election.projects]
    for name, result in results.items():
        funded = {n for n, p in enumerate(election.projects) if p.id in set(result.funded)}
        for number, ballot in enumerate(election.ballots):
            liked = {project for project, points in ballot if points > 0}
            yield {
                "rule": name,
                "ballot": number,
                "voters": ballot.weight,
                "liked": len(liked),
                "funded": len(liked & funded),
                "cost_funded": sum(costs[project] for project in liked & funded),
            }


def summary(election: Election, result: Result) -> Row:
    """Return one row about a result: what is funded, what is left, who is left with nothing.

    Args:
        election: what was voted.
        result: the result.
    """
    funded = {n for n, p in enumerate(election.projects) if p.id in set(result.funded)}
    served = sum(b.weight for b in election.ballots if _has(b, funded))
    voters = sum(b.weight for b in election.ballots)
    votes = sum(result.fates[id_].votes for id_ in result.funded)
    spent = result.budget - result.rest
    return {
        "projects": len(election.projects),
        "voters": voters,
        "budget": result.budget,
        "funded": len(result.funded),
        "spent": spent,
        "spent_percent": round(100 * spent / result.budget, 2) if result.budget else 0,
        "votes_funded": votes,
        "voters_with_a_funded_project": served,
        "without_percent": round(100 * (voters - served) / voters, 2) if voters else 0,
        "ties_that_mattered": sum(tie.mattered for tie in result.ties),
    }


def _has(ballot: Iterable[tuple[int, int]], funded: set[int]) -> bool:
    return any(project in funded and points > 0 for project, points in ballot)


def comparison(election: Election, results: Mapping[str, Result]) -> list[Row]:
    """Return one row for each rule, compared with the first one.

    Args:
        election: what was voted.
        results: results by the name of their rule.
    """
    first = set(next(iter(results.values())).funded) if results else set()
    return [
        {
            "rule": name,
            **summary(election, result),
            "also": len(first & set(result.funded)),
            "instead": len(set(result.funded) - first),
        }
        for name, result in results.items()
    ]
