"""Delivery: how awarded items are carried out, and money that comes back (Umsetzung)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from partizipation_core.clock import Instant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.item import reasoned, step
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.state import Delivery, Item, Procedure, World
from partizipation_core.values import ItemRef, Money, Objection, Role

__all__ = [
    "DECIDERS",
    "AbandonDelivery",
    "ChangeDelivery",
    "DeliveryAbandoned",
    "DeliveryFinished",
    "FinishDelivery",
    "ProgressReported",
    "ReportProgress",
    "StartDelivery",
]

_RUNNING = ("in_progress", "changed")
_WHOLE = 100


@frozen(kw_only=True)
class StartDelivery(ItemCommand):
    """Begin to carry an awarded item out."""


@frozen(kw_only=True)
class ReportProgress(ItemCommand):
    """Tell how far an item has come.

    Args:
        percent: 0 to 100.
        spent: money spent so far, never more than was awarded.
        note: what the public is told.
    """

    percent: int
    spent: Money = Money(0)
    note: str = ""


@frozen(kw_only=True)
class ChangeDelivery(ItemCommand):
    """Carry an item out otherwise than was awarded."""

    reason: str


@frozen(kw_only=True)
class FinishDelivery(ItemCommand):
    """Complete an item; what was not spent goes back to the pot."""

    spent: Money
    note: str = ""


@frozen(kw_only=True)
class AbandonDelivery(ItemCommand):
    """Give an item up; what was not spent goes back to the pot."""

    reason: str
    spent: Money = Money(0)


@frozen(kw_only=True)
class ProgressReported(Event):
    """Somebody told how far an item has come."""

    item: ItemRef
    percent: int
    spent: Money
    note: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Keep it with the item."""
        told = Delivery(percent=self.percent, spent=self.spent, note=self.note)
        yield evolve(world.items[self.item], delivery=told)


@frozen(kw_only=True)
class DeliveryFinished(Event):
    """An item is complete; ``released`` went back to the pot."""

    item: ItemRef
    spent: Money
    released: Money
    note: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Settle item and pot."""
        done = Delivery(percent=_WHOLE, spent=self.spent, note=self.note)
        yield evolve(world.items[self.item], state="done", delivery=done)
        yield evolve(world.opened, committed=world.opened.committed - self.released)


@frozen(kw_only=True)
class DeliveryAbandoned(Event):
    """An item was given up; ``released`` went back to the pot."""

    item: ItemRef
    spent: Money
    released: Money
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Settle item and pot."""
        before = world.items[self.item]
        given_up = evolve(before.delivery or Delivery(), spent=self.spent, note=self.reason)
        yield evolve(before, state="abandoned", reason=self.reason, delivery=given_up)
        yield evolve(world.opened, committed=world.opened.committed - self.released)


def _own(command: ItemCommand, context: Context) -> Iterator[Objection]:
    """Let residents carry out what they handed in; offices carry out anything."""
    roles = context.definition.roles(context.procedure.stage, type(command).__name__)
    stranger = context.item(command.item).author != context.actor.ref
    if stranger and roles is not None and roles & context.actor.roles == {Role.RESIDENT}:
        yield Objection("not_the_author", {"item": command.item})


def _change_objections(command: ChangeDelivery, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    yield from _own(command, context)


def _spending(item: Item, spent: Money) -> Iterator[Objection]:
    award = item.award or Money(0)
    if not 0 <= spent.cents <= award.cents:
        params = {"item": item.ref, "spent": spent.cents, "award": award.cents}
        yield Objection("spent_over_award", params)


def _progress_objections(command: ReportProgress, context: Context) -> Iterator[Objection]:
    item = context.item(command.item)
    if item.state not in _RUNNING:
        yield Objection("not_running", {"item": item.ref, "state": item.state})
    if not 0 <= command.percent <= _WHOLE:
        yield Objection("percent_out_of_range", {"percent": command.percent})
    yield from _spending(item, command.spent)
    yield from _own(command, context)


def _progress(command: ReportProgress, _context: Context) -> tuple[Event, ...]:
    return (
        ProgressReported(
            item=command.item, percent=command.percent, spent=command.spent, note=command.note
        ),
    )


def _finish_objections(command: FinishDelivery, context: Context) -> Iterator[Objection]:
    yield from _spending(context.item(command.item), command.spent)
    yield from _own(command, context)


def _finish(command: FinishDelivery, context: Context) -> tuple[Event, ...]:
    award = context.item(command.item).award or Money(0)
    return (
        DeliveryFinished(
            item=command.item,
            spent=command.spent,
            released=award - command.spent,
            note=command.note,
        ),
    )


def _abandon_objections(command: AbandonDelivery, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    yield from _spending(context.item(command.item), command.spent)
    yield from _own(command, context)


def _abandon(command: AbandonDelivery, context: Context) -> tuple[Event, ...]:
    award = context.item(command.item).award or Money(0)
    return (
        DeliveryAbandoned(
            item=command.item,
            spent=command.spent,
            released=award - command.spent,
            reason=command.reason,
        ),
    )


DECIDERS = (
    step(StartDelivery, "start", _own),
    Decider(
        command=ReportProgress,
        decide=_progress,
        objections=_progress_objections,
        events=(ProgressReported,),
    ),
    step(ChangeDelivery, "change", _change_objections),
    Decider(
        command=FinishDelivery,
        decide=_finish,
        objections=_finish_objections,
        events=(DeliveryFinished,),
        trigger=lambda _: "finish",
    ),
    Decider(
        command=AbandonDelivery,
        decide=_abandon,
        objections=_abandon_objections,
        events=(DeliveryAbandoned,),
        trigger=lambda _: "abandon",
    ),
)
