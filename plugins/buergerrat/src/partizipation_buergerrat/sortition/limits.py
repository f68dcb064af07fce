"""All that limits the seats of kinds, as numbers: the rows of the pool, and cuts found later."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from partizipation_buergerrat.sortition.diagram import Diagram, diagram_of
from partizipation_buergerrat.sortition.program import INFINITE, Program

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from partizipation_buergerrat.sortition.kinds import Kinds
    from partizipation_buergerrat.sortition.program import Floats

__all__ = ["PROGRAMS", "WORK", "Cut", "Limits"]

PROGRAMS = 500
"""How many integer programs to spend on one pool; counted, as no clock runs the same twice."""
WORK = 750_000
"""How much work all searching may take: about half a minute of steps of the solver.

Half as much again is there to find a panel for everybody.
"""

_DEAR = 15_000
_LARGE = 4_000
_WAYS_A_STEP = 2_000
_WAYS_DRAWN = 1_000

_TRIED = {4: 300_000, 30: 3_000_000}
"""After so many integer programs the graph of all panels is drawn, up to that size.

Drawing may be in vain, so it takes no longer than the programs did so far.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A limit that no panel exceeds, though the quotas alone do not say so.

    Args:
        factors: whole number for each kind.
        most: largest sum over all panels, proven by an integer program.
    """

    factors: tuple[int, ...]
    most: int


@dataclass(slots=True)
class Limits:
    """The limits of a pool and what has been cut off from them.

    Args:
        kinds: the pool.
        cuts: limits added later.
        asked: how many integer programs this pool has taken.
        steps: how many steps of the solver these took.
        work: what everything took: steps, which are the only clock that runs the same everywhere,
            and more for each in a larger pool.
    """

    kinds: Kinds
    cuts: list[Cut] = field(default_factory=list)
    sizes: Floats = field(init=False)
    most: Floats = field(init=False)
    asked: int = 0
    steps: int = 0
    work: int = 0
    _diagram: Diagram | None = None
    _rows: list[tuple[float, float, NDArray[np.int32]]] = field(init=False)
    _factors: int = field(init=False)

    def __post_init__(self) -> None:
        self.sizes = np.array([kind.size for kind in self.kinds.items], dtype=float)
        self.most = np.array([kind.most for kind in self.kinds.items], dtype=float)
        self._rows = [
            (row.least, row.most, np.array(row.kinds, dtype=np.int32)) for row in self.kinds.rows
        ]
        self._factors = sum(len(row.kinds) for row in self.kinds.rows)

    @property
    def rows(self) -> list[tuple[float, float, NDArray[np.int32], Floats]]:
        """Every limit: least, most, kinds, factors; first those of the pool, then the cuts."""
        plain = [(low, high, kinds, np.ones(len(kinds))) for low, high, kinds in self._rows]
        return plain + [(-INFINITE, float(cut.most), *_sparse(cut)) for cut in self.cuts]

    @property
    def dear(self) -> bool:
        """Whether panels are hard to come by, so that those at hand should do."""
        return self._diagram is None and self.asked > min(_TRIED) and self.steps > _DEAR

    @property
    def spent(self) -> bool:
        """Whether no more should be spent on integer programs; what is open is then told."""
        return self.work >= WORK or (self._diagram is None and self.asked >= PROGRAMS)

    @property
    def exhausted(self) -> bool:
        """Whether not even a panel for somebody who is on none yet should be looked for."""
        return 2 * self.work >= 3 * WORK

    def spend(self, work: int) -> None:
        """Count work.

        Args:
            work: steps of the solver.
        """
        self.work += work + work * self._factors // _LARGE

    def spend_whole(self, work: int) -> None:
        """Count the work of an integer program.

        Args:
            work: steps of the solver.
        """
        self.steps += work
        self.spend(work)

    def _spend_drawing(self, ways: int) -> None:
        self.spend(ways * len(self._rows) // _WAYS_DRAWN)

    def again(self) -> Limits:
        """Return the limits with a budget of their own, and what is known of the pool."""
        return replace(self, cuts=[], work=0)

    def diagram(self) -> Diagram | None:
        """Return the graph of all panels, if the pool is tight enough to have a small one.

        It is drawn once a few integer programs were needed, which most pools never do.
        """
        self.asked += 1
        if self._diagram is None and self.asked in _TRIED:
            self._diagram = diagram_of(
                self.kinds, ways=_TRIED[self.asked], tally=self._spend_drawing
            )
        if self._diagram is not None:
            self.spend(1 + self._diagram.ways // _WAYS_A_STEP)
        return self._diagram

    def program(self, costs: Floats, *, whole: bool = False, cuts: bool = False) -> Program:
        """Set up a program over the seats of each kind.

        Args:
            costs: of a seat of each kind.
            whole: whether seats are whole numbers.
            cuts: whether cuts are limits too; panels meet them by themselves.
        """
        program = Program(
            costs,
            np.zeros(len(self.kinds)),
            self.most,
            whole=whole,
            tally=self.spend_whole if whole else self.spend,
        )
        for row in self.rows if cuts else self.rows[: len(self._rows)]:
            program.add_row(row[0], row[1], row[2], row[3])
        return program


def _sparse(cut: Cut) -> tuple[NDArray[np.int32], Floats]:
    factors = np.array(cut.factors, dtype=float)
    places = np.flatnonzero(factors).astype(np.int32)
    return places, factors[places]
