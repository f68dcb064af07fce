"""Objecting: an author asks for a second look at an infeasible item, once, within a period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from attrs import evolve, frozen

from partizipation_core.clock import Instant, end_of_day, start_of_day, to_wall
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.item import reasoned
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Objection

__all__ = ["DECIDERS", "ObjectToReview", "ReviewObjected", "last_day"]


@frozen(kw_only=True)
class ObjectToReview(ItemCommand):
    """Object to the outcome of one's own item (Einspruch)."""

    reason: str


@frozen(kw_only=True)
class ReviewObjected(Event):
    """An author objected; the item is reviewed once more.

    Args:
        item: which item.
        state: where it is now.
        reason: why.
    """

    item: ItemRef
    state: str
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:
        """Ask the same offices again, without the old deadlines; the old outcome stays told."""
        before = world.items[self.item]
        again = {name: evolve(one, deadline=None) for name, one in before.assignments.items()}
        yield evolve(
            before,
            state=self.state,
            reason=self.reason,
            reviews={},
            assignments=again,
            pending=None,
            objected=at,
        )


def last_day(published: Instant, settings: ProcedureSettings) -> date:
    """Return the last day on which an outcome may be objected to.

    The day of publication is not counted, as in § 187 (1) BGB; the last day counts whole.

    Args:
        published: when the public was told.
        settings: name the period in days and the zone whose days they are.
    """
    told = to_wall(published, settings.timezone).date()
    return told + timedelta(days=settings.objection_days)


def _objections(command: ObjectToReview, context: Context) -> Iterator[Objection]:
    item = context.item(command.item)
    yield from reasoned(command, context)
    if item.author != context.actor.ref:
        yield Objection("not_the_author", {"item": item.ref})
    if not context.settings.objection_days:
        yield Objection("objection_not_offered")
    elif item.objected is not None:
        yield Objection("objected_already", {"item": item.ref, "at": item.objected})
    elif item.review is not None and item.review.published is not None:
        yield from _in_time(item, item.review.published, context)


def _in_time(item: Item, published: Instant, context: Context) -> Iterator[Objection]:
    zone = context.settings.timezone
    last = last_day(published, context.settings)
    if context.now >= end_of_day(last, zone):
        yield Objection("objection_over", {"item": item.ref, "last": start_of_day(last, zone)})


def _decide(command: ObjectToReview, context: Context) -> tuple[Event, ...]:
    before = context.item(command.item).state
    state = context.definition.lifecycle.next(before, "object")
    return (ReviewObjected(item=command.item, state=str(state), reason=command.reason),)


DECIDERS = (
    Decider(
        command=ObjectToReview,
        decide=_decide,
        objections=_objections,
        events=(ReviewObjected,),
        trigger=lambda _: "object",
    ),
)
