"""Linking: what items of different procedures have to do with each other, in both directions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from attrs import evolve, field, frozen
from attrs.validators import in_

from partizipation_core.clock import Instant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.dossier import INVERSE, Link, inverse
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.kernel.steps import reasoned
from partizipation_core.values import ItemRef, Objection, ProcedureRef

__all__ = [
    "DECIDERS",
    "ItemLinked",
    "ItemUnlinked",
    "LinkItem",
    "Place",
    "UnlinkItem",
    "all_links",
    "connected",
]


@frozen(kw_only=True)
class LinkItem(ItemCommand):
    """Say what an item has to do with another one, of this or another procedure.

    It is enough to say it at one end: `all_links` reads it from both.

    Args:
        to_procedure: procedure of the other item.
        to_item: the other item.
        relation: one of `INVERSE`, such as ``becomes`` (idea → project) or ``results_in``
            (project → result).
    """

    to_procedure: ProcedureRef
    to_item: ItemRef
    relation: str = field(validator=in_(INVERSE))


@frozen(kw_only=True)
class UnlinkItem(LinkItem):
    """Take a link back that was wrong."""

    reason: str


@frozen(kw_only=True)
class ItemLinked(Event):
    """An item was linked to another one."""

    item: ItemRef
    link: Link

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Keep the link."""
        before = world.items[self.item]
        yield evolve(before, links=(*before.links, self.link))


@frozen(kw_only=True)
class ItemUnlinked(Event):
    """A link was taken back."""

    item: ItemRef
    link: Link
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Forget the link."""
        before = world.items[self.item]
        yield evolve(before, links=tuple(one for one in before.links if one != self.link))


def _link(command: LinkItem) -> Link:
    return Link(relation=command.relation, procedure=command.to_procedure, item=command.to_item)


def _link_objections(command: LinkItem, context: Context) -> Iterator[Objection]:
    here = command.to_procedure == context.procedure.ref
    if here and command.to_item == command.item:
        yield Objection("linked_to_itself", {"item": command.item})
    elif here and command.to_item not in context.world.items:
        yield Objection("item_unknown", {"item": command.to_item})
    if _link(command) in context.item(command.item).links:
        yield Objection("already_linked", {"item": command.item})


def _unlink_objections(command: UnlinkItem, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    if _link(command) not in context.item(command.item).links:
        yield Objection("not_linked", {"item": command.item})


def _decide(command: LinkItem, _context: Context) -> tuple[Event, ...]:
    return (ItemLinked(item=command.item, link=_link(command)),)


def _decide_unlink(command: UnlinkItem, _context: Context) -> tuple[Event, ...]:
    return (ItemUnlinked(item=command.item, link=_link(command), reason=command.reason),)


# --- reading links


class Place(NamedTuple):
    """Where an item stands: its procedure and its reference."""

    procedure: ProcedureRef
    item: ItemRef


def all_links(
    procedures: Mapping[ProcedureRef, Iterable[Item]],
) -> dict[Place, tuple[Link, ...]]:
    """Read every link from both of its ends, once each, however often it was said.

    Args:
        procedures: procedure → its items.
    """
    found: dict[Place, dict[Link, None]] = {}
    for procedure, items in procedures.items():
        for item in items:
            for link in item.links:
                back = inverse(link, procedure, item.ref)
                found.setdefault(Place(procedure, item.ref), {})[link] = None
                found.setdefault(Place(link.procedure, link.item), {})[back] = None
    return {place: tuple(links) for place, links in found.items()}


def connected(links: Mapping[Place, Iterable[Link]], start: Place) -> tuple[Place, ...]:
    """Follow links as far as they go: idea → project → result, from whichever end.

    Args:
        links: as `all_links` returns them.
        start: where to begin.

    Returns:
        every item that is reached, the nearest first, `start` itself at the beginning.
    """
    reached, waiting = {start: None}, deque([start])
    while waiting:
        for link in links.get(waiting.popleft(), ()):
            place = Place(link.procedure, link.item)
            if place not in reached:
                reached[place] = None
                waiting.append(place)
    return tuple(reached)


DECIDERS = (
    Decider(
        command=LinkItem,
        decide=_decide,
        objections=_link_objections,
        events=(ItemLinked,),
        needs={Need.ITEMS},
    ),
    Decider(
        command=UnlinkItem,
        decide=_decide_unlink,
        objections=_unlink_objections,
        events=(ItemUnlinked,),
    ),
)
