"""The commands ``why``, ``tick``, ``calendar`` and ``plugins doctor`` on a town's database."""

import json
import os
import subprocess
import sys
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_core import Actor, FrozenClock, Platform, Role
from partizipation_core.cli.main import _run
from partizipation_core.clock import start_of_day

OFFICER = Actor.of("officer-1", Role.OFFICER)
OPENED = start_of_day(date(2026, 1, 5), ZoneInfo("Europe/Berlin"))
# Far enough ahead for a test that runs on the clock of the machine.
LATER = date(2199, 5, 1)


@pytest.fixture
def database(tmp_path):
    """A database with one procedure whose review was due long ago."""
    address = f"sqlite:///{tmp_path / 'town.db'}"
    with Platform(address, clock=FrozenClock(OPENED)) as platform:
        platform.municipality("12060052").open(
            "b-1",
            "buergerhaushalt",
            actor=OFFICER,
            settings={"pot": "1000 EUR", "misfit": "skip", "min_age": 14},
            schedule={"ideas": {"until": date(2026, 1, 6)}, "vote": LATER},
        )
    return address


@pytest.fixture
def run(capsys):
    """Run the command line: ``run("why", ...)`` → exit code, stdout, stderr."""

    def call(*arguments):
        code = _run(list(arguments))
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.fixture
def why(run, database):
    def ask(*arguments):
        place = ("--database", database, "--municipality", "12060052", "--procedure", "b-1")
        return run("why", *place, *arguments)

    return ask


# --- why


def test_what_is_allowed_exits_with_zero(why):
    code, out, _ = why("--as", "officer", "ReopenStage", '{"reason": "Nachfrage"}')
    assert (code, out) == (0, "Das ist jetzt erlaubt.\n")


def test_what_is_refused_exits_with_three_and_says_why_in_german(why):
    code, out, _ = why("--as", "auditor", "CastBallot", '{"choices": {"i-1": 1}}')
    assert code == 3
    assert out.splitlines()[0] == "Das ist jetzt nicht erlaubt:"
    assert "- Die Phase „Ideensammlung“ ist vorbei" in out
    assert "- Das Alter ist nicht nachgewiesen." in out


@pytest.mark.parametrize(
    ("lang", "told"),
    [("en", "This is not allowed now:"), ("de-x-leicht", "Nein, das geht jetzt nicht:")],
)
def test_other_languages_are_spoken(why, lang, told):
    _, out, _ = why("--as", "resident", "--lang", lang, "SubmitItem", '{"item":"i","title":"x"}')
    assert out.startswith(told)


@pytest.mark.parametrize("viewer", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_json_tells_instants_in_the_zone_of_the_procedure(database, viewer, tmp_path):
    """Wherever the machine stands: 1 May begins at midnight of the town."""
    program = "from partizipation_core.cli.main import run; run()"
    place = ["--database", database, "--municipality", "12060052", "--procedure", "b-1"]
    with Platform(database, clock=FrozenClock(OPENED)) as platform:
        platform.municipality("12060052").open(
            "b-2",
            "buergerhaushalt",
            actor=OFFICER,
            settings={"misfit": "skip"},
            schedule={"vote": LATER},
        )
    place[-1] = "b-2"
    done = subprocess.run(
        [
            *(sys.executable, "-c", program, "why", *place, "--as", "resident", "--json"),
            *("CastBallot", '{"choices": {"i-1": 1}}'),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TZ": viewer},
    )
    assert done.returncode == 3, done.stderr
    (objection,) = json.loads(done.stdout)["objections"]
    assert objection["code"] == "stage_not_yet"
    assert objection["params"]["later"] == "vote"
    assert objection["allowed_from"] == "2199-05-01T00:00:00+02:00"
    assert objection["allowed_when"] == []


FAULTY = {
    "a number for a text": ('{"item": 1, "title": "x"}', "item: expected a text, not 1"),
    "an unknown field": ('{"item": "i", "titel": "x"}', "SubmitItem.titel: unknown key"),
    "a bare amount": ('{"item": "i", "title": "x", "cost": 3}', "cost: write an amount"),
    "no JSON": ("{", "SubmitItem:1:2: "),
    "no object": ("[]", "SubmitItem: an object"),
    "a key twice": ('{"item": "i", "item": "j"}', "SubmitItem: a key occurs twice"),
}


@pytest.mark.parametrize(("data", "told"), FAULTY.values(), ids=FAULTY)
def test_fields_are_read_strictly_and_faults_have_their_path(why, data, told):
    code, _, err = why("--as", "resident", "SubmitItem", data)
    assert code == 1
    assert told in err


NOWHERE = {
    "command": (["--as", "resident", "SubmitItm", "{}"], "did you mean 'SubmitItem'?"),
    "attribute": (["--as", "resident", "--attribute", "age", "SubmitItem"], "NAME=WERT"),
}


@pytest.mark.parametrize(("arguments", "told"), NOWHERE.values(), ids=NOWHERE)
def test_what_is_not_there_is_told(why, arguments, told):
    code, _, err = why(*arguments)
    assert code in (2, 4)
    assert told in err


def test_attributes_and_areas_are_handed_to_the_rules(database, run):
    with Platform(database, clock=FrozenClock(OPENED)) as platform:
        platform.municipality("12060052").open(
            "b-3",
            "buergerhaushalt",
            actor=OFFICER,
            settings={"misfit": "skip", "min_age": 14},
        )
    place = ("--database", database, "--municipality", "12060052", "--procedure", "b-3")
    idea = ("SubmitItem", '{"item": "i-1", "title": "Bank", "cost": "300 EUR"}')
    young = run("why", *place, "--as", "resident", "--attribute", "age=13", *idea)
    grown = run("why", *place, "--as", "resident", "--attribute", "age=14", *idea)
    assert (young[0], grown[0]) == (3, 0)
    assert "ab 14 Jahren" in young[1]


def test_looking_creates_no_database(run, tmp_path):
    address = f"sqlite:///{tmp_path / 'nowhere.db'}"
    place = ("--database", address, "--municipality", "12060052", "--procedure", "b-1")
    for command in (["why", *place, "--as", "x", "SubmitItem"], ["calendar", *place]):
        assert run(*command)[0] == 4
    assert list(tmp_path.iterdir()) == []


def test_why_changes_nothing(why, database):
    with Platform(database) as platform:
        before = platform.municipality("12060052").procedure("b-1").journal()
    why("--as", "officer", "AdvanceStage")
    with Platform(database) as platform:
        assert platform.municipality("12060052").procedure("b-1").journal() == before


# --- tick and calendar


def test_tick_does_what_is_due_and_does_it_once(run, database):
    code, out, _ = run("tick", "--database", database)
    assert (code, out) == (0, "12060052 b-1: 1 Ereignis\n")
    code, out, err = run("tick", "--database", database)
    assert (code, out, err) == (0, "", "Nichts ist fällig.\n")


def test_tick_can_be_kept_to_one_municipality(run, database):
    code, out, _ = run("tick", "--database", database, "--municipality", "11000000", "--json")
    assert (code, json.loads(out)) == (0, [])
    _, out, _ = run("tick", "--database", database, "--municipality", "12060052", "--json")
    (moved,) = json.loads(out)
    assert (moved["procedure"], moved["events"], moved["failure"]) == ("b-1", ["StageEnded"], "")


def test_calendar_writes_nothing_but_the_calendar(run, database):
    place = ("--database", database, "--municipality", "12060052", "--procedure", "b-1")
    code, out, err = run("calendar", *place)
    assert (code, err) == (0, "")
    assert out.startswith("BEGIN:VCALENDAR")
    assert "UID:vote@b-1.12060052.partizipation" in out.replace("\r", "")
    assert "DTSTART;TZID=Europe/Berlin:21990501T000000" in out


# --- the doctor


def test_the_doctor_finds_nothing_where_all_is_installed(run, database):
    assert run("plugins", "doctor", "--database", database)[:2] == (
        0,
        "Alle Plugins sind in Ordnung.\n",
    )


def test_the_doctor_says_which_distribution_to_install(run, database, monkeypatch):
    monkeypatch.setenv("PARTIZIPATION_PLUGINS", "kiezkasse")
    code, out, _ = run("plugins", "doctor", "--database", database)
    assert code == 1
    assert "12060052 b-1: format buergerhaushalt fehlt" in out
    assert "Zu installieren: partizipation-buergerhaushalt 0.1" in out
    _, out, _ = run("plugins", "doctor", "--database", database, "--json")
    (missing,) = json.loads(out)["missing"]
    assert missing["procedure"] == "b-1"
