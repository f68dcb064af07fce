"""Items: handing in, screening, admitting, shortlisting, withdrawing."""

import pytest

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import Actor, Money, Objection, rule
from partizipation_core.commands import (
    AdmitItem,
    PassOverItem,
    PublishItem,
    PutOnBallot,
    RefuseItem,
    ReturnItem,
    ShortlistItem,
    SubmitItem,
    WithdrawItem,
)
from partizipation_core.kernel.item import ItemMoved, ItemPutOnBallot, ItemSubmitted


@pytest.fixture
def screened(play):
    """Return a Bürgerhaushalt whose ideas wait for the office."""
    return play(settings={"screening": True})


# --- handing in


def test_given_no_screening_when_handed_in_then_it_is_public_at_once(budget):
    idea = SubmitItem(
        item="i-1", title=" Trinkbrunnen ", text="Am Markt", cost=Money.euro(90), area="Mitte"
    )
    submitted, moved = budget.do(idea, "anna")
    assert isinstance(submitted, ItemSubmitted)
    assert moved == ItemMoved(item="i-1", trigger="publish", state="published")
    item = budget.item("i-1")
    assert (item.title, item.text, item.area) == ("Trinkbrunnen", "Am Markt", "Mitte")
    assert (item.author, item.state, item.cost) == ("anna", "published", Money.euro(90))


def test_given_screening_when_handed_in_then_it_waits(screened):
    screened.do(SubmitItem(item="i-1", title="Trinkbrunnen"), "anna")
    assert screened.state("i-1") == "submitted"
    screened.do(PublishItem(item="i-1"), "moderator")
    assert screened.state("i-1") == "published"


@pytest.mark.parametrize(
    ("idea", "codes"),
    [
        (SubmitItem(item="ä 1", title="Idee"), ["reference_malformed"]),
        (SubmitItem(item="", title="Idee"), ["reference_malformed"]),
        (SubmitItem(item="i-1", title="  "), ["title_missing"]),
        (SubmitItem(item="i-1", title="x" * 201), ["text_too_long"]),
        (SubmitItem(item="i-1", title="x", text="x" * 10_001), ["text_too_long"]),
        (SubmitItem(item="i-1", title="x", cost=Money(0)), ["cost_not_positive"]),
        (SubmitItem(item="i-1", title="x", cost=Money(-1)), ["cost_not_positive"]),
        (
            SubmitItem(item="?", title="", text="x" * 10_001, cost=Money(0)),
            ["cost_not_positive", "reference_malformed", "text_too_long", "title_missing"],
        ),
    ],
    ids=[
        "odd reference",
        "no reference",
        "blank title",
        "long title",
        "long text",
        "costs nothing",
        "costs less than nothing",
        "everything at once",
    ],
)
def test_a_faulty_idea_is_refused_with_every_fault(budget, idea, codes):
    assert budget.codes(idea, "anna") == codes


@pytest.mark.parametrize(
    "idea",
    [
        SubmitItem(item="i-1", title="x" * 200, text="x" * 10_000),
        SubmitItem(item="i-1", title="x", cost=Money(1)),
        SubmitItem(item="a" * 120, title="x"),
    ],
    ids=["longest texts", "one cent", "longest reference"],
)
def test_an_idea_at_the_limits_is_accepted(budget, idea):
    assert budget.codes(idea, "anna") == []


@pytest.mark.parametrize(
    ("age", "codes"),
    [(13, ["too_young"]), (14, []), (90, []), (None, ["age_unknown"])],
    ids=["a day too young", "just old enough", "old", "unknown"],
)
def test_given_an_age_limit_when_handed_in_then_the_age_counts(play, age, codes):
    budget = play(settings={"min_age": 14})
    somebody = Actor.of("p", "resident", **({} if age is None else {"age": age}))
    assert budget.codes(SubmitItem(item="i-1", title="x"), somebody) == codes


# --- screening


def test_given_a_returned_idea_when_handed_in_again_then_it_waits_once_more(screened):
    screened.do(SubmitItem(item="i-1", title="Brunnen"), "anna")
    screened.do(ReturnItem(item="i-1", reason="Wo genau?"), "moderator")
    assert (screened.state("i-1"), screened.item("i-1").reason) == ("returned", "Wo genau?")
    screened.do(SubmitItem(item="i-1", title="Brunnen am Markt"), "anna")
    assert (screened.state("i-1"), screened.item("i-1").title) == ("submitted", "Brunnen am Markt")


def test_given_a_returned_idea_when_somebody_else_hands_it_in_then_refused(screened):
    screened.put("i-1", state="returned")
    assert screened.codes(SubmitItem(item="i-1", title="Meins"), "bernd") == ["not_the_author"]


def test_given_a_reference_in_use_when_handed_in_then_both_reasons_are_told(budget):
    budget.submit("i-1")
    taken = SubmitItem(item="i-1", title="Meins")
    assert budget.codes(taken, "bernd") == ["not_the_author", "state_forbids"]


@pytest.mark.parametrize("command", [ReturnItem, RefuseItem], ids=["return", "refuse"])
def test_who_turns_an_idea_down_gives_a_reason(screened, command):
    screened.put("i-1", state="submitted")
    assert screened.codes(command(item="i-1", reason=" "), "moderator") == ["reason_missing"]
    screened.do(command(item="i-1", reason="Werbung"), "moderator")
    assert screened.item("i-1").reason == "Werbung"


# --- withdrawing


@pytest.mark.parametrize(
    ("state", "codes"),
    [
        ("submitted", []),
        ("published", []),
        ("in_review", []),
        ("feasible", []),
        ("shortlisted", []),
        ("on_ballot", ["state_forbids"]),
        ("awarded", ["state_forbids"]),
    ],
    ids=str,
)
def test_an_author_withdraws_until_the_idea_is_on_the_ballot(budget, state, codes):
    budget.put("i-1", state=state)
    assert budget.codes(WithdrawItem(item="i-1"), "anna") == codes


def test_nobody_withdraws_the_idea_of_somebody_else(budget):
    budget.submit("i-1")
    assert budget.codes(WithdrawItem(item="i-1"), "bernd") == ["not_the_author"]


# --- shortlisting


def test_given_a_formal_review_when_admitted_without_one_then_the_guard_objects(play):
    budget = play()
    budget.put("i-1", state="published")
    codes = budget.codes(AdmitItem(item="i-1"), "officer")
    assert codes == ["review_needed", "stage_never"]


def test_given_no_cost_when_shortlisted_then_the_guard_objects(budget):
    budget.advance("review")
    budget.put("i-1", state="feasible", cost=None)
    assert budget.codes(ShortlistItem(item="i-1"), "officer") == ["cost_missing"]


def test_given_a_feasible_idea_when_passed_over_then_with_a_reason(budget):
    budget.advance("review")
    budget.put("i-1", state="feasible")
    assert budget.codes(PassOverItem(item="i-1", reason=""), "officer") == ["reason_missing"]
    budget.do(PassOverItem(item="i-1", reason="Gibt es schon"), "officer")
    assert budget.state("i-1") == "not_shortlisted"


@pytest.mark.parametrize(
    "command",
    [
        WithdrawItem(item="nowhere"),
        PublishItem(item="nowhere"),
        ReturnItem(item="nowhere", reason="x"),
        AdmitItem(item="nowhere"),
        ShortlistItem(item="nowhere"),
        PutOnBallot(item="nowhere"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_an_item_that_does_not_exist_is_a_reason_and_no_crash(budget, command):
    assert "item_unknown" in budget.codes(command, "anna")


# --- walk-ins


def test_given_an_assembly_when_a_walk_in_is_added_then_it_stands_on_the_ballot(assembly):
    assembly.put("late", state="shortlisted", cost=Money.euro(50))
    (added,) = assembly.do(PutOnBallot(item="late"), "steward")
    assert added == ItemPutOnBallot(item="late", vote="assembly", cost=Money.euro(50))
    assert list(assembly.procedure.papers["assembly"]) == ["a", "b", "late"]
    assert assembly.state("late") == "on_ballot"


def test_given_no_ballot_when_a_walk_in_is_added_then_refused(play):
    kiez = play("kiezkasse")
    kiez.put("late", state="shortlisted")
    assert "no_open_vote" in kiez.codes(PutOnBallot(item="late"), "steward")


def test_given_the_hands_are_counted_when_a_walk_in_is_added_then_it_is_too_late(assembly):
    assembly.put("late", state="shortlisted")
    assembly.become(counted=("assembly",))
    assert assembly.codes(PutOnBallot(item="late"), "steward") == ["already_counted"]


# --- guards on handing in


@rule("guard", name="test/needs_area")
def needs_area(item, _view):
    """Ask for the part of town an idea belongs to."""
    if not item.area:
        yield Objection("area_missing", {"item": item.ref})


@pytest.mark.parametrize("trigger", ["submit", "publish"])
def test_a_guard_sees_an_idea_before_it_exists(play, host_with, trigger):
    strict = BUERGERHAUSHALT.derive(key="strict", guards={trigger: needs_area})
    budget = play("strict", host=host_with(strict))
    assert budget.codes(SubmitItem(item="i-1", title="x"), "anna") == ["area_missing"]
    assert budget.codes(SubmitItem(item="i-1", title="x", area="Mitte"), "anna") == []


def test_given_screening_when_handed_in_then_the_guard_of_publishing_waits(play, host_with):
    strict = BUERGERHAUSHALT.derive(key="strict", guards={"publish": needs_area})
    budget = play("strict", host=host_with(strict), settings={"screening": True})
    budget.do(SubmitItem(item="i-1", title="x"), "anna")
    assert budget.codes(PublishItem(item="i-1"), "moderator") == ["area_missing"]
