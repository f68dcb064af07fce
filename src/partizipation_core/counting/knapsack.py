"""The knapsack optimum (Rucksackoptimum): the affordable set with the most votes, proven.

Sets are built project by project, the most votes per cost first. Of two sets the worse one, that
costs as much and has fewer votes, is dropped, and so is every set that could not catch up with
the best known one even if the rest of the money bought votes at the best price. What is left at
the end is the optimum, not a guess. All numbers are whole.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import merge
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from partizipation_core.counting.constraints import Candidate, Constraint, Standing
from partizipation_core.counting.fates import (
    MISSED,
    by_rank,
    candidates_of,
    fate_of,
    result_of,
    turns,
)
from partizipation_core.counting.margins import least_enough
from partizipation_core.counting.reasons import Reason
from partizipation_core.counting.result import Margin, Tie
from partizipation_core.counting.scores import Score
from partizipation_core.counting.ties import Ties, UndecidedTie, natural
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from partizipation_core.counting.election import Election
    from partizipation_core.counting.result import Result

__all__ = ["Knapsack"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knapsack:
    """Fund the affordable set whose projects have the most votes or points together.

    Among sets with equally many, the one with the best ranked projects is taken: by score, then
    by the ties.

    Args:
        score: ``votes``, ``points`` or another whole number.
        ties: the order among projects of equal score.
        margins: tell for each rejected project how much more support was missing; every one of
            them needs an optimum of its own.
    """

    name: ClassVar[str] = "knapsack"
    version: ClassVar[int] = 1
    needs: ClassVar[str] = "totals"

    score: Score | str = Score.VOTES
    ties: Ties = field(default_factory=Ties)
    margins: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "score", Score(self.score))
        if self.score is Score.VOTES_PER_COST:
            raise InputError("a knapsack optimum of votes per cost makes no sense")

    @property
    def parameters(self) -> dict[str, object]:
        """The settings as plain data."""
        return {"score": str(self.score), "ties": self.ties.to_data()}

    def __call__(self, election: Election, constraints: Sequence[Constraint] = ()) -> Result:
        """Apply the rule.

        Args:
            election: what was voted.
            constraints: what may not be funded.

        Raises:
            UndecidedTie: several sets are best and the tie order does not choose among them.
        """
        election.require(self.needs, self.name)
        candidates = candidates_of(election, Score(self.score))
        asked = (Standing(), *constraints)
        barred = {c.project.id: r for c in candidates if (r := _objection(asked, c, ()))}
        able = [c for c in candidates if c.project.id not in barred and int(c.value) > 0]
        chosen, ties = self._chosen(able, election.budget, tuple(constraints))
        total = sum(int(candidate.value) for candidate in chosen)
        ids = {candidate.project.id for candidate in chosen}
        rest, fates = election.budget, []
        for candidate in (c for c in by_rank(candidates) if c.project.id in ids):
            params = {"cost": candidate.project.cost, "total": total}
            fates.append(fate_of(candidate, rest, Reason("fate.in_optimum", params)))
            rest -= candidate.project.cost
        for candidate in (c for c in by_rank(candidates) if c.project.id not in ids):
            reason = barred.get(candidate.project.id) or _objection(asked, candidate, chosen)
            told = reason or Reason("fate.not_in_optimum", {"total": total})
            margin = MISSED
            if self.margins:
                margin = self._margin(candidate, candidates, chosen, election.budget, constraints)
            fates.append(fate_of(candidate, rest, told, margin))
        return result_of(self, election, constraints, turns(fates, candidates), ties=ties)

    def _chosen(
        self, able: Sequence[Candidate], budget: int, constraints: tuple[Constraint, ...]
    ) -> tuple[list[Candidate], tuple[Tie, ...]]:
        def best(order: list[Candidate]) -> list[Candidate]:
            return _optimum(order, budget, constraints)

        def key(candidate: Candidate) -> tuple[object, ...]:
            return (-candidate.value, self.ties.key(candidate))

        named = sorted(able, key=lambda c: natural(c.project.id))
        chosen = best(sorted(named, key=key))
        backwards = list(reversed(named))
        other = best(sorted(backwards, key=key))
        if differing := _differing(chosen, other):
            raise UndecidedTie(differing)
        last = best(sorted(named, key=key)[::-1])
        if not (differing := _differing(chosen, last)):
            return chosen, ()
        total = sum(int(candidate.value) for candidate in chosen)
        tie = Tie(members=tuple(differing), score=total, decided_by=self.ties.names, mattered=True)
        return chosen, (tie,)

    def _margin(
        self,
        candidate: Candidate,
        candidates: Sequence[Candidate],
        chosen: Sequence[Candidate],
        budget: int,
        constraints: Sequence[Constraint],
    ) -> Margin:
        """Say how much more would have put a project into the optimum.

        The best set with it must have as much as the best one; whether as much is enough, the
        order among equals says.
        """
        asked = (Standing(), *constraints)
        if candidate.project.withdrawn:
            return Margin(missing=None, reason=Reason("margin.withdrawn"))
        least = least_enough(
            lambda more: (
                _objection(asked, candidate.plus(more) if more else candidate, ()) is None
                and int(candidate.plus(more).value) > 0
            )
        )
        if least is None:
            return Margin(missing=None, reason=Reason("margin.excluded"))
        if candidate.project.cost > budget:
            params = {"cost": candidate.project.cost, "budget": budget}
            return Margin(missing=None, reason=Reason("margin.exceeds_budget", params))
        others = [
            c
            for c in candidates
            if c is not candidate and not _objection(asked, c, ()) and int(c.value) > 0
        ]
        beside = _Beside(candidate, tuple(constraints))
        best = _optimum(others, budget - candidate.project.cost, (beside,))
        lacking = _total(chosen) - _total([*best, candidate])
        missing = max(lacking, least, 1)
        if not self._contains(candidate.plus(missing), others, budget, constraints):
            missing += 1
        return Margin(
            missing=missing,
            reason=Reason(f"margin.{Score(self.score).unit}", {"missing": missing}),
        )

    def _contains(
        self,
        candidate: Candidate,
        others: Sequence[Candidate],
        budget: int,
        constraints: Sequence[Constraint],
    ) -> bool:
        try:
            chosen, _ = self._chosen([*others, candidate], budget, tuple(constraints))
        except UndecidedTie:
            return False
        return candidate in chosen


@dataclass(frozen=True, slots=True)
class _Beside:
    """Asks conditions as if a project were funded already."""

    project: Candidate
    constraints: tuple[Constraint, ...]

    def objection(self, candidate: Candidate, funded: Sequence[Candidate]) -> Reason | None:
        return _objection(self.constraints, candidate, (self.project, *funded))

    def to_data(self) -> dict[str, object]:
        return {}


def _total(chosen: Sequence[Candidate]) -> int:
    return sum(int(candidate.value) for candidate in chosen)


def _differing(one: Sequence[Candidate], other: Sequence[Candidate]) -> list[str]:
    first, second = ({c.project.id for c in side} for side in (one, other))
    return sorted(first ^ second, key=natural)


def _objection(
    constraints: Sequence[Constraint], candidate: Candidate, funded: Sequence[Candidate]
) -> Reason | None:
    return next((r for c in constraints if (r := c.objection(candidate, funded))), None)


@dataclass(frozen=True, slots=True)
class _Item:
    """A project with its value, the preferences among equal sets included."""

    candidate: Candidate
    cost: int
    value: int


def _optimum(
    order: Sequence[Candidate], budget: int, constraints: tuple[Constraint, ...]
) -> list[Candidate]:
    """Return the best set; of equally good ones that with the first of `order`, and so on.

    The preference is written into the value: the score in the high bits, one bit for each project
    below them. So there is exactly one best set.
    """
    count = len(order)
    items = [
        _Item(c, c.project.cost, (int(c.value) << count) + (1 << (count - place)))
        for place, c in enumerate(order, start=1)
        if c.project.cost <= budget
    ]
    items.sort(key=lambda item: (not item.cost, Fraction(item.value, item.cost or 1)))
    search = _Search(items[::-1], budget)
    link = search.constrained(constraints) if constraints else search.best()
    return [items[::-1][place].candidate for place in _unrolled(link)]


_Link: TypeAlias = tuple["_Link", int] | None
_State: TypeAlias = tuple[int, int, _Link]


def _unrolled(link: _Link) -> Iterator[int]:
    while link:
        link, place = link
        yield place


class _Search:
    """A search among sets of items, the best value for money first."""

    def __init__(self, items: Sequence[_Item], budget: int) -> None:
        self._items, self._budget = items, budget
        self._costs = [0, *accumulate(item.cost for item in items)]
        self._values = [0, *accumulate(item.value for item in items)]

    def best(self) -> _Link:
        """Return the best set."""
        states: list[_State] = [(0, 0, None)]
        floor = 0
        for place, item in enumerate(self._items):
            room = self._budget - item.cost
            more: list[_State] = [
                (cost + item.cost, value + item.value, (link, place))
                for cost, value, link in states
                if cost <= room
            ]
            states, floor = self._pruned(_undominated(states, more), place + 1, floor)
        return max(states, key=itemgetter(1))[2]

    def constrained(self, constraints: tuple[Constraint, ...]) -> _Link:
        """Return the best set that the constraints allow.

        They may only become stricter as more is funded, so a set that they refuse never becomes
        allowed again.
        """
        top = -1
        found: _Link = None
        stack: list[tuple[int, int, int, _Link]] = [(0, 0, 0, None)]
        while stack:
            place, cost, value, link = stack.pop()
            if value > top:
                top, found = value, link
            if place == len(self._items) or self._bounds(place, cost, value)[1] <= top:
                continue
            stack.append((place + 1, cost, value, link))
            item = self._items[place]
            if cost + item.cost <= self._budget:
                funded = [self._items[number].candidate for number in _unrolled(link)]
                if _objection(constraints, item.candidate, funded) is None:
                    more = (place + 1, cost + item.cost, value + item.value, (link, place))
                    stack.append(more)
        return found

    def _pruned(self, states: list[_State], place: int, floor: int) -> tuple[list[_State], int]:
        """Leave out what cannot catch up with the best set that is within reach."""
        bounds = [self._bounds(place, cost, value) for cost, value, _ in states]
        floor = max(floor, *(low for low, _ in bounds))
        pairs = zip(states, bounds, strict=True)
        return [state for state, (_, high) in pairs if high >= floor], floor

    def _bounds(self, place: int, cost: int, value: int) -> tuple[int, int]:
        """Return what a set reaches with the next whole items, and what it cannot exceed."""
        money = self._costs[place] + self._budget - cost
        last = bisect_right(self._costs, money, lo=place) - 1
        low = value + self._values[last] - self._values[place]
        if last == len(self._items):
            return low, low
        item = self._items[last]
        return low, low + (money - self._costs[last]) * item.value // item.cost


def _undominated(one: list[_State], other: list[_State]) -> list[_State]:
    """Merge sets sorted by cost; keep those with more value than all cheaper ones."""
    kept: list[_State] = []
    for state in merge(one, other, key=itemgetter(0)):
        if not kept or state[1] > kept[-1][1]:
            if kept and kept[-1][0] == state[0]:
                kept.pop()
            kept.append(state)
    return kept
