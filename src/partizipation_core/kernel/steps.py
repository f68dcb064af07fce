"""Steps: a command that does nothing but move its item along the lifecycle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from attrs import frozen

from partizipation_core.clock import Instant
from partizipation_core.evolving import evolve
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Ownership, nothing_against
from partizipation_core.kernel.messages import Command, Event, ItemCommand
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Objection

__all__ = ["ItemMoved", "moved", "reasoned", "step", "still_before"]


@frozen(kw_only=True)
class ItemMoved(Event):
    """An item took one step of its lifecycle.

    Args:
        item: which.
        trigger: what moved it.
        state: where it is now.
        reason: why, where one was given.
    """

    item: ItemRef
    trigger: str
    state: str
    reason: str = ""

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Move it; what was published once stays known to be so."""
        before = world.items[self.item]
        published = before.published or self.trigger == "publish"
        yield evolve(before, state=self.state, reason=self.reason, published=published)


def moved(context: Context, item: ItemRef, trigger: str, reason: str = "") -> ItemMoved:
    """Tell of one step, in the words of the procedure's lifecycle."""
    state = context.definition.lifecycle.next(context.item(item).state, trigger)
    return ItemMoved(item=item, trigger=trigger, state=str(state), reason=reason)


def reasoned(command: Command, _context: Context) -> Iterator[Objection]:
    """Ask for the reason that the command must carry."""
    if not str(getattr(command, "reason", "")).strip():
        yield Objection("reason_missing", {"command": type(command).__name__})


def still_before(command: ItemCommand, context: Context, *triggers: str) -> Iterator[Objection]:
    """Object where none of some steps is possible any more, or yet.

    Args:
        command: about an item; it pulls no trigger itself.
        context: what the decision may see.
        triggers: as the decider names them in `Decider.before`.
    """
    lifecycle, item = context.definition.lifecycle, context.item(command.item)
    if all(lifecycle.next(item.state, trigger) is None for trigger in triggers):
        states = dict.fromkeys(s for trigger in triggers for s in lifecycle.sources(trigger))
        sources = ", ".join(states)
        params = {"item": item.ref, "state": item.state, "trigger": triggers[0]}
        yield Objection("state_forbids", {**params, "sources": sources})


def step(
    command: type[ItemCommand],
    trigger: str,
    objections: Callable[[Any, Context], Iterable[Objection]] = nothing_against,
    *,
    ownership: Ownership = Ownership.NONE,
) -> Decider:
    """Make the decider of a command that does nothing but move its item one step."""

    def decide(given: ItemCommand, context: Context) -> tuple[Event, ...]:
        return (moved(context, given.item, trigger, getattr(given, "reason", "")),)

    return Decider(
        command=command,
        decide=decide,
        objections=objections,
        events=(ItemMoved,),
        triggers=(trigger,),
        ownership=ownership,
    )
