"""Outbox: observers are told of every journal line, at least once and in order.

The journal is the outbox, and each subscriber has a cursor in it. Right after a commit its lines
are claimed, delivered, and then the cursor is set, each in a transaction of its own. A claim keeps
all others away, so that many who tick at once tell a line once. Who dies while telling leaves a
claim that ends, and the lines are told again, never too few. Whoever finds that a cursor is behind
the own commit or claimed leaves it alone, because somebody else is telling those lines at this
moment and will go on to these; if not, a later tick does.

A line that another version of a plugin has written, and this one cannot read, is left to a process
that can: it is nobody's failure, and it is not given up.

A claim cannot be renewed while an observer is at work. One that takes longer than it lasts is told
the same lines by another process, and this is put down as a failure. Whoever is done first moves
the cursor, so it goes on all the same.

What one procedure hands over to another takes the same way. Each plugin that does so has a
cursor, which moves with what it hands over and else only with a tick, since nothing is lost by
asking again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from partizipation_core.clock import Clock, Instant
from partizipation_core.errors import Conflict, PartizipationError, StorageError
from partizipation_core.execution.handing import Handing
from partizipation_core.execution.telling import told
from partizipation_core.kernel.discussion.notices import Notice
from partizipation_core.plugins.host import PluginHost
from partizipation_core.store import Connection, Database, Scope, Unit
from partizipation_core.store.deliveries import LEASE, Cursor, owed, pause
from partizipation_core.store.journal import Codec, LineUnknownError, Recorded
from partizipation_core.values import MunicipalityRef, ProcedureRef

__all__ = ["ATTEMPTS", "Observer", "Outbox"]

Observer = Callable[[MunicipalityRef, ProcedureRef, Sequence[Recorded], Sequence[Notice]], object]

ATTEMPTS = 12
"""How often a line is told at most; with the pauses in between that takes almost three days."""

_TOGETHER = 200
"""Lines that are told at once at most."""

_MINUTE = 60_000_000
_OF_PLUGINS, _HANDING = "plugin ", "handover "  # no reference has a space


class Outbox:
    """Tells subscribers what the journal holds beyond their cursors.

    Args:
        database: where the cursors are kept.
        host: whose implementations of ``after_commit`` are subscribers.
        codec: reads lines.
        clock: says when something failed and is tried again.
        handing: gives commands to other procedures.
    """

    def __init__(
        self, database: Database, host: PluginHost, codec: Codec, clock: Clock, handing: Handing
    ) -> None:
        self._database = database
        self._host = host
        self._codec = codec
        self._clock = clock
        self._handing = handing
        self._observers: dict[str, Observer] = {}

    @property
    def subscribers(self) -> tuple[str, ...]:
        """Names of all who are told, and of the plugins that hand over."""
        handing = (f"{_HANDING}{name}" for name in self._host.who("follow_ups"))
        return (*self._listeners, *handing)

    @property
    def _listeners(self) -> tuple[str, ...]:
        """Names of all who are told: plugins first, then observers of the application."""
        plugins = (f"{_OF_PLUGINS}{name}" for name in self._host.who("after_commit"))
        return (*plugins, *self._observers)

    def subscribe(self, name: str, observer: Observer) -> None:
        """Add an observer of the application.

        Raises:
            Conflict: there is one of this name.
        """
        if name in self._observers:
            raise Conflict(f"there is a subscription {name!r} already")
        self._observers[name] = observer

    def deliver(self, scope: Scope, *, after: int) -> None:
        """Tell everybody what was just committed.

        Args:
            scope: in which procedure.
            after: number of the line before it.
        """
        listeners = self._listeners
        if not listeners:
            return
        try:
            for name, cursor in self._cursors(scope).items():
                if name in listeners and (cursor.attempts or cursor.seq == after):
                    self._tell(scope, name)
        except StorageError:
            return  # the command was carried out; what is owed is told by the next tick

    def hand_over(self, scope: Scope, recorded: Sequence[Recorded]) -> None:
        """Hand over what follows from lines that were just committed, and all that is owed."""
        try:
            for plugin in self._host.who("follow_ups"):
                if self._handing.follows(scope, recorded, plugin):
                    self._tell(scope, f"{_HANDING}{plugin}")
        except StorageError:
            return  # the next tick asks again

    def owe_nothing(self, scope: Scope) -> None:
        """Tell everybody what they were not told yet of one procedure."""
        if self.subscribers:
            for name in self._cursors(scope):
                self._tell(scope, name)

    def behind(self, municipality: str = "") -> tuple[Scope, ...]:
        """List the procedures in which somebody is still to be told of something.

        Args:
            municipality: whose procedures; empty for all.
        """
        if not self.subscribers:
            return ()
        with self._database.reading() as connection:
            return tuple(owed(connection, self._clock.now(), municipality))

    def _cursors(self, scope: Scope) -> dict[str, Cursor]:
        """Say how far those are who are here; whoever is gone waits until it comes back."""
        with self._database.reading() as connection:
            found = Unit(connection, scope).deliveries.cursors()
        return {name: found[name] for name in self.subscribers if name in found}

    def _tell(self, scope: Scope, name: str) -> None:
        """Tell one subscriber all that is owed, until something fails or somebody else does."""
        while (cursor := self._cursors(scope)[name]).is_due(self._clock.now()):
            if not self._told_on(scope, cursor):
                return

    def _told_on(self, scope: Scope, cursor: Cursor) -> bool:
        """Tell the next lines, and set the cursor; tells whether there may be more to tell.

        What failed together is told line by line, so that one bad line holds up only itself.
        """
        upto = cursor.seq + (1 if cursor.attempts else _TOGETHER)
        with self._database.reading() as connection:
            upto = min(upto, Unit(connection, scope).present().seq)
        claimed = cursor.claimed(self._clock.now())
        if upto <= cursor.seq or not self._exchanged(scope, cursor, claimed):
            return False
        try:
            failure = self._attempt(scope, cursor, upto)
        except BaseException:  # nobody need wait for the end of this claim
            self._exchanged(scope, claimed, cursor)
            raise
        after = Cursor(cursor.subscriber, upto, 0, Instant(0))
        if failure:
            after, failure = self._postponed(cursor, failure)
        move = partial(self._move, scope, claimed, after, failure)
        self._database.run_in_transaction(move)
        return after.seq > cursor.seq

    def _exchanged(self, scope: Scope, before: Cursor, after: Cursor) -> bool:
        """Claim lines, or give them back; tells whether they were nobody else's."""

        def exchange(connection: Connection) -> bool:
            return Unit(connection, scope).deliveries.exchange(before, after)

        return self._database.run_in_transaction(exchange)

    def _attempt(self, scope: Scope, cursor: Cursor, upto: int) -> str:
        """Tell lines; returns what went wrong.

        Raises:
            LineUnknownError: they are not for this process to tell, and nobody has failed.
        """
        name = cursor.subscriber
        try:
            recorded, notices = self._read(scope, cursor.seq, upto)
            if name.startswith(_HANDING):
                plugin = name.removeprefix(_HANDING)
                return self._handing.hand_over(scope, recorded, plugin)
            place = (scope.municipality, scope.procedure, recorded, notices)
            if name.startswith(_OF_PLUGINS):
                only = name.removeprefix(_OF_PLUGINS)
                return "; ".join(map(str, self._host.after_commit(*place, only=only)))
            self._observers[name](*place)
        except LineUnknownError:
            raise
        except PartizipationError as error:
            return f"subscription {name!r}: {error}"
        except Exception as error:  # noqa: BLE001 - whatever it is, the commit stands
            return f"subscription {name!r}: {type(error).__name__}: {error}"
        return ""

    def _read(
        self, scope: Scope, after: int, upto: int
    ) -> tuple[Sequence[Recorded], Sequence[Notice]]:
        with self._database.reading() as connection:
            unit = Unit(connection, scope)
            recorded = tuple(map(self._codec.read, unit.lines(after, upto)))
            return recorded, told(unit, recorded)

    def _postponed(self, cursor: Cursor, failure: str) -> tuple[Cursor, str]:
        """Say when lines are told again, or that the first of them never is."""
        attempts, seq = cursor.attempts + 1, cursor.seq + 1
        if attempts >= ATTEMPTS:
            told_last = f"{failure}; line {seq} was given up after {attempts} attempts"
            return Cursor(cursor.subscriber, seq, 0, Instant(0)), told_last
        due = Instant(self._clock.now() + pause(attempts))
        return Cursor(cursor.subscriber, cursor.seq, attempts, due), failure

    def _move(
        self, scope: Scope, claimed: Cursor, after: Cursor, failure: str, connection: Connection
    ) -> None:
        unit = Unit(connection, scope)
        if not unit.deliveries.exchange(claimed, after) and not failure:
            unit.deliveries.move(claimed, after)
            failure = _told_twice(claimed, after)
        if failure:
            unit.note_failure(self._clock.now(), failure)


def _told_twice(claimed: Cursor, after: Cursor) -> str:
    return (
        f"subscription {claimed.subscriber!r}: another process told lines {claimed.seq + 1} to "
        f"{after.seq} as well; telling them took longer than {LEASE // _MINUTE} minutes, or the "
        "clocks of the two differ by as much"
    )
