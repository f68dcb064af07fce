"""Publication: outcomes told together, what is kept back, and the author's objection."""

from datetime import date, timedelta

import attrs
import pytest
from attrs import evolve

from partizipation_core import Actor, Money, Role
from partizipation_core.clock import end_of_day, start_of_day
from partizipation_core.commands import (
    AssignReview,
    ObjectToReview,
    PublishReviews,
    ReviewItem,
    ShortlistItem,
    TakeUpReview,
    UnassignReview,
    WithdrawItem,
)
from partizipation_core.kernel.public import WITHHELD, public_event, public_view
from partizipation_core.kernel.publication import unpublished

CANARY = "Anruf der Nachbarin"
PARKS, ROADS = "Grünflächenamt", "Straßenamt"


def opened(play, *refs, **settings):
    """Open a Bürgerhaushalt in its review with some ideas taken up."""
    budget = play(settings=settings)
    for ref in refs:
        budget.submit(ref, cost=100)
    budget.advance("review")
    for ref in refs:
        budget.do(TakeUpReview(item=ref), "reviewer")
    return budget


def says(ref, outcome="feasible", **more):
    statement = "" if outcome == "feasible" else "Zu teuer."
    return ReviewItem(item=ref, outcome=outcome, **{"statement": statement, **more})


def clerk(office):
    return Actor.of("clerk", Role.REVIEWER, office=office)


@pytest.fixture
def waiting(play):
    """Return two decided ideas and an open one, where outcomes are published together."""
    budget = opened(play, "a", "b", "c", publish_reviews="together")
    budget.do(says("a", cost=Money.euro(70), internal=CANARY), "reviewer")
    budget.do(says("b", "infeasible", internal=CANARY), "reviewer")
    return budget


# --- together


def test_what_is_decided_shows_in_nothing_until_it_is_published(waiting):
    for ref in "ab":
        seen = public_view(waiting.item(ref))
        assert (seen.state, seen.review, seen.reviews) == ("in_review", None, {})
        assert (seen.pending, seen.cost) == (None, Money.euro(100))
    assert waiting.codes(ShortlistItem(item="a"), "officer") == ["state_forbids"]


def test_publishing_moves_all_items_by_one_event(waiting):
    (event,) = waiting.do(PublishReviews(items=["a", "b"]), "officer")
    assert {ref: waiting.state(ref) for ref in "abc"} == {
        "a": "feasible",
        "b": "infeasible",
        "c": "in_review",
    }
    assert waiting.item("a").cost == Money.euro(70)
    assert waiting.item("b").review.statement == "Zu teuer."
    assert waiting.item("b").review.published == waiting.now
    assert list(event.outcomes) == ["a", "b"]


def test_an_office_may_correct_itself_until_the_outcome_is_published(waiting):
    waiting.do(says("a", "infeasible"), "reviewer")
    waiting.do(PublishReviews(items=["a"]), "officer")
    assert waiting.state("a") == "infeasible"
    assert waiting.codes(says("a"), "reviewer") == ["state_forbids"]


def test_where_nobody_was_asked_the_last_statement_stands_alone(waiting):
    waiting.do(says("a", "infeasible", office=PARKS), "reviewer")
    waiting.do(PublishReviews(items=["a"]), "officer")
    assert waiting.state("a") == "infeasible"
    assert list(waiting.item("a").reviews) == [PARKS]


def test_asking_a_further_office_takes_an_outcome_back_that_nobody_knows(waiting):
    waiting.do(AssignReview(item="a", office=PARKS), "officer")
    assert waiting.codes(PublishReviews(items=["a"]), "officer") == ["nothing_to_publish"]


def test_publishing_is_all_or_nothing_and_names_every_obstacle(waiting):
    waiting.do(WithdrawItem(item="b"), "anna")
    told = waiting.why(PublishReviews(items=["a", "b", "c", "nowhere"]), "officer")
    assert [(one.code, one.params["item"]) for one in told] == [
        ("state_forbids", "b"),
        ("nothing_to_publish", "c"),
        ("item_unknown", "nowhere"),
    ]


def test_publishing_nothing_is_refused(waiting):
    assert waiting.codes(PublishReviews(items=[]), "officer") == ["no_items_named"]


def test_the_list_of_what_waits_leaves_out_what_is_open_or_withdrawn(waiting):
    path = waiting.definition.lifecycle
    assert unpublished(waiting.world.items.values(), path) == ("a", "b")
    waiting.do(WithdrawItem(item="b"), "anna")
    assert unpublished(waiting.world.items.values(), path) == ("a",)


def test_doing_without_the_last_office_decides_but_does_not_publish(play):
    budget = opened(play, "a", publish_reviews="together")
    for office in (PARKS, ROADS):
        budget.do(AssignReview(item="a", office=office), "officer")
    budget.do(says("a", "infeasible", office=PARKS), clerk(PARKS))
    (event,) = budget.do(UnassignReview(item="a", office=ROADS, reason="Irrtum."), "officer")
    assert budget.state("a") == "in_review"
    assert public_event(event).outcome is None
    assert budget.codes(PublishReviews(items=["a"]), "officer") == []


# --- what is kept back


def everything(value):
    """Walk through a value and everything in it: name of the field, what it holds."""
    if attrs.has(type(value)):
        for one in attrs.fields(type(value)):
            yield one.name, getattr(value, one.name)
            yield from everything(getattr(value, one.name))
    elif hasattr(value, "values"):
        for one in value.values():
            yield from everything(one)
    elif isinstance(value, tuple):
        for one in value:
            yield from everything(one)


@pytest.mark.parametrize("policy", ["at_once", "together"])
def test_nothing_internal_is_in_what_the_public_sees(play, policy):
    budget = opened(play, "a", "b", publish_reviews=policy)
    budget.do(AssignReview(item="a", office=PARKS, assignee="clerk-7"), "officer")
    budget.do(says("a", office=PARKS, internal=CANARY), clerk(PARKS))
    budget.do(says("b", "infeasible", internal=CANARY), "reviewer")
    if policy == "together":
        budget.do(PublishReviews(items=["a", "b"]), "officer")
    kept = [value for event in budget.events for _, value in everything(event)]
    assert CANARY in kept
    assert "clerk-7" in kept
    seen = [*filter(None, map(public_event, budget.events)), *map(public_view, items(budget))]
    for name, value in (found for one in seen for found in everything(one)):
        assert value not in (CANARY, "clerk-7")
        assert value == "" or name not in WITHHELD


def items(game):
    return game.world.items.values()


def test_the_public_still_learns_everything_else(play):
    budget = opened(play, "a", "b")
    budget.do(says("b", "infeasible", internal=CANARY), "reviewer")
    (event,) = budget.do(says("a", internal=CANARY, office=PARKS), "reviewer")
    assert public_event(event) == evolve(event, review=evolve(event.review, internal=""))
    told = public_view(budget.item("b"))
    assert (told.state, told.review.statement) == ("infeasible", "Zu teuer.")
    assert told.reviews[""].statement == "Zu teuer."


def test_a_statement_that_waits_for_other_offices_is_not_told(play):
    budget = opened(play, "a")
    for office in (PARKS, ROADS):
        budget.do(AssignReview(item="a", office=office), "officer")
    (event,) = budget.do(says("a", "infeasible", office=PARKS), clerk(PARKS))
    assert public_event(event) is None
    assert public_view(budget.item("a")).reviews == {}


def test_the_note_shows_in_no_trace(waiting):
    assert CANARY not in repr((waiting.events, waiting.world, says("a", internal=CANARY)))


# --- the author's objection

WHY = ObjectToReview(item="a", reason="Der Preis stimmt nicht.")
TOLD = date(2027, 3, 20)


@pytest.fixture
def refused(play):
    """Return an idea found infeasible in the evening of `TOLD`, with 14 days to object."""
    budget = opened(play, "a", objection_days=14)
    budget.now = end_of_day(TOLD, budget.pinned.settings.timezone) - 1
    budget.do(says("a", "infeasible"), "reviewer")
    return budget


def at(game, day, *, end=False):
    zone = game.pinned.settings.timezone
    game.now = end_of_day(day, zone) - 1 if end else start_of_day(day, zone)


def test_an_author_objects_and_the_idea_is_reviewed_once_more(refused):
    refused.do(WHY, "anna")
    assert refused.state("a") == "in_review"
    assert refused.item("a").review.outcome == "infeasible"
    refused.do(says("a"), "reviewer")
    assert refused.state("a") == "feasible"


def test_the_last_day_counts_whole_across_a_clock_change(refused):
    last = TOLD + timedelta(days=14)
    at(refused, last, end=True)
    assert refused.codes(WHY, "anna") == []
    at(refused, last + timedelta(days=1))
    (against,) = refused.why(WHY, "anna")
    zone = refused.pinned.settings.timezone
    assert (against.code, against.params["last"]) == ("objection_over", start_of_day(last, zone))


def test_a_second_objection_is_refused_with_the_date_of_the_first(refused):
    refused.do(WHY, "anna")
    first = refused.now
    refused.do(says("a", "infeasible"), "reviewer")
    (against,) = refused.why(WHY, "anna")
    assert (against.code, against.params["at"]) == ("objected_already", first)


def test_the_period_runs_from_the_publication_and_not_from_the_decision(play):
    budget = opened(play, "a", objection_days=1, publish_reviews="together")
    budget.do(says("a", "infeasible"), "reviewer")
    at(budget, TOLD)
    budget.do(PublishReviews(items=["a"]), "officer")
    at(budget, TOLD + timedelta(days=1), end=True)
    assert budget.codes(WHY, "anna") == []


@pytest.mark.parametrize(
    ("command", "actor", "codes"),
    [
        (WHY, "bernd", ["not_the_author"]),
        (evolve(WHY, reason=" "), "anna", ["reason_missing"]),
        (evolve(WHY, item="i-9"), "anna", ["item_unknown"]),
    ],
    ids=["somebody else", "no reason", "no such idea"],
)
def test_only_the_author_objects_and_says_why(refused, command, actor, codes):
    assert refused.codes(command, actor) == codes


@pytest.mark.parametrize("outcome", ["feasible", "forwarded"])
def test_there_is_nothing_to_object_to_where_nothing_was_found_infeasible(play, outcome):
    budget = opened(play, "a", objection_days=14)
    budget.do(says("a", outcome, competent="Land", statement="x"), "reviewer")
    assert budget.codes(WHY, "anna") == ["state_forbids"]


def test_a_town_may_offer_no_objection(play):
    budget = opened(play, "a")
    budget.do(says("a", "infeasible"), "reviewer")
    assert budget.codes(WHY, "anna") == ["objection_not_offered"]


def test_after_an_objection_the_same_offices_state_again_without_the_old_deadline(play):
    budget = opened(play, "a", objection_days=14)
    for office in (PARKS, ROADS):
        asked = AssignReview(item="a", office=office, deadline=budget.now + 1)
        budget.do(asked, "officer")
    for office in (PARKS, ROADS):
        budget.do(says("a", "infeasible", office=office), clerk(office))
    budget.do(WHY, "anna")
    assert budget.item("a").assignments[PARKS].deadline is None
    assert budget.codes(says("a"), "reviewer") == ["office_not_assigned"]
    budget.do(says("a", office=PARKS), clerk(PARKS))
    assert budget.state("a") == "in_review"
    budget.do(says("a", office=ROADS), clerk(ROADS))
    assert budget.state("a") == "feasible"
