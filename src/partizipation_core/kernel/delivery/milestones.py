"""Milestones: a delivery in steps, how far each has come, and what will be ready later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.evolving import evolve
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Ownership
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.progress import (
    WHOLE,
    Delay,
    Delivery,
    Milestone,
    weighted_percent,
)
from partizipation_core.kernel.state import Item, World
from partizipation_core.kernel.steps import reasoned
from partizipation_core.values import ItemRef, Objection

__all__ = [
    "DECIDERS",
    "DelayDelivery",
    "DeliveryDelayed",
    "DeliveryPlanned",
    "MilestoneReported",
    "PlanDelivery",
    "ReportMilestone",
]

_PLANNED = ("adopted", "awarded", "in_progress", "changed")


@frozen(kw_only=True)
class PlanDelivery(ItemCommand):
    """Say in which steps an item will be carried out.

    Args:
        milestones: the steps in their order; how far they have come is told later.
        due: when the whole is to be ready; for a last day, `clock.end_of_day`.
    """

    milestones: tuple[Milestone, ...] = field(default=(), converter=as_tuple)
    due: Instant | None = None


@frozen(kw_only=True)
class ReportMilestone(ItemCommand):
    """Tell how far a milestone has come.

    Args:
        milestone: its key.
        percent: 0 to 100.
        note: what the public is told.
    """

    milestone: str
    percent: int = WHOLE
    note: str = ""


@frozen(kw_only=True)
class DelayDelivery(ItemCommand):
    """Say that an item or one of its milestones will be ready later, and why.

    Args:
        until: when it will be ready now; for a last day, `clock.end_of_day`.
        reason: why, for the public.
        milestone: its key; empty where the whole item is meant.
    """

    until: Instant
    reason: str
    milestone: str = ""


@frozen(kw_only=True)
class DeliveryPlanned(Event):
    """The steps of a delivery were told."""

    item: ItemRef
    milestones: tuple[Milestone, ...] = field(converter=as_tuple)
    due: Instant | None

    def apply(self, world: World, at: Instant) -> Iterable[Item]:  # noqa: ARG002
        """Keep them with the item."""
        before = world.items[self.item]
        planned = evolve(before.delivery or Delivery(), milestones=self.milestones, due=self.due)
        yield evolve(before, delivery=_with_percent(planned))


@frozen(kw_only=True)
class MilestoneReported(Event):
    """Somebody told how far a milestone has come."""

    item: ItemRef
    milestone: str
    percent: int
    note: str

    def apply(self, world: World, at: Instant) -> Iterable[Item]:
        """Keep it, and work out how far the whole has come."""
        before = world.items[self.item]
        delivery = before.delivery or Delivery()
        reached = at if self.percent == WHOLE else None
        steps = [
            evolve(one, percent=self.percent, reached=reached)
            if one.key == self.milestone
            else one
            for one in delivery.milestones
        ]
        after = evolve(delivery, milestones=steps, note=self.note or delivery.note)
        yield evolve(before, delivery=_with_percent(after))


@frozen(kw_only=True)
class DeliveryDelayed(Event):
    """Something will be ready later than was told."""

    item: ItemRef
    milestone: str
    was: Instant | None
    until: Instant
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Item]:
        """Keep the new day and the delay."""
        before = world.items[self.item]
        delivery = before.delivery or Delivery()
        delay = Delay(
            milestone=self.milestone, was=self.was, until=self.until, reason=self.reason, told=at
        )
        steps = [
            evolve(one, due=self.until) if one.key == self.milestone else one
            for one in delivery.milestones
        ]
        due = delivery.due if self.milestone else self.until
        after = evolve(delivery, milestones=steps, due=due, delays=(*delivery.delays, delay))
        yield evolve(before, delivery=after)


def _with_percent(delivery: Delivery) -> Delivery:
    """Let the percentage follow from the milestones, where there are any."""
    if not delivery.milestones:
        return delivery
    parts = ((one.weight, one.percent) for one in delivery.milestones)
    return evolve(delivery, percent=weighted_percent(parts))


def _state_objections(command: ItemCommand, context: Context) -> Iterator[Objection]:
    item = context.item(command.item)
    if item.state not in _PLANNED:
        yield Objection("nothing_to_deliver", {"item": item.ref, "state": item.state})


def _plan_objections(command: PlanDelivery, context: Context) -> Iterator[Objection]:
    yield from _state_objections(command, context)
    counted = Counter(one.key for one in command.milestones)
    for key in sorted(key for key, n in counted.items() if n > 1 or not key.strip()):
        yield Objection("milestone_twice", {"milestone": key})
    for one in command.milestones:
        if one.percent or one.reached is not None:
            yield Objection("milestone_begun", {"milestone": one.key})
    known = {one.key for one in _delivery(command, context).milestones if one.percent}
    for key in sorted(known - counted.keys()):
        yield Objection("milestone_dropped", {"milestone": key})


def _plan(command: PlanDelivery, context: Context) -> tuple[Event, ...]:
    """Keep how far milestones have come that are planned again."""
    known = {one.key: one for one in _delivery(command, context).milestones}
    kept = [
        evolve(one, percent=known[one.key].percent, reached=known[one.key].reached)
        if one.key in known
        else one
        for one in command.milestones
    ]
    return (DeliveryPlanned(item=command.item, milestones=kept, due=command.due),)


def _delivery(command: ItemCommand, context: Context) -> Delivery:
    return context.item(command.item).delivery or Delivery()


def _find(command: ReportMilestone | DelayDelivery, context: Context) -> Milestone | None:
    steps = _delivery(command, context).milestones
    return next((one for one in steps if one.key == command.milestone), None)


def _report_objections(command: ReportMilestone, context: Context) -> Iterator[Objection]:
    yield from _state_objections(command, context)
    if _find(command, context) is None:
        yield Objection("milestone_unknown", {"milestone": command.milestone})
    if not 0 <= command.percent <= WHOLE:
        yield Objection("percent_out_of_range", {"percent": command.percent})


def _report(command: ReportMilestone, _context: Context) -> tuple[Event, ...]:
    return (
        MilestoneReported(
            item=command.item,
            milestone=command.milestone,
            percent=command.percent,
            note=command.note,
        ),
    )


def _was(command: DelayDelivery, context: Context) -> Instant | None:
    found = _find(command, context)
    return found.due if found is not None else _delivery(command, context).due


def _delay_objections(command: DelayDelivery, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    yield from _state_objections(command, context)
    if command.milestone and _find(command, context) is None:
        yield Objection("milestone_unknown", {"milestone": command.milestone})
    was = _was(command, context)
    if was is not None and command.until <= was:
        yield Objection("not_later", {"was": was - 1, "until": command.until - 1})


def _delay(command: DelayDelivery, context: Context) -> tuple[Event, ...]:
    return (
        DeliveryDelayed(
            item=command.item,
            milestone=command.milestone,
            was=_was(command, context),
            until=command.until,
            reason=command.reason,
        ),
    )


DECIDERS = (
    Decider(
        command=PlanDelivery,
        decide=_plan,
        objections=_plan_objections,
        events=(DeliveryPlanned,),
        before=("start", "finish"),
        ownership=Ownership.AUTHOR_OR_OFFICE,
    ),
    Decider(
        command=ReportMilestone,
        decide=_report,
        objections=_report_objections,
        events=(MilestoneReported,),
        before=("start", "finish"),
        ownership=Ownership.AUTHOR_OR_OFFICE,
    ),
    Decider(
        command=DelayDelivery,
        decide=_delay,
        objections=_delay_objections,
        events=(DeliveryDelayed,),
        before=("start", "finish"),
        ownership=Ownership.AUTHOR_OR_OFFICE,
    ),
)
