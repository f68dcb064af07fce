"""Checklists and estimates: what an office must have answered before an idea is feasible."""

import pytest

from partizipation_core import Money
from partizipation_core.commands import ReviewItem, TakeUpReview
from partizipation_core.kernel.finding import Answer, Estimate

PURPOSE, ACCESS = "purpose", "access"
ESTIMATE = Estimate(Money.euro(200), min=Money.euro(150), max=Money.euro(400))


@pytest.fixture
def reviewing(play):
    """Return a Bürgerhaushalt whose checklist has two criteria, with one idea taken up."""
    budget = play(settings={"checklist": [PURPOSE, ACCESS]})
    budget.submit("i-1", cost=100)
    budget.advance("review")
    budget.do(TakeUpReview(item="i-1"), "reviewer")
    return budget


def found(outcome="feasible", **more):
    statement = "" if outcome == "feasible" else "Geprüft."
    return ReviewItem(item="i-1", outcome=outcome, statement=statement, **more)


FEASIBLE = {
    "both met": ({PURPOSE: "yes", ACCESS: "yes"}, []),
    "one does not apply": ({PURPOSE: "yes", ACCESS: "not_applicable"}, []),
    "nothing answered": (
        {},
        [("criterion_unanswered", PURPOSE), ("criterion_unanswered", ACCESS)],
    ),
    "one open": ({PURPOSE: "yes"}, [("criterion_unanswered", ACCESS)]),
    "one failed": ({PURPOSE: "yes", ACCESS: "no"}, [("criterion_failed", ACCESS)]),
    "one open, one failed": (
        {PURPOSE: "no"},
        [("criterion_unanswered", ACCESS), ("criterion_failed", PURPOSE)],
    ),
    "not on the list": (
        {PURPOSE: "yes", ACCESS: "yes", "colour": "yes"},
        [("criterion_unknown", "colour")],
    ),
}


@pytest.mark.parametrize(("checks", "against"), FEASIBLE.values(), ids=FEASIBLE)
def test_feasible_is_what_meets_every_criterion_that_applies(reviewing, checks, against):
    told = reviewing.why(found(checks=checks), "reviewer")
    assert [(one.code, one.params["criterion"]) for one in told] == against


@pytest.mark.parametrize("outcome", ["infeasible", "forwarded"])
def test_what_is_not_feasible_may_fail_or_leave_criteria_open(reviewing, outcome):
    to = {"competent": "Land"} if outcome == "forwarded" else {}
    reviewing.do(found(outcome, checks={PURPOSE: "no"}, **to), "reviewer")
    assert reviewing.state("i-1") == outcome


def test_answers_and_their_notes_stay_with_the_idea(reviewing):
    answers = {PURPOSE: "yes", ACCESS: Answer("not_applicable", note="Kein Gebäude.")}
    reviewing.do(found(checks=answers), "reviewer")
    told = reviewing.item("i-1").review.checks
    assert told == {PURPOSE: Answer("yes"), ACCESS: answers[ACCESS]}


def test_an_answer_that_does_not_exist_cannot_even_be_written_down():
    with pytest.raises(ValueError, match="word"):
        found(checks={PURPOSE: "maybe"})


def test_a_format_without_a_checklist_asks_for_nothing_and_knows_no_criterion(budget):
    budget.put("i-1", state="in_review")
    budget.become(stage="review")
    assert budget.codes(found(), "reviewer") == []
    assert budget.codes(found(checks={PURPOSE: "yes"}), "reviewer") == ["criterion_unknown"]


# --- cost


def test_the_expected_cost_becomes_the_cost_of_the_idea(reviewing):
    answers = {PURPOSE: "yes", ACCESS: "yes"}
    reviewing.do(found(cost=ESTIMATE, checks=answers), "reviewer")
    item = reviewing.item("i-1")
    assert (item.cost, item.review.cost) == (Money.euro(200), ESTIMATE)


def test_a_single_figure_is_an_estimate_without_a_margin():
    plain = found(cost=Money.euro(5)).cost
    assert (plain.min, plain.expected, plain.max) == (Money.euro(5),) * 3


FIGURES = {
    "in order": ((1, 2, 3), []),
    "all the same": ((2, 2, 2), []),
    "perhaps for nothing": ((0, 2, 3), []),
    "the least above the expected": ((3, 2, 3), ["cost_out_of_order"]),
    "the most below the expected": ((1, 2, 1), ["cost_out_of_order"]),
    "below nothing": ((-1, 2, 3), ["cost_not_positive"]),
    "expected to cost nothing": ((0, 0, 3), ["cost_not_positive"]),
    "nothing and out of order": ((1, 0, 3), ["cost_not_positive", "cost_out_of_order"]),
}


@pytest.mark.parametrize(("figures", "codes"), FIGURES.values(), ids=FIGURES)
def test_an_estimate_whose_figures_are_out_of_order_is_refused(budget, figures, codes):
    budget.put("i-1", state="in_review")
    budget.become(stage="review")
    least, expected, most = map(Money, figures)
    estimate = Estimate(expected, min=least, max=most)
    assert budget.codes(found(cost=estimate), "reviewer") == codes
