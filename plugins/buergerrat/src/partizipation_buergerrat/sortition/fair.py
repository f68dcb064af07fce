"""From a problem to chances with a proof: target, panels, check, cuts, until they agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from partizipation_buergerrat.sortition.herding import herd
from partizipation_buergerrat.sortition.hull import Hull, Mixture
from partizipation_buergerrat.sortition.kinds import Kinds
from partizipation_buergerrat.sortition.limits import Cut, Limits
from partizipation_buergerrat.sortition.objectives import OBJECTIVES
from partizipation_buergerrat.sortition.panels import Panels
from partizipation_buergerrat.sortition.program import Infeasible
from partizipation_buergerrat.sortition.proof import Proof, prove
from partizipation_buergerrat.texts import wrong
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from partizipation_buergerrat.sortition.leximin import Target
    from partizipation_buergerrat.sortition.panels import Seats
    from partizipation_buergerrat.sortition.problem import Problem
    from partizipation_buergerrat.sortition.program import Floats

__all__ = ["CLOSE", "Chances", "fair_chances"]

CLOSE = 1e-6
"""A gap below this is rounding; above it, the result is not called exact."""

_EXACT_UP_TO = 400
_ROUNDS = 5_000
_NOBODY = 1e-9
_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """How likely each person is to be drawn, and how good that is.

    Args:
        problem: what was asked, with nobody seated.
        kinds: its pool in kinds.
        objective: what was made as good as can be.
        target: expected seats of each kind that the objective asks for.
        panels: panels, as seats of each kind.
        weights: how likely each of these panels is.
        gap: by how much, at most, somebody's chance under the weights is below the target.
        proof: bound on the smallest chance of all methods.
        cuts: limits that were found on the way; the proof uses them.
        limits: of the pool, with what the search for panels has learnt and spent.
    """

    problem: Problem
    kinds: Kinds
    objective: str
    target: Target
    panels: tuple[Seats, ...]
    weights: Floats
    gap: float
    proof: Proof
    cuts: tuple[Cut, ...]
    limits: Limits = field(repr=False, compare=False)

    @property
    def exact(self) -> bool:
        """Whether panels reproduce the target, so that it is reached and not only hoped for."""
        return self.gap <= CLOSE

    @property
    def minimum(self) -> float:
        """The smallest chance of a person under the weights: what is reached, not the target."""
        return min(self.reached.values())

    @property
    def targeted(self) -> Mapping[str, float]:
        """Person → chance that the objective asks for."""
        return self._by_person(self.target.seats)

    @property
    def reached(self) -> Mapping[str, float]:
        """Person → chance under the weighted panels."""
        return self._by_person(np.array(self.weights) @ np.array(self.panels, dtype=float))

    @property
    def excluded(self) -> tuple[str, ...]:
        """Persons who can be in no panel at all."""
        return tuple(id_ for id_, chance in self.targeted.items() if chance <= _NOBODY)

    def _by_person(self, seats: Floats) -> dict[str, float]:
        chances = {
            member: float(each) / kind.size
            for kind, each in zip(self.kinds.items, seats, strict=True)
            for member in kind.members
        }
        return dict(sorted(chances.items()))


def fair_chances(
    problem: Problem,
    *,
    objective: str = "leximin",
    exact: bool | None = None,
    watch: Callable[[str, float], None] = lambda _what, _gap: None,
) -> Chances:
    """Find the fairest chances and panels that give them.

    Args:
        problem: the draw; persons who are seated already are taken off first.
        objective: a key of `OBJECTIVES`.
        exact: whether panels must reproduce the target. If not, a hundred panels are made, and
            more until everybody who can be drawn is on one, and the gap says how far they carry.
            By default up to 400 kinds of persons.
        watch: told what is being done and how large the gap is.

    Raises:
        Infeasible: no panel meets the quotas.
        InputError: there is no such objective, or nobody to draw.
        Unknown: the solver gave no answer; nothing is made up instead.
    """
    if objective not in OBJECTIVES:
        raise InputError(f"unknown objective {objective!r}; there are {', '.join(OBJECTIVES)}")
    left = problem.remaining()
    if not len(left.pool):
        raise wrong(InputError, "draw.nobody")
    limits = Limits(Kinds.of(left))
    hull = Hull(limits)
    thorough = len(limits.kinds) <= _EXACT_UP_TO if exact is None else exact
    target, mixture = _settle(limits, hull, objective, thorough=thorough, watch=watch)
    return Chances(
        problem=left,
        kinds=limits.kinds,
        objective=objective,
        target=target,
        panels=tuple(hull.columns),
        weights=mixture.weights,
        gap=mixture.gap,
        proof=prove(limits.kinds, limits.cuts, target.prices.tolist()),
        cuts=tuple(limits.cuts),
        limits=limits,
    )


def _settle(
    limits: Limits,
    hull: Hull,
    objective: str,
    *,
    thorough: bool,
    watch: Callable[[str, float], None],
) -> tuple[Target, Mixture]:
    """Aim, check, cut off what no panel reaches, and aim again."""
    while True:
        target = OBJECTIVES[objective](limits)
        watch("target", 1.0)
        more = herd(limits, target.seats, hull.columns)
        herded = 2 * len(limits.sizes) if thorough else _SHOWN
        hull.add(islice(more, 0 if limits.cuts else herded))
        if _cut_off_excluded(limits, hull, target.seats, watch):
            continue
        rounds = _ROUNDS if thorough else 0
        mixture, cut = hull.close(
            target.seats, more, rounds=rounds, watch=lambda gap: watch("gap", gap)
        )
        if cut is None:
            return target, mixture
        limits.cuts.append(cut)


def _cut_off_excluded(
    limits: Limits, hull: Hull, target: Floats, watch: Callable[[str, float], None]
) -> bool:
    """Look for a panel with each kind that is in none yet; tell if one has none at all."""
    panels, found = Panels(limits), False
    met = np.sum(hull.columns, axis=0) > 0
    while True:
        missing = np.flatnonzero(~met & (target > _NOBODY * limits.sizes))
        watch("panels", 1.0 - len(missing) / len(met))
        if not len(missing) or limits.exhausted:
            return found
        panel = panels.quick(np.where(met, 0.0, 1.0))
        if panel is None or not panel[missing].any():
            panel = _with(limits, panels, int(missing[0]))
        if panel is None:
            factors = tuple(int(kind == missing[0]) for kind in range(len(target)))
            limits.cuts.append(Cut(factors=factors, most=0))
            met[missing[0]] = found = True
        else:
            hull.add([panel])
            met |= panel > 0


def _with(limits: Limits, panels: Panels, kind: int) -> Seats | None:
    """Find a panel with a seat for one kind, or learn from an integer program that none is."""
    least = np.zeros(len(limits.sizes))
    least[kind] = 1.0
    try:
        return panels.best(np.zeros(len(least)), least=least)[0]
    except Infeasible:
        return None
