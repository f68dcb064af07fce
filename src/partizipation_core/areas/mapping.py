"""The map as a whole: whether areas leave gaps between them or lie upon each other.

Neighbours on a sound map share their borders corner by corner: every line of one is a line of the
other, the other way round. Lines without such a partner must make up the outer border.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from math import atan2
from typing import Literal

from attrs import frozen

from partizipation_core.areas.catalogue import Area
from partizipation_core.areas.outline import Outline, Point, Ring

__all__ = ["Fault", "map_faults"]

Edge = tuple[Point, Point]


@frozen(kw_only=True)
class Fault:
    """A place where a map is not sound.

    Args:
        kind: ``gap`` no area covers; ``overlap`` several areas cover; ``border`` that neighbours
            draw differently, so that one of both is there.
        areas: keys of the areas concerned.
        at: a corner of the place.
    """

    kind: Literal["gap", "overlap", "border"]
    areas: tuple[str, ...]
    at: Point

    def __str__(self) -> str:
        what = {"gap": "a gap", "overlap": "areas overlap", "border": "borders differ"}[self.kind]
        return f"{what} at {self.at}: {', '.join(self.areas)}"


def map_faults(areas: Iterable[Area]) -> tuple[Fault, ...]:
    """Find gaps, overlaps and borders that differ; none means that the map is a partition.

    Args:
        areas: those of one day; areas without an outline are left out. A hole that no other area
            fills, such as a foreign enclave, counts as a gap.
    """
    mapped = [one for one in areas if one.outline]
    sides: defaultdict[Edge, list[str]] = defaultdict(list)
    for area in mapped:
        for edge in _inside_left(area.outline):
            sides[edge].append(area.key)
    alone = {edge: keys[0] for edge, keys in sides.items() if (edge[1], edge[0]) not in sides}
    found = [*_twice(sides), *_crossings(alone, sides), *_unpaired(alone, mapped)]
    return tuple({(one.kind, one.areas): one for one in reversed(found)}.values())


def _inside_left(outline: Outline | None) -> Iterator[Edge]:
    """Yield the lines of an outline, turned so that the area lies to their left."""
    for number, ring in enumerate(outline.rings if outline else ()):
        others = Outline(rest) if (rest := _without(outline, number)) else None
        hole = others is not None and _inner(ring) in others
        yield from pairwise(ring if (twice_area(ring) > 0) != hole else ring[::-1])


def _without(outline: Outline | None, number: int) -> list[Ring]:
    return [one for place, one in enumerate(outline.rings) if place != number] if outline else []


def _twice(sides: Mapping[Edge, list[str]]) -> Iterator[Fault]:
    for edge, keys in sides.items():
        if len(keys) > 1:
            yield Fault(kind="overlap", areas=tuple(sorted(set(keys))), at=edge[0])


def _crossings(alone: Mapping[Edge, str], sides: Mapping[Edge, list[str]]) -> Iterator[Fault]:
    """Find lines of different areas that cross each other."""
    grid = _Grid(sides)
    for (a, b), key in alone.items():
        for c, d in grid.near((a, b)):
            others = set(sides[c, d]) - {key}
            if others and _turn(a, b, c) * _turn(a, b, d) < 0 > _turn(c, d, a) * _turn(c, d, b):
                yield Fault(kind="overlap", areas=tuple(sorted({key, *others})), at=a)


def _unpaired(alone: Mapping[Edge, str], areas: list[Area]) -> Iterator[Fault]:
    """Judge each ring of lines without a partner by how many areas cover what it encloses."""
    for ring in _rings(alone):
        keys = tuple(sorted({alone[edge] for edge in pairwise(ring)}))
        if twice_area(ring) == 0:
            yield Fault(kind="border", areas=keys, at=ring[0])
            continue
        inner = _inner(ring)
        covering = tuple(sorted(one.key for one in areas if one.outline and inner in one.outline))
        if len(covering) != 1:
            kind: Literal["gap", "overlap"] = "overlap" if covering else "gap"
            yield Fault(kind=kind, areas=covering or keys, at=ring[0])


def twice_area(ring: Ring) -> int:
    """Return twice the area of a ring; positive where it runs counter-clockwise."""
    return sum(a.lon * b.lat - b.lon * a.lat for a, b in pairwise(ring))


def _turn(a: Point, b: Point, c: Point) -> int:
    """Tell on which side of the line from a to b a point lies: left is positive."""
    return (b.lon - a.lon) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lon - a.lon)


def _inner(ring: Ring) -> Point:
    """Return a place strictly inside a ring, exactly.

    The lowest corner is convex. Either the triangle with its neighbours is empty, then its centre
    lies inside; or the corner of the ring in it that is furthest from their line can be seen.
    """
    corners = ring[:-1]
    low = min(range(len(corners)), key=lambda place: (corners[place][1], corners[place][0]))
    before, tip, after = corners[low - 1], corners[low], corners[(low + 1) % len(corners)]
    sign = 1 if _turn(before, tip, after) > 0 else -1
    within = [
        one
        for one in corners
        if one not in (before, tip, after)
        and min(sign * _turn(*side, one) for side in pairwise((before, tip, after, before))) >= 0
    ]
    if not within:
        return _middle(before, tip, after)
    return _middle(tip, max(within, key=lambda one: abs(_turn(before, after, one))))


def _middle(*points: Point) -> Point:
    """Return the exact centre of some points, which may lie between the units."""
    lon, lat = (Fraction(sum(one), len(points)) for one in zip(*points, strict=True))
    return Point(lon, lat)  # type: ignore[arg-type]


def _rings(edges: Iterable[Edge]) -> Iterator[Ring]:
    """Chain lines into rings, turning right where several ways lead on.

    What is not covered lies to the right of each line, so that every ring runs round one piece
    of it.
    """
    out: defaultdict[Point, set[Point]] = defaultdict(set)
    for start, end in edges:
        out[start].add(end)
    for start in sorted(out):
        while out[start]:
            walk = [start, out[start].pop()]
            while walk[-1] not in walk[:-1]:
                last, here = walk[-2:]
                walk.append(min(out[here], key=lambda to: _bend(last, here, to)))
                out[here].discard(walk[-1])
            loop = walk.index(walk[-1])
            yield tuple(walk[loop:])
            for a, b in pairwise(walk[: loop + 1]):
                out[a].add(b)


def _bend(last: Point, here: Point, to: Point) -> float:
    """Tell by which angle the way bends: sharply right is least."""
    ahead = (here.lon - last.lon) * (to.lon - here.lon) + (here.lat - last.lat) * (
        to.lat - here.lat
    )
    return atan2(_turn(last, here, to), ahead)


class _Grid:
    """Lines by the squares of a grid that they may touch."""

    def __init__(self, edges: Iterable[Edge]) -> None:
        lines = list(edges)
        lengths = sorted(max(abs(a.lon - b.lon), abs(a.lat - b.lat)) for a, b in lines)
        self._size = max(1, lengths[len(lengths) // 2] * 4) if lengths else 1
        self._squares: defaultdict[tuple[int, int], list[Edge]] = defaultdict(list)
        for line in lines:
            for square in self._of(line):
                self._squares[square].append(line)

    def near(self, line: Edge) -> set[Edge]:
        """Return the lines that may meet one."""
        return {one for square in self._of(line) for one in self._squares.get(square, ())}

    def _of(self, line: Edge) -> Iterator[tuple[int, int]]:
        lons, lats = (sorted(one) for one in zip(*line, strict=True))
        for x in range(lons[0] // self._size, lons[1] // self._size + 1):
            for y in range(lats[0] // self._size, lats[1] // self._size + 1):
                yield x, y
