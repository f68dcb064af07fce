"""PostgreSQL, set as our promises need it: many writers, each procedure one after the other.

Nothing here is needed for correctness that a distributed PostgreSQL lacks: no advisory lock, no
trigger, no sequence. The only lock is the one on a procedure's own row.
"""

from __future__ import annotations

import select as select_
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.engine import URL

from partizipation_core.errors import StorageError
from partizipation_core.store.logs import LOGGER
from partizipation_core.store.schema import METADATA, procedure
from partizipation_core.store.scope import Scope
from partizipation_core.store.statements import within

if TYPE_CHECKING:
    import psycopg
    from psycopg.pq.abc import PGresult

__all__ = ["Postgresql", "administer"]

BUSY_SECONDS = 30
THREADS = 32
"""Connections that one process holds at most; more threads than that wait for one."""

_SETTINGS = {
    "client_encoding": "UTF8",
    "default_transaction_isolation": "read committed",
    "synchronous_commit": "on",
    "statement_timeout": "60s",
    "lock_timeout": f"{BUSY_SECONDS}s",
    "idle_in_transaction_session_timeout": "60s",
}
_OF_THE_SERVER = {"server_encoding": "UTF8", "fsync": "on", "full_page_writes": "on"}

# Not serialisable, deadlock, lock not to be had; and keys or tables that were new a moment ago.
_IN_THE_WAY = {"40001", "40P01", "55P03", "23505", "42P07"}
_NO_CONNECTION = ("08", "57P")

_OURS = text(
    "SELECT table_name, column_name, data_type, collation_name FROM information_schema.columns "
    "WHERE table_schema = current_schema() AND table_name <> 'store_format'"
)
_LOCK = select(procedure.c.seq).where(within(procedure)).with_for_update()


class Postgresql:
    """A database on a server.

    Args:
        address: where.

    Raises:
        StorageError: the address would not bring the database we need.
    """

    writing = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
    reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    clearing = "VACUUM (FULL)"
    file: Path | None = None

    def __init__(self, address: URL) -> None:
        self._address = _checked(address)
        self.errors = _errors()

    def is_open(self, driver: Any) -> bool:
        """Tell whether a connection is in a transaction, or in no state that is known."""
        return bool(driver.pgconn.transaction_status)  # idle is 0

    def hung_up(self, driver: Any) -> bool:
        """Tell whether the server has ended a connection that rests.

        Nothing was asked, so whatever has come is a farewell. Looking costs a microsecond, and
        asking the server would cost as much as a ballot.
        """
        return bool(driver.closed) or _has_come(driver.fileno())

    def prepared(self, driver: Any, sql: str) -> Prepared:
        """Prepare a statement that writes; what comes of it tells how many rows it wrote."""
        return Prepared(driver, sql)

    def scrub(self, driver: Any, tables: Sequence[str]) -> bool:
        """Write tables anew without deleted rows; the server's log lets go of them later."""
        for name in tables or [table.name for table in METADATA.sorted_tables]:
            driver.execute(f"VACUUM (FULL) {name}")
        return False

    def cut_log(self, driver: Any) -> bool:  # noqa: ARG002
        """Do nothing: the log of a server is its operator's."""
        return False

    def take_time(self, connection: Connection) -> None:
        """Lift the limits that end long transactions, for this one."""
        for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(text(f"SET LOCAL {name} = 0"))

    def engine(self) -> Engine:
        """Make what opens connections."""
        engine = create_engine(
            self._address,
            hide_parameters=True,
            logging_name=LOGGER,
            isolation_level="AUTOCOMMIT",  # transactions begin in Database, and say how
            pool_size=THREADS,
            max_overflow=0,
            # Whoever lends a connection sees to it; to be sure twice costs as much as a ballot.
            pool_reset_on_return=None,
            use_native_hstore=False,
        )
        # Looked up when it is called, so that a test can see what a wrong setting leads to.
        event.listen(engine, "connect", lambda connection, _record: configure(connection))
        return engine

    def lock(self, connection: Connection, scope: Scope) -> None:
        """Wait until nobody else writes to a procedure, and keep others away until the end.

        A statement of its own: what is read afterwards is as the one before has left it.
        """
        place = {"municipality_": scope.municipality, "procedure_": scope.procedure}
        connection.execute(_LOCK, place)

    def in_the_way(self, error: BaseException) -> bool:
        """Tell whether somebody else was in the way, so that trying again may help."""
        return getattr(error, "sqlstate", None) in _IN_THE_WAY

    def lost(self, error: BaseException) -> bool:
        """Tell whether the connection is gone, with or without a word of farewell."""
        state = getattr(error, "sqlstate", None)
        if state is None:
            return type(error).__name__ == "OperationalError"
        return str(state).startswith(_NO_CONNECTION)

    def reason(self, error: BaseException) -> str:
        """Say what went wrong, without the detail, which holds values."""
        told = getattr(getattr(error, "diag", None), "message_primary", None)
        return str(told or error)

    def needed(self) -> dict[str, str]:
        """Name the settings that durability and integrity hang on."""
        nothing = {"columns not of 64 bits": "", "columns sorted by language": ""}
        return {**_SETTINGS, **_OF_THE_SERVER, **nothing}

    def held(self, connection: Connection, ours: Mapping[str, Any]) -> dict[str, str]:
        """Read the settings back, as the server understood them."""
        names = (*_SETTINGS, *_OF_THE_SERVER)
        one_row = text("SELECT " + ", ".join(f"current_setting('{name}')" for name in names))
        found = dict(zip(names, connection.execute(one_row).one(), strict=True))
        found = {name: _SAME_TIME.get(value, value) for name, value in found.items()}
        rows = [row for row in connection.execute(_OURS) if row.table_name in ours]
        narrow = [f"{row[0]}.{row[1]}" for row in rows if row.data_type in _NARROW]
        sorted_ = [
            f"{row[0]}.{row[1]}" for row in rows if row[2] == "text" and row.collation_name != "C"
        ]
        found["columns not of 64 bits"] = ", ".join(sorted(narrow))
        found["columns sorted by language"] = ", ".join(sorted(sorted_))
        return found


class Prepared:
    """A statement that a server has prepared, and whose values go to it as they are.

    The driver's cursor would find out for every value anew what it is and how to write it; that
    takes three times as long as all the rest.

    Args:
        connection: of the driver, in no transaction.
        sql: writes rows and returns none; its values are texts and bytes, named ``$1``, ``$2``.

    Raises:
        psycopg.Error: the server does not take it.
    """

    _numbers = count()

    def __init__(self, connection: psycopg.Connection[Any], sql: str) -> None:
        self._server = connection.pgconn
        self._name = b"partizipation_%d" % next(self._numbers)
        self._done(self._server.prepare(self._name, sql.encode()))

    def __call__(self, values: Sequence[str | bytes]) -> int:
        """Run it; returns the number of rows that it wrote."""
        given = [one.encode() if isinstance(one, str) else one for one in values]
        binary = [1] * len(given)  # texts are the same in both formats
        done = self._done(self._server.exec_prepared(self._name, given, binary))
        return done.command_tuples or 0

    def _done(self, result: PGresult) -> PGresult:
        if result.status == _DONE:
            return result
        import psycopg

        if self._server.status:  # good is 0
            raise psycopg.OperationalError(result.get_error_message())
        raise psycopg.errors.error_from_result(result)


_DONE = 1
_NARROW = ("integer", "smallint")
_SAME_TIME = {"1min": "60s"}


def configure(connection: psycopg.Connection[Any]) -> None:
    """Set a new connection up; tables of somebody else are left alone."""
    for name, value in _SETTINGS.items():
        connection.execute(f"SET {name} = '{value}'".encode())
    rows = connection.execute(
        b"SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    )
    names = [name for (name,) in rows]
    if names and "store_format" not in names:
        import psycopg

        some = ", ".join(names[:3])
        msg = f"holds tables of another program ({some}) and none of ours"
        raise psycopg.DatabaseError(msg)


def administer(address: str, *statements: str) -> None:
    """Run statements on a server, each on its own: to make and drop places for tests.

    Args:
        address: of a server whose user may do that.
        statements: SQL without anything from outside in it.
    """
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _has_come(socket: int) -> bool:
    """Tell whether there is anything to read, without waiting for it."""
    if not hasattr(select_, "poll"):  # Windows
        return bool(select_.select([socket], [], [], 0)[0])
    look = select_.poll()
    look.register(socket, select_.POLLIN)
    return bool(look.poll(0))


def _checked(address: URL) -> URL:
    if address.drivername not in ("postgresql", "postgresql+psycopg"):
        msg = f"driver {address.drivername!r} is not supported; write 'postgresql://HOST/DATABASE'"
        raise StorageError(msg)
    if "options" in address.query:
        msg = f"{address!r}: options would undo the settings we need; leave them out"
        raise StorageError(msg)
    return address.set(drivername="postgresql+psycopg")


def _errors() -> tuple[type[Exception], ...]:
    try:
        import psycopg
    except ImportError as error:
        msg = "PostgreSQL needs a driver: pip install 'partizipation-core[postgres]'"
        raise StorageError(msg) from error
    return (psycopg.Error,)
