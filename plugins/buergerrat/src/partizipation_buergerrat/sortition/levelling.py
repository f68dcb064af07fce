"""Weights on panels that do not reach a target: as even a share of it for everybody as they allow.

The smallest shortfall alone would leave people with nothing whose target is below that of others.
So the smallest share of a target is made as large as can be, then the next, and so on.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from partizipation_buergerrat.sortition.program import INFINITE, Infeasible, Program, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from partizipation_buergerrat.sortition.panels import Seats
    from partizipation_buergerrat.sortition.program import Floats

__all__ = ["levelled"]

_PRICED = 1e-7
_SLACK = 1e-7
"""Part of a target by which a share that was reached may be missed, so that rounding cannot."""
_LEVELS = 100
"""How many shares are made large one after the other; those behind them are large already."""


def levelled(panels: Sequence[Seats], target: Floats, *, tally: Callable[[int], None]) -> Floats:
    """Weigh panels so that shares of the target are as even as can be, from the smallest up.

    Args:
        panels: seats of each kind.
        target: expected seats of each kind.
        tally: told of the work.

    Returns:
        A weight for each panel, summing to 1.
    """
    program = _program(panels, target, tally)
    wanted = np.flatnonzero((target > 0.0) & (np.sum(panels, axis=0) > 0))
    found = program.solve()
    for _ in range(_LEVELS):
        share = found.columns[0]
        reached = wanted[found.prices[wanted] < -_PRICED]
        wanted = np.setdiff1d(wanted, reached)
        if not len(wanted) or not len(reached):
            break
        for kind in reached:
            program.set_factor(int(kind), 0, 0.0)
            program.set_row(int(kind), max(share - _SLACK, 0.0) * float(target[kind]), INFINITE)
        with suppress(Infeasible, Unknown):  # then what is levelled so far stays
            found = program.solve()
            continue
        break
    weights: Floats = np.clip(found.columns[1:], 0.0, None)
    return np.asarray(weights / weights.sum())


def _program(panels: Sequence[Seats], target: Floats, tally: Callable[[int], None]) -> Program:
    """Set up: make the share as large as can be that every kind on a panel gets of its target."""
    program = Program(np.ones(1), np.zeros(1), np.ones(1), tally=tally)
    drawn = np.sum(panels, axis=0) > 0
    for kind, seats in enumerate(target):
        factors = np.array([-float(seats) if drawn[kind] else 0.0])
        program.add_row(0.0, INFINITE, [0], factors)
    program.add_row(1.0, 1.0, [], np.zeros(0))
    for panel in panels:
        rows = np.append(np.flatnonzero(panel), len(panel))
        factors = np.append(panel[panel > 0], 1).astype(float)
        program.add_column(0.0, 0.0, INFINITE, rows, factors)
    return program
