"""Money limits that compose with every rule: per project, per area or subject, nested ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from partizipation_core.counting.reasons import Reason
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from partizipation_core.counting.constraints import Candidate
    from partizipation_core.counting.election import Project

__all__ = ["Budgets", "Cap", "Laminar", "groups_of"]


def groups_of(project: Project, by: str) -> tuple[str, ...]:
    """Return the groups that a project belongs to.

    Args:
        project: the project.
        by: ``category``, ``target`` or another column of the projects, such as ``district``.
    """
    if by == "category":
        return project.categories
    if by in {"target", "beneficiaries"}:
        return project.targets
    named = project.meta.get(by, "").strip()
    return (named,) if named else ()


@dataclass(frozen=True, slots=True)
class Cap:
    """No project costs more than this (Höchstbetrag je Projekt).

    Args:
        most: the limit, in minor units.
    """

    most: int

    def objection(self, candidate: Candidate, funded: Sequence[Candidate]) -> Reason | None:  # noqa: ARG002 - the protocol's signature
        """Return ``above_cap`` where that is so."""
        cost = candidate.project.cost
        if cost <= self.most:
            return None
        return Reason("fate.above_cap", {"cost": cost, "cap": self.most})

    def to_data(self) -> dict[str, object]:
        """Return the condition as plain data."""
        return {"cap": self.most}


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """All funded projects of a group together cost no more than its share (Teilbudget).

    A project of several groups needs room in each. It is an upper bound, not money of its own;
    money set aside for a group is what `Pots` are for.

    Args:
        by: ``category``, ``target`` or another column of the projects, such as ``district``.
        amounts: the limit of each group, in minor units.
        otherwise: the limit of every other group, None for none.
    """

    by: str
    amounts: Mapping[str, int]
    otherwise: int | None = None

    def objection(self, candidate: Candidate, funded: Sequence[Candidate]) -> Reason | None:
        """Return ``pot_used_up`` if a group of the candidate has too little left."""
        for group in groups_of(candidate.project, self.by):
            limit = self.amounts.get(group, self.otherwise)
            if limit is not None:
                spent = sum(
                    other.project.cost
                    for other in funded
                    if group in groups_of(other.project, self.by)
                )
                if reason := _over(group, candidate.project.cost, limit - spent):
                    return reason
        return None

    def to_data(self) -> dict[str, object]:
        """Return the condition as plain data."""
        amounts = dict(self.amounts)
        return {"budgets": {"by": self.by, "amounts": amounts, "otherwise": self.otherwise}}


@dataclass(frozen=True, slots=True)
class Laminar:
    """Limits for sets of projects that are nested or apart (city, district, quarter).

    Args:
        limits: name of each set, its project ids and its limit in minor units.

    Raises:
        InputError: two sets overlap without one containing the other.
    """

    limits: Mapping[str, tuple[Collection[str], int]]

    def __post_init__(self) -> None:
        sets = {name: frozenset(ids) for name, (ids, _) in self.limits.items()}
        for one, other in combinations(sets, 2):
            common = sets[one] & sets[other]
            if common and common not in (sets[one], sets[other]):
                raise InputError(f"the limits {one} and {other} overlap and are not nested")

    def objection(self, candidate: Candidate, funded: Sequence[Candidate]) -> Reason | None:
        """Return ``pot_used_up`` if a set of the candidate has too little left."""
        for name, (ids, limit) in self.limits.items():
            if candidate.project.id in ids:
                spent = sum(other.project.cost for other in funded if other.project.id in ids)
                if reason := _over(name, candidate.project.cost, limit - spent):
                    return reason
        return None

    def to_data(self) -> dict[str, object]:
        """Return the condition as plain data."""
        return {"laminar": dict(self._plain())}

    def _plain(self) -> Iterator[tuple[str, object]]:
        for name, (ids, limit) in self.limits.items():
            yield name, {"projects": sorted(ids), "limit": limit}


def _over(pot: str, cost: int, rest: int) -> Reason | None:
    if cost <= rest:
        return None
    params: dict[str, int | str] = {"pot": pot, "cost": cost, "rest": rest, "missing": cost - rest}
    return Reason("fate.pot_used_up", params)
