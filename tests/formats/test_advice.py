"""Advice: what can be opened and will disappoint, found before anybody relies on it."""

import pytest
from attrs import evolve

from partizipation_core import Money, Stage
from partizipation_core.commands import (
    AdmitItem,
    AdvanceStage,
    CastBallot,
    PutOnBallot,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.formats.advice import Level, advice, money_advice
from partizipation_core.formats.items import ITEM_LIFECYCLE
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.formats.stages import Edge
from partizipation_core.kernel.state import Item
from partizipation_core.plugins.host import PluginHost

STEER = {AdvanceStage: ["officer"]}
REVIEW = {TakeUpReview: ["reviewer"], ReviewItem: ["reviewer"]}


@pytest.fixture(scope="module")
def facts():
    deciders = PluginHost.discover().registry.deciders
    return {name: offer.thing for name, offer in deciders.items()}


@pytest.fixture
def found(small, facts):
    """Return code and place of everything found in a small format."""

    def look(*, screening=False, **differences):
        form = small(**{"anytime": STEER, **differences})
        return [(one.code, one.place) for one in advice(form, facts, screening=screening)]

    return look


def with_review(stages, allows):
    ideas, vote, fund = stages
    return [ideas, Stage("review", kind="review", allows=allows), vote, fund]


@pytest.mark.parametrize("key", ["buergerhaushalt", "kiezkasse", "jugendbudget"])
def test_the_formats_that_are_installed_are_sound(facts, key):
    form = PluginHost.discover().registry.format(key).thing
    assert advice(form, facts) == ()
    assert advice(form, facts, screening=True) == ()


# --- a vote on whose ballot nothing can stand


def test_a_vote_before_any_item_can_be_shortlisted_names_every_missing_step(found):
    assert found() == [
        ("vote_without_items", "stages.vote"),
        ("step_nobody", "lifecycle.published.admit"),
        ("step_nobody", "lifecycle.feasible.shortlist"),
    ]


def test_what_is_allowed_too_late_is_missing_all_the_same(found, stages):
    ideas, vote, fund = stages
    late = evolve(fund, allows={**fund.allows, AdmitItem: ["officer"], ShortlistItem: ["officer"]})
    assert ("vote_without_items", "stages.vote") in found(stages=[ideas, vote, late])


def test_only_the_step_that_nobody_may_take_is_named(found, stages):
    assert found(stages=with_review(stages, REVIEW)) == [
        ("vote_without_items", "stages.vote"),
        ("step_nobody", "lifecycle.feasible.shortlist"),
    ]


@pytest.mark.parametrize("path", [REVIEW, {AdmitItem: ["officer"]}], ids=["review", "admission"])
def test_any_way_to_the_ballot_is_enough(found, stages, path):
    assert found(stages=with_review(stages, {**path, ShortlistItem: ["officer"]})) == []


def test_walk_ins_are_enough(found, stages):
    ideas, vote, fund = stages
    walk_in = {AdmitItem: ["steward"], ShortlistItem: ["steward"], PutOnBallot: ["steward"]}
    open_vote = evolve(vote, allows={**vote.allows, **walk_in})
    assert found(stages=[ideas, open_vote, fund]) == []


def test_where_ideas_wait_for_the_office_somebody_must_publish_them(found, stages):
    row = with_review(stages, {**REVIEW, ShortlistItem: ["officer"]})
    assert found(stages=row) == []
    assert ("step_nobody", "lifecycle.submitted.publish") in found(stages=row, screening=True)


def test_a_way_back_counts(found, stages):
    """An item handed in only in a later stage stands on the ballot of the second vote."""
    ideas, vote, fund = stages
    path = {SubmitItem: ["resident"], AdmitItem: ["officer"], ShortlistItem: ["officer"]}
    again = evolve(fund, allows={**fund.allows, **path}, edges={"remainder": Edge("vote")})
    assert found(stages=[ideas, vote, again]) == []


# --- dead stages and ways


def test_a_stage_in_which_nothing_can_happen_is_dead(found, stages):
    row = with_review(stages, {AdmitItem: ["officer"], ShortlistItem: ["officer"]})
    dead = Stage("early", kind="review", allows={ShortlistItem: ["officer"]})
    assert found(stages=[row[0], dead, *row[1:]]) == [("stage_dead", "stages.early.allows")]


def test_a_way_that_nobody_may_take_is_found(found, stages):
    row = with_review(stages, {AdmitItem: ["officer"], ShortlistItem: ["officer"]})
    by_hand = evolve(row[0], edges={"advance": Edge("review", ["command"])})
    assert found(stages=[by_hand, *row[1:]], anytime={}) == [
        ("way_nobody", "stages.ideas.edges.advance")
    ]
    assert found(stages=[by_hand, *row[1:]]) == []


def test_a_way_that_nothing_moves_is_found(found, stages):
    row = with_review(stages, {AdmitItem: ["officer"], ShortlistItem: ["officer"]})
    unmoved = evolve(row[0], edges={"advance": Edge("review", [])})
    assert found(stages=[unmoved, *row[1:]]) == [("way_nobody", "stages.ideas.edges.advance")]


def test_a_right_to_what_nobody_decides_is_found(found, stages):
    row = with_review(stages, {AdmitItem: ["officer"], ShortlistItem: ["officer"]})
    assert found(stages=row, anytime={**STEER, "Dance": ["resident"]}) == [
        ("command_unknown", "anytime.Dance")
    ]


# --- money


def item(ref, cost, state="feasible"):
    money = None if cost is None else Money.euro(cost)
    return Item(ref=ref, author="a", title="x", state=state, cost=money)


POTS = {
    "below the cheapest": (100, [item("a", 200), item("b", 150)], [("b", 15_000)]),
    "just enough": (150, [item("a", 200), item("b", 150)], []),
    "cheap ones are out": (100, [item("a", 50, "withdrawn"), item("b", 150)], [("b", 15_000)]),
    "cheap ones have money": (100, [item("a", 50, "awarded"), item("b", 150)], [("b", 15_000)]),
    "nothing to award": (100, [item("a", 500, "refused")], []),
    "costs unknown": (100, [item("a", None)], []),
    "no pot": (None, [item("a", 500)], []),
    "no items": (100, [], []),
}


@pytest.mark.parametrize(("pot", "items", "told"), POTS.values(), ids=POTS)
def test_a_pot_below_the_cheapest_item_is_found(pot, items, told):
    settings = ProcedureSettings(pot=None if pot is None else Money.euro(pot))
    found = list(money_advice(settings, items, ITEM_LIFECYCLE))
    assert [(one.params["item"], one.params["cost"]) for one in found] == told
    assert {one.level for one in found} <= {Level.WARNING}


def test_a_vote_is_not_questioned_for_casting(found, stages):
    row = with_review(stages, {AdmitItem: ["officer"], ShortlistItem: ["officer"]})
    votes = [one for one in row if CastBallot.__name__ in one.allows]
    assert len(votes) == 1
    assert found(stages=row) == []
