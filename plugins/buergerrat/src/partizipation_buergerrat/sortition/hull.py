"""Weights on panels that reproduce a target exactly, or the proof that no weights do.

Limits on expected seats say less than whole panels do. So the target is checked: either panels
with weights reach it, or there is a cut, a limit that all panels keep and the target does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from partizipation_buergerrat.sortition.levelling import levelled
from partizipation_buergerrat.sortition.limits import Cut
from partizipation_buergerrat.sortition.panels import Panels
from partizipation_buergerrat.sortition.program import INFINITE, Program, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from partizipation_buergerrat.sortition.limits import Limits
    from partizipation_buergerrat.sortition.panels import Seats
    from partizipation_buergerrat.sortition.program import Floats

__all__ = ["Hull", "Mixture"]

_CLOSED = 1e-7
_HELPS = 0.7
_DENOMINATORS = (12, 60, 1_000, 100_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """Panels with weights.

    Args:
        weights: one for each panel of the hull, summing to 1.
        gap: by how much, at most, somebody's chance falls short of the target.
    """

    weights: Floats
    gap: float


class Hull:
    """All panels found so far, and the program that mixes them.

    Args:
        limits: what every panel must meet.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.columns: list[Seats] = []
        self._known: set[bytes] = set()
        self._search = Panels(limits)
        count = len(limits.sizes)
        self._program = Program(
            np.full(1, -1.0), np.zeros(1), np.full(1, INFINITE), tally=limits.spend
        )
        for kind in range(count):
            self._program.add_row(0.0, INFINITE, [0], limits.sizes[kind : kind + 1])
        self._program.add_row(1.0, 1.0, [], np.zeros(0))

    def add(self, panels: Iterable[Seats]) -> int:
        """Add panels that are not there yet, and tell how many were new.

        Args:
            panels: seats of each kind.
        """
        before = len(self.columns)
        for panel in panels:
            if (key := panel.tobytes()) not in self._known:
                self._known.add(key)
                self.columns.append(panel)
                rows = np.append(np.flatnonzero(panel), len(panel))
                factors = np.append(panel[panel > 0], 1).astype(float)
                self._program.add_column(0.0, 0.0, INFINITE, rows, factors)
        return len(self.columns) - before

    def mix(self, target: Floats) -> tuple[Mixture, Floats]:
        """Weigh the panels so that the largest shortfall of anybody's chance is smallest.

        Args:
            target: expected seats of each kind.

        Returns:
            The mixture, and what a seat of each kind would be worth to it.
        """
        for kind, seats in enumerate(target):
            self._program.set_row(kind, float(seats), INFINITE)
        found = self._program.solve()
        weights = np.clip(found.columns[1:], 0.0, None)
        mixture = Mixture(weights=weights / weights.sum(), gap=max(-found.value, 0.0))
        return mixture, np.maximum(-found.prices[: len(target)], 0.0)

    def close(
        self,
        target: Floats,
        more: Iterator[Seats],
        *,
        rounds: int,
        watch: Callable[[float], None] = lambda _gap: None,
    ) -> tuple[Mixture, Cut | None]:
        """Add panels until the target is reached or a cut shows that it cannot be.

        Args:
            target: expected seats of each kind.
            more: herded panels, which are cheaper than the best ones; taken while they help.
            rounds: how often to look for more panels at most.
            watch: told the gap after each round.

        Returns:
            The mixture, and a cut if the target is out of reach. Where the search takes more than
            `Limits.spent` allows, or an integer program ends without an answer, there is no cut,
            and the mixture is as fair as the panels found so far allow.
        """
        mixture, worths = self.mix(target)
        herding = not self.limits.cuts  # in a tight pool, herding itself is what takes time
        for _ in range(rounds):
            watch(mixture.gap)
            if mixture.gap <= _CLOSED or self.limits.spent:
                break
            before = len(self.columns)
            if herding:
                self.add(islice(more, len(target) // 4 + 4))
            else:
                try:
                    cut = self._search_exactly(worths, mixture.gap, target)
                except Unknown:
                    break  # the gap tells how far the panels found so far carry
                if cut is not None or len(self.columns) == before:
                    return mixture, cut
            last = mixture.gap
            mixture, worths = self.mix(target)
            herding = herding and mixture.gap < _HELPS * last
        return mixture if mixture.gap <= _CLOSED else self._levelled(target), None

    def _levelled(self, target: Floats) -> Mixture:
        weights = levelled(self.columns, target, tally=self.limits.spend)
        short = target - weights @ np.array(self.columns, dtype=float)
        return Mixture(weights=weights, gap=float(np.max(short / self.limits.sizes)))

    def _search_exactly(self, worths: Floats, gap: float, target: Floats) -> Cut | None:
        """Add a panel that helps, or return the cut that shows that none does."""
        if self._improve(worths, gap, target):
            return None
        return self._cut(worths, target)

    def _improve(self, worths: Floats, gap: float, target: Floats) -> bool:
        """Add a panel that is worth more than all there are: found quickly, else the best one."""
        reached = float(worths @ target) - gap
        for search in (self._search.quick, lambda given: self._best(given)[0]):
            panel = search(worths)
            if (
                panel is not None
                and float(worths @ panel) > reached + _CLOSED
                and self.add([panel])
            ):
                return True
        return False

    def _best(self, worths: Floats) -> tuple[Seats, float]:
        if self.limits.spent:
            raise Unknown("the search for panels takes too long")
        return self._search.best(worths)

    def _cut(self, worths: Floats, target: Floats) -> Cut | None:
        """Turn worths into whole numbers and prove what no panel exceeds."""
        for denominator in _DENOMINATORS:
            factors = _whole(worths, denominator)
            if not factors.any():
                continue
            panel, bound = self._best(factors)
            self.add([panel])
            most = int(np.floor(bound + 1e-6))
            if most != int(factors @ panel):
                raise Unknown("the integer program left its bound open")
            if float(factors @ target) > most + _CLOSED * float(factors.max()):
                return Cut(factors=tuple(int(each) for each in factors), most=most)
        return None


def _whole(worths: Floats, denominator: int) -> Floats:
    """Write worths as whole numbers: exactly if they are simple fractions, else rounded."""
    scaled = worths / worths.max()
    simple = [Fraction(float(each)).limit_denominator(denominator) for each in scaled]
    common = lcm(*(each.denominator for each in simple))
    if common > 10 * denominator:
        return np.asarray(np.rint(scaled * denominator))
    return np.array([float(each * common) for each in simple])
