"""Purses in floating point, standard library only: a filter that knows how wrong it may be.

`error` bounds how far any float balance is from the exact one. It grows with each payment by what
rounding can do at most, and all that is told here is true in spite of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import compress, repeat
from operator import itemgetter, mul

from partizipation_core.counting.shares.groups import Groups
from partizipation_core.counting.shares.ledger import Part

__all__ = ["LEAST", "ROUNDING", "PlainPurses", "PlainTable"]

ROUNDING = 2.0**-52
"""Twice the relative error of one operation on doubles."""

LEAST = 1e-300
"""Stands for money that is there, but too little to be seen; 0.0 means that there is none."""


class PlainTable:
    """What does not change from run to run: who supports what, and with how many voters.

    Args:
        groups: the voters.
    """

    def __init__(self, groups: Groups) -> None:
        self.groups = groups
        self.weights = [self._weighted(project) for project in range(len(groups.supporters))]
        self.totals = [sum(weights) for weights in self.weights]
        self.voters = [sum(groups.weights[g] for g in members) for members in groups.supporters]
        self.look = [_looker(members) for members in groups.supporters]

    def purses(self, starts: Sequence[Fraction]) -> PlainPurses:
        """Return full purses.

        Args:
            starts: what voters start with, for each kind.
        """
        return PlainPurses(self, starts)

    def _weighted(self, project: int) -> list[int]:
        groups = self.groups
        weights = [groups.weights[group] for group in groups.supporters[project]]
        return list(map(mul, weights, groups.shares[project])) if groups.shares else weights


def _looker(members: list[int]) -> Callable[[list[float]], Sequence[float]]:
    if len(members) > 1:
        return itemgetter(*members)
    return lambda money: [money[group] for group in members]


class PlainPurses:
    """The money of all voters during one run.

    Args:
        table: who supports what.
        starts: what voters start with, for each kind.
    """

    def __init__(self, table: PlainTable, starts: Sequence[Fraction]) -> None:
        self._table, self._groups = table, table.groups
        rounded = [float(start) for start in starts]
        self._money = [rounded[kind] for kind in table.groups.kinds]
        self._most = max(rounded, default=0.0)
        self.error = self._most * ROUNDING
        self.empty = bytearray(not starts[kind] for kind in table.groups.kinds)

    def offer(self, project: int, cost: int, least: float = 0.0) -> tuple[float, float] | None:
        """Return the price and how much lower it may be, None if they surely cannot pay.

        It is as little higher at most, provided that no supporter has that little more than the
        price. What may be wrong are the balances of those who cannot pay the full price and are
        not empty, and the rounding of their sum.

        Args:
            project: the project.
            cost: what it costs.
            least: a lower bound that is known already.
        """
        units, weights = self._units(project), self._table.weights[project]
        total = self._table.totals[project]
        price = max(cost / total, least)
        rounding = (4 * len(units) + 16) * ROUNDING
        if min(units) >= price:
            return price, rounding * cost / total
        money = sum(map(mul, units, weights))
        rounding *= max(money, cost)
        if money + self.error * total + rounding < cost:
            return None
        price, rich = _peeled(units, weights, cost - money, price)
        poor = sum(compress(weights, units)) - rich
        return price, (self.error * poor + rounding) / rich if rich else price

    def pay(self, project: int, price: float, doubt: float) -> bool:
        """Let the supporters pay a price that is not known exactly; return whether that is safe.

        Args:
            project: what is bought.
            price: its price.
            doubt: how wrong it may be.
        """
        groups, money = self._groups, self._money
        members, units = groups.supporters[project], self._units(project)
        low, high = price - doubt - self.error, price + doubt + self.error
        points = groups.shares[project] if groups.shares else repeat(1)
        for group, unit, given in zip(members, units, points, strict=False):
            if unit > high:
                money[group] -= price * given
            elif unit < low:
                money[group] = 0.0
            else:
                return False
        most = max(groups.shares[project]) if groups.shares else 1
        self.error += doubt * most + (2 * price * most + self._most) * ROUNDING
        return True

    def poor(self, project: int, price: float) -> Part:
        """Return those supporters who surely cannot pay a price, and what they have.

        Args:
            project: the project.
            price: a lower bound of its price, less `error`.
        """
        part, groups, empty = Part(len(self._groups.starts)), self._groups, self.empty
        shares = self._table.weights[project]
        members = zip(groups.supporters[project], self._units(project), shares, strict=True)
        for group, unit, share in members:
            if unit < price:
                part.share += share
                if not empty[group]:
                    self._add(part, group)
        return part

    def between(self, project: int, low: float, high: float) -> Iterator[tuple[int, int]]:
        """Yield supporters whose money for one point is between two prices, and their points.

        Args:
            project: the project.
            low: the lower price.
            high: the higher one.
        """
        groups = self._groups
        for place, unit in enumerate(self._units(project)):
            if low <= unit <= high:
                group = groups.supporters[project][place]
                yield group, groups.shares[project][place] if groups.shares else 1

    def charge(self, project: int, price: float, low: float, spent: Sequence[int]) -> None:
        """Let the supporters pay.

        Args:
            project: what is bought.
            price: its price, correctly rounded.
            low: who has less than this for a point gives all.
            spent: who else gives all.
        """
        groups, money, empty = self._groups, self._money, self.empty
        members, units = groups.supporters[project], self._units(project)
        points = groups.shares[project] if groups.shares else (1,) * len(members)
        for group, unit, given in zip(members, units, points, strict=True):
            if unit < low:
                money[group], empty[group] = 0.0, 1
            else:
                money[group] = max(money[group] - price * given, LEAST)
        for group in spent:
            money[group], empty[group] = 0.0, 1
        self.error += (2 * price * max(points, default=1) + self._most) * ROUNDING

    def paid(self, project: int, price: float) -> float:
        """Return at least what supporters pay if each pays at most a price for a point.

        Args:
            project: the project.
            price: the price.
        """
        units, weights = self._units(project), self._table.weights[project]
        paid = sum(map(mul, map(min, units, repeat(price)), weights))
        slack = self.error * self._table.totals[project]
        return float(paid + slack) * (1 + (len(units) + 8) * ROUNDING)

    def is_empty(self, group: int) -> bool:
        """Return whether a group has given all it had.

        Args:
            group: number of the group.
        """
        return bool(self.empty[group])

    def living(self, project: int) -> int:
        """Return how many supporters still have money.

        Args:
            project: the project.
        """
        empty, weights = self.empty, self._groups.weights
        return sum([weights[g] for g in self._groups.supporters[project] if not empty[g]])

    def _units(self, project: int) -> Sequence[float]:
        """Return what each supporter could pay for one point."""
        units = self._table.look[project](self._money)
        if not self._groups.shares:
            return units
        return [
            unit / given for unit, given in zip(units, self._groups.shares[project], strict=True)
        ]

    def _add(self, part: Part, group: int) -> None:
        groups, weight = self._groups, self._groups.weights[group]
        part.voters += weight
        part.started[groups.kinds[group]] += weight
        paid = part.paid
        if groups.given:
            for project, points in zip(groups.choices[group], groups.given[group], strict=True):
                paid[project] = paid.get(project, 0) + weight * points
        else:
            for project in groups.choices[group]:
                paid[project] = paid.get(project, 0) + weight


def _peeled(
    units: Sequence[float], weights: Sequence[int], lacking: float, price: float
) -> tuple[float, int]:
    """Take away those who cannot pay the price, which raises it, until all others can.

    Returns the price and how many pay it; nobody if rounding has taken away the last one.
    """
    left = [(u, w) for u, w in zip(units, weights, strict=True) if u >= price]
    while left:
        rich = sum([weight for _, weight in left])
        price = max((lacking + sum([unit * weight for unit, weight in left])) / rich, price)
        fewer = [pair for pair in left if pair[0] >= price]
        if len(fewer) == len(left):
            return price, rich
        left = fewer
    return price, 0
