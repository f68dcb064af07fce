"""Carrying out: an awarded item is begun, told of, changed, completed or given up.

Where the town carries items out itself, what they cost is booked here. Where money is granted to
an applicant, the grant moves it and the delivery tells of the work alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from partizipation_core.clock import Instant
from partizipation_core.evolving import evolve
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need, Ownership
from partizipation_core.kernel.item import ItemMoved, moved, reasoned, step
from partizipation_core.kernel.ledger.event import MoneyEvent
from partizipation_core.kernel.ledger.spending import released, settled, spend, spent_so_far
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.progress import WHOLE, Delivery
from partizipation_core.kernel.state import Comment, Item, Procedure, World
from partizipation_core.money.books import Booking
from partizipation_core.values import ItemRef, Money, Objection

__all__ = [
    "DECIDERS",
    "RUNNING",
    "AbandonDelivery",
    "ChangeDelivery",
    "DeliveryAbandoned",
    "DeliveryFinished",
    "FinishDelivery",
    "ProgressReported",
    "ReportProgress",
    "StartDelivery",
]

RUNNING = ("in_progress", "changed")
"""States in which an item is being carried out."""

Changes = Iterable[Procedure | Item | Comment | Booking]


@frozen(kw_only=True)
class StartDelivery(ItemCommand):
    """Begin to carry an awarded item out."""


@frozen(kw_only=True)
class ReportProgress(ItemCommand):
    """Tell how far an item has come.

    Args:
        percent: 0 to 100; None where milestones tell it.
        spent: money spent so far, never more than was awarded; None where nothing has changed.
        note: what the public is told.
    """

    percent: int | None = None
    spent: Money | None = None
    note: str = ""


@frozen(kw_only=True)
class ChangeDelivery(ItemCommand):
    """Carry an item out otherwise than was awarded."""

    reason: str


@frozen(kw_only=True)
class FinishDelivery(ItemCommand):
    """Complete an item; what was not spent goes back to the pot.

    Args:
        spent: what it cost in the end; None where that was told before.
        note: what the public is told.
    """

    spent: Money | None = None
    note: str = ""


@frozen(kw_only=True)
class AbandonDelivery(ItemCommand):
    """Give an item up; what was not spent goes back to the pot.

    Args:
        reason: why, for the public.
        spent: what it cost until then; None where that was told before.
    """

    reason: str
    spent: Money | None = None


@frozen(kw_only=True)
class ProgressReported(MoneyEvent):
    """Somebody told how far an item has come."""

    item: ItemRef
    percent: int | None
    spent: Money
    note: str

    def apply(self, world: World, at: Instant) -> Changes:
        """Keep it with the item."""
        yield from super().apply(world, at)
        before = world.items[self.item]
        told = evolve(
            before.delivery or Delivery(), percent=self.percent, spent=self.spent, note=self.note
        )
        yield evolve(before, delivery=told)


@frozen(kw_only=True)
class DeliveryFinished(MoneyEvent):
    """An item is complete; ``released`` went back to the pot."""

    item: ItemRef
    spent: Money
    released: Money
    note: str

    def apply(self, world: World, at: Instant) -> Changes:
        """Settle item and pot."""
        yield from super().apply(world, at)
        before = world.items[self.item]
        done = evolve(
            before.delivery or Delivery(), percent=WHOLE, spent=self.spent, note=self.note
        )
        yield evolve(before, state="done", delivery=done)


@frozen(kw_only=True)
class DeliveryAbandoned(MoneyEvent):
    """An item was given up; ``released`` went back to the pot."""

    item: ItemRef
    spent: Money
    released: Money
    reason: str

    def apply(self, world: World, at: Instant) -> Changes:
        """Settle item and pot."""
        yield from super().apply(world, at)
        before = world.items[self.item]
        given_up = evolve(before.delivery or Delivery(), spent=self.spent, note=self.reason)
        yield evolve(before, state="abandoned", reason=self.reason, delivery=given_up)


def _granted(context: Context) -> bool:
    """Tell whether money is granted to an applicant, and moved by the grant alone."""
    return context.settings.grants.required


def _spent(item: Item, told: Money | None, context: Context) -> Money:
    """Return what an item has cost: what is told now, or else what is known."""
    if _granted(context):
        return spent_so_far(context.ledger, item.ref)
    return told if told is not None else (item.delivery or Delivery()).spent


def _spending(item: Item, spent: Money | None, context: Context) -> Iterator[Objection]:
    if spent is None:
        return
    if _granted(context) and spent != spent_so_far(context.ledger, item.ref):
        yield Objection("spent_by_grant", {"item": item.ref})
        return
    award = item.award or Money(0)
    if not 0 <= spent.cents <= award.cents:
        params = {"item": item.ref, "spent": spent.cents, "award": award.cents}
        yield Objection("spent_over_award", params)


def _start_objections(command: StartDelivery, context: Context) -> Iterator[Objection]:
    grant = context.item(command.item).grant
    wanted = _granted(context) and context.settings.grants.start_needs_notice
    if wanted and (grant is None or grant.granted is None):
        yield Objection("begun_before_notice", {"item": command.item})


def _start(command: StartDelivery, context: Context) -> tuple[Event, ...]:
    return (moved(context, command.item, "start"),)


def _progress_objections(command: ReportProgress, context: Context) -> Iterator[Objection]:
    item = context.item(command.item)
    if item.state not in RUNNING:
        yield Objection("not_running", {"item": item.ref, "state": item.state})
    if command.percent is not None:
        if not 0 <= command.percent <= WHOLE:
            yield Objection("percent_out_of_range", {"percent": command.percent})
        if item.delivery is not None and item.delivery.milestones:
            yield Objection("percent_from_milestones", {"item": item.ref})
    yield from _spending(item, command.spent, context)


def _progress(command: ReportProgress, context: Context) -> tuple[Event, ...]:
    item = context.item(command.item)
    before, spent = item.delivery or Delivery(), _spent(item, command.spent, context)
    return (
        ProgressReported(
            item=command.item,
            percent=before.percent if command.percent is None else command.percent,
            spent=spent,
            note=command.note,
            bookings=() if _granted(context) else spend(context.ledger, item.ref, spent),
        ),
    )


def _finish_objections(command: FinishDelivery, context: Context) -> Iterator[Objection]:
    yield from _spending(context.item(command.item), command.spent, context)


def _finish(command: FinishDelivery, context: Context) -> tuple[Event, ...]:
    item = context.item(command.item)
    spent = _spent(item, command.spent, context)
    free = Money(0) if _granted(context) else (item.award or Money(0)) - spent
    return (
        DeliveryFinished(
            item=command.item,
            spent=spent,
            released=free,
            note=command.note,
            bookings=() if _granted(context) else settled(context.ledger, item.ref, spent),
        ),
    )


def _abandon_objections(command: AbandonDelivery, context: Context) -> Iterator[Objection]:
    item = context.item(command.item)
    yield from reasoned(command, context)
    yield from _spending(item, command.spent, context)
    if item.grant is not None and not item.grant.ended:
        yield Objection("grant_still_open", {"item": item.ref, "state": item.grant.state})


def _abandon(command: AbandonDelivery, context: Context) -> tuple[Event, ...]:
    item, reason = context.item(command.item), command.reason
    spent, ledger = _spent(item, command.spent, context), context.ledger
    booked = (
        released(ledger, item.ref, reason)
        if _granted(context)
        else settled(ledger, item.ref, spent, reason)
    )
    free = Money.total(one.amount for one in booked if one.act == "release")
    return (
        DeliveryAbandoned(
            item=item.ref,
            spent=spent,
            released=free if ledger.bookings else (item.award or Money(0)) - spent,
            reason=reason,
            bookings=booked,
        ),
    )


DECIDERS = (
    Decider(
        command=StartDelivery,
        decide=_start,
        objections=_start_objections,
        events=(ItemMoved,),
        triggers=("start",),
        ownership=Ownership.AUTHOR_OR_OFFICE,
    ),
    Decider(
        command=ReportProgress,
        decide=_progress,
        objections=_progress_objections,
        events=(ProgressReported,),
        needs={Need.LEDGER},
        before=("finish",),
        ownership=Ownership.AUTHOR_OR_OFFICE,
    ),
    step(ChangeDelivery, "change", reasoned, ownership=Ownership.AUTHOR_OR_OFFICE),
    Decider(
        command=FinishDelivery,
        decide=_finish,
        objections=_finish_objections,
        events=(DeliveryFinished,),
        needs={Need.LEDGER},
        triggers=("finish",),
        ownership=Ownership.AUTHOR_OR_OFFICE,
    ),
    Decider(
        command=AbandonDelivery,
        decide=_abandon,
        objections=_abandon_objections,
        events=(DeliveryAbandoned,),
        needs={Need.LEDGER},
        triggers=("abandon",),
        ownership=Ownership.AUTHOR_OR_OFFICE,
    ),
)
