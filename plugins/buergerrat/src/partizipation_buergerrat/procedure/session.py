"""Sessions: who was there, who spoke, what was shown, who moderated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from attrs import evolve, field, frozen

from partizipation_buergerrat.procedure.seat import Seat
from partizipation_core.clock import Instant
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.privacy.kinds import NOTHING, STATE, STATEMENT, Kind
from partizipation_core.kernel.record import Every, Named, Record
from partizipation_core.kernel.state import World
from partizipation_core.values import Objection, RecordRef

__all__ = [
    "DECIDERS",
    "Material",
    "PlanSession",
    "RecordSession",
    "Session",
    "SessionPlanned",
    "SessionRecorded",
]

_SHA256 = re.compile(r"[0-9a-f]{64}")


@frozen(kw_only=True)
class Material:
    """Something that was shown or handed out, the same for all sides.

    Args:
        title: what it is.
        sha256: its digest, so that nobody can exchange it later.
    """

    privacy: ClassVar[Mapping[str, Kind]] = {"sha256": NOTHING, "title": STATEMENT}

    title: str
    sha256: str


@frozen(kw_only=True)
class Session(Record):
    """A meeting (Sitzung).

    Args:
        title: what it is about.
        begins: when it begins.
        held: whether it has taken place.
        present: pseudonyms of the seats that were there.
        speakers: who gave input, by function and institution, never by name.
        moderation: who moderated, by institution.
        materials: what was shown.
    """

    privacy: ClassVar[Mapping[str, Kind]] = {
        "materials": STATE,
        "moderation": STATE,
        "speakers": STATE,
    }

    kind: ClassVar[str] = "buergerrat/session"

    title: str
    begins: Instant
    held: bool = False
    present: tuple[RecordRef, ...] = ()
    speakers: tuple[str, ...] = ()
    moderation: tuple[str, ...] = ()
    materials: tuple[Material, ...] = ()


@frozen(kw_only=True)
class PlanSession(Command):
    """Plan a meeting, or move one that was not held yet; arguments as for `Session`."""

    session: RecordRef
    title: str
    begins: Instant


@frozen(kw_only=True)
class RecordSession(Command):
    """Put down how a meeting went; arguments as for `Session`."""

    session: RecordRef
    present: tuple[RecordRef, ...] = field(converter=as_tuple)
    speakers: tuple[str, ...] = field(default=(), converter=as_tuple)
    moderation: tuple[str, ...] = field(default=(), converter=as_tuple)
    materials: tuple[Material, ...] = field(default=(), converter=as_tuple)


@frozen(kw_only=True)
class SessionPlanned(Event):
    """A meeting was planned."""

    session: RecordRef
    title: str
    begins: Instant

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Keep it."""
        yield Session(ref=self.session, title=self.title, begins=self.begins)


@frozen(kw_only=True)
class SessionRecorded(Event):
    """A meeting took place."""

    privacy: ClassVar[Mapping[str, Kind]] = {
        "materials": STATEMENT,
        "moderation": STATEMENT,
        "speakers": STATEMENT,
    }

    session: RecordRef
    present: tuple[RecordRef, ...]
    speakers: tuple[str, ...]
    moderation: tuple[str, ...]
    materials: tuple[Material, ...]

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Keep how it went."""
        yield evolve(
            world.records.one(Session, self.session),
            held=True,
            present=self.present,
            speakers=self.speakers,
            moderation=self.moderation,
            materials=self.materials,
        )


def _plan_objections(command: PlanSession, context: Context) -> Iterator[Objection]:
    before = context.world.records.get(Session, command.session)
    if before is not None and before.held:
        yield Objection("session_held", {"session": command.session})
    if not command.title.strip():
        yield Objection("session_untitled")
    if command.begins <= context.now:
        yield Objection("in_the_past", {"instant": command.begins})


def _record_objections(command: RecordSession, context: Context) -> Iterator[Objection]:
    records = context.world.records
    before = records.get(Session, command.session)
    if before is None:
        yield Objection("session_unknown", {"session": command.session})
    elif before.held:
        yield Objection("session_held", {"session": command.session})
    elif context.now < before.begins:
        yield Objection("session_not_begun", {"session": command.session}, before.begins)
    seats = records.all(Seat)
    strangers = sum(
        ref not in seats or seats[ref].state != "confirmed" for ref in set(command.present)
    )
    if strangers or len(set(command.present)) < len(command.present):
        yield Objection("not_seated", {"people": strangers})
    if not command.present:
        yield Objection("nobody_present")
    if not command.moderation:
        yield Objection("moderation_missing")
    for material in command.materials:
        if not (material.title.strip() and _SHA256.fullmatch(material.sha256)):
            yield Objection("material_incomplete", {"material": material.title.strip() or "-"})


def _plan(command: PlanSession, _context: Context) -> tuple[Event, ...]:
    title = command.title.strip()
    return (SessionPlanned(session=command.session, title=title, begins=command.begins),)


def _record(command: RecordSession, _context: Context) -> tuple[Event, ...]:
    return (
        SessionRecorded(
            session=command.session,
            present=command.present,
            speakers=command.speakers,
            moderation=command.moderation,
            materials=command.materials,
        ),
    )


DECIDERS = (
    Decider(
        command=PlanSession,
        decide=_plan,
        objections=_plan_objections,
        events=(SessionPlanned,),
        records=(Named(Session, "session"),),
    ),
    Decider(
        command=RecordSession,
        decide=_record,
        objections=_record_objections,
        events=(SessionRecorded,),
        records=(Named(Session, "session"), Every(Seat)),
    ),
)
