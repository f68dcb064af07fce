"""A run in floating point that knows whether it can be trusted; most of an ``Add1`` sweep is such.

It does what `Run` does without exact prices, and lets the errors add up. As soon as two prices, or
a price and what somebody has, are too close for the error to tell them apart, it gives up, and the
run is made exactly. What it does say is what the exact run would say.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from operator import lt
from typing import TYPE_CHECKING

from partizipation_core.counting.shares.plain import ROUNDING

if TYPE_CHECKING:
    from partizipation_core.counting.shares.market import Market

__all__ = ["Glance", "glance"]

_BELOW, _ABOVE = 1 - 4 * ROUNDING, 1 + 4 * ROUNDING
_BEYOND = 1.01
"""How far above a price others are brought up to date: `Glance.alike` needs some distance."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What a run buys, without prices.

    Args:
        bought: numbers of the projects in the order of their purchase.
        short: projects whose supporters could not pay.
        cost: what all bought projects cost.
        rates: for each purchase what its price for utility is at most.
        others: for each purchase what that of every other project is at least.
    """

    bought: tuple[int, ...]
    short: tuple[int, ...]
    cost: int
    rates: tuple[float, ...]
    others: tuple[float, ...]

    def alike(self, more: Glance) -> bool:
        """Return whether all runs between this one and another one surely buy the same.

        With the same purchases so far, whoever starts with more has at least as much left, so no
        price is higher. If a purchase is cheaper here than everything else is there, it is
        cheapest in between, too.

        Args:
            more: the outcome where everybody starts with more.
        """
        return self.bought == more.bought and all(map(lt, self.rates, more.others))


def glance(market: Market, starts: Sequence[Fraction]) -> Glance | None:
    """Return what a run buys, None if only an exact run can tell.

    Args:
        market: projects and voters.
        starts: what voters start with, for each kind.
    """
    return _Sight(market, starts).result()


class _Sight:
    def __init__(self, market: Market, starts: Sequence[Fraction]) -> None:
        self._market, self._purses = market, market.table.purses(starts)
        self._bought: list[int] = []
        self._short: list[int] = []
        self._rates: list[float] = []
        self._others: list[float] = []
        self._known: dict[int, float] = {}
        totals = market.table.totals
        self._heap = [
            (market.cost(p) / (totals[p] * market.worth[p]) * _BELOW, p) for p in market.able
        ]
        heapq.heapify(self._heap)

    def result(self) -> Glance | None:
        market = self._market
        while (first := self._first()) is not None:
            project, price, doubt = first
            rate = (price + doubt) / market.worth[project] * _ABOVE
            others = self._heap[0][0] if self._heap else inf
            if others <= rate or not self._purses.pay(project, price, doubt):
                return None
            self._bought.append(project)
            self._rates.append(rate)
            self._others.append(others)
        return Glance(
            bought=tuple(self._bought),
            short=tuple(self._short),
            cost=sum(map(market.cost, self._bought)),
            rates=tuple(self._rates),
            others=tuple(self._others),
        )

    def _first(self) -> tuple[int, float, float] | None:
        """Take the cheapest project off the heap; those that might be cheaper are up to date."""
        heap, fresh = self._heap, dict[int, tuple[float, float]]()
        while heap:
            project = heap[0][1]
            if project in fresh:
                price, doubt = fresh[project]
                self._renew(fresh, (price + doubt) / self._market.worth[project] * _BEYOND)
                if heap[0][1] == project:
                    heapq.heappop(heap)
                return project, price, doubt
            self._look(fresh)
        return None

    def _renew(self, fresh: dict[int, tuple[float, float]], rate: float) -> None:
        """Bring all up to date whose bound of an earlier round is not above the rate."""
        heap, kept = self._heap, [heapq.heappop(self._heap)]
        while heap and heap[0][0] <= rate and heap[0][1] not in fresh:
            self._look(fresh)
        heapq.heappush(heap, kept[0])

    def _look(self, fresh: dict[int, tuple[float, float]]) -> None:
        _, project = heapq.heappop(self._heap)
        market = self._market
        if market.objection(project, self._bought):
            return
        before = self._known.get(project, 0.0)
        offer = self._purses.offer(project, market.cost(project), before)
        if offer is None:
            self._short.append(project)
            return
        fresh[project] = offer
        low = max(offer[0] - offer[1], before) * _BELOW
        self._known[project] = low
        heapq.heappush(self._heap, (low / market.worth[project] * _BELOW, project))
