"""Keepable: a command that no database could keep is refused before one is asked.

SQLite would keep a NUL and PostgreSQL would not, and a town has to be able to move.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from partizipation_core.errors import Refused
from partizipation_core.kernel.messages import Command
from partizipation_core.kernel.override import asked
from partizipation_core.values import Objection, is_writable

__all__ = ["require_keepable", "unkeepable"]


def require_keepable(name: str, asked_for: Command | str) -> None:
    """Refuse the command of some name, or its idempotency key, if it cannot be kept.

    Raises:
        Refused: it cannot.
    """
    if found := unkeepable(asked_for):
        raise Refused(name, found)


def unkeepable(asked_for: Command | str) -> tuple[Objection, ...]:
    """Object to a command, or an idempotency key, with a text that cannot be kept."""
    texts: Iterable[str] = (asked_for,) if isinstance(asked_for, str) else _all(asked_for)
    for text in texts:
        if not is_writable(text):
            return (Objection("not_writable", {"problem": repr(text)[:80]}),)
    return ()


def _all(command: Command) -> Iterator[str]:
    yield from _texts(command)
    yield from _texts(asked(command))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts((*value.keys(), *value.values()))
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _texts(one)
    elif attrs.has(kind := type(value)):
        for field in attrs.fields(kind):
            yield from _texts(getattr(value, field.name))
