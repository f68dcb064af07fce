"""Base: what a handle does with any procedure: ask, read, let time pass."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from partizipation_core.errors import NotFound
from partizipation_core.execution import Receipt
from partizipation_core.execution.keeping import Keeping
from partizipation_core.execution.swearing import checkpoint_box
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.kernel.messages import Command
from partizipation_core.kernel.state import Item, Procedure
from partizipation_core.plugins.pinning import unpin
from partizipation_core.store import Unit
from partizipation_core.store.journal import LineUnknownError, Recorded
from partizipation_core.values import (
    Actor,
    ItemRef,
    MunicipalityRef,
    Objection,
    ProcedureRef,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

T = TypeVar("T")


__all__ = ["Base", "known"]


class Base(Keeping):
    """The part of a handle that everything else stands on."""

    @property
    def ref(self) -> ProcedureRef:
        """Its reference."""
        return self._scope.procedure

    @property
    def municipality(self) -> MunicipalityRef:
        """Whose it is."""
        return self._scope.municipality

    def execute(self, command: Command, *, actor: Actor, key: str = "") -> Receipt:
        """Do what a command asks, or refuse it with every reason.

        Args:
            command: what is asked.
            actor: who asks.
            key: idempotency key; asking twice with one key gives the first answer again.

        Raises:
            Refused: with every reason; nothing was written.
            Conflict: the key was used for something else.
            NotFound: no such procedure or command.
            PluginError: a plugin failed; nothing was written.
        """
        return self._execution.execute(self._scope, command, actor, key)

    def why(self, command: Command, *, actor: Actor) -> tuple[Objection, ...]:
        """Return every reason why a command would be refused now; empty if it would not."""
        return self._execution.why(self._scope, command, actor)

    def tick(self) -> Sequence[Recorded]:
        """Enter every stage whose time has come, in order, whatever the downtime.

        Boxes that were closed are sealed, and an open one is sworn to where it is time. Observers
        are told what they were not told yet.

        Raises:
            Refused: a vote ought to open, and what the procedure pinned is not installed here.
        """
        moved = self._execution.tick(self._scope)
        sworn = checkpoint_box(self._execution, self._scope)
        with suppress(LineUnknownError):  # a process that can read them tells them
            self._execution.outbox.owe_nothing(self._scope)
        return [*moved, *sworn]

    def state(self) -> Procedure:
        """Return the procedure's present state.

        Raises:
            NotFound: it was never opened.
        """
        with self._unit() as unit:
            return known(unit.procedure(), f"procedure {self._scope.procedure!r}")

    def definition(self) -> Definition:
        """Return what the procedure pinned when it opened."""
        with self._unit() as unit:
            return known(unit.definition(), f"procedure {self._scope.procedure!r}")

    def settings(self) -> ProcedureSettings:
        """Return its settings."""
        return unpin(self._execution.host.registry, self.definition()).settings

    def item(self, ref: str) -> Item:
        """Return one item.

        Raises:
            NotFound: there is none of that reference.
        """
        with self._unit() as unit:
            return known(unit.item(ItemRef(ref)), f"item {ref!r}")

    def items(self) -> tuple[Item, ...]:
        """Return all items in the order of their references."""
        with self._unit() as unit:
            return tuple(unit.items())

    def journal(self) -> tuple[Recorded, ...]:
        """Return everything that was decided."""
        with self._unit() as unit:
            return tuple(self._execution.codec.read(line) for line in unit.lines())

    def journal_lines(self) -> Iterator[bytes]:
        """Return the journal as it is stored, one canonical JSON line each (NDJSON)."""
        with self._unit() as unit:
            lines = list(unit.lines())
        for line in lines:
            yield line.body + b"\n"

    def _unit(self) -> AbstractContextManager[Unit]:
        return self._execution.reading(self._scope)


def known(thing: T | None, what: str) -> T:
    """Return a thing, or say that there is none of it here."""
    if thing is None:
        msg = f"there is no {what} here"
        raise NotFound(msg)
    return thing
