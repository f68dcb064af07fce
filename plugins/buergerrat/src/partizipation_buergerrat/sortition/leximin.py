"""The fairest chances (Leximin): the smallest as large as can be, then the next, and so on.

Works on expected seats of kinds, so it needs no panel and no integer program. Each level is one
linear program over what a kind gets above the common chance: columns stay as they are, only the
chance's factors and the limits move, so the solver continues where it stood.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from partizipation_buergerrat.sortition.program import INFINITE, Infeasible, Program, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from partizipation_buergerrat.sortition.limits import Limits
    from partizipation_buergerrat.sortition.program import Floats, Solution

    Marks = NDArray[np.bool_]

__all__ = ["Target", "leximin"]

_PRICED = 1e-7
_TINY = 1e-9
_GIVE = (1e-9, 1e-8, 1e-7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Expected seats of each kind, and what they are good for.

    Args:
        seats: expected seats of each kind.
        minimum: the smallest chance of a person.
        prices: what a seat more in each limit would be worth to the minimum; for the proof.
        levels: how many linear programs were climbed through.
    """

    seats: Floats
    minimum: float
    prices: Floats
    levels: int


class _Ladder:
    """The program that climbs from level to level.

    Column t is what kind t gets above its floor, the last column is the common chance of all kinds
    that are still rising. The floor of a kind that has been fixed is what it was fixed at.
    """

    def __init__(self, limits: Limits, cap: float) -> None:
        self.sizes, self.rows = limits.sizes, limits.rows
        self.most = np.minimum(limits.most, cap * limits.sizes)
        count = len(self.sizes)
        self.rising = np.ones(count, dtype=bool)
        self.chance = np.zeros(count)
        self.floor = np.zeros(count)
        self.moved = np.zeros(count, dtype=bool)
        self.capped: dict[int, int] = {}
        self.program = Program(
            np.append(np.zeros(count), 1.0),
            np.zeros(count + 1),
            np.append(self.most, 1.0),
            tally=limits.spend,
        )
        for least, most, kinds, factors in self.rows:
            weights = np.append(factors, factors @ self.sizes[kinds])
            self.program.add_row(least, most, np.append(kinds, count), weights)

    def climb(self) -> tuple[Solution, Floats, float]:
        """Raise the chance; kinds that would get too much are capped, then it is tried again."""
        while True:
            found = self.program.solve()
            chance = float(found.columns[-1])
            seats = self.floor + found.columns[:-1] + self.rising * self.sizes * chance
            over = np.flatnonzero(self.rising & (seats > self.most + _TINY))
            new = [int(kind) for kind in over if int(kind) not in self.capped]
            if not new:
                return found, seats, chance
            for kind in new:
                self._cap(kind)

    def _cap(self, kind: int) -> None:
        """Limit a rising kind by a row of its own, which only few kinds ever need."""
        factors = np.array([1.0, self.sizes[kind]])
        columns = [kind, len(self.sizes)]
        self.capped[kind] = self.program.add_row(-INFINITE, self.most[kind], columns, factors)

    def fix(self, kinds: Marks, chance: float) -> None:
        """Let kinds rise no further than the chance they have now.

        Args:
            kinds: true for those to be fixed.
            chance: theirs.
        """
        self.chance[kinds] = chance
        self.rising[kinds] = False
        self.moved |= kinds
        for kind in [kind for kind in self.capped if kinds[kind]]:
            self.program.set_row(self.capped.pop(kind), -INFINITE, INFINITE)

    def climb_on(self) -> tuple[Solution, Floats, float]:
        """Climb one level more; give way by a hair where rounding leaves no room at all.

        Raises:
            Unknown: not even that helps.
        """
        for give in _GIVE:
            self._set_floors(give)
            with suppress(Infeasible):
                found = self.climb()
                self.moved[:] = False
                return found
            self.moved = ~self.rising
        raise Unknown("the level reached cannot be held within the precision of the solver")

    def _set_floors(self, give: float) -> None:
        self.floor = np.clip((self.chance - give) * self.sizes, 0.0, self.most)
        rising = self.sizes * self.rising
        for number, (least, most, members, factors) in enumerate(self.rows):
            if self.moved[members].any():
                taken = float(factors @ self.floor[members])
                self.program.set_factor(number, len(rising), float(factors @ rising[members]))
                self.program.set_row(number, least - taken, most - taken)
        self.program.set_bounds(np.zeros(len(rising)), self.most - self.floor)


def leximin(
    limits: Limits,
    *,
    cap: float = 1.0,
    levels: int | None = None,
    watch: Callable[[int, int], None] = lambda _done, _all: None,
) -> Target:
    """Find the expected seats of each kind whose chances are the fairest.

    Args:
        limits: the pool.
        cap: largest chance that any person may get.
        levels: how many levels to climb at most; 1 is maximin, which leaves the rest open.
        watch: told after each level how many kinds of how many are settled.

    Raises:
        Infeasible: no panel meets the limits.
        Unknown: the solver gave no answer.
    """
    ladder = _Ladder(limits, cap)
    first, seats, minimum = ladder.climb()
    chance, reduced, climbed = minimum, first.reduced[:-1], 1
    while levels is None or climbed < levels:
        binding = ladder.rising & (-reduced * ladder.sizes > _PRICED)
        ladder.fix(binding if binding.any() else ladder.rising.copy(), chance)
        watch(int((~ladder.rising).sum()), len(ladder.rising))
        if not ladder.rising.any():
            break
        found, seats, chance = ladder.climb_on()
        reduced, climbed = found.reduced[:-1], climbed + 1
    return Target(
        seats=np.clip(seats, 0.0, limits.most),
        minimum=max(minimum, 0.0),
        prices=first.prices[: len(ladder.rows)],
        levels=climbed,
    )
