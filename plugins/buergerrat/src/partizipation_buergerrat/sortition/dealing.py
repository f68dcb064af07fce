"""From seats of kinds to seats of persons: whoever is of one kind sits equally often.

Who lives alone takes turns in random order. Where kinds share households, nobody may sit with
somebody of the same household. Then the seats are the edges of a graph between panels and kinds,
and households are colours: no two edges at a panel have the same one, and each kind uses all of
them before it uses one again. By the theorem of Kőnig that always works out.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from partizipation_buergerrat.sortition.kinds import Kinds
    from partizipation_buergerrat.sortition.panels import Seats
    from partizipation_buergerrat.sortition.stream import Stream

__all__ = ["deal"]

_Edge = tuple[int, int]


def deal(kinds: Kinds, panels: Sequence[Seats], stream: Stream) -> list[tuple[str, ...]]:
    """Give the seats of panels to persons; how often two of a kind sit differs by one at most.

    Args:
        kinds: the pool.
        panels: seats of each kind.
        stream: the order in which persons and households take turns.

    Returns:
        The identifiers of each panel, sorted.
    """
    seated: list[list[str]] = [[] for _ in panels]
    for number, kind in enumerate(kinds.items):
        if not kind.signature or kind.signature not in kinds.homes:
            _take_turns(
                seated, [int(panel[number]) for panel in panels], stream.shuffled(kind.members)
            )
    for look, homes in kinds.homes.items():
        sharing = [n for n, kind in enumerate(kinds.items) if kind.signature == look]
        edges = [
            (at, n) for at, panel in enumerate(panels) for n in sharing for _ in range(panel[n])
        ]
        order = stream.shuffled(homes)
        turns: dict[tuple[int, int], int] = defaultdict(int)
        for (at, kind_number), home in zip(edges, _coloured(edges, len(homes)), strict=True):
            features = kinds.items[kind_number].features
            able = [person.id for person in order[home] if person.features == features]
            seated[at].append(able[turns[home, kind_number] % len(able)])
            turns[home, kind_number] += 1
    return [tuple(sorted(panel)) for panel in seated]


def _take_turns(seated: list[list[str]], seats: Sequence[int], order: Sequence[str]) -> None:
    turn = 0
    for panel, count in zip(seated, seats, strict=True):
        panel += [order[(turn + step) % len(order)] for step in range(count)]
        turn += count


def _coloured(edges: Sequence[_Edge], colours: int) -> list[int]:
    """Colour the edges: at each panel, and at each full round of a kind, every colour once."""
    colouring = _Colouring(colours)
    rounds: dict[int, int] = defaultdict(int)
    for panel, kind in edges:
        colouring.add((0, panel, 0), (1, kind, rounds[kind] // colours))
        rounds[kind] += 1
    return colouring.colours()


_Node = tuple[int, int, int]


class _Colouring:
    """Edges with colours; where no colour is free at both ends, a chain of two is swapped."""

    def __init__(self, colours: int) -> None:
        self._all = (1 << colours) - 1
        self._used: dict[_Node, int] = defaultdict(int)
        self._at: dict[tuple[_Node, int], int] = {}
        self._ends: list[tuple[_Node, _Node]] = []
        self._colour: list[int] = []

    def colours(self) -> list[int]:
        """Return the colour of each edge, in the order in which they were added."""
        return self._colour

    def add(self, one: _Node, other: _Node) -> None:
        """Add an edge.

        Args:
            one: its first end.
            other: its other end.
        """
        free = self._free(one) & self._free(other)
        if free:
            colour = _lowest(free)
        else:
            colour, second = _lowest(self._free(one)), _lowest(self._free(other))
            self._swap(other, colour, second)
        self._ends.append((one, other))
        self._colour.append(colour)
        self._mark(len(self._colour) - 1)

    def _free(self, node: _Node) -> int:
        return self._all & ~self._used[node]

    def _mark(self, edge: int) -> None:
        colour = self._colour[edge]
        for node in self._ends[edge]:
            self._used[node] |= 1 << colour
            self._at[node, colour] = edge

    def _swap(self, node: _Node, colour: int, second: int) -> None:
        """Swap two colours along the chain that starts at a node, to free the first one there."""
        chain, wanted = [], colour
        while (edge := self._at.get((node, wanted))) is not None:
            chain.append(edge)
            one, other = self._ends[edge]
            node = other if node == one else one
            wanted = colour + second - wanted
        for edge in chain:
            for end in self._ends[edge]:
                self._used[end] &= ~(1 << self._colour[edge])
                self._at.pop((end, self._colour[edge]), None)
        for edge in chain:
            self._colour[edge] = colour + second - self._colour[edge]
            self._mark(edge)


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1
