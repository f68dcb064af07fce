"""A ballot takes the short way, and is decided as it would be on the long one."""

import re
from contextlib import contextmanager

import pytest

from partizipation_core.commands import AdvanceStage, CastBallot
from partizipation_core.errors import Conflict, Refused, StorageError
from partizipation_core.execution.unasked import Unasked


@pytest.fixture
def voting(budget):
    return budget.to_the_vote(fountain=600, bench=500)


@pytest.fixture
def only_the_short_way(voting, monkeypatch):
    """Let whoever goes the long way fall."""
    voting.cast("the first one", "fountain")  # makes the key of the vote
    monkeypatch.setattr(Unasked, "catch_up", None)
    return voting


@contextmanager
def round_trips(platform, file):
    """Count how often the driver waits for the server, as the protocol itself tells."""
    database, counted = platform._execution.database, []
    with file.open("w+b") as told:
        with database.lending() as lent:
            lent.driver.pgconn.trace(told.fileno())
        yield counted
        with database.lending() as lent:
            lent.driver.pgconn.untrace()
    counted.append(len(re.findall(rb"ReadyForQuery", file.read_bytes())))


@pytest.mark.postgresql
@pytest.mark.parametrize("key", ["", "request-{}"], ids=["plain", "with a key"])
def test_a_vote_on_postgresql_is_one_round_trip(voting, platform, tmp_path, key):
    for number in range(9):  # until the driver has prepared the statement
        voting.cast(f"voter-{number}", "fountain", key=key.format(number))
    with round_trips(platform, tmp_path / "trace") as counted:
        voting.cast("anna", "fountain", key=key.format("anna"))
    assert counted == [1]
    assert voting.turnout("vote") == {"online": 10}


def test_it_brings_a_receipt_that_a_retry_brings_again(only_the_short_way):
    voting = only_the_short_way
    first = voting.cast("anna", "fountain", key="r-1")
    assert voting.cast("anna", "fountain", key="r-1") == first
    with pytest.raises(Conflict, match="r-1"):
        voting.cast("anna", "bench", key="r-1")
    with pytest.raises(Conflict, match="r-1"):
        voting.cast("ben", "fountain", key="r-1")
    assert voting.turnout("vote") == {"online": 2}


def test_it_refuses_with_every_reason(only_the_short_way):
    voting = only_the_short_way
    voting.cast("anna", "fountain")
    asked = CastBallot(choices={"fountain": 1, "stranger": 1})
    with pytest.raises(Refused) as refused:
        voting.execute(asked, actor=voting.resident("anna"))
    assert {one.code for one in refused.value.objections} >= {"already_voted", "not_on_ballot"}


def test_what_another_process_changed_holds_for_the_very_next_ballot(
    voting, open_platform, new_budget
):
    voting.cast("anna", "fountain")
    other = open_platform().municipality("12060052").procedure("budget-2027")
    other.execute(AdvanceStage(), actor=voting.officer)
    with pytest.raises(Refused, match="stage_over"):
        voting.cast("ben", "fountain")
    assert voting.state().closed_votes == {"vote": 1}


def test_the_instant_of_the_close_holds_without_anybody_closing(voting, clock):
    voting.cast("anna", "fountain")
    clock.set(voting.when("fund"))
    with pytest.raises(Refused, match="stage_over"):
        voting.cast("ben", "fountain")
    assert voting.state().closed_votes == {"vote": 1}


def test_the_first_ballot_of_a_vote_makes_its_key_and_a_lost_key_is_noticed(
    voting, open_platform, file
):
    voting.cast("anna", "fountain")
    again = open_platform().municipality("12060052").procedure("budget-2027")
    for key in file.parent.glob("town.db.keys/*.key"):
        key.unlink()
    ballot = CastBallot(choices={"fountain": 1})
    with pytest.raises(StorageError, match="the key of vote 'vote' is missing"):
        again.execute(ballot, actor=voting.resident("ben"))
