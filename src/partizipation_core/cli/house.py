"""What commands on a database share: where it is, whose procedure is meant, and how it is told."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from partizipation_core.errors import NotFound

if TYPE_CHECKING:
    from partizipation_core.platform import Platform, ProcedureHandle
    from partizipation_core.texts.wording import Wording

__all__ = [
    "database_option",
    "house",
    "place_options",
    "wording_of",
]

F = TypeVar("F", bound=Callable[..., Any])

_SQLITE = "sqlite:///"
_KEYS = "PARTIZIPATION_KEYS"


def database_option(command: F) -> F:
    """Let a command ask for a database."""
    told = "Address of the database, such as sqlite:///stadt.db."
    variable = "PARTIZIPATION_DATABASE"
    option = click.option(
        "--database", required=True, envvar=variable, show_envvar=True, help=told
    )
    return option(command)


def place_options(command: F) -> F:
    """Let a command ask for a database, a municipality and a procedure."""
    command = click.option("--procedure", required=True, help="Reference of the procedure.")(
        command
    )
    key = "Official municipality key, of districts with a suffix."
    command = click.option("--municipality", required=True, help=key)(command)
    return database_option(command)


@contextmanager
def house(database: str) -> Iterator[Platform]:
    """Open a platform on a database that exists, with its keys where the environment says.

    Raises:
        NotFound: it does not; looking at something must not create it.
    """
    from partizipation_core.platform import Platform
    from partizipation_core.store.keys import FileKeys

    folder = os.environ.get(_KEYS)
    keys = FileKeys(Path(folder)) if folder else None
    file = database.removeprefix(_SQLITE)
    if database.startswith(_SQLITE) and not Path(file).is_file():
        raise NotFound(f"there is no database {file}")
    with Platform(database, keys=keys) as platform:
        yield platform


def wording_of(handle: ProcedureHandle, lang: str) -> Wording:
    """Return the words for a procedure: its titles, its currency, its time zone."""
    from partizipation_core.plugins.host import PluginHost
    from partizipation_core.texts.titles import with_titles
    from partizipation_core.texts.wording import Wording

    settings = handle.settings()
    return Wording(
        lang=lang,
        currency=settings.currency,
        zone=settings.zone,
        catalogues=[
            {f"item.{item.ref}": item.title for item in handle.items()},
            *with_titles(handle.definition().stages, PluginHost.discover().texts(lang)),
        ],
    )
