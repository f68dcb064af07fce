"""The register in the database: its keys have the last word, and what is missing is found."""

import sqlite3
from contextlib import closing
from pathlib import Path
from runpy import run_path

import pytest

from partizipation_core import Actor, Platform, Role
from partizipation_core.clock import FrozenClock
from partizipation_core.commands import (
    AdmitVoters,
    AmendProcedure,
    ConfirmPaperBallot,
    EnterPaperBallot,
)
from partizipation_core.errors import Refused
from partizipation_core.kernel.channels.entries import CastEntry, Voter
from partizipation_core.kernel.channels.policy import Fate, Standing
from partizipation_core.plugins.host import PluginHost
from partizipation_core.store import Unit, casting

Budget = run_path(str(Path(__file__).parents[1] / "platform" / "conftest.py"))["Budget"]
OFFICER, DEPUTY = Actor.of("officer-1", Role.OFFICER), Actor.of("officer-2", Role.OFFICER)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "town.db"


@pytest.fixture
def voting(file):
    clock = FrozenClock(Budget.when("review") - 1)
    with Platform(f"sqlite:///{file}", host=PluginHost.discover(), clock=clock) as platform:
        budget = Budget(platform.municipality("12060052"), clock)
        yield budget.to_the_vote(fountain=600, bench=500)


def put(voting, **entry):
    """Write past every objection, as a second writer would who looked too early."""
    execution, scope = voting.handle._execution, voting.handle._scope
    cast = CastEntry(vote="vote", voter=Voter(person="anna"), **entry)
    with execution.database.writing() as connection:
        unit = Unit(connection, scope)
        return casting.put(unit, execution.keys, scope, cast)


@pytest.mark.parametrize(
    "second",
    [
        {"channel": "code", "choices": {"bench": 1}},
        {"channel": "paper", "choices": {"bench": 1}},
        {"channel": "hands", "fate": Fate.STANDS},
        {"channel": "paper", "fate": Fate.STANDS, "validity": "blank"},
        {"channel": "code", "fate": Fate.TEST},
    ],
    ids=["code", "paper", "hands", "blank", "test"],
)
@pytest.mark.parametrize("first", ["online", "hands"])
def test_the_key_of_the_roll_has_the_last_word(voting, first, second):
    if first == "online":
        voting.cast("anna", "bench")
    else:
        voting.execute(AdmitVoters(people=["anna"]), actor=OFFICER)
    before = voting.reconciliation("vote")
    with pytest.raises(Refused, match=r"already_voted|code_not_accepted"):
        put(voting, **second)
    assert voting.reconciliation("vote") == before
    assert voting.faults() == []


def test_a_ballot_that_is_put_aside_leaves_its_commitment_and_not_what_it_said(voting, file):
    commitment = voting.cast("anna", "bench").commitment
    put(voting, channel="paper", choices={"fountain": 1}, puts_aside=Fate.DOUBLE)
    with voting.handle._unit() as unit:
        assert list(unit.ballots("vote")) == [{"fountain": 1}]
    with closing(sqlite3.connect(file)) as connection:
        ((fate, kept),) = connection.execute("SELECT fate, commitment FROM aside").fetchall()
    assert (fate, kept.hex()) == ("double", commitment)


@pytest.fixture
def offline(voting):
    """Hold a vote with hands, a blank paper and a double, and close it."""
    voting.cast("bernd", "bench")
    voting.execute(AdmitVoters(people=["anna"]), actor=OFFICER)
    for number, more in {"P-1": {"voter": "bernd"}, "P-2": {}}.items():
        blank = {"paper": number, "validity": "blank", **more}
        voting.execute(EnterPaperBallot(**blank), actor=OFFICER)
        voting.execute(ConfirmPaperBallot(**blank), actor=DEPUTY)
    voting.until("fund")
    assert voting.faults() == []
    return voting


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("DELETE FROM aside WHERE channel = 'hands'", "1 on the roll without a ballot"),
        ("DELETE FROM aside WHERE fate = 'double'", "the checkpoint says 3"),
        ("UPDATE aside SET fate = 'void' WHERE fate = 'stands'", "3 votes beside the box"),
        ("UPDATE aside SET channel = 'urn'", "3 votes beside the box with root"),
        (
            "DELETE FROM roll WHERE tag NOT IN (SELECT tag FROM box)",
            "3 votes beside the box belong",
        ),
    ],
    ids=["hands gone", "a double gone", "voided", "another channel", "roll shortened"],
)
def test_whoever_tampers_with_what_is_not_in_the_box_is_found(offline, file, tampering, told):
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(tampering)
    faults = list(offline.faults())
    assert any(told in fault for fault in faults), faults


def test_rules_are_frozen_once_anybody_has_voted_by_any_channel(voting):
    amend = AmendProcedure(definition=voting.definition(), reason="x")
    assert voting.why(amend, actor=OFFICER) == ()
    voting.execute(AdmitVoters(people=["anna"]), actor=OFFICER)
    assert [one.code for one in voting.why(amend, actor=OFFICER)] == ["ballots_cast"]


def test_nobody_on_the_register_is_found_where_nobody_voted(voting):
    execution, scope = voting.handle._execution, voting.handle._scope
    with voting.handle._unit() as unit:
        assert casting.standing_of(unit, execution.keys, scope, "vote", "anna") is None
    voting.cast("anna", "bench")
    with voting.handle._unit() as unit:
        stands = casting.standing_of(unit, execution.keys, scope, "vote", "anna")
    assert stands == Standing(channel="online")
