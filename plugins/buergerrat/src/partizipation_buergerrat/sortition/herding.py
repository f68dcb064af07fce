"""Many panels whose mean comes as close to a target as whole seats allow (Herding).

Each panel favours those who have had fewer seats than they should by now, so shortfalls never
grow, and the mean of j panels is off by a few seats in j.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from partizipation_buergerrat.sortition.panels import Panels
from partizipation_buergerrat.sortition.program import Infeasible, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from partizipation_buergerrat.sortition.limits import Limits
    from partizipation_buergerrat.sortition.panels import Seats
    from partizipation_buergerrat.sortition.program import Floats

__all__ = ["herd"]

_SAME = 1e-7
_IN_VAIN = 10
"""After so many dives in a row that led to nothing, the next ones will not either."""


def herd(limits: Limits, target: Floats, known: Sequence[Seats] = ()) -> Iterator[Seats]:
    """Yield panels for ever, the mean of which follows the target.

    Args:
        limits: what every panel must meet.
        target: expected seats of each kind.
        known: panels at hand, which serve where new ones are too hard to come by.

    Raises:
        Infeasible: no panel meets the limits.
        Unknown: the solver gave no answer.
    """
    search = _Search(limits, target, known)
    owed = np.zeros(len(target))
    while True:
        owed += target
        panel = search.next(owed / limits.sizes)
        owed -= panel
        yield panel


class _Search:
    """Finds panels of high worth close to a target, as long as that is worth the effort."""

    def __init__(self, limits: Limits, target: Floats, known: Sequence[Seats]) -> None:
        self.limits, self.known = limits, known
        self.panels = Panels(limits)
        self.least, self.most = np.floor(target + _SAME), np.ceil(target - _SAME)
        self.panels.within(self.least, self.most)
        self.in_vain = 0

    def next(self, worths: Floats) -> Seats:
        """Find a panel within the bounds, which give way once there is none."""
        while True:
            with suppress(Infeasible):
                return self._within(worths)
            self._widen()

    def _within(self, worths: Floats) -> Seats:
        """Find a panel of high worth within the bounds; where that takes too long, any will do."""
        if self.known and (self.limits.spent or self.in_vain >= _IN_VAIN):
            return self._at_hand(worths)
        dear = bool(self.known) and self.limits.dear
        found = None
        with suppress(Unknown):
            found = self.panels.quick(worths) if dear else self.panels.good(worths)
        self.in_vain = self.in_vain + 1 if found is None else 0
        if found is not None:
            return found
        return self._at_hand(worths) if self.known else self.panels.best(0.0 * worths)[0]

    def _at_hand(self, worths: Floats) -> Seats:
        return max(self.known, key=lambda panel: float(worths @ panel))

    def _widen(self) -> None:
        """Allow a seat more to either side, once no panel stays that close to the target."""
        before = self.least, self.most
        self.least = np.maximum(self.least - 1, 0.0)
        self.most = np.minimum(self.most + 1, self.limits.most)
        if np.array_equal(before[0], self.least) and np.array_equal(before[1], self.most):
            raise Infeasible("no panel meets all limits")
        self.panels.within(self.least, self.most)
