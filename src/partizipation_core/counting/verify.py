"""Check a finished result against its own protocol, exactly and in another way than it was made.

For rules in which voters pay, every round is paid again exactly: the price must be met, no other
project may have been cheaper, and at the end nothing may be left that could still be bought. An
award by rank is gone down once more. All other results are counted again with the rule that they
name; so is everything if a rule is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from partizipation_core.counting.constraints import Candidate, Constraint, Standing
from partizipation_core.counting.fates import candidates_of
from partizipation_core.counting.reasons import Reason
from partizipation_core.counting.rebuilding import rule_named
from partizipation_core.counting.replays import earnings, purchases, ranking
from partizipation_core.counting.scores import Score
from partizipation_core.counting.shares.groups import Endowments, grouped
from partizipation_core.counting.shares.rule import Utility
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from partizipation_core.counting.election import Election
    from partizipation_core.counting.pots import Countable
    from partizipation_core.counting.result import Result
    from partizipation_core.counting.rounds import Round

__all__ = ["verify"]


def verify(
    result: Result,
    election: Election,
    constraints: Sequence[Constraint] = (),
    rule: Countable | None = None,
) -> tuple[Reason, ...]:
    """Return what is wrong with a result; nothing if it follows from the election.

    Args:
        result: what is to be checked.
        election: what was voted.
        constraints: the conditions that the result names.
        rule: count again with it, too, and compare; needed for rules of others, which are
            checked no further than their sums without it.
    """
    found = list(_frame(result, election, constraints))
    if found:
        return tuple(found)
    replay = _REPLAYS.get(result.rule)
    if replay is not None:
        found += replay(result, election, constraints)
    if rule is None and (replay is None or _filled(result)):
        rule = _rule(result)
    if rule is not None:
        found += _recounted(result, rule(election, constraints))
    return tuple(found)


_Replay: TypeAlias = Callable[["Result", "Election", Sequence[Constraint]], Iterable[Reason]]


def _payments(
    result: Result, election: Election, constraints: Sequence[Constraint]
) -> list[Reason]:
    return _Payments(result, election, tuple(constraints)).objections()


_REPLAYS: Mapping[str, _Replay] = MappingProxyType(
    {
        "greedy": ranking,
        "phragmen": earnings,
        "exact_equal_shares": purchases,
        "bounded_overspending": purchases,
        "equal_shares": _payments,
    }
)


def _filled(result: Result) -> bool:
    """Tell whether money may have been awarded in another way after all rounds."""
    steps = {name for step in result.parameters.get("completion", ()) for name in step}
    return bool(steps & {"utilitarian", "comparison"})


def _rule(result: Result) -> Countable | None:
    try:
        return rule_named(result.rule, result.parameters)
    except InputError:
        return None


def _frame(
    result: Result, election: Election, constraints: Sequence[Constraint]
) -> Iterator[Reason]:
    if result.parameters.get("constraints", []) != [c.to_data() for c in constraints]:
        yield Reason("verify.constraints")
    if result.budget != election.budget:
        yield Reason("verify.budget", {"stated": result.budget, "found": election.budget})
    costs = {project.id: project.cost for project in election.projects}
    for id_ in result.fates.keys() | costs.keys() | set(result.funded):
        if id_ not in costs or id_ not in result.fates or costs[id_] != result.fates[id_].cost:
            yield Reason("verify.project", {"project": id_})
    rest = election.budget - sum(fate.amount for fate in result.fates.values())
    funded = {id_ for id_, fate in result.fates.items() if fate.outcome == "funded"}
    if rest != result.rest or funded != set(result.funded):
        yield Reason("verify.rest", {"found": rest, "stated": result.rest})


def _recounted(result: Result, again: Result) -> Iterator[Reason]:
    differing = sorted(set(result.funded) ^ set(again.funded))
    if differing or result.to_data() != again.to_data():
        yield Reason("verify.recount", {"projects": ", ".join(differing)})


@dataclass
class _Payments:
    """Every payment again, voter group by voter group, in whole numbers over one denominator."""

    result: Result
    election: Election
    constraints: tuple[Constraint, ...]
    funded: list[Candidate] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        settings = self.result.parameters
        self._utility = Utility(str(settings["utility"]))
        points, money = self._utility.pointed, _endowments(settings.get("endowments"))
        self._groups = grouped(self.election, points=points, endowments=money)
        score = Score.POINTS if points else Score.VOTES
        self._candidates = candidates_of(self.election, score)
        self._numbers = {c.project.id: n for n, c in enumerate(self._candidates)}
        added = sum(_added(note) for note in self.result.notes)
        starts = [start + added for start in self._groups.starts]
        self._scale = 1
        self._money = [0] * len(self._groups.weights)
        self._refine([start.denominator for start in starts])
        whole = [int(start * self._scale) for start in starts]
        self._money = [whole[kind] for kind in self._groups.kinds]

    def objections(self) -> list[Reason]:
        found: list[Reason] = []
        for number, round_ in enumerate(self.result.rounds, start=1):
            found += self._round(number, round_)
            self._pay(round_)
        found += self._end()
        return found

    def _round(self, number: int, round_: Round) -> Iterator[Reason]:
        project = self._numbers[round_.project]
        self._refine([round_.price.denominator])
        params: dict[str, int | str] = {"round": number, "project": round_.project}
        candidate = self._candidates[project]
        if self._barred(candidate) or project in map(self._number, self.funded):
            yield Reason("verify.barred", params)
        paid, full = self._paid(project, round_.price)
        if paid != round_.cost * self._scale or not (full or not round_.cost):
            yield Reason("verify.price", params)
        if not self._told(project, round_):
            yield Reason("verify.told", params)
        for other in self._open():
            if other != project and self._is_cheaper(other, round_.rate):
                id_ = self._candidates[other].project.id
                yield Reason("verify.cheaper", {**params, "other": id_})

    def _told(self, project: int, round_: Round) -> bool:
        candidate, cost = self._candidates[project], self._candidates[project].project.cost
        cap = int(round_.price * self._scale)
        payers = poor = 0
        for group, points in self._supporters(project):
            weight, money = self._groups.weights[group], self._money[group]
            payers += weight if money else 0
            poor += weight if 0 < money < cap * points else 0
        rate = round_.price / self._utility.worth(cost)
        told = (round_.payers, round_.spent_up, round_.rate, round_.cost)
        return told == (payers, poor, rate, candidate.project.cost)

    def _is_cheaper(self, project: int, rate: Fraction) -> bool:
        """Tell whether at this rate the supporters would pay more than the cost."""
        cost = self._candidates[project].project.cost
        cap = rate * self._utility.worth(cost)
        self._refine([cap.denominator])
        paid, full = self._paid(project, cap)
        return paid > cost * self._scale or (paid == cost * self._scale and not full and cost > 0)

    def _paid(self, project: int, price: Fraction) -> tuple[int, bool]:
        """Return what supporters pay at a price per point, and whether one pays it in full."""
        cap = int(price * self._scale)
        paid, full = 0, False
        for group, points in self._supporters(project):
            money, most = self._money[group], cap * points
            paid += self._groups.weights[group] * min(money, most)
            full = full or money >= most
        return paid, full

    def _pay(self, round_: Round) -> None:
        project = self._numbers[round_.project]
        cap = int(round_.price * self._scale)
        for group, points in self._supporters(project):
            self._money[group] -= min(self._money[group], cap * points)
        self.funded.append(self._candidates[project])

    def _end(self) -> Iterator[Reason]:
        for project in self._open():
            candidate = self._candidates[project]
            money = sum(
                self._groups.weights[g] * self._money[g] for g, _ in self._supporters(project)
            )
            if money >= candidate.project.cost * self._scale:
                yield Reason("verify.unfinished", {"project": candidate.project.id})

    def _open(self) -> Iterator[int]:
        taken = {self._number(candidate) for candidate in self.funded}
        for number, candidate in enumerate(self._candidates):
            if (
                number not in taken
                and self._groups.supporters[number]
                and not self._barred(candidate)
            ):
                yield number

    def _barred(self, candidate: Candidate) -> bool:
        asked: tuple[Constraint, ...] = (Standing(), *self.constraints)
        return any(c.objection(candidate, self.funded) for c in asked)

    def _number(self, candidate: Candidate) -> int:
        return self._numbers[candidate.project.id]

    def _supporters(self, project: int) -> Iterator[tuple[int, int]]:
        members, shares = self._groups.supporters[project], self._groups.shares
        return zip(members, shares[project] if shares else [1] * len(members), strict=True)

    def _refine(self, denominators: Sequence[int]) -> None:
        """Make the common denominator fine enough for further fractions."""
        for denominator in denominators:
            factor = Fraction(self._scale, denominator).denominator
            if factor > 1:
                self._scale *= factor
                self._money = [money * factor for money in self._money]


def _endowments(data: Any) -> Endowments | None:
    return Endowments(**data) if data else None


def _added(note: Reason) -> int:
    added = note.params.get("added", 0)
    return added if isinstance(added, int) else 0
