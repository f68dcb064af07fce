"""Databases and the settings that our promises need; they are set here and read back at start."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from partizipation_core.errors import StorageError
from partizipation_core.store.schema import METADATA, SCHEMA_VERSION, store_format

__all__ = ["Database"]

BUSY_SECONDS = 30
_OLDEST_SQLITE = (3, 37, 0)
_LOGGER = "partizipation"


class Database:
    """An open database whose settings have been checked.

    Args:
        url: SQLAlchemy address such as ``sqlite:///town.db``; ``sqlite://`` lives in memory and
            is gone with the process.

    Raises:
        StorageError: another database system, a setting that does not hold, a file that is not
            ours or was written by a later release.
    """

    def __init__(self, url: str) -> None:
        self._address = _address(url)
        self._engine = _engine(self._address)
        try:
            self._create_or_check()
        except BaseException:
            self.close()
            raise

    @property
    def file(self) -> Path | None:
        """The file it lives in; None for a database in memory."""
        return Path(str(self._address.database)) if _in_a_file(self._address) else None

    def close(self) -> None:
        """Give the file back."""
        self._engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open the one write transaction; commits at the end, rolls back on any error.

        Raises:
            StorageError: the database failed; nothing was written.
        """
        # A deferred transaction that reads first and writes later fails under load: 9 in 10 do.
        with self._transaction("BEGIN IMMEDIATE") as (connection, driver):
            yield connection
            driver.commit()

    @contextmanager
    def rehearsing(self) -> Iterator[Connection]:
        """Open a write transaction that is rolled back at the end, whatever happens in it."""
        with self._transaction("BEGIN IMMEDIATE") as (connection, _):
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of everything and writes nothing."""
        with self._transaction("BEGIN") as (connection, _):
            yield connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[tuple[Connection, sqlite3.Connection]]:
        try:
            with self._engine.connect() as connection:
                driver: Any = connection.connection.driver_connection
                driver.execute(begin)
                try:
                    yield connection, driver
                finally:
                    driver.rollback()  # what is not committed by now was not to be
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StorageError(f"{self._engine.url}: {_reason(error)}") from error

    def scrub(self) -> None:
        """Leave no byte of deleted rows in any file of the database.

        Raises:
            StorageError: somebody else uses the database; what was deleted stays deleted, and
                its bytes are gone once this has succeeded.
        """
        with self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            try:
                driver.execute("VACUUM")
                # Pages of before lie in the log until it is written back and cut off.
                busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except sqlite3.Error as error:
                raise StorageError(f"{self._engine.url}: {_reason(error)}") from error
        if busy:
            self._refuse("somebody reads from it; its log cannot be cut off yet")

    def settings(self) -> dict[str, str]:
        """Read back the settings that durability and integrity hang on."""
        with self.reading() as connection:
            return _pragmas(connection)

    def _create_or_check(self) -> None:
        with self.writing() as connection:
            if not inspect(connection).has_table(store_format.name):
                METADATA.create_all(connection)
                connection.execute(insert(store_format).values(version=SCHEMA_VERSION))
            version = connection.execute(select(store_format.c.version)).scalar()
        if version != SCHEMA_VERSION:
            self._refuse(f"schema version is {version}, this release reads {SCHEMA_VERSION}")
        held = self.settings()
        wrong = [
            f"{name} is {held[name]}, needed is {needed or 'none'}"
            for name, needed in _needed(self._address).items()
            if held[name] != needed
        ]
        if wrong:
            self._refuse("; ".join(wrong))

    def _refuse(self, reason: str) -> None:
        raise StorageError(f"{self._engine.url}: {reason}")


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        msg = f"{url!r} is no database address; write 'sqlite:///FILE'"
        raise StorageError(msg) from error
    if address.get_backend_name() != "sqlite":
        msg = f"{address.get_backend_name()} is not supported by this release; use sqlite"
        raise StorageError(msg)
    if address.host:
        msg = f"{url!r} names a host; a file has three slashes: 'sqlite:///{address.host}'"
        raise StorageError(msg)
    if address.query or str(address.database).startswith("file:"):
        msg = f"{url!r}: options would undo the settings we need; write 'sqlite:///FILE'"
        raise StorageError(msg)
    if _in_a_file(address) and not Path(str(address.database)).parent.is_dir():
        msg = f"{url}: there is no folder {Path(str(address.database)).parent}; make it first"
        raise StorageError(msg)
    return address


def _in_a_file(address: URL) -> bool:
    return address.database not in (None, "", ":memory:")


def _engine(address: URL) -> Engine:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        msg = f"SQLite {sqlite3.sqlite_version} has no strict tables; 3.37 or later is needed"
        raise StorageError(msg)
    options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}}
    if not _in_a_file(address):
        options["poolclass"] = StaticPool
        options["connect_args"]["check_same_thread"] = False
    try:
        engine = create_engine(
            address,
            hide_parameters=True,
            isolation_level="AUTOCOMMIT",
            logging_name=_LOGGER,
            **options,
        )
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        msg = f"{address}: {error}; write 'sqlite:///FILE'"
        raise StorageError(msg) from error
    event.listen(engine, "connect", _configure)
    logging.getLogger(f"sqlalchemy.engine.Engine.{_LOGGER}").addFilter(_tells_no_row)
    return engine


def _tells_no_row(record: logging.LogRecord) -> bool:
    """Keep rows out of every log: they hold ballots, and parameters alone are hidden already."""
    return record.levelno >= logging.INFO


def _configure(connection: sqlite3.Connection, _record: object) -> None:
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
    """Leave a database of somebody else as it is, its journal mode included."""
    rows = cursor.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    names = [name for (name,) in rows]
    if names and store_format.name not in names:
        some = ", ".join(names[:3])
        msg = f"holds tables of another program ({some}) and none of ours"
        raise sqlite3.DatabaseError(msg)


def _reason(error: Exception) -> str:
    """Say in the driver's words what went wrong; they never hold values."""
    return str(getattr(error, "orig", None) or error)


def _needed(address: URL) -> dict[str, str]:
    return {
        "journal_mode": "wal" if _in_a_file(address) else "memory",
        "synchronous": "2",
        "foreign_keys": "1",
        "secure_delete": "1",
        "tables not strict": "",
    }


def _pragmas(connection: Connection) -> dict[str, str]:
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    found = {name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar()) for name in names}
    lax = connection.execute(text("SELECT name FROM pragma_table_list WHERE strict = 0"))
    ours = {table.name for table in METADATA.sorted_tables}
    found["tables not strict"] = ", ".join(sorted(ours & {row.name for row in lax}))
    return found
