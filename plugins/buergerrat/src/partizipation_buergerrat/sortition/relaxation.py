"""The smallest change of quotas that makes a panel possible, within what was declared flexible."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from partizipation_buergerrat.sortition.kinds import Kinds
from partizipation_buergerrat.sortition.program import INFINITE, Infeasible, Program

if TYPE_CHECKING:
    from collections.abc import Callable

    from partizipation_buergerrat.sortition.problem import Problem
    from partizipation_buergerrat.sortition.program import Floats
    from partizipation_buergerrat.sortition.quotas import Quota

__all__ = ["Relaxation", "relax"]

_RAISE, _LOWER = 100, 101
_EFFORT = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """Changed quotas.

    Args:
        changed: each quota that must change, with its new limits; the flexible ones are kept.
        seats: by how many seats altogether.
    """

    changed: tuple[Quota, ...]
    seats: int


def relax(
    problem: Problem, *, person: str = "", tally: Callable[[int], None] = lambda _work: None
) -> Relaxation | None:
    """Change as few seats in quotas as possible until a panel exists.

    Among equally small changes, raising a maximum comes before lowering a minimum, which somebody
    wanted to protect. Nothing to change gives an empty relaxation.

    Args:
        problem: the draw, with nobody seated.
        person: somebody who must be in the panel; by default nobody in particular.
        tally: told how many steps of the solver it took.

    Returns:
        The change, or None if the flexible limits leave no panel either.

    Raises:
        Unknown: the solver gave no answer.
    """
    kinds = Kinds.of(problem)
    quotas = problem.categories.quotas
    count = len(kinds)
    least = np.zeros(count + 2 * len(quotas))
    for number, kind in enumerate(kinds.items):
        least[number] = float(person in kind.members)
    try:
        found = _program(problem, kinds, least, tally).solve()
    except Infeasible:
        return None
    moves = np.rint(found.columns[count:]).astype(int)
    lowered, raised = moves[: len(quotas)], moves[len(quotas) :]
    changed = tuple(
        replace(quota, least=quota.least - int(down), most=quota.most + int(up))
        for quota, down, up in zip(quotas, lowered, raised, strict=True)
        if down or up
    )
    return Relaxation(changed=changed, seats=int(moves.sum()))


def _program(
    problem: Problem, kinds: Kinds, least: Floats, tally: Callable[[int], None]
) -> Program:
    quotas, count, seats = problem.categories.quotas, len(kinds), problem.seats
    down = [quota.least - quota.least_flex for quota in quotas]
    up = [(seats if q.most_flex is None else q.most_flex) - min(q.most, seats) for q in quotas]
    costs = np.concatenate(
        [np.zeros(count), np.full(len(quotas), -_LOWER), np.full(len(quotas), -_RAISE)]
    )
    most = np.array([*(kind.most for kind in kinds.items), *down, *(max(n, 0) for n in up)], float)
    program = Program(costs, least, most, whole=True, tally=tally)
    program.set_effort(_EFFORT)
    numbers = {(quota.category, quota.feature): n for n, quota in enumerate(quotas)}
    for row in kinds.rows:
        place = numbers.get(row.label)
        ones = np.ones(len(row.kinds))
        if place is None:
            program.add_row(row.least, row.most, row.kinds, ones)
            continue
        program.add_row(row.least, INFINITE, [*row.kinds, count + place], np.append(ones, 1.0))
        raised = count + len(quotas) + place
        program.add_row(-INFINITE, row.most, [*row.kinds, raised], np.append(ones, -1.0))
    return program
