"""Together: whoever comes first writes for all who wait, in one transaction.

A disk takes as long for one transaction as for fifty. So a caller that finds somebody writing
does not queue for the disk: it leaves a slip and waits, and the next one to write takes all slips
along. There is no thread of its own, and who is alone pays nothing for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import define

from partizipation_core.store import forking

__all__ = ["MOST", "Slip", "Together"]

MOST = 128
"""Slips that are taken along at most, so that nobody writes for others for long."""


@define(eq=False)
class Slip:
    """What somebody wants to have written.

    Args:
        asked: whether a request with a key comes with it.
        values: what is to be written.
        taken: whether it was; None while nobody has tried, or where the attempt failed.
        tried: whether somebody has tried.
        woken: set when it was tried, or when it is its owner's turn to write; only for those who
            wait.
    """

    asked: bool
    values: Mapping[str, Any]
    taken: bool | None = None
    tried: bool = False
    woken: threading.Event | None = None


class Together:
    """Lets callers write for each other.

    Args:
        write: writes slips in one transaction and then says of each whether it was taken.
    """

    def __init__(self, write: Callable[[Sequence[Slip]], None]) -> None:
        self._write = write
        self._begin()
        forking.watch(self)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Slip] = []
        self._is_writing = False

    def leave(self) -> object:
        """Leave what waits to the threads of the process before, and return it."""
        left = self._waiting
        self._begin()
        return left

    def put(self, slip: Slip) -> bool:
        """Have a slip written, by oneself or by another.

        Returns:
            whether it was taken, committed; not if another tried to write it and failed.

        Raises:
            whatever `write` raises, to the one who wrote.
        """
        with self._lock:
            self._waiting.append(slip)
            if self._is_writing:
                slip.woken = threading.Event()
            self._is_writing = True
        if slip.woken:
            slip.woken.wait()
        if not slip.tried:
            self._write_for_all()
        return bool(slip.taken)

    def _write_for_all(self) -> None:
        with self._lock:
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        try:
            self._write(group)
        finally:
            with self._lock:
                heirs = self._waiting[:1]
                self._is_writing = bool(heirs)
            for slip in group:
                slip.tried = True
            for slip in (*group, *heirs):
                if slip.woken:
                    slip.woken.set()
