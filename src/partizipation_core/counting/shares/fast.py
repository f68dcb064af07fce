"""Purses in numpy (extra ``fast``): the same answers as with lists, sooner for cities.

Only this module knows numpy, and only `table_of` imports it. As in `plain`, floats are a filter
with a bound of their error; all sums that decide are of whole numbers below 2**53, hence exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain

import numpy as np

from partizipation_core.counting.shares.groups import Groups
from partizipation_core.counting.shares.ledger import Part
from partizipation_core.counting.shares.plain import LEAST, ROUNDING

__all__ = ["FastPurses", "FastTable"]


class FastTable:
    """Who supports what, as arrays.

    Args:
        groups: the voters.
    """

    def __init__(self, groups: Groups) -> None:
        self.groups = groups
        self.weights = np.array(groups.weights, dtype=np.float64)
        self.kinds = np.array(groups.kinds, dtype=np.intp)
        self.members = [np.array(members, dtype=np.intp) for members in groups.supporters]
        self.points = [np.array(points, dtype=np.float64) for points in groups.shares]
        heads = [self.weights[members] for members in self.members]
        self.shares = [h * p for h, p in zip(heads, self.points, strict=False)] or heads
        self.totals = [int(shares.sum()) for shares in self.shares]
        self.voters = [int(head.sum()) for head in heads]
        lengths = np.array([len(choices) for choices in groups.choices], dtype=np.intp)
        self.ends = np.cumsum(lengths)
        self.lengths = lengths
        self.choices = np.fromiter(chain.from_iterable(groups.choices), dtype=np.intp)
        self.given = np.fromiter(chain.from_iterable(groups.given), dtype=np.float64)

    def purses(self, starts: Sequence[Fraction]) -> FastPurses:
        """Return full purses.

        Args:
            starts: what voters start with, for each kind.
        """
        return FastPurses(self, starts)


class FastPurses:
    """The money of all voters during one run; see `PlainPurses` for what each method promises.

    Args:
        table: who supports what.
        starts: what voters start with, for each kind.
    """

    def __init__(self, table: FastTable, starts: Sequence[Fraction]) -> None:
        self._table = table
        rounded = np.array([float(start) for start in starts])
        self._money = rounded[table.kinds] if len(table.kinds) else rounded[:0]
        self._most = max(map(float, starts), default=0.0)
        self.error = self._most * ROUNDING
        self._empty = self._money == 0

    def offer(self, project: int, cost: int, least: float = 0.0) -> tuple[float, float] | None:
        """Return the price and how much lower it may be, None if they surely cannot pay.

        Args:
            project: the project.
            cost: what it costs.
            least: a lower bound that is known already.
        """
        units, shares = self._units(project), self._table.shares[project]
        total = self._table.totals[project]
        rounding = (2 * len(units) + 8) * ROUNDING * cost
        price = max(cost / total, least)
        poor = units < price
        if not (count := int(np.count_nonzero(poor))):
            return price, rounding / total
        money = units * shares
        if float(money.sum()) + self.error * total + rounding < cost:
            return None
        while True:
            rich = total - int(shares[poor].sum())
            if rich <= 0:
                return price, price
            price = max((cost - float(money[poor].sum())) / rich, price)
            poor = units < price
            if (more := int(np.count_nonzero(poor))) <= count:
                break
            count = more
        living = int(shares[units > 0].sum())
        return price, (self.error * (living - rich) + rounding) / rich

    def pay(self, project: int, price: float, doubt: float) -> bool:
        """Let the supporters pay a price that is not known exactly; return whether that is safe.

        Args:
            project: what is bought.
            price: its price.
            doubt: how wrong it may be.
        """
        members, money = self._table.members[project], self._money
        units = self._units(project)
        poor = units < price - doubt - self.error
        if np.count_nonzero(poor) + np.count_nonzero(units > price + doubt + self.error) < len(
            units
        ):
            return False
        points = self._table.points[project] if self._table.points else np.float64(1)
        money[members] = np.where(poor, 0.0, money[members] - price * points)
        most = float(np.max(points))
        self.error += doubt * most + (2 * price * most + self._most) * ROUNDING
        return True

    def poor(self, project: int, price: float) -> Part:
        """Return those supporters who surely cannot pay a price, and what they have.

        Args:
            project: the project.
            price: a lower bound of its price, less `error`.
        """
        table, members = self._table, self._table.members[project]
        poor = self._units(project) < price
        part = Part(len(table.groups.starts))
        part.share = int(table.shares[project][poor].sum())
        some = members[poor & ~self._empty[members]]
        if len(some):
            self._fill(part, some)
        return part

    def between(self, project: int, low: float, high: float) -> Iterator[tuple[int, int]]:
        """Yield supporters whose money for one point is between two prices, and their points.

        Args:
            project: the project.
            low: the lower price.
            high: the higher one.
        """
        units, groups = self._units(project), self._table.groups
        for place in np.flatnonzero((units >= low) & (units <= high)).tolist():
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
        members, money = self._table.members[project], self._money
        points = self._table.points[project] if self._table.points else np.float64(1)
        poor = self._units(project) < low
        money[members] = np.maximum(money[members] - price * points, LEAST)
        for gone in (members[poor], np.array(spent, dtype=np.intp)):
            money[gone] = 0.0
            self._empty[gone] = True
        self.error += (2 * price * float(np.max(points)) + self._most) * ROUNDING

    def paid(self, project: int, price: float) -> float:
        """Return at least what supporters pay if each pays at most a price for a point.

        Args:
            project: the project.
            price: the price.
        """
        units, shares = self._units(project), self._table.shares[project]
        paid = float((np.minimum(units, price) * shares).sum())
        slack = self.error * self._table.totals[project]
        return (paid + slack) * (1 + (len(units) + 8) * ROUNDING)

    def is_empty(self, group: int) -> bool:
        """Return whether a group has given all it had.

        Args:
            group: number of the group.
        """
        return bool(self._empty[group])

    def living(self, project: int) -> int:
        """Return how many supporters still have money.

        Args:
            project: the project.
        """
        members = self._table.members[project]
        return int(self._table.weights[members[~self._empty[members]]].sum())

    def _units(self, project: int) -> np.ndarray:
        money = self._money[self._table.members[project]]
        return money / self._table.points[project] if self._table.points else money

    def _fill(self, part: Part, some: np.ndarray) -> None:
        table = self._table
        weights, lengths = table.weights[some], table.lengths[some]
        part.voters = int(weights.sum())
        kinds = len(table.groups.starts)
        started = np.bincount(table.kinds[some], weights=weights, minlength=kinds)
        part.started = [int(number) for number in started]
        ends = np.cumsum(lengths)
        cells = np.arange(int(ends[-1])) + np.repeat(table.ends[some] - ends, lengths)
        paid = np.repeat(weights, lengths)
        if len(table.given):
            paid = paid * table.given[cells]
        found = np.bincount(table.choices[cells], weights=paid)
        part.paid = {int(project): int(found[project]) for project in np.flatnonzero(found)}
