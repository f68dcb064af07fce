"""The story of a panel and its four ways, played on a real platform."""

import pytest

from partizipation_core import Actor, ItemRef, Money, Platform, Role
from partizipation_core.commands import (
    AdvanceStage,
    ForwardItem,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)

OFFICER = Actor.of("office", Role.OFFICER)
PANEL = Actor.of("panel", "steering_panel")
ANNA = Actor.of("anna", Role.RESIDENT)


@pytest.fixture
def town():
    """Return a district with a Kiezfonds that takes proposals."""
    platform = Platform()
    town = platform.municipality("11000000-li")
    town.open(
        "kiezfonds",
        "kiezkasse",
        actor=OFFICER,
        settings={"pot": "13000 EUR", "region": "Weitlingstraße"},
    )
    yield town
    platform.close()


@pytest.fixture
def budget(town):
    """Return a procedure with four proposals that the panel has taken up."""
    handle = town.open(
        "budget", "four_ways", actor=OFFICER, settings={"pot": "50000 EUR", "misfit": "skip"}
    )
    for ref in ("now", "vote", "no", "kiez"):
        cost = Money.euro(900)
        idea = SubmitItem(item=ItemRef(ref), title=f"Vorschlag {ref}", cost=cost)
        handle.execute(idea, actor=ANNA)
        handle.execute(TakeUpReview(item=ItemRef(ref)), actor=PANEL)
    return handle


def states(handle):
    return {str(item.ref): item.state for item in handle.items()}


def send_all_four_ways(budget):
    """Let the panel decide on every proposal."""
    to_bvv = ForwardItem(item=ItemRef("now"), office="BVV", reason="Kann sofort bezahlt werden.")
    budget.execute(to_bvv, actor=PANEL)
    budget.execute(ReviewItem(item=ItemRef("vote"), outcome="feasible"), actor=PANEL)
    budget.execute(ShortlistItem(item=ItemRef("vote")), actor=PANEL)
    no = ReviewItem(item=ItemRef("no"), outcome="infeasible", statement="Der Bund ist zuständig.")
    budget.execute(no, actor=PANEL)
    to_kiez = ForwardItem(item=ItemRef("kiez"), procedure="kiezfonds", reason="Klein und nah.")
    budget.execute(to_kiez, actor=PANEL)


def test_each_proposal_goes_one_of_four_ways(budget):
    send_all_four_ways(budget)
    assert states(budget) == {
        "now": "forwarded",
        "vote": "shortlisted",
        "no": "infeasible",
        "kiez": "forwarded",
    }


def test_the_jury_of_the_kiezfonds_finds_the_proposal_on_its_table(town, budget):
    send_all_four_ways(budget)
    (there,) = town.procedure("kiezfonds").items()
    assert (there.title, there.author) == ("Vorschlag kiez", ANNA.ref)
    assert budget.failures() == []


def test_only_the_panel_sends(budget):
    to_bvv = ForwardItem(item=ItemRef("now"), office="BVV", reason="Ich will es so.")
    assert [o.code for o in budget.why(to_bvv, actor=ANNA)] == ["role_forbids"]


def test_a_no_needs_a_reason(budget):
    silent = ReviewItem(item=ItemRef("no"), outcome="infeasible")
    assert "reason_missing" in [o.code for o in budget.why(silent, actor=PANEL)]


def test_the_vote_is_about_what_was_sent_there_and_then_the_next_round_begins(budget):
    send_all_four_ways(budget)
    budget.execute(AdvanceStage(), actor=OFFICER)
    assert list(budget.state().papers["vote"]) == ["vote"]
    for _ in range(2):
        budget.execute(AdvanceStage(), actor=OFFICER)
    again = AdvanceStage(edge="next_round", reason="Das neue Jahr beginnt.")
    budget.execute(again, actor=OFFICER)
    assert budget.state().stage == "ideas"
    assert budget.state().visits["ideas"] == 2
