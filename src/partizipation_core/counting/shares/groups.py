"""Voters as rules with payments see them: equal voters as one group, links in both directions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from partizipation_core.counting.ballots import Ballot
    from partizipation_core.counting.election import Election

_Key: TypeAlias = tuple[tuple[int, ...], tuple[int, ...], int]

__all__ = ["Endowments", "Groups", "grouped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endowments:
    """Money of each voter, where it is not the same for all (Stimmbudget).

    Args:
        amounts: for each value of the column what a voter with it receives, in minor units.
        by: column of the voters, ``voter_id`` for single voters.
        otherwise: what all others receive.
    """

    amounts: Mapping[str, int]
    by: str = "voter_id"
    otherwise: int = 0

    def __post_init__(self) -> None:
        if min([self.otherwise, *self.amounts.values()]) < 0:
            raise InputError("an endowment is negative")

    def of(self, election: Election) -> list[int]:
        """Return the money of each voter, in the order of the voters.

        Args:
            election: what was voted.

        Raises:
            InputError: the voters have no such column.
        """
        voters = election.voters
        if self.by != "voter_id" and self.by not in voters.columns:
            raise InputError(f"the voters have no column {self.by!r}")
        column = voters.ids if self.by == "voter_id" else voters.columns[self.by]
        return [self.amounts.get(value.strip(), self.otherwise) for value in column]

    def to_data(self) -> dict[str, object]:
        """Return the endowments as plain data."""
        return {"by": self.by, "amounts": dict(self.amounts), "otherwise": self.otherwise}


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Voters with the same ballot and the same money, as one.

    Args:
        weights: how many voters each group has.
        kinds: for each group which of the `starts` a voter of it has.
        starts: the different amounts that voters start with, in minor units.
        choices: for each group the projects that it supports.
        given: for each group what it gives to each of them, empty if one each.
        supporters: for each project the groups that support it.
        shares: for each project what each of these groups gives it, empty if one each.
    """

    weights: list[int]
    kinds: list[int]
    starts: list[Fraction]
    choices: list[tuple[int, ...]]
    given: list[tuple[int, ...]]
    supporters: list[list[int]]
    shares: list[list[int]]

    @property
    def voters(self) -> int:
        """How many voters there are, each with the weight of its channel."""
        return sum(self.weights)


def grouped(
    election: Election, *, points: bool = False, endowments: Endowments | None = None
) -> Groups:
    """Return the voters of an election in groups; without endowments all have an equal share.

    A project named twice on a ballot is supported once: who pays, pays once.

    Args:
        election: what was voted, ballot by ballot.
        points: keep what a ballot gives to each project; else support is support.
        endowments: money of the voters, where it differs.

    Raises:
        InputError: the endowments are more than the budget.
    """
    starts, cells = _cells(election, endowments)
    distinct: dict[_Key, int] = {}
    for ballot, weight, kind in cells:
        key = (*_support(ballot, points=points), kind)
        distinct[key] = distinct.get(key, 0) + weight
    held = [0] * len(starts)
    for (_, _, kind), weight in distinct.items():
        held[kind] += weight
    if sum(start * weight for start, weight in zip(starts, held, strict=True)) > election.budget:
        raise InputError("the endowments of the voters add up to more than the budget")
    return _linked(distinct, starts, len(election.projects), points=points)


def _cells(
    election: Election, endowments: Endowments | None
) -> tuple[list[Fraction], Iterable[tuple[Ballot, int, int]]]:
    """Return the different starts, and ballots with how many voters have which of them."""
    if endowments is None:
        voters = sum(ballot.weight for ballot in election.ballots)
        start = Fraction(election.budget, voters or 1)
        return [start], [(ballot, ballot.weight, 0) for ballot in election.ballots]
    money = endowments.of(election)
    amounts = sorted(set(money))
    place = {amount: kind for kind, amount in enumerate(amounts)}
    counts: dict[tuple[int, int], int] = {}
    for ballot, amount in zip(election.voters.ballots, money, strict=True):
        counts[ballot, place[amount]] = counts.get((ballot, place[amount]), 0) + 1
    return [Fraction(amount) for amount in amounts], [
        (election.ballots[ballot], count, kind) for (ballot, kind), count in counts.items()
    ]


def _support(ballot: Ballot, *, points: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if not points and not ballot.points:
        named, once = ballot.choices, set(ballot.choices)
        return (named if len(once) == len(named) else tuple(sorted(once))), ()
    support: dict[int, int] = {}
    for project, given in ballot:
        if given > 0:
            support[project] = max(support.get(project, 0), given)
    chosen = tuple(sorted(support))
    return chosen, tuple(support[project] for project in chosen) if points else ()


def _linked(
    distinct: Mapping[_Key, int], starts: list[Fraction], projects: int, *, points: bool
) -> Groups:
    supporters: list[list[int]] = [[] for _ in range(projects)]
    shares: list[list[int]] = [[] for _ in range(projects)]
    for group, (choices, given, _) in enumerate(distinct):
        for project in choices:
            supporters[project].append(group)
        if given:
            for project, share in zip(choices, given, strict=True):
                shares[project].append(share)
    return Groups(
        weights=list(distinct.values()),
        kinds=[kind for _, _, kind in distinct],
        starts=starts,
        choices=[choices for choices, _, _ in distinct],
        given=[given for _, given, _ in distinct] if points else [],
        supporters=supporters,
        shares=shares if points else [],
    )
