"""Seeking: nothing is found by a text that no database keeps, on each of them in the same way.

Names come from addresses of pages, and anybody can write one with a NUL in it. SQLite finds
nothing by it; PostgreSQL fails. Half of a character is an error of both drivers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, event

from partizipation_core.errors import NotFound
from partizipation_core.values import is_writable

__all__ = ["find_only_writable"]


def find_only_writable(engine: Engine) -> None:
    """Let whoever reads by such a text be told that there is nothing; `NotFound`."""
    event.listen(engine, "before_cursor_execute", _look)


def _look(
    _connection: Connection,
    _cursor: Any,
    _sql: str,
    values: Any,
    context: Any,
    many: bool,  # noqa: FBT001
) -> None:
    if many or not getattr(context.invoked_statement, "is_select", False):
        return
    for value in values.values() if isinstance(values, Mapping) else values:
        if isinstance(value, str) and not is_writable(value):
            raise NotFound(f"there is nothing of the name {value[:80]!r}")
