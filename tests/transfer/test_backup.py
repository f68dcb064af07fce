"""A backup comes back equal into an empty database; a damaged one does not come back at all."""

import json
import re
import shutil
import zipfile
from hashlib import sha256

import pytest

from partizipation_core.errors import InputError, PartizipationError, StorageError
from partizipation_core.serialization import canonical
from partizipation_core.store import schema
from partizipation_core.transfer.backup import ABOUT_BALLOTS


@pytest.fixture
def backed_up(town, tmp_path):
    with town.open() as platform:
        platform.backup(tmp_path / "backup")
    return tmp_path / "backup"


@pytest.mark.parametrize("form", ["folder", ".zip", ".tar"])
def test_g21_backup_restore_verify_are_equal(town, new_place, tmp_path, moves, form):
    file = tmp_path / ("b" if form == "folder" else f"b{form}")
    with town.open() as platform:
        told = platform.backup(file)
        heads = [one.checkpoint().text for one in platform.procedures()]
    with new_place("new").open() as platform:
        proof = platform.restore(file)
        assert platform.backup(tmp_path / "again") == told
        assert proof.audited == 3
        assert [one.checkpoint().text for one in platform.procedures()] == heads
        for budget in platform.procedures():
            assert moves.faults(budget) == []
            moves.cast(budget, "dora", "i-1")
            with pytest.raises(PartizipationError, match="already_voted"):
                moves.cast(budget, "anna", "i-1")


def test_a_backup_of_one_kind_of_database_comes_back_in_the_other(
    town, backed_up, file_place, tmp_path, new_place
):
    with file_place("other.db").open() as platform:
        platform.restore(backed_up)
        platform.backup(tmp_path / "again.zip")
    with new_place("third").open() as platform:
        platform.restore(tmp_path / "again.zip")
        platform.backup(tmp_path / "last")
    for file in backed_up.iterdir():
        assert (tmp_path / "last" / file.name).read_bytes() == file.read_bytes()


def test_ballots_that_come_in_meanwhile_do_not_wait_and_are_not_in_it(
    town, new_place, tmp_path, moves, monkeypatch
):
    from partizipation_core.transfer import backup

    real, voted = backup.write_lines, []

    def write_lines(file, lines):
        if not voted:
            with town.open() as platform:
                budget = platform.municipality("12060052").procedure("b-1")
                voted.append(moves.cast(budget, "dora", "i-1"))
        return real(file, lines)

    monkeypatch.setattr(backup, "write_lines", write_lines)
    with town.open() as platform:
        platform.backup(tmp_path / "b")
        assert platform.municipality("12060052").procedure("b-1").turnout("vote") == {"online": 4}
    with new_place("new").open() as platform:
        platform.restore(tmp_path / "b")
        budget = platform.municipality("12060052").procedure("b-1")
        assert budget.turnout("vote") == {"online": 3}
        assert moves.faults(budget) == []


def test_a_database_that_is_not_empty_stays_as_it_is(town, backed_up, tmp_path):
    with town.open() as platform:
        before = platform.backup(tmp_path / "before")
        with pytest.raises(StorageError, match="not empty, there is something of 11000000"):
            platform.restore(backed_up)
        assert platform.backup(tmp_path / "after") == before
        with pytest.raises(InputError, match="there is something already"):
            platform.backup(tmp_path / "after")


# --- what is damaged


def test_a_damaged_backup_is_refused_with_its_place(backed_up, new_place, tmp_path):
    with new_place("new").open() as platform:
        for file in sorted(backed_up.iterdir()):
            damaged = tmp_path / "damaged"
            shutil.copytree(backed_up, damaged)
            content = bytearray(file.read_bytes() or b"x")
            content[len(content) // 2] ^= 1
            (damaged / file.name).write_bytes(content)
            # A digest that was changed in the manifest speaks against the file it is of.
            told = "damaged" if file.stem == "manifest" else re.escape(file.name)
            with pytest.raises(InputError, match=told):
                platform.restore(damaged)
            (damaged / file.name).unlink()
            with pytest.raises(InputError, match=re.escape(file.name)):
                platform.restore(damaged)
            shutil.rmtree(damaged)
        assert platform.procedures() == ()


def test_a_torn_archive_is_refused(town, new_place, tmp_path):
    file = tmp_path / "b.zip"
    with town.open() as platform:
        platform.backup(file)
    whole = file.read_bytes()
    with new_place("new").open() as platform:
        for cut in (0, 10, len(whole) // 2, len(whole) - 1):
            file.write_bytes(whole[:cut])
            with pytest.raises(InputError):
                platform.restore(file)
        file.write_bytes(whole)
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr("../evil", b"x")
        with pytest.raises(InputError, match=r"the manifest does not list this file"):
            platform.restore(file)
        assert platform.procedures() == ()


def rewritten(backed_up, name, content, **manifest):
    (backed_up / name).write_bytes(content)
    told = json.loads((backed_up / "manifest.json").read_bytes()) | manifest
    told["files"][name] = {"bytes": len(content), "sha256": sha256(content).hexdigest()}
    (backed_up / "manifest.json").write_bytes(canonical(told) + b"\n")


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("journal", lambda lines: lines[:-1], "heads|ends with line"),
        (
            "roll",
            lambda lines: [*lines, lines[-1]],
            r"roll\.ndjson:10: rows stand in another order",
        ),
        ("roll", lambda lines: lines[::-1], r"roll\.ndjson:2: rows stand in another order"),
        ("roll", lambda lines: [b"[]", *lines], r"roll\.ndjson:1: a row of table roll has 4"),
        (
            "item",
            lambda lines: [lines[0].replace(b',"', b', "', 1)],
            r"item\.ndjson:1: .* one way",
        ),
        ("booking", lambda lines: [lines[0].replace(b"100000", b"1e5")], r"booking\.ndjson:1: "),
        ("box", lambda lines: lines[:-1], "on the roll without a ballot"),
    ],
    ids=["end", "twice", "order", "columns", "spacing", "number", "ballot"],
)
def test_a_change_that_the_manifest_was_told_of_is_found_as_well(
    backed_up, new_place, name, change, told
):
    lines = (backed_up / f"{name}.ndjson").read_bytes().splitlines()
    content = b"".join(line + b"\n" for line in change(lines))
    rewritten(backed_up, f"{name}.ndjson", content)
    with new_place("new").open() as platform:
        with pytest.raises((InputError, StorageError), match=told):
            platform.restore(backed_up)
        assert platform.procedures() == ()


def test_a_backup_of_a_later_release_is_refused(backed_up, new_place):
    rewritten(backed_up, "code.ndjson", b"", schema=schema.SCHEMA_VERSION + 1)
    with (
        new_place("new").open() as platform,
        pytest.raises(InputError, match="restore it with the release that wrote it"),
    ):
        platform.restore(backed_up)


def test_a_backup_of_an_earlier_release_comes_back_if_its_tables_are_todays(backed_up, new_place):
    told = json.loads((backed_up / "manifest.json").read_bytes())
    del told["columns"]["code"], told["files"]["code.ndjson"]
    told["schema"] = 1
    (backed_up / "code.ndjson").unlink()
    (backed_up / "manifest.json").write_bytes(canonical(told) + b"\n")
    with new_place("new").open() as platform:
        assert platform.restore(backed_up).audited == 3


# --- without what links people and ballots


def test_without_open_secrets_nothing_in_it_links_a_person_with_a_ballot(
    town, new_place, tmp_path, moves
):
    """One vote is open, one closed and one sealed when the backup is made."""
    with town.open() as platform:
        there, closed, sealed = platform.procedures()
        for one in (closed, sealed):
            moves.close(one)
        sealed.seal("vote")
        told = platform.backup(tmp_path / "b.zip", exclude_open_secret=True)
    assert told["left_out"] == [["11000000", "b-1", "vote"]]
    with new_place("new").open() as platform:
        proof = platform.restore(tmp_path / "b.zip")
        assert [(scope.municipality, vote) for scope, vote in proof.left_out] == [
            ("11000000", "vote")
        ]
        there, closed, sealed = platform.procedures()
        assert [moves.faults(one) for one in (there, closed, sealed)] == [[], [], []]
        assert there.turnout("vote") == {}
        moves.cast(there, "anna", "i-1")  # whose ballot was left out votes once more
        assert [moves.count(one) for one in (closed, sealed)] == [3, 3]


def test_the_bytes_of_the_backup_hold_no_ballot_beside_its_voter(town, tmp_path, moves):
    with town.open() as platform:
        there, closed, _ = platform.procedures()
        moves.close(closed)
        receipt = moves.cast(there, "anna", "i-1", key="ballot-anna")
        platform.backup(tmp_path / "all")
        platform.backup(tmp_path / "less", exclude_open_secret=True)
    everything = b"".join(one.read_bytes() for one in (tmp_path / "all").iterdir())
    less = {one.stem: one.read_bytes() for one in (tmp_path / "less").iterdir()}
    assert receipt.commitment.encode() in everything
    assert receipt.commitment.encode() not in b"".join(less.values())
    tags = {json.loads(line)[3] for line in less["roll"].splitlines()}
    beside = {json.loads(line)[3] for line in less["box"].splitlines()}
    assert len(tags) == len(beside) == 3
    assert not tags & beside


def test_every_table_of_a_vote_was_thought_of():
    of_a_vote = {name for name, one in schema.METADATA.tables.items() if "vote" in one.columns}
    # Who may vote is no secret of a ballot: it was settled before the first was cast.
    assert of_a_vote - ABOUT_BALLOTS == {"electorate", "code"}
