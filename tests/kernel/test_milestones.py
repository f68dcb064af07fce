"""Milestones: a delivery in steps, told step by step, with every delay and its reason."""

import pytest

from partizipation_core import Money
from partizipation_core.commands import (
    DelayDelivery,
    PlanDelivery,
    ReportMilestone,
    ReportProgress,
    StartDelivery,
)
from partizipation_core.kernel.progress import Milestone, weighted_percent

PLAN = [
    Milestone(key="permit", title="Genehmigung", weight=1, due=100),
    Milestone(key="build", title="Bau", weight=3),
]


@pytest.fixture
def built(budget):
    """A Bürgerhaushalt in which i-1 is carried out in two steps, the second one three times
    as heavy as the first."""
    budget.advance("implement")
    budget.put("i-1", state="awarded", award=Money.euro(100))
    budget.commit("i-1", 100)
    budget.do(StartDelivery(item="i-1"), "reviewer")
    budget.do(PlanDelivery(item="i-1", milestones=PLAN, due=900), "reviewer")
    return budget


def percent(game):
    return game.item("i-1").delivery.percent


MEANS = {
    "nothing to speak of": ([], None),
    "nothing done": ([(1, 0), (3, 0)], 0),
    "weights count": ([(1, 100), (3, 0)], 25),
    "the other way round": ([(3, 100), (1, 0)], 75),
    "weights of one too": ([(1, 100), (1, 0), (8, 50)], 50),
    "almost done is not done": ([(1, 100), (1, 99)], 99),
    "all done": ([(1, 100), (3, 100)], 100),
}


@pytest.mark.parametrize(("parts", "mean"), MEANS.values(), ids=MEANS)
def test_progress_is_the_weighted_mean_of_its_parts(parts, mean):
    assert weighted_percent(parts) == mean


def test_progress_follows_from_the_milestones(built):
    assert percent(built) == 0
    built.do(ReportMilestone(item="i-1", milestone="permit"), "reviewer")
    assert percent(built) == 25
    half = ReportMilestone(item="i-1", milestone="build", percent=50, note="Rohbau")
    built.do(half, "reviewer")
    assert (percent(built), built.item("i-1").delivery.note) == (62, "Rohbau")
    assert [one.reached for one in built.item("i-1").delivery.milestones] == [built.now, None]


def test_where_there_are_milestones_nobody_guesses_a_percentage(built):
    guess = ReportProgress(item="i-1", percent=90)
    assert built.codes(guess, "reviewer") == ["percent_from_milestones"]
    built.do(ReportProgress(item="i-1", spent=Money.euro(30), note="Bagger"), "reviewer")
    assert (percent(built), built.ledger.bound()) == (0, Money.euro(100))


def test_a_milestone_planned_again_keeps_how_far_it_has_come(built):
    built.do(ReportMilestone(item="i-1", milestone="permit"), "reviewer")
    more = [*PLAN, Milestone(key="party", title="Fest", weight=1)]
    built.do(PlanDelivery(item="i-1", milestones=more), "reviewer")
    assert percent(built) == 20
    fewer = PlanDelivery(item="i-1", milestones=PLAN[1:])
    assert built.codes(fewer, "reviewer") == ["milestone_dropped"]


BAD_PLANS = {
    "two of a name": ([PLAN[0], PLAN[0]], ["milestone_twice"]),
    "no name": ([Milestone(key=" ", title="x")], ["milestone_twice"]),
    "begun already": ([Milestone(key="a", title="x", percent=5)], ["milestone_begun"]),
}


@pytest.mark.parametrize(("steps", "codes"), BAD_PLANS.values(), ids=BAD_PLANS)
def test_a_plan_that_cannot_be_is_refused(built, steps, codes):
    assert built.codes(PlanDelivery(item="i-1", milestones=steps), "reviewer") == codes


def test_a_step_weighs_something():
    with pytest.raises(ValueError, match="weight"):
        Milestone(key="a", title="x", weight=0)


def test_a_delay_is_kept_with_its_reason_and_the_day_that_was_told(built):
    late = DelayDelivery(item="i-1", milestone="permit", until=200, reason="Gutachten fehlt")
    built.do(late, "reviewer")
    built.do(DelayDelivery(item="i-1", until=1_000, reason="Frost"), "reviewer")
    delivery = built.item("i-1").delivery
    assert [(d.milestone, d.was, d.until, d.reason) for d in delivery.delays] == [
        ("permit", 100, 200, "Gutachten fehlt"),
        ("", 900, 1_000, "Frost"),
    ]
    assert (delivery.milestones[0].due, delivery.due) == (200, 1_000)


def test_a_delay_needs_a_reason_and_a_later_day(built):
    early = DelayDelivery(item="i-1", milestone="permit", until=100, reason=" ")
    assert built.codes(early, "reviewer") == ["not_later", "reason_missing"]
    unknown = DelayDelivery(item="i-1", milestone="roof", until=1_000, reason="x")
    assert built.codes(unknown, "reviewer") == ["milestone_unknown"]


def test_reports_name_a_known_milestone_and_a_percentage(built):
    wrong = ReportMilestone(item="i-1", milestone="roof", percent=101)
    assert built.codes(wrong, "reviewer") == ["milestone_unknown", "percent_out_of_range"]


@pytest.mark.parametrize("state", ["done", "abandoned", "on_ballot"])
def test_what_is_over_or_not_awarded_has_no_plan(built, state):
    built.put("i-1", state=state)
    plan = PlanDelivery(item="i-1", milestones=PLAN)
    assert built.codes(plan, "reviewer") == ["nothing_to_deliver"]
