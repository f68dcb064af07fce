"""Watching: what plugins are handed cannot be changed by them, and who is slow is told by name.

A call cannot be ended from outside in Python without leaving a thread behind that goes on. So a
slow plugin is let finish and reported; whoever runs the town decides whether to keep it.
"""

from __future__ import annotations

import time
from collections import deque

from attrs import frozen

from partizipation_core.evolving import evolve
from partizipation_core.formats.definition import Definition
from partizipation_core.freezing import frozen_through, read_only
from partizipation_core.kernel.context import Context
from partizipation_core.plugins.loader import Origin

__all__ = ["LONGEST_REASON", "HandedOut", "Slow", "Watch", "guarded", "told"]

LONGEST_REASON = 2_000
"""Number of characters of a plugin's own words that are kept."""

_KEPT = 100

_REMEMBERED = 256


@frozen
class Slow:
    """A call that took longer than it should have.

    Args:
        distribution: the installed distribution of the plugin.
        version: its version.
        hook: the hook that was called.
        command: the command that was under way, empty while loading.
        seconds: how long it took.
    """

    distribution: str
    version: str
    hook: str
    command: str
    seconds: float

    def __str__(self) -> str:
        during = f" during {self.command}" if self.command else ""
        who = f"plugin {self.distribution} {self.version}"
        return f"{who} took {self.seconds:.1f} s in {self.hook}{during}"


class Watch:
    """Keeps the latest slow calls.

    Args:
        patience: seconds that a call may take before it is reported.
    """

    def __init__(self, patience: float = 1.0) -> None:
        self.patience = patience
        self._slow: deque[Slow] = deque(maxlen=_KEPT)

    @property
    def slow(self) -> tuple[Slow, ...]:
        """The latest slow calls, the oldest first; never more than a hundred."""
        return tuple(self._slow)

    def ended(self, began: float, origin: Origin, hook: str, command: str) -> None:
        """Note how long a call took that began at an instant of the monotonic clock."""
        seconds = time.monotonic() - began
        if seconds > self.patience:
            who = (origin.distribution, origin.version)
            self._slow.append(Slow(*who, hook, command, seconds))


class HandedOut:
    """Freezes what a pinned definition holds as plain data; it is kept between commands.

    Ballots are decided on one definition by the thousand, so it is frozen once.
    """

    def __init__(self) -> None:
        self._frozen: dict[int, tuple[Definition, Definition]] = {}

    def __call__(self, context: Context) -> Context:
        """Return a context that nobody can write into."""
        pinned = getattr(context, "definition", None)  # tests of plugins ask without a procedure
        return context if pinned is None else evolve(context, definition=self._of(pinned))

    def _of(self, pinned: Definition) -> Definition:
        # The pinned one is kept too, so that its identity can never be that of another.
        known = self._frozen.get(id(pinned))
        if known is None:
            if len(self._frozen) >= _REMEMBERED:
                self._frozen.clear()
            frozen = evolve(pinned, settings=frozen_through(pinned.settings))
            known = self._frozen[id(pinned)] = (pinned, frozen)
        return known[1]


def guarded(argument: object) -> object:
    """Cover what a rule is handed that it could write into: mappings and lists."""
    if isinstance(argument, dict):
        return read_only(argument)
    return tuple(argument) if isinstance(argument, list) else argument


def told(error: BaseException) -> str:
    """Return what an error says, as far as any database can keep it."""
    try:
        words = str(error)
    except Exception as worse:  # noqa: BLE001 - even what it says is the plugin's own code
        words = f"(it cannot say what: {type(worse).__name__})"
    plain = words.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
    return plain[:LONGEST_REASON]
