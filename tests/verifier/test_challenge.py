"""A challenge opens the ballot it spoils, and no other: ways to get at a counted one fail."""

import json

import pytest

from partizipation_core import Actor, Platform, Role
from partizipation_core.clock import FrozenClock
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    ChallengeBallot,
    CountBallots,
    ReplaceBallot,
)
from partizipation_core.errors import Refused
from partizipation_core.store.keys import MemoryKeys

OFFICER = Actor.of("officer-1", Role.OFFICER)
ANNA, BERND = (Actor.of(name, Role.RESIDENT) for name in ("anna", "bernd"))
BENCH, SWING = CastBallot(choices={"bench": 1}), CastBallot(choices={"swing": 1})


@pytest.fixture
def open_vote(site, until_the_vote, noon):
    """A vote that is open, on either database."""
    with Platform(site.url, clock=FrozenClock(noon), keys=MemoryKeys()) as platform:

        def open_(secrecy="secret"):
            settings = {"pot": "5000 EUR", "misfit": "skip", "secrecy": secrecy}
            town = platform.municipality("12060052")
            handle = town.open("budget-2027", "buergerhaushalt", actor=OFFICER, settings=settings)
            until_the_vote(handle, {"bench": 90_000, "swing": 180_000})
            return handle

        yield open_


def challenge(receipt):
    return ChallengeBallot(commitment=receipt.commitment)


def codes(handle, command, actor):
    with pytest.raises(Refused) as refused:
        handle.execute(command, actor=actor)
    return [one.code for one in refused.value.objections]


def test_a_challenge_shows_what_was_committed_to_and_spoils_it(open_vote, site):
    handle = open_vote()
    receipt = handle.execute(BENCH, actor=ANNA)
    lines = len(handle.journal())
    opening = handle.execute(challenge(receipt), actor=ANNA).opening
    assert opening.commitment == receipt.commitment
    assert json.loads(opening.body) == {"bench": 1}
    assert site.rows()["box"] == site.rows()["roll"] == []
    assert len(handle.journal()) == lines  # no line tells of a voter


def test_who_has_challenged_votes_again_and_that_ballot_counts(open_vote, verifier, tmp_path):
    handle = open_vote()
    spoiled = handle.execute(BENCH, actor=ANNA)
    handle.execute(challenge(spoiled), actor=ANNA)
    kept = handle.execute(SWING, actor=ANNA)
    handle.execute(AdvanceStage(), actor=OFFICER)
    handle.execute(CountBallots(vote="vote", seed="1"), actor=OFFICER)
    assert handle.result("vote").fates["swing"].votes == 1
    assert handle.included(kept.commitment, "vote").size == 1
    handle.export(tmp_path / "export")
    found = verifier.verify(tmp_path / "export", receipts=[kept.commitment])
    assert found.exit_code == 0
    gone = verifier.verify(tmp_path / "export", receipts=[spoiled.commitment])
    assert gone.exit_code == 2
    assert [fault for check in handle.audit() for fault in check.faults] == []


WITHOUT = {
    "somebody else's": lambda mine, other: challenge(other),
    "a receipt made up": lambda mine, other: ChallengeBallot(commitment="ab" * 32),
    "no commitment at all": lambda mine, other: ChallengeBallot(commitment="Quittung"),
}


@pytest.mark.parametrize("command", WITHOUT.values(), ids=WITHOUT)
def test_only_ones_own_ballot_is_opened(open_vote, site, command):
    handle = open_vote()
    mine, other = handle.execute(BENCH, actor=ANNA), handle.execute(SWING, actor=BERND)
    assert codes(handle, command(mine, other), ANNA) == ["no_ballot_to_challenge"]
    assert len(site.rows()["box"]) == len(site.rows()["roll"]) == 2


def test_a_ballot_that_was_replaced_is_not_opened(open_vote):
    handle = open_vote()
    before = handle.execute(BENCH, actor=ANNA)
    handle.execute(ReplaceBallot(choices={"swing": 1}), actor=ANNA)
    assert codes(handle, challenge(before), ANNA) == ["no_ballot_to_challenge"]


def test_who_has_not_voted_has_nothing_to_challenge(open_vote):
    assert codes(open_vote(), ChallengeBallot(commitment="00"), ANNA) == ["no_ballot_to_challenge"]


def test_a_counted_ballot_is_never_opened(open_vote):
    handle = open_vote()
    receipt = handle.execute(BENCH, actor=ANNA)
    handle.execute(AdvanceStage(), actor=OFFICER)
    assert "no_ballot_to_challenge" not in codes(handle, challenge(receipt), ANNA)
    assert handle.included(receipt.commitment, "vote").size == 1


@pytest.mark.parametrize("secrecy", ["open", "pseudonymous"])
def test_there_is_a_challenge_only_where_ballots_are_secret(open_vote, secrecy):
    handle = open_vote(secrecy)
    receipt = handle.execute(BENCH, actor=ANNA)
    assert codes(handle, challenge(receipt), ANNA) == ["challenge_only_where_secret"]


def test_a_retry_gets_the_same_opening_and_the_seal_forgets_it(open_vote, site):
    handle = open_vote()
    receipt = handle.execute(BENCH, actor=ANNA)
    asked = [handle.execute(challenge(receipt), actor=ANNA, key="k") for _ in range(2)]
    assert asked[0] == asked[1]
    handle.execute(BENCH, actor=ANNA, key="k-2")
    handle.execute(AdvanceStage(), actor=OFFICER)
    assert site.rows()["request"] == []


def test_neither_log_nor_repr_shows_what_was_opened(open_vote, caplog):
    handle = open_vote()
    receipt = handle.execute(BENCH, actor=ANNA)
    with caplog.at_level("DEBUG"):
        told = handle.execute(challenge(receipt), actor=ANNA)
    assert told.opening.nonce not in caplog.text + repr(told)
