"""How many more votes a project would have needed, all else unchanged.

The votes are thought of as cast by further voters who start with the same money as the others and
support nothing else. They change nothing for the others until the project is bought. So it is
bought if its price beats that of some round, or if all supporters together can pay at the end.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from partizipation_core.counting.shares.ledger import Ledger
from partizipation_core.counting.shares.plain import ROUNDING

if TYPE_CHECKING:
    from partizipation_core.counting.shares.market import Market
    from partizipation_core.counting.shares.run import Quote, Run

__all__ = ["missing_votes"]

_MORE = 1 + 16 * ROUNDING


def missing_votes(market: Market, run: Run) -> dict[int, int]:
    """Return for each rejected project how many more votes it would have needed.

    Projects that no number of votes helps are left out.

    Args:
        market: projects and voters.
        run: the run that decided.
    """
    return _Replay(market, run).missing()


class _Replay:
    def __init__(self, market: Market, run: Run) -> None:
        self._market, self._run = market, run
        self._start = run.starts[0] if run.starts else Fraction(0)
        self._ledger = Ledger(market.groups, run.starts)
        self._purses = market.table.purses(run.starts)
        self._best: dict[int, int] = {}

    def missing(self) -> dict[int, int]:
        if not self._start:
            return {}
        open_ = self._at_the_end()
        for place, purchase in enumerate(self._run.purchases):
            bought = self._run.bought[:place]
            for number in open_:
                if self._might_gain(number, purchase.quote) and self._admits(number, bought):
                    self._improve(number, purchase.quote)
            quote = purchase.quote
            self._purses.charge(quote.project, quote.price, quote.low, quote.spent)
            self._ledger.buy(quote.project, quote.numerator, quote.denominator)
        return self._best

    def _at_the_end(self) -> list[int]:
        """Note what is missing when nothing can be bought any more; return all to look at."""
        market, run, open_ = self._market, self._run, list[int]()
        standing = range(len(market.candidates))
        for number in standing:
            if number in run.bought or number in market.unable:
                continue
            open_.append(number)
            if market.objection(number, run.bought) is None:
                lacking = market.cost(number) - run.money(number)
                self._best[number] = max(ceil(lacking / self._start), 1)
        return open_

    def _admits(self, number: int, bought: list[int]) -> bool:
        return self._market.objection(number, bought) is None

    def _might_gain(self, number: int, quote: Quote) -> bool:
        """Tell quickly whether this round could ask for fewer votes than the best one so far."""
        if number not in self._best:
            return True
        cap = quote.price / quote.worth * self._market.worth[number] * _MORE
        more = (self._best[number] - 1) * min(float(self._start) * _MORE, cap)
        lacking = (self._market.cost(number) - more) * (2 - _MORE)
        if lacking > self._market.table.totals[number] * cap * _MORE:
            return False
        return lacking <= self._purses.paid(number, cap)

    def _improve(self, number: int, quote: Quote) -> None:
        rate = Fraction(quote.numerator, quote.denominator * quote.worth)
        cap = rate * self._market.worth[number]
        if not cap:
            return
        paid, rich = self._paid(number, cap)
        lacking = self._market.cost(number) - paid
        pays = min(cap, self._start)
        more = max(ceil(lacking / pays), 1)
        same = lacking == more * pays and (rich or self._start >= cap)
        if same and not self._preferred(number, quote.project, more):
            more += 1
        self._best[number] = min(self._best.get(number, more), more)

    def _paid(self, number: int, cap: Fraction) -> tuple[Fraction, bool]:
        """Return what supporters pay if each pays at most `cap` for a point, and if one does."""
        price, purses, ledger = float(cap), self._purses, self._ledger
        low = (price - purses.error) * (1 - 8 * ROUNDING)
        high = (price + purses.error) * (1 + 8 * ROUNDING)
        part = purses.poor(number, low)
        paid = Fraction(ledger.money(part), ledger.scale)
        rich = self._market.table.totals[number] - part.share
        full = False
        for group, points in purses.between(number, low, high):
            weight = self._market.groups.weights[group]
            rich -= weight * points
            balance = 0 if purses.is_empty(group) else ledger.balance(group)
            paid += weight * min(Fraction(balance, ledger.scale), cap * points)
            full = full or balance >= cap * points * ledger.scale
        return paid + rich * cap, full or rich > 0

    def _preferred(self, number: int, other: int, more: int) -> bool:
        candidates, ties = self._market.candidates, self._market.ties
        tally = candidates[number].tally
        added = replace(tally, votes=tally.votes + more, points=tally.points + more)
        return ties.key(replace(candidates[number], tally=added)) < ties.key(candidates[other])
