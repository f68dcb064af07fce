"""Execution: loads what a command needs, lets the kernel decide, writes what follows.

One command is one transaction. Nothing here knows a format, a rule or a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b

from attrs import evolve, frozen

from partizipation_core.clock import Clock, Instant
from partizipation_core.errors import Conflict, NotFound, PluginError, Refused
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
from partizipation_core.store import Database, Scope, Unit
from partizipation_core.store.journal import Codec, Recorded
from partizipation_core.store.keys import KeyRing, voter_tag
from partizipation_core.values import Actor, ItemRef, Objection, ParticipantRef

__all__ = ["Execution", "Receipt"]

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
class _Loaded:
    """Present state of a procedure, as of a journal line."""

    seq: int
    procedure: Procedure
    pinned: Pinned


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

    def __init__(
        self, database: Database, host: PluginHost, clock: Clock, keys: KeyRing
    ) -> None:
        self.database = database
        self.host = host
        self.serializer = Serializer()
        self.codec = Codec(host.event_kinds(), self.serializer)
        self._clock = clock
        self._keys = keys
        self._loaded: dict[Scope, _Loaded] = {}

    def execute(
        self, scope: Scope, command: Command, actor: Actor, key: str = ""
    ) -> Receipt:
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
                    outcome = self._answer(unit, scope, decider, command, actor, key, now)
            if not moved:
                self._tell(scope, outcome.recorded)
                return outcome.receipt
            self._tell(scope, moved)

    def why(self, scope: Scope, command: Command, actor: Actor) -> tuple[Objection, ...]:
        """Return what `execute` would object to, without acting; nothing means it would do it."""
        with self.reading(scope) as unit:
            decider, now = self.decider(command), self._clock.now()
            context = self._context(unit, scope, decider, command, actor, now)
            return self._objections(decider, command, context)

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

    def recount(
        self, unit: Unit, scope: Scope, command: CountBallots, world: World
    ) -> BallotsCounted:
        """Count a vote once more as the world was then, without writing anything."""
        decider, pinned = self.decider(command), self._present(unit, scope).pinned
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

    def _answer(  # noqa: PLR0913 - the parts of one request
        self,
        unit: Unit,
        scope: Scope,
        decider: Decider,
        command: Command,
        actor: Actor,
        key: str,
        now: Instant,
    ) -> _Outcome:
        payload = self._payload(scope, command, actor) if key else b""
        if key and (before := unit.answered(key)):
            return _Outcome(self._again(before, payload, key))
        context = self._context(unit, scope, decider, command, actor, now)
        if found := self._objections(decider, command, context):
            raise Refused(decider.name, found)
        with _during(decider.name):
            facts = decider.decide(command, context)
        outcome = self._write(unit, scope, facts, context)
        if key:
            unit.answer(key, payload, canonical(self.serializer.dump(outcome.receipt)))
        return outcome

    def _payload(self, scope: Scope, command: Command, actor: Actor) -> bytes:
        """Fingerprint a request under a key, since a bare hash of a ballot can be guessed."""
        asked = canonical([type(command).__name__, actor.ref, self.serializer.dump(command)])
        return blake2b(asked, key=self._keys.key(scope, REQUESTS), digest_size=32).digest()

    def _again(self, before: tuple[bytes, bytes], payload: bytes, key: str) -> Receipt:
        if before[0] != payload:
            msg = f"idempotency key {key!r} was used for another command"
            raise Conflict(msg)
        return self.serializer.load(parse(before[1]), Receipt)

    def _objections(
        self, decider: Decider, command: Command, context: Context
    ) -> tuple[Objection, ...]:
        with _during(decider.name):
            if isinstance(command, OpenProcedure):
                return tuple(procedure.opening_objections(command, context))
            theirs = self.host.objections(command, context)
            return (*permission.objections(decider, command, context), *theirs)

    # --- what a decision may see

    def _context(  # noqa: PLR0913 - the parts of one request
        self,
        unit: Unit,
        scope: Scope,
        decider: Decider,
        command: Command,
        actor: Actor,
        now: Instant,
    ) -> Context:
        if isinstance(command, OpenProcedure):
            pinned = unpin(self.host.registry, command.definition)
            return self._bare_context(pinned, World(procedure=unit.procedure()), actor, now)
        loaded = self._present(unit, scope)
        world = World(
            procedure=loaded.procedure, items=self._items(unit, decider.needs, command)
        )
        vote, needs = loaded.procedure.vote, decider.needs
        counted = getattr(command, "vote", vote)
        return Context(
            now=now,
            actor=actor,
            definition=loaded.pinned.definition,
            settings=loaded.pinned.settings,
            rules=loaded.pinned.rules,
            world=world,
            voted=Need.MARK in needs and self._has_voted(unit, scope, loaded.procedure, actor),
            box=unit.box(vote) if Need.BOX in needs else None,
            ballots=tuple(unit.ballots(counted)) if Need.BALLOTS in needs else (),
        )

    def _bare_context(
        self, pinned: Pinned, world: World, actor: Actor, now: Instant
    ) -> Context:
        return Context(
            now=now,
            actor=actor,
            definition=pinned.definition,
            settings=pinned.settings,
            rules=pinned.rules,
            world=world,
        )

    def _present(self, unit: Unit, scope: Scope) -> _Loaded:
        """Return the present state, from memory if the journal has not moved on."""
        seq, _, _ = unit.head()
        loaded = self._loaded.get(scope)
        if loaded is not None and loaded.seq == seq:
            return loaded
        now, pinned = unit.procedure(), unit.definition()
        if now is None or pinned is None:
            msg = f"municipality {scope.municipality} has no procedure {scope.procedure!r}"
            raise NotFound(msg)
        self._loaded[scope] = _Loaded(seq, now, unpin(self.host.registry, pinned[1]))
        return self._loaded[scope]

    def _items(
        self, unit: Unit, needs: Iterable[Need], command: Command
    ) -> dict[ItemRef, Item]:
        if Need.ITEMS in needs:
            return {item.ref: item for item in unit.items()}
        if isinstance(command, ItemCommand) and (item := unit.item(command.item)):
            return {item.ref: item}
        return {}

    def _has_voted(
        self, unit: Unit, scope: Scope, present: Procedure, actor: Actor
    ) -> bool:
        if present.vote not in present.papers:
            return False
        tag = voter_tag(self._keys, scope, present.vote, actor.ref)
        return unit.has_voted(present.vote, tag)

    # --- what follows

    def _catch_up(self, unit: Unit, scope: Scope, now: Instant) -> list[Recorded]:
        """Enter the stages that are due, each at the instant it was due."""
        moved: list[Recorded] = []
        decider = self.host.registry.deciders["AdvanceStage"].thing
        while (due := unit.head()[2]) is not None and due <= now:
            context = self._context(unit, scope, decider, AdvanceStage(), TIME, due)
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
                commitment = self._put(unit, scope, fact)
                receipt = Receipt(at=context.now, commitment=commitment)
        return _Outcome(receipt, recorded)

    def _put(self, unit: Unit, scope: Scope, entry: BallotEntry) -> str:
        tag = voter_tag(self._keys, scope, entry.vote, entry.voter)
        commitment = unit.put(entry, tag)
        if commitment is None:
            raise Refused("CastBallot", [Objection("already_voted", {"vote": entry.vote})])
        return commitment

    def _record(
        self, unit: Unit, events: Sequence[Event], context: Context
    ) -> list[Recorded]:
        seq, head, _ = unit.head()
        lines = self.codec.write(
            events, after=(seq, head), at=context.now, actor=context.actor.ref
        )
        changed, world = _changes(context.world, events, context.now)
        unit.append(lines)
        if seq == 0:
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
        failures = list(self.host.after_commit(*place))
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

    def _hand_over(self, scope: Scope, one: FollowUp) -> Iterator[Exception]:
        target = Scope(scope.municipality, one.procedure)
        try:
            self.execute(target, one.command, one.actor, one.key)
        except (Refused, Conflict, NotFound, PluginError) as error:
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
