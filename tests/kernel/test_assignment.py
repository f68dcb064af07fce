"""Several offices: each states for itself, and the idea moves when the last one has."""

from itertools import product

import pytest

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import Actor, Money, Objection, PluginError, Role, rule
from partizipation_core.commands import (
    AssignReview,
    ReviewItem,
    TakeUpReview,
    UnassignReview,
    WithdrawItem,
)
from partizipation_core.kernel.assignment import overdue
from partizipation_core.kernel.finding import Estimate, Review

PARKS, ROADS, LAW = "Grünflächenamt", "Straßenamt", "Rechtsamt"
DAY = 24 * 3600 * 1_000_000


def clerk(office, ref="clerk-1"):
    return Actor.of(ref, Role.REVIEWER, office=office)


def assign(game, *offices, lead="", **more):
    for office in offices:
        wanted = AssignReview(item="i-1", office=office, lead=office == lead, **more)
        game.do(wanted, "officer")


def says(office, outcome="feasible", **more):
    told = {"statement": f"{outcome}."} if outcome != "feasible" else {}
    to = {"competent": "Land"} if outcome == "forwarded" else {}
    return ReviewItem(item="i-1", office=office, outcome=outcome, **{**told, **to, **more})


def in_review(game):
    game.submit("i-1", cost=100)
    game.advance("review")
    game.do(TakeUpReview(item="i-1"), "reviewer")
    return game


@pytest.fixture
def reviewing(budget):
    return in_review(budget)


@pytest.fixture
def asked(reviewing):
    """Return a review in which two offices were asked."""
    assign(reviewing, PARKS, ROADS)
    return reviewing


# --- who is asked


def test_an_idea_moves_only_when_all_offices_have_stated(asked):
    asked.do(says(PARKS), clerk(PARKS))
    assert asked.state("i-1") == "in_review"
    assert asked.item("i-1").review is None
    asked.do(says(ROADS), clerk(ROADS))
    assert asked.state("i-1") == "feasible"
    assert sorted(asked.item("i-1").reviews) == sorted([PARKS, ROADS])


def test_an_office_may_correct_itself_while_others_are_still_at_it(asked):
    asked.do(says(PARKS, "infeasible"), clerk(PARKS))
    asked.do(says(PARKS), clerk(PARKS))
    asked.do(says(ROADS), clerk(ROADS))
    assert asked.state("i-1") == "feasible"


@pytest.mark.parametrize(
    ("office", "actor", "codes"),
    [
        (PARKS, clerk(PARKS), []),
        (PARKS, Actor.of("sits-elsewhere", Role.REVIEWER), ["not_of_this_office"]),
        (PARKS, clerk(ROADS), ["not_of_this_office"]),
        (LAW, clerk(LAW), ["office_not_assigned"]),
        ("", clerk(PARKS), ["office_not_assigned"]),
    ],
    ids=["its own", "of no office", "another's", "not asked", "no office named"],
)
def test_only_an_office_that_was_asked_states_and_only_for_itself(asked, office, actor, codes):
    assert asked.codes(says(office), actor) == codes


def test_the_assignee_may_state_without_the_host_asserting_an_office(reviewing):
    assign(reviewing, PARKS, assignee="clerk-7")
    reviewing.do(says(PARKS), Actor.of("clerk-7", Role.REVIEWER))
    assert reviewing.state("i-1") == "feasible"


def test_where_nobody_was_asked_anybody_who_reviews_may_state(reviewing):
    reviewing.do(says(PARKS), "reviewer")
    assert reviewing.item("i-1").review.office == PARKS


ASSIGNING = {
    "a second office": (AssignReview(item="i-1", office=LAW), []),
    "another deadline": (AssignReview(item="i-1", office=ROADS, assignee="clerk-2"), []),
    "no office": (AssignReview(item="i-1", office=" "), ["office_missing"]),
    "a deadline that has passed": (
        AssignReview(item="i-1", office=LAW, deadline=0),
        ["deadline_past"],
    ),
    "stated before": (AssignReview(item="i-1", office=PARKS), ["stated_already"]),
    "a second lead": (AssignReview(item="i-1", office=LAW, lead=True), ["lead_assigned"]),
    "no such idea": (AssignReview(item="i-9", office=LAW), ["item_unknown"]),
}


@pytest.mark.parametrize(("command", "codes"), ASSIGNING.values(), ids=ASSIGNING)
def test_offices_are_asked_with_a_deadline_that_lies_ahead(reviewing, command, codes):
    assign(reviewing, PARKS, ROADS, lead=ROADS)
    reviewing.do(says(PARKS), clerk(PARKS))
    assert reviewing.codes(command, "officer") == codes


@pytest.mark.parametrize("state", ["feasible", "infeasible", "withdrawn", "submitted"])
def test_nobody_is_asked_about_an_idea_that_is_not_under_review(reviewing, state):
    reviewing.put("i-1", state=state)
    (against,) = reviewing.why(AssignReview(item="i-1", office=LAW), "officer")
    assert (against.code, against.params["state"]) == ("not_under_review", state)


def test_offices_may_be_asked_before_anybody_takes_the_idea_up(budget):
    budget.submit("i-1")
    budget.advance("review")
    assign(budget, PARKS)
    assert list(budget.item("i-1").assignments) == [PARKS]


# --- doing without


def test_doing_without_the_last_missing_office_concludes_the_review(asked):
    asked.do(says(PARKS), clerk(PARKS))
    asked.do(UnassignReview(item="i-1", office=ROADS, reason="Nicht betroffen."), "officer")
    assert asked.state("i-1") == "feasible"


def test_doing_without_an_office_does_not_conclude_what_others_leave_open(asked):
    assign(asked, LAW)
    asked.do(says(PARKS), clerk(PARKS))
    asked.do(UnassignReview(item="i-1", office=ROADS, reason="Nicht betroffen."), "officer")
    assert asked.state("i-1") == "in_review"


def test_doing_without_the_only_office_leaves_the_review_to_anybody(reviewing):
    assign(reviewing, PARKS)
    reviewing.do(UnassignReview(item="i-1", office=PARKS, reason="Irrtum."), "officer")
    assert reviewing.state("i-1") == "in_review"
    assert reviewing.codes(says(""), "reviewer") == []


@pytest.mark.parametrize(
    ("office", "reason", "codes"),
    [
        (ROADS, " ", ["reason_missing"]),
        (PARKS, "x", ["stated_already"]),
        (LAW, "x", ["office_not_assigned"]),
    ],
    ids=["no reason", "has stated", "was not asked"],
)
def test_doing_without_an_office_has_its_limits(asked, office, reason, codes):
    asked.do(says(PARKS), clerk(PARKS))
    wanted = UnassignReview(item="i-1", office=office, reason=reason)
    assert asked.codes(wanted, "officer") == codes


# --- what they find together

FINDINGS = ("feasible", "infeasible", "forwarded")


@pytest.mark.parametrize("findings", list(product(FINDINGS, repeat=2)), ids=" and ".join)
def test_one_veto_outweighs_forwarding_and_forwarding_outweighs_consent(asked, findings):
    for office, finding in zip((PARKS, ROADS), findings, strict=True):
        asked.do(says(office, finding), clerk(office))
    wanted = min(findings, key=("infeasible", "forwarded", "feasible").index)
    assert asked.state("i-1") == wanted
    told = asked.item("i-1").review
    assert told.outcome == wanted
    assert (told.competent == "Land") == (wanted == "forwarded")


@pytest.mark.parametrize("order", [(PARKS, ROADS), (ROADS, PARKS)], ids=["parks", "roads"])
@pytest.mark.parametrize("lead", [PARKS, ROADS, ""], ids=["parks lead", "roads lead", "no lead"])
def test_the_office_in_charge_decides_where_a_town_wants_it_so(play, lead, order):
    budget = in_review(play(rules={"combine_reviews": "core/lead_office_decides"}))
    assign(budget, PARKS, ROADS, lead=lead)
    found = {PARKS: "feasible", ROADS: "infeasible"}
    for office in order:
        budget.do(says(office, found[office]), clerk(office))
    assert budget.state("i-1") == found.get(lead, "infeasible")


def test_only_those_who_found_what_was_decided_speak_to_the_public(asked):
    assign(asked, LAW)
    asked.do(says(PARKS, statement="Gerne."), clerk(PARKS))
    asked.do(says(ROADS, "infeasible", statement="Zu eng."), clerk(ROADS))
    asked.do(says(LAW, "infeasible", statement="Nicht erlaubt."), clerk(LAW))
    told = asked.item("i-1").review
    assert told.statement == f"{LAW}: Nicht erlaubt.\n\n{ROADS}: Zu eng."
    assert told.office == f"{LAW}, {ROADS}"


def test_the_costs_of_the_offices_add_up(asked):
    assign(asked, LAW)
    wide = Estimate(Money.euro(200), min=Money.euro(150), max=Money.euro(400))
    asked.do(says(PARKS, cost=wide), clerk(PARKS))
    asked.do(says(ROADS, cost=Money.euro(50)), clerk(ROADS))
    asked.do(says(LAW), clerk(LAW))
    item = asked.item("i-1")
    assert item.cost == Money.euro(250)
    assert (item.review.cost.min, item.review.cost.max) == (Money.euro(200), Money.euro(450))


def test_the_last_office_is_told_if_nobody_named_a_cost(asked):
    asked.put("i-1", cost=None)
    asked.do(says(PARKS), clerk(PARKS))
    assert asked.codes(says(ROADS), clerk(ROADS)) == ["cost_missing"]
    assert asked.codes(says(ROADS, cost=Money.euro(1)), clerk(ROADS)) == []
    wanted = UnassignReview(item="i-1", office=ROADS, reason="Nicht betroffen.")
    assert asked.codes(wanted, "officer") == ["cost_missing"]


def test_offices_may_share_the_checklist_but_must_answer_it_all(play):
    budget = in_review(play(settings={"checklist": ["purpose", "access"]}))
    assign(budget, PARKS, ROADS)
    budget.do(says(PARKS, checks={"purpose": "yes"}), clerk(PARKS))
    assert budget.codes(says(ROADS), clerk(ROADS)) == ["criterion_unanswered"]
    assert budget.codes(says(ROADS, checks={"access": "yes"}), clerk(ROADS)) == []


def test_a_criterion_that_one_office_finds_unmet_is_unmet(play):
    budget = in_review(
        play(settings={"checklist": ["access"]}, rules={"combine_reviews": LEAD_DECIDES})
    )
    assign(budget, PARKS, ROADS, lead=ROADS)
    budget.do(says(PARKS, "infeasible", checks={"access": "no"}), clerk(PARKS))
    assert budget.codes(says(ROADS, checks={"access": "yes"}), clerk(ROADS)) == [
        "criterion_failed"
    ]


LEAD_DECIDES = "core/lead_office_decides"


def test_an_office_that_fails_a_criterion_learns_so_before_the_others_have_stated(play):
    budget = in_review(play(settings={"checklist": ["access"]}))
    assign(budget, PARKS, ROADS)
    wanted = says(PARKS, checks={"access": "no"})
    assert budget.codes(wanted, clerk(PARKS)) == ["criterion_failed"]


def test_guards_are_asked_about_the_outcome_and_not_only_about_the_last_statement(play, host_with):
    @rule("guard", name="test/never_refused")
    def never_refused(item, _view):
        return [Objection("never_refused", {"item": item.ref})]

    form = BUERGERHAUSHALT.derive(key="kind", guards={"disapprove": never_refused})
    budget = in_review(play("kind", host=host_with(form), settings={"pot": "1000 EUR"}))
    assign(budget, PARKS, ROADS)
    budget.put("i-1", reviews={PARKS: Review(outcome="infeasible", statement="Zu eng.")})
    assert budget.codes(says(ROADS), clerk(ROADS)) == ["never_refused"]


def test_a_town_may_decide_what_no_office_said_and_then_all_of_them_speak(play, host_with):
    @rule("combine_reviews", name="test/always_the_state")
    def always_the_state(_reviews, _lead, _view):
        return "forwarded"

    host = host_with(register_rules=lambda: [always_the_state])
    chosen = {"combine_reviews": "test/always_the_state"}
    budget = in_review(play(host=host, rules=chosen))
    assign(budget, PARKS, ROADS)
    for office in (PARKS, ROADS):
        budget.do(says(office, statement="Gerne."), clerk(office))
    assert budget.state("i-1") == "forwarded"
    assert budget.item("i-1").review.statement == f"{PARKS}: Gerne.\n\n{ROADS}: Gerne."


def test_a_rule_that_answers_something_else_is_named(play, host_with):
    @rule("combine_reviews", name="test/undecided")
    def undecided(_reviews, _lead, _view):
        return "perhaps"

    host = host_with(register_rules=lambda: [undecided])
    budget = in_review(play(host=host, rules={"combine_reviews": "test/undecided"}))
    assign(budget, PARKS, ROADS)
    budget.do(says(PARKS), clerk(PARKS))
    with pytest.raises(PluginError, match=r"test/undecided@1.*'perhaps', not one of feasible"):
        budget.why(says(ROADS), clerk(ROADS))


# --- who is late


def test_offices_are_late_from_their_deadline_on_until_they_have_stated(reviewing):
    due = reviewing.now + 3 * DAY
    assign(reviewing, PARKS, deadline=due)
    assign(reviewing, ROADS, deadline=due - DAY)
    assign(reviewing, LAW)

    def late(now):
        path = reviewing.definition.lifecycle
        found = overdue(reviewing.world.items.values(), path, now)
        return [one.assignment.office for one in found]

    assert late(due - DAY - 1) == []
    assert late(due - 1) == [ROADS]
    assert late(due) == [ROADS, PARKS]
    reviewing.do(says(ROADS), clerk(ROADS))
    assert late(due) == [PARKS]
    reviewing.do(WithdrawItem(item="i-1"), "anna")
    assert late(due) == []
