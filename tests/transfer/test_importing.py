"""A procedure that is exported whole goes on in another database, byte for byte, or not at all."""

import json
import shutil
from hashlib import sha256

import pytest

from partizipation_core.errors import Conflict, InputError, PartizipationError, StorageError
from partizipation_core.platform import Platform
from partizipation_core.serialization import canonical
from partizipation_core.store.keys import MemoryKeys


@pytest.fixture
def exported(town, tmp_path):
    """The whole of one procedure in the middle of its vote, as a folder."""
    with town.open() as platform:
        budget = platform.municipality("12060052").procedure("b-1")
        budget.export(tmp_path / "whole", ballots=False, whole=True)
    return tmp_path / "whole"


def rewritten(exported, name, content):
    """Change a file so that the manifest knows of it: what only somebody who means harm does."""
    (exported / name).write_bytes(content)
    manifest = json.loads((exported / "manifest.json").read_bytes())
    manifest["files"][name] = {"bytes": len(content), "sha256": sha256(content).hexdigest()}
    (exported / "manifest.json").write_bytes(canonical(manifest) + b"\n")


def budget_of(platform):
    return platform.municipality("12060052").procedure("b-1")


@pytest.mark.parametrize("form", ["folder", ".zip", ".tar"])
def test_a_procedure_goes_on_where_it_was_taken_in(town, new_place, tmp_path, moves, form):
    file = tmp_path / ("whole" if form == "folder" else f"whole{form}")
    with town.open() as platform:
        old = budget_of(platform)
        told = old.export(file, ballots=False, whole=True)
        before = (list(old.journal_lines()), old.checkpoint().text, old.state(), old.items())
    with new_place("new").open() as platform:
        new = platform.import_procedure(file)
        assert (new.municipality, new.ref) == ("12060052", "b-1")
        assert before == (
            list(new.journal_lines()),
            new.checkpoint().text,
            new.state(),
            new.items(),
        )
        assert new.export(tmp_path / "again", ballots=False, whole=True) == told
        assert moves.faults(new) == []
        # The next command, by somebody new; and those who have voted stay on the roll.
        moves.cast(new, "dora", "i-1")
        with pytest.raises(PartizipationError, match="already_voted"):
            moves.cast(new, "anna", "i-2")
        moves.close(new)
        assert moves.count(new) == 4
        assert moves.faults(new) == []


def test_a_retry_gets_its_old_answer_in_the_new_place(town, exported, new_place, moves):
    with town.open() as platform:
        receipt = moves.cast(budget_of(platform), "anna", "i-1", key="ballot-anna")
    with new_place("new").open() as platform:
        new = platform.import_procedure(exported)
        assert moves.cast(new, "anna", "i-1", key="ballot-anna") == receipt


def test_it_goes_from_one_kind_of_database_into_the_other(exported, file_place, moves):
    with file_place("other.db").open() as platform:
        new = platform.import_procedure(exported)
        moves.cast(new, "dora", "i-1")
        moves.close(new)
        assert moves.count(new) == 4
        assert moves.faults(new) == []


def test_it_may_stand_beside_others_and_comes_in_only_once(town, exported, new_place, moves):
    other = new_place("new")
    with other.open() as platform:
        moves.play(platform, "b-9", "12060052")
        platform.import_procedure(exported)
        with pytest.raises(Conflict, match="procedure 'b-1' of 12060052 already"):
            platform.import_procedure(exported)
        assert [one.ref for one in platform.procedures()] == ["b-1", "b-9"]
        assert [moves.faults(one) for one in platform.procedures()] == [[], []]


def test_without_the_key_of_an_open_vote_nobody_votes_twice(exported, new_place, moves):
    place = new_place("new")
    with Platform(place.url, keys=MemoryKeys()) as platform:
        new = platform.import_procedure(exported)
        with pytest.raises(StorageError, match="the key of vote 'vote' is missing"):
            moves.cast(new, "anna", "i-1")


def test_an_export_for_checking_is_not_enough(town, new_place, tmp_path):
    with town.open() as platform:
        budget_of(platform).export(tmp_path / "public", ballots=False)
    with new_place("new").open() as platform:
        with pytest.raises(InputError, match="for checking only; export it whole"):
            platform.import_procedure(tmp_path / "public")
        assert platform.procedures() == ()


# --- what is damaged


def test_every_changed_byte_is_found_and_nothing_is_written(exported, new_place, tmp_path):
    """A byte in every file, and the manifest's own."""
    place = new_place("new")
    names = [one.relative_to(exported) for one in sorted(exported.rglob("*")) if one.is_file()]
    with place.open() as platform:
        for name in names:
            damaged = tmp_path / "damaged"
            shutil.copytree(exported, damaged)
            content = bytearray((damaged / name).read_bytes())
            if not content:
                content = bytearray(b"x")
            content[len(content) // 2] ^= 1
            (damaged / name).write_bytes(content)
            # A digest that was changed in the manifest speaks against the file it is of.
            with pytest.raises(
                InputError, match="damaged" if name.stem == "manifest" else name.name
            ):
                platform.import_procedure(damaged)
            shutil.rmtree(damaged)
        assert platform.procedures() == ()
        assert platform.import_procedure(exported).ref == "b-1"


def line(file, number, change):
    lines = file.read_bytes().split(b"\n")
    lines[number - 1] = change(lines[number - 1])
    return b"\n".join(lines)


@pytest.mark.parametrize(
    ("name", "number", "change", "told"),
    [
        (
            "journal.ndjson",
            2,
            lambda one: one.replace(b'"actor":"author"', b'"actor":"AUTHOR"'),
            r"journal\.ndjson: line 3: does not continue the line before",
        ),
        (
            "journal.ndjson",
            2,
            lambda one: one.replace(b'"seq":2', b'"seq": 2'),
            r"journal\.ndjson:2: it is not written in the one way",
        ),
        ("journal.ndjson", 4, lambda _: b"", r"journal\.ndjson:4: "),
        (
            "tables/roll.ndjson",
            1,
            lambda one: one.replace(b'"b-1"', b'"b-7"'),
            r"roll\.ndjson:1: a row of table roll is of another procedure",
        ),
        ("tables/roll.ndjson", 2, lambda one: one[:-5] + b'"]', r"roll\.ndjson:2: "),
        (
            "tables/box.ndjson",
            3,
            lambda one: one.replace(b'"online","', b'"online","00'),
            "is not what was committed to",
        ),
    ],
    ids=["text", "spacing", "gap", "stranger", "odd digits", "ballot"],
)
def test_a_change_that_the_manifest_was_told_of_is_found_as_well(  # noqa: PLR0917
    exported, new_place, name, number, change, told
):
    rewritten(exported, name, line(exported / name, number, change))
    with new_place("new").open() as platform:
        with pytest.raises((InputError, StorageError), match=told):
            platform.import_procedure(exported)
        assert platform.procedures() == ()


def test_a_checkpoint_of_another_history_is_refused(exported, new_place):
    file = next((exported / "checkpoints").iterdir())
    text = file.read_bytes().split(b"\n")
    text[2] = b"A" * 43 + b"="
    rewritten(exported, f"checkpoints/{file.name}", b"\n".join(text))
    with (
        new_place("new").open() as platform,
        pytest.raises(InputError, match=f"{file.name}: it is not the checkpoint"),
    ):
        platform.import_procedure(exported)


def test_rows_that_were_left_out_are_missed(exported, new_place):
    """A ballot and its tick together: the journal of an open vote does not know of them."""
    rewritten(exported, "tables/electorate.ndjson", b"")
    rewritten(exported, "tables/roll.ndjson", b"")
    with (
        new_place("new").open() as platform,
        pytest.raises(StorageError, match="belongs to nobody on the roll"),
    ):
        platform.import_procedure(exported)


def test_what_it_pinned_must_be_installed(exported, new_place, tmp_path):
    file = exported / "journal.ndjson"
    lines = file.read_bytes().splitlines()
    from partizipation_core.store.journal import digest_of

    previous, written = b"", []
    for one in lines:
        told = json.loads(one.replace(b"core/greedy@1", b"core/greedy@9"))
        told["prev"] = previous.hex()
        written.append(canonical(told))
        previous = digest_of(written[-1])
    rewritten(exported, "journal.ndjson", b"\n".join(written) + b"\n")
    with (
        new_place("new").open() as platform,
        pytest.raises(StorageError, match=r"core/greedy@9 is missing, from partizipation"),
    ):
        platform.import_procedure(exported)


def test_a_kind_of_event_that_is_not_known_is_named_with_its_line(exported, new_place):
    file = exported / "journal.ndjson"
    lines = file.read_bytes().splitlines()
    lines[-1] = lines[-1].replace(b'"kv":1', b'"kv":9')
    rewritten(exported, "journal.ndjson", b"\n".join(lines) + b"\n")
    with (
        new_place("new").open() as platform,
        pytest.raises(StorageError, match=f"journal line {len(lines)} holds .* version 9"),
    ):
        platform.import_procedure(exported)
