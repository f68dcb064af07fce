"""Publication: outcomes of reviews are told together, one event for many items.

Where the settings say so, an outcome is decided and the item stays where it is. State, statement
and cost change only when the outcome is published: a state that every list and export shows
cannot be kept back by asking each reader not to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.formats.lifecycle import Lifecycle
from partizipation_core.kernel.conclusion import is_under_review, published
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.finding import OUTCOMES, Outcome
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.permission import step_objections
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Objection

__all__ = ["DECIDERS", "PublishReviews", "ReviewsPublished", "each_once", "unpublished"]


def each_once(items: Iterable[ItemRef]) -> tuple[ItemRef, ...]:
    """Freeze references, each once, in their order."""
    return tuple(dict.fromkeys(items))


@frozen(kw_only=True)
class PublishReviews(Command):
    """Publish what the reviews of some items came to; all of them or none.

    Args:
        items: the items; `unpublished` lists those that wait.
    """

    items: tuple[ItemRef, ...] = field(converter=each_once)


@frozen(kw_only=True)
class ReviewsPublished(Event):
    """The public was told what reviews came to.

    Args:
        outcomes: item → what its review came to.
    """

    outcomes: Mapping[ItemRef, Outcome]

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:
        """Move every item, with its statement and its cost."""
        for ref, outcome in self.outcomes.items():
            yield published(world.items[ref], outcome, at)


def unpublished(items: Iterable[Item], lifecycle: Lifecycle) -> tuple[ItemRef, ...]:
    """List the items whose outcome is decided and waits to be published.

    Args:
        items: the items of a procedure.
        lifecycle: their path; an item that was withdrawn meanwhile waits no longer.
    """
    return tuple(item.ref for item in items if item.pending and is_under_review(item, lifecycle))


def _objections(command: PublishReviews, context: Context) -> Iterator[Objection]:
    if not command.items:
        yield Objection("no_items_named", {"command": "PublishReviews"})
    for ref in command.items:
        item = context.world.items.get(ref)
        if item is None:
            yield Objection("item_unknown", {"item": ref})
        elif item.pending is None:
            yield Objection("nothing_to_publish", {"item": ref})
        else:
            trigger = OUTCOMES[item.pending.review.outcome]
            yield from step_objections(trigger, item, command, context)


def _decide(command: PublishReviews, context: Context) -> tuple[Event, ...]:
    waiting = {ref: context.item(ref).pending for ref in command.items}
    return (ReviewsPublished(outcomes={ref: one for ref, one in waiting.items() if one}),)


DECIDERS = (
    Decider(
        command=PublishReviews,
        decide=_decide,
        objections=_objections,
        events=(ReviewsPublished,),
        needs={Need.ITEMS},
    ),
)
