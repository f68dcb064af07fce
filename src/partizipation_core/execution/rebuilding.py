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
from partizipation_core.values import CommentRef, ItemRef, RecordRef

__all__ = ["definition_of", "due_after", "replay", "restore", "write_anew"]


def replay(recorded: Iterable[Recorded]) -> World:
    """Add up events to the state they lead to.

    Raises:
        StorageError: an event speaks of something that none before it brought about.
    """
    state = _State()
    for one in recorded:
        try:
            changes = tuple(one.event.apply(state.world, one.at))
        except (LookupError, AssertionError) as error:
            msg = f"journal line {one.seq} does not follow from the lines before it"
            raise StorageError(msg) from error
        state.take(changes)
    return state.world


class _State:
    """What events add up to so far.

    The world is a view of what is gathered here: an event sees it as it is when the event is
    applied, and it need be made anew only where a part of it is another object.
    """

    def __init__(self) -> None:
        self._items: dict[ItemRef, Item] = {}
        self._comments: dict[CommentRef, Comment] = {}
        self._bookings: list[Booking] = []
        self._records: dict[str, dict[RecordRef, Record]] = {}
        self.world = self._seen(None)

    def take(self, changes: Iterable[Procedure | Item | Comment | Booking | Record]) -> None:
        """Remember what one event has changed."""
        for change in changes:
            if isinstance(change, Item):
                self._items[change.ref] = change
            elif isinstance(change, Procedure):
                self.world = self._seen(change)
            elif isinstance(change, Booking):
                self._bookings.append(change)
            elif isinstance(change, Record):
                self._take_record(change)
            else:
                self._comments[change.ref] = change

    def _take_record(self, record: Record) -> None:
        if record.kind in self._records:
            self._records[record.kind][record.ref] = record
        else:
            self._records[record.kind] = {record.ref: record}
            self.world = self._seen(self.world.procedure)

    def _seen(self, procedure: Procedure | None) -> World:
        return World(
            procedure=procedure,
            items=self._items,
            comments=self._comments,
            bookings=self._bookings,
            records=Records(self._records),
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
    return write_anew(unit, codec, lines)


def write_anew(unit: Unit, codec: Codec, lines: Sequence[Line]) -> int:
    """Write the present state of a journal that was checked; returns the number of events."""
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
