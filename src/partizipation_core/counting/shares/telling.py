"""From a finished count to the one result: fates, reasons, ties and notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING

from partizipation_core.counting.fates import MISSED, by_rank, fate_of, result_of, turns
from partizipation_core.counting.reasons import Reason
from partizipation_core.counting.result import Fate, Margin, Tie
from partizipation_core.counting.shares.margins import missing_votes
from partizipation_core.counting.ties import UndecidedTie

if TYPE_CHECKING:
    from partizipation_core.counting.constraints import Candidate
    from partizipation_core.counting.result import Result
    from partizipation_core.counting.shares.completions import Count, Outcome
    from partizipation_core.counting.shares.rule import EqualShares
    from partizipation_core.counting.shares.run import Run, Tied

__all__ = ["tell"]

_RERUNS = 64
"""How many other orders are tried to find out whether ties mattered."""


def tell(rule: EqualShares, count: Count, outcome: Outcome) -> Result:
    """Return the result of a count.

    Args:
        rule: the rule that was applied.
        count: what was voted.
        outcome: how it ended.

    Raises:
        UndecidedTie: equal projects compete and the tie order leaves them equal.
    """
    ties = (*_ties(count, outcome), *outcome.ties)
    fates = outcome.other.fates if outcome.other else _fates(rule, count, outcome)
    return result_of(
        rule,
        count.election,
        count.market.constraints,
        fates,
        funded=outcome.funded,
        ties=ties,
        rounds=outcome.run.rounds(),
        notes=outcome.notes,
    )


def _fates(rule: EqualShares, count: Count, outcome: Outcome) -> Mapping[str, Fate]:
    run, candidates = outcome.run, count.market.candidates
    rest, fates = count.election.budget, list[Fate]()
    for number, round_ in zip(run.bought, run.rounds(), strict=True):
        params = {"price": ceil(round_.price), "payers": round_.payers, "cost": round_.cost}
        fates.append(fate_of(candidates[number], rest, Reason("fate.shared", params)))
        rest -= round_.cost
    filled = [_filled(fate) for fate in outcome.filled]
    return turns([*fates, *(filled or _rejected(rule, count, outcome, rest))], candidates)


def _filled(fate: Fate) -> Fate:
    if fate.outcome == "rejected":
        return fate
    return replace(fate, reason=Reason("fate.filled", fate.reason.params))


def _rejected(rule: EqualShares, count: Count, outcome: Outcome, rest: int) -> Iterator[Fate]:
    run, market = outcome.run, count.market
    place = {id(candidate): number for number, candidate in enumerate(market.candidates)}
    left = (place[id(candidate)] for candidate in by_rank(market.candidates))
    missing = missing_votes(market, run) if rule.margins and not rule.endowments else None
    for number in left:
        if number not in run.bought:
            candidate = market.candidates[number]
            margin = _margin(candidate, missing, number)
            yield fate_of(candidate, rest, _reason(run, number), margin)


def _margin(candidate: Candidate, missing: Mapping[int, int] | None, number: int) -> Margin:
    if candidate.project.withdrawn:
        return Margin(missing=None, reason=Reason("margin.withdrawn"))
    if missing is None:
        return MISSED
    if number not in missing:
        return Margin(missing=None, reason=Reason("margin.excluded"))
    more = missing[number]
    return Margin(missing=more, reason=Reason("margin.shared", {"missing": more}))


def _reason(run: Run, number: int) -> Reason:
    market = run.market
    if number in market.unable:
        return market.unable[number]
    if reason := run.refused.get(number) or market.objection(number, run.bought):
        return reason
    if number not in run.short:
        return Reason("fate.no_support")
    cost, has = market.cost(number), int(run.money(number))
    return Reason("fate.supporters_short", {"cost": cost, "has": has, "missing": cost - has})


def _ties(count: Count, outcome: Outcome) -> Iterator[Tie]:
    """Tell of every tie of the run that decides; refuse one that matters and is left open."""
    told: list[Tied] = []
    for number, tied in enumerate(outcome.run.ties):
        again = any(t.rate == tied.rate and set(tied.numbers) < set(t.numbers) for t in told)
        told.append(tied)
        mattered = _mattered(count, outcome, number)
        first = tied.resolved.order[0]
        if mattered and any(first in block for block in tied.resolved.open_):
            block = next(block for block in tied.resolved.open_ if first in block)
            raise UndecidedTie([candidate.project.id for candidate in block])
        if not again:
            yield Tie(
                members=tuple(candidate.project.id for candidate in tied.resolved.order),
                score=tied.rate,
                decided_by=tied.resolved.decided_by,
                mattered=mattered,
            )


def _mattered(count: Count, outcome: Outcome, number: int) -> bool:
    """Tell whether the run would have funded others had it bought another one first."""
    run, tied = outcome.run, outcome.run.ties[number]
    market = count.market
    voters = [set(market.groups.supporters[member]) for member in tied.numbers]
    if not market.constraints and len(set.union(*voters)) == sum(map(len, voters)):
        return False
    if sum(len(each.numbers) for each in run.ties) > _RERUNS:
        return True
    usual = set(run.bought)
    for member in tied.numbers[1:]:
        other = type(run)(market, run.starts, {number: member})
        if set(other.bought) != usual:
            return True
    return False
