"""Retention: rows that are kept for a while only, counted and deleted when their time is over."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, select

from partizipation_core.store import schema
from partizipation_core.store.scope import Scope
from partizipation_core.store.statements import within

__all__ = ["ERASABLE", "PASSING", "passing", "remove"]

_TABLES = {one.name: one for one in (schema.request, schema.hook_failure)}
_COUNT = {
    name: select(func.count()).select_from(table).where(within(table))
    for name, table in _TABLES.items()
}
_DELETE = {name: delete(table).where(within(table)) for name, table in _TABLES.items()}

PASSING = tuple(_TABLES)
"""Tables whose rows are of no use once their procedure is closed."""


_NEVER_ERASED = {schema.journal, schema.roll, schema.box}

ERASABLE = tuple(one.name for one in schema.METADATA.sorted_tables if one not in _NEVER_ERASED)
"""Tables in which anything of a person is ever erased: to write them anew holds up no vote.

Lines of the journal stay, and roll and box are cleared by the seal.
"""


def passing(connection: Connection, scope: Scope) -> dict[str, int]:
    """Count the rows of a procedure that are kept until it is closed."""
    return {
        name: int(connection.execute(one, _where(scope)).scalar_one())
        for name, one in _COUNT.items()
    }


def remove(connection: Connection, scope: Scope) -> None:
    """Delete them."""
    for statement in _DELETE.values():
        connection.execute(statement, _where(scope))


def _where(scope: Scope) -> dict[str, str]:
    return {"municipality_": scope.municipality, "procedure_": scope.procedure}
