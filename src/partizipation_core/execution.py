"""Execution: loads what a command needs, lets the kernel decide, writes what follows.

One command is one transaction. Nothing here knows a format, a rule or a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from hashlib import blake2b

from attrs import evolve, frozen

from partizipation_core.clock import Clock, Instant
from partizipation_core.errors import (
    Conflict,
    NotFound,
    PartizipationError,
    PluginError,
    Refused,
    StorageError,
)
from partizipation_core.kernel import permission, procedure
from partizipation_core.kernel.ballot import BallotsCounted, CountBallots
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Fact, Need
from partizipation_core.kernel.followup import FollowUp
from partizipation_core.kernel.messages import BallotEntry, Command, Event, ItemCommand
from partizipation_core.kernel.procedure import AdvanceStage, OpenProcedure
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.pinning import Pinned, unpin
from partizipation_core.serialization import Serializer, canonical, parse
from partizipation_core.store import Database, Scope, Unit, roll
from partizipation_core.store.journal import Codec, Recorded
from partizipation_core.store.keys import KeyRing
from partizipation_core.store.unit import load_procedure
from partizipation_core.values import Actor, ItemRef, Objection, ParticipantRef

__all__ = ["Execution", "Receipt"]

_REMEMBERED = 256
"""Number of procedures and definitions kept in memory as objects."""

REQUESTS = "requests/"
"""Name of the key for fingerprints; no vote can have it."""

TIME = Actor(ref=ParticipantRef(""), roles=frozenset())
"""Who acts when a stage is entered because its time has come."""


@frozen(kw_only=True)
class Receipt:
    """What an accepted command was answered.

    Args:
        at: the instant it was decided.
        first: number of the first journal line it wrote, 0 if it wrote none.
        last: number of the last one.
        commitment: for ballots, the commitment (hexadecimal) that the closing checkpoint holds.
    """

    at: Instant
    first: int = 0
    last: int = 0
    commitment: str = ""


@frozen
class _Request:
    """A command on its way through a transaction."""

    unit: Unit
    scope: Scope
    decider: Decider
    command: Command
    actor: Actor
    now: Instant


@frozen
class _Outcome:
    receipt: Receipt
    recorded: Sequence[Recorded] = ()


class Execution:
    """Runs commands against one database.

    Args:
        database: where everything is kept.
        host: the plugins.
        clock: tells the time, once per command, inside its transaction.
        keys: keys for the roll.
    """

    def __init__(self, database: Database, host: PluginHost, clock: Clock, keys: KeyRing) -> None:
        self.database = database
        self.host = host
        self.serializer = Serializer()
        self.codec = Codec(host.event_kinds(), self.serializer)
        self._clock = clock
        self._keys = keys
        # Both hang on what is stored and on nothing else, so they can never be out of date.
        self._procedure = lru_cache(_REMEMBERED)(partial(load_procedure, self.serializer))
        self._pinned: dict[str, Pinned] = {}

    def execute(self, scope: Scope, command: Command, actor: Actor, key: str = "") -> Receipt:
        """Decide a command and write what follows, or refuse it with every reason.

        Args:
            scope: the procedure.
            command: what is asked.
            actor: who asks.
            key: idempotency key; asking twice with one key gives the first answer again.

        Raises:
            Refused: with every reason; nothing was written.
            Conflict: the key was used for something else.
            NotFound: no such procedure or command.
            PluginError: a plugin failed; nothing was written.
        """
        decider = self.decider(command)
        while True:
            with self.database.writing() as connection:
                unit = Unit(connection, scope, self.serializer)
                now = self._clock.now()
                moved = self._catch_up(unit, scope, now)
                if not moved:
                    request = _Request(unit, scope, decider, command, actor, now)
                    outcome = self._answer(request, key)
            if not moved:
                self._tell(scope, outcome.recorded)
                return outcome.receipt
            self._tell(scope, moved)

    def why(self, scope: Scope, command: Command, actor: Actor) -> tuple[Objection, ...]:
        """Return what `execute` would object to, without acting; nothing means it would do it."""
        decider = self.decider(command)
        with self._foresight(scope) as (unit, now):
            request = _Request(unit, scope, decider, command, actor, now)
            return self._objections(request, self._context(request))

    def tick(self, scope: Scope) -> Sequence[Recorded]:
        """Enter every stage whose time has come, in order, whatever the downtime."""
        with self.database.writing() as connection:
            unit = Unit(connection, scope, self.serializer)
            moved = self._catch_up(unit, scope, self._clock.now())
        self._tell(scope, moved)
        return moved

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[Unit]:
        """Look at a procedure as it is at one moment."""
        with self.database.reading() as connection:
            yield Unit(connection, scope, self.serializer)

    @contextmanager
    def _foresight(self, scope: Scope) -> Iterator[tuple[Unit, Instant]]:
        """Look at a procedure as a command would find it now, with due stages entered."""
        with self.reading(scope) as unit:
            now = self._clock.now()
            due = unit.present().due
            if due is None or due > now:
                yield unit, now
                return
        with self.database.rehearsing() as connection:
            unit, now = Unit(connection, scope, self.serializer), self._clock.now()
            self._catch_up(unit, scope, now)
            yield unit, now

    def recount(
        self, unit: Unit, scope: Scope, command: CountBallots, world: World
    ) -> BallotsCounted:
        """Count a vote once more as the world was then, without writing anything."""
        decider, (_, pinned) = self.decider(command), self._present(unit, scope)
        context = self._bare_context(pinned, world, TIME, self._clock.now())
        ballots = tuple(unit.ballots(command.vote))
        (counted,) = decider.decide(command, evolve(context, ballots=ballots))
        assert isinstance(counted, BallotsCounted)  # noqa: S101 - that is what it decides
        return counted

    def decider(self, command: Command) -> Decider:
        """Find who decides a command.

        Raises:
            NotFound: no loaded plugin does.
        """
        offer = self.host.registry.deciders.get(type(command).__name__)
        if offer is None or offer.thing.command is not type(command):
            msg = f"no loaded plugin decides {type(command).__name__}"
            raise NotFound(msg)
        return offer.thing

    # --- one command

    def _answer(self, request: _Request, key: str) -> _Outcome:
        payload = self._payload(request) if key else b""
        if key and (before := request.unit.answered(key)):
            return _Outcome(self._again(before, payload, key))
        context = self._context(request)
        if found := self._objections(request, context):
            raise Refused(request.decider.name, found)
        with _during(request.decider.name):
            facts = request.decider.decide(request.command, context)
        outcome = self._write(request.unit, request.scope, facts, context)
        if key:
            receipt = canonical(self.serializer.dump(outcome.receipt))
            request.unit.answer(key, payload, receipt)
        return outcome

    def _payload(self, request: _Request) -> bytes:
        """Fingerprint a request under a key, since a bare hash of a ballot can be guessed."""
        asked = self.serializer.dump(request.command)
        body = canonical([request.decider.name, request.actor.ref, asked])
        key = self._keys.key(request.scope, REQUESTS)
        return blake2b(body, key=key, digest_size=32).digest()

    def _again(self, before: tuple[bytes, bytes], payload: bytes, key: str) -> Receipt:
        if before[0] != payload:
            msg = f"idempotency key {key!r} was used for another command"
            raise Conflict(msg)
        return self.serializer.load(parse(before[1]), Receipt)

    def _objections(self, request: _Request, context: Context) -> tuple[Objection, ...]:
        decider, command = request.decider, request.command
        with _during(decider.name):
            if isinstance(command, OpenProcedure):
                return tuple(procedure.opening_objections(command, context))
            theirs = self.host.objections(command, context)
            return (*permission.objections(decider, command, context), *theirs)

    # --- what a decision may see

    def _context(self, request: _Request) -> Context:
        unit, command, actor = request.unit, request.command, request.actor
        if isinstance(command, OpenProcedure):
            pinned = unpin(self.host.registry, command.definition)
            world = World(procedure=unit.procedure())
            return self._bare_context(pinned, world, actor, request.now)
        present, pinned = self._present(unit, request.scope)
        vote, needs = present.vote, request.decider.needs
        world = World(procedure=present, items=self._items(unit, needs, command))
        return evolve(
            self._bare_context(pinned, world, actor, request.now),
            voted=Need.MARK in needs and self._has_voted(unit, request.scope, present, actor),
            box=unit.box(vote) if Need.BOX in needs else None,
            ballots=tuple(unit.ballots(getattr(command, "vote", vote)))
            if Need.BALLOTS in needs
            else (),
        )

    def _bare_context(self, pinned: Pinned, world: World, actor: Actor, now: Instant) -> Context:
        return Context(
            now=now,
            actor=actor,
            definition=pinned.definition,
            settings=pinned.settings,
            rules=pinned.rules,
            world=world,
        )

    def _present(self, unit: Unit, scope: Scope) -> tuple[Procedure, Pinned]:
        """Return the present state and what was pinned, from memory if they are known."""
        stored = unit.present()
        if stored.body is None:
            msg = f"municipality {scope.municipality} has no procedure {scope.procedure!r}"
            raise NotFound(msg)
        return self._procedure(stored.body), self._unpinned(unit, stored.definition or "")

    def _unpinned(self, unit: Unit, digest: str) -> Pinned:
        pinned = self._pinned.get(digest)
        if pinned is None:
            if (definition := unit.definition()) is None:
                msg = "what the procedure pinned is gone; rebuild it from its journal"
                raise StorageError(msg)
            pinned = unpin(self.host.registry, definition)
            if len(self._pinned) >= _REMEMBERED:
                self._pinned.clear()
            self._pinned[digest] = pinned
        return pinned

    def _items(self, unit: Unit, needs: Iterable[Need], command: Command) -> dict[ItemRef, Item]:
        if Need.ITEMS in needs:
            return {item.ref: item for item in unit.items()}
        if isinstance(command, ItemCommand) and (item := unit.item(command.item)):
            return {item.ref: item}
        return {}

    def _has_voted(self, unit: Unit, scope: Scope, present: Procedure, actor: Actor) -> bool:
        vote = present.vote
        if vote not in present.papers:
            return False
        return roll.has_voted(unit, self._keys, scope, vote, actor.ref)

    # --- what follows

    def _catch_up(self, unit: Unit, scope: Scope, now: Instant) -> list[Recorded]:
        """Enter the stages that are due, each at the instant it was due."""
        moved: list[Recorded] = []
        decider = self.host.registry.deciders["AdvanceStage"].thing
        while (due := unit.present().due) is not None and due <= now:
            request = _Request(unit, scope, decider, AdvanceStage(), TIME, due)
            context = self._context(request)
            moved += self._write(unit, scope, procedure.advance(context), context).recorded
        return moved

    def _write(
        self, unit: Unit, scope: Scope, facts: Sequence[Fact], context: Context
    ) -> _Outcome:
        events = [fact for fact in facts if isinstance(fact, Event)]
        receipt = Receipt(at=context.now)
        recorded: Sequence[Recorded] = ()
        if events:
            recorded = self._record(unit, events, context)
            receipt = Receipt(at=context.now, first=recorded[0].seq, last=recorded[-1].seq)
        for fact in facts:
            if isinstance(fact, BallotEntry):
                commitment = roll.put(unit, self._keys, scope, fact)
                receipt = Receipt(at=context.now, commitment=commitment)
        return _Outcome(receipt, recorded)

    def _record(self, unit: Unit, events: Sequence[Event], context: Context) -> list[Recorded]:
        before = unit.present()
        lines = self.codec.write(
            events, after=(before.seq, before.head), at=context.now, actor=context.actor.ref
        )
        changed, world = _changes(context.world, events, context.now)
        unit.append(lines)
        if before.seq == 0:
            unit.pin(context.definition)
        due = procedure.next_due(world.opened, context.definition)
        unit.save(world.opened, lines[-1], due)
        unit.save_items(changed.values())
        return [
            Recorded(seq=line.seq, at=context.now, actor=context.actor.ref, event=event)
            for line, event in zip(lines, events, strict=True)
        ]

    # --- afterwards

    def _tell(self, scope: Scope, recorded: Sequence[Recorded]) -> None:
        """Notify observers and hand over; what fails here is kept and undoes nothing."""
        if not recorded:
            return
        place = (scope.municipality, scope.procedure, recorded)
        failures: list[PartizipationError] = list(self.host.after_commit(*place))
        for one in self.host.follow_ups(*place):
            if isinstance(one, FollowUp):
                failures += self._hand_over(scope, one)
            else:
                failures.append(one)
        if failures:
            with self.database.writing() as connection:
                unit = Unit(connection, scope, self.serializer)
                for failure in failures:
                    unit.note_failure(self._clock.now(), str(failure))

    def _hand_over(self, scope: Scope, one: FollowUp) -> Iterator[PartizipationError]:
        target = Scope(scope.municipality, one.procedure)
        try:
            self.execute(target, one.command, one.actor, one.key)
        except PartizipationError as error:
            yield error


def _changes(
    world: World, events: Iterable[Event], at: Instant
) -> tuple[dict[ItemRef, Item], World]:
    changed: dict[ItemRef, Item] = {}
    for event in events:
        changes = tuple(event.apply(world, at))
        world = world.with_changes(changes)
        changed |= {change.ref: change for change in changes if isinstance(change, Item)}
    return changed, world


@contextmanager
def _during(command: str) -> Iterator[None]:
    """Let a failing rule name the command that was under way."""
    try:
        yield
    except PluginError as error:
        if not error.command:
            raise PluginError(
                error.distribution, error.version, error.hook, command, reason=error.reason
            ) from error
        raise
