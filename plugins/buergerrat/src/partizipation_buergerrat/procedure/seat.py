"""Seats: drawn or appointed, confirmed, given up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Literal

from attrs import evolve, field, frozen

from partizipation_buergerrat.procedure.owning import acts_for
from partizipation_core.clock import Instant
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.privacy.kinds import NOTHING, Kind
from partizipation_core.kernel.record import Every, Named, Record
from partizipation_core.kernel.state import World
from partizipation_core.values import NO_RECORD, Objection, RecordRef

__all__ = [
    "DECIDERS",
    "LOT",
    "AppointSeats",
    "ConfirmSeat",
    "LeaveSeat",
    "Seat",
    "SeatConfirmed",
    "SeatLeft",
    "SeatsAppointed",
    "sitting",
]

LOT = "lot"
"""Group of those who were drawn; other groups are named by the procedure's settings."""


@frozen(kw_only=True)
class Seat(Record):
    """A seat and, by a pseudonym, who has it.

    Args:
        group: ``lot``, or the group that appointed it (mixed bodies).
        drawing: the draw that gave it; empty where it was appointed.
        state: whether it was accepted, or given up.
        since: when it was given.
        replaced_by: who moved up.
    """

    privacy: ClassVar[Mapping[str, Kind]] = {"group": NOTHING}

    kind: ClassVar[str] = "buergerrat/seat"

    group: str
    drawing: RecordRef = NO_RECORD
    state: Literal["offered", "confirmed", "left"] = "offered"
    since: Instant
    replaced_by: RecordRef = NO_RECORD


@frozen(kw_only=True)
class AppointSeats(Command):
    """Give seats without a lot: to stakeholders, factions, or others that the rules name.

    Args:
        group: which of the groups in the settings ``other_seats``.
        seats: pseudonyms of those appointed.
    """

    group: str
    seats: tuple[RecordRef, ...] = field(converter=as_tuple)


@frozen(kw_only=True)
class ConfirmSeat(Command):
    """Accept a seat (Zusage)."""

    seat: RecordRef


@frozen(kw_only=True)
class LeaveSeat(Command):
    """Decline a seat, or give it up later. Why is nobody's business."""

    seat: RecordRef


@frozen(kw_only=True)
class SeatsAppointed(Event):
    """Seats were given without a lot."""

    privacy: ClassVar[Mapping[str, Kind]] = {"group": NOTHING}

    group: str
    seats: tuple[RecordRef, ...]

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Give them."""
        for ref in self.seats:
            yield Seat(ref=ref, group=self.group, since=at)


@frozen(kw_only=True)
class SeatConfirmed(Event):
    """A seat was accepted."""

    seat: RecordRef

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Confirm it."""
        yield evolve(world.records.one(Seat, self.seat), state="confirmed")


@frozen(kw_only=True)
class SeatLeft(Event):
    """A seat became free."""

    seat: RecordRef

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Free it."""
        yield evolve(world.records.one(Seat, self.seat), state="left")


def sitting(seats: Mapping[RecordRef, Seat]) -> tuple[RecordRef, ...]:
    """Name those who have accepted a seat and not given it up."""
    return tuple(ref for ref, seat in seats.items() if seat.state == "confirmed")


def _appoint_objections(command: AppointSeats, context: Context) -> Iterator[Objection]:
    groups: Mapping[str, int] = getattr(context.settings, "other_seats", {})
    seats = context.world.records.all(Seat)
    if command.group not in groups:
        params = {"group": command.group, "known": ", ".join(sorted(groups)) or "-"}
        yield Objection("group_unknown", params)
        return
    if not command.seats:
        yield Objection("seats_missing")
    if len(set(command.seats)) < len(command.seats) or set(command.seats) & seats.keys():
        yield Objection("seat_taken")
    there = Counter(seat.group for seat in seats.values() if seat.state != "left")
    total, most = there[command.group] + len(command.seats), groups[command.group]
    if total > most:
        yield Objection("too_many_seats", {"group": command.group, "seats": total, "most": most})


def _one_objections(command: ConfirmSeat | LeaveSeat, context: Context) -> Iterator[Objection]:
    seat = context.world.records.get(Seat, command.seat)
    if seat is None:
        yield Objection("seat_unknown", {"seat": command.seat})
    elif seat.state == "left" or (isinstance(command, ConfirmSeat) and seat.state == "confirmed"):
        yield Objection(f"seat_{seat.state}", {"seat": command.seat})
    if not acts_for(command.seat, command, context):
        yield Objection("not_your_seat")


def _appoint(command: AppointSeats, _context: Context) -> tuple[Event, ...]:
    return (SeatsAppointed(group=command.group, seats=command.seats),)


def _confirm(command: ConfirmSeat, _context: Context) -> tuple[Event, ...]:
    return (SeatConfirmed(seat=command.seat),)


def _leave(command: LeaveSeat, _context: Context) -> tuple[Event, ...]:
    return (SeatLeft(seat=command.seat),)


DECIDERS = (
    Decider(
        command=AppointSeats,
        decide=_appoint,
        objections=_appoint_objections,
        events=(SeatsAppointed,),
        records=(Every(Seat),),
    ),
    Decider(
        command=ConfirmSeat,
        decide=_confirm,
        objections=_one_objections,
        events=(SeatConfirmed,),
        records=(Named(Seat, "seat"),),
    ),
    Decider(
        command=LeaveSeat,
        decide=_leave,
        objections=_one_objections,
        events=(SeatLeft,),
        records=(Named(Seat, "seat"),),
    ),
)
