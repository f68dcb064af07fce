"""Databases: transactions on SQLite and PostgreSQL, with settings that are read back at start."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from secrets import SystemRandom
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Dialect, Engine, Pool
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from partizipation_core.errors import StorageError
from partizipation_core.store import forking
from partizipation_core.store.lending import Lender, Lent
from partizipation_core.store.logs import keep_rows_out
from partizipation_core.store.migrations import create_or_migrate, require_present
from partizipation_core.store.postgresql import Postgresql
from partizipation_core.store.schema import METADATA
from partizipation_core.store.scope import Scope
from partizipation_core.store.seeking import find_only_writable
from partizipation_core.store.sqlite import Sqlite

__all__ = ["ContentionError", "Database"]

T = TypeVar("T")

ATTEMPTS = 12
PATIENCE_SECONDS = 30.0
_LONGEST_PAUSE = 0.5


class ContentionError(StorageError):
    """Somebody else was in the way and nothing was written; trying again may help."""


class System(Protocol):
    """What one kind of database does in its own way."""

    writing: str
    reading: str
    clearing: str
    errors: tuple[type[Exception], ...]

    @property
    def file(self) -> Path | None: ...
    def engine(self) -> Engine: ...
    def lock(self, connection: Connection, scope: Scope) -> None: ...
    def in_the_way(self, error: BaseException) -> bool: ...
    def lost(self, error: BaseException) -> bool: ...
    def reason(self, error: BaseException) -> str: ...
    def needed(self) -> dict[str, str]: ...
    def held(self, connection: Connection, ours: Mapping[str, Any]) -> dict[str, str]: ...
    def is_open(self, driver: Any) -> bool: ...
    def hung_up(self, driver: Any) -> bool: ...
    def prepared(self, driver: Any, sql: str) -> Callable[[Sequence[Any]], int]: ...
    def scrub(self, driver: Any, tables: Sequence[str]) -> bool: ...
    def cut_log(self, driver: Any) -> bool: ...
    def take_time(self, connection: Connection) -> None: ...


_SYSTEMS: Mapping[str, Callable[[URL], System]] = {"sqlite": Sqlite, "postgresql": Postgresql}


def wait_a_little(attempt: int) -> None:
    """Wait, longer with every attempt and never twice the same, so that two do not meet again."""
    longest = min(_LONGEST_PAUSE, 0.005 * 2**attempt)
    time.sleep(SystemRandom().uniform(0, longest))


class Database:
    """An open database whose settings have been checked.

    Args:
        url: SQLAlchemy address such as ``sqlite:///town.db`` or
            ``postgresql://user@host/town``; ``sqlite://`` lives in memory and is gone with the
            process.
        pause: waits before an attempt is made again; is told which one has failed, from 0.
        as_it_is: whether to refuse one that is not there or of another version, instead of
            making it or bringing it up to date.

    Raises:
        StorageError: another database system, a setting that does not hold, a database that is
            not ours or was written by a later release.
    """

    def __init__(
        self,
        url: str,
        *,
        pause: Callable[[int], None] = wait_a_little,
        as_it_is: bool = False,
    ) -> None:
        self._system = _system(url)
        self._engine = self._system.engine()
        self._is_closed = False
        find_only_writable(self._engine)
        self._lender = Lender(self._engine, self._system.prepared, self._system.hung_up)
        keep_rows_out()
        self._errors: tuple[type[Exception], ...] = (SQLAlchemyError, *self._system.errors)
        self._pause = pause
        self._prepare = require_present if as_it_is else create_or_migrate
        forking.watch(self)
        try:
            self._create_or_check()
        except BaseException:
            self.close()
            raise

    @property
    def file(self) -> Path | None:
        """The file it lives in; None for a database in memory or on a server."""
        return self._system.file

    @property
    def in_memory(self) -> bool:
        """Whether it is gone with the process."""
        return self._engine.dialect.name == "sqlite" and self.file is None

    @property
    def name(self) -> str:
        """Its address as people write it, without the password."""
        address = self._engine.url
        return address.set(drivername=address.get_backend_name()).render_as_string()

    @property
    def dialect(self) -> Dialect:
        """Whose words its statements are in."""
        return self._engine.dialect

    @property
    def begin(self) -> str:
        """The statement that begins a write transaction."""
        return self._system.writing

    def close(self) -> None:
        """Give the connections back; there are no others afterwards."""
        self._is_closed = True
        self._lender.let_go()
        self._engine.dispose()

    def leave(self) -> object:
        """Leave all connections as they are, return them, and take new ones from now on."""
        if self.in_memory:  # there is nothing but the one connection, and the copy is ours alone
            return None
        left = (self._lender.leave(), self._engine.pool)
        self._engine.dispose(close=False)
        return left

    def run_in_transaction(self, work: Callable[[Connection], T], scope: Scope | None = None) -> T:
        """Do some work in a write transaction; if others are in the way, once more from its start.

        Args:
            work: must be repeatable: whatever it did before is undone.
            scope: the procedure whose turn it is; others who write to it wait.

        Raises:
            ContentionError: there was no getting through, however often it was tried.
            StorageError: the database failed; nothing was written.
        """
        began = time.monotonic()
        for attempt in count():
            try:
                with self.writing(scope) as connection:
                    return work(connection)
            except ContentionError:
                if attempt + 1 >= ATTEMPTS or time.monotonic() - began >= PATIENCE_SECONDS:
                    raise
                self._pause(attempt)
        raise AssertionError  # pragma: no cover - counting never ends

    @contextmanager
    def writing(self, scope: Scope | None = None) -> Iterator[Connection]:
        """Open a write transaction; commits at the end, rolls back on any error.

        Args:
            scope: the procedure whose turn it is; others who write to it wait.

        Raises:
            ContentionError: somebody else was in the way; nothing was written.
            StorageError: the database failed; nothing was written, or it says that it does not
                know.
        """
        with self._transaction(self._system.writing, scope) as (connection, driver):
            yield connection
            self._commit(driver)

    @contextmanager
    def rehearsing(self, scope: Scope | None = None) -> Iterator[Connection]:
        """Open a write transaction that is rolled back at the end, whatever happens in it."""
        with self._transaction(self._system.writing, scope) as (connection, _):
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of everything and writes nothing."""
        with self._transaction(self._system.reading) as (connection, _):
            yield connection

    @contextmanager
    def lending(self) -> Iterator[Lent]:
        """Lend a connection of the driver, in no transaction; what is left open is rolled back.

        Raises:
            ContentionError: somebody else was in the way; nothing was written.
            StorageError: the database failed; it says so where what was done is not known.
        """
        self._require_open()
        try:
            lent = self._lender.take()
            try:
                yield lent
            except self._errors as error:
                if self._system.lost(error):
                    lent.pooled.invalidate()
                    self._lender.renew(lent.pool)
                    raise StorageError(self._unknown()) from error
                raise
            finally:
                if lent.pooled.is_valid and self._is_closed:
                    lent.pooled.invalidate()
                elif lent.pooled.is_valid:
                    if self._system.is_open(lent.driver):
                        lent.driver.rollback()
                    self._lender.give_back(lent)
        except self._errors as error:
            raise self._told(error) from error

    @contextmanager
    def _transaction(
        self, begin: str, scope: Scope | None = None
    ) -> Iterator[tuple[Connection, Any]]:
        try:
            with (
                self._begun(begin) as connection,
                self._watched(connection, self._engine.pool),
            ):
                driver: Any = connection.connection.driver_connection
                try:
                    if scope is not None:
                        self._system.lock(connection, scope)
                    yield connection, driver
                finally:
                    driver.rollback()  # what is not committed by now was not to be
        except self._errors as error:
            if not self._has_raised(error):
                raise
            raise self._told(error) from error

    def _begun(self, begin: str) -> Connection:
        """Open a transaction, on a new connection if the one at hand was lost while it rested."""
        try:
            return self._begun_at_once(begin)
        except ContentionError:  # nothing was handed out yet, and there is no old one any more
            return self._begun_at_once(begin)

    def _begun_at_once(self, begin: str) -> Connection:
        self._require_open()
        pool, connection = self._engine.pool, self._engine.connect()
        try:
            with self._watched(connection, pool):
                driver: Any = connection.connection.driver_connection
                driver.execute(begin)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _watched(self, connection: Connection, pool: Pool) -> Iterator[None]:
        """Tell errors that another attempt may get around; one lost connection means new ones."""
        try:
            yield
        except self._errors as error:
            cause = _cause(error)
            if self._system.lost(cause):
                connection.invalidate()
                self._lender.renew(pool)
                raise ContentionError(f"{self.name}: {self._system.reason(cause)}") from error
            raise

    def _commit(self, driver: Any) -> None:
        try:
            driver.commit()
        except self._errors as error:
            if self._system.lost(error):
                raise StorageError(self._unknown()) from error
            raise

    def _unknown(self) -> str:
        return (
            f"{self.name}: the connection was lost while committing, and whether it was done is "
            "not known; ask again with the same idempotency key"
        )

    def _has_raised(self, error: Exception) -> bool:
        """Tell whether an error is not that of another database, in whose transaction ours is."""
        return isinstance(_cause(error), self._errors)

    def _told(self, error: Exception) -> StorageError:
        cause = _cause(error)
        kind = ContentionError if self._system.in_the_way(cause) else StorageError
        return kind(f"{self.name}: {self._system.reason(cause)}")

    def scrub(self, tables: Sequence[str] = ()) -> None:
        """Leave no byte of deleted rows in any file of the database.

        Args:
            tables: those in which rows were deleted, so that a server rewrites no others; none
                for all of them.

        Raises:
            StorageError: somebody else uses the database; what was deleted stays deleted, and
                its bytes are gone once this has succeeded.
        """
        self._clear(lambda driver: self._system.scrub(driver, tables))

    def cut_log(self) -> None:
        """Leave no byte in the log of what was deleted while somebody read from the database.

        Raises:
            StorageError: somebody still does.
        """
        self._clear(self._system.cut_log)

    def _clear(self, clear: Callable[[Any], bool]) -> None:
        self._require_open()
        with self._engine.connect() as connection:
            try:
                busy = clear(connection.connection.driver_connection)
            except self._errors as error:
                raise StorageError(f"{self._told(error)}; {self._left()}") from error
        if busy:
            self._refuse(f"somebody reads from it; {self._left()}")

    def _left(self) -> str:
        return (
            "what was to be deleted is deleted, but its bytes are in the files; they go with "
            f"{self._system.clearing} once nobody is in the way"
        )

    def take_time(self, connection: Connection) -> None:
        """Let a transaction that copies a whole database run for as long as it takes."""
        self._system.take_time(connection)

    def settings(self) -> dict[str, str]:
        """Read back the settings that durability and integrity hang on."""
        with self.reading() as connection:
            return self._system.held(connection, METADATA.tables)

    def _create_or_check(self) -> None:
        self.run_in_transaction(self._made_or_checked)
        held = self.settings()
        wrong = [
            f"{name} is {held[name]}, needed is {needed or 'none'}"
            for name, needed in self._system.needed().items()
            if held[name] != needed
        ]
        if wrong:
            self._refuse("; ".join(wrong))

    def _made_or_checked(self, connection: Connection) -> None:
        try:
            self._prepare(connection)
        except StorageError as error:
            raise StorageError(f"{self.name}: {error}") from error

    def _require_open(self) -> None:
        if self._is_closed:
            self._refuse("it was closed; whoever goes on opens a platform of their own")

    def _refuse(self, reason: str) -> None:
        raise StorageError(f"{self.name}: {reason}")


def _cause(error: BaseException) -> BaseException:
    return getattr(error, "orig", None) or error


def _system(url: str) -> System:
    try:
        address = make_url(url)
    except ArgumentError as error:
        msg = f"{url!r} is no database address; write 'sqlite:///FILE' or 'postgresql://USER@HOST/NAME'"
        raise StorageError(msg) from error
    kind = address.get_backend_name()
    if kind not in _SYSTEMS:
        msg = f"{kind} is not supported by this release; use {' or '.join(_SYSTEMS)}"
        raise StorageError(msg)
    return _SYSTEMS[kind](address)
