"""Panels in whole seats: herded after a target, or the best one for given worths of a seat."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from partizipation_buergerrat.sortition.program import Infeasible, Solution, Unknown

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from partizipation_buergerrat.sortition.limits import Limits
    from partizipation_buergerrat.sortition.program import Floats

    Seats = NDArray[np.int64]

__all__ = ["Panels", "check_panel"]

_WHOLE = 1e-6
_ANY, _BETTER = 5_000, 400
"""How long to search for any panel at all, and for one of the highest worth."""


class Panels:
    """Finds panels; every one is checked again in whole numbers before it is given out.

    Args:
        limits: what a panel must meet.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        none = np.zeros(len(limits.sizes))
        self._dive = limits.program(none)
        self._exact = limits.program(none, whole=True)
        self._bounds = (none, limits.most)

    def within(self, least: Floats, most: Floats) -> None:
        """Look only for panels between two bounds from now on.

        Args:
            least: fewest seats of each kind.
            most: most seats of each kind.
        """
        self._bounds = (least, most)
        self._dive.set_bounds(least, most)

    def good(self, worths: Floats) -> Seats:
        """Find a panel of high worth: quickly, or else the best one.

        Args:
            worths: of a seat of each kind.

        Raises:
            Infeasible: there is no panel within the bounds.
            Unknown: the solver gave no answer.
        """
        found = self.quick(worths)
        return self._best(worths, *self._bounds)[0] if found is None else found

    def quick(self, worths: Floats) -> Seats | None:
        """Find a panel of high worth: a linear program, then a dive to whole seats.

        Args:
            worths: of a seat of each kind.

        Returns:
            The panel, or None if the dive found none, which says nothing.

        Raises:
            Infeasible: there is no panel within the bounds.
            Unknown: the solver gave no answer.
        """
        self._dive.set_costs(worths)
        moved: list[int] = []
        try:
            found = self._whole(self._dive.solve(), moved)
        finally:
            for kind in moved:
                self._dive.set_bound(kind, self._bounds[0][kind], self._bounds[1][kind])
        return None if found is None else self._checked(found)

    def _whole(self, found: Solution, moved: list[int]) -> Floats | None:
        while True:
            seats = found.columns
            open_ = np.abs(seats - np.rint(seats))
            kind = int(np.argmax(open_))
            if open_[kind] < _WHOLE:
                return np.rint(seats)
            kind = int(np.argmax(np.where(open_ > _WHOLE, seats - np.floor(seats), -1.0)))
            moved.append(kind)
            step = self._step(kind, float(seats[kind]))
            if step is None:
                return None
            found = step

    def _step(self, kind: int, seats: float) -> Solution | None:
        """Round one kind up or, where that leads nowhere, down."""
        for whole in (np.ceil(seats), np.floor(seats)):
            self._dive.set_bound(kind, whole, whole)
            with suppress(Infeasible, Unknown):
                return self._dive.solve()
        return None

    def best(self, worths: Floats, *, least: Floats | None = None) -> tuple[Seats, float]:
        """Find the panel of the highest worth among all panels, and the proven limit of it.

        Args:
            worths: of a seat of each kind.
            least: fewest seats of each kind, by default none.

        Raises:
            Infeasible: there is no panel.
            Unknown: the solver gave no answer.
        """
        none = np.zeros(len(worths))
        return self._best(worths, none if least is None else least, self._limits.most)

    def _best(self, worths: Floats, least: Floats, most: Floats) -> tuple[Seats, float]:
        diagram = self._limits.diagram()
        if diagram is not None:
            panel = diagram.best(worths, least, most)
            if panel is None:
                raise Infeasible("no panel meets all limits")
            return self._checked(panel), float(worths @ panel)
        self._exact.set_bounds(least, most)
        self._exact.set_costs(worths)
        self._exact.set_effort(_BETTER if worths.any() else _ANY)
        found = self._exact.solve()
        return self._checked(found.columns), found.bound

    def _checked(self, seats: Floats | Seats) -> Seats:
        panel = seats.astype(np.int64)
        check_panel(self._limits, panel)
        return panel


def check_panel(limits: Limits, panel: Seats) -> None:
    """Count a panel again in whole numbers.

    Args:
        limits: what it must meet.
        panel: seats of each kind.

    Raises:
        Unknown: it meets them only within the precision of the solver, which is not enough.
    """
    kinds = limits.kinds
    fits = all(
        row.least <= sum(int(panel[kind]) for kind in row.kinds) <= row.most for row in kinds.rows
    )
    if not fits or any(
        not 0 <= n <= kind.most for n, kind in zip(panel, kinds.items, strict=True)
    ):
        raise Unknown("the solver proposed a panel that does not meet the quotas")
