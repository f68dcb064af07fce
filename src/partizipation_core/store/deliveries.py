"""Deliveries: up to which line of the journal each subscriber was told.

The journal is the outbox. Its numbers have no gap and their order is that of the commits, so one
number per subscriber says what is still owed.

Whoever is going to tell lines claims them first, by putting off when they are due. Who is killed
while telling leaves a claim that ends by itself. Two machines need not show the same time for
that, as long as they differ by less than such a claim lasts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from attrs import evolve, frozen
from sqlalchemy import Connection, Update, bindparam, or_, select, update

from partizipation_core.clock import Instant
from partizipation_core.store import schema
from partizipation_core.store.placed import Placed
from partizipation_core.store.scope import Scope
from partizipation_core.store.statements import columns, insert_once, within
from partizipation_core.values import MunicipalityRef, ProcedureRef

__all__ = ["LEASE", "Cursor", "Deliveries", "owed", "pause"]

_MINUTE = 60_000_000

LEASE = 10 * _MINUTE
"""How long a claim lasts, in microseconds; whoever is still telling then is taken for dead."""


def pause(attempts: int) -> int:
    """Return how long to wait after so many failures, in microseconds: none, then longer."""
    return ((1 << max(attempts - 1, 0)) - 1) * _MINUTE


@frozen
class Cursor:
    """How far a subscriber is.

    Args:
        subscriber: who.
        seq: number of the last line that was delivered, or given up.
        attempts: how often the next one failed.
        due: not to be tried again before: it failed, or somebody is telling it.
    """

    subscriber: str
    seq: int
    attempts: int
    due: Instant

    def is_due(self, now: Instant) -> bool:
        """Tell whether the next line may be told now.

        What is put off for longer than anybody puts anything off was so by a clock that went
        wrong, and nobody waits for it. A clock may be ahead of this one by a lease.
        """
        return not now < self.due <= now + pause(self.attempts) + 2 * LEASE

    def claimed(self, now: Instant) -> Cursor:
        """Return the same cursor in the hands of somebody who tells the next lines."""
        return evolve(self, due=Instant(now + LEASE))


_table, _heads = schema.delivery, schema.procedure
_ENROL = insert_once(_table)
_ALL = select(*columns(_table, "subscriber", "seq", "attempts", "due")).where(within(_table))
_MOVE = (
    update(_table)
    .where(within(_table, "subscriber"), _table.c.seq == bindparam("before_"))
    .values({name: bindparam(name) for name in ("seq", "attempts", "due")})
    .execution_options(preserve_rowcount=True)
)
_EXCHANGE = _MOVE.where(_table.c.due == bindparam("claimed_"))
_BEHIND = (_heads.c.municipality == _table.c.municipality) & (
    _heads.c.procedure == _table.c.procedure
)
_OWED = (
    select(*columns(_table, "municipality", "procedure", "subscriber", "seq", "attempts", "due"))
    .select_from(_table.join(_heads, _BEHIND))
    .where(
        or_(bindparam("town_") == "", _table.c.municipality == bindparam("town_")),
        _table.c.seq < _heads.c.seq,
    )
    .order_by(*columns(_table, "municipality", "procedure", "subscriber"))
)


class Deliveries(Placed):
    """The cursors of one procedure, within one transaction."""

    def enrol(self, subscribers: Collection[str], seq: int) -> None:
        """Let those who are new here be told of what comes after a line."""
        begun = {**self._place, "seq": seq, "attempts": 0, "due": 0}
        if rows := [{**begun, "subscriber": one} for one in subscribers]:
            self._connection.execute(_ENROL, rows)

    def cursors(self) -> dict[str, Cursor]:
        """Tell how far everybody is."""
        rows = self._run(_ALL)
        return {row[0]: Cursor(row[0], row[1], row[2], Instant(row[3])) for row in rows}

    def exchange(self, before: Cursor, after: Cursor) -> bool:
        """Set a cursor that is exactly as it was before: to claim lines, or to give them back.

        Returns:
            whether it was set; of many who try at once, one does.
        """
        return self._set(_EXCHANGE, before, after, claimed_=before.due)

    def move(self, before: Cursor, after: Cursor) -> bool:
        """Set a cursor that still stands where it did, whoever has claimed it meanwhile.

        What was told was told; so even where every claim ends too early, it goes on.
        """
        return self._set(_MOVE, before, after)

    def _set(self, statement: Update, before: Cursor, after: Cursor, **more: int) -> bool:
        where = {**self._where, "subscriber_": before.subscriber, "before_": before.seq}
        values = {"seq": after.seq, "attempts": after.attempts, "due": after.due}
        return bool(self._connection.execute(statement, {**where, **values, **more}).rowcount)


def owed(connection: Connection, now: Instant, municipality: str = "") -> Iterator[Scope]:
    """List the procedures in which a subscriber is behind the journal and may be told now.

    Args:
        connection: an open transaction.
        now: the present instant.
        municipality: whose procedures; empty for all.
    """
    rows = connection.execute(_OWED, {"town_": municipality})
    yield from dict.fromkeys(
        Scope(MunicipalityRef(row[0]), ProcedureRef(row[1]))
        for row in rows
        if Cursor(row[2], row[3], row[4], Instant(row[5])).is_due(now)
    )
