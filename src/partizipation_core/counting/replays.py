"""Finished runs again, slow and obvious: the list of a clerk, purses and loads as fractions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from partizipation_core.counting.constraints import Candidate, Constraint, Standing
from partizipation_core.counting.fates import candidates_of
from partizipation_core.counting.misfit import misfit
from partizipation_core.counting.reasons import Param, Reason
from partizipation_core.counting.rebuilding import ties_from
from partizipation_core.counting.scores import Score
from partizipation_core.counting.shares.groups import grouped
from partizipation_core.counting.shares.rule import Utility

if TYPE_CHECKING:
    from partizipation_core.counting.election import Election
    from partizipation_core.counting.result import Fate, Result
    from partizipation_core.counting.rounds import Round

__all__ = ["earnings", "purchases", "ranking"]

_ROUNDED = Fraction(1, 1 << 256)
"""More than what a payment can be rounded up by."""


def ranking(
    result: Result, election: Election, constraints: Sequence[Constraint]
) -> Iterator[Reason]:
    """Go down the list of an award by rank once more.

    Args:
        result: what is to be checked.
        election: what was voted.
        constraints: the conditions that the result names.
    """
    settings = result.parameters
    found = {c.project.id: c for c in candidates_of(election, Score(settings["score"]))}
    asked = (Standing(unsupported=settings["unsupported"]), *constraints)
    order = [found[fate.id] for fate in result.steps]
    yield from _order(order, asked, ties_from(settings["ties"]).key)
    treatment, rest, ended = misfit(settings["misfit"]), election.budget, False
    funded: list[Candidate] = []
    for candidate, fate in zip(order, result.steps, strict=True):
        barred = any(each.objection(candidate, funded) for each in asked)
        cost, before = candidate.project.cost, rest
        if not barred and not ended:
            fits = cost <= rest
            ended = not fits and treatment.stops
            if fits or treatment.covers(rest, cost):
                rest -= min(cost, rest) if str(treatment) == "partial" else cost
                funded.append(candidate)
        if not _told(fate, candidate, before, given=before - rest, in_=candidate in funded):
            yield Reason("verify.fate", {"project": fate.id})


def _order(
    order: Sequence[Candidate], asked: Sequence[Constraint], key: object
) -> Iterator[Reason]:
    """Find a project that comes after one with a worse score, or before one that ties prefer."""
    assert callable(key)  # noqa: S101 - narrowing
    for one, other in pairwise(order):
        wrong = one.key < other.key
        if one.key == other.key:
            able = [c for c in (one, other) if not any(a.objection(c, ()) for a in asked)]
            wrong = len(able) == 2 and key(one) > key(other)  # noqa: PLR2004 - both of a pair
            wrong = wrong or (able == [other])
        if wrong:
            params = {"project": one.project.id, "other": other.project.id}
            yield Reason("verify.order", params)


def _told(fate: Fate, candidate: Candidate, rest: int, *, given: int, in_: bool) -> bool:
    tally = candidate.tally
    counted = (tally.votes, tally.points, tally.contra, candidate.value, rest, given, in_)
    stated = (fate.votes, fate.points, fate.contra, fate.score, fate.rest, fate.amount)
    return counted == (*stated, fate.outcome == "funded")


class _Replay:
    """What replays of rounds share: who supports what, what is bought, what is barred."""

    def __init__(
        self, result: Result, election: Election, constraints: Sequence[Constraint]
    ) -> None:
        points = str(result.parameters.get("utility", "")).startswith("score")
        self.result, self.rest = result, election.budget
        self.candidates = candidates_of(election, Score.POINTS if points else Score.VOTES)
        self.groups = grouped(election, points=points)
        self.asked = (Standing(), *constraints)
        self.funded: list[Candidate] = []
        self.place = {c.project.id: n for n, c in enumerate(self.candidates)}
        starts = self.groups.starts
        self.money = [starts[kind] for kind in self.groups.kinds]

    def barred(self, number: int) -> bool:
        candidate = self.candidates[number]
        taken = candidate in self.funded
        return taken or any(each.objection(candidate, self.funded) for each in self.asked)

    def open_(self) -> list[int]:
        numbers = range(len(self.candidates))
        return [n for n in numbers if self.groups.supporters[n] and not self.barred(n)]

    def cost(self, number: int) -> int:
        return self.candidates[number].project.cost

    def purses(self, number: int) -> list[tuple[Fraction, int, int]]:
        """Return what each group of supporters has, its points, and its weight."""
        groups = self.groups
        members = groups.supporters[number]
        shares = groups.shares[number] if groups.shares else [1] * len(members)
        paired = zip(members, shares, strict=True)
        return [(self.money[g], points, groups.weights[g]) for g, points in paired]

    def take(self, number: int) -> None:
        self.funded.append(self.candidates[number])
        self.rest -= self.cost(number)


def purchases(
    result: Result, election: Election, constraints: Sequence[Constraint]
) -> Iterator[Reason]:
    """Buy once more what was bought with exactly equal parts, or with bounded overspending.

    Args:
        result: what is to be checked.
        election: what was voted.
        constraints: the conditions that the result names.
    """
    replay = _Purchases(result, election, constraints)
    for number, round_ in enumerate(result.rounds, start=1):
        yield from replay.round(number, round_)
    for number in replay.open_():
        if replay.offer(number) is not None:
            yield Reason("verify.unfinished", {"project": replay.candidates[number].project.id})


class _Purchases(_Replay):
    def __init__(
        self, result: Result, election: Election, constraints: Sequence[Constraint]
    ) -> None:
        super().__init__(result, election, constraints)
        self._utility = Utility(result.parameters["utility"])
        self._equal = result.rule == "exact_equal_shares"

    def offer(self, number: int) -> tuple[Fraction, Fraction] | None:
        """Return rate and price, None if the project cannot be bought."""
        cost = self.cost(number)
        if not self._equal and cost > self.rest:
            return None
        if not cost and not self._equal:
            return Fraction(0), Fraction(0)
        offers = list(self._equal_parts(number) if self._equal else self._levels(number))
        return min(offers, default=None)

    def _equal_parts(self, number: int) -> Iterator[tuple[Fraction, Fraction]]:
        cost, payers = self.cost(number), 0
        for money, _, weight in sorted(self.purses(number), reverse=True):
            payers += weight
            if payers and money * payers >= cost:
                price = Fraction(cost, payers)
                yield price / self._utility.worth(cost), price

    def _levels(self, number: int) -> Iterator[tuple[Fraction, Fraction]]:
        """Yield each payment that is all one supporter has, or pays for the whole."""
        cost, worth = self.cost(number), self._utility.worth(self.cost(number))
        purses = sorted((Fraction(m) / p, m, p, w) for m, p, w in self.purses(number) if m)
        given, rich = Fraction(0), sum(p * w for _, _, p, w in purses)
        for unit, money, points, weight in purses:
            if given + rich * unit >= cost:
                yield (cost - given) / rich / worth, (cost - given) / rich
                return
            alpha = (given + rich * unit) / cost
            yield unit / alpha / alpha / worth, unit / alpha
            given, rich = given + money * weight, rich - points * weight

    def round(self, number: int, round_: Round) -> Iterator[Reason]:
        project = self.place[round_.project]
        params: dict[str, Param] = {"round": number, "project": round_.project}
        if self.barred(project):
            yield Reason("verify.barred", params)
        offers = {other: offer for other in self.open_() if (offer := self.offer(other))}
        rate, price = offers.get(project, (Fraction(-1), Fraction(-1)))
        if rate != round_.rate or not 0 <= round_.price - price < _ROUNDED:
            yield Reason("verify.price", params)
        for other, (lower, _) in offers.items():
            if lower < rate:
                yield Reason("verify.cheaper", {**params, "other": self._id(other)})
        yield from self._pay(project, round_, params)

    def _pay(self, project: int, round_: Round, params: dict[str, Param]) -> Iterator[Reason]:
        payers = poor = 0
        purses = zip(self.groups.supporters[project], self.purses(project), strict=True)
        for group, (money, points, weight) in purses:
            due = round_.price * points
            if self._equal and money < due:
                continue
            payers += weight if money or self._equal else 0
            poor += weight if 0 < money < due else 0
            self.money[group] = max(money - due, Fraction(0))
        if (payers, poor, self.cost(project)) != (round_.payers, round_.spent_up, round_.cost):
            yield Reason("verify.told", params)
        self.take(project)

    def _id(self, number: int) -> str:
        return self.candidates[number].project.id


def earnings(
    result: Result, election: Election, constraints: Sequence[Constraint]
) -> Iterator[Reason]:
    """Let all voters of sequential Phragmén earn once more.

    Args:
        result: what is to be checked.
        election: what was voted.
        constraints: the conditions that the result names.
    """
    replay = _Earnings(result, election, constraints)
    for number, round_ in enumerate(result.rounds, start=1):
        yield from replay.round(number, round_)
    yield from replay.end()


class _Earnings(_Replay):
    def __init__(
        self, result: Result, election: Election, constraints: Sequence[Constraint]
    ) -> None:
        super().__init__(result, election, constraints)
        self._whole = election.budget
        self._skips = result.parameters["misfit"] == "skip"
        self._load = [Fraction(0)] * len(self.groups.weights)

    def _times(self) -> dict[int, Fraction]:
        """Return when the money of each open project is together."""
        able = (n for n in self.open_() if self.cost(n) <= self._whole)
        return {number: self._time(number) for number in able}

    def _time(self, number: int) -> Fraction:
        groups, weights = self.groups.supporters[number], self.groups.weights
        spent = sum((self._load[g] * weights[g] for g in groups), Fraction(0))
        return (self.cost(number) + spent) / sum(weights[g] for g in groups)

    def round(self, number: int, round_: Round) -> Iterator[Reason]:
        project = self.place[round_.project]
        params: dict[str, Param] = {"round": number, "project": round_.project}
        if self.barred(project) or self.cost(project) > self.rest:
            yield Reason("verify.barred", params)
        times = self._times()
        time = times.get(project)
        if time != round_.price or time != round_.rate:
            yield Reason("verify.price", params)
        for other, earlier in times.items():
            passed = self._skips and self.cost(other) > self.rest
            if not passed and earlier < round_.price:
                yield Reason("verify.cheaper", {**params, "other": self._id(other)})
        for group in self.groups.supporters[project]:
            self._load[group] = round_.price
        payers = sum(self.groups.weights[g] for g in self.groups.supporters[project])
        if (payers, self.cost(project)) != (round_.payers, round_.cost):
            yield Reason("verify.told", params)
        self.take(project)

    def end(self) -> Iterator[Reason]:
        """Say what could still be bought: anything that fits, or before the first misfit."""
        times = self._times()
        misfits = [time for n, time in times.items() if self.cost(n) > self.rest]
        for number, time in times.items():
            fits = self.cost(number) <= self.rest
            if fits and (self._skips or not misfits or time < min(misfits)):
                yield Reason("verify.unfinished", {"project": self._id(number)})

    def _id(self, number: int) -> str:
        return self.candidates[number].project.id
