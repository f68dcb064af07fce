"""A vote held outside: what an insider forges of the report, with all hashes fitted again."""

import json
from hashlib import sha256

import pytest

from partizipation_core import Actor, Role
from partizipation_core.commands import AdvanceStage, CountBallots
from partizipation_core.exchange.outside import SignedFiles, signed_result
from partizipation_core.exchange.register import read_register

OFFICER = Actor.of("officer-1", Role.OFFICER)
TAMPERED, INCOMPLETE = 1, 2
SECRET = bytes(range(32))
KEY = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
SETTINGS = {
    "pot": "5000 EUR",
    "misfit": "skip",
    "secrecy": "external",
    "electorate": "register",
    "register_until": "2030-12-31",
    "ballot_type": "cumulative",
    "max_points": 3,
    "max_choices": 2,
    "outside": {"name": "Belenios", "address": "https://wahl.example", "key": KEY},
}
VOTES = {
    "bench": {"votes": 2, "contra": 0, "points": 5},
    "swing": {"votes": 1, "contra": 0, "points": 1},
}


@pytest.fixture
def counted(town, until_the_vote):
    handle = town.open("budget-2027", "buergerhaushalt", actor=OFFICER, settings=SETTINGS)
    extract = read_register(b"kennung\nR-1\nR-2\nR-3\n", handle.settings()).extract
    handle.import_register(extract, actor=OFFICER)
    until_the_vote(handle, {"bench": 90_000, "swing": 180_000})
    roll = json.loads(handle.hand_out_roll("vote", system=SignedFiles(), actor=OFFICER))
    handle.execute(AdvanceStage(), actor=OFFICER)
    statement = {
        "election": roll["election"],
        "ballots": 3,
        "valid": 2,
        "blank": 1,
        "invalid": 0,
        "votes": VOTES,
        "proof": sha256(b"proof").hexdigest(),
    }
    report = signed_result(statement, SECRET)
    handle.take_outside_result("vote", report, system=SignedFiles(), actor=OFFICER)
    handle.execute(CountBallots(vote="vote", seed="4 9 17"), actor=OFFICER)
    return handle


@pytest.fixture
def insider(counted, tmp_path, insider_of):
    counted.export(tmp_path / "export")
    return insider_of(tmp_path / "export")


def test_what_was_reported_as_it_must_be_is_incomplete_and_no_more(insider):
    report = insider.settle()
    assert report.exit_code == INCOMPLETE, report.text("en")
    assert insider.line("OutsideResultTaken")["data"]["signer"] == KEY


def settings(**other):
    def change(insider):
        insider.line("ProcedureOpened")["data"]["definition"]["settings"] |= other

    return change


def taken(**other):
    def change(insider):
        insider.line("OutsideResultTaken")["data"] |= other

    return change


def reported(**other):
    def change(insider):
        insider.line("OutsideResultTaken")["data"]["outside"] |= other

    return change


def got(**other):
    return reported(votes={**VOTES, "bench": {**VOTES["bench"], **other}})


def handed(**other):
    def change(insider):
        insider.line("RollHandedOut")["data"] |= other

    return change


def without(kind):
    def change(insider):
        gone = insider.line(kind)
        insider.lines = [one for one in insider.lines if one is not gone]
        for seq, one in enumerate(insider.lines, start=1):
            one["seq"] = seq

    return change


def a_second_one(insider):
    line = insider.line("OutsideResultTaken")
    insider.lines.append({**line, "seq": len(insider.lines) + 1})


FORGED = {
    "more ballots than people": (reported(ballots=4, valid=3), "people"),
    "fewer people than ballots on the roll that went out": (handed(people=2), "people"),
    "another roll than went out": (handed(root="00" * 32), "RollHandedOut"),
    "a roll that grew after it went out": (handed(people=9), "RollHandedOut"),
    "no roll that went out": (without("RollHandedOut"), "RollHandedOut"),
    "sums that do not agree": (reported(valid=3), "ballots"),
    "an invalid ballot taken away": (reported(invalid=-1, blank=2), "votes"),
    "more votes than ballots": (got(votes=3), "votes"),
    "votes below none": (got(votes=-1), "votes"),
    "an item that nobody could choose": (reported(votes={"moon": VOTES["bench"]}), "votes"),
    "more points than there were": (got(points=6), "max_points"),
    "more marks than there were": (settings(max_choices=1), "max_choices"),
    "another system": (taken(system="Helios"), "system"),
    "another signer": (taken(signer="ab" * 32), "signer"),
    "a proof that is none": (reported(proof="none"), "document"),
    "a report that is none": (reported(document=""), "document"),
    "a vote that was held here": (settings(secrecy="secret"), "secrecy"),
    "a second result": (a_second_one, "OutsideResultTaken"),
    "no result at all": (without("OutsideResultTaken"), "BallotsCounted"),
}


@pytest.mark.parametrize(("change", "name"), FORGED.values(), ids=FORGED)
def test_what_cannot_be_reported_is_found_though_everything_fits(insider, change, name):
    change(insider)
    report = insider.settle()
    told = [params for level, code, params in report.found if code == "outside_odd" and level == 1]
    assert any(name in params[-1] for params in told), report.text("en")
    assert report.exit_code == TAMPERED
