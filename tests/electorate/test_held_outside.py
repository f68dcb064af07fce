"""A vote that is held outside: the roll goes out, a signed result comes in; no more is claimed."""

import json
from hashlib import sha256
from runpy import run_path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from partizipation_core.cli.main import _run
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    CertifyResult,
    CountBallots,
    DestroyKey,
    EnrolVoter,
    EnterTotals,
    IssueCodes,
    PublishResult,
)
from partizipation_core.errors import DefinitionError, InputError, NotFound, Refused
from partizipation_core.exchange.outside import SignedFiles, signed_result
from partizipation_core.kernel.channels.outside import HandOutRoll, TakeOutsideResult
from partizipation_core.kernel.override import Override
from partizipation_core.merkle import leaf_hash, root
from partizipation_core.platform import Platform
from partizipation_core.reports import render_page
from partizipation_core.reports.assemble import assemble
from partizipation_core.reports.certificate import certify
from partizipation_core.reports.minutes import minutes
from partizipation_core.serialization import canonical
from partizipation_core.texts.wording import Wording
from partizipation_core.values import Actor, Role

SECRET = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(SECRET).public_key().public_bytes_raw()
SYSTEM = {"name": "Belenios", "address": "https://wahl.example", "key": PUBLIC.hex()}
EXTRACT = "kennung;geburtsdatum\n" + "".join(f"R-{n};17.05.1980\n" for n in range(1, 5))
ELECTION = "12060052/budget-2027/vote"
PROOF = sha256(b"the proof of the system outside").hexdigest()
DEPUTY = Actor.of("officer-2", Role.OFFICER)


@pytest.fixture
def outside(by_register):
    """A vote of four people that is held outside; the vote is on."""

    def open_(**settings):
        town = by_register(secrecy="external", outside=SYSTEM, **settings)
        town.register(EXTRACT)
        return town.to_the_vote()

    return open_


@pytest.fixture
def on(outside):
    return outside()


def hand_out(town):
    return town.hand_out_roll("vote", system=SignedFiles(), actor=town.officer)


def report(key=SECRET, **other):
    votes = {"a": [2, 0], "b": [3, 0]}
    statement = {
        "election": ELECTION,
        "ballots": 3,
        "valid": 3,
        "blank": 0,
        "invalid": 0,
        "votes": {ref: {"votes": n, "contra": c, "points": None} for ref, (n, c) in votes.items()},
        "proof": PROOF,
        **other,
    }
    return signed_result(statement, key)


def take(town, data):
    return town.take_outside_result("vote", data, system=SignedFiles(), actor=town.officer)


@pytest.fixture
def over(on):
    """The roll went out, and the vote is over."""
    hand_out(on)
    return on.at(2027, 6, 1)


@pytest.fixture
def counted(over):
    take(over, report())
    over.execute(CountBallots(vote="vote", seed="1 2 3"), actor=over.officer)
    return over


# --- the roll


def test_the_roll_holds_pseudonyms_and_what_stands_on_the_ballot_paper(on):
    file = hand_out(on)
    told = json.loads(file)
    assert set(told) == {"form", "election", "voters", "root", "options"}
    assert told["election"] == ELECTION
    assert told["options"] == {"a": "a", "b": "b", "c": "c", "d": "d"}
    assert len(told["voters"]) == 4
    for person in (on.person(f"R-{n}").ref for n in range(1, 5)):
        assert person.encode() not in file
    (event,) = on.events("RollHandedOut")
    assert (event.people, event.document) == (4, sha256(file).hexdigest())


def test_anybody_can_compare_the_roll_with_the_journal(on):
    told = json.loads(hand_out(on))
    leaves = [leaf_hash(bytes.fromhex(one)) for one in told["voters"]]
    assert told["root"] == on.events("ElectorateFrozen")[0].root == root(leaves)


def test_the_office_can_tell_people_their_number_as_long_as_there_is_a_key(counted):
    numbers = {counted.outside_number("vote", counted.person(f"R-{n}")) for n in range(1, 5)}
    assert len(numbers) == 4
    with pytest.raises(NotFound, match="not on the electoral roll"):
        counted.outside_number("vote", Actor.of("nobody", Role.RESIDENT))
    counted.at(2027, 7, 2).execute(DestroyKey(vote="vote"), actor=counted.officer)
    with pytest.raises(Exception, match="was destroyed when its time was over"):
        counted.outside_number("vote", counted.person("R-1"))


def test_a_vote_that_is_held_here_hands_nothing_out(by_register):
    town = by_register()
    town.register(EXTRACT)
    town.to_the_vote()
    with pytest.raises(Refused, match="vote_held_here"):
        hand_out(town)


# --- voting here is refused

HERE = {
    "by account": (CastBallot(choices={"a": 1}), "resident"),
    "codes": (
        IssueCodes(vote="vote", batch="x", digests=["00" * 32], voters=["R-1"]),
        "officer",
    ),
}


@pytest.mark.parametrize(("command", "role"), HERE.values(), ids=HERE)
def test_who_wants_to_vote_here_is_told_where(on, command, role):
    actor = on.person("R-1") if role == "resident" else on.officer
    told = {one.code: one for one in on.why(command, actor=actor)}["vote_held_outside"]
    sentence = Wording(lang="de").objection(told)
    assert "Belenios unter https://wahl.example" in sentence


def test_no_urn_reports_beside_the_system_outside(over):
    totals = EnterTotals(vote="vote", place="rathaus", ballots=1, valid=1, note="x")
    assert "vote_held_outside" in over.refusal(totals, over.officer)


# --- the result


def test_the_result_is_that_of_the_system_outside(counted):
    found = counted.vote_result("vote")
    assert {line.item: line.votes for line in found.lines} == {"b": 3, "a": 2, "c": 0, "d": 0}
    assert (found.turnout.cast, found.turnout.eligible) == (3, 4)
    assert list(found.turnout.channels) == ["external"]
    assert (found.outside.system, found.outside.proof) == ("Belenios", PROOF)
    assert found.to_data()["outside"]["ballots"] == 3
    assert counted.faults() == []
    counted.rebuild()
    assert counted.faults() == []


def test_what_is_not_known_here_is_said_wherever_the_result_is_told(counted, file, capsys):
    told = "Nachgezählt wurde hier nichts"
    place = ["--database", f"sqlite:///{file}", "--municipality", "12060052"]
    code = _run(["results", "show", *place, "--procedure", "budget-2027", "--vote", "vote"])
    out = capsys.readouterr().out
    assert code == 0, out
    assert told in out
    assert PROOF in out
    made = certify(counted.handle, "vote", issued_at=counted.clock.now())
    assert told in minutes(made, Wording(lang="de"))
    named = {"title": "Bürgerhaushalt", "municipality": "Musterstadt"}
    page = assemble(counted.handle, Wording(lang="de"), **named, generated_at=counted.clock.now())
    assert told in render_page(page)


def test_certifying_and_publishing_go_on_as_for_any_vote(outside):
    town = outside(results="certified")
    hand_out(town)
    town.at(2027, 6, 1)
    take(town, report())
    town.execute(CountBallots(vote="vote", seed="1 2 3"), actor=town.officer)
    town.execute(CertifyResult(vote="vote"), actor=DEPUTY)
    town.execute(PublishResult(vote="vote"), actor=town.officer)
    assert town.vote_result("vote").outside.system == "Belenios"
    assert town.faults() == []


def test_nothing_is_counted_before_the_result_is_there(over):
    code = over.refusal(CountBallots(vote="vote", seed="1 2 3"), over.officer)
    assert code == ["outside_result_missing"]


ODD = {
    "more ballots than people": ({"ballots": 5, "valid": 5}, "outside_too_many_ballots"),
    "what was not on the paper": ({"votes": {"moon": {"votes": 1}}}, "not_on_ballot"),
    "another election": ({"election": "12060052/budget-2026/vote"}, "outside_other_election"),
    "sums": ({"valid": 2}, "outside_sums_differ"),
    "more votes than ballots": ({"votes": {"a": {"votes": 4}}}, "outside_too_many_votes"),
    "no digest of a proof": ({"proof": "none"}, "outside_digest_malformed"),
}


@pytest.mark.parametrize(("wrong", "code"), ODD.values(), ids=ODD)
def test_numbers_that_cannot_be_are_refused(over, wrong, code):
    with pytest.raises(Refused) as refused:
        take(over, report(**wrong))
    assert code in [one.code for one in refused.value.objections]
    assert over.events("OutsideResultTaken") == []


def test_points_that_cannot_be_are_refused(outside):
    town = outside(ballot_type="cumulative", max_points=3)
    hand_out(town)
    town.at(2027, 6, 1)
    with pytest.raises(Refused, match="outside_too_many_points"):
        take(town, report(votes={"a": {"votes": 3, "points": 10}}))
    take(town, report(votes={"a": {"votes": 3, "points": 9}}))


def test_more_marks_than_ballots_can_hold_are_refused(outside):
    town = outside(max_choices=2)
    hand_out(town)
    town.at(2027, 6, 1)
    with pytest.raises(Refused, match="outside_too_many_choices"):
        take(town, report(votes={ref: {"votes": 3} for ref in "abc"}))
    take(town, report(votes={ref: {"votes": 2} for ref in "abc"}))


def test_a_second_result_is_refused(over):
    take(over, report())
    with pytest.raises(Refused, match="outside_result_there"):
        take(over, report(ballots=2, valid=2, votes={}))


def test_no_result_comes_in_before_the_close(on):
    hand_out(on)
    with pytest.raises(Refused, match="vote_still_open"):
        take(on, report())


def test_a_roll_that_changed_after_it_went_out_has_to_go_out_again(on):
    hand_out(on)
    on.execute(EnrolVoter(person="late", reason="Zuzug"), actor=on.officer)
    told = json.loads(hand_out(on))
    assert len(told["voters"]) == 5
    on.execute(EnrolVoter(person="later", reason="Zuzug"), actor=on.officer)
    on.at(2027, 6, 1)
    with pytest.raises(Refused, match="outside_roll_other"):
        take(on, report())


def test_a_roll_that_never_went_out_has_no_result(on):
    on.at(2027, 6, 1)
    with pytest.raises(Refused, match="outside_roll_other"):
        take(on, report())


# --- who signed it


def unsigned(data, **changes):
    told = json.loads(data)
    told["statement"] |= changes
    return canonical(told)


FORGED = {
    "another key": lambda: report(key=bytes(32)),
    "a number changed": lambda: unsigned(report(), ballots=2),
    "no signature": lambda: canonical({"statement": json.loads(report())["statement"]}),
    "a signature of something else": lambda: canonical(
        {**json.loads(report()), "signature": json.loads(report(ballots=2))["signature"]}
    ),
    "no JSON": lambda: b"\xff",
    "a key twice": lambda: report()[:-1] + b',"signature":""}',
    "an unknown field": lambda: report(trust="me"),
    "a text for a number": lambda: report(ballots="3"),
    "a number below zero": lambda: report(ballots=-1),
    "nothing": lambda: b"",
    "a list": lambda: b"[]",
    "very deep": lambda: b"[" * 100_000,
}


@pytest.mark.parametrize("made", FORGED.values(), ids=FORGED)
def test_what_is_not_signed_or_cannot_be_read_is_refused(over, made):
    before = len(over.journal())
    with pytest.raises(InputError):
        take(over, made())
    assert len(over.journal()) == before


# --- settings


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"outside": None}, "name the system outside"),
        ({"electorate": "open"}, "only an electorate from a 'register'"),
        ({"outside": {**SYSTEM, "key": "x"}}, "64 hexadecimal digits"),
        ({"outside": {**SYSTEM, "name": " "}}, "name must be named"),
    ],
    ids=["no system", "no roll", "no key", "no name"],
)
def test_a_vote_outside_needs_a_system_a_key_and_a_roll(by_register, wrong, told):
    with pytest.raises(DefinitionError, match=told):
        by_register(**{"secrecy": "external", "outside": SYSTEM, **wrong})


# --- others


def test_the_verifier_says_that_it_has_not_counted(counted, tmp_path, root):
    counted.export(tmp_path / "export")
    verifier = run_path(str(root / "verifier" / "verify.py"))
    told = verifier["verify"](tmp_path / "export")
    assert told.exit_code == verifier["INCOMPLETE"], told.text("de")
    assert "ob sie stimmen, ist hier nicht nachgezählt" in told.text("de")
    assert "whether these are right was not recounted here" in told.text("en")
    assert PROOF in told.text("de")


def test_a_number_changed_after_it_was_taken_in_is_found(counted, tmp_path, root):
    folder = tmp_path / "export"
    counted.export(folder)
    verifier = run_path(str(root / "verifier" / "verify.py"))
    journal = folder / "journal.ndjson"
    journal.write_bytes(journal.read_bytes().replace(b'"votes":3', b'"votes":2', 1))
    assert verifier["verify"](folder).exit_code == verifier["TAMPERED"]


def test_the_procedure_goes_on_elsewhere(counted, host, clock, tmp_path):
    counted.export(tmp_path / "whole", whole=True)
    with Platform(f"sqlite:///{tmp_path / 'other.db'}", host=host, clock=clock) as other:
        there = other.import_procedure(tmp_path / "whole")
        assert there.vote_result("vote") == counted.vote_result("vote")


def test_the_command_itself_is_for_the_office(over):
    command = TakeOutsideResult(
        vote="vote", election=ELECTION, ballots=1, valid=1, document=PROOF, proof=PROOF
    )
    anna = over.person("R-1")
    assert "role_forbids" in [one.code for one in over.why(command, actor=anna)]
    assert over.why(AdvanceStage(), actor=over.officer) == ()


def test_nobody_gets_past_the_adapter(on):
    """Not even the office: else a signature that nobody checked would stand as a result."""
    roll = HandOutRoll(
        vote="vote", people=4, root=on.events("ElectorateFrozen")[0].root, document=PROOF
    )
    assert on.refusal(roll, on.officer) == ["outside_by_hand"]
    hand_out(on)
    on.at(2027, 6, 1)
    result = TakeOutsideResult(
        vote="vote", election=ELECTION, ballots=1, valid=1, document=PROOF, proof=PROOF
    )
    assert on.refusal(result, on.officer) == ["outside_by_hand"]
    emergency = Override(command=result, reason="x")
    assert "outside_by_hand" in on.refusal(emergency, on.officer)
    assert on.events("OutsideResultTaken") == []


def test_the_journal_says_who_signed(over):
    take(over, report())
    assert over.events("OutsideResultTaken")[0].signer == PUBLIC.hex()


def test_both_ways_go_by_command_line_as_well(on, file, tmp_path, capsys):
    place = ["--database", f"sqlite:///{file}", "--municipality", "12060052"]
    place += ["--procedure", "budget-2027", "--vote", "vote", "--by", "officer-1"]
    roll, result = tmp_path / "roll.json", tmp_path / "result.json"
    assert _run(["procedures", "hand-out-roll", *place, "--into", str(roll)]) == 0
    assert json.loads(roll.read_bytes())["election"] == ELECTION
    on.at(2027, 6, 1)
    result.write_bytes(report(key=bytes(32)))
    assert _run(["procedures", "take-result", *place, str(result)]) != 0
    assert on.events("OutsideResultTaken") == []
    result.write_bytes(report())
    assert _run(["procedures", "take-result", *place, str(result)]) == 0
    assert on.events("OutsideResultTaken")[0].system == "Belenios"
    capsys.readouterr()


def test_a_roll_that_met_a_full_disk_did_not_go_out_and_is_handed_out_again(
    on, file, disk, fill, capsys
):
    """The file is on the disk before the journal says so; a name that is taken counts as well."""
    place = ["--database", f"sqlite:///{file}", "--municipality", "12060052"]
    place += ["--procedure", "budget-2027", "--vote", "vote", "--by", "officer-1"]
    hand_out = ["procedures", "hand-out-roll", *place, "--into", str(disk / "roll.json")]
    fill(left=0)
    assert _run(hand_out) == 1
    assert "roll.json cannot be written: No space left on device" in capsys.readouterr().err
    assert [one.name for one in disk.iterdir()] == ["other-files"]
    assert on.events("RollHandedOut") == []
    fill.make_room()
    assert _run(hand_out) == 0
    handed = (disk / "roll.json").read_bytes()
    assert on.events("RollHandedOut")[0].document == sha256(handed).hexdigest()
    assert _run(hand_out) == 1
    assert "there is something already" in capsys.readouterr().err
    assert len(on.events("RollHandedOut")) == 1


def test_a_roll_that_got_lost_is_handed_out_again_as_it_was(on, file):
    """As after a kill between the commit and the name of the file."""
    first = on.handle.hand_out_roll("vote", system=SignedFiles(), actor=on.officer)
    assert first == on.handle.hand_out_roll("vote", system=SignedFiles(), actor=on.officer)
    on.at(2027, 6, 1)
    on.handle.take_outside_result("vote", report(), system=SignedFiles(), actor=on.officer)
