"""Keepable: a command that no database could keep is refused before one is asked.

SQLite would keep a NUL and PostgreSQL would not, and a town has to be able to move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from partizipation_core.kernel.messages import Command
from partizipation_core.kernel.override import asked
from partizipation_core.values import Objection, is_writable

__all__ = ["unkeepable"]


def unkeepable(command: Command, key: str = "") -> tuple[Objection, ...]:
    """Object to a command, or an idempotency key, with a text that cannot be kept."""
    texts = (key, *_texts(command), *_texts(asked(command)))
    found = next((text for text in texts if not is_writable(text)), None)
    return () if found is None else (Objection("not_writable", {"problem": repr(found)[:80]}),)


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
