"""Forwarding: what another office or another procedure is competent for goes on there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from partizipation_core.clock import Instant
from partizipation_core.kernel.content import reference_faults
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.dossier import Attachment, Link
from partizipation_core.kernel.followup import FollowUp
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.kernel.steps import reasoned
from partizipation_core.kernel.submission import EnterItem
from partizipation_core.values import (
    Actor,
    ItemRef,
    Money,
    Objection,
    ParticipantRef,
    ProcedureRef,
    Role,
)

__all__ = ["DECIDERS", "ForwardItem", "HandedOver", "ItemForwarded", "handing_over"]


NO_PROCEDURE = ProcedureRef("")


@frozen(kw_only=True)
class ForwardItem(ItemCommand):
    """Forward an item to whoever is competent: an office, or another procedure.

    Args:
        office: name of the office.
        procedure: the procedure that takes it up under a reference of its own.
        reason: why, for the author and the public.
    """

    office: str = ""
    procedure: ProcedureRef = NO_PROCEDURE
    reason: str


@frozen(kw_only=True)
class HandedOver:
    """What goes to another procedure: what people wrote, and nothing that was counted.

    Args:
        procedure: where it goes.
        item: its reference there.
        author: whose idea it is, like everything below as it was when it was forwarded.
    """

    procedure: ProcedureRef
    item: ItemRef
    author: ParticipantRef
    title: str
    text: str
    cost: Money | None
    area: str
    category: str
    attachments: tuple[Attachment, ...]


@frozen(kw_only=True)
class ItemForwarded(Event):
    """An item was forwarded.

    Args:
        item: which.
        state: where it stands here from now on.
        reason: why.
        office: the office it went to, empty for none.
        handed_over: what another procedure gets, None where there is none.
    """

    item: ItemRef
    state: str
    reason: str
    office: str = ""
    handed_over: HandedOver | None = None

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """End it here, with a link to where it goes on."""
        before, goes = world.items[self.item], self.handed_over
        links = before.links
        if goes is not None:
            there = Link(relation="handed_to", procedure=goes.procedure, item=goes.item)
            links = (*links, there)
        yield evolve(before, state=self.state, reason=self.reason, links=links)


def _reference_there(command: ForwardItem, context: Context) -> ItemRef:
    """Name the item after where it comes from, so that it is the same however often it is told."""
    return ItemRef(f"{context.procedure.ref}:{command.item}")


def _objections(command: ForwardItem, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    if bool(command.office.strip()) == bool(command.procedure):
        yield Objection("one_destination", {"item": command.item})
    if command.procedure == context.procedure.ref:
        yield Objection("forwarded_to_itself", {"item": command.item})
    if command.procedure:
        yield from reference_faults(_reference_there(command, context))


def _decide(command: ForwardItem, context: Context) -> tuple[Event, ...]:
    item = context.item(command.item)
    state = context.definition.lifecycle.next(item.state, "refer")
    return (
        ItemForwarded(
            item=item.ref,
            state=str(state),
            reason=command.reason,
            office=command.office.strip(),
            handed_over=_copy(command, item, context) if command.procedure else None,
        ),
    )


def _copy(command: ForwardItem, item: Item, context: Context) -> HandedOver:
    return HandedOver(
        procedure=command.procedure,
        item=_reference_there(command, context),
        author=item.author,
        title=item.title,
        text=item.text,
        cost=item.cost,
        area=item.area,
        category=item.category,
        attachments=item.attachments,
    )


def handing_over(
    procedure: ProcedureRef, seq: int, actor: str, event: Event
) -> Iterator[FollowUp]:
    """Turn the forwarding of an item into the command that takes it up in the other procedure.

    Args:
        procedure: where the event happened.
        seq: its number in the journal, which makes the handing over the same each time.
        actor: pseudonym of who forwarded it.
        event: any event; others than `ItemForwarded` lead to nothing.
    """
    if not isinstance(event, ItemForwarded) or event.handed_over is None:
        return
    goes = event.handed_over
    enter = EnterItem(
        item=goes.item,
        author=goes.author,
        title=goes.title,
        text=goes.text,
        cost=goes.cost,
        area=goes.area,
        category=goes.category,
        attachments=goes.attachments,
        channel="handover",
        origin=Link(relation="handed_from", procedure=procedure, item=event.item),
    )
    by = Actor(ref=ParticipantRef(actor), roles=frozenset({Role.HANDOVER}))
    key = f"forwarded/{procedure}/{seq}"
    yield FollowUp(procedure=goes.procedure, command=enter, actor=by, key=key)


DECIDERS = (
    Decider(
        command=ForwardItem,
        decide=_decide,
        objections=_objections,
        events=(ItemForwarded,),
        trigger=lambda _: "refer",
    ),
)
