"""A council adopts, changes, rejects, notes or passes on, item by item or the list as a whole."""

import pytest
from attrs import evolve

from partizipation_core import Money
from partizipation_core.commands import Resolution, ResolveItems, StartDelivery

PROPOSED = {"a": Money.euro(100), "b": Money.euro(200)}


@pytest.fixture
def counted(play):
    """Return a Bürgerhaushalt whose vote is counted: a and b are proposed, c is not."""
    game = play()
    for ref in "abc":
        game.put(ref, state="on_ballot")
    paper = dict.fromkeys("abc", Money.euro(100))
    game.become(stage="fund", papers={"vote": paper}, counted=("vote",), proposed=PROPOSED)
    return game


def resolve(**each):
    return ResolveItems(each=each)


def because(outcome, **more):
    return Resolution(outcome=outcome, reason=f"Beschluss: {outcome}.", **more)


OUTCOMES = {
    "adopted": (because("adopted"), "awarded", Money.euro(100)),
    "modified": (because("modified", amount=Money.euro(70)), "awarded", Money.euro(70)),
    "rejected": (because("rejected"), "not_awarded", None),
    "noted": (because("noted"), "noted", None),
    "passed on": (because("passed_on", to="BVV"), "passed_on", None),
}


@pytest.mark.parametrize(("resolution", "state", "award"), OUTCOMES.values(), ids=OUTCOMES)
def test_every_outcome_has_a_state_of_its_own_and_its_reason(counted, resolution, state, award):
    counted.do(resolve(a=resolution), "council")
    item = counted.item("a")
    assert (item.state, item.award) == (state, award)
    assert item.resolution.outcome == resolution.outcome
    assert item.reason == resolution.reason
    assert counted.ledger.bound() == (award or Money(0))


def test_items_that_are_not_named_wait_for_a_later_sitting(counted):
    counted.do(resolve(a=because("adopted")), "council")
    assert [counted.state(ref) for ref in "abc"] == ["awarded", "on_ballot", "on_ballot"]
    counted.do(resolve(b=because("rejected"), c=because("noted")), "council")
    assert [counted.state(ref) for ref in "abc"] == ["awarded", "not_awarded", "noted"]


def test_the_whole_list_is_adopted_with_exceptions(counted):
    """What is adopted gets what was proposed; what was not proposed gets nothing to award."""
    whole = ResolveItems(whole=because("adopted"), each={"c": because("passed_on", to="Land")})
    counted.do(whole, "council")
    assert [counted.state(ref) for ref in "abc"] == ["awarded", "awarded", "passed_on"]
    assert counted.ledger.bound() == Money.euro(300)
    assert len(counted.events[-2:]) == 2


def test_where_there_is_no_pot_a_proposal_is_adopted_without_money(counted):
    settings = evolve(counted.pinned.settings, pot=None)
    counted.pinned = evolve(counted.pinned, settings=settings)
    counted.become(stage="fund", proposed={})
    counted.do(resolve(a=because("adopted"), b=because("modified")), "council")
    assert [counted.state(ref) for ref in "ab"] == ["adopted", "adopted"]
    counted.become(stage="implement")
    counted.do(StartDelivery(item="a"), "reviewer")
    assert counted.state("a") == "in_progress"


REFUSED = {
    "no reason": (resolve(a=Resolution(outcome="noted", reason=" ")), "resolution_without_reason"),
    "nobody to pass on to": (resolve(a=because("passed_on")), "addressee_missing"),
    "money for what is noted": (
        resolve(a=because("noted", amount=Money.euro(1))),
        "sum_without_adoption",
    ),
    "changed, and no sum": (resolve(a=because("modified")), "sum_missing"),
    "nothing": (ResolveItems(), "no_items_named"),
    "a stranger": (resolve(x=because("noted")), "item_unknown"),
    "more than there is": (
        resolve(a=because("modified", amount=Money.euro(2000))),
        "over_the_pot",
    ),
}


@pytest.mark.parametrize(("command", "code"), REFUSED.values(), ids=REFUSED)
def test_what_a_council_cannot_do_is_refused_with_its_reason(counted, command, code):
    assert code in counted.codes(command, "council")


def test_a_council_does_not_decide_before_the_vote_is_counted(counted):
    counted.become(stage="fund", counted=())
    assert "nothing_counted" in counted.codes(resolve(a=because("noted")), "council")


def test_nobody_else_decides_for_the_council(counted):
    assert counted.codes(resolve(a=because("noted")), "officer") == ["role_forbids"]
