"""Timing: the instant at which a command is decided, where clocks are not what they ought to be.

The clocks of two machines differ, and a clock is set right now and then. Within a procedure no
line counts for an earlier instant than the one before it. What is decided behind the last line is
decided at that line's instant, as long as the two are not far apart. If they are, the line was
written by a clock that was wrong: then the present one is believed, so that dates can be set right
by it, and only the line itself is put down no earlier than the one before.
"""

from __future__ import annotations

from partizipation_core.clock import Instant
from partizipation_core.store import Unit

__all__ = ["SKEW", "begun_at", "decided_at", "recorded_at"]

_SECOND = 1_000_000
_HOUR = 3_600 * _SECOND

SKEW = 600 * _SECOND
"""How far clocks may differ, in microseconds, and all go on as if they did not: ten minutes."""


def decided_at(unit: Unit, now: Instant) -> Instant:
    """Return the instant at which a command is decided when the clock shows another."""
    last = unit.last_instant()
    return last if last is not None and now < last <= now + SKEW else now


def begun_at(unit: Unit, now: Instant) -> Instant:
    """Return the instant at which a command is decided, and put down a clock that is behind."""
    decided = decided_at(unit, now)
    if decided > now:
        _put_down(unit, now, decided)
    return decided


def recorded_at(unit: Unit, decided: Instant) -> Instant:
    """Return the instant for which a line counts that was decided on: never before the last."""
    last = unit.last_instant()
    if last is None or decided >= last:
        return decided
    _put_down(unit, decided, last)
    return last


def _put_down(unit: Unit, now: Instant, last: Instant) -> None:
    """Keep a note that a clock is behind; once an hour, since it is so at every command."""
    if last - now > _SECOND:
        told = f"clock_regressed: it showed {now} after {last}"
        unit.note_failure(last, told, ref=f"clock {last // _HOUR}")
