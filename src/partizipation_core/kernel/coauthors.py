"""Co-authors: who else may revise an idea. Only its author may withdraw it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from partizipation_core.clock import Instant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Objection, ParticipantRef

__all__ = [
    "DECIDERS",
    "AcceptInvitation",
    "CoauthorInvited",
    "CoauthorJoined",
    "CoauthorLeft",
    "InviteCoauthor",
    "LeaveItem",
]


@frozen(kw_only=True)
class InviteCoauthor(ItemCommand):
    """Ask somebody to be a co-author of one's own idea.

    Args:
        person: pseudonym of who is asked.
    """

    person: ParticipantRef


@frozen(kw_only=True)
class AcceptInvitation(ItemCommand):
    """Become a co-author after having been asked."""


@frozen(kw_only=True)
class LeaveItem(ItemCommand):
    """Be a co-author no longer, or decline to become one."""


@frozen(kw_only=True)
class CoauthorInvited(Event):
    """Somebody was asked to be a co-author."""

    item: ItemRef
    person: ParticipantRef

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Remember who was asked."""
        before = world.items[self.item]
        yield evolve(before, invited=(*before.invited, self.person))


@frozen(kw_only=True)
class CoauthorJoined(Event):
    """Somebody became a co-author."""

    item: ItemRef
    person: ParticipantRef

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Count them among the authors."""
        before = world.items[self.item]
        coauthors = (*before.coauthors, self.person)
        yield evolve(before, invited=_without(before.invited, self.person), coauthors=coauthors)


@frozen(kw_only=True)
class CoauthorLeft(Event):
    """Somebody is a co-author no longer, or declined to become one."""

    item: ItemRef
    person: ParticipantRef

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Take them out of both lists."""
        before = world.items[self.item]
        yield evolve(
            before,
            invited=_without(before.invited, self.person),
            coauthors=_without(before.coauthors, self.person),
        )


def _without(
    people: Iterable[ParticipantRef], person: ParticipantRef
) -> tuple[ParticipantRef, ...]:
    return tuple(one for one in people if one != person)


def _still_written(item: Item, context: Context) -> Iterator[Objection]:
    """Ask that there is something left to write together."""
    lifecycle = context.definition.lifecycle
    if not {"save", "revise"} & set(lifecycle.moves[item.state]):
        yield Objection("text_closed", {"item": item.ref, "state": item.state})


def _invite_objections(command: InviteCoauthor, context: Context) -> Iterator[Objection]:
    item = context.item(command.item)
    if item.author != context.actor.ref:
        yield Objection("not_the_author", {"item": item.ref})
    if command.person in (item.author, *item.coauthors, *item.invited):
        yield Objection("already_an_author", {"item": item.ref})
    yield from _still_written(item, context)


def _accept_objections(command: AcceptInvitation, context: Context) -> Iterator[Objection]:
    item = context.item(command.item)
    if context.actor.ref not in item.invited:
        yield Objection("not_invited", {"item": item.ref})
    yield from _still_written(item, context)


def _leave_objections(command: LeaveItem, context: Context) -> Iterator[Objection]:
    item = context.item(command.item)
    if context.actor.ref not in (*item.coauthors, *item.invited):
        yield Objection("not_a_coauthor", {"item": item.ref})


def _invite(command: InviteCoauthor, _context: Context) -> tuple[Event, ...]:
    return (CoauthorInvited(item=command.item, person=command.person),)


def _accept(command: AcceptInvitation, context: Context) -> tuple[Event, ...]:
    return (CoauthorJoined(item=command.item, person=context.actor.ref),)


def _leave(command: LeaveItem, context: Context) -> tuple[Event, ...]:
    return (CoauthorLeft(item=command.item, person=context.actor.ref),)


DECIDERS = (
    Decider(
        command=InviteCoauthor,
        decide=_invite,
        objections=_invite_objections,
        events=(CoauthorInvited,),
    ),
    Decider(
        command=AcceptInvitation,
        decide=_accept,
        objections=_accept_objections,
        events=(CoauthorJoined,),
        personal=True,
    ),
    Decider(
        command=LeaveItem,
        decide=_leave,
        objections=_leave_objections,
        events=(CoauthorLeft,),
    ),
)
