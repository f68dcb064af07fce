"""Recording: facts become journal lines, present state and ballots, all in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import evolve

from partizipation_core.clock import Instant
from partizipation_core.execution.outbox import Outbox
from partizipation_core.execution.rebuilding import restore
from partizipation_core.execution.request import Opening, Outcome, Receipt
from partizipation_core.execution.timing import recorded_at
from partizipation_core.kernel.calendar import wakes_at
from partizipation_core.kernel.channels.entries import BatchEntry, CastEntry, PaperEntry
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Fact
from partizipation_core.kernel.franchise import RegisterEntry, RegisterErasure, RollEntry
from partizipation_core.kernel.messages import BallotEntry, BallotOpening, BallotWithdrawal, Event
from partizipation_core.kernel.payee import PayeeEntry, PayeeErasure
from partizipation_core.kernel.privacy.wording import WordingChange
from partizipation_core.kernel.procedure import ProcedureAmended, ProcedureOpened
from partizipation_core.kernel.record import Record
from partizipation_core.kernel.secrecy.seal import SealEntry
from partizipation_core.kernel.state import Comment, Item, World
from partizipation_core.kernel.voices import VoiceEntry
from partizipation_core.store import Scope, Unit, casting, recognising, roll, speaking
from partizipation_core.store.journal import Codec, Recorded
from partizipation_core.store.keys import KeyRing
from partizipation_core.store.ledger import booked
from partizipation_core.values import CommentRef, ItemRef, RecordRef

__all__ = ["Recorder"]

_ERASING = (RegisterErasure, PayeeErasure, WordingChange)


class Recorder:
    """Writes what was decided.

    Args:
        codec: how events become lines.
        keys: keys for the roll.
        outbox: knows who is to be told.
    """

    def __init__(self, codec: Codec, keys: KeyRing, outbox: Outbox) -> None:
        self._codec = codec
        self._outbox = outbox
        self._keys = keys

    def write(self, unit: Unit, scope: Scope, facts: Sequence[Fact], context: Context) -> Outcome:
        """Write facts.

        Raises:
            Refused: a ballot or a voice met the unique key of its table.
        """
        events = [fact for fact in facts if isinstance(fact, Event)]
        receipt = Receipt(at=context.now)
        recorded: Sequence[Recorded] = ()
        if events:
            # What somebody's voice sets off is the doing of the number, and tells of no person.
            nobody = any(isinstance(fact, VoiceEntry) for fact in facts)
            recorded = self._record(unit, events, context, "" if nobody else context.actor.ref)
            first, last = recorded[0], recorded[-1]
            receipt = Receipt(at=first.at, first=first.seq, last=last.seq)
        commitment = self._put_ballots(unit, scope, facts)
        receipt = evolve(receipt, commitment=commitment)
        for fact in facts:
            receipt = self._kept(unit, scope, fact, receipt)
            _told(unit, fact)
        unit.electorate.keep(fact for fact in facts if isinstance(fact, RegisterEntry))
        unit.electorate.change(fact for fact in facts if isinstance(fact, RollEntry))
        return Outcome(receipt, recorded, erased=self._erase(unit, facts))

    def _erase(self, unit: Unit, facts: Sequence[Fact]) -> bool:
        """Derive the state anew where texts are gone; tells whether anything was erased."""
        if any(isinstance(fact, WordingChange) for fact in facts):
            restore(unit, self._codec, list(unit.lines()))
        return any(isinstance(fact, _ERASING) for fact in facts)

    def _kept(self, unit: Unit, scope: Scope, fact: Fact, receipt: Receipt) -> Receipt:
        """Keep what somebody said, or let go of it; returns the receipt and what it tells."""
        if isinstance(fact, BallotWithdrawal):
            roll.take_out(unit, self._keys, scope, fact)
        elif isinstance(fact, BallotOpening):
            nonce, body = roll.open_ballot(unit, self._keys, scope, fact)
            opening = Opening(body=body.decode(), nonce=nonce.hex())
            return evolve(receipt, commitment=fact.commitment, opening=opening)
        elif isinstance(fact, VoiceEntry):
            return evolve(receipt, commitment=speaking.put(unit, self._keys, scope, fact))
        elif isinstance(fact, CastEntry | PaperEntry | BatchEntry):
            commitment = casting.put(unit, self._keys, scope, fact)
            return evolve(receipt, commitment=commitment or receipt.commitment)
        return receipt

    def _put_ballots(self, unit: Unit, scope: Scope, facts: Sequence[Fact]) -> str:
        """Put ballots into the box; returns the commitment of the last of a few."""
        ballots, commitment = [fact for fact in facts if isinstance(fact, BallotEntry)], ""
        if len(ballots) > 1 and not any(one.replaces for one in ballots):
            roll.put_all(unit, self._keys, scope, ballots)
        else:
            for ballot in ballots:
                commitment = roll.put(unit, self._keys, scope, ballot)
        for ballot in ballots:
            recognising.put(unit, self._keys, scope, ballot)
        return commitment

    def _record(
        self, unit: Unit, events: Sequence[Event], context: Context, actor: str
    ) -> list[Recorded]:
        before, at = unit.present(), recorded_at(unit, context.now)
        lines = self._codec.write(events, after=(before.seq, before.head), at=at, actor=actor)
        items, comments, records, world = _changes(context.world, events, at)
        unit.deliveries.enrol(self._outbox.subscribers, before.seq)
        unit.append(lines)
        definition = context.definition
        for event in events:
            if isinstance(event, ProcedureOpened | ProcedureAmended):
                definition = event.definition
                unit.pin(definition)
        unit.save(world.opened, lines[-1], wakes_at(world.opened, definition))
        unit.save_items(items.values())
        unit.comments.save(comments.values())
        unit.books.append(booked(zip((line.seq for line in lines), events, strict=True)))
        unit.records.save(records.values())
        return [
            Recorded(seq=line.seq, at=at, actor=actor, event=event)
            for line, event in zip(lines, events, strict=True)
        ]


def _told(unit: Unit, fact: Fact) -> None:
    """Do what needs no key."""
    if isinstance(fact, PayeeEntry):
        unit.payees.put(fact)
    elif isinstance(fact, PayeeErasure):
        unit.payees.erase(fact.ref)
    elif isinstance(fact, SealEntry):
        unit.seals.seal(fact)
    elif isinstance(fact, RegisterErasure):
        unit.electorate.forget(fact)
    elif isinstance(fact, WordingChange):
        unit.wordings.change(fact)


def _changes(
    world: World, events: Iterable[Event], at: Instant
) -> tuple[
    dict[ItemRef, Item], dict[CommentRef, Comment], dict[tuple[str, RecordRef], Record], World
]:
    items: dict[ItemRef, Item] = {}
    comments: dict[CommentRef, Comment] = {}
    records: dict[tuple[str, RecordRef], Record] = {}
    for event in events:
        changes = tuple(event.apply(world, at))
        world = world.with_changes(changes)
        items |= {change.ref: change for change in changes if isinstance(change, Item)}
        comments |= {change.ref: change for change in changes if isinstance(change, Comment)}
        records |= {(one.kind, one.ref): one for one in changes if isinstance(one, Record)}
    return items, comments, records, world
