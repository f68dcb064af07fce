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
)
from partizipation_core.errors import Refused, StorageError
from partizipation_core.execution.unasked import Unasked
from partizipation_core.store import Database
from partizipation_core.store.keys import MemoryKeys, voter_tag
from partizipation_core.store.scope import Scope

OFFICER = Actor.of("officer-1", Role.OFFICER)
VOTERS = 80
CHANCE = 7
"""Matches that two orders of 80 made by chance exceed once in 100,000 times."""


def resident(number):
    return Actor.of(f"voter-{number}", Role.RESIDENT)


BY_HAND = pytest.mark.parametrize("voted", ["pseudonymous"], indirect=True)
"""A vote whose box nobody seals unless somebody says so."""


@pytest.fixture
def voted(request, tmp_path, until_the_vote, noon):
    """A town in a file, with voters, the commitments of their receipts, and its keys."""
    secrecy = getattr(request, "param", "secret")
    keys = MemoryKeys()
    with Platform(f"sqlite:///{tmp_path / 'town.db'}", clock=FrozenClock(noon), keys=keys) as p:
        handle = p.municipality("12060052").open(
            "budget-2027",
            "buergerhaushalt",
            actor=OFFICER,
            settings={"pot": "5000 EUR", "misfit": "skip", "secrecy": secrecy},
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
def test_no_attack_does_better_than_chance_after_a_secret_vote_was_closed(voted, attack):
    _, receipts, keys, file = voted
    guessed = attack(file, keys)
    assert matches(guessed, receipts) <= CHANCE
    assert matches(guessed, receipts[::-1]) <= CHANCE


@BY_HAND
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_no_attack_does_better_than_chance_after_a_seal_by_hand(voted, attack):
    handle, receipts, keys, file = voted
    handle.seal("vote")
    guessed = attack(file, keys)
    assert matches(guessed, receipts) <= CHANCE
    assert matches(guessed, receipts[::-1]) <= CHANCE


@BY_HAND
@pytest.mark.parametrize("attack", [by_tag, by_roll, by_answers])
def test_the_same_attacks_name_everybody_where_nothing_is_sealed(voted, attack):
    _, receipts, keys, file = voted
    assert matches(attack(file, keys), receipts) == VOTERS


def test_no_byte_of_the_old_links_stays_in_any_file(voted):
    _, _, keys, file = voted
    everything = b"".join(
        one.read_bytes() for one in file.parent.glob("town.db*") if one.is_file()
    )
    scope = Scope("12060052", "budget-2027")
    for n in range(VOTERS):
        assert everything.count(voter_tag(keys, scope, "vote", resident(n).ref)) == 1  # the roll
    assert b"phone-of-" not in everything


def kinds(handle):
    return [type(one.event).__name__ for one in handle.journal()]


@pytest.mark.parametrize("voted", ["secret", "pseudonymous"], indirect=True)
def test_a_sealed_box_counts_and_is_checked_as_before(voted, verifier, tmp_path):
    handle, receipts, _, _ = voted
    assert handle.seal("vote") == handle.seal("vote") == VOTERS
    assert kinds(handle)[-2:] == ["BoxSealed", "SealVerified"]  # however often it is asked for
    assert kinds(handle).count("BoxSealed") == 1
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
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM roll WHERE tag = (SELECT min(tag) FROM roll)")
    faults = [fault for check in handle.audit() for fault in check.faults]
    assert faults[0] == "vote vote: 1 ballots in the sealed box belong to nobody"
    assert "79 on the roll with root" in faults[1]


@pytest.mark.parametrize("voted", ["secret", "pseudonymous"], indirect=True)
def test_a_sealed_vote_is_never_opened_again(voted):
    handle, _, _, _ = voted
    handle.seal("vote")
    found = handle.why(ReopenStage(reason="Ein Wahllokal war zu."), actor=OFFICER)
    assert [one.code for one in found] == ["vote_sealed"]


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def closing_vote(site, until_the_vote, noon):
    """A secret vote with three ballots on either database, about to be closed."""
    with Platform(site.url, clock=FrozenClock(noon), keys=MemoryKeys()) as platform:
        settings = {"pot": "5000 EUR", "misfit": "skip"}
        town = platform.municipality("12060052")
        handle = town.open("budget-2027", "buergerhaushalt", actor=OFFICER, settings=settings)
        until_the_vote(handle, {"bench": 90_000, "swing": 180_000})
        for n in range(3):
            handle.execute(CastBallot(choices={"bench": 1}), actor=resident(n))
        yield platform, handle


def close(handle):
    return handle.execute(AdvanceStage(), actor=OFFICER)


WHERE = {
    "before the box is sealed": (Unasked, "of_itself", []),
    "before the old bytes are gone": (Database, "scrub", ["BoxSealed"]),
}


@pytest.mark.parametrize(("owner", "name", "done"), WHERE.values(), ids=WHERE)
def test_what_a_killed_process_left_unsealed_is_sealed_by_the_next_tick(
    closing_vote, monkeypatch, owner, name, done
):
    platform, handle = closing_vote

    def killed(*_, **__):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, killed)
        with pytest.raises(Killed):
            close(handle)
    assert "BallotClosed" in kinds(handle)
    assert [one for one in kinds(handle) if "Seal" in one] == done
    (ticked,) = platform.tick()
    assert ticked.failure == ""
    assert [one for one in kinds(handle) if "Seal" in one] == ["BoxSealed", "SealVerified"]
    assert platform.tick() == ()
    assert [fault for check in handle.audit() for fault in check.faults] == []


def test_a_seal_that_fails_does_not_undo_the_close_and_is_made_up_for(closing_vote, monkeypatch):
    platform, handle = closing_vote

    def busy(*_, **__):
        raise StorageError("somebody reads from it")

    with monkeypatch.context() as patched:
        patched.setattr(Database, "scrub", busy)
        assert close(handle).last
        (ticked,) = platform.tick()
        assert "somebody reads" in ticked.failure
    assert handle.failures() == ["SealBox: somebody reads from it"]
    assert handle.state().seals["vote"].step == "sealed"
    platform.tick()
    assert handle.state().seals["vote"].step == "verified"
    assert handle.rebuild() == len(handle.journal())
    assert handle.state().seals["vote"].step == "verified"


def test_a_ballot_left_unsealed_is_found(closing_vote, site):
    _, handle = closing_vote
    close(handle)
    assert site.run("UPDATE box SET tag = (SELECT min(tag) FROM roll)"
                    " WHERE tag = (SELECT min(tag) FROM box)") == 1  # fmt: skip
    faults = [fault for check in handle.audit() for fault in check.faults]
    assert "vote vote: the box is sealed, and 1 ballots in it are not" in faults
