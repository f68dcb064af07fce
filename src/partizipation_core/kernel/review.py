"""Review: an office takes an item up and says whether it can be done, and what it costs.

An item for which no office was asked gets one statement, from anybody who may review. Where
offices were asked, each makes its own, and the item moves when the last one has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import field, frozen
from attrs.validators import in_

from partizipation_core.clock import Instant
from partizipation_core.evolving import evolve
from partizipation_core.kernel.conclusion import (
    conclude,
    conclusion,
    conclusion_objections,
    failed_criteria,
    publishes_at_once,
    together,
)
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.finding import (
    OUTCOMES,
    Answer,
    Estimate,
    Finding,
    Outcome,
    Review,
    Word,
)
from partizipation_core.kernel.item import step
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Money, Objection

__all__ = ["DECIDERS", "ItemReviewed", "ReviewItem", "TakeUpReview"]


def _estimate(cost: Money | Estimate | None) -> Estimate | None:
    return Estimate(cost) if isinstance(cost, Money) else cost


def _answers(checks: Mapping[str, Word | Answer]) -> Mapping[str, Answer]:
    return {
        criterion: answer if isinstance(answer, Answer) else Answer(answer)
        for criterion, answer in checks.items()
    }


@frozen(kw_only=True)
class TakeUpReview(ItemCommand):
    """Begin to review an item."""


@frozen(kw_only=True)
class ReviewItem(ItemCommand):
    """State what the review found (Stellungnahme).

    Until the outcome is published an office may state again; its last word counts.

    Args:
        outcome: feasible, infeasible, or forwarded because another body is competent.
        cost: the office's figure, or an `Estimate` with a least and a most; needed where an item
            is feasible and no cost is known.
        statement: public text; needed where an item is not feasible or forwarded.
        office: who reviewed.
        competent: the body that is competent; needed where the item is forwarded.
        checks: criterion of the checklist → ``"yes"``, ``"no"``, ``"not_applicable"``, or an
            `Answer` with a note.
        internal: note for the administration. It is never published, but it stays in the
            journal for good: no personal data belong here.
    """

    outcome: Finding = field(validator=in_(OUTCOMES))
    cost: Estimate | None = field(default=None, converter=_estimate)
    statement: str = ""
    office: str = ""
    competent: str = ""
    checks: Mapping[str, Answer] = field(factory=dict, converter=_answers)
    internal: str = field(default="", repr=False)


@frozen(kw_only=True)
class ItemReviewed(Event):
    """An office stated what it found.

    Args:
        item: which item.
        review: what the office says.
        outcome: what all offices together came to; None while a statement is missing.
        published: whether the public was told at once, so that the item moved.
    """

    item: ItemRef
    review: Review
    outcome: Outcome | None
    published: bool

    @classmethod
    def lifted(cls, version: int, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Read what was written when one office alone stated, and the item moved at once."""
        if "state" not in data:  # that shape was left without being counted
            return super().lifted(version, data)
        cost = None if data["cost"] is None else {"expected": data["cost"]}
        review = {**data["review"], "cost": cost}
        outcome = {"state": data["state"], "review": review}
        return {"item": data["item"], "review": review, "outcome": outcome, "published": True}

    @property
    def state(self) -> str:
        """Where the item went; empty if it has not moved."""
        return self.outcome.state if self.outcome and self.published else ""

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:
        """Keep the statement, and the outcome if there is one."""
        item = _with(world.items[self.item], self.review)
        yield conclude(item, self.outcome, told=self.published, at=at)


def _with(item: Item, review: Review) -> Item:
    """Return an item with a further statement; without assignments the last one stands alone."""
    before = item.reviews if item.assignments else {}
    return evolve(item, reviews={**before, review.office: review})


def _review(command: ReviewItem) -> Review:
    return Review(
        outcome=command.outcome,
        statement=command.statement,
        office=command.office,
        competent=command.competent,
        cost=command.cost,
        checks=command.checks,
        internal=command.internal,
    )


def _objections(command: ReviewItem, context: Context) -> Iterator[Objection]:
    yield from _wording(command)
    yield from _plausible(command)
    yield from _office(command, context)
    yield from _criteria(command, context)
    after = _with(context.item(command.item), _review(command))
    yield from conclusion_objections(after, command, context, OUTCOMES[command.outcome])


def _wording(command: ReviewItem) -> Iterator[Objection]:
    if command.outcome != "feasible" and not command.statement.strip():
        yield Objection("reason_missing", {"command": "ReviewItem"})
    if command.outcome == "forwarded" and not command.competent.strip():
        yield Objection("competent_missing", {"item": command.item})


def _plausible(command: ReviewItem) -> Iterator[Objection]:
    cost = command.cost
    if cost is None:
        return
    if cost.expected.cents <= 0 or cost.min.cents < 0:
        yield Objection("cost_not_positive", {"item": command.item})
    if not cost.min <= cost.expected <= cost.max:
        figures = {"min": cost.min.cents, "expected": cost.expected.cents, "max": cost.max.cents}
        yield Objection("cost_out_of_order", {"item": command.item, **figures})


def _office(command: ReviewItem, context: Context) -> Iterator[Objection]:
    assignments = context.item(command.item).assignments
    if not assignments:
        return
    assigned = assignments.get(command.office)
    if assigned is None:
        params = {"item": command.item, "offices": ", ".join(sorted(assignments))}
        yield Objection("office_not_assigned", params)
        return
    actor = context.actor
    if actor.attributes.get("office") != command.office and actor.ref != assigned.assignee:
        yield Objection("not_of_this_office", {"item": command.item, "office": command.office})


def _criteria(command: ReviewItem, context: Context) -> Iterator[Objection]:
    known = context.settings.checklist
    for criterion in sorted(set(command.checks) - set(known)):
        params = {"criterion": criterion, "known": ", ".join(known) or "-"}
        yield Objection("criterion_unknown", params)
    after = _with(context.item(command.item), _review(command))
    whole = together(after, command, context)
    concludes = whole is not None and whole.outcome == "feasible"
    if command.outcome == "feasible" and not concludes:
        yield from failed_criteria(command.item, command.checks)


def _decide(command: ReviewItem, context: Context) -> tuple[Event, ...]:
    review = _review(command)
    outcome = conclusion(_with(context.item(command.item), review), command, context)
    told = outcome is not None and publishes_at_once(context)
    return (ItemReviewed(item=command.item, review=review, outcome=outcome, published=told),)


DECIDERS = (
    step(TakeUpReview, "take_up"),
    Decider(
        command=ReviewItem,
        decide=_decide,
        objections=_objections,
        events=(ItemReviewed,),
        triggers=tuple(OUTCOMES.values()),
        trigger=lambda command: OUTCOMES[command.outcome],
    ),
)
