"""Forking: a process that comes of another one opens connections of its own.

Web servers load an application once and then fork their workers. Two processes on one connection
would read each other's answers from a server, and lose their locks on a file.
"""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet

__all__ = ["Connected", "watch"]


class Connected(Protocol):
    """What has connections."""

    def leave(self) -> object:
        """Leave all connections to the process before, untouched, and return them."""


_watched: WeakSet[Connected] = WeakSet()
_left: list[object] = []  # never closed here, for that would speak in the name of the other


def watch(connected: Connected) -> None:
    """Let something leave its connections behind in every process that is forked."""
    _watched.add(connected)


def _start_anew() -> None:
    _left.extend([one.leave() for one in list(_watched)])


if hasattr(os, "register_at_fork"):  # there is no forking on Windows
    os.register_at_fork(after_in_child=_start_anew)
