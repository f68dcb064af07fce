"""Properties of an outcome as functions: exhaustive, priceable, EJR up to one project."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from partizipation_core.counting.constraints import Constraint, Standing
from partizipation_core.counting.fates import candidates_of
from partizipation_core.counting.scores import Score
from partizipation_core.counting.shares.groups import Groups, grouped
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from partizipation_core.counting.election import Election
    from partizipation_core.counting.result import Result

__all__ = ["Deprived", "ejr_up_to_one", "is_exhaustive", "is_priceable"]


def is_exhaustive(
    election: Election, funded: Collection[str], constraints: Sequence[Constraint] = ()
) -> bool:
    """Return whether no further project with support fits into the money left.

    Args:
        election: what was voted.
        funded: ids of the funded projects.
        constraints: what may not be funded.
    """
    candidates = candidates_of(election, Score.VOTES)
    chosen = [c for c in candidates if c.project.id in funded]
    rest = election.budget - sum(c.project.cost for c in chosen)
    asked = (Standing(), *constraints)
    return not any(
        c.project.cost <= rest and not any(each.objection(c, chosen) for each in asked)
        for c in candidates
        if c.project.id not in funded
    )


def is_priceable(election: Election, result: Result) -> bool:
    """Return whether the payments of a protocol explain its outcome (price system).

    Nobody pays for what they do not support or more than they have, each funded project is paid
    in full, and supporters of a project that is not funded have no more left than it costs.
    Peters, Skowron: Proportionality and the limits of welfarism (2020).

    Args:
        election: what was voted.
        result: an outcome of equal shares without individual endowments.

    Raises:
        InputError: its rule has no payments, or others than of equal shares.
    """
    if result.rule != "equal_shares" or result.parameters.get("endowments"):
        raise InputError("only equal shares with the same money for all tell who pays what")
    if set(result.funded) != {round_.project for round_ in result.rounds}:
        return False
    points = str(result.parameters["utility"]).startswith("score")
    groups = grouped(election, points=points)
    place = {project.id: number for number, project in enumerate(election.projects)}
    extra = sum(int(str(note.params.get("added", 0))) for note in result.notes)
    money = [groups.starts[kind] + extra for kind in groups.kinds]
    for round_ in result.rounds:
        paid = Fraction(0)
        for group, given in _supporters(groups, place[round_.project]):
            share = min(money[group], round_.price * given)
            money[group] -= share
            paid += share * groups.weights[group]
        if paid != round_.cost:
            return False
    return all(
        sum((money[g] * groups.weights[g] for g, _ in _supporters(groups, n)), Fraction(0))
        <= project.cost
        for n, project in enumerate(election.projects)
        if project.id not in result.funded and not project.withdrawn
    )


def _supporters(groups: Groups, project: int) -> Iterator[tuple[int, int]]:
    members = groups.supporters[project]
    return zip(
        members, groups.shares[project] if groups.shares else [1] * len(members), strict=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprived:
    """A group of voters that deserves more than it got.

    Args:
        projects: what all of them support and could pay for from their equal shares.
        voters: how many they are.
    """

    projects: tuple[str, ...]
    voters: int


def ejr_up_to_one(
    election: Election,
    funded: Collection[str],
    *,
    utility: str = "cost",
    limit: int = 1_000_000,
) -> Deprived | None:
    """Return a group that breaks extended justified representation up to one project, if any.

    A group that agrees on some projects and could pay for them from its shares of the budget must
    have a member who is worth at least as much served, or would be with one more of them. Equal
    shares guarantees it. Peters, Pierczyński, Skowron (2021), for approval ballots.

    Args:
        election: what was voted, ballot by ballot.
        funded: ids of the funded projects.
        utility: ``cost`` or ``cardinality``.
        limit: how many sets of projects to look at.

    Raises:
        InputError: there are more sets to look at; the question is hard in general.
    """
    election.require("ballots", "ejr_up_to_one")
    groups = grouped(election)
    search = _Cohesive(election, groups, funded, utility, limit)
    return search.first()


class _Cohesive:
    """Goes through the sets of projects that some large enough group agrees on."""

    def __init__(
        self,
        election: Election,
        groups: Groups,
        funded: Collection[str],
        utility: str,
        limit: int,
    ) -> None:
        projects = election.projects
        self._election, self._groups, self._limit = election, groups, limit
        self._worth = [p.cost if utility == "cost" else 1 for p in projects]
        self._funded = {n for n, p in enumerate(projects) if p.id in funded}
        self._voters = groups.voters
        worth = self._worth
        self._served = [
            sum(worth[n] for n in choices if n in self._funded) for choices in groups.choices
        ]

    def first(self) -> Deprived | None:
        everybody = list(range(len(self._groups.weights)))
        stack: list[tuple[int, tuple[int, ...], list[int]]] = [(0, (), everybody)]
        looked = 0
        while stack:
            start, chosen, agreeing = stack.pop()
            for number in range(start, len(self._election.projects)):
                if self._election.projects[number].withdrawn:
                    continue
                looked += 1
                if looked > self._limit:
                    raise InputError(f"there are more than {self._limit} sets to look at")
                more = (*chosen, number)
                members = [g for g in agreeing if number in self._groups.choices[g]]
                if not self._can_pay(more, members):
                    continue
                if found := self._deprived(more, members):
                    return found
                stack.append((number + 1, more, members))
        return None

    def _can_pay(self, projects: tuple[int, ...], members: list[int]) -> bool:
        weight = sum(self._groups.weights[group] for group in members)
        cost = sum(self._election.projects[number].cost for number in projects)
        return bool(weight) and weight * self._election.budget >= cost * self._voters

    def _deprived(self, projects: tuple[int, ...], members: list[int]) -> Deprived | None:
        deserved = sum(self._worth[number] for number in projects)
        extra = max((self._worth[n] for n in projects if n not in self._funded), default=0)
        poor = [
            g
            for g in members
            if self._served[g] < deserved and self._served[g] + extra <= deserved
        ]
        if not poor or not self._can_pay(projects, poor):
            return None
        ids = tuple(self._election.projects[number].id for number in projects)
        return Deprived(projects=ids, voters=sum(self._groups.weights[group] for group in poor))
