"""One command, one transaction: catch up with time, load, object, decide, write, tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from attrs import evolve

from partizipation_core.clock import Clock, Instant
from partizipation_core.errors import NotFound, Refused
from partizipation_core.execution import destroying, sealing
from partizipation_core.execution.answers import Answers
from partizipation_core.execution.casting import Casting
from partizipation_core.execution.handing import Handing
from partizipation_core.execution.keepable import require_keepable, unkeepable
from partizipation_core.execution.loading import Loader, bare_context
from partizipation_core.execution.naming import blamed, during, writable
from partizipation_core.execution.outbox import Outbox
from partizipation_core.execution.recording import Recorder
from partizipation_core.execution.request import TIME, Outcome, Receipt, Request
from partizipation_core.execution.tallying import Tallies
from partizipation_core.execution.timing import begun_at, decided_at
from partizipation_core.execution.unasked import Unasked
from partizipation_core.kernel import foresight, permission
from partizipation_core.kernel.ballot import BallotsCounted, CountBallots, counted
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Fact
from partizipation_core.kernel.followup import FollowUp
from partizipation_core.kernel.messages import Command
from partizipation_core.kernel.override import Override, overriding
from partizipation_core.kernel.procedure import OpenProcedure, opening_objections
from partizipation_core.kernel.stage import AdvanceStage
from partizipation_core.kernel.state import Procedure, World
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin
from partizipation_core.plugins.pinning import Pinned
from partizipation_core.store import Connection, Database, Scope, Unit
from partizipation_core.store.journal import Codec, Recorded
from partizipation_core.store.keys import KeyRing
from partizipation_core.store.retention import ERASABLE
from partizipation_core.values import Actor, Objection

__all__ = ["Execution"]


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
        self.codec = Codec(host.event_kinds(), host.installed)
        self._clock = clock
        self._keys = keys
        self._loader = Loader(host.registry, keys, self.codec)
        handing = Handing(database, host, clock, self._hand_over)
        self.outbox = Outbox(database, host, self.codec, clock, handing)
        self._recorder = Recorder(self.codec, keys, self.outbox)
        self.unasked = Unasked(self._loader, self._recorder, self.decider)
        self._answers = Answers(keys)
        self._casting = Casting(self, self._loader, self._answers)
        self._tallies = Tallies(self)

    def execute(
        self, scope: Scope, command: Command, actor: Actor, key: str = "", *, attested: str = ""
    ) -> Receipt:
        """Decide a command and write what follows, or refuse it with every reason.

        Args:
            scope: the procedure.
            command: what is asked.
            actor: who asks.
            key: idempotency key; asking twice with one key gives the first answer again.
            attested: digest of the document that an adapter wrote or checked; see `Context`.

        Raises:
            Refused: with every reason; nothing was written.
            Conflict: the key was used for something else.
            NotFound: no such procedure or command.
            PluginError: a plugin failed; nothing was written.
            StorageError: rows were erased, and somebody who reads keeps their bytes in the files.
        """
        decider = self.decider(command)
        require_keepable(decider.name, key)
        if receipt := self._casting.cast(scope, decider, command, actor, key):
            return receipt
        require_keepable(decider.name, command)

        def attempt(connection: Connection) -> Outcome:
            unit = Unit(connection, scope)
            now = begun_at(unit, self._clock.now())
            if moved := self.unasked.catch_up(unit, scope, now):
                return Outcome(None, moved)
            request = Request(unit, scope, decider, command, actor, now, attested)
            return self._answer(request, key)

        while True:
            outcome = self.database.run_in_transaction(attempt, scope)
            self.tell(scope, outcome.recorded)
            if outcome.erased:
                self.forget(scope)
                self.database.scrub(ERASABLE)
            sealing.follow(self, scope, outcome.recorded)
            destroying.follow(self, scope, outcome.recorded)
            if outcome.receipt is not None:
                return outcome.receipt

    def why(
        self, scope: Scope, command: Command, actor: Actor, *, attested: str = ""
    ) -> tuple[Objection, ...]:
        """Return what `execute` would object to, without acting; nothing means it would do it."""
        decider = self.decider(command)
        if found := unkeepable(command):
            return found
        with self._foresight(scope) as (unit, now):
            request = Request(unit, scope, decider, command, actor, now, attested)
            return self.objections(request, self._loader.context(request))

    def vote(self, scope: Scope) -> str:
        """Name the vote that a command would meet now, with due stages entered.

        Raises:
            NotFound: there is no such procedure.
        """
        with self._foresight(scope) as (unit, _):
            return self._loader.present(unit, scope)[0].vote

    def now(self) -> Instant:
        """Tell the present instant."""
        return self._clock.now()

    def tick(self, scope: Scope, *, until: Instant | None = None) -> Sequence[Recorded]:
        """Do everything whose time has come, in order, whatever the downtime.

        Args:
            scope: the procedure.
            until: the last instant whose moves are made; None for the present one.

        Raises:
            Refused: a vote ought to open, and rules that it needs are not installed here.
        """

        def attempt(connection: Connection) -> list[Recorded]:
            unit, now = Unit(connection, scope), self._clock.now()
            at = now if until is None else min(until, now)
            moved = self.unasked.catch_up(unit, scope, at)
            if not moved and (lacking := self.unasked.lacking(unit, scope, at)):
                raise Refused(AdvanceStage.__name__, lacking)
            return moved

        moved = self.database.run_in_transaction(attempt, scope)
        self.tell(scope, moved)
        return [*moved, *sealing.seal_closed(self, scope)]

    def tell(self, scope: Scope, recorded: Sequence[Recorded]) -> None:
        """Tell observers of what was committed, and hand over what follows from it."""
        if recorded:
            self.outbox.deliver(scope, after=recorded[0].seq - 1)
            self.outbox.hand_over(scope, recorded)

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[Unit]:
        """Look at a procedure as it is at one moment."""
        with self.database.reading() as connection:
            yield Unit(connection, scope)

    @contextmanager
    def _foresight(self, scope: Scope) -> Iterator[tuple[Unit, Instant]]:
        """Look at a procedure as a command would find it now, with due stages entered."""
        with self.reading(scope) as unit:
            now = decided_at(unit, self._clock.now())
            due = unit.present().due
            if due is None or due > now:
                yield unit, now
                return
        with self.database.rehearsing(scope) as connection:
            unit = Unit(connection, scope)
            now = decided_at(unit, self._clock.now())
            self.unasked.catch_up(unit, scope, now)
            yield unit, now

    @property
    def tallies(self) -> Tallies:
        """How open votes stand."""
        return self._tallies

    def forget(self, scope: Scope) -> None:
        """Believe nothing that was read of a procedure before."""
        self._casting.forget(scope)

    @property
    def keys(self) -> KeyRing:
        """Keys that turn pseudonyms into tags."""
        return self._keys

    def present(self, unit: Unit, scope: Scope) -> tuple[Procedure, Pinned]:
        """Return the present state of a procedure and what it pinned.

        Raises:
            NotFound: there is no such procedure.
        """
        return self._loader.present(unit, scope)

    def recount(
        self, unit: Unit, scope: Scope, command: CountBallots, world: World
    ) -> BallotsCounted:
        """Count a vote once more as the world was then, without writing anything."""
        _, pinned = self._loader.present(unit, scope)
        context = bare_context(pinned, world, TIME, self._clock.now())
        ballots = tuple(unit.ballots(command.vote))
        return counted(command, evolve(context, ballots=ballots))

    def decider(self, command: Command) -> Decider:
        """Find who decides a command.

        Raises:
            NotFound: no loaded plugin does.
        """
        name = type(command).__name__
        offer = self.host.registry.deciders.get(name)
        if offer is None or offer.thing.command is not type(command):
            withheld = self.host.registry.withheld.get(name)
            hint = f"; {withheld.origin} does, but no loaded format names it" if withheld else ""
            raise NotFound(f"no loaded plugin decides {name}{hint}")
        if isinstance(command, Override):
            return overriding(self.decider(command.command))
        return offer.thing

    # --- one command

    def _answer(self, request: Request, key: str) -> Outcome:
        asked = (request.scope, request.command, request.actor, request.decider.name)
        payload = self._answers.fingerprint(*asked) if key else b""
        if key and (before := request.unit.answered(key)):
            return Outcome(self._answers.again(before, payload, key))
        context = self._loader.context(request)
        if found := self.objections(request, context):
            raise Refused(request.decider.name, found)
        name = request.decider.name
        with during(name), blamed(name, self._whose(request.command)):
            facts = _facts(request, context)
            with writable(name):
                outcome = self._recorder.write(request.unit, request.scope, facts, context)
        if key and outcome.receipt is not None:
            request.unit.answer(key, payload, self._answers.kept(outcome.receipt))
        done = outcome.recorded
        followed = self.unasked.after(done, request.unit, request.scope, request.now)
        return Outcome(outcome.receipt, (*done, *followed), erased=outcome.erased)

    def objections(self, request: Request, context: Context) -> tuple[Objection, ...]:
        """Collect every reason against a request."""
        decider, command = request.decider, request.command
        with during(decider.name), blamed(decider.name, self._whose(command)):
            if isinstance(command, OpenProcedure):
                return (*_mismatch(request), *opening_objections(command, context))
            told = evolve(context, ballots=())  # what the ballots say is not theirs to know
            theirs = self.host.objections(command, told)
            if isinstance(command, Override):
                theirs += self.host.objections(command.command, told)
            ours = permission.objections(decider, command, context)
            _all_are(Objection, ours)
            if foresight.waits_for_a_condition(ours, context):
                ours = foresight.foreseen(ours, self._loader.context(request, foresight.NEEDS))
            return (*ours, *theirs)

    def _whose(self, command: Command) -> Origin | None:
        """Say which plugin decides a command; None for the core."""
        within = command.command if isinstance(command, Override) else command
        offer = self.host.registry.deciders.get(type(within).__name__)
        return None if offer is None or offer.origin.plugin == "core" else offer.origin

    def _hand_over(self, scope: Scope, one: FollowUp) -> object:
        return self.execute(scope, one.command, one.actor, one.key)


def _mismatch(request: Request) -> Iterator[Objection]:
    ref, addressed = getattr(request.command, "ref", ""), request.scope.procedure
    if ref != addressed:
        yield Objection("procedure_mismatch", {"procedure": ref, "addressed": addressed})


def _facts(request: Request, context: Context) -> Sequence[Fact]:
    """Decide a command; nothing is recorded unless all of it can be.

    Raises:
        TypeError: something else was decided on; that is a plugin's mistake.
    """
    facts = tuple(request.decider.decide(request.command, context))
    _all_are(Fact, facts)
    return facts


def _all_are(kind: Any, answers: Iterable[object]) -> None:
    """Look at what a plugin may have answered; a type checker has not seen its code."""
    if strange := [type(one).__name__ for one in answers if not isinstance(one, kind)]:
        msg = f"answered with {', '.join(strange)}, which is of no use here"
        raise TypeError(msg)
