"""Assignments: which offices are asked for a statement, by when, and which of them are late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.evolving import evolve
from partizipation_core.formats.lifecycle import Lifecycle
from partizipation_core.kernel.conclusion import (
    UNDER_REVIEW,
    conclude,
    conclusion,
    conclusion_objections,
    is_under_review,
    outstanding,
    publishes_at_once,
)
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.finding import Assignment, Outcome
from partizipation_core.kernel.item import reasoned
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Objection, ParticipantRef

__all__ = [
    "DECIDERS",
    "AssignReview",
    "Overdue",
    "ReviewAssigned",
    "ReviewUnassigned",
    "UnassignReview",
    "overdue",
]


@frozen(kw_only=True)
class AssignReview(ItemCommand):
    """Ask an office for its statement, or ask it anew with another deadline (Prüfauftrag).

    Args:
        office: the office that is asked.
        assignee: pseudonym of who shall see to it, empty for anybody of the office.
        deadline: the instant by which it shall state; for a last day, `clock.end_of_day`.
        lead: whether it is the office in charge (federführend).
    """

    office: str
    assignee: ParticipantRef = field(default=ParticipantRef(""))
    deadline: Instant | None = None
    lead: bool = False


@frozen(kw_only=True)
class UnassignReview(ItemCommand):
    """Do without the statement of an office that was asked."""

    office: str
    reason: str


@frozen(kw_only=True)
class ReviewAssigned(Event):
    """An office was asked for its statement."""

    item: ItemRef
    assignment: Assignment

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Wait for the office; what somebody stated without being asked no longer counts."""
        before = world.items[self.item]
        assignments = {**before.assignments, self.assignment.office: self.assignment}
        asked = {one: said for one, said in before.reviews.items() if one in assignments}
        yield evolve(before, assignments=assignments, reviews=asked, pending=None)


@frozen(kw_only=True)
class ReviewUnassigned(Event):
    """The statement of an office is no longer waited for.

    Args:
        item: which item.
        office: which office.
        reason: why.
        outcome: what the other offices came to, if only this one was missing.
        published: whether the public was told at once, so that the item moved.
    """

    item: ItemRef
    office: str
    reason: str
    outcome: Outcome | None
    published: bool

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:
        """Wait no longer, and conclude if nothing else is missing."""
        item = _without(world.items[self.item], self.office)
        yield conclude(item, self.outcome, told=self.published, at=at)


@frozen(kw_only=True)
class Overdue:
    """An office that has not stated in time.

    Args:
        item: the item it was asked about.
        assignment: what it was asked.
    """

    item: ItemRef
    assignment: Assignment


def overdue(items: Iterable[Item], lifecycle: Lifecycle, now: Instant) -> tuple[Overdue, ...]:
    """List the offices that are late, the longest overdue first.

    Args:
        items: the items of a procedure.
        lifecycle: their path, which tells whether they are still under review.
        now: the instant that is asked about; a deadline has passed when it is reached.
    """
    late = [
        (assigned.deadline, item.ref, assigned.office, Overdue(item=item.ref, assignment=assigned))
        for item in items
        if is_under_review(item, lifecycle)
        for assigned in (item.assignments[office] for office in outstanding(item))
        if assigned.deadline is not None and assigned.deadline <= now
    ]
    return tuple(one for *_, one in sorted(late, key=lambda each: each[:3]))


def _without(item: Item, office: str) -> Item:
    left = {name: one for name, one in item.assignments.items() if name != office}
    return evolve(item, assignments=left)


def _waiting(command: ItemCommand, context: Context) -> Iterator[Objection]:
    item = context.item(command.item)
    if not is_under_review(item, context.definition.lifecycle):
        yield Objection("not_under_review", {"item": item.ref, "state": item.state})


def _assign_objections(command: AssignReview, context: Context) -> Iterator[Objection]:
    item = context.item(command.item)
    yield from _waiting(command, context)
    if not command.office.strip():
        yield Objection("office_missing", {"item": item.ref})
    if command.office in item.assignments and command.office in item.reviews:
        yield Objection("stated_already", {"item": item.ref, "office": command.office})
    if command.deadline is not None and command.deadline <= context.now:
        yield Objection("deadline_past", {"deadline": command.deadline})
    leads = (one.office for one in item.assignments.values() if one.lead)
    lead = next((office for office in leads if office != command.office), "")
    if command.lead and lead:
        yield Objection("lead_assigned", {"item": item.ref, "office": lead})


def _assign(command: AssignReview, _context: Context) -> tuple[Event, ...]:
    assignment = Assignment(
        office=command.office,
        assignee=command.assignee,
        deadline=command.deadline,
        lead=command.lead,
    )
    return (ReviewAssigned(item=command.item, assignment=assignment),)


def _unassign_objections(command: UnassignReview, context: Context) -> Iterator[Objection]:
    item = context.item(command.item)
    yield from reasoned(command, context)
    yield from _waiting(command, context)
    if command.office not in item.assignments:
        offices = ", ".join(sorted(item.assignments)) or "-"
        yield Objection("office_not_assigned", {"item": item.ref, "offices": offices})
        return
    if command.office in item.reviews:
        yield Objection("stated_already", {"item": item.ref, "office": command.office})
        return
    yield from conclusion_objections(_without(item, command.office), command, context)


def _unassign(command: UnassignReview, context: Context) -> tuple[Event, ...]:
    left = _without(context.item(command.item), command.office)
    outcome = conclusion(left, command, context)
    told = outcome is not None and publishes_at_once(context)
    return (
        ReviewUnassigned(
            item=command.item,
            office=command.office,
            reason=command.reason,
            outcome=outcome,
            published=told,
        ),
    )


DECIDERS = (
    Decider(
        command=AssignReview,
        decide=_assign,
        objections=_assign_objections,
        events=(ReviewAssigned,),
        asks={"combine_reviews"},
        before=UNDER_REVIEW,
    ),
    Decider(
        command=UnassignReview,
        decide=_unassign,
        objections=_unassign_objections,
        events=(ReviewUnassigned,),
        before=UNDER_REVIEW,
    ),
)
