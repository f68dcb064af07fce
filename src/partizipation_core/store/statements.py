"""Statements: the pieces that every statement of the store is built of.

They say only what SQLite and PostgreSQL both know; the word for "on conflict" is the same in both,
and a test compiles every statement for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect, bindparam
from sqlalchemy.dialects.postgresql import insert

__all__ = [
    "EVERY",
    "STREAMED",
    "Compiled",
    "bound",
    "columns",
    "insert_once",
    "positional",
    "prepared",
    "stretch",
    "upsert",
    "within",
]

STREAMED = {"yield_per": 1000}
"""Options of a statement whose rows are read a thousand at a time; a server would send all."""


EVERY = 2**63 - 1
"""Higher than any line has a number."""


def positional(dialect: Dialect) -> Dialect:
    """Return the words of a database in which values go by their place, for many rows at once."""
    style = "qmark" if dialect.name == "sqlite" else "format"
    return type(dialect)(paramstyle=style)  # type: ignore[call-arg]


def prepared(dialect: Dialect) -> Dialect:
    """Return the words of a database for a statement that is prepared once and run often."""
    style = "qmark" if dialect.name == "sqlite" else "numeric_dollar"
    return type(dialect)(paramstyle=style)  # type: ignore[call-arg]


def within(table: Any, *columns: str) -> Any:
    """Confine a statement to one procedure, and to values of further columns.

    Values are bound under the name of their column with an underscore behind it.
    """
    names = ("municipality", "procedure", *columns)
    clause = table.c.municipality == bindparam("municipality_")
    for name in names[1:]:
        clause &= table.c[name] == bindparam(f"{name}_")
    return clause


def bound(values: Mapping[str, Any]) -> dict[str, Any]:
    """Name values as `within` binds them: each under its column with an underscore behind it."""
    return {f"{name}_": value for name, value in values.items()}


def stretch(table: Any) -> Any:
    """Confine a statement to the lines after ``after_`` and up to ``upto_``."""
    return (table.c.seq > bindparam("after_")) & (table.c.seq <= bindparam("upto_"))


def columns(table: Any, *names: str) -> list[Any]:
    """Pick columns by their names."""
    return [table.c[name] for name in names]


def upsert(table: Any) -> Any:
    """Write rows, in the place of those with the same key."""
    statement = insert(table)
    own = [column.name for column in table.columns if not column.primary_key]
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={name: statement.excluded[name] for name in own},
    )


def insert_once(table: Any) -> Any:
    """Write rows whose keys are new, and leave the others as they are.

    The number of rows tells whether anything was written; without the option an INSERT reports
    -1 rows, and a second ballot would look like a first.
    """
    return insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


class Compiled:
    """A statement in the words of one database, and the order of its values."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        order = compiled.positiontup
        self._laid_out = None if order is None else itemgetter(*order)

    def values(self, given: Mapping[str, Any]) -> Any:
        """Lay values out as the driver takes them."""
        return given if self._laid_out is None else self._laid_out(given)
