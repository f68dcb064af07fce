"""Conclusion: what the statements of all offices come to, once none is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from partizipation_core.clock import Instant
from partizipation_core.evolving import evolve
from partizipation_core.formats.lifecycle import Lifecycle
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.finding import OUTCOMES, Answer, Estimate, Finding, Outcome, Review
from partizipation_core.kernel.messages import ItemCommand
from partizipation_core.kernel.permission import step_objections
from partizipation_core.kernel.state import Item
from partizipation_core.values import ItemRef, Objection

__all__ = [
    "UNDER_REVIEW",
    "conclude",
    "conclusion",
    "conclusion_objections",
    "failed_criteria",
    "is_under_review",
    "outstanding",
    "published",
    "publishes_at_once",
    "together",
]


UNDER_REVIEW = ("take_up", *OUTCOMES.values())
"""Steps of which one is possible for as long as an item waits for the outcome of a review."""


def is_under_review(item: Item, lifecycle: Lifecycle) -> bool:
    """Tell whether an item still waits for the outcome of a review, begun or not."""
    return any(lifecycle.next(item.state, trigger) is not None for trigger in UNDER_REVIEW)


def outstanding(item: Item) -> frozenset[str]:
    """Return the offices that were asked and have not stated."""
    return frozenset(item.assignments) - frozenset(item.reviews)


def publishes_at_once(context: Context) -> bool:
    """Tell whether outcomes are published one by one, as soon as they are decided."""
    return context.settings.publish_reviews == "at_once"


def together(item: Item, command: ItemCommand, context: Context) -> Review | None:
    """Return what all offices found together; None while a statement is missing."""
    if not item.reviews or outstanding(item):
        return None
    # A stored mapping comes back sorted, so the order of stating must never matter.
    reviews = dict(sorted(item.reviews.items()))
    if len(reviews) == 1:
        (only,) = reviews.values()
        return evolve(only, internal="")
    lead = next((one.office for one in item.assignments.values() if one.lead), "")
    view = context.view(command)
    finding: Finding = context.rules.one("combine_reviews")(reviews, lead, view)
    return _combined(finding, reviews)


def _combined(finding: Finding, reviews: Mapping[str, Review]) -> Review:
    """Put together what the offices say that found what was decided."""
    each = reviews.values()
    decisive = [one for one in each if one.outcome == finding] or list(each)
    told = [f"{one.office}: {one.statement}" for one in decisive if one.statement.strip()]
    return Review(
        outcome=finding,
        statement="\n\n".join(told),
        office=", ".join(one.office for one in decisive),
        competent=", ".join(dict.fromkeys(one.competent for one in decisive if one.competent)),
        cost=Estimate.total(one.cost for one in each if one.cost is not None),
        checks=_checks(each),
    )


def _checks(reviews: Iterable[Review]) -> Mapping[str, Answer]:
    given: dict[str, list[Answer]] = defaultdict(list)
    for review in reviews:
        for criterion, answer in review.checks.items():
            given[criterion].append(answer)
    return {criterion: Answer.worst(answers) for criterion, answers in given.items()}


def conclusion(item: Item, command: ItemCommand, context: Context) -> Outcome | None:
    """Return where a review leads; None while a statement is missing."""
    review = together(item, command, context)
    if review is None:
        return None
    state = context.definition.lifecycle.next(item.state, OUTCOMES[review.outcome])
    return Outcome(state=str(state), review=review)


def conclusion_objections(
    item: Item, command: ItemCommand, context: Context, pulled: str = ""
) -> Iterator[Objection]:
    """Say what speaks against the outcome that the statements come to, if they do.

    Args:
        item: the item as it would be after the command.
        command: what is asked.
        context: what the decision may see.
        pulled: the trigger that was checked already.
    """
    review = together(item, command, context)
    if review is None:
        return
    trigger = OUTCOMES[review.outcome]
    if trigger != pulled:
        yield from step_objections(trigger, item, command, context)
    if review.outcome != "feasible":
        return
    for criterion in context.settings.checklist:
        if criterion not in review.checks:
            yield Objection("criterion_unanswered", {"item": item.ref, "criterion": criterion})
    yield from failed_criteria(item.ref, review.checks)
    if review.cost is None and item.cost is None and context.settings.pot is not None:
        yield Objection("cost_missing", {"item": item.ref})


def failed_criteria(item: ItemRef, checks: Mapping[str, Answer]) -> Iterator[Objection]:
    """Name every criterion that an item fails."""
    for criterion, answer in checks.items():
        if answer.word == "no":
            yield Objection("criterion_failed", {"item": item, "criterion": criterion})


def conclude(item: Item, outcome: Outcome | None, *, told: bool, at: Instant) -> Item:
    """Return an item after a statement was made or is no longer waited for.

    Args:
        item: the item with all statements.
        outcome: what they come to; None while one is missing.
        told: whether the public is told at once.
        at: when.
    """
    if outcome is not None and told:
        return published(item, outcome, at)
    return evolve(item, pending=outcome)


def published(item: Item, outcome: Outcome, at: Instant) -> Item:
    """Return an item whose outcome the public knows: state, statement and cost together."""
    cost = outcome.review.cost
    return evolve(
        item,
        state=outcome.state,
        review=evolve(outcome.review, published=at),
        reviews={office: evolve(one, published=at) for office, one in item.reviews.items()},
        pending=None,
        cost=item.cost if cost is None else cost.expected,
    )
