"""How many more votes were missing where a price is asked anew in each round.

The votes are thought of as cast by further voters who have the same share as the others and
support nothing else. They change nothing for the others until the project is bought, and the more
there are the lower is its price, so the least number is found by bisection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from partizipation_core.counting.reasons import Reason
from partizipation_core.counting.result import Margin

if TYPE_CHECKING:
    from partizipation_core.counting.constraints import Candidate
    from partizipation_core.counting.shares.market import Market

__all__ = ["Lacking"]


@dataclass
class Lacking:
    """Follows a run and notes for each project the least number of further votes.

    Args:
        market: projects and voters.
        rate: price for utility of a project with so many more voters, None if it cannot be bought.
        admits: whether a project may be bought now as far as money and conditions are concerned.
    """

    market: Market
    rate: Callable[[int, int], Fraction | None]
    admits: Callable[[int], bool]
    least: dict[int, int] = field(default_factory=dict, init=False)
    _bought: set[int] = field(default_factory=set, init=False)

    def before(self, winner: int, rate: Fraction) -> None:
        """Note who could have been bought in the place of a winner.

        Args:
            winner: what is bought.
            rate: its price for utility.
        """
        if rate:
            self._note(lambda number, more: self._wins(number, more, winner, rate), winner)
        self._bought.add(winner)

    def end(self) -> None:
        """Note who could be bought when nothing is bought any more."""
        self._note(lambda number, more: self.rate(number, more) is not None)

    def margin(self, candidate: Candidate, number: int) -> Margin:
        """Return the margin of a project that was not bought.

        Args:
            candidate: the project.
            number: its number.
        """
        if candidate.project.withdrawn:
            return Margin(missing=None, reason=Reason("margin.withdrawn"))
        more = self.least.get(number)
        if more is None:
            return Margin(missing=None, reason=Reason("margin.excluded"))
        return Margin(missing=more, reason=Reason("margin.shared", {"missing": more}))

    def _note(self, enough: Callable[[int, int], bool], winner: int = -1) -> None:
        for number in range(len(self.market.candidates)):
            taken = number == winner or number in self._bought or number in self.market.unable
            if not taken and self.admits(number):
                known = self.least.get(number)
                if known is None or (known > 1 and enough(number, known - 1)):
                    self.least[number] = _bisected(known, partial(enough, number))

    def _wins(self, number: int, more: int, winner: int, rate: Fraction) -> bool:
        """Tell whether a project would be bought in place of the winner with more voters."""
        mine = self.rate(number, more)
        if mine is None or mine != rate:
            return mine is not None and mine < rate
        candidates, ties = self.market.candidates, self.market.ties
        tally = candidates[number].tally
        added = replace(tally, votes=tally.votes + more, points=tally.points + more)
        with_more = replace(candidates[number], tally=added)
        return ties.key(with_more) < ties.key(candidates[winner])


def _bisected(known: int | None, enough: Callable[[int], bool]) -> int:
    low, high = 0, known - 1 if known else 1
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
