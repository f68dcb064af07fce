"""Hiding: from any state, reversible; votes, state and money stay as they are."""

import pytest

from partizipation_core import Actor
from partizipation_core.commands import (
    CastBallot,
    CountBallots,
    HideItem,
    PutOnBallot,
    ReplaceBallot,
    ReviseItem,
    TakeUpReview,
    UnhideItem,
    WithdrawItem,
)
from partizipation_core.kernel.visibility import public, visible_to


def hide(budget, ref):
    budget.do(HideItem(item=ref, reason="Beleidigung"), "moderator")


def show(budget, ref):
    budget.do(UnhideItem(item=ref, reason="Geprüft, war keine"), "moderator")


def test_from_every_state_and_back_to_it(budget):
    for state in budget.definition.lifecycle.states:
        if state == "draft":
            continue
        budget.put("i-1", state=state)
        before = budget.item("i-1")
        hide(budget, "i-1")
        assert not public(budget.item("i-1"))
        assert (budget.state("i-1"), budget.item("i-1").hidden) == (state, "Beleidigung")
        show(budget, "i-1")
        assert budget.item("i-1") == before


def test_residents_can_do_nothing_with_it_and_offices_can(budget):
    budget.submit("i-1")
    hide(budget, "i-1")
    revise = ReviseItem(item="i-1", title="Anders")
    assert budget.codes(revise, "anna") == ["item_hidden"]
    assert budget.codes(WithdrawItem(item="i-1"), "anna") == ["item_hidden"]
    budget.advance("review")
    assert budget.codes(TakeUpReview(item="i-1"), "reviewer") == []
    show(budget, "i-1")
    assert budget.codes(WithdrawItem(item="i-1"), "anna") == []


def test_it_is_seen_by_its_author_and_by_offices(budget):
    budget.submit("i-1")
    hide(budget, "i-1")
    hidden = budget.item("i-1")
    seen = [
        who.ref
        for who in (Actor.of("anna", "resident"), Actor.of("bernd", "resident"))
        if visible_to(who, hidden)
    ]
    assert seen == ["anna"]
    assert visible_to(Actor.of("somebody", "moderator"), hidden)


def test_votes_stay_and_new_ones_cannot_name_it(voting):
    voting.do(CastBallot(choices={"a": 1, "b": 1}), "anna")
    hide(voting, "a")
    assert voting.boxes["vote"] == {"anna": {"a": 1, "b": 1}}
    assert voting.codes(CastBallot(choices={"a": 1}), "bernd") == ["item_hidden"]
    assert voting.codes(ReplaceBallot(choices={"a": 1, "c": 1}), "anna") == ["item_hidden"]
    assert voting.codes(CastBallot(choices={"b": 1}), "bernd") == []
    voting.advance("fund")
    (counted,) = voting.do(CountBallots(vote="vote", seed="1"), "officer")
    assert set(counted.proposed) >= {"a", "b"}


def test_shown_again_it_can_be_voted_for(voting):
    hide(voting, "a")
    show(voting, "a")
    assert voting.codes(CastBallot(choices={"a": 1}), "bernd") == []


def test_what_is_hidden_does_not_come_on_a_ballot(budget):
    for ref in ("i-1", "i-2"):
        budget.put(ref, state="shortlisted")
    budget.advance("review")
    hide(budget, "i-1")
    budget.advance("vote")
    assert list(budget.procedure.papers["vote"]) == ["i-2"]
    assert budget.state("i-1") == "shortlisted"


def test_no_walk_in_is_put_on_the_ballot_while_it_is_hidden(assembly):
    assembly.put("late", state="shortlisted")
    assembly.do(HideItem(item="late", reason="x"), "officer")
    assert assembly.codes(PutOnBallot(item="late"), "steward") == ["item_hidden"]


@pytest.mark.parametrize(
    ("hidden", "command", "codes"),
    [
        (False, HideItem(item="i-1", reason=" "), ["reason_missing"]),
        (True, HideItem(item="i-1", reason="x"), ["already_hidden"]),
        (False, UnhideItem(item="i-1", reason="x"), ["not_hidden"]),
        (True, UnhideItem(item="i-1", reason=""), ["reason_missing"]),
    ],
    ids=["no reason", "twice", "not hidden", "no reason to show it"],
)
def test_hiding_has_a_reason_and_something_to_hide(budget, hidden, command, codes):
    budget.submit("i-1")
    if hidden:
        hide(budget, "i-1")
    assert budget.codes(command, "moderator") == codes
