"""Exact Equal Shares: everybody who pays for a project pays exactly the same.

As in equal shares voters buy with their parts of the budget, but nobody gives less than others:
a project is paid for by the largest number of supporters who can all pay the same part of its
cost. That is easier to explain and to check, and funds somewhat less. Kraiczy, Elkind: An adaptive
and verifiably proportional method for participatory budgeting (2023).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from partizipation_core.counting.fates import (
    MISSED,
    by_rank,
    candidates_of,
    fate_of,
    result_of,
    turns,
)
from partizipation_core.counting.reasons import Reason
from partizipation_core.counting.result import Tie
from partizipation_core.counting.rounds import Round
from partizipation_core.counting.scores import Score
from partizipation_core.counting.shares.choosing import first_of
from partizipation_core.counting.shares.groups import grouped
from partizipation_core.counting.shares.lacking import Lacking
from partizipation_core.counting.shares.market import Market
from partizipation_core.counting.ties import Ties
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from partizipation_core.counting.constraints import Candidate, Constraint
    from partizipation_core.counting.election import Election
    from partizipation_core.counting.result import Fate, Result

__all__ = ["ExactEqualShares"]

_UTILITIES = ("cost", "cardinality")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactEqualShares:
    """Fund what the most supporters can pay for in exactly equal parts.

    Args:
        utility: ``cost`` buys what has the most payers, ``cardinality`` what is cheapest for each.
        ties: the order among equals.
        margins: tell for each rejected project how many more votes were missing.
    """

    name: ClassVar[str] = "exact_equal_shares"
    version: ClassVar[int] = 1
    needs: ClassVar[str] = "ballots"

    utility: str = "cost"
    ties: Ties = field(default_factory=Ties)
    margins: bool = True

    def __post_init__(self) -> None:
        if self.utility not in _UTILITIES:
            raise InputError(f"utility {self.utility!r} is none of {', '.join(_UTILITIES)}")

    @property
    def parameters(self) -> dict[str, object]:
        """The settings as plain data."""
        ties = self.ties.to_data()
        return {"utility": self.utility, "ties": ties, "score": str(Score.VOTES)}

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
        by_cost = self.utility == "cost"
        market = Market.of(
            groups=grouped(election),
            candidates=candidates,
            worth=[(c.project.cost or 1) if by_cost else 1 for c in candidates],
            constraints=constraints,
            ties=self.ties,
            engine="plain",
        )
        course = _Course(market, margins=self.margins)
        fates = turns(course.fates(election.budget), candidates)
        rounds, ties = tuple(course.rounds), tuple(course.ties)
        return result_of(self, election, constraints, fates, rounds=rounds, ties=ties)


class _Course:
    """One run; it never leaves the rule."""

    def __init__(self, market: Market, *, margins: bool) -> None:
        self._market, self._left = market, list(market.able)
        groups = market.groups
        self._money = [groups.starts[kind] for kind in groups.kinds]
        self._bought: list[int] = []
        self.rounds: list[Round] = []
        self.ties: list[Tie] = []
        self._start = groups.starts[0] if groups.starts else Fraction(0)
        told = margins and bool(self._start)
        self._lacking = Lacking(market, self._rate, self._admits) if told else None
        while offers := self._offers():
            rate = min(price / market.worth[number] for number, price in offers.items())
            equal = [n for n, price in offers.items() if price / market.worth[n] == rate]
            number = self._choice(equal, rate)
            if self._lacking:
                self._lacking.before(number, rate)
            self._buy(number, offers)
        if self._lacking:
            self._lacking.end()

    def _offers(self) -> dict[int, Fraction]:
        """Return the price of every project that can be bought."""
        able = (n for n in self._left if self._market.objection(n, self._bought) is None)
        return {n: price for n in able if (price := self._price(n)) is not None}

    def _admits(self, number: int) -> bool:
        return self._market.objection(number, self._bought) is None

    def _rate(self, number: int, more: int) -> Fraction | None:
        price = self._price(number, more)
        return None if price is None else price / self._market.worth[number]

    def _price(self, number: int, more: int = 0) -> Fraction | None:
        """Return the part of each payer if as many as possible pay the same.

        Further voters have all their money, so they are the first of the rich.
        """
        groups, cost, best = self._market.groups, self._market.cost(number), 0
        rich = sorted(groups.supporters[number], key=self._money.__getitem__, reverse=True)
        payers = more
        if more and self._start * more >= cost:
            best = more
        for group in rich:
            payers += groups.weights[group]
            if self._money[group] * payers >= cost:
                best = payers
        return Fraction(cost, best) if best else None

    def _choice(self, equal: list[int], rate: Fraction) -> int:
        number, tie = first_of(self._market, equal, rate)
        if tie:
            self.ties.append(tie)
        return number

    def _buy(self, number: int, offers: Mapping[int, Fraction]) -> None:
        price, groups = offers[number], self._market.groups
        paying = [g for g in groups.supporters[number] if self._money[g] >= price]
        for group in paying:
            self._money[group] -= price
        payers = sum(groups.weights[group] for group in paying)
        self.rounds.append(
            Round(
                project=self._market.candidates[number].project.id,
                price=price,
                rate=price / self._market.worth[number],
                effective=Fraction(payers),
                payers=payers,
                spent_up=0,
                cost=self._market.cost(number),
            )
        )
        self._left.remove(number)
        self._bought.append(number)

    def fates(self, budget: int) -> list[Fate]:
        """Return the fates, the funded projects first."""
        candidates, rest, fates = self._market.candidates, budget, []
        for number, round_ in zip(self._bought, self.rounds, strict=True):
            price = -(-round_.price.numerator // round_.price.denominator)
            params = {"price": price, "payers": round_.payers, "cost": round_.cost}
            fates.append(fate_of(candidates[number], rest, Reason("fate.shared", params)))
            rest -= round_.cost
        place = {id(candidate): number for number, candidate in enumerate(candidates)}
        for candidate in by_rank(candidates):
            number = place[id(candidate)]
            if number not in self._bought:
                fates.append(self._rejected(candidate, number, rest))
        return fates

    def _rejected(self, candidate: Candidate, number: int, rest: int) -> Fate:
        market = self._market
        reason = market.unable.get(number) or market.objection(number, self._bought)
        if reason is None and number in market.able:
            groups = market.groups
            has = sum(self._money[g] * groups.weights[g] for g in groups.supporters[number])
            params = {"cost": candidate.project.cost, "has": int(has)}
            reason = Reason("fate.no_equal_shares", params)
        margin = self._lacking.margin(candidate, number) if self._lacking else MISSED
        return fate_of(candidate, rest, reason or Reason("fate.no_support"), margin)
