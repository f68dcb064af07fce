"""The directory: which procedures there are, and whose time has come."""

from __future__ import annotations

from collections.abc import Collection

from attrs import frozen
from sqlalchemy import Connection, bindparam, or_, select

from partizipation_core.clock import Instant
from partizipation_core.store import schema
from partizipation_core.store.scope import Scope
from partizipation_core.values import MunicipalityRef, ProcedureRef

__all__ = ["Head", "due", "heads", "procedures", "running"]

_TABLE = schema.procedure.c
_OF_TOWN = or_(bindparam("municipality") == "", _TABLE.municipality == bindparam("municipality"))
_PLACE = (_TABLE.municipality, _TABLE.procedure)
_ALL = select(*_PLACE).where(_OF_TOWN).order_by(*_PLACE)
_RUNNING = select(*_PLACE).where(_OF_TOWN, _TABLE.status == "open").order_by(*_PLACE)
_DUE = (
    select(*_PLACE, _TABLE.due)
    .where(_OF_TOWN, _TABLE.due <= bindparam("now"))
    .order_by(_TABLE.due, *_PLACE)
)
_HEADS = select(*_PLACE, _TABLE.seq, _TABLE.head).where(_OF_TOWN).order_by(*_PLACE)


@frozen
class Head:
    """The last line of the journal of a procedure, as the present state names it.

    Args:
        scope: whose journal.
        seq: number of the line.
        digest: of the line.
    """

    scope: Scope
    seq: int
    digest: bytes


def procedures(connection: Connection, municipality: str = "") -> list[Scope]:
    """List all procedures in the order of their references.

    Args:
        connection: an open transaction.
        municipality: whose; empty for all municipalities.
    """
    rows = connection.execute(_ALL, {"municipality": municipality})
    return [Scope(MunicipalityRef(row[0]), ProcedureRef(row[1])) for row in rows]


def heads(connection: Connection, municipality: str = "") -> tuple[Head, ...]:
    """List the heads of all journals in the order of their procedures.

    Args:
        connection: an open transaction.
        municipality: whose; empty for all municipalities.
    """
    rows = connection.execute(_HEADS, {"municipality": municipality})
    return tuple(
        Head(Scope(MunicipalityRef(row[0]), ProcedureRef(row[1])), row[2], row[3]) for row in rows
    )


def running(connection: Connection, municipality: str = "") -> list[Scope]:
    """List the procedures that are not closed; arguments as for `procedures`."""
    rows = connection.execute(_RUNNING, {"municipality": municipality})
    return [Scope(MunicipalityRef(row[0]), ProcedureRef(row[1])) for row in rows]


def due(
    connection: Connection, now: Instant, municipality: str = "", *, but: Collection[Scope] = ()
) -> tuple[Scope, Instant] | None:
    """Find the procedure whose time came first; None where nothing is due.

    Args:
        connection: an open transaction.
        now: the present instant.
        municipality: whose; empty for all municipalities.
        but: procedures to pass over.
    """
    for row in connection.execute(_DUE, {"municipality": municipality, "now": now}):
        scope = Scope(MunicipalityRef(row[0]), ProcedureRef(row[1]))
        if scope not in but:
            return scope, Instant(row[2])
    return None
