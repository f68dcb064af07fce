"""SQLite, set as our promises need it: one file, one writer, nothing lost when the power fails."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from partizipation_core.errors import StorageError
from partizipation_core.store.logs import LOGGER
from partizipation_core.store.scope import Scope

__all__ = ["Sqlite"]

BUSY_SECONDS = 30
_OLDEST = (3, 37, 0)
_FIRST_BYTE = 0xFF  # of an extended error code
_IN_THE_WAY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_HINTS = {
    sqlite3.SQLITE_BUSY: f"; another program has been writing for {BUSY_SECONDS} seconds",
    sqlite3.SQLITE_CANTOPEN: "; the file and its folder have to be writable, also to read",
    sqlite3.SQLITE_READONLY: "; the file and its folder have to be writable, also to read",
}


class Sqlite:
    """A database in a file, or in memory.

    Args:
        address: where.

    Raises:
        StorageError: the address would not bring the database we need.
    """

    # A deferred transaction that reads first and writes later fails under load: 9 in 10 do.
    writing, reading = "BEGIN IMMEDIATE", "BEGIN"
    clearing = "the next 'partizipation people retention --erase'"
    errors: tuple[type[Exception], ...] = (sqlite3.Error,)

    def __init__(self, address: URL) -> None:
        self._address = _checked(address)

    @property
    def file(self) -> Path | None:
        """The file it lives in; None for a database in memory."""
        return Path(str(self._address.database)) if _in_a_file(self._address) else None

    def is_open(self, driver: Any) -> bool:
        """Tell whether a connection is in a transaction."""
        return bool(driver.in_transaction)

    def hung_up(self, driver: Any) -> bool:  # noqa: ARG002
        """Tell whether a resting connection is gone; a file does not go away."""
        return False

    def prepared(self, driver: Any, sql: str) -> Callable[[Sequence[Any]], int]:
        """Prepare a statement that writes; what comes of it tells how many rows it wrote."""
        cursor = driver.cursor()

        def run(values: Sequence[Any]) -> int:
            written: int = cursor.execute(sql, values).rowcount
            return written

        return run

    def scrub(self, driver: Any, tables: Sequence[str]) -> bool:  # noqa: ARG002
        """Leave no byte of deleted rows in any file; tells whether somebody is in the way."""
        driver.execute("VACUUM")
        return self.cut_log(driver)

    def cut_log(self, driver: Any) -> bool:
        """Write the log back and cut it off, in which pages lie as they were before."""
        return bool(driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])

    def take_time(self, connection: Connection) -> None:
        """Do nothing: no transaction is ever ended for its length."""

    def engine(self) -> Engine:
        """Make what opens connections.

        Raises:
            StorageError: SQLite is too old, or the address names another driver.
        """
        if sqlite3.sqlite_version_info < _OLDEST:
            msg = f"SQLite {sqlite3.sqlite_version} has no strict tables; 3.37 or later is needed"
            raise StorageError(msg)
        options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}}
        if not _in_a_file(self._address):
            options["poolclass"] = StaticPool
            options["connect_args"]["check_same_thread"] = False
        try:
            engine = create_engine(
                self._address,
                hide_parameters=True,
                isolation_level="AUTOCOMMIT",
                logging_name=LOGGER,
                **options,
            )
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            msg = f"{self._address}: {error}; write 'sqlite:///FILE'"
            raise StorageError(msg) from error
        # Looked up when it is called, so that a test can see what a wrong setting leads to.
        event.listen(engine, "connect", lambda connection, _record: configure(connection))
        return engine

    def lock(self, connection: Connection, scope: Scope) -> None:
        """Do nothing: whoever writes has the whole file already."""

    def in_the_way(self, error: BaseException) -> bool:
        """Tell whether somebody else was in the way, so that trying again may help."""
        code = getattr(error, "sqlite_errorcode", None)
        return code is not None and code & _FIRST_BYTE in _IN_THE_WAY

    def lost(self, error: BaseException) -> bool:  # noqa: ARG002
        """Tell whether the connection is gone; a file does not go away."""
        return False

    def reason(self, error: BaseException) -> str:
        """Say what went wrong in the driver's words; they never hold values."""
        code = getattr(error, "sqlite_errorcode", None)
        return f"{error}{_HINTS.get(code & _FIRST_BYTE, '') if code is not None else ''}"

    def needed(self) -> dict[str, str]:
        """Name the settings that durability and integrity hang on."""
        return {
            "journal_mode": "wal" if _in_a_file(self._address) else "memory",
            "synchronous": "2",
            "foreign_keys": "1",
            "secure_delete": "1",
            "tables not strict": "",
        }

    def held(self, connection: Connection, ours: Mapping[str, Any]) -> dict[str, str]:
        """Read the settings back."""
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        found = {
            name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar()) for name in names
        }
        lax = connection.execute(text("SELECT name FROM pragma_table_list WHERE strict = 0"))
        found["tables not strict"] = ", ".join(sorted({row.name for row in lax} & set(ours)))
        return found


def configure(connection: sqlite3.Connection) -> None:
    """Set a new connection up; a database of somebody else is left as it is."""
    # The driver must not open transactions of its own; ours begin in Database.
    connection.isolation_level = None
    cursor = connection.cursor()
    _refuse_foreign(cursor)
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _refuse_foreign(cursor: sqlite3.Cursor) -> None:
    """Look before the journal mode is set, which would change the file."""
    rows = cursor.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    names = [name for (name,) in rows]
    if names and "store_format" not in names:
        some = ", ".join(names[:3])
        msg = f"holds tables of another program ({some}) and none of ours"
        raise sqlite3.DatabaseError(msg)


def _checked(address: URL) -> URL:
    if address.host:
        msg = f"'{address}' names a host; a file has three slashes: 'sqlite:///{address.host}'"
        raise StorageError(msg)
    if address.query or str(address.database).startswith("file:"):
        msg = f"'{address}': options would undo the settings we need; write 'sqlite:///FILE'"
        raise StorageError(msg)
    if _in_a_file(address) and not Path(str(address.database)).parent.is_dir():
        msg = f"{address}: there is no folder {Path(str(address.database)).parent}; make it first"
        raise StorageError(msg)
    return address


def _in_a_file(address: URL) -> bool:
    return address.database not in (None, "", ":memory:")
