"""Keys lie outside the database, are there whole or not at all, and are never made twice."""

import os
import secrets
import subprocess
import sys

import pytest

from partizipation_core.errors import StorageError
from partizipation_core.store import Scope
from partizipation_core.store.keys import FileKeys, MemoryKeys, voter_tag
from partizipation_core.values import MunicipalityRef, ParticipantRef, ProcedureRef

ANNA, BEN = ParticipantRef("anna@example.org"), ParticipantRef("ben@example.org")


@pytest.fixture(params=["file", "memory"])
def keys(request, tmp_path):
    return FileKeys(tmp_path / "keys") if request.param == "file" else MemoryKeys()


def test_a_key_is_made_once_and_stays(keys, scope):
    assert not keys.has(scope, "vote")
    first = keys.key(scope, "vote")
    assert keys.has(scope, "vote")
    assert len(first) == 32
    assert keys.key(scope, "vote") == first


def test_every_vote_has_its_own_key(keys, scope):
    other_town = Scope(MunicipalityRef("11000000"), scope.procedure)
    other_procedure = Scope(scope.municipality, ProcedureRef("budget-2028"))
    places = [(scope, "vote"), (scope, "vote.2"), (other_town, "vote"), (other_procedure, "vote")]
    assert len({keys.key(*place) for place in places}) == len(places)


def test_names_that_read_alike_when_joined_have_different_keys(keys):
    first = Scope(MunicipalityRef("12060052"), ProcedureRef("a/b"))
    second = Scope(MunicipalityRef("12060052"), ProcedureRef("a"))
    assert keys.key(first, "c") != keys.key(second, "b/c")


def test_a_tag_tells_neither_who_nor_where(keys, scope):
    tags = {
        voter_tag(keys, scope, vote, who) for vote in ("vote", "vote.2") for who in (ANNA, BEN)
    }
    assert len(tags) == 4
    assert all(who.encode() not in tag for tag in tags for who in (ANNA, BEN))
    assert {len(tag) for tag in tags} == {32}


def test_the_same_person_has_the_same_tag_in_one_vote(keys, scope):
    assert voter_tag(keys, scope, "vote", ANNA) == voter_tag(keys, scope, "vote", ANNA)


def test_another_process_reads_the_same_key(tmp_path, scope):
    assert FileKeys(tmp_path).key(scope, "vote") == FileKeys(tmp_path).key(scope, "vote")


def test_key_files_belong_to_their_owner_alone(tmp_path, scope):
    folder = tmp_path / "keys"
    FileKeys(folder).key(scope, "vote")
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert not any(word in file.name for word in (scope.municipality, scope.procedure, "vote"))


@pytest.mark.parametrize("left", [b"", b"\x00" * 31, b"\x00" * 33], ids=["empty", "short", "long"])
def test_a_damaged_key_is_refused_and_not_replaced(tmp_path, scope, left):
    FileKeys(tmp_path).key(scope, "vote")
    (file,) = tmp_path.iterdir()
    file.write_bytes(left)
    with pytest.raises(StorageError, match=f"a key has 32 bytes, this file has {len(left)}"):
        FileKeys(tmp_path).key(scope, "vote")
    assert file.read_bytes() == left


def test_a_write_that_breaks_off_leaves_no_key(tmp_path, scope, monkeypatch):
    def fail(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageError, match=r"\.key cannot be written: No space left"):
        FileKeys(tmp_path).key(scope, "vote")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    assert len(FileKeys(tmp_path).key(scope, "vote")) == 32


MAKE = """
import sys
from pathlib import Path
from partizipation_core.store import Scope
from partizipation_core.store.keys import FileKeys
print("ready", flush=True)
sys.stdin.readline()
print(FileKeys(Path(sys.argv[1])).key(Scope("12060052", "budget-2027"), "vote").hex())
"""


def test_processes_that_need_a_key_at_once_get_one_and_the_same(tmp_path):
    folder = tmp_path / "keys"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    makers = [
        subprocess.Popen([sys.executable, "-c", MAKE, str(folder)], **pipes) for _ in range(3)
    ]
    assert {maker.stdout.readline() for maker in makers} == {"ready\n"}
    for maker in makers:
        maker.stdin.write("go\n")
        maker.stdin.flush()
    keys = {maker.communicate()[0] for maker in makers}
    assert [len(key) for key in keys] == [65]
    assert len(list(folder.iterdir())) == 1


def test_the_first_key_written_wins_over_a_later_draft(tmp_path, scope, monkeypatch):
    """Revert test: checking and then writing would let the later one overwrite the first."""
    first = secrets.token_bytes(32)
    slow = FileKeys(tmp_path)
    link = os.link

    def somebody_is_faster(draft, path):
        path.write_bytes(first)
        link(draft, path)

    monkeypatch.setattr(os, "link", somebody_is_faster)
    assert slow.key(scope, "vote") == first
