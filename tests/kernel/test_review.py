"""Review: an office takes an idea up and says what it found."""

import pytest
from attrs import evolve

from partizipation_core import Money
from partizipation_core.commands import ReviewItem, TakeUpReview


@pytest.fixture
def reviewing(budget):
    """Return a Bürgerhaushalt in its review, with one idea taken up."""
    budget.submit("i-1", cost=100)
    budget.advance("review")
    budget.do(TakeUpReview(item="i-1"), "reviewer")
    return budget


@pytest.mark.parametrize(
    ("outcome", "state"),
    [("feasible", "feasible"), ("infeasible", "infeasible"), ("forwarded", "forwarded")],
    ids=lambda word: word,
)
def test_what_an_office_finds_decides_where_the_idea_goes(reviewing, outcome, state):
    found = ReviewItem(
        item="i-1",
        outcome=outcome,
        statement="Geprüft.",
        office="Grünflächenamt",
        competent="Land" if outcome == "forwarded" else "",
    )
    (event,) = reviewing.do(found, "reviewer")
    item = reviewing.item("i-1")
    assert (event.state, item.state) == (state, state)
    assert (item.review.outcome, item.review.statement) == (outcome, "Geprüft.")
    assert item.review.office == "Grünflächenamt"


def test_the_cost_of_the_office_takes_the_place_of_the_authors(reviewing):
    reviewing.do(ReviewItem(item="i-1", outcome="feasible", cost=Money.euro(250)), "reviewer")
    assert reviewing.item("i-1").cost == Money.euro(250)


def test_an_office_that_names_no_cost_keeps_the_authors(reviewing):
    reviewing.do(ReviewItem(item="i-1", outcome="feasible"), "reviewer")
    assert reviewing.item("i-1").cost == Money.euro(100)


@pytest.mark.parametrize(
    ("review", "codes"),
    [
        (ReviewItem(item="i-1", outcome="infeasible"), ["reason_missing"]),
        (
            ReviewItem(item="i-1", outcome="forwarded", statement=" ", competent="Land"),
            ["reason_missing"],
        ),
        (ReviewItem(item="i-1", outcome="forwarded", statement="x"), ["competent_missing"]),
        (ReviewItem(item="i-1", outcome="feasible", cost=Money(0)), ["cost_not_positive"]),
        (
            ReviewItem(item="i-1", outcome="infeasible", cost=Money(-5)),
            ["cost_not_positive", "reason_missing"],
        ),
        (ReviewItem(item="nowhere", outcome="feasible"), ["item_unknown"]),
    ],
    ids=[
        "infeasible",
        "forwarded",
        "forwarded to nobody",
        "costs nothing",
        "two faults",
        "no such idea",
    ],
)
def test_a_review_that_leaves_things_open_is_refused(reviewing, review, codes):
    assert reviewing.codes(review, "reviewer") == codes


def test_given_a_pot_when_found_feasible_then_a_cost_is_needed(reviewing):
    reviewing.put("i-1", cost=None)
    found = ReviewItem(item="i-1", outcome="feasible")
    assert reviewing.codes(found, "reviewer") == ["cost_missing"]


def test_given_advice_only_when_found_feasible_then_no_cost_is_needed(play):
    advice = play(settings={"pot": "1 EUR"})
    advice.pinned = play_without_pot(advice.pinned)
    advice.advance("review")
    advice.put("i-1", state="in_review", cost=None)
    assert advice.codes(ReviewItem(item="i-1", outcome="feasible"), "reviewer") == []


def play_without_pot(pinned):
    return evolve(pinned, settings=evolve(pinned.settings, pot=None))


def test_an_idea_that_was_not_taken_up_has_no_result(budget):
    budget.submit("i-1")
    budget.advance("review")
    (objection,) = budget.why(ReviewItem(item="i-1", outcome="feasible"), "reviewer")
    assert objection.code == "state_forbids"
    assert objection.params["sources"] == "in_review"


def test_an_outcome_that_does_not_exist_cannot_even_be_written_down():
    with pytest.raises(ValueError, match="outcome"):
        ReviewItem(item="i-1", outcome="perhaps")
