"""Review: an office takes an item up and says whether it can be done, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from attrs import evolve, field, frozen
from attrs.validators import in_

from partizipation_core.clock import Instant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.item import step
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.state import Item, Procedure, Review, World
from partizipation_core.values import ItemRef, Money, Objection

__all__ = ["DECIDERS", "ItemReviewed", "ReviewItem", "TakeUpReview"]

_TRIGGER = {"feasible": "approve", "infeasible": "disapprove", "forwarded": "forward"}


@frozen(kw_only=True)
class TakeUpReview(ItemCommand):
    """Begin to review an item."""


@frozen(kw_only=True)
class ReviewItem(ItemCommand):
    """State what the review found (Stellungnahme).

    Args:
        outcome: feasible, infeasible, or forwarded because another body is competent.
        cost: the office's figure; needed where an item is feasible.
        statement: public text; needed where an item is not feasible or forwarded.
        office: who reviewed, or to whom it was forwarded.
    """

    outcome: Literal["feasible", "infeasible", "forwarded"] = field(validator=in_(_TRIGGER))
    cost: Money | None = None
    statement: str = ""
    office: str = ""


@frozen(kw_only=True)
class ItemReviewed(Event):
    """A review came to its result."""

    item: ItemRef
    state: str
    review: Review
    cost: Money | None

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Keep the statement and the office's cost with the item."""
        before = world.items[self.item]
        cost = before.cost if self.cost is None else self.cost
        yield evolve(before, state=self.state, review=self.review, cost=cost)


def _objections(command: ReviewItem, context: Context) -> Iterator[Objection]:
    if command.outcome != "feasible" and not command.statement.strip():
        yield Objection("reason_missing", {"command": "ReviewItem"})
    if command.cost is not None and command.cost.cents <= 0:
        yield Objection("cost_not_positive", {"item": command.item})
    known = command.cost or context.item(command.item).cost
    if command.outcome == "feasible" and known is None and context.settings.pot is not None:
        yield Objection("cost_missing", {"item": command.item})


def _decide(command: ReviewItem, context: Context) -> tuple[Event, ...]:
    before = context.item(command.item).state
    state = context.definition.lifecycle.next(before, _TRIGGER[command.outcome])
    review = Review(outcome=command.outcome, statement=command.statement, office=command.office)
    return (ItemReviewed(item=command.item, state=str(state), review=review, cost=command.cost),)


DECIDERS = (
    step(TakeUpReview, "take_up"),
    Decider(
        command=ReviewItem,
        decide=_decide,
        objections=_objections,
        events=(ItemReviewed,),
        triggers=tuple(_TRIGGER.values()),
        trigger=lambda command: _TRIGGER[command.outcome],
    ),
)
