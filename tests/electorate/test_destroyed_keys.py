"""The key of a vote is destroyed when its time is over: tags are noise, and all else holds."""

import base64
import json
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from runpy import run_path
from zoneinfo import ZoneInfo

import pytest

from partizipation_core.clock import Instant, start_of_day
from partizipation_core.commands import (
    AdvanceStage,
    CorrectResult,
    DestroyKey,
    EnrolVoter,
    ForgetPerson,
    IssueCodes,
    ReopenStage,
)
from partizipation_core.errors import Refused, StorageError
from partizipation_core.kernel.state import Procedure
from partizipation_core.platform import Platform
from partizipation_core.store.keys import FileKeys, voter_tag
from partizipation_core.values import Actor, Role

BERLIN = ZoneInfo("Europe/Berlin")
DEPUTY = Actor.of("officer-2", Role.OFFICER)
EXTRACT = "kennung;geburtsdatum\n" + "".join(f"R-{n};17.05.1980\n" for n in range(1, 5))
LAST, OVER = (2027, 7, 1), (2027, 7, 2)
"""Counted on the first of June; the last of thirty days, and the day on which it is over."""


@pytest.fixture
def voted(by_register):
    """Three of four people on the roll have voted; each has a receipt."""
    town = by_register(register_until="2027-12-31")
    town.register(EXTRACT)
    town.to_the_vote()
    town.people = [town.person(f"R-{n}") for n in (1, 2, 3)]
    town.receipts = [town.cast(one, "a", "b").commitment for one in town.people]
    return town


@pytest.fixture
def counted(voted):
    voted.count()
    return voted


@pytest.fixture
def destroyed(counted):
    counted.at(*OVER)
    counted.execute(DestroyKey(vote="vote"), actor=counted.officer)
    return counted


def refused(town, command=DestroyKey(vote="vote"), actor=None):  # noqa: B008 - a value
    (objection,) = town.why(command, actor=actor or town.officer)
    return objection


def key_files(town):
    """Name the key ring's file of the vote and its tombstone, whether or not they are there."""
    keys = town.handle._execution.keys
    path = keys._path(town.handle._scope, "vote")
    return path, path.with_suffix(".destroyed")


# --- when


def test_an_open_vote_keeps_its_key(voted):
    assert refused(voted).code == "vote_still_open"


def test_a_vote_that_nobody_counted_keeps_its_key(voted):
    voted.at(2027, 6, 1)
    assert refused(voted).code == "key_waits_for_result"


def test_a_vote_that_is_none_has_no_key(counted):
    assert refused(counted, DestroyKey(vote="moon")).code == "vote_unknown"


def test_the_key_is_kept_to_the_last_instant_of_the_last_day(counted):
    end = start_of_day(date(*OVER), BERLIN)
    counted.at(*LAST)
    objection = refused(counted)
    assert (objection.code, objection.allowed_from) == ("key_still_needed", end)
    assert objection.params["until"] == end - 1
    counted.clock.set(Instant(end - 1))
    assert refused(counted).code == "key_still_needed"
    counted.clock.set(end)
    assert counted.why(DestroyKey(vote="vote"), actor=counted.officer) == ()


def test_a_corrected_result_may_be_objected_to_from_then_on(by_register):
    town = by_register(result_objection_days=7, certify_by_another=False)
    town.register(EXTRACT)
    town.to_the_vote()
    town.cast(town.person("R-1"), "a", "b")
    town.count()
    town.at(2027, 6, 5)
    put_right = CorrectResult(vote="vote", seed="9 9 9", reason="Losnummer falsch abgelesen.")
    town.execute(put_right, actor=DEPUTY)
    town.at(2027, 6, 12)
    assert refused(town).allowed_from == start_of_day(date(2027, 6, 13), BERLIN)
    town.at(2027, 6, 13)
    town.execute(DestroyKey(vote="vote"), actor=town.officer)


def test_a_town_says_how_long(by_register):
    town = by_register(result_objection_days=0)
    town.register(EXTRACT)
    town.to_the_vote()
    town.cast(town.person("R-1"), "a", "b")
    town.count()
    assert refused(town).code == "key_still_needed"  # the day itself is not counted
    town.at(2027, 6, 2)
    town.execute(DestroyKey(vote="vote"), actor=town.officer)


def test_nobody_but_the_office_destroys_a_key(counted):
    counted.at(*OVER)
    anybody = Actor.of("anna", Role.RESIDENT)
    assert refused(counted, actor=anybody).code == "role_forbids"


def test_a_key_is_destroyed_once(destroyed):
    assert refused(destroyed).code == "key_destroyed_already"
    assert [one.vote for one in destroyed.events("KeyDestroyed")] == ["vote"]


def test_the_retention_run_destroys_the_key(counted):
    assert counted.overdue() == ()
    counted.at(*OVER)
    assert [(one.table, one.since) for one in counted.overdue()] == [("key", "2027-07-01")]
    counted.erase_overdue(actor=counted.officer)
    assert counted.overdue() == ()
    key, tombstone = key_files(counted)
    assert (key.exists(), tombstone.exists()) == (False, True)
    assert counted.faults() == []


# --- afterwards


def told(town):
    """Everything that is known of a vote and its count."""
    return (
        town.result("vote").to_json(),
        town.vote_result("vote"),
        town.turnout("vote"),
        town.participation(),
        town.strengths("vote"),
        [town.included(one, "vote") for one in town.receipts],
        [check.name for check in town.audit() if check.ok],
    )


def test_everything_that_was_counted_and_checked_is_as_before(counted):
    counted.at(*OVER)
    before = told(counted)
    counted.execute(DestroyKey(vote="vote"), actor=counted.officer)
    assert told(counted) == before
    assert counted.faults() == []
    counted.rebuild()
    assert counted.faults() == []


def test_others_check_it_as_before(destroyed, tmp_path, root):
    destroyed.export(tmp_path / "export")
    verify = run_path(str(root / "verifier" / "verify.py"))["verify"]
    report = verify(tmp_path / "export")
    assert report.exit_code == 0, report


def test_everybody_is_forgotten_after_the_key(destroyed):
    before = destroyed.result("vote")
    for person in (*destroyed.people, Actor.of("author", Role.RESIDENT)):
        destroyed.execute(ForgetPerson(person=person.ref), actor=destroyed.officer)
    after = destroyed.result("vote")  # titles of ideas went with their author
    assert (after.funded, after.rest) == (before.funded, before.rest)
    assert destroyed.faults() == []


def test_a_person_is_told_that_nobody_can_tell_any_more(destroyed):
    before, anna = destroyed.about, destroyed.people[0]
    assert before(anna)["votes"]["vote"] == {"voted": None, "on_the_roll": None, "area": ""}
    assert before(anna)["register"] != {}


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (IssueCodes(vote="vote", batch="b", digests=["00" * 32], voters=["R-1"]), "vote_closed"),
        (EnrolVoter(person="R-4", reason="Nachtrag"), "stage_over"),
        (ReopenStage(reason="Noch einmal"), "already_counted"),
    ],
    ids=lambda one: one if isinstance(one, str) else type(one).__name__,
)
def test_what_would_need_the_key_is_refused_with_a_reason(destroyed, command, code):
    assert code in destroyed.refusal(command, destroyed.officer)


def test_in_a_stage_that_has_merely_ended_nobody_is_looked_up(destroyed, monkeypatch):
    """A format may count in the stage of the vote, whose commands then still meet this vote."""
    handle, execution = destroyed.handle, destroyed.handle._execution
    with handle._unit() as unit:
        present, _ = execution.present(unit, handle._scope)
    monkeypatch.setattr(Procedure, "vote", property(lambda _: "vote"))
    monkeypatch.setattr(execution.keys, "key", lambda *_: pytest.fail("the key was asked for"))
    for command in (EnrolVoter(person="R-4", reason="x"), AdvanceStage()):
        destroyed.why(command, actor=destroyed.officer)
    assert present.keyless == ("vote",)


# --- nothing is left of it


def spellings(key):
    return (key, key.hex().encode(), key.hex().upper().encode(), base64.b64encode(key)[:40])


def holding(folder, key):
    """Name the files below a folder in which a key stands, in whatever spelling."""
    files = [one for one in folder.rglob("*") if one.is_file()]
    data = {one.name: one.read_bytes() for one in files}
    return sorted(n for n, body in data.items() if any(one in body for one in spellings(key)))


def test_no_byte_of_the_key_is_left_and_no_tag_can_be_computed(counted, platform, tmp_path, sql):
    path, _ = key_files(counted)
    key, scope = path.read_bytes(), counted.handle._scope
    elsewhere = FileKeys(path.parent)  # another process, which has it in its memory
    ticked = {bytes(tag) for (tag,) in sql("SELECT tag FROM roll")}
    anna = voter_tag(elsewhere, scope, "vote", counted.people[0].ref)
    assert anna in ticked
    assert holding(tmp_path, key) == [path.name]
    counted.at(*OVER).erase_overdue(actor=counted.officer)
    platform.backup(tmp_path / "backup")
    counted.export(tmp_path / "export", whole=True)
    counted.rebuild()
    assert holding(tmp_path, key) == []
    assert {bytes(tag) for (tag,) in sql("SELECT tag FROM roll")} == ticked
    for keys in (elsewhere, FileKeys(path.parent), counted.handle._execution.keys):
        assert not keys.has(scope, "vote")
        with pytest.raises(StorageError, match="was destroyed when its time was over"):
            voter_tag(keys, scope, "vote", counted.people[0].ref)
    assert key not in elsewhere._known.values()


def test_a_draft_that_a_crash_left_behind_goes_with_the_key(counted):
    path, tombstone = key_files(counted)
    os.link(path, path.with_suffix(".00112233aabbccdd"))
    counted.at(*OVER).erase_overdue(actor=counted.officer)
    assert list(path.parent.glob(f"{path.stem}.*")) == [tombstone]


def test_a_key_that_a_backup_brought_back_is_destroyed_again(destroyed):
    path, tombstone = key_files(destroyed)
    tombstone.unlink()
    path.write_bytes(bytes(32))
    assert [one.table for one in destroyed.overdue()] == ["key"]
    destroyed.erase_overdue(actor=destroyed.officer)
    assert destroyed.overdue() == ()
    assert not path.exists()
    assert len(destroyed.events("KeyDestroyed")) == 1


# --- copies


def test_a_procedure_goes_on_elsewhere_without_its_key(destroyed, host, clock, tmp_path):
    destroyed.export(tmp_path / "whole", whole=True)
    with Platform(f"sqlite:///{tmp_path / 'other.db'}", host=host, clock=clock) as other:
        there = other.import_procedure(tmp_path / "whole")
        assert [fault for check in there.audit() for fault in check.faults] == []
        assert there.overdue() == ()
        assert there.result("vote") == destroyed.result("vote")
        assert other._execution.keys.destroyed(there._scope, "vote")


def test_a_backup_comes_back_without_the_key(destroyed, platform, host, clock, tmp_path):
    platform.backup(tmp_path / "backup.zip")
    with Platform(f"sqlite:///{tmp_path / 'other.db'}", host=host, clock=clock) as other:
        assert other.restore(tmp_path / "backup.zip").audited == 1
        there = other.municipality("12060052").procedure("budget-2027")
        assert there.overdue() == ()
        assert other._execution.keys.destroyed(there._scope, "vote")


def test_a_backup_of_before_does_not_bring_the_key_back(counted, platform, host, clock, tmp_path):
    """The database forgets that the key was destroyed; the key ring does not."""
    platform.backup(tmp_path / "backup.zip")
    counted.at(*OVER).erase_overdue(actor=counted.officer)
    keys = counted.handle._execution.keys
    other = f"sqlite:///{tmp_path / 'other.db'}"
    with Platform(other, host=host, clock=clock, keys=keys) as restored:
        restored.restore(tmp_path / "backup.zip")
        there = restored.municipality("12060052").procedure("budget-2027")
        assert [fault for check in there.audit() for fault in check.faults] == []
        with pytest.raises(StorageError, match="was destroyed when its time was over"):
            there.about(counted.people[0])
        there.execute(DestroyKey(vote="vote"), actor=counted.officer)
        assert there.about(counted.people[0])["votes"]["vote"]["voted"] is None


# --- crashes

KILLED = """
import os, signal, sys
from pathlib import Path
from partizipation_core import Actor, FrozenClock, Platform, Role
from partizipation_core.clock import Instant
from partizipation_core.commands import DestroyKey
from partizipation_core.store import keys

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

place, name = sys.argv[3].split(".")
setattr(getattr(keys, place), name, die)
with Platform(sys.argv[1], clock=FrozenClock(Instant(int(sys.argv[2])))) as platform:
    handle = platform.municipality("12060052").procedure("budget-2027")
    handle.execute(DestroyKey(vote="vote"), actor=Actor.of("officer-1", Role.OFFICER))
"""

MOMENTS = {
    "before the tombstone": "FileKeys.destroy",
    "after the tombstone": "FileKeys._remains",
    "before the overwriting is through": "os.fsync",
    "before the file is gone": "Path.unlink",
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_who_is_killed_in_between_is_finished_by_the_retention_run(counted, file, moment):
    path, tombstone = key_files(counted)
    key = path.read_bytes()
    counted.at(*OVER)
    now = str(counted.clock.now())
    arguments = [sys.executable, "-c", KILLED, f"sqlite:///{file}", now, moment]
    env = {**os.environ, "PARTIZIPATION_PLUGINS": "buergerhaushalt"}
    done = subprocess.run(arguments, env=env, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert [one.vote for one in counted.events("KeyDestroyed")] == ["vote"]
    assert path.exists()
    assert [one.table for one in counted.overdue()] == ["key"]
    counted.erase_overdue(actor=counted.officer)
    assert list(path.parent.glob(f"{path.stem}.*")) == [tombstone]
    assert holding(Path(file).parent, key) == []
    assert len(counted.events("KeyDestroyed")) == 1
    assert counted.faults() == []


def test_a_key_ring_that_fails_undoes_nothing_and_is_asked_again(counted, monkeypatch):
    keys = counted.handle._execution.keys
    counted.at(*OVER)
    with monkeypatch.context() as patch:
        patch.setattr(FileKeys, "destroy", lambda *_: (_ for _ in ()).throw(OSError("read only")))
        counted.execute(DestroyKey(vote="vote"), actor=counted.officer)
    assert "DestroyKey: OSError: read only" in counted.failures()[-1]
    assert keys.has(counted.handle._scope, "vote")
    counted.erase_overdue(actor=counted.officer)
    assert keys.destroyed(counted.handle._scope, "vote")


def test_the_line_says_what_and_never_who(destroyed):
    line = json.loads(list(destroyed.journal_lines())[-1])
    assert line["data"] == {"reason": "", "vote": "vote"}
    with pytest.raises(Refused):
        destroyed.execute(DestroyKey(vote="vote"), actor=destroyed.officer)
