"""Outlines on the map, in whole numbers, so that a place is in one area or another, never both.

Coordinates are counted in ten-millionths of a degree (about a centimetre), WGS84. With whole
numbers the question on which side of a line a point lies has an exact answer, and points on a
border that two areas share belong to just one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple, Self

from attrs import field, frozen

from partizipation_core.freezing import as_tuple

__all__ = ["UNITS", "Outline", "Point", "Ring"]

UNITS = 10_000_000
"""Units to the degree."""


class Point(NamedTuple):
    """A place in ten-millionths of a degree: longitude first, as in GeoJSON."""

    lon: int
    lat: int

    @classmethod
    def degrees(cls, lon: str | float | Decimal, lat: str | float | Decimal) -> Self:
        """Make a point of degrees, rounded to the nearest unit.

        Raises:
            ValueError: it is no number, or no place on the globe.
        """
        try:
            east, north = (Decimal(str(one)) for one in (lon, lat))
            there = abs(east) <= 180 and abs(north) <= 90  # noqa: PLR2004 - degrees
        except ArithmeticError as error:
            raise ValueError(f"{lon}, {lat} is no place: write degrees such as 13.4") from error
        if not there:
            raise ValueError(f"{lon}, {lat} is not on the globe: longitude first, then latitude")
        return cls(*(int((one * UNITS).to_integral_value()) for one in (east, north)))

    def __str__(self) -> str:
        return f"{self.lon / UNITS:.7f}, {self.lat / UNITS:.7f}"


Ring = tuple[Point, ...]


@frozen
class Outline:
    """The outline of an area: closed rings, outer ones and those of holes alike.

    Args:
        rings: each a row of points whose last is its first. A point is inside if a ray from it
            meets the rings an odd number of times, so that a ring within another is a hole.

    Raises:
        ValueError: a ring is not closed or has fewer than three corners.
    """

    rings: tuple[Ring, ...] = field(converter=as_tuple)

    @rings.validator
    def _closed(self, _: object, rings: tuple[Ring, ...]) -> None:
        for ring in rings:
            if len(ring) < 4 or ring[0] != ring[-1]:  # noqa: PLR2004 - a triangle, closed
                raise ValueError("a ring needs at least three corners and ends where it begins")

    def __contains__(self, point: Point) -> bool:
        return sum(self._crosses(a, b, point) for a, b in self.edges()) % 2 == 1

    def edges(self) -> Iterator[tuple[Point, Point]]:
        """Yield the lines between neighbouring corners."""
        for ring in self.rings:
            yield from pairwise(ring)

    @property
    def corners(self) -> frozenset[Point]:
        """All corners."""
        return frozenset(point for ring in self.rings for point in ring)

    @staticmethod
    def _crosses(a: Point, b: Point, point: Point) -> bool:
        """Tell whether a ray to the east meets a line that contains its lower end only.

        The half-open line is what gives every border point to one of two neighbours.
        """
        if (a.lat <= point.lat) == (b.lat <= point.lat):
            return False
        low, high = (a, b) if a.lat < b.lat else (b, a)
        side = (high.lon - low.lon) * (point.lat - low.lat) - (point.lon - low.lon) * (
            high.lat - low.lat
        )
        return side > 0
