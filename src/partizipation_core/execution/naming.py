"""Naming: what goes wrong on the way is told with the command that was under way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from partizipation_core.errors import PluginError, Refused
from partizipation_core.values import Objection

__all__ = ["during", "writable"]


@contextmanager
def writable(command: str) -> Iterator[None]:
    """Refuse what cannot be kept: half a character, a number beyond every reader."""
    try:
        yield
    except ValueError as error:
        raise Refused(command, [Objection("notwritable", {"problem": str(error)})]) from error


@contextmanager
def during(command: str) -> Iterator[None]:
    """Let a failing rule name the command that was under way."""
    try:
        yield
    except PluginError as error:
        if not error.command:
            raise PluginError(
                error.distribution, error.version, error.hook, command, reason=error.reason
            ) from error
        raise
