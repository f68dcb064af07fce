"""Hiding: a moderator takes an item out of sight and can bring it back; nothing is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from partizipation_core.clock import Instant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.kernel.steps import reasoned
from partizipation_core.values import ItemRef, Objection

__all__ = ["DECIDERS", "HideItem", "ItemHidden", "ItemShown", "UnhideItem"]


@frozen(kw_only=True)
class HideItem(ItemCommand):
    """Take an item out of the public's sight, whatever state it is in.

    Ballots that name it still count; until it is shown again no new one may name it.
    """

    reason: str


@frozen(kw_only=True)
class UnhideItem(ItemCommand):
    """Show an item again that was hidden; it stands where it stood."""

    reason: str


@frozen(kw_only=True)
class ItemHidden(Event):
    """An item was hidden."""

    item: ItemRef
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Mark it; state, ballots and money stay as they are."""
        yield evolve(world.items[self.item], hidden=self.reason)
        before = world.opened
        yield evolve(before, hidden=(*before.hidden, self.item))


@frozen(kw_only=True)
class ItemShown(Event):
    """An item is shown again."""

    item: ItemRef
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Take the mark away."""
        yield evolve(world.items[self.item], hidden="")
        before = world.opened
        yield evolve(before, hidden=tuple(one for one in before.hidden if one != self.item))


def _hide_objections(command: HideItem, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    if context.item(command.item).hidden:
        yield Objection("already_hidden", {"item": command.item})


def _unhide_objections(command: UnhideItem, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    if not context.item(command.item).hidden:
        yield Objection("not_hidden", {"item": command.item})


def _hide(command: HideItem, _context: Context) -> tuple[Event, ...]:
    return (ItemHidden(item=command.item, reason=command.reason),)


def _unhide(command: UnhideItem, _context: Context) -> tuple[Event, ...]:
    return (ItemShown(item=command.item, reason=command.reason),)


DECIDERS = (
    Decider(
        command=HideItem,
        decide=_hide,
        objections=_hide_objections,
        events=(ItemHidden,),
    ),
    Decider(
        command=UnhideItem,
        decide=_unhide,
        objections=_unhide_objections,
        events=(ItemShown,),
    ),
)
