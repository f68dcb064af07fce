"""Rebuilding: the present state once more, from the journal and the texts beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from partizipation_core.clock import Instant
from partizipation_core.errors import StorageError
from partizipation_core.formats.definition import Definition
from partizipation_core.kernel.calendar import wakes_at
from partizipation_core.kernel.procedure import ProcedureAmended, ProcedureOpened
from partizipation_core.kernel.record import Record, Records
from partizipation_core.kernel.state import Comment, Item, Procedure, World
from partizipation_core.money.books import Booking
from partizipation_core.store import Unit
from partizipation_core.store.journal import Codec, Line, Recorded, check_chain
from partizipation_core.store.ledger import booked
from partizipation_core.store.wordings import wording_faults
from partizipation_core.values import CommentRef, ItemRef

__all__ = ["definition_of", "due_after", "replay", "restore"]


def replay(recorded: Iterable[Recorded]) -> World:
    """Add up events to the state they lead to.

    Raises:
        StorageError: an event speaks of something that none before it brought about.
    """
    procedure: Procedure | None = None
    items: dict[ItemRef, Item] = {}
    comments: dict[CommentRef, Comment] = {}
    bookings: list[Booking] = []
    records = Records({})
    for one in recorded:
        try:
            world = World(
                procedure=procedure,
                items=items,
                comments=comments,
                bookings=bookings,
                records=records,
            )
            changes = tuple(one.event.apply(world, one.at))
        except (LookupError, AssertionError) as error:
            msg = f"journal line {one.seq} does not follow from the lines before it"
            raise StorageError(msg) from error
        records = records.with_changes([one for one in changes if isinstance(one, Record)])
        for change in changes:
            if isinstance(change, Procedure):
                procedure = change
            elif isinstance(change, Item):
                items[change.ref] = change
            elif isinstance(change, Booking):
                bookings.append(change)
            elif not isinstance(change, Record):
                comments[change.ref] = change
    return World(
        procedure=procedure,
        items=items,
        comments=comments,
        bookings=bookings,
        records=records,
    )


def restore(unit: Unit, codec: Codec, lines: Sequence[Line]) -> int:
    """Write the present state anew; returns the number of events replayed.

    Args:
        unit: the transaction.
        codec: reads the lines.
        lines: the whole journal with its texts.

    Raises:
        StorageError: journal or texts were changed; nothing was written.
    """
    if faults := [*check_chain(lines), *wording_faults(lines)]:
        raise StorageError("the present state cannot be rebuilt: " + "; ".join(faults))
    recorded = [codec.read(line) for line in lines]
    world, definition = replay(recorded), definition_of(recorded)
    unit.clear_state()
    unit.pin(definition)
    unit.save(world.opened, lines[-1], due_after(world, definition))
    unit.save_items(world.items.values())
    unit.comments.save(world.comments.values())
    unit.books.append(booked((one.seq, one.event) for one in recorded))
    unit.records.save(world.records)
    return len(recorded)


def definition_of(recorded: Sequence[Recorded]) -> Definition:
    """Return what a journal says was pinned.

    Raises:
        StorageError: it does not begin with the opening.
    """
    opened = recorded[0].event
    if not isinstance(opened, ProcedureOpened):
        msg = f"journal line 1 is {type(opened).__name__}, not the opening"
        raise StorageError(msg)
    amended = (one.event for one in reversed(recorded))
    latest = next((event for event in amended if isinstance(event, ProcedureAmended)), opened)
    return latest.definition


def due_after(world: World, definition: Definition) -> Instant | None:
    """Return when a procedure moves on by itself; None if it does not."""
    return wakes_at(world.opened, definition)
