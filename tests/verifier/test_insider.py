"""Whoever holds the whole export changes it and makes everything fit again: what still tells.

Hashes, roots, chain, checkpoints and manifest are all made anew after each change, as somebody
would who has the program that wrote them. What is found then is found by what the ballots, the
roll and the lines must be, or by what people outside have kept.
"""

import hashlib
import json
import shutil
import tarfile
import unicodedata
import zipfile
from pathlib import Path
from runpy import run_path

import pytest

from partizipation_core import Actor, Role
from partizipation_core.commands import CastBallot

GOOD, TAMPERED, INCOMPLETE = 0, 1, 2
written = run_path(str(Path(__file__).with_name("forging.py")))["written"]


@pytest.fixture
def insider(exported, insider_of):
    return insider_of(exported)


@pytest.fixture
def minutes(exported, tmp_path):
    """Checkpoints that were printed before: at the close of the vote, and at the end."""
    first, last = sorted((exported / "checkpoints").iterdir(), key=lambda one: int(one.stem))
    return [
        shutil.copy(first, tmp_path / "at-the-close.txt"),
        shutil.copy(last, tmp_path / "at-the-end.txt"),
    ]


def faults(report):
    return {code for level, code, _ in report.found if level == TAMPERED}


def test_without_a_change_everything_still_fits(insider):
    report = insider.settle()
    assert report.exit_code == GOOD, report.text("en")


# --- what no ballot can be, no roll and no line


def a_ballot(*bodies, **settings):
    def change(insider):
        insider.line("ProcedureOpened")["data"]["definition"]["settings"] |= settings
        insider.put(*bodies)

    return change


def placed(kind, places=None, **settings):
    """Name bench and swing on the first ballot, both in the North if nothing else is said."""
    places = {"bench": "Nord", "swing": "Nord", "fountain": "Süd"} if places is None else places
    keep = {"swing": 1} if len(places) == 2 else {"fountain": 1}

    def change(insider):
        many = {"area": "areas", "category": "categories"}[kind]
        insider.line("BallotOpened")["data"][many] = places
        a_ballot({"bench": 1, "swing": 1}, *[keep] * 2, **settings)(insider)

    return change


def without_a_price(insider):
    insider.line("BallotOpened")["data"]["paper"]["bench"] = None
    a_ballot({"bench": 1}, *[{"swing": 1}] * 2, max_total=900_000)(insider)


def a_mark_twice(insider):
    insider.tags[1] = insider.tags[0]


def a_mark_without_a_ballot(insider):
    insider.tags.append("ab" * 32)


def a_ballot_without_a_mark(insider):
    insider.ballots.append({**insider.ballots[0], "nonce": "cd" * 32})
    insider.register["roll"] += 1


def one_more_key(insider):
    insider.lines[3]["note"] = "between the lines"


def one_key_less(insider):
    del insider.lines[3]["kv"]


def truth_for_a_number(insider):
    insider.lines[0]["seq"] = True


def large_letters(insider):
    insider.plain = str.upper


def blanks_between(insider):
    insider.plain = lambda text: f"{text[:8]} {text[8:]}"


CHANGES = {
    "99 votes on a ballot": (a_ballot({"bench": 99}), "over_the_limit"),
    "a mark that is no number": (a_ballot({"bench": True}), "ballot_odd"),
    "an abstention that nobody can say": (a_ballot({"bench": 0}), "over_the_limit"),
    "a vote against where none can be": (a_ballot({"bench": -1}), "over_the_limit"),
    "more items than allowed": (
        a_ballot({"bench": 1, "swing": 1}, {"bench": 1}, {"bench": 1}, max_choices=1),
        "over_the_limit",
    ),
    "a ballot that names nothing": (a_ballot({}), "over_the_limit"),
    "more points than there are": (
        a_ballot({"bench": 3}, *[{"bench": 1}] * 2, ballot_type="cumulative", max_points=2),
        "over_the_limit",
    ),
    "more points on one item": (
        a_ballot(
            {"bench": 3}, *[{"bench": 1}] * 2, ballot_type="cumulative", max_points_per_item=2
        ),
        "over_the_limit",
    ),
    "points below none": (
        a_ballot({"bench": -3}, *[{"bench": 1}] * 2, ballot_type="cumulative"),
        "over_the_limit",
    ),
    "the same place twice": (
        a_ballot({"bench": 1, "swing": 1}, *[{"bench": 1}] * 2, ballot_type="ranking"),
        "over_the_limit",
    ),
    "dearer than allowed": (
        a_ballot({"bench": 1, "swing": 1}, *[{"bench": 1}] * 2, max_total=100_000),
        "over_the_limit",
    ),
    "fewer items than asked for": (a_ballot({"bench": 1}, min_choices=2), "over_the_limit"),
    "fewer items than asked for, and fewer printed": (
        a_ballot({"bench": 1}, *[{"bench": 1, "swing": 1, "fountain": 1}] * 2, min_choices=9),
        "over_the_limit",
    ),
    "nothing, where something must cost enough": (
        a_ballot({}, *[{"bench": 1}] * 2, min_choices=0, min_total=90_000),
        "over_the_limit",
    ),
    "cheaper than asked for": (
        a_ballot({"bench": 1}, *[{"swing": 1}] * 2, min_total=100_000),
        "over_the_limit",
    ),
    "an item without a price": (without_a_price, "over_the_limit"),
    **{
        f"too many of one {kind}": (placed(kind, **{f"max_per_{kind}": 1}), "over_the_limit")
        for kind in ("area", "category")
    },
    **{
        f"more of one {kind} than its own limit": (
            placed(kind, **{f"{kind}_quotas": {"Nord": {"min": 0, "max": 1}}}),
            "over_the_limit",
        )
        for kind in ("area", "category")
    },
    **{
        f"too few of one {kind}": (
            placed(kind, **{f"{kind}_quotas": {"Süd": {"min": 1, "max": None}}}),
            "over_the_limit",
        )
        for kind in ("area", "category")
    },
    "an area that is nobody's, too often": (
        placed("area", {"fountain": "Süd"}, max_per_area=1),
        "over_the_limit",
    ),
    "items of more areas than one may name": (
        placed("area", {"bench": "Nord", "swing": "Süd"}, max_other_areas=0),
        "over_the_limit",
    ),
    "a ballot written with blanks": (a_ballot('{"bench": 1}'), "ballot_odd"),
    "a ballot with a key twice": (a_ballot('{"bench":1,"bench":1}'), "ballot_odd"),
    "a ballot that is no list of marks": (a_ballot("[1]"), "ballot_odd"),
    "a ballot with a fraction": (a_ballot('{"bench":1.0}'), "ballot_odd"),
    "a ballot with an exponent": (a_ballot('{"bench":1e0}'), "ballot_odd"),
    "a ballot with a huge number": (a_ballot('{"bench":1' + "0" * 5000 + "}"), "ballot_odd"),
    "a mark twice": (a_mark_twice, "roll"),
    "a mark without a ballot": (a_mark_without_a_ballot, "roll"),
    "a ballot without a mark": (a_ballot_without_a_mark, "roll"),
    "one key more in a line": (one_more_key, "line_odd"),
    "one key less in a line": (one_key_less, "unreadable"),
    "truth for a number": (truth_for_a_number, "unreadable"),
    "commitments in large letters": (large_letters, "unreadable"),
    "commitments with blanks": (blanks_between, "unreadable"),
}


@pytest.mark.parametrize(("change", "code"), CHANGES.values(), ids=CHANGES)
def test_what_cannot_be_is_found_though_everything_fits(insider, change, code):
    change(insider)
    report = insider.settle()
    assert code in faults(report), report.text("en")
    assert "{" not in report.text("de").replace('{"', "")


def test_each_of_equal_ballots_that_cannot_be_is_named(insider):
    insider.put(*["[1]"] * 3)
    told = [code for _, code, _ in insider.settle().found]
    assert told.count("ballot_odd") == 3


# --- other ways to write the same


ANOTHER_WAY = {
    "a fraction": (b'"seq":3,', b'"seq":3.0,'),
    "an exponent": (b'"seq":3,', b'"seq":3e0,'),
    "a huge number": (b'"seq":3,', b'"seq":' + b"9" * 30 + b","),
    "a key twice": (b'"seq":3,', b'"seq":3,"seq":3,'),
    "another key order": (b'"prev":', b'"v":2,"prev":'),
    "escaped where it need not be": ("ä".encode(), b"\\u00e4"),
    "an umlaut of two signs": ("ä".encode(), unicodedata.normalize("NFD", "ä").encode()),
}


@pytest.mark.parametrize(("one", "other"), ANOTHER_WAY.values(), ids=ANOTHER_WAY)
def test_one_thing_is_written_in_one_way_only(insider, one, other):
    insider.lines[1]["data"]["title"] = "ä"
    assert insider.settle().exit_code == GOOD
    file = insider.folder / "journal.ndjson"
    assert one in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(one, other))
    insider._seal(insider.folder)
    assert {"line_odd", "unreadable"} & faults(insider.verifier.verify(insider.folder))


def test_lines_of_two_procedures_that_are_exchanged_are_found(
    insider, made, verifier, tmp_path, seal_again
):
    made(7).export(tmp_path / "other")
    folders = (insider.folder, tmp_path / "other")
    ours, theirs = ((one / "journal.ndjson").read_bytes().splitlines(True) for one in folders)
    ours[4], theirs[4] = theirs[4], ours[4]
    for folder, rows in zip(folders, (ours, theirs), strict=True):
        (folder / "journal.ndjson").write_bytes(b"".join(rows))
        seal_again(folder)
        assert "line_chain" in faults(verifier.verify(folder))


def test_ballots_of_two_people_that_are_exchanged_are_found(insider):
    one, other = insider.ballots[0], insider.ballots[-1]
    one["body"], other["body"] = other["body"], one["body"]
    assert one["body"] != other["body"]
    insider._write("votes/1/ballots.ndjson", map(written, insider.ballots))
    insider._seal(insider.folder)
    assert "ballot" in faults(insider.verifier.verify(insider.folder))


# --- names that stand twice in one file: who looks and what looks see different things


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("form", ["zip", "tar"])
def test_a_file_that_is_there_twice_is_found(exported, verifier, tmp_path, form):
    place = tmp_path / f"export.{form}"
    with zipfile.ZipFile(place, "w") if form == "zip" else tarfile.open(place, "w") as packed:
        add = packed.write if form == "zip" else packed.add
        (tmp_path / "false").write_bytes(b"{}\n")
        add(tmp_path / "false", "journal.ndjson")
        for file in sorted(one for one in exported.rglob("*") if one.is_file()):
            add(file, file.relative_to(exported).as_posix())
    assert faults(verifier.verify(place)) == {"file_twice"}


def test_a_folder_packed_by_hand_is_as_good_as_one_that_was_exported(exported, verifier, tmp_path):
    """Programs that pack a folder put the folders themselves into the list as well."""
    made = shutil.make_archive(str(tmp_path / "packed"), "zip", exported)
    with zipfile.ZipFile(made) as packed:
        assert "votes/" in packed.namelist()
    assert verifier.verify(type(exported)(made)).exit_code == GOOD


# --- checkpoints


def drop(folder, name):
    (folder / name).unlink()
    file = folder / "manifest.json"
    manifest = json.loads(file.read_bytes())
    del manifest["files"][name]
    file.write_bytes(written(manifest) + b"\n")


def test_checkpoints_that_were_left_out_are_missed(exported, verifier):
    for point in list((exported / "checkpoints").iterdir()):
        drop(exported, f"checkpoints/{point.name}")
    report = verifier.verify(exported)
    assert report.exit_code == INCOMPLETE
    assert [code for _, code, _ in report.found].count("file_missing") == 2


def test_an_end_cut_off_at_a_checkpoint_is_found_by_a_later_one(insider, minutes):
    close = insider.lines.index(insider.line("BallotClosed")) + 1
    del insider.lines[close:]
    for point in (insider.folder / "checkpoints").iterdir():
        if int(point.stem) > close:
            drop(insider.folder, f"checkpoints/{point.name}")
    file = insider.folder / "manifest.json"
    file.write_bytes(written(json.loads(file.read_bytes()) | {"lines": close}) + b"\n")
    insider._write("books.ndjson", (insider.folder / "books.ndjson").read_bytes().split()[:1])
    insider._write("texts.ndjson", (insider.folder / "texts.ndjson").read_bytes().splitlines())
    insider.settle()
    at_the_close, at_the_end = minutes
    assert "checkpoint" not in faults(insider.verifier.verify(insider.folder, [at_the_close]))
    assert "checkpoint" in faults(insider.verifier.verify(insider.folder, [at_the_end]))


def test_it_is_said_how_far_a_checkpoint_from_outside_reaches(insider, minutes):
    """The minutes of the close say nothing of the count that came after them."""
    at_the_close, at_the_end = minutes
    insider.line("ItemsAwarded")["actor"] = "somebody-else"
    insider.settle()
    report = insider.verifier.verify(insider.folder, [at_the_close])
    lines = len(insider.lines)
    reach = int(at_the_close.read_text().split("\n")[1])
    assert report.exit_code == GOOD
    assert (GOOD, "reach", (reach, lines)) in report.found
    assert f"{reach}" in report.text("de")
    assert faults(insider.verifier.verify(insider.folder, [at_the_end])) == {"checkpoint"}


def test_a_checkpoint_of_all_lines_leaves_nothing_to_say(exported, verifier, minutes):
    told = {code for _, code, _ in verifier.verify(exported, minutes).found}
    assert not {"reach", "no_outside"} & told


@pytest.mark.parametrize("part", ["12060052", "budget-2027"])
def test_a_checkpoint_of_somebody_else_does_not_fit(exported, verifier, minutes, part):
    """Two procedures may have the same lines; a checkpoint names whose it is."""
    for file in minutes:
        file.write_text(file.read_text().replace(part, "another"))
        report = verifier.verify(exported, [file])
        assert "other_procedure" in [code for _, code, _ in report.found]
        assert (report.exit_code, faults(report)) == (INCOMPLETE, set())


def test_an_export_that_passes_for_that_of_another_town_is_found(insider, minutes):
    file = insider.folder / "manifest.json"
    told = json.loads(file.read_bytes()) | {"municipality": "12065144"}
    file.write_bytes(written(told) + b"\n")
    assert insider.settle().exit_code == GOOD  # by itself it fits
    report = insider.verifier.verify(insider.folder, minutes)
    found = {one[0] for _, code, one in report.found if code == "other_procedure"}
    assert (report.exit_code, found) == (INCOMPLETE, set(minutes))


# --- receipts


def test_a_receipt_of_another_vote_is_told_to_be_of_that_vote(exported, made, verifier, tmp_path):
    handle = made(5)
    handle.export(tmp_path / "other")
    (receipt, *_) = (tmp_path / "other/votes/1/commitments.txt").read_text().split()
    report = verifier.verify(exported, receipts=[receipt])
    assert report.exit_code == INCOMPLETE
    assert "no_receipt" in [code for _, code, _ in report.found]


def test_a_receipt_is_read_however_it_was_typed(exported, verifier):
    (receipt, *_) = (exported / "votes/1/commitments.txt").read_text().split()
    report = verifier.verify(exported, receipts=[f" {receipt.upper()}\n"])
    assert report.exit_code == GOOD, report.text("en")


def test_while_a_vote_is_on_no_receipt_is_called_lost(voting, verifier, tmp_path):
    """Nobody can look into an open box; a voter must not be told that the ballot is missing."""
    ballot = CastBallot(choices={"bench": 1})
    receipt = voting.execute(ballot, actor=Actor.of("anna", Role.RESIDENT)).commitment
    voting.export(tmp_path / "early", ballots=False)
    report = verifier.verify(tmp_path / "early", receipts=[receipt])
    assert report.exit_code == INCOMPLETE
    assert "receipt_not_yet" in [code for _, code, _ in report.found]


@pytest.mark.parametrize("nonsense", ["", "abc", "00" * 31])
def test_what_is_no_receipt_is_no_loss(exported, verifier, nonsense):
    report = verifier.verify(exported, receipts=[nonsense])
    assert "no_such_receipt" in [code for _, code, _ in report.found]
    assert faults(report) == set()


def test_two_receipts_for_one_ballot_are_one_ballot(exported, verifier):
    """Who shows a receipt twice has no second ballot."""
    (receipt, *_) = (exported / "votes/1/commitments.txt").read_text().split()
    report = verifier.verify(exported, receipts=[receipt, receipt])
    assert [code for _, code, _ in report.found].count("receipt") == 1


def test_hashes_are_those_of_sha_256(verifier):
    """Everything was fitted with the program's own functions; these must be the real ones."""
    assert verifier.leaf(b"x") == hashlib.sha256(b"\x00x").digest()


# --- what is told of an item besides its numbers

TOLD_OTHERWISE = {
    "another rank": lambda fate: fate.update(rank=fate["rank"] + 1),
    "another turn": lambda fate: fate.update(turn=7),
    "a name": lambda fate: fate.update(name="Turm"),
    "another outcome": lambda fate: fate.update(outcome="withdrawn"),
    "another reason": lambda fate: fate["reason"].update(code="fate.in_no_pot"),
    "another price in its reason": lambda fate: fate["reason"]["params"].update(cost=7),
    "another margin": lambda fate: fate["margin"].update(missing=-7),
    "a margin of its own": lambda fate: fate["margin"]["reason"]["params"].update(missing=7),
    "the margin of others": lambda fate: fate["margin"]["reason"].update(
        code="margin.funded" if fate["outcome"] == "rejected" else "margin.votes"
    ),
}


@pytest.mark.parametrize("change", TOLD_OTHERWISE.values(), ids=TOLD_OTHERWISE)
@pytest.mark.parametrize("place", range(3))
def test_what_is_told_of_an_item_follows_from_the_count(insider, change, place):
    fate = insider.line("BallotsCounted")["data"]["result"]["fates"][place]
    change(fate)
    report = insider.settle()
    assert "result" in faults(report), (fate, report.text("en"))


def test_instants_that_run_backwards_are_told_and_held_against_nobody(insider):
    for line in insider.lines[5:]:
        line["at"] -= 3_600_000_000
    report = insider.settle()
    assert ("earlier", (1, 6)) in [found[1:] for found in report.found]
    assert report.exit_code == GOOD
