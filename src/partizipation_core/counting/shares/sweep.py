"""Many runs of equal shares, each with a little more money: most of them need not be made.

Between two runs that surely buy the same for the same reasons all others do, too. So the distance
doubles as long as that holds and is halved where it does not, and only what changes is looked at.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from partizipation_core.counting.shares.glance import Glance
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from partizipation_core.counting.shares.completions import Count
    from partizipation_core.counting.shares.run import Run

__all__ = ["MOST_RUNS", "Sweep"]

MOST_RUNS = 100_000
"""Runs of one sweep after which its steps are too small for the money at hand."""


class Sweep:
    """Outcomes by the number of steps.

    Args:
        count: what was voted.
        added: how much more everybody has before the first step.
        step: how much more they have after each.
    """

    def __init__(self, count: Count, added: Fraction, step: Fraction) -> None:
        self._count, self._added, self._step = count, added, step
        self._seen: dict[int, Glance | None] = {}
        self._runs = 0

    def after(self, steps: int) -> Run | Glance:
        """Return the outcome after so many steps.

        Args:
            steps: their number.

        Raises:
            InputError: it took too many runs to come so far.
        """
        return self._glance(steps) or self._count.run(self._money(steps))

    def alike(self, steps: int) -> int:
        """Return how many further steps surely change nothing.

        Args:
            steps: how many have been taken.
        """
        self._seen = {number: seen for number, seen in self._seen.items() if number >= steps}
        here, passed, span, grows = self._glance(steps), 0, 2, True
        while here and span > 1 and self._lasts(here):
            more = self._glance(steps + passed + span)
            if more and here.alike(more):
                here, passed = more, passed + span
            else:
                grows = False
            span = 2 * span if grows else span // 2
        return passed

    def _money(self, steps: int) -> Fraction:
        return self._added + steps * self._step

    def _glance(self, steps: int) -> Glance | None:
        if steps not in self._seen:
            self._runs += 1
            if self._runs > MOST_RUNS:
                message = f"Add1 needs more than {MOST_RUNS} runs here; take a larger step"
                raise InputError(message)
            self._seen[steps] = self._count.glance(self._money(steps))
        return self._seen[steps]

    def _lasts(self, seen: Glance) -> bool:
        """Return whether something is out of reach for want of money alone."""
        market = self._count.market
        return any(market.objection(project, seen.bought) is None for project in seen.short)
