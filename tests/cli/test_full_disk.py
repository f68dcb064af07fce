"""Commands that write files: on a full disk they say so, leave nothing, and can be given again."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from partizipation_core import Actor, FrozenClock, Money, Platform, Role
from partizipation_core.cli.main import _run
from partizipation_core.clock import start_of_day
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    CountBallots,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)

OFFICER = Actor.of("officer-1", Role.OFFICER)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
ANNA = Actor.of("anna", Role.RESIDENT)
SETTINGS = {"pot": "1000 EUR", "misfit": "skip"}
STEPS = (
    (SubmitItem(item="bench", title="Bank", cost=Money.euro(300)), ANNA),
    (AdvanceStage(), OFFICER),
    (TakeUpReview(item="bench"), REVIEWER),
    (ReviewItem(item="bench", outcome="feasible"), REVIEWER),
    (ShortlistItem(item="bench"), OFFICER),
    (AdvanceStage(), OFFICER),
    (CastBallot(choices={"bench": 1}), ANNA),
    (AdvanceStage(), OFFICER),
    (CountBallots(vote="vote", seed="4 8 15"), OFFICER),
)


@pytest.fixture
def place(tmp_path):
    """Options for a budget whose result is public."""
    clock = FrozenClock(start_of_day(date(2027, 3, 1), ZoneInfo("Europe/Berlin")))
    address = f"sqlite:///{tmp_path / 'town.db'}"
    with Platform(address, clock=clock) as platform:
        town = platform.municipality("12060052")
        budget = town.open("b-1", "buergerhaushalt", actor=OFFICER, settings=SETTINGS)
        for command, actor in STEPS:
            budget.execute(command, actor=actor)
    return ["--database", address, "--municipality", "12060052", "--procedure", "b-1"]


# A command, and the names of what it makes on the disk.
WRITERS = {
    "opened ballots": (["results", "export", "PLACE", "--folder", "DISK/out"], {"out"}),
    "a procedure": (["procedures", "export", "PLACE", "--into", "DISK/out"], {"out"}),
    "an archive": (["procedures", "export", "PLACE", "--into", "DISK/out.zip"], {"out.zip"}),
    "a checkpoint": (["procedures", "checkpoint", "PLACE", "--svg", "DISK/qr.svg"], {"qr.svg"}),
    "tables": (["count", "template", "DISK"], {"projects.csv", "ballots.csv", "settings.csv"}),
    "a workbook": (["count", "template", "DISK", "--xlsx"], {"election.xlsx"}),
    "a plugin": (
        ["plugins", "new", "kiezfonds", "--town", "Musterstadt", "--into", "DISK"],
        {"partizipation-kiezfonds"},
    ),
    "an invented pool": (
        ["sortition", "invent", "--people", "40", "--seats", "8", "--out", "DISK"],
        {"respondents.csv", "categories.csv"},
    ),
}


@pytest.mark.parametrize("case", WRITERS.values(), ids=WRITERS)
def test_on_a_full_disk_a_command_leaves_nothing_and_can_be_given_again(
    case, place, disk, fill, capsys
):
    words, made = case
    order = [word.replace("DISK", str(disk)) for word in words]
    if "PLACE" in order:
        order[order.index("PLACE") : order.index("PLACE") + 1] = place
    fill(left=0)
    assert _run(order) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert [one.name for one in disk.iterdir()] == ["other-files"]
    fill.make_room()
    assert _run(order) == 0
    assert {one.name for one in disk.iterdir()} == made
    before = {one: one.stat().st_mtime_ns for one in disk.rglob("*")}
    capsys.readouterr()
    assert _run(order) == 1, "what is there is not written over"
    assert "already" in capsys.readouterr().err
    assert before == {one: one.stat().st_mtime_ns for one in disk.rglob("*")}


def test_what_is_led_to_a_full_disk_is_told():
    """``partizipation formats list > file``: half a table must not pass for a whole one."""
    program = "from partizipation_core.cli.main import run; run()"
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-c", program, "formats", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "No space left" in done.stderr
