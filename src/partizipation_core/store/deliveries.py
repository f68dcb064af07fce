"""Deliveries: up to which line of the journal each subscriber was told.

The journal is the outbox. Its numbers have no gap and their order is that of the commits, so one
number per subscriber says what is still owed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from attrs import frozen
from sqlalchemy import Connection, bindparam, or_, select, update

from partizipation_core.clock import Instant
from partizipation_core.store import schema
from partizipation_core.store.placed import Placed
from partizipation_core.store.scope import Scope
from partizipation_core.store.statements import columns, insert_once, within
from partizipation_core.values import MunicipalityRef, ProcedureRef

__all__ = ["Cursor", "Deliveries", "owed"]


@frozen
class Cursor:
    """How far a subscriber is.

    Args:
        subscriber: who.
        seq: number of the last line that was delivered, or given up.
        attempts: how often the next one failed.
        due: not to be tried again before.
    """

    subscriber: str
    seq: int
    attempts: int
    due: Instant


_table, _heads = schema.delivery, schema.procedure
_ENROL = insert_once(_table)
_ALL = select(*columns(_table, "subscriber", "seq", "attempts", "due")).where(within(_table))
_MOVE = (
    update(_table)
    .where(within(_table, "subscriber"), _table.c.seq == bindparam("before_"))
    .values({name: bindparam(name) for name in ("seq", "attempts", "due")})
    .execution_options(preserve_rowcount=True)
)
_BEHIND = (_heads.c.municipality == _table.c.municipality) & (
    _heads.c.procedure == _table.c.procedure
)
_OWED = (
    select(*columns(_table, "municipality", "procedure", "subscriber"))
    .select_from(_table.join(_heads, _BEHIND))
    .where(
        or_(bindparam("town_") == "", _table.c.municipality == bindparam("town_")),
        _table.c.seq < _heads.c.seq,
        _table.c.due <= bindparam("now_"),
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

    def move(self, before: Cursor, after: Cursor) -> bool:
        """Set a cursor, unless somebody else has meanwhile; tells whether it was set."""
        where = {**self._where, "subscriber_": before.subscriber, "before_": before.seq}
        values = {"seq": after.seq, "attempts": after.attempts, "due": after.due}
        return bool(self._connection.execute(_MOVE, {**where, **values}).rowcount)


def owed(connection: Connection, now: Instant, municipality: str = "") -> Iterator[Scope]:
    """List the procedures in which a subscriber is behind the journal and may be told now.

    Args:
        connection: an open transaction.
        now: the present instant.
        municipality: whose procedures; empty for all.
    """
    rows = connection.execute(_OWED, {"town_": municipality, "now_": now})
    yield from dict.fromkeys(Scope(MunicipalityRef(row[0]), ProcedureRef(row[1])) for row in rows)
