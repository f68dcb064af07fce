"""Suppression: cells of small groups are not shown, and cannot be found by subtraction either.

The totals of all groups together are the result itself and public. Whoever knows them and the
cells that are shown must not be able to narrow down a hidden cell to fewer than ``minimum``
different numbers, even if the total of each group were known as well. So further cells are hidden
until every hidden one can move that far along a ring of hidden ones; where that cannot be
reached, no cell is left to be shown.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

__all__ = ["freedom", "hidden_cells"]

Cell = tuple[str, str]
Table = Mapping[str, Mapping[str, int]]
_ENDLESS = 1 << 60


def hidden_cells(table: Table, sizes: Mapping[str, int], minimum: int) -> frozenset[Cell]:
    """Return the cells that must not be shown.

    Args:
        table: group → item → number of its voters who chose the item.
        sizes: group → number of its voters.
        minimum: smallest number that may be shown.
    """
    cells = {(group, item): n for group, row in table.items() for item, n in row.items()}
    hidden = {cell for cell, n in cells.items() if _tells(n, sizes[cell[0]], minimum)}
    waiting = deque(sorted(hidden))
    while waiting:
        cell = waiting[0]
        if freedom(cell, cells, hidden) >= minimum:
            waiting.popleft()
            continue
        more = set(_beside(cell, cells, hidden)) or _cheapest(cells, hidden)
        if not more:
            waiting.popleft()
            continue
        hidden |= more
        waiting.extend(sorted(more))
    return frozenset(hidden)


def _tells(number: int, size: int, minimum: int) -> bool:
    """Tell whether a cell speaks of few people, or of all of a group at once."""
    return size < minimum or number < minimum or number == size


def _beside(cell: Cell, cells: Mapping[Cell, int], hidden: set[Cell]) -> Iterator[Cell]:
    """Choose the smallest cell shown in the same row, and in the same column."""
    for axis in (0, 1):
        line = [one for one in cells if one[axis] == cell[axis] and one not in hidden]
        if line:
            yield min(line, key=lambda one: (cells[one], one))


def _cheapest(cells: Mapping[Cell, int], hidden: set[Cell]) -> set[Cell]:
    shown = [one for one in cells if one not in hidden]
    return {min(shown, key=lambda one: (cells[one], one))} if shown else set()


def freedom(cell: Cell, cells: Mapping[Cell, int], hidden: set[Cell]) -> int:
    """Return by how much a hidden cell could differ, all totals and shown cells unchanged.

    Args:
        cell: a hidden cell.
        cells: every cell with its number.
        hidden: all hidden cells.
    """
    others = {one: cells[one] for one in hidden if one != cell}
    more = _flow(cell, {(("g", g), ("i", i)): n for (g, i), n in others.items()})
    less = _flow(cell, {(("i", i), ("g", g)): n for (g, i), n in others.items()})
    return more + min(less, cells[cell])


_Node = tuple[str, str]
_Arcs = dict[tuple[_Node, _Node], int]


def _flow(cell: Cell, limited: _Arcs) -> int:
    """Return the largest flow from the cell's group to its item.

    Along a limited arc a number falls, and it cannot fall below zero; against it a number rises.
    """
    room = dict(limited)
    room.update({(b, a): _ENDLESS for a, b in limited})
    links: dict[_Node, list[_Node]] = {}
    for start, end in room:
        links.setdefault(start, []).append(end)
    source, sink, total = ("g", cell[0]), ("i", cell[1]), 0
    while path := _path(source, sink, room, links):
        step = min(room[arc] for arc in path)
        total += step
        for start, end in path:
            room[start, end] -= step
            room[end, start] += step
        if total >= _ENDLESS:
            break
    return total


def _path(
    source: _Node, sink: _Node, room: _Arcs, links: Mapping[_Node, list[_Node]]
) -> list[tuple[_Node, _Node]]:
    """Return the shortest way with room on every arc; empty where there is none."""
    came: dict[_Node, _Node] = {}
    queue = deque([source])
    while queue and sink not in came:
        at = queue.popleft()
        for to in links.get(at, ()):
            if to not in came and to != source and room[at, to] > 0:
                came[to] = at
                queue.append(to)
    path: list[tuple[_Node, _Node]] = []
    at = sink
    while at in came:
        path.append((came[at], at))
        at = came[at]
    return path[::-1]
