"""No ballot that was acknowledged is lost when the power fails.

Some hundred states run with every change; ``python3 dev.py soak tests/store/test_power_loss.py``
has 5,000 for each setting.
"""

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from runpy import run_path
from zoneinfo import ZoneInfo

import pytest

from partizipation_core.clock import FrozenClock, start_of_day
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    ReplaceBallot,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.platform import Platform
from partizipation_core.store import sqlite
from partizipation_core.store.booth import Booth
from partizipation_core.store.keys import MemoryKeys
from partizipation_core.values import Actor, Money, Role

power = run_path(str(Path(__file__).with_name("powerloss.py")))
SQLITE = power["library"]()
pytestmark = pytest.mark.skipif(SQLITE is None, reason="SQLite is hidden inside this Python")
OFFICER, REVIEWER = Actor.of("officer", Role.OFFICER), Actor.of("reviewer", Role.REVIEWER)
ENOUGH = 200
"""Pages after which SQLite brings its log into the file; so that it does in so short a play."""


def resident(number):
    return Actor.of(f"voter-{number}", Role.RESIDENT)


def play(recorder, folder, voters=60):
    """Open a vote, cast and exchange ballots, close it; everything acknowledged is told."""
    clock = FrozenClock(start_of_day(date(2027, 3, 1), ZoneInfo("Europe/Berlin")))
    with Platform(f"sqlite:///{folder}/town.db", clock=clock, keys=MemoryKeys()) as platform:
        budget = platform.municipality("12060052").open(
            "budget-2027",
            "buergerhaushalt",
            actor=OFFICER,
            settings={"pot": "1000 EUR", "misfit": "skip"},
        )
        recorder.tell(("seq", 1))

        def do(command, actor):
            receipt = budget.execute(command, actor=actor)
            voter = actor.ref if receipt.commitment else ""
            recorder.tell((voter, receipt.commitment) if voter else ("seq", receipt.last))

        do(SubmitItem(item="bench", title="Bank", cost=Money.euro(500)), resident(0))
        do(AdvanceStage(), OFFICER)
        do(TakeUpReview(item="bench"), REVIEWER)
        do(ReviewItem(item="bench", outcome="feasible"), REVIEWER)
        do(ShortlistItem(item="bench"), OFFICER)
        do(AdvanceStage(), OFFICER)
        for number in range(voters):
            do(CastBallot(choices={"bench": 1}), resident(number))
            if number % 10 == 9:
                do(ReplaceBallot(choices={"bench": 1}), resident(number - 9))
        do(AdvanceStage(), OFFICER)


def lost(files, told, folder):
    """Start the machine again, and say what of that which was told is not there."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    try:
        with closing(sqlite3.connect(folder / "town.db")) as connection:
            connection.execute("PRAGMA synchronous = OFF")  # nobody fails now
            return list(missing(connection, told))
    except sqlite3.DatabaseError as error:
        return [f"it cannot be read: {error}"]
    finally:
        for file in folder.iterdir():
            file.unlink()


def missing(connection, told):
    if not told:
        return  # nothing was promised yet, not even a table
    if (found := connection.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
        yield f"the file is damaged: {found}"
        return
    box = {row[0].hex() for row in connection.execute("SELECT commitment FROM box")}
    (seq,) = connection.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchone()
    ballots = {voter: receipt for voter, receipt in told if voter != "seq"}
    journal = max(last for voter, last in told if voter == "seq")
    if seq < journal:
        yield f"{journal - seq} lines of the journal"
    # Exchanged a moment ago and not yet told, a ballot is there with another receipt.
    if (gone := len(set(ballots.values()) - box)) and (gone > 1 or len(box) < len(ballots)):
        yield f"{gone} ballots"


@pytest.fixture
def failures(tmp_path, monkeypatch):
    """Play with a setting, fail at so many moments; returns states, and what each has lost."""

    def run(cuts, synchronous="FULL"):
        (tmp_path / "disk").mkdir()
        (tmp_path / "after").mkdir()
        monkeypatch.setattr(sqlite, "configure", configured(synchronous))
        needed = sqlite.Sqlite.needed
        level = {"OFF": "0", "NORMAL": "1", "FULL": "2"}[synchronous]
        monkeypatch.setattr(
            sqlite.Sqlite, "needed", lambda self: needed(self) | {"synchronous": level}
        )
        with power["recording"](SQLITE) as recorder:
            play(recorder, tmp_path / "disk")
        monkeypatch.undo()
        shutil.rmtree(tmp_path / "disk")
        found = [
            lost(files, told, tmp_path / "after")
            for files, told in power["states"](recorder.steps, cuts)
        ]
        assert len(found) == cuts
        return recorder.steps, found

    return run


def configured(synchronous):
    """Set connections up as we do, apart from one setting, and let the log be brought in early."""
    configure = sqlite.configure

    def run(connection):
        configure(connection)
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {ENOUGH}")

    return run


@pytest.mark.sized("cuts")
def test_nothing_acknowledged_is_lost_when_the_power_fails(failures, size, tell):
    steps, found = failures(size)
    kinds = {(what, name) for what, name, *_ in steps}
    assert {("write", "town.db"), ("flush", "town.db"), ("flush", "town.db-wal")} <= kinds
    assert [one for one in found if one] == []
    tell(states=size, writes=sum(step[0] == "write" for step in steps), lost=0)


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_a_disk_that_is_not_waited_for_is_caught(failures, synchronous):
    """Revert test: the usual advice for this mode, and worse."""
    _, found = failures(400, synchronous)
    assert sum(bool(one) for one in found) > 40


def test_an_answer_before_the_commit_is_caught(failures, monkeypatch):
    """Revert test: ballots are written some together, after they were acknowledged."""
    write, waiting = Booth._write, []

    def write_later(self, slips):
        waiting.extend(slips)
        for slip in slips:
            slip.taken = True
        if len(waiting) > 3:
            write(self, waiting.copy())
            waiting.clear()

    with monkeypatch.context() as patched:
        patched.setattr(Booth, "_write", write_later)
        _, found = failures(200)
    assert any(found)
