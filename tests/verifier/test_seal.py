"""After the seal nothing in the database links a ballot with its voter: known attacks fail."""

import sqlite3
from contextlib import closing

import pytest

from partizipation_core import Actor, Platform, Role
from partizipation_core.clock import FrozenClock
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    CountBallots,
    ReopenStage,
    ReplaceBallot,
)
from partizipation_core.errors import Refused
from partizipation_core.store.keys import MemoryKeys, voter_tag
from partizipation_core.store.scope import Scope

OFFICER = Actor.of("officer-1", Role.OFFICER)
VOTERS = 80
CHANCE = 7
"""Matches that two orders of 80 made by chance exceed once in 100,000 times."""


def resident(number):
    return Actor.of(f"voter-{number}", Role.RESIDENT)


@pytest.fixture
def voted(tmp_path, until_the_vote, noon):
    """A town in a file, with voters, the commitments of their receipts, and its keys."""
    keys = MemoryKeys()
    with Platform(f"sqlite:///{tmp_path / 'town.db'}", clock=FrozenClock(noon), keys=keys) as p:
        handle = p.municipality("12060052").open(
            "budget-2027",
            "buergerhaushalt",
            actor=OFFICER,
            settings={"pot": "5000 EUR", "misfit": "skip"},
        )
        until_the_vote(handle, {"bench": 90_000, "swing": 180_000})
        receipts = [
            handle.execute(
                CastBallot(choices={"bench": 1}), actor=resident(n), key=f"phone-of-{n}"
            ).commitment
            for n in range(VOTERS)
        ]
        handle.execute(AdvanceStage(), actor=OFFICER)
        yield handle, receipts, keys, tmp_path / "town.db"


def rows(file, statement):
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(statement).fetchall()


def matches(guessed, receipts):
    """Count the voters whose ballot an attack names."""
    return sum(guess == true for guess, true in zip(guessed, receipts, strict=False))


def by_tag(file, keys):
    """Compute the tags of people with the stolen key, and look them up in the box."""
    scope = Scope("12060052", "budget-2027")
    tags = [voter_tag(keys, scope, "vote", resident(n).ref) for n in range(VOTERS)]
    box = {tag: body.hex() for tag, body in rows(file, "SELECT tag, commitment FROM box")}
    return [box.get(tag, "") for tag in tags]


def by_roll(file, keys):
    """Lay the roll and the box side by side, each as the database returns it."""
    scope = Scope("12060052", "budget-2027")
    names = {voter_tag(keys, scope, "vote", resident(n).ref): n for n in range(VOTERS)}
    people = [names[tag] for (tag,) in rows(file, "SELECT tag FROM roll")]
    ballots = [one.hex() for (one,) in rows(file, "SELECT commitment FROM box")]
    guessed = dict(zip(people, ballots, strict=True))
    return [guessed[n] for n in range(VOTERS)]


def by_answers(file, _keys):
    """Read the answers that were kept for retries, in the order in which they were given."""
    found = rows(file, "SELECT key, receipt FROM request ORDER BY rowid")
    told = {key: receipt.decode() for key, receipt in found}
    return [
        next((part for part in told.get(f"phone-of-{n}", "").split('"') if len(part) == 64), "")
        for n in range(VOTERS)
    ]


def by_place_in_the_file(file, _keys):
    """Take the bytes of the file: ballots that lie side by side came one after the other."""
    body = file.read_bytes()
    places = {body.find(one): one.hex() for (one,) in rows(file, "SELECT commitment FROM box")}
    return [places[place] for place in sorted(places)]


ATTACKS = [by_tag, by_roll, by_answers, by_place_in_the_file]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_no_attack_does_better_than_chance_after_the_seal(voted, attack):
    handle, receipts, keys, file = voted
    handle.seal("vote")
    guessed = attack(file, keys)
    assert matches(guessed, receipts) <= CHANCE
    assert matches(guessed, receipts[::-1]) <= CHANCE


@pytest.mark.parametrize("attack", [by_tag, by_roll, by_answers])
def test_the_same_attacks_name_everybody_where_nothing_is_sealed(voted, attack):
    _, receipts, keys, file = voted
    assert matches(attack(file, keys), receipts) == VOTERS


def test_no_byte_of_the_old_links_stays_in_any_file(voted):
    handle, _, keys, file = voted
    handle.seal("vote")
    everything = b"".join(
        one.read_bytes() for one in file.parent.glob("town.db*") if one.is_file()
    )
    scope = Scope("12060052", "budget-2027")
    for n in range(VOTERS):
        assert everything.count(voter_tag(keys, scope, "vote", resident(n).ref)) == 1  # the roll
    assert b"phone-of-" not in everything


def test_a_sealed_box_counts_and_is_checked_as_before(voted, verifier, tmp_path):
    handle, receipts, _, _ = voted
    before = handle.checkpoint()
    assert handle.seal("vote") == handle.seal("vote") == VOTERS
    assert handle.checkpoint() == before
    handle.execute(CountBallots(vote="vote", seed="4 9 17"), actor=OFFICER)
    assert handle.result("vote").fates["bench"].votes == VOTERS
    assert [fault for check in handle.audit() for fault in check.faults] == []
    assert handle.included(receipts[0], "vote").size == VOTERS
    handle.export(tmp_path / "export")
    assert verifier.verify(tmp_path / "export").exit_code == 0


def test_an_open_box_is_not_sealed(voting):
    with pytest.raises(Refused) as refused:
        voting.seal("vote")
    assert [one.code for one in refused.value.objections] == ["vote_still_open"]


def test_a_ballot_slipped_into_a_sealed_box_is_found(voted):
    handle, _, _, file = voted
    handle.seal("vote")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM roll WHERE tag = (SELECT min(tag) FROM roll)")
    faults = [fault for check in handle.audit() for fault in check.faults]
    assert faults == ["vote vote: 1 ballots in the sealed box belong to nobody"]


def test_who_has_voted_cannot_vote_again_when_a_sealed_vote_is_opened_again(voted):
    handle, _, _, _ = voted
    handle.seal("vote")
    handle.execute(ReopenStage(reason="Ein Wahllokal war zu."), actor=OFFICER)
    for command in (CastBallot(choices={"swing": 1}), ReplaceBallot(choices={"swing": 1})):
        with pytest.raises(Refused):
            handle.execute(command, actor=resident(1))
    handle.execute(CastBallot(choices={"swing": 1}), actor=resident("new"))
    handle.execute(AdvanceStage(), actor=OFFICER)
    assert [fault for check in handle.audit() for fault in check.faults] == []
