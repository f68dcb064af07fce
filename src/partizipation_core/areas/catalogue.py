"""The catalogue of areas: which there are on a day, and which took the place of which."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Self

from attrs import evolve, field, frozen

from partizipation_core.areas.outline import Outline, Point
from partizipation_core.errors import DefinitionError, NotFound
from partizipation_core.freezing import as_tuple

__all__ = ["Area", "AreaCatalogue", "Succession"]


@frozen(kw_only=True)
class Area:
    """An area (Gebiet) of a municipality.

    Args:
        key: its official key, such as ``090414``; unique among the areas of one day.
        name: its name for people.
        outline: where it is; None where only lists of addresses say so.
        since: the first day on which it exists; None for always.
        until: the last day, included; None for no end.
        residents: number of residents (Einwohnerzahl); None where unknown.
    """

    key: str
    name: str
    outline: Outline | None = None
    since: date | None = None
    until: date | None = None
    residents: int | None = None

    def valid_on(self, day: date) -> bool:
        """Tell whether it exists on a day."""
        return not (self.since and day < self.since) and not (self.until and self.until < day)


@frozen(kw_only=True)
class Succession:
    """What became of an area on a day: an old one went, whole or in part, into a new one.

    Args:
        old: key of the area before.
        new: key of the area from then on; may be the same.
        on: the first day of the new one.
        share: part of the old one's residents that the new one took over.
    """

    old: str
    new: str
    on: date
    share: Fraction = field(default=Fraction(1), converter=Fraction)


@frozen
class AreaCatalogue:
    """Areas through time.

    Args:
        areas: all of them, also those that are gone.
        successions: which new areas took the place of which old ones.

    Raises:
        DefinitionError: every contradiction: a key that two areas share on one day, a day before
            its beginning, a succession of areas that are not there, shares that are not one.
    """

    areas: tuple[Area, ...] = field(converter=as_tuple)
    successions: tuple[Succession, ...] = field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        if problems := [*self._doubled(), *self._lost(), *self._unfair()]:
            raise DefinitionError(*problems)

    def on(self, day: date) -> Self:
        """Return the catalogue of one day, without what became of it."""
        return evolve(self, areas=[one for one in self.areas if one.valid_on(day)], successions=())

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys, each once, in the order of the areas."""
        return tuple(dict.fromkeys(area.key for area in self.areas))

    def __getitem__(self, key: str) -> Area:
        for area in self.areas:
            if area.key == key:
                return area
        raise NotFound(f"there is no area {key!r} in this catalogue")

    def at(self, place: Point) -> Area | None:
        """Return the area in which a place lies; None outside of all.

        Ask the catalogue of one day. Where outlines overlap, the first one wins; `map_faults`
        finds such places.
        """
        return next((one for one in self.areas if one.outline and place in one.outline), None)

    def today(self, key: str, day: date) -> dict[str, Fraction]:
        """Return what an area of any time has become by a day: key → share of its residents."""
        shares = {key: Fraction(1)}
        for one in sorted(self.successions, key=lambda one: one.on):
            if one.on <= day and one.old in shares:
                shares = self._replaced(shares, one.on)
        return shares

    def _replaced(self, shares: dict[str, Fraction], day: date) -> dict[str, Fraction]:
        """Follow everything that happened on one day at once."""
        after: dict[str, Fraction] = {}
        for old, share in shares.items():
            steps = [one for one in self.successions if one.on == day and one.old == old]
            for new, part in [(one.new, one.share) for one in steps] or [(old, Fraction(1))]:
                after[new] = after.get(new, Fraction(0)) + share * part
        return after

    def _doubled(self) -> Iterator[str]:
        for number, one in enumerate(self.areas):
            if one.since and one.until and one.until < one.since:
                yield f"area {one.key}: it ends on {one.until}, before it begins on {one.since}"
            for other in self.areas[:number]:
                if other.key == one.key and _meet(one, other):
                    yield f"area {one.key}: {other.name} and {one.name} have this key on one day"

    def _lost(self) -> Iterator[str]:
        known = set(self.keys)
        for one in self.successions:
            for key in (one.old, one.new):
                if key not in known:
                    yield f"succession {one.old} to {one.new}: there is no area {key}"

    def _unfair(self) -> Iterator[str]:
        days = sorted({(one.old, one.on) for one in self.successions})
        for old, day in days:
            parts = [one.share for one in self.successions if (one.old, one.on) == (old, day)]
            if sum(parts) != 1 or min(parts) <= 0:
                yield f"succession of {old} on {day}: shares of {sum(parts)} in all, not of 1"


def _meet(one: Area, other: Area) -> bool:
    latest = max(one.since or date.min, other.since or date.min)
    return latest <= min(one.until or date.max, other.until or date.max)
