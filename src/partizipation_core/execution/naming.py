"""Naming: what goes wrong on the way is told with the command that was under way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from partizipation_core.errors import PartizipationError, PluginError, Refused
from partizipation_core.plugins.loader import Origin
from partizipation_core.plugins.watching import told
from partizipation_core.values import Objection

__all__ = ["blamed", "during", "writable"]


@contextmanager
def writable(command: str) -> Iterator[None]:
    """Refuse what cannot be kept: half a character, a number beyond every reader."""
    try:
        yield
    except ValueError as error:
        raise Refused(command, [Objection("not_writable", {"problem": str(error)})]) from error


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


@contextmanager
def blamed(command: str, origin: Origin | None) -> Iterator[None]:
    """Let a plugin that decides a command be named when it fails at that.

    Args:
        command: what is under way.
        origin: whose command it is; None where it is the core's, whose errors are our own.
    """
    try:
        yield
    except PartizipationError:
        raise
    except KeyboardInterrupt as interrupt:
        interrupt.add_note(f"while {origin or 'the core'} decided {command}")
        raise
    except BaseException as error:
        if origin is None:
            raise
        reason = f"{type(error).__name__}: {told(error)}"
        who = (origin.distribution, origin.version)
        raise PluginError(*who, "decider", command, reason=reason) from error
