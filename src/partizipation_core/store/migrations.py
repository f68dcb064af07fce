"""Migrations: how a database of an earlier release becomes one of this release.

Steps are numbered by the version they lead away from, and are never changed once released. All
that are needed run in one transaction: afterwards the database is of this release, or as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, insert, inspect, select, update

from partizipation_core.errors import StorageError
from partizipation_core.store.schema import METADATA, SCHEMA_VERSION, store_format

__all__ = ["STEPS", "create_or_migrate", "require_present"]

Step = Callable[[Connection], None]


def new_tables(connection: Connection) -> None:
    """Make the tables that were not there before; those that were stay as they are."""
    METADATA.create_all(connection)


STEPS: Mapping[int, Step] = {
    1: new_tables,  # comments and voices
    2: new_tables,  # ballots by code and on paper, electorate, money, results
    3: new_tables,  # texts beside the journal
    4: new_tables,  # who was told of what
}

_VERSION = select(store_format.c.version)


def create_or_migrate(connection: Connection) -> None:
    """Make the tables, or bring those that are there to the present version.

    Raises:
        StorageError: they were written by a later release.
    """
    if not inspect(connection).has_table(store_format.name):
        METADATA.create_all(connection)
        connection.execute(insert(store_format).values(version=SCHEMA_VERSION))
        return
    found = connection.execute(_VERSION).scalar()
    if found == SCHEMA_VERSION:
        return
    # On PostgreSQL another process may be at it; whoever comes second finds it done.
    version = connection.execute(_VERSION.with_for_update()).scalar_one()
    while version in STEPS:
        STEPS[version](connection)
        version += 1
    if version != SCHEMA_VERSION:
        msg = f"schema version is {found}, this release reads 1 to {SCHEMA_VERSION}"
        raise StorageError(msg)
    connection.execute(update(store_format).values(version=version))


def require_present(connection: Connection) -> None:
    """Make sure that the tables are there and of the present version, and change nothing.

    Raises:
        StorageError: they are not.
    """
    there = inspect(connection).has_table(store_format.name)
    version = connection.execute(_VERSION).scalar() if there else None
    if version != SCHEMA_VERSION:
        found = f"schema version is {version}" if there else "there are no tables"
        msg = f"{found}, needed is {SCHEMA_VERSION}; an earlier version is brought up to date by "
        raise StorageError(msg + "any other command, and a backup of it needs its own release")
