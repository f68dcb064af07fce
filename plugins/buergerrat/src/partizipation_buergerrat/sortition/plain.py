"""Numbered panels without a solver: from pots (Lostöpfe), or from one pot for all.

Standard library only. The panels are published, committed to, drawn from and verified like those
of any other lottery. What is missing is the proof: nobody claims that no chances are fairer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from partizipation_buergerrat.sortition.pots import draw_from_pots, draw_simply
from partizipation_buergerrat.texts import wrong
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from partizipation_buergerrat.sortition.problem import Problem
    from partizipation_buergerrat.sortition.stream import Stream

__all__ = ["PlainLottery", "divide", "from_one_pot", "from_pots"]

_TRIES = 200
"""How many panels are thrown away for each that is kept, before quotas are called too narrow."""

Pot = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainLottery:
    """Numbered panels, one of which will be drawn.

    Args:
        problem: what was asked, with nobody seated.
        panels: the identifiers of each panel.
        objective: ``pots`` or ``simple``.
    """

    problem: Problem
    panels: tuple[tuple[str, ...], ...]
    objective: str

    @property
    def chances(self) -> None:
        """There is nothing to prove."""
        return

    @property
    def gap(self) -> float:
        """No target is missed, since none is claimed."""
        return 0.0

    @property
    def counts(self) -> Mapping[str, int]:
        """Person → on how many panels they sit; everybody who may be drawn is listed."""
        counted = Counter(id_ for panel in self.panels for id_ in panel)
        return {person.id: counted[person.id] for person in self.problem.pool}

    @property
    def deviation(self) -> float:
        """The largest difference between somebody's share of panels and that of those alike."""
        counts, alike = self.counts, defaultdict[Pot, list[int]](list)
        for person in self.problem.pool:
            alike[person.features].append(counts[person.id])
        return max(
            abs(count - sum(each) / len(each)) / len(self.panels)
            for each in alike.values()
            for count in each
        )


def from_one_pot(problem: Problem, *, panels: int, stream: Stream) -> PlainLottery:
    """Draw panels from one pot; those that miss a quota are thrown away (einfache Zufallsauswahl).

    So each panel that meets the quotas is as likely as any other.

    Args:
        problem: the draw; persons who are seated already are taken off first.
        panels: how many.
        stream: the chance.

    Raises:
        InputError: the quotas are too narrow for this.
    """
    left = problem.remaining()

    def drawn() -> tuple[str, ...]:
        one = draw_simply(left.pool, left.seats, stream, one_per_household=left.one_per_household)
        return one.drawn

    return PlainLottery(problem=left, panels=_kept(left, panels, drawn), objective="simple")


def from_pots(problem: Problem, *, panels: int, stream: Stream) -> PlainLottery:
    """Draw panels from one pot for each combination of features (Lostöpfe).

    Args:
        problem: the draw; persons who are seated already are taken off first.
        panels: how many.
        stream: the chance.

    Raises:
        InputError: the quotas are too narrow for this.
    """
    left = problem.remaining()
    seats = divide(left)
    places = range(len(left.categories))

    def drawn() -> tuple[str, ...]:
        one = draw_from_pots(
            left.pool,
            seats,
            stream,
            places=places,
            one_per_household=left.one_per_household,
        )
        return one.drawn

    return PlainLottery(problem=left, panels=_kept(left, panels, drawn), objective="pots")


def _kept(
    problem: Problem, panels: int, drawn: Callable[[], tuple[str, ...]]
) -> tuple[tuple[str, ...], ...]:
    if panels < 1:
        raise InputError("a lottery needs at least one panel")
    kept: list[tuple[str, ...]] = []
    thrown = 0
    while len(kept) < panels:
        panel = drawn()
        if not problem.faults(panel):
            kept.append(panel)
            continue
        thrown += 1
        if thrown > _TRIES * (len(kept) + 1):
            raise _narrow()
    return tuple(kept)


def _narrow() -> InputError:
    return wrong(InputError, "draw.narrow")


def divide(problem: Problem) -> dict[Pot, int]:
    """Divide seats among pots: in proportion to the persons in them, as far as quotas allow.

    Each seat goes to the pot with the largest ``persons / (2n + 1)`` (Sainte-Laguë) among those
    that a quota still needs, and then among all that no quota has filled.

    Args:
        problem: the draw, with nobody seated.

    Raises:
        InputError: the quotas cannot be met in this way.
    """
    sizes = Counter(person.features for person in problem.pool)
    given: Counter[Pot] = Counter()
    taken: Counter[tuple[int, str]] = Counter()
    limits = {
        (place, quota.feature): quota
        for place, category in enumerate(problem.categories)
        for quota in category.quotas
    }
    for _ in range(problem.seats):
        able = [
            pot
            for pot, size in sorted(sizes.items())
            if given[pot] < size
            and all(taken[each] < limits[each].most for each in enumerate(pot))
        ]
        if not able:
            raise _narrow()
        pot = max(
            able,
            key=lambda pot: (
                sum(taken[each] < limits[each].least for each in enumerate(pot)),
                Fraction(sizes[pot], 2 * given[pot] + 1),
            ),
        )
        given[pot] += 1
        taken.update(enumerate(pot))
    if any(taken[each] < quota.least for each, quota in limits.items()):
        raise _narrow()
    return dict(given)
