"""Forking: a process that comes of another one takes along neither connections nor threads.

Web servers load an application once and then fork their workers. Two processes on one connection
would read each other's answers from a server, and lose their locks on a file. Of the threads, only
the one that forks is there in the new process; it would wait for the others for ever.
"""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet

__all__ = ["Divided", "watch"]


class Divided(Protocol):
    """What has connections, or threads that wait for each other."""

    def leave(self) -> object:
        """Leave them to the process before, untouched, and return what must not be closed."""


_watched: WeakSet[Divided] = WeakSet()
_left: list[object] = []  # never closed here, for that would speak in the name of the other


def watch(one: Divided) -> None:
    """Let something begin anew in every process that is forked."""
    _watched.add(one)


def _start_anew() -> None:
    _left.extend([one.leave() for one in list(_watched)])


if hasattr(os, "register_at_fork"):  # there is no forking on Windows
    os.register_at_fork(after_in_child=_start_anew)
