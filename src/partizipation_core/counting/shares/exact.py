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

from partizipation_core.counting.fates import by_rank, candidates_of, fate_of, result_of, turns
from partizipation_core.counting.reasons import Reason
from partizipation_core.counting.result import Margin, Tie
from partizipation_core.counting.rounds import Round
from partizipation_core.counting.scores import Score
from partizipation_core.counting.shares.choosing import first_of
from partizipation_core.counting.shares.groups import grouped
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
    """

    name: ClassVar[str] = "exact_equal_shares"
    version: ClassVar[int] = 1
    needs: ClassVar[str] = "ballots"

    utility: str = "cost"
    ties: Ties = field(default_factory=Ties)

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
        course = _Course(market)
        fates = turns(course.fates(election.budget), candidates)
        rounds, ties = tuple(course.rounds), tuple(course.ties)
        return result_of(self, election, constraints, fates, rounds=rounds, ties=ties)


class _Course:
    """One run; it never leaves the rule."""

    def __init__(self, market: Market) -> None:
        self._market, self._left = market, list(market.able)
        groups = market.groups
        self._money = [groups.starts[kind] for kind in groups.kinds]
        self._bought: list[int] = []
        self.rounds: list[Round] = []
        self.ties: list[Tie] = []
        while offers := self._offers():
            rate = min(price / market.worth[number] for number, price in offers.items())
            equal = [n for n, price in offers.items() if price / market.worth[n] == rate]
            self._buy(self._choice(equal, rate), offers)

    def _offers(self) -> dict[int, Fraction]:
        """Return the price of every project that can be bought."""
        able = (n for n in self._left if self._market.objection(n, self._bought) is None)
        return {n: price for n in able if (price := self._price(n)) is not None}

    def _price(self, number: int) -> Fraction | None:
        """Return the part of each payer if as many as possible pay the same."""
        groups, cost, best, payers = self._market.groups, self._market.cost(number), 0, 0
        rich = sorted(groups.supporters[number], key=self._money.__getitem__, reverse=True)
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
        code = "margin.withdrawn" if candidate.project.withdrawn else "margin.not_told"
        margin = Margin(missing=None, reason=Reason(code))
        return fate_of(candidate, rest, reason or Reason("fate.no_support"), margin)
