"""iCalendar (RFC 5545): the dates of a procedure, for everybody's own calendar.

The same journal always gives the same bytes: every entry keeps its UID for good, its stamp is the
instant at which the date was last decided, and its sequence counts how often that happened, so
that calendar programs replace what they knew. Needs the extra ``calendar``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from partizipation_core.clock import Instant, to_wall
from partizipation_core.errors import PartizipationError
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.stages import Window
from partizipation_core.kernel.calendar import (
    StageEnded,
    StageEntered,
    StageReopened,
    WindowSet,
)
from partizipation_core.kernel.procedure import ProcedureOpened
from partizipation_core.store.journal import Recorded
from partizipation_core.texts.wording import Wording
from partizipation_core.values import ProcedureRef

__all__ = ["Appointment", "appointments", "procedure_calendar"]

INSTALL = "pip install 'partizipation-core[calendar]'"


@frozen(kw_only=True)
class Appointment:
    """When a stage is on, and since when that is so.

    Args:
        stage: which.
        window: when.
        stamp: the instant at which this was last decided.
        sequence: how often it was changed.
    """

    stage: str
    window: Window
    stamp: Instant
    sequence: int = 0


def appointments(journal: Iterable[Recorded]) -> Mapping[str, Appointment]:
    """Read off a journal when each stage is or was on: stage → appointment.

    What happened takes the place of what was planned, where the two differ.
    """
    known: dict[str, Appointment] = {}
    present = ""
    for one in journal:
        windows = {stage: told.window for stage, told in known.items()}
        for stage, window in _decided(one, present, windows):
            _note(known, stage, window, one.at)
        if isinstance(one.event, StageEntered | StageReopened):
            present = one.event.stage
        elif isinstance(one.event, ProcedureOpened):
            present = one.event.definition.first.key
    return known


def _note(known: dict[str, Appointment], stage: str, window: Window, at: Instant) -> None:
    before = known.get(stage)
    if before is None:
        known[stage] = Appointment(stage=stage, window=window, stamp=at)
    elif before.window != window:
        changed = before.sequence + 1
        known[stage] = evolve(before, window=window, stamp=at, sequence=changed)


def _decided(
    one: Recorded, present: str, known: Mapping[str, Window]
) -> Iterator[tuple[str, Window]]:
    """Yield every stage whose time an event decides or settles."""
    event, at = one.event, one.at
    if isinstance(event, ProcedureOpened):
        yield from event.schedule.items()
    elif isinstance(event, WindowSet):
        yield event.stage, event.window
    elif isinstance(event, StageReopened):
        yield event.stage, Window(start=at, end=event.until)
    elif isinstance(event, StageEnded) and event.stage in known:
        yield event.stage, _ended(known[event.stage], at)
    elif isinstance(event, StageEntered):
        planned = known.get(event.stage, Window())
        announced = present in known and known[present].end is None and planned.start == at
        if present in known and not announced:
            yield present, _ended(known[present], at)
        lasting = planned.end is not None and planned.end > at
        yield event.stage, Window(start=at, end=planned.end if lasting else None)


def _ended(window: Window, at: Instant) -> Window:
    """Let a window end when its stage was left, unless it had ended before."""
    if (window.end is not None and window.end <= at) or (window.start or at - 1) >= at:
        return window
    return Window(start=window.start, end=at)


def procedure_calendar(
    definition: Definition,
    journal: Iterable[Recorded],
    *,
    municipality: str,
    zone: ZoneInfo,
    wording: Wording,
) -> bytes:
    """Write all dates of a procedure as one calendar.

    Args:
        definition: what the procedure pinned, for the titles and the order of its stages.
        journal: everything that was decided.
        municipality: whose procedure it is.
        zone: the procedure's zone; every time is written in it.
        wording: the reader's words.

    Returns:
        the file's content, lines ended as the standard asks.

    Raises:
        PartizipationError: the extra ``calendar`` is not installed.
    """
    recorded = tuple(journal)
    library = _library()
    ref = _opened(recorded)
    calendar = library.Calendar()
    calendar.add("prodid", "-//partizipation_core//DE")
    calendar.add("version", "2.0")
    calendar.add("name", definition.title)
    calendar.add("x-wr-calname", definition.title)
    known = appointments(recorded)
    for stage in definition.stages:
        if stage.key in known and known[stage.key].window != Window():
            following = known.get(definition.following(stage.key))
            entry = library.Event()
            entry.add("uid", f"{stage.key}@{ref}.{municipality}.partizipation")
            entry.add("summary", f"{definition.title}: {stage.title or stage.key}")
            entry.add("description", wording.label("stage_kind", stage.kind))
            for name, value in _times(known[stage.key], following, zone):
                entry.add(name, value)
            calendar.add_component(entry)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _times(
    one: Appointment, following: Appointment | None, zone: ZoneInfo
) -> Iterator[tuple[str, datetime | int]]:
    """Yield the times of a stage; without an end of its own it lasts until the next begins."""
    start, end = one.window.start, one.window.end
    if end is None and following is not None:
        end = following.window.start
    ends = [] if end is None else [("dtstart" if start is None else "dtend", to_wall(end, zone))]
    yield from ends if start is None else [("dtstart", to_wall(start, zone)), *ends]
    yield "dtstamp", _utc(one.stamp)
    yield "sequence", one.sequence


def _utc(instant: Instant) -> datetime:
    return to_wall(instant, ZoneInfo("UTC")).astimezone(UTC).replace(microsecond=0)


def _opened(recorded: Iterable[Recorded]) -> ProcedureRef:
    return next(one.event.ref for one in recorded if isinstance(one.event, ProcedureOpened))


def _library() -> Any:
    try:
        import icalendar
    except ImportError as error:
        raise PartizipationError(f"calendars need the package icalendar: {INSTALL}") from error
    return icalendar
