"""Equal shares with bounded overspending: supporters who have run short do not bar a project.

In equal shares a project that nearly everybody wants is lost if its supporters lack a little, and
what replaces it may please few. Here they may buy it all the same: each pays as if all could pay
the price, whoever has less gives everything, and the rest of the money in the budget covers what
is missing. What is overspent counts against a project, so it is bought late. Papasotiropoulos,
Pishbin, Skibski, Skowron, Wąs: Method of Equal Shares with Bounded Overspending (2024).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
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
from partizipation_core.counting.shares.offers import Offer, best_offer
from partizipation_core.counting.shares.plain import ROUNDING
from partizipation_core.counting.shares.rule import Utility
from partizipation_core.counting.ties import Ties
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from partizipation_core.counting.constraints import Candidate, Constraint
    from partizipation_core.counting.election import Election
    from partizipation_core.counting.result import Fate, Result

__all__ = ["BoundedOverspending", "finer"]

_BITS = 512
"""How long the common denominator of all money may become; it would double with each round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundedOverspending:
    """Fund what groups of voters can nearly pay for from their equal shares.

    Args:
        utility: what a project is worth to its supporters, as for `EqualShares`.
        ties: the order among projects at the same price for utility.
        margins: tell for each rejected project how many more votes were missing.
    """

    name: ClassVar[str] = "bounded_overspending"
    version: ClassVar[int] = 1
    needs: ClassVar[str] = "ballots"

    utility: Utility | str = Utility.COST
    ties: Ties = field(default_factory=Ties)
    margins: bool = True

    def __post_init__(self) -> None:
        if self.utility not in set(Utility):
            raise InputError(f"utility {self.utility!r} is none of {', '.join(Utility)}")
        object.__setattr__(self, "utility", Utility(self.utility))

    @property
    def parameters(self) -> dict[str, object]:
        """The settings as plain data."""
        score = Score.POINTS if Utility(self.utility).pointed else Score.VOTES
        return {
            "utility": str(self.utility),
            "ties": self.ties.to_data(),
            "score": str(score),
        }

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
        utility = Utility(self.utility)
        candidates = candidates_of(election, Score.POINTS if utility.pointed else Score.VOTES)
        market = Market.of(
            groups=grouped(election, points=utility.pointed),
            candidates=candidates,
            worth=[utility.worth(candidate.project.cost) for candidate in candidates],
            constraints=constraints,
            ties=self.ties,
            engine="plain",
        )
        course = _Course(market, election.budget, margins=self.margins)
        fates = turns(course.fates(), candidates)
        rounds, ties = tuple(course.rounds), tuple(course.ties)
        return result_of(self, election, constraints, fates, rounds=rounds, ties=ties)


def finer(scale: int, price: Fraction) -> tuple[int, int]:
    """Return by what to multiply all money so that a price is whole, and the price then.

    Exact as long as the common denominator has at most 512 bits; a price that would make it
    longer is rounded up there.

    Args:
        scale: by what money is multiplied already.
        price: the price, in minor units.
    """
    factor = Fraction(scale, price.denominator).denominator
    if (scale * factor).bit_length() > _BITS:
        factor = 1 << max(_BITS - scale.bit_length(), 0)
    return factor, ceil(price * scale * factor)


class _Course:
    """One run; it never leaves the rule."""

    def __init__(self, market: Market, budget: int, *, margins: bool) -> None:
        self._market, self._rest = market, budget
        groups = market.groups
        self._start = groups.starts[0] if groups.starts else Fraction(0)
        self._scale = self._start.denominator
        self._money = [self._start.numerator] * len(groups.weights)
        self._bought: list[int] = []
        self._told: list[tuple[int, Reason]] = []
        self._out: dict[int, Reason] = {}
        told = margins and bool(self._start)
        self._lacking = Lacking(market, self._rate, self._admits) if told else None
        self.rounds: list[Round] = []
        self.ties: list[Tie] = []
        self._heap = [(0.0, number) for number in market.able]
        while best := self._cheapest():
            self._buy(*self._choice(best))
        if self._lacking:
            self._lacking.end()

    def fates(self) -> list[Fate]:
        """Return the fates, the funded projects first."""
        candidates = self._market.candidates
        funded = [
            fate_of(candidates[number], rest, reason)
            for number, (rest, reason) in zip(self._bought, self._told, strict=True)
        ]
        place = {id(candidate): number for number, candidate in enumerate(candidates)}
        left = ((place[id(candidate)], candidate) for candidate in by_rank(candidates))
        return [*funded, *(self._rejected(n, c) for n, c in left if n not in self._bought)]

    def _rejected(self, number: int, candidate: Candidate) -> Fate:
        reason = self._market.unable.get(number) or self._out.get(number)
        reason = reason or Reason("fate.no_support")
        margin = self._lacking.margin(candidate, number) if self._lacking else MISSED
        return fate_of(candidate, self._rest, reason, margin)

    def _purses(self, number: int) -> Iterator[tuple[int, int, int]]:
        groups, money = self._market.groups, self._money
        members = groups.supporters[number]
        shares = groups.shares[number] if groups.shares else (1,) * len(members)
        for group, points in zip(members, shares, strict=True):
            yield money[group], points, groups.weights[group]

    def _offer(self, number: int, more: int = 0) -> Offer | None:
        """Return the best offer, with so many more voters who have all their money."""
        purses = list(self._purses(number))
        if more:
            purses.append((int(self._start * self._scale), 1, more))
        market = self._market
        return best_offer(purses, market.cost(number), self._scale, market.worth[number])

    def _cheapest(self) -> dict[int, Offer]:
        """Return the projects at the lowest rate; rates only grow, so old ones are bounds."""
        heap, fresh, limit = self._heap, dict[int, Offer](), float("inf")
        while heap and heap[0][0] <= limit:
            _, number = heapq.heappop(heap)
            offer = self._open_offer(number)
            if offer:
                fresh[number] = offer
                limit = min(limit, float(offer.rate) * (1 + 8 * ROUNDING))
        for number, offer in fresh.items():
            heapq.heappush(heap, (float(offer.rate) * (1 - 8 * ROUNDING), number))
        rate = min((offer.rate for offer in fresh.values()), default=None)
        return {number: offer for number, offer in fresh.items() if offer.rate == rate}

    def _open_offer(self, number: int) -> Offer | None:
        """Return the offer for a project, None if it is out for good."""
        if self._closed(number):
            return None
        offer = self._offer(number)
        if offer is None:
            self._out[number] = Reason("fate.supporters_spent")
        return offer

    def _closed(self, number: int) -> bool:
        """Note why a project cannot be bought any more, if that is so."""
        cost = self._market.cost(number)
        reason = self._market.objection(number, self._bought)
        if reason is None and cost > self._rest:
            params = {"cost": cost, "rest": self._rest, "missing": cost - self._rest}
            reason = Reason("fate.does_not_fit", params)
        if reason:
            self._out[number] = reason
        return reason is not None

    def _choice(self, best: dict[int, Offer]) -> tuple[int, Offer]:
        costs = sum(map(self._market.cost, best))
        rate = next(iter(best.values())).rate
        number, tie = first_of(self._market, list(best), rate, scarce=costs > self._rest)
        if tie:
            self.ties.append(tie)
        return number, best[number]

    def _buy(self, number: int, offer: Offer) -> None:
        if self._lacking:
            self._lacking.before(number, offer.rate)
        factor, price = finer(self._scale, offer.price)
        self._scale *= factor
        self._money = [money * factor for money in self._money] if factor > 1 else self._money
        purses = list(self._purses(number))
        paid = sum(min(money, price * points) * weight for money, points, weight in purses)
        for group, (money, points, _) in zip(self._supporters(number), purses, strict=True):
            self._money[group] = max(money - price * points, 0)
        self._record(number, offer, purses, price, min(paid // self._scale, self._cost(number)))

    def _record(
        self,
        number: int,
        offer: Offer,
        purses: Sequence[tuple[int, int, int]],
        whole: int,
        paid: int,
    ) -> None:
        cost, price = self._cost(number), Fraction(whole, self._scale)
        payers = sum(weight for money, _, weight in purses if money)
        self.rounds.append(
            Round(
                project=self._market.candidates[number].project.id,
                price=price,
                rate=offer.rate,
                effective=cost / price if price else Fraction(self._market.table.totals[number]),
                payers=payers,
                spent_up=sum(w for money, points, w in purses if 0 < money < whole * points),
                cost=cost,
            )
        )
        params = {"price": ceil(price), "payers": payers, "cost": cost, "missing": cost - paid}
        code = "fate.overspent" if cost > paid else "fate.shared"
        self._told.append((self._rest, Reason(code, params)))
        self._rest -= cost
        self._bought.append(number)
        self._heap = [entry for entry in self._heap if entry[1] != number]
        heapq.heapify(self._heap)

    def _cost(self, number: int) -> int:
        return self._market.cost(number)

    def _supporters(self, number: int) -> Sequence[int]:
        return self._market.groups.supporters[number]

    def _admits(self, number: int) -> bool:
        fits = self._cost(number) <= self._rest
        return fits and self._market.objection(number, self._bought) is None

    def _rate(self, number: int, more: int) -> Fraction | None:
        offer = self._offer(number, more)
        return offer.rate if offer else None
