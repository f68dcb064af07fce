"""Exact money without fractions for each voter: prices paid, over one common denominator.

What a voter has left is the start minus the prices of the bought projects that the voter
supports, or nothing. So what many voters have left together is a sum with one term for each start
and each bought project, however many voters there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

from partizipation_core.counting.shares.groups import Groups

__all__ = ["Ledger", "Part"]


class Part:
    """Some supporters of one project: how many, and what their money consists of.

    Args:
        kinds: number of different starts.
    """

    __slots__ = ("paid", "share", "started", "voters")

    def __init__(self, kinds: int) -> None:
        self.share = 0
        """Voters, each times the points they give the project."""
        self.voters = 0
        """Voters who still have money."""
        self.started = [0] * kinds
        """Those voters by start."""
        self.paid: dict[int, int] = {}
        """For each project that they support how many prices they pay for it once it is bought."""


class Ledger:
    """Starts and prices as integers over a common denominator, the `scale`.

    Args:
        groups: the voters.
        starts: what voters start with, for each kind.
    """

    def __init__(self, groups: Groups, starts: Sequence[Fraction]) -> None:
        self._groups = groups
        self.scale = lcm(*(start.denominator for start in starts)) if starts else 1
        self._starts = [int(start * self.scale) for start in starts]
        self.prices: dict[int, int] = {}

    def balance(self, group: int) -> int:
        """Return what one voter of a group has left, times `scale`, unless all was given.

        Args:
            group: number of the group.
        """
        groups, prices = self._groups, self.prices
        left = self._starts[groups.kinds[group]]
        if groups.given:
            for project, points in zip(groups.choices[group], groups.given[group], strict=True):
                if project in prices:
                    left -= prices[project] * points
            return left
        return left - sum(prices[p] for p in groups.choices[group] if p in prices)

    def money(self, part: Part) -> int:
        """Return what some voters have left together, times `scale`.

        Args:
            part: the voters.
        """
        started = sum(map(int.__mul__, self._starts, part.started))
        paid = part.paid
        return started - sum(price * paid.get(p, 0) for p, price in self.prices.items())

    def buy(self, project: int, numerator: int, denominator: int) -> None:
        """Note a price.

        Args:
            project: what was bought.
            numerator: of the price.
            denominator: of the price, a multiple of `scale`.
        """
        factor = denominator // self.scale
        common = gcd(numerator, factor)
        numerator, factor = numerator // common, factor // common
        if factor > 1:
            self.scale *= factor
            self._starts = [start * factor for start in self._starts]
            self.prices = {paid: price * factor for paid, price in self.prices.items()}
        self.prices[project] = numerator

    def price(self, project: int) -> Fraction:
        """Return what one voter paid for a bought project.

        Args:
            project: what was bought.
        """
        return Fraction(self.prices[project], self.scale)
