"""All panels of a tight pool at once: a graph, every way through which is a panel (Diagramm).

The kinds come one after the other; a node is what has been seated of each limit so far. What can
no longer matter is forgotten, and what leads to no panel is left out, so tight pools have small
graphs although they are the hard ones for an integer program. The best panel is then the longest
way, found by whole numbers and one pass, and that there is none needs no solver either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from partizipation_buergerrat.sortition.kinds import Kinds

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Diagram", "diagram_of"]

_NEVER = -np.inf
_WORD = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layer:
    """The decision on one kind.

    Args:
        kind: its number.
        starts: where the ways out of each node begin in the other two.
        counts: seats that the kind gets on each way.
        ends: node of the next layer in which each way ends.
    """

    kind: int
    starts: Ints
    counts: Ints
    ends: Ints

    def out_of(self, node: int) -> _Layer:
        """Keep the ways out of one node only."""
        following = self.starts[node + 1 : node + 2]
        out = slice(self.starts[node], following[0] if len(following) else None)
        return replace(self, counts=self.counts[out], ends=self.ends[out])


@dataclass(frozen=True, slots=True)
class Diagram:
    """All panels of a pool.

    Args:
        layers: one for each kind, in the order of the graph; none at all if there is no panel.
    """

    layers: tuple[_Layer, ...]

    @property
    def ways(self) -> int:
        """How many ways from kind to kind there are, all of which every question looks at."""
        return sum(len(layer.counts) for layer in self.layers)

    def best(self, worths: Floats, least: Floats, most: Floats) -> Ints | None:
        """Find the panel of the highest worth, or None if there is no panel.

        Args:
            worths: of a seat of each kind.
            least: fewest seats of each kind.
            most: most seats of each kind.
        """
        if not self.layers:
            return None
        values = [np.zeros(1)]
        for layer in reversed(self.layers):
            worth = self._worth(layer, worths, least, most) + values[-1][layer.ends]
            values.append(np.maximum.reduceat(worth, layer.starts))
        if values[-1][0] == _NEVER:
            return None
        return self._way(values[::-1], worths, least, most)

    @staticmethod
    def _worth(layer: _Layer, worths: Floats, least: Floats, most: Floats) -> Floats:
        kind, counts = layer.kind, layer.counts
        allowed = (least[kind] <= counts) & (counts <= most[kind])
        return np.where(allowed, counts * worths[kind], _NEVER)

    def _way(self, values: list[Floats], worths: Floats, least: Floats, most: Floats) -> Ints:
        """Go the longest way from the first node."""
        panel, node = np.zeros(len(worths), dtype=np.int64), 0
        for layer, after in zip(self.layers, values[1:], strict=True):
            ways = layer.out_of(node)
            taken = int(np.argmax(self._worth(ways, worths, least, most) + after[ways.ends]))
            panel[layer.kind] = ways.counts[taken]
            node = int(ways.ends[taken])
        return panel


def diagram_of(
    kinds: Kinds, *, ways: int, tally: Callable[[int], None] = lambda _ways: None
) -> Diagram | None:
    """Draw the graph of all panels, or return None if it would be too large.

    Args:
        kinds: the pool.
        ways: how many ways from kind to kind are looked at before it is given up.
        tally: told how many were looked at in each step.
    """
    growth, left = _Growth(kinds), ways
    steps: list[_Step] = []
    for kind in sorted(range(len(kinds)), key=lambda number: kinds.items[number].features):
        more = len(growth.states) * (kinds.items[kind].most + 1)
        left -= more
        if left < 0:
            return None
        tally(more)
        steps.append(growth.step(kind))
    return Diagram(_useful(steps) if len(growth.states) else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """The decision on one kind, with ways that may yet lead nowhere.

    Args:
        kind: its number.
        nodes: how many nodes it begins with.
        starts: node in which each way begins.
        counts: seats that the kind gets on each way.
        ends: node in which each way ends.
    """

    kind: int
    nodes: int
    starts: Ints
    counts: Ints
    ends: Ints


class _Growth:
    """The nodes of the layer reached: seats so far in every limit that can still matter."""

    def __init__(self, kinds: Kinds) -> None:
        self.factors = np.zeros((len(kinds), len(kinds.rows)), dtype=np.int64)
        for number, row in enumerate(kinds.rows):
            self.factors[list(row.kinds), number] = 1
        self.available = np.array([kind.most for kind in kinds.items], dtype=np.int64)
        self.least = np.array([row.least for row in kinds.rows], dtype=np.int64)
        self.most = np.array([row.most for row in kinds.rows], dtype=np.int64)
        self.rest = self.available @ self.factors
        self.states = np.zeros((1, len(kinds.rows)), dtype=np.int64)

    def step(self, kind: int) -> _Step:
        """Decide on one kind."""
        factors, count = self.factors[kind], len(self.states)
        seats = np.arange(self.available[kind] + 1)
        self.rest = self.rest - self.available[kind] * factors
        grown = (self.states + seats[:, None, None] * factors).reshape(-1, len(factors))
        able = ((grown <= self.most) & (grown + self.rest >= self.least)).all(axis=1)
        grown = grown[able]
        settled = (grown + self.rest <= self.most) & (grown >= self.least)
        # A limit that nothing can break any more is the same for all, so nodes fall together.
        grown = np.where(settled, self.least, grown)
        first, ends = _distinct(grown)
        self.states = grown[first]
        return _Step(
            kind=kind,
            nodes=count,
            starts=np.tile(np.arange(count), len(seats))[able],
            counts=np.repeat(seats, count)[able],
            ends=ends,
        )


def _distinct(rows: Ints) -> tuple[Ints, Ints]:
    """Return the place of each distinct row, and for every row the number of its own."""
    if not len(rows):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    words: list[Ints] = []
    room = 1
    for column in (rows - rows.min(axis=0)).T:
        width = int(column.max()) + 1
        if not words or room * width > _WORD:
            words.append(column.copy())
            room = width
        else:
            words[-1] = words[-1] * width + column
            room *= width
    if len(words) == 1:
        _, first, ends = np.unique(words[0], return_index=True, return_inverse=True)
    else:
        _, first, ends = np.unique(
            np.stack(words, axis=1), axis=0, return_index=True, return_inverse=True
        )
    return first, ends.ravel()


def _useful(steps: list[_Step]) -> tuple[_Layer, ...]:
    """Leave out what leads nowhere, from the end; whatever is left is reached from the start."""
    found: list[_Layer] = []
    numbers = np.zeros(1, dtype=np.int64)
    for step in reversed(steps):
        kept = np.flatnonzero(numbers[step.ends] >= 0)
        kept = kept[np.argsort(step.starts[kept], kind="stable")]
        nodes, first = np.unique(step.starts[kept], return_index=True)
        found.append(
            _Layer(
                kind=step.kind,
                starts=first,
                counts=step.counts[kept],
                ends=numbers[step.ends[kept]],
            )
        )
        numbers = np.full(step.nodes, -1, dtype=np.int64)
        numbers[nodes] = np.arange(len(nodes))
    return tuple(reversed(found))
