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
    panels = Panels(limits)
    owed = np.zeros(len(target))
    least, most = np.floor(target + _SAME), np.ceil(target - _SAME)
    panels.within(least, most)
    while True:
        owed += target
        panel = None
        while panel is None:
            with suppress(Infeasible):
                panel = _next(panels, limits, owed / limits.sizes, known)
            if panel is None:
                least, most = _wider(limits, least, most)
                panels.within(least, most)
        owed -= panel
        yield panel


def _next(panels: Panels, limits: Limits, worths: Floats, known: Sequence[Seats]) -> Seats:
    """Find a panel of high worth within the bounds; where that takes too long, any will do."""
    if known and limits.spent:
        return max(known, key=lambda panel: float(worths @ panel))
    look = panels.quick if known and limits.dear else panels.good
    found = None
    with suppress(Unknown):
        found = look(worths)
    if found is not None:
        return found
    if known:
        return max(known, key=lambda panel: float(worths @ panel))
    return panels.best(np.zeros(len(worths)))[0]


def _wider(limits: Limits, least: Floats, most: Floats) -> tuple[Floats, Floats]:
    """Allow a seat more to either side, once no panel stays that close to the target."""
    new = np.maximum(least - 1, 0.0), np.minimum(most + 1, limits.most)
    if np.array_equal(new[0], least) and np.array_equal(new[1], most):
        raise Infeasible("no panel meets all limits")
    return new
