"""The seed that deals seats among equals: it follows from the pool, so nobody can choose it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partizipation_buergerrat.public.canonical import canonical, digest

if TYPE_CHECKING:
    from partizipation_buergerrat.sortition.problem import Problem

__all__ = ["dealing_seed"]


def dealing_seed(problem: Problem) -> str:
    """Return the hash of everything that a draw was asked.

    Args:
        problem: the draw.
    """
    people = [[p.id, list(p.features), p.household] for p in (*problem.pool, *problem.seated)]
    quotas = [[q.category, q.feature, q.least, q.most] for q in problem.categories.quotas]
    return digest(canonical([problem.seats, problem.one_per_household, quotas, people]))
