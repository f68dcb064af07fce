"""Databases and the settings that our promises need; they are set here and read back at start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import StaticPool

from partizipation_core.errors import StorageError
from partizipation_core.store.schema import METADATA, SCHEMA_VERSION, store_format

__all__ = ["Database"]

BUSY_SECONDS = 30
_OLDEST_SQLITE = (3, 37, 0)
_WRITES = {"partizipation_writes": True}


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
        self._engine = _engine(url)
        try:
            self._create_or_check()
        except OperationalError as error:
            msg = f"{self._engine.url}: cannot be opened: {error.orig}"
            raise StorageError(msg) from error

    def close(self) -> None:
        """Give the file back."""
        self._engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open the one write transaction; commits at the end, rolls back on any error."""
        with self._engine.connect().execution_options(**_WRITES) as connection:
            with connection.begin():
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of everything and writes nothing."""
        with self._engine.connect() as connection:
            yield connection

    def settings(self) -> dict[str, str]:
        """Read back the settings that durability and integrity hang on."""
        with self.reading() as connection:
            return _pragmas(connection)

    def _create_or_check(self) -> None:
        with self.writing() as connection:
            METADATA.create_all(connection)
            version = connection.execute(select(store_format.c.version)).scalar()
            if version is None:
                connection.execute(insert(store_format).values(version=SCHEMA_VERSION))
        self._self_check(version or SCHEMA_VERSION)

    def _self_check(self, version: int) -> None:
        wrong = [
            f"{name} is {value}, needed is {needed}"
            for name, needed in _needed(self._engine).items()
            if (value := self.settings().get(name)) != needed
        ]
        if version != SCHEMA_VERSION:
            wrong.append(f"schema version is {version}, this release reads {SCHEMA_VERSION}")
        if wrong:
            raise StorageError(f"{self._engine.url}: " + "; ".join(wrong))


def _engine(url: str) -> Engine:
    try:
        address = make_url(url)
    except ArgumentError as error:
        msg = f"{url!r} is no database address; write 'sqlite:///FILE'"
        raise StorageError(msg) from error
    if address.get_backend_name() != "sqlite":
        msg = f"{address.get_backend_name()} is not supported by this release; use sqlite"
        raise StorageError(msg)
    options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}}
    if not address.database or address.database == ":memory:":
        options["poolclass"] = StaticPool
        options["connect_args"]["check_same_thread"] = False
    engine = create_engine(address, hide_parameters=True, **options)
    if engine.dialect.dbapi is None or engine.dialect.dbapi.sqlite_version_info < _OLDEST_SQLITE:
        msg = "SQLite 3.37 or later is needed, for strict tables"
        raise StorageError(msg)
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: Any, _record: object) -> None:
    # The driver must not open transactions of its own; ours begin in _begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads first and writes later fails under load: 9 in 10 do.
    writes = connection.get_execution_options().get("partizipation_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _needed(engine: Engine) -> dict[str, str]:
    in_memory = isinstance(engine.pool, StaticPool)
    return {
        "journal_mode": "memory" if in_memory else "wal",
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
