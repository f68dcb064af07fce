"""After the draw: seats that became free go to alternates, and people are forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from attrs import evolve, field, frozen

from partizipation_buergerrat.procedure.drawing import (
    Written,
    data_of,
    drawing_of,
    instant_of,
    new_lines,
    state_objections,
)
from partizipation_buergerrat.procedure.lots import Drawing, protocol_of
from partizipation_buergerrat.procedure.seat import LOT, Seat
from partizipation_buergerrat.public import ceremony
from partizipation_buergerrat.public.protocol import Protocol
from partizipation_buergerrat.public.publication import is_pool
from partizipation_core.clock import Instant
from partizipation_core.errors import Refused
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.record import Every, Named, Record
from partizipation_core.kernel.state import World
from partizipation_core.values import Objection, RecordRef

__all__ = ["DECIDERS", "ErasePeople", "PeopleErased", "ReplaceSeat", "SeatReplaced"]


@frozen(kw_only=True)
class ReplaceSeat(Command):
    """Give the seat of somebody who left to the first alternate who keeps the quotas.

    The auditors' file is looked at and not kept.

    Args:
        drawing: the draw that gave the seat.
        seat: the seat that became free.
        pool: the auditors' file.
        declined: alternates who were asked and refused.
        reason: why quotas may be missed, if nobody keeps them.
    """

    drawing: RecordRef
    seat: RecordRef
    pool: str = field(repr=False)
    declined: tuple[RecordRef, ...] = field(default=(), converter=as_tuple)
    reason: str = ""


@frozen(kw_only=True)
class ErasePeople(Command):
    """Put down that what was known of people in the pool was destroyed.

    Args:
        drawing: the draw whose pool they were in.
        people: how many; who they were is told nowhere.
    """

    drawing: RecordRef
    people: int


@frozen(kw_only=True)
class SeatReplaced(Written):
    """An alternate got the seat of somebody who left."""

    leaving: RecordRef
    entering: RecordRef

    def apply(self, world: World, at: Instant) -> Iterable[Record]:
        """Write it down and give the seat."""
        yield self.written(world)
        yield evolve(world.records.one(Seat, self.leaving), replaced_by=self.entering)
        yield Seat(ref=self.entering, group=LOT, drawing=self.drawing, since=at)


@frozen(kw_only=True)
class PeopleErased(Written):
    """What was known of people was destroyed."""

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Write it down."""
        yield self.written(world)


def _replace_objections(command: ReplaceSeat, context: Context) -> Iterator[Objection]:
    yield from state_objections(command, context, "drawn")
    seat = context.world.records.get(Seat, command.seat)
    if seat is None or seat.drawing != command.drawing:
        yield Objection("seat_unknown", {"seat": command.seat})
    elif seat.state != "left":
        yield Objection("seat_not_free", {"seat": command.seat})
    elif seat.replaced_by:
        yield Objection("seat_replaced", {"seat": command.seat})
    pool, drawing = data_of(command.pool), drawing_of(command, context)
    if drawing is None or drawing.state != "drawn":
        return
    if not is_pool(pool, protocol_of(drawing)):
        yield Objection("draw_pool_list_differs")
    elif seat is not None and seat.state == "left" and not seat.replaced_by:
        try:
            _replaced(command, context)
        except Refused as refused:
            yield from refused.objections


def _replaced(command: ReplaceSeat, context: Context) -> Protocol:
    return ceremony.replace(
        protocol_of(drawing_of(command, context)),
        json.loads(command.pool),
        leaving=command.seat,
        declined=command.declined,
        now=instant_of(context),
        override=command.reason,
    )


def _replace(command: ReplaceSeat, context: Context) -> tuple[Event, ...]:
    before, after = protocol_of(drawing_of(command, context)), _replaced(command, context)
    told = after.last("replacement")[1]
    return (
        SeatReplaced(
            drawing=command.drawing,
            lines=new_lines(before, after),
            leaving=RecordRef(told["leaving"]),
            entering=RecordRef(told["entering"]),
        ),
    )


# --- erasing


def _erase_objections(command: ErasePeople, context: Context) -> Iterator[Objection]:
    if drawing_of(command, context) is None:
        yield Objection("draw_not_committed", {"drawing": command.drawing})
    if command.people < 1:
        yield Objection("nobody_to_erase")


def _erase(command: ErasePeople, context: Context) -> tuple[Event, ...]:
    before = protocol_of(drawing_of(command, context))
    body = {"at": instant_of(context), "people": command.people}
    after = before.append("erasure", body)
    return (PeopleErased(drawing=command.drawing, lines=new_lines(before, after)),)


_DRAWING = Named(Drawing, "drawing")

DECIDERS = (
    Decider(
        command=ReplaceSeat,
        decide=_replace,
        objections=_replace_objections,
        events=(SeatReplaced,),
        records=(_DRAWING, Every(Seat)),
    ),
    Decider(
        command=ErasePeople,
        decide=_erase,
        objections=_erase_objections,
        events=(PeopleErased,),
        after_closing=True,
        records=(_DRAWING,),
    ),
)
