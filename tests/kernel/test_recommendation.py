"""Recommendations: a committee points, and the office follows, one by one or a whole block."""

import pytest

from partizipation_core import Role
from partizipation_core.commands import (
    FollowRecommendations,
    RecommendStep,
    ShortlistItem,
    WithdrawItem,
)
from partizipation_core.formats.items import ITEM_LIFECYCLE
from partizipation_core.kernel import recommendation


def recommend(ref, trigger="shortlist", reason="Dringend."):
    return RecommendStep(item=ref, trigger=trigger, reason=reason)


@pytest.fixture
def feasible(budget):
    """Return a Bürgerhaushalt in its review with three feasible ideas."""
    budget.advance("review")
    for ref in "abc":
        budget.put(ref, state="feasible")
    return budget


@pytest.mark.parametrize("who", ["reviewer", "steward"])
def test_a_recommendation_moves_nothing(feasible, who):
    feasible.do(recommend("a"), who)
    told = feasible.item("a").recommendation
    assert feasible.state("a") == "feasible"
    assert (told.trigger, told.state, told.reason) == ("shortlist", "shortlisted", "Dringend.")


def test_the_last_recommendation_is_the_one_that_is_followed(feasible):
    feasible.do(recommend("a"), "reviewer")
    feasible.do(recommend("a", "pass_over", "Doppelt."), "steward")
    feasible.do(FollowRecommendations(items=["a"]), "officer")
    assert (feasible.state("a"), feasible.item("a").reason) == ("not_shortlisted", "Doppelt.")


def test_a_whole_block_is_followed_by_one_event(feasible):
    for ref, trigger in {"a": "shortlist", "b": "pass_over", "c": "shortlist"}.items():
        feasible.do(recommend(ref, trigger), "steward")
    facts = feasible.do(FollowRecommendations(items=["a", "b", "a"]), "officer")
    assert len(facts) == 1
    assert {ref: feasible.state(ref) for ref in "abc"} == {
        "a": "shortlisted",
        "b": "not_shortlisted",
        "c": "feasible",
    }
    assert feasible.item("a").recommendation is None
    assert feasible.item("c").recommendation is not None


def test_following_is_all_or_nothing_and_names_every_obstacle(feasible):
    for ref in "abc":
        feasible.do(recommend(ref), "steward")
    feasible.put("a", cost=None)
    feasible.do(WithdrawItem(item="b"), "anna")
    feasible.put("d", state="feasible")
    told = feasible.why(FollowRecommendations(items=["a", "b", "c", "d", "e"]), "officer")
    assert [(one.code, one.params["item"]) for one in told] == [
        ("cost_missing", "a"),
        ("state_forbids", "b"),
        ("nothing_recommended", "d"),
        ("item_unknown", "e"),
    ]


def test_a_recommendation_opens_no_door_that_is_closed_to_the_office(feasible):
    """Only the moderation publishes ideas; the office cannot do so by way of a block."""
    feasible.put("s", state="submitted")
    feasible.do(recommend("s", "publish"), "steward")
    told = feasible.why(FollowRecommendations(items=["s"]), "officer")
    by_hand = feasible.why(_publish("s"), "officer")
    assert by_hand
    assert told == by_hand


def _publish(ref):
    return recommendation._STEPS["publish"].command(item=ref)


def test_what_is_the_same_for_every_item_of_a_block_is_told_once(feasible):
    feasible.do(recommend("a"), "steward")
    feasible.do(recommend("b"), "steward")
    feasible.become(stage="fund")
    codes = feasible.codes(FollowRecommendations(items=["a", "b"]), "officer")
    by_hand = feasible.codes(ShortlistItem(item="a"), "officer")
    assert codes == sorted(["stage_over", *by_hand])


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        (recommend("a", reason=" "), ["reason_missing"]),
        (recommend("a", "award"), ["not_recommendable"]),
        (recommend("a", "approve"), ["not_recommendable"]),
        (recommend("a", "take_up"), ["state_forbids"]),
        (recommend("i-9"), ["item_unknown"]),
        (FollowRecommendations(items=[]), ["no_items_named", "role_forbids"]),
    ],
    ids=["no reason", "money", "a review", "not from here", "no such idea", "an empty block"],
)
def test_what_cannot_be_recommended(feasible, command, codes):
    assert feasible.codes(command, "steward") == codes


def test_only_plain_steps_can_be_recommended():
    """Awards, votes and reviews have facts and money to them that a pointer cannot carry."""
    never = {"award", "keep_in_reserve", "decline", "put_on_ballot", "submit", "finish"}
    never |= {"abandon", "approve", "disapprove", "forward", "object", "merge"}
    assert not never & set(recommendation._STEPS)
    assert set(recommendation._STEPS) <= set(ITEM_LIFECYCLE.triggers)
    assert {"admit", "shortlist", "pass_over", "publish", "return"} <= set(recommendation._STEPS)


def test_residents_recommend_nothing(feasible):
    assert feasible.codes(recommend("a"), "anna") == ["role_forbids"]
    assert Role.RESIDENT not in feasible.definition.roles("review", "FollowRecommendations")
