"""Time as an argument: instants, civil days, and clocks that can be handed in.

An instant is an integer of UTC microseconds since 1970, so that comparing two of them can never
depend on a time zone. Wall time exists only where people read or write it.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NewType, Protocol
from zoneinfo import ZoneInfo

__all__ = [
    "Clock",
    "FrozenClock",
    "Instant",
    "Moment",
    "SystemClock",
    "end_of_day",
    "from_wall",
    "start_of_day",
    "to_wall",
]

Instant = NewType("Instant", int)
"""UTC microseconds since 1970-01-01."""

Moment = date | datetime
"""A local day, whose first instant is meant, or a local date and time."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """Whatever tells the time."""

    def now(self) -> Instant:
        """Return the present instant."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> Instant:
        """Return the present instant."""
        return Instant(time.time_ns() // 1_000)


class FrozenClock:
    """A clock that moves only when told to: for tests, simulations and replays.

    Args:
        start: the first instant it shows.
    """

    def __init__(self, start: Instant) -> None:
        self._now = start

    def now(self) -> Instant:
        """Return the instant it stands at."""
        return self._now

    def set(self, instant: Instant) -> None:
        """Move to an instant, forwards or backwards."""
        self._now = instant

    def advance(self, **delta: float) -> Instant:
        """Move forwards by ``days=``, ``hours=``, ``minutes=`` or ``seconds=``."""
        self._now = Instant(self._now + timedelta(**delta) // timedelta(microseconds=1))
        return self._now


def from_wall(
    wall: datetime, zone: ZoneInfo, *, overlap: Literal["refuse", "first", "second"] = "refuse"
) -> Instant:
    """Turn what a calendar and a clock on the wall show into an instant.

    Args:
        wall: a naive date and time.
        zone: the procedure's zone.
        overlap: which of two equal readings is meant where the clock is put back.

    Raises:
        ValueError: the reading carries a zone of its own, does not exist in ``zone`` because the
            clock is put forward, or exists twice and ``overlap`` does not choose.
    """
    if wall.tzinfo is not None:
        msg = f"{wall.isoformat()} carries its own zone; the procedure's zone is {zone.key}"
        raise ValueError(msg)
    first, second = (_instant(wall.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    if second < first:
        msg = f"{wall.isoformat()} does not exist in {zone.key}: the clock is put forward then"
        raise ValueError(msg)
    if first != second and overlap == "refuse":
        msg = f"{wall.isoformat()} exists twice in {zone.key}: say whether first or second"
        raise ValueError(msg)
    return second if overlap == "second" else first


def _instant(aware: datetime) -> Instant:
    return Instant((aware - _EPOCH) // timedelta(microseconds=1))


def to_wall(instant: Instant, zone: ZoneInfo) -> datetime:
    """Turn an instant into an aware date and time in a zone."""
    return (_EPOCH + timedelta(microseconds=instant)).astimezone(zone)


def start_of_day(day: date, zone: ZoneInfo) -> Instant:
    """Return the first instant of a local day, which need not read midnight on the wall."""
    return _instant(datetime(day.year, day.month, day.day, tzinfo=zone))


def end_of_day(day: date, zone: ZoneInfo) -> Instant:
    """Return the instant at which a local day is over: the start of the next one.

    A day that a person names as the last one is meant whole ("until and including").
    """
    return start_of_day(day + timedelta(days=1), zone)
