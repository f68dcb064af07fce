"""Loading: everything a decision may see, read in the transaction in which it is decided."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from attrs import evolve

from partizipation_core.clock import Instant
from partizipation_core.errors import NotFound, StorageError
from partizipation_core.execution.needs import Asked, with_needs
from partizipation_core.execution.request import Request
from partizipation_core.kernel import foresight
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Need
from partizipation_core.kernel.messages import Command, ItemCommand
from partizipation_core.kernel.override import asked
from partizipation_core.kernel.procedure import OpenProcedure
from partizipation_core.kernel.record import Reading
from partizipation_core.kernel.state import Comment, Item, Procedure, World
from partizipation_core.plugins.pinning import Pinned, unpin
from partizipation_core.plugins.registry import Registry
from partizipation_core.store import Scope, Unit
from partizipation_core.store.journal import Codec
from partizipation_core.store.keys import KeyRing
from partizipation_core.store.state import REBUILD, load_procedure
from partizipation_core.values import NO_COMMENT, Actor, CommentRef, ItemRef

__all__ = ["Loader", "bare_context"]

_REMEMBERED = 256
"""Number of procedures and definitions kept in memory as objects."""


def bare_context(pinned: Pinned, world: World, actor: Actor, now: Instant) -> Context:
    """Put together what every decision sees."""
    return Context(
        now=now,
        actor=actor,
        definition=pinned.definition,
        settings=pinned.settings,
        rules=pinned.rules,
        world=world,
    )


class Loader:
    """Reads what deciders declared as their needs.

    Args:
        registry: what stands behind pinned names.
        keys: keys for the roll.
        codec: reads journal lines.
    """

    def __init__(self, registry: Registry, keys: KeyRing, codec: Codec) -> None:
        self._registry = registry
        self._codec = codec
        self._keys = keys
        # Both hang on what is stored and on nothing else, so they can never be out of date.
        self._procedure = lru_cache(_REMEMBERED)(load_procedure)
        self._pinned: dict[str, Pinned] = {}

    def context(self, request: Request, more: Iterable[Need] = ()) -> Context:
        """Load what a request needs.

        Args:
            request: what is asked.
            more: what must be loaded besides.

        Raises:
            NotFound: there is no such procedure.
            StorageError: something that must be there is gone.
        """
        unit, actor = request.unit, request.actor
        if isinstance(request.command, OpenProcedure):
            pinned = unpin(self._registry, request.command.definition)
            world = World(procedure=unit.procedure())
            return bare_context(pinned, world, actor, request.now)
        present, pinned = self.present(unit, request.scope)
        needs = request.decider.needs.union(more)
        readings: tuple[Reading, ...] = request.decider.records
        if needs >= foresight.NEEDS:
            readings += foresight.read_by_conditions(present.stage, pinned.rules)
        world = self._world(request, present, needs, readings)
        context = bare_context(pinned, world, actor, request.now)
        if request.attested:
            context = evolve(context, attested=request.attested)
        return with_needs(context, Asked(request, self._keys, self._codec, present, pinned, needs))

    def _world(
        self,
        request: Request,
        present: Procedure,
        needs: Iterable[Need],
        readings: Iterable[Reading],
    ) -> World:
        unit, command = request.unit, asked(request.command)
        return World(
            procedure=present,
            items=self._items(unit, needs, command),
            comments=_comments(unit, needs, command),
            bookings=unit.books.sums() if Need.LEDGER in needs else (),
            records=unit.records.read(readings, command),
        )

    def present(self, unit: Unit, scope: Scope) -> tuple[Procedure, Pinned]:
        """Return the present state and what was pinned, from memory if they are known.

        Raises:
            NotFound: there is no such procedure.
            StorageError: what it pinned is gone.
        """
        stored = unit.present()
        if stored.body is None:
            msg = f"municipality {scope.municipality} has no procedure {scope.procedure!r}"
            raise NotFound(msg)
        return self._procedure(stored.body), self._unpinned(unit, stored.definition or "")

    def _unpinned(self, unit: Unit, digest: str) -> Pinned:
        pinned = self._pinned.get(digest)
        if pinned is None:
            if (definition := unit.definition()) is None:
                msg = f"what the procedure pinned is gone; {REBUILD}"
                raise StorageError(msg)
            pinned = unpin(self._registry, definition)
            if len(self._pinned) >= _REMEMBERED:
                self._pinned.clear()
            self._pinned[digest] = pinned
        return pinned

    def _items(self, unit: Unit, needs: Iterable[Need], command: Command) -> dict[ItemRef, Item]:
        if Need.ITEMS in needs or Need.WRITTEN in needs:
            return {item.ref: item for item in unit.items()}
        if isinstance(command, ItemCommand) and (item := unit.item(command.item)):
            return {item.ref: item}
        return {}


def _comments(unit: Unit, needs: Iterable[Need], command: Command) -> dict[CommentRef, Comment]:
    if Need.WRITTEN in needs:
        return {one.ref: one for one in unit.comments.all()}
    if Need.COMMENTS not in needs:
        return {}
    refs = {getattr(command, name, NO_COMMENT) for name in ("comment", "parent")}
    return unit.comments.some(refs - {NO_COMMENT})
