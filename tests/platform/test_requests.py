"""Asking again with the same key gives the same answer, once and for ever."""

import pytest

from partizipation_core.errors import Conflict, Refused
from partizipation_core.execution import Execution
from partizipation_core.platform import Platform
from partizipation_core.store import Unit


@pytest.fixture
def voting(budget):
    return budget.to_the_vote(fountain=600, bench=500)


def test_the_same_request_gets_the_same_receipt_and_is_done_once(voting):
    first = voting.cast("anna", "fountain", key="k-1")
    voting.clock.advance(hours=1)
    assert voting.cast("anna", "fountain", key="k-1") == first
    assert voting.turnout("vote") == {"online": 1}


def test_an_idea_handed_in_twice_by_a_nervous_browser_is_one_idea(budget):
    first = budget.idea("fountain", key="k-1")
    assert budget.idea("fountain", key="k-1") == first
    assert (first.first, first.last) == (2, 3)
    assert len(budget.journal()) == 3


def test_without_a_key_the_second_try_is_a_second_ballot(voting):
    voting.cast("anna", "fountain")
    with pytest.raises(Refused, match="already_voted"):
        voting.cast("anna", "fountain")


@pytest.mark.parametrize(
    "other",
    [
        lambda voting: voting.cast("anna", "bench", key="k-1"),
        lambda voting: voting.cast("ben", "fountain", key="k-1"),
        lambda voting: voting.idea("k", key="k-1"),
    ],
    ids=["another choice", "another person", "another command"],
)
def test_a_key_cannot_be_used_for_something_else(voting, stored, other):
    voting.cast("anna", "fountain", key="k-1")
    before = stored()
    with pytest.raises(Conflict, match="idempotency key 'k-1' was used for another command"):
        other(voting)
    assert stored() == before


def test_a_refused_request_may_be_put_right_under_its_key(voting):
    with pytest.raises(Refused, match="not_on_ballot"):
        voting.cast("anna", "moon", key="k-1")
    assert voting.cast("anna", "fountain", key="k-1").commitment


def test_keys_of_two_procedures_do_not_meet(town, new_budget):
    first, second = new_budget(town), new_budget(town, "budget-2028")
    assert first.idea("fountain", key="k-1").first == 2
    assert second.idea("bench", key="k-1").first == 2


def test_the_answer_outlives_the_platform_that_gave_it(voting, open_platform):
    first = voting.cast("anna", "fountain", key="k-1")
    voting.handle = open_platform().municipality("12060052").procedure("budget-2027")
    assert voting.cast("anna", "fountain", key="k-1") == first
    with pytest.raises(Conflict):
        voting.cast("anna", "bench", key="k-1")


class PowerFailure(BaseException):
    """What no code expects."""


@pytest.mark.parametrize("moment", ["put", "answer"])
def test_a_crash_before_the_commit_leaves_neither_ballot_nor_key(
    voting, stored, monkeypatch, moment
):
    before, real = stored(), getattr(Unit, moment)

    def do_and_fail(*given):
        real(*given)
        raise PowerFailure

    monkeypatch.setattr(Unit, moment, do_and_fail)
    with pytest.raises(PowerFailure):
        voting.cast("anna", "fountain", key="k-1")
    monkeypatch.undo()
    assert stored() == before
    assert voting.cast("anna", "fountain", key="k-1").commitment


def test_a_crash_after_the_commit_is_resolved_by_the_key(voting, monkeypatch, host):
    """The caller never saw the receipt; asking again brings it, not a refusal."""

    def fail(*_given):
        raise PowerFailure

    monkeypatch.setattr(Execution, "tell", fail)
    with pytest.raises(PowerFailure):
        voting.cast("anna", "fountain", key="k-1")
    monkeypatch.undo()
    assert voting.turnout("vote") == {"online": 1}
    assert voting.cast("anna", "fountain", key="k-1").commitment
    assert voting.turnout("vote") == {"online": 1}


def test_what_was_asked_cannot_be_guessed_from_what_is_kept(host, clock, new_budget, tmp_path):
    """The fingerprint of a ballot hangs on a key, so that trying all ballots finds nothing."""
    kept = []
    for town in ("one", "two"):
        with Platform(f"sqlite:///{tmp_path / town}.db", host=host, clock=clock) as platform:
            clock.set(new_budget.start)
            budget = new_budget(platform.municipality("12060052")).to_the_vote(fountain=600)
            budget.cast("anna", "fountain", key="k-1")
            with budget.handle._unit() as unit:
                kept.append(unit.answered("k-1")[0])
    assert kept[0] != kept[1]
