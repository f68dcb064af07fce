"""Sequential Phragmén, exact: all voters earn money at the same speed and buy what they can.

A project is bought the moment its supporters have earned its cost together; they start again from
nothing. So the load of a voter is the time of the last purchase that the voter supports, and what
the supporters of a project have spent is a sum with one term for each purchase, however many
voters there are. It ends at the moment a project could be bought that costs more than is left,
even if others could be bought at the same moment: going on would give money earned for one project
to others. Projects that cost more than the whole budget take no part.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, gcd
from operator import mul
from typing import TYPE_CHECKING, ClassVar, Literal

from partizipation_core.counting.fates import by_rank, candidates_of, fate_of, result_of, turns
from partizipation_core.counting.reasons import Reason
from partizipation_core.counting.result import Fate, Margin, Tie
from partizipation_core.counting.rounds import Round
from partizipation_core.counting.scores import Score
from partizipation_core.counting.shares.groups import grouped
from partizipation_core.counting.shares.market import Market
from partizipation_core.counting.shares.plain import ROUNDING
from partizipation_core.counting.ties import Ties, UndecidedTie
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from partizipation_core.counting.constraints import Constraint
    from partizipation_core.counting.election import Election
    from partizipation_core.counting.result import Result

__all__ = ["Phragmen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phragmen:
    """Fund projects in the order in which their supporters have earned the money.

    Args:
        misfit: ``stop`` ends with the first project that costs more than is left; ``skip`` leaves
            it out and goes on.
        ties: the order among projects whose money is together at the same time.
    """

    name: ClassVar[str] = "phragmen"
    version: ClassVar[int] = 1
    needs: ClassVar[str] = "ballots"

    misfit: Literal["stop", "skip"] = "stop"
    ties: Ties = field(default_factory=Ties)

    def __post_init__(self) -> None:
        if self.misfit not in {"stop", "skip"}:
            raise InputError(f"misfit {self.misfit!r} is none of stop, skip")

    @property
    def parameters(self) -> dict[str, object]:
        """The settings as plain data."""
        score = str(Score.VOTES)
        return {"misfit": self.misfit, "ties": self.ties.to_data(), "score": score}

    def __call__(self, election: Election, constraints: Sequence[Constraint] = ()) -> Result:
        """Apply the rule.

        Args:
            election: what was voted, ballot by ballot.
            constraints: what may not be funded.

        Raises:
            NeedsBallots: only totals are known.
            UndecidedTie: equal projects compete and the tie order leaves them equal.
        """
        election.require(self.needs, self.name)
        candidates = candidates_of(election, Score.VOTES)
        market = Market.of(
            groups=grouped(election),
            candidates=candidates,
            worth=[1] * len(candidates),
            constraints=constraints,
            ties=self.ties,
            engine="plain",
        )
        course = Course(market, election.budget, skip=self.misfit == "skip")
        fates = turns(course.fates(), candidates)
        rounds, ties = tuple(course.rounds), tuple(course.ties)
        return result_of(self, election, constraints, fates, rounds=rounds, ties=ties)


class Course:
    """One run; it never leaves the rule.

    Args:
        market: projects and voters.
        budget: money to award, in minor units.
        skip: go on after a project that costs more than is left.
    """

    def __init__(self, market: Market, budget: int, *, skip: bool) -> None:
        self._market, self._budget, self._rest, self._skip = market, budget, budget, skip
        self._totals = market.table.totals
        self._last = [-1] * len(market.groups.weights)
        self._load = [0.0] * len(market.groups.weights)
        self._about = [0.0] * len(market.candidates)
        self._scale, self._times = 1, list[int]()
        self._bought, self._rests = list[int](), list[int]()
        self._out: dict[int, Reason] = {}
        self._missing: dict[int, int] = {}
        self.rounds: list[Round] = []
        self.ties: list[Tie] = []
        self._heap = [
            (market.cost(p) / self._totals[p] * (1 - 4 * ROUNDING), p)
            for p in market.able
            if self._within_budget(p)
        ]
        heapq.heapify(self._heap)
        while first := self._first():
            if not self._take(first):
                break

    def fates(self) -> list[Fate]:
        """Return the fates, the funded projects first."""
        candidates = self._market.candidates
        funded = [
            fate_of(candidates[n], rest, self._told(round_))
            for n, rest, round_ in zip(self._bought, self._rests, self.rounds, strict=True)
        ]
        place = {id(candidate): number for number, candidate in enumerate(candidates)}
        left = (place[id(candidate)] for candidate in by_rank(candidates))
        return [*funded, *(self._rejected(n) for n in left if n not in self._bought)]

    def _within_budget(self, project: int) -> bool:
        cost = self._market.cost(project)
        if cost > self._budget:
            params = {"cost": cost, "rest": self._budget, "missing": cost - self._budget}
            self._out[project] = Reason("fate.does_not_fit", params)
        return cost <= self._budget

    def _told(self, round_: Round) -> Reason:
        params = {"time": ceil(round_.price), "payers": round_.payers, "cost": round_.cost}
        return Reason("fate.earned", params)

    def _rejected(self, number: int) -> Fate:
        market, candidate = self._market, self._market.candidates[number]
        reason = market.unable.get(number) or self._out.get(number)
        reason = reason or market.objection(number, self._bought) or Reason("fate.no_support")
        if candidate.project.withdrawn:
            margin = Margin(missing=None, reason=Reason("margin.withdrawn"))
        elif number in self._missing:
            more = self._missing[number]
            margin = Margin(missing=more, reason=Reason("margin.earned", {"missing": more}))
        else:
            margin = Margin(missing=None, reason=Reason("margin.excluded"))
        return fate_of(candidate, self._rest, reason, margin)

    def _spent(self, project: int) -> int:
        """Return what its supporters have spent together, times the scale."""
        spent = [0] * (len(self._times) + 1)
        groups, last = self._market.groups, self._last
        for group in groups.supporters[project]:
            spent[last[group]] += groups.weights[group]
        return sum(map(mul, spent, self._times))  # the last place counts those without a purchase

    def _first(self) -> list[int]:
        """Return the projects whose money is together first, exactly equal ones together."""
        heap, fresh, best = self._heap, set[int](), list[int]()
        numerator, denominator, limit = 0, 1, float("inf")
        later: list[tuple[float, int]] = []
        while heap and heap[0][0] <= limit:
            low, project = heapq.heappop(heap)
            if project not in fresh:
                fresh.add(project)
                self._look(project)
                continue
            later.append((low, project))
            mine = self._market.cost(project) * self._scale + self._spent(project)
            order = mine * denominator - numerator * self._totals[project] if best else -1
            if order < 0:
                best, numerator, denominator = [project], mine, self._totals[project]
                limit = mine / (denominator * self._scale) * (1 + 4 * ROUNDING)
            elif order == 0:
                best.append(project)
        for entry in later:
            heapq.heappush(heap, entry)
        return best

    def _look(self, project: int) -> None:
        if reason := self._market.objection(project, self._bought):
            self._out[project] = reason
            return
        time = (self._market.cost(project) + self._about[project]) / self._totals[project]
        low = time * (1 - self._doubt(project))
        heapq.heappush(self._heap, (low, project))

    def _take(self, equals: list[int]) -> bool:
        """Buy the first of equals; return whether it goes on."""
        over = [number for number in equals if self._market.cost(number) > self._rest]
        project = self._choice(over or equals)
        cost = self._market.cost(project)
        time = (cost * self._scale + self._spent(project), self._totals[project] * self._scale)
        self._lacking(project, Fraction(*time))
        self._heap = [entry for entry in self._heap if entry[1] != project]
        heapq.heapify(self._heap)
        if cost > self._rest:
            params = {"cost": cost, "rest": self._rest, "missing": cost - self._rest}
            self._out[project] = Reason("fate.does_not_fit", params)
            if not self._skip:
                self._stop(project)
            return self._skip
        self._rounds(project, Fraction(*time))
        self._note(project, *time)
        return True

    def _stop(self, project: int) -> None:
        stopper = self._market.candidates[project].project
        params = {"stopper": stopper.id, "stopper_name": stopper.name or stopper.id}
        for _, other in self._heap:
            objection = self._market.objection(other, self._bought)
            self._out[other] = objection or Reason("fate.after_stop", params)

    def _rounds(self, project: int, time: Fraction) -> None:
        candidate = self._market.candidates[project].project
        self._rests.append(self._rest)
        self._rest -= candidate.cost
        self.rounds.append(
            Round(
                project=candidate.id,
                price=time,
                rate=time,
                effective=candidate.cost / time if time else Fraction(self._totals[project]),
                payers=self._totals[project],
                spent_up=0,
                cost=candidate.cost,
            )
        )

    def _note(self, project: int, numerator: int, denominator: int) -> None:
        """Let the supporters start again from nothing."""
        factor = denominator // self._scale
        common = gcd(numerator, factor)
        numerator, factor = numerator // common, factor // common
        self._scale *= factor
        self._times = [time * factor for time in self._times]
        turn, load = len(self._times), numerator / self._scale
        self._times.append(numerator)
        self._bought.append(project)
        groups, about = self._market.groups, self._about
        for group in groups.supporters[project]:
            more = (load - self._load[group]) * groups.weights[group]
            self._last[group], self._load[group] = turn, load
            for choice in groups.choices[group]:
                about[choice] += more

    def _doubt(self, project: int) -> float:
        """Return how wrong a sum of rounded increases may be, as a part of it."""
        steps = len(self._market.groups.supporters[project]) * (len(self._times) + 1)
        return (4 * steps + 8) * ROUNDING

    def _choice(self, equals: list[int]) -> int:
        market = self._market
        if len(equals) == 1 or market.cost(equals[0]) > self._rest:
            return equals[0]
        named = {market.candidates[number].project.id: number for number in equals}
        resolved = market.ties.resolve([market.candidates[number] for number in equals])
        members = tuple(candidate.project.id for candidate in resolved.order)
        mattered = self._matters(equals)
        first = resolved.order[0]
        if mattered:
            for block in resolved.open_:
                if first in block:
                    raise UndecidedTie([candidate.project.id for candidate in block])
        time = Fraction(
            market.cost(equals[0]) * self._scale + self._spent(equals[0]),
            self._totals[equals[0]] * self._scale,
        )
        known = (
            self.ties and self.ties[-1].score == time and set(members) < set(self.ties[-1].members)
        )
        if not known:
            tie = Tie(
                members=members, score=time, decided_by=resolved.decided_by, mattered=mattered
            )
            self.ties.append(tie)
        return named[members[0]]

    def _matters(self, equals: list[int]) -> bool:
        """Tell whether the order may matter: not if all fit and no voter supports two of them."""
        groups = self._market.groups
        voters = [set(groups.supporters[number]) for number in equals]
        apart = len(set.union(*voters)) == sum(map(len, voters))
        fits = sum(map(self._market.cost, equals)) <= self._rest
        return not (apart and fits and not self._market.constraints)

    def _lacking(self, project: int, time: Fraction) -> None:
        """Note for all others how many more votes would have brought them here first."""
        market = self._market
        for _, other in self._heap:
            cost, least = market.cost(other), self._missing.get(other)
            if other == project or cost > self._rest or not time:
                continue
            more = self._more(other, project, time)
            self._missing[other] = more if least is None else min(least, more)

    def _more(self, number: int, other: int, time: Fraction) -> int:
        """Return how many more votes bring a project before another one that is bought now."""
        cost, total = self._market.cost(number), self._totals[number]
        about = (cost + self._about[number]) / float(time)
        doubt = about * (self._doubt(number) + 4 * ROUNDING)
        if floor(about - doubt) == floor(about + doubt):
            return max(floor(about) + 1 - total, 1)
        exact = (cost + Fraction(self._spent(number), self._scale)) / time
        more = max(ceil(exact) - total, 1)
        ends = self._market.cost(other) > self._rest  # then nothing is bought at the same moment
        if exact == total + more and (ends or not self._preferred(number, other, more)):
            more += 1
        return more

    def _preferred(self, number: int, other: int, more: int) -> bool:
        candidates, ties = self._market.candidates, self._market.ties
        return ties.key(candidates[number].plus(more)) < ties.key(candidates[other])
