"""One run of equal shares: buy the project with the lowest price for utility, again and again.

Prices only grow, since money only gets less. So a price of an earlier round is a lower bound, and
a heap of such bounds tells which few projects to look at. Floats decide who is looked at; what is
bought, for how much, and whether two are equal, is decided by integers alone.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from partizipation_core.counting.rounds import Round
from partizipation_core.counting.shares.ledger import Ledger
from partizipation_core.counting.shares.plain import ROUNDING

if TYPE_CHECKING:
    from partizipation_core.counting.reasons import Reason
    from partizipation_core.counting.shares.market import Market
    from partizipation_core.counting.ties import Resolved

__all__ = ["Purchase", "Quote", "Run", "Tied"]

_BELOW, _ABOVE = 1 - 4 * ROUNDING, 1 + 4 * ROUNDING


@dataclass(frozen=True, slots=True)
class Quote:
    """An exact price.

    Args:
        project: number of the project.
        numerator: of the price.
        denominator: of the price.
        worth: utility of one point.
        low: those with less money for a point than this give all, and those in `spent`.
        spent: groups close to the price that give all.
        poor: voters who cannot pay the full price.
    """

    project: int
    numerator: int
    denominator: int
    worth: int
    low: float
    spent: tuple[int, ...]
    poor: int

    @property
    def price(self) -> float:
        """The price, correctly rounded."""
        return self.numerator / self.denominator

    def compared(self, other: Quote) -> int:
        """Return a number below, equal to or above 0, as the price for utility is.

        Args:
            other: what to compare with.
        """
        mine = self.numerator * other.denominator * other.worth
        return mine - other.numerator * self.denominator * self.worth


@dataclass(frozen=True, slots=True)
class Tied:
    """Projects at the same price for utility.

    Args:
        resolved: the projects in the order of the ties.
        numbers: their numbers in that order.
        rate: the price for utility.
    """

    resolved: Resolved
    numbers: tuple[int, ...]
    rate: Fraction


@dataclass(frozen=True, slots=True)
class Purchase:
    """One round, as `rounds` tell it later.

    Args:
        quote: what was bought and for how much.
        payers: voters who had money for it.
    """

    quote: Quote
    payers: int


@dataclass
class Run:
    """One run with fixed starts; `bought` and `ended` say how it went.

    Args:
        market: projects and voters.
        starts: what voters start with, for each kind.
        forced: for ties by their number, which project is bought first in spite of their order.
    """

    market: Market
    starts: Sequence[Fraction]
    forced: Mapping[int, int] = field(default_factory=dict)
    bought: list[int] = field(default_factory=list, init=False)
    purchases: list[Purchase] = field(default_factory=list, init=False)
    refused: dict[int, Reason] = field(default_factory=dict, init=False)
    short: list[int] = field(default_factory=list, init=False)
    ties: list[Tied] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        market = self.market
        self._ledger = Ledger(market.groups, self.starts)
        self._purses = market.table.purses(self.starts)
        self._lows: dict[int, float] = {}
        self._known: dict[int, float] = {}
        totals = market.table.totals
        self._heap = [
            (market.cost(p) / (totals[p] * market.worth[p]) * _BELOW, p) for p in market.able
        ]
        heapq.heapify(self._heap)
        while quotes := self._cheapest():
            self._buy(self._choice(quotes))

    @property
    def cost(self) -> int:
        """What all bought projects cost."""
        return sum(map(self.market.cost, self.bought))

    def rounds(self) -> tuple[Round, ...]:
        """Return the protocol of the run."""
        return tuple(map(self._round, self.purchases))

    def money(self, project: int) -> Fraction:
        """Return what the supporters of a project have left together.

        Args:
            project: its number.
        """
        everybody = self._purses.poor(project, float("inf"))
        return Fraction(self._ledger.money(everybody), self._ledger.scale)

    def _round(self, purchase: Purchase) -> Round:
        quote, candidate = purchase.quote, self.market.candidates[purchase.quote.project]
        price, cost = Fraction(quote.numerator, quote.denominator), candidate.project.cost
        return Round(
            project=candidate.project.id,
            price=price,
            rate=price / quote.worth,
            effective=cost / price if price else Fraction(self.market.table.totals[quote.project]),
            payers=purchase.payers,
            spent_up=quote.poor,
            cost=cost,
        )

    def _cheapest(self) -> list[Quote]:
        """Return all projects at the lowest price for utility; the heap keeps the others."""
        heap, best, later = self._heap, list[Quote](), list[tuple[float, int]]()
        limit = float("inf")
        while heap and heap[0][0] <= limit:
            low, project = heapq.heappop(heap)
            if project not in self._lows:
                self._look(project)
                continue
            quote = self._settled(project)
            if quote is None:
                self.short.append(project)
                continue
            later.append((low, project))
            order = quote.compared(best[0]) if best else -1
            if order < 0:
                best, limit = [quote], quote.price / quote.worth * _ABOVE
            elif order == 0:
                best.append(quote)
        for entry in later:
            heapq.heappush(heap, entry)
        return best

    def _look(self, project: int) -> None:
        """Bring a bound of an earlier round up to date, or let the project go."""
        if reason := self.market.objection(project, self.bought):
            self.refused[project] = reason
            return
        before = self._known.get(project, 0.0)
        offer = self._purses.offer(project, self.market.cost(project), before)
        if offer is None:
            self.short.append(project)
            return
        low = max(offer[0] - offer[1], before) * _BELOW
        self._lows[project] = self._known[project] = low
        heapq.heappush(self._heap, (low / self.market.worth[project] * _BELOW, project))

    def _settled(self, project: int) -> Quote | None:
        """Return the exact price, None if the supporters cannot pay."""
        ledger, purses = self._ledger, self._purses
        sure = (self._lows[project] - purses.error) * _BELOW
        part = purses.poor(project, sure)
        rest = self.market.cost(project) * ledger.scale - ledger.money(part)
        rich, poor = self.market.table.totals[project] - part.share, part.voters
        known: dict[int, tuple[int, int]] = {}
        spent: set[int] = set()
        changed = True
        while changed and rich > 0:
            changed = False
            high = (rest / (rich * ledger.scale) + purses.error) * _ABOVE
            for group, points in purses.between(project, sure, high):
                if group not in known:
                    balance = 0 if purses.is_empty(group) else ledger.balance(group)
                    known[group] = (balance, points)
            for group, (balance, points) in known.items():
                if group not in spent and balance * rich < rest * points:
                    weight = self.market.groups.weights[group]
                    spent.add(group)
                    changed = True
                    rest, rich = rest - balance * weight, rich - weight * points
                    poor += weight if balance else 0
        if rich <= 0:
            return None
        exact = [g for g, (b, points) in known.items() if b * rich == rest * points]
        return Quote(
            project,
            rest,
            rich * ledger.scale,
            self.market.worth[project],
            sure,
            (*spent, *exact),
            poor,
        )

    def _choice(self, quotes: list[Quote]) -> Quote:
        if len(quotes) == 1:
            return quotes[0]
        named = {self.market.candidates[q.project].project.id: q for q in quotes}
        equals = [self.market.candidates[quote.project] for quote in quotes]
        resolved = self.market.ties.resolve(equals)
        order = [named[candidate.project.id] for candidate in resolved.order]
        first = order[0]
        rate = Fraction(first.numerator, first.denominator * first.worth)
        number = len(self.ties)
        self.ties.append(Tied(resolved, tuple(quote.project for quote in order), rate))
        if number in self.forced:
            return next(quote for quote in order if quote.project == self.forced[number])
        return first

    def _buy(self, quote: Quote) -> None:
        project = quote.project
        self._heap = [entry for entry in self._heap if entry[1] != project]
        heapq.heapify(self._heap)
        self.purchases.append(Purchase(quote, self._purses.living(project)))
        self._purses.charge(project, quote.price, quote.low, quote.spent)
        self._ledger.buy(project, quote.numerator, quote.denominator)
        self.bought.append(project)
        self._lows.clear()
