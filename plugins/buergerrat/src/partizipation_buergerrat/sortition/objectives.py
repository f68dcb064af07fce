"""What "fair" may mean: every objective turns limits into expected seats of each kind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from partizipation_buergerrat.sortition.leximin import Target, leximin
from partizipation_buergerrat.sortition.program import INFINITE, Program

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from partizipation_buergerrat.sortition.limits import Limits
    from partizipation_buergerrat.sortition.program import Floats

    Objective = Callable[[Limits], Target]
    Places = NDArray[np.intp]

__all__ = ["OBJECTIVES", "goldilocks", "maximin", "minimax", "nash"]

_ROUNDS = 200
_CLOSE = 1e-9
_SLACK = 1e-9


def maximin(limits: Limits) -> Target:
    """Make the smallest chance as large as can be, and leave all others open.

    Args:
        limits: the pool.
    """
    return leximin(limits, levels=1)


def minimax(limits: Limits) -> Target:
    """Make the largest chance as small as can be, then be as fair as possible under that cap.

    Args:
        limits: the pool.
    """
    return _capped(limits, leximin(limits), reward=0.0)


def goldilocks(limits: Limits) -> Target:
    """Balance the largest chance against the smallest one, neither too high nor too low.

    Minimises ``largest * n / k + k / (n * smallest)``; what remains open is settled by leximin.

    Args:
        limits: the pool.
    """
    return _capped(limits, leximin(limits), reward=1.0)


def _capped(limits: Limits, fair: Target, *, reward: float) -> Target:
    """Find the best cap by tangents to ``1 / smallest``, then climb under it."""
    able = fair.seats > _SLACK * limits.sizes
    count, people = len(able), float(limits.sizes[able].sum())
    even = limits.kinds.seats / people
    program = Program(
        np.concatenate([np.zeros(count), [0.0, -1.0 / even, -reward * even]]),
        np.zeros(count + 3),
        np.concatenate([limits.most, [1.0, 1.0, INFINITE]]),
        tally=limits.spend,
    )
    low, high, inverse = count, count + 1, count + 2
    for least, most, kinds, factors in limits.rows:
        program.add_row(least, most, kinds, factors)
    for kind in np.flatnonzero(able):
        size = limits.sizes[kind]
        program.add_row(0.0, INFINITE, [int(kind), low], np.array([1.0, -size]))
        program.add_row(-INFINITE, 0.0, [int(kind), high], np.array([1.0, -size]))
    at = max(min(fair.seats[able] / limits.sizes[able]), _SLACK)
    cap = 1.0
    for _ in range(_ROUNDS if reward else 1):
        program.add_row(2.0 / at, INFINITE, [inverse, low], np.array([1.0, 1.0 / at**2]))
        found = program.solve().columns
        cap, at = float(found[high]), max(float(found[low]), _SLACK)
        if 1.0 / at - float(found[inverse]) < _CLOSE / even:
            break
    under = leximin(limits, cap=min(cap + _SLACK, 1.0))
    return replace(under, prices=fair.prices)


def nash(limits: Limits) -> Target:
    """Make the product of all chances as large as can be.

    The logarithm of each chance is bounded by tangents, which are added where they are missing
    until the bound and what is reached meet.

    Args:
        limits: the pool.
    """
    fair = leximin(limits)
    able = np.flatnonzero(fair.seats > _SLACK * limits.sizes)
    count = len(limits.sizes)
    program = Program(
        np.concatenate([np.zeros(count), limits.sizes[able]]),
        np.concatenate([np.zeros(count), np.full(len(able), -INFINITE)]),
        np.concatenate([limits.most, np.zeros(len(able))]),
        tally=limits.spend,
    )
    for least, most, kinds, factors in limits.rows:
        program.add_row(least, most, kinds, factors)
    best, at = fair.seats, fair.seats
    for _ in range(_ROUNDS):
        _tangents(program, limits, able, at)
        found = program.solve()
        best = _further(limits, able, best, found.columns[:count])
        if found.value - _logs(limits, able, best) < _CLOSE * limits.sizes.sum():
            break
        at = np.where(found.columns[:count] > 0.1 * best, found.columns[:count], 0.5 * best)
        _tangents(program, limits, able, best)
    chances = best[able] / limits.sizes[able]
    return replace(fair, seats=best, minimum=float(chances.min()) if len(chances) else 0.0)


def _tangents(program: Program, limits: Limits, able: Places, at: Floats) -> None:
    for place, kind in enumerate(able):
        chance = max(float(at[kind] / limits.sizes[kind]), _SLACK)
        slope = 1.0 / (chance * limits.sizes[kind])
        program.add_row(
            -INFINITE,
            float(np.log(chance)) - 1.0,
            [int(kind), len(limits.sizes) + place],
            np.array([-slope, 1.0]),
        )


def _logs(limits: Limits, able: Places, seats: Floats) -> float:
    chances = np.maximum(seats[able] / limits.sizes[able], 1e-300)
    return float(limits.sizes[able] @ np.log(chances))


def _further(limits: Limits, able: Places, best: Floats, other: Floats) -> Floats:
    """Go from the best point towards another one, as far as the product grows."""
    steps = [1.0, 0.9, 0.75, 0.5, 0.35, 0.2, 0.1, 0.05, 0.02, 0.01, 0.003, 0.001, 0.0]
    points = [best + step * (other - best) for step in steps]
    return max(points, key=lambda point: _logs(limits, able, point))


OBJECTIVES: Mapping[str, Objective] = {
    "leximin": leximin,
    "maximin": maximin,
    "nash": nash,
    "goldilocks": goldilocks,
    "minimax": minimax,
}
"""Name → how the expected seats are found."""
