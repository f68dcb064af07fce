"""What an office types or hands in by mistake is told in a sentence, and never passed over."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from partizipation_buergerrat.public.sources import announce, value_of
from partizipation_buergerrat.sortition.examination import examine
from partizipation_core.cli.main import cli
from partizipation_core.cli.main import run as run_cli
from partizipation_core.errors import InputError

HOME = Path.cwd()
LATER = "2026-11-22T12:00:00Z"
DIGITS = json.dumps({"kind": "digits", "count": 2, "event": "Rathaus", "at": LATER})


@pytest.fixture
def say(capsys, tmp_path, monkeypatch):
    """Run a command as a shell does; return its exit code and all that it says."""
    monkeypatch.chdir(tmp_path)

    def say(*words):
        with pytest.raises(SystemExit) as ended:
            run_cli(["sortition", *map(str, words)])
        told = capsys.readouterr()
        return ended.value.code or 0, told.out + told.err

    assert cli
    return say


@pytest.fixture
def town(tmp_path, say):
    say("invent", "--people", 60, "--seats", 12, "--features", "2,3", "--seed", 6, "--out", ".")
    return ["respondents.csv", "categories.csv", "--seats", 12]


SLIPS = {
    "an opt-out of nobody": (
        ["target", "--opt-out", "p99999"],
        1,
        "Unter dieser Kennung steht niemand in der Tabelle: p99999.",
    ),
    "a fixed seat for nobody": (
        ["target", "--fixed", "p99999"],
        1,
        "Unter dieser Kennung steht niemand in der Tabelle: p99999.",
    ),
    "seated and left out": (
        ["target", "--fixed", "p00001", "--opt-out", "p00001"],
        1,
        "Wer schon einen Platz hat, kann nicht zugleich ausgenommen sein: p00001.",
    ),
    "a quota that does not exist": (
        ["check", "--what-if", "K1=A9:1-2"],
        1,
        "Eine Quote für K1=A9 gibt es nicht.",
    ),
    "a quota upside down": (["check", "--what-if", "K1=A1:7-2"], 1, "MERKMAL=WERT:MIN-MAX"),
    "half a quota": (["check", "--what-if", "K1=A1"], 1, "MERKMAL=WERT:MIN-MAX"),
    "quotas that nobody can meet": (
        ["check", "--what-if", "K1=A1:12-12"],
        0,
        "Mit diesen Quoten gibt es keine Auswahl.",
    ),
    "a folder that is not there": (
        ["target", "--chart", "nowhere/chart.svg"],
        1,
        "Die Datei „nowhere/chart.svg“ gibt es nicht.",
    ),
    "an address that is not there": (["check", "--address", "Weg"], 1, "„Weg“ fehlt"),
    "another language": (["check", "--lang", "xx"], 2, "de-x-leicht"),
}


@pytest.mark.parametrize(("words", "code", "sentence"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_told(words, code, sentence, town, say):
    command, *options = words
    ended, told = say(command, *town, *options)
    assert sentence in told
    assert ended == code


def test_a_what_if_is_read_like_a_table(town, say):
    assert "k1=a1".upper() in say("check", *town, "--what-if", " k1 = a1 : 4-8")[1]


def test_a_fixed_seat_named_twice_is_one_seat(town, say):
    once = say("target", *town, "--fixed", "p00001", "--json")
    assert say("target", *town, "--fixed", "p00001", "--fixed", "p00001", "--json") == once


def test_the_selected_of_one_draw_are_the_seated_of_the_next(town, say, tmp_path):
    say("lottery", *town, "--panels", 100, "--out", "v")
    say("commit", "v", "--procedure", "x", "--source", DIGITS, "--at", "2026-11-22T10:00:00Z")
    say("draw", "v", "--value", "07", "--at", LATER)
    both = ["respondents.csv", "categories.csv", "--seats", 12, "--selected", "v/selected.csv"]
    assert "Alle Plätze sind schon vergeben" in say("check", *both)[1]
    seated = (tmp_path / "v/selected.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "some.csv").write_text("\n".join(seated[:4]), encoding="utf-8")
    both[-1] = "some.csv"
    found = json.loads(say("target", *both, "--json")[1])
    assert sum(found["probabilities"].values()) == pytest.approx(12)
    (tmp_path / "some.csv").write_text("id\np99999\n", encoding="utf-8")
    assert say("target", *both)[1].startswith("some.csv:2:1: Die Kennung p99999")


def test_identifiers_of_any_kind_come_back_as_they_were(say, tmp_path):
    names = ['a,"b"', "=1+1", "Ä Ö", "中"]
    (tmp_path / "c.csv").write_text("category,feature,min,max\nG,w,0,4\n", encoding="utf-8")
    rows = "".join('"{}",w\n'.format(name.replace('"', '""')) for name in names)
    (tmp_path / "r.csv").write_text("id,G\n" + rows, encoding="utf-8")
    say("lottery", "r.csv", "c.csv", "--seats", 2, "--panels", 100, "--out", "v")
    say("commit", "v", "--procedure", "x", "--source", DIGITS, "--at", "2026-11-22T10:00:00Z")
    say("draw", "v", "--value", "07", "--at", LATER)
    code, told = say(
        "target", "r.csv", "c.csv", "--seats", 3, "--selected", "v/remaining.csv", "--json"
    )
    assert code == 0
    assert set(json.loads(told)["probabilities"]) == set(names)


FOLDER = {
    "drawn before anything is committed to": (["draw", "v", "--value", "07"], "keine Festlegung"),
    "committed to without a name": (
        ["commit", "v", "--procedure", " ", "--source", DIGITS, "--at", "2026-11-22T10:00:00Z"],
        "Kennung des Verfahrens",
    ),
    "a source that is no JSON": (
        ["commit", "v", "--procedure", "x", "--source", "Würfel"],
        "Das ist kein JSON: Würfel",
    ),
    "an event that is over": (
        ["commit", "v", "--procedure", "x", "--source", DIGITS, "--at", "2026-11-22T13:00:00Z"],
        "muss in der Zukunft liegen",
    ),
    "a date that is none": (
        ["commit", "v", "--procedure", "x", "--source", DIGITS, "--at", "morgen"],
        "„morgen“ ist kein Zeitpunkt",
    ),
    "a replacement before the draw": (
        ["replace", "v", "--leaving", "p00001"],
        "Es ist noch nicht gezogen worden.",
    ),
    "nobody to erase": (["erase", "v", "p99999"], "niemand mit der Kennung „p99999“"),
    "another folder": (["commit", "w", "--procedure", "x", "--source", DIGITS], "gibt es keine"),
}


@pytest.mark.parametrize(("words", "sentence"), FOLDER.values(), ids=FOLDER)
def test_a_slip_with_a_draw_is_told(words, sentence, town, say):
    say("lottery", *town, "--panels", 100, "--out", "v")
    code, told = say(*words)
    assert sentence in told
    assert code in {1, 4}


def source(**said):
    return {"at": LATER, **said}


PARTY = {"name": "A", "sha256": "a" * 64}
FALLBACK = source(kind="dice", count=20, event="Rathaus")
MISFITS = {
    "a list": [1],
    "no kind": {},
    "an unknown kind": source(kind="coin"),
    "a number as text": source(kind="digits", count="2", event="x"),
    "less than nothing": source(kind="digits", count=-2, event="x"),
    "more digits than panels": source(kind="digits", count=10**9, event="x"),
    "an event without a name": source(kind="digits", count=2, event=" "),
    "an instant that is a number": {"kind": "digits", "count": 2, "event": "x", "at": 5},
    "few dice": source(kind="dice", count=5, event="x"),
    "numbers as text": source(kind="lottery", name="6 aus 49", numbers="6", highest=49),
    "more numbers than there are": source(kind="lottery", name="x", numbers=7, highest=6),
    "a round that is none": source(kind="drand", chain="x", genesis="a", period=3, round=1),
    "nobody with a secret": source(kind="reveal", parties=[], fallback=FALLBACK),
    "one who knows everything": source(kind="reveal", parties=[PARTY], fallback=FALLBACK),
    "the same secret twice": source(
        kind="reveal", parties=[PARTY, {**PARTY, "name": "B"}], fallback=FALLBACK
    ),
    "parties as text": source(kind="reveal", parties="AB", fallback=FALLBACK),
}


@pytest.mark.parametrize("said", MISFITS.values(), ids=MISFITS)
def test_nobody_commits_to_a_source_that_cannot_be_read(said):
    with pytest.raises(InputError):
        announce(said, panels=100, now="2026-11-22T10:00:00Z")


@pytest.mark.parametrize("raw", ["", "x", "1 2 3", "/", None, 7, [], {}])
@pytest.mark.parametrize(
    "said",
    [
        source(kind="digits", count=2, event="x"),
        source(kind="dice", count=20, event="x"),
        source(kind="lottery", name="x", numbers=6, highest=49),
        source(kind="drand", chain="x", genesis=1, period=3, round=1),
        source(kind="reveal", parties=[PARTY, {"name": "B", "sha256": "b" * 64}]),
    ],
    ids=lambda said: said["kind"],
)
def test_a_value_of_another_form_draws_nothing(said, raw):
    with pytest.raises(InputError):
        value_of({"fallback": FALLBACK, **said}, raw)


def test_a_home_and_those_beside_a_seat_are_pointed_out(problem):
    rows = [(f"p{n}", "w", "Heim 1") for n in range(6)] + [("a", "w", "h"), ("b", "w", "h")]
    asked = problem([*rows[:6], rows[7]], [("G", "w", 0, 9)], 2)
    first = problem(rows[6:7], [("G", "w", 0, 9)], 1).pool.people
    codes = {f.code: f for f in examine(type(asked)(
        seats=2, categories=asked.categories, pool=asked.pool, seated=first
    )).findings}  # fmt: skip
    assert codes["draw.large_household"].params == {"people": 6, "written": "Heim 1"}
    assert codes["draw.seated_household"].params == {"people": 1}


def test_slips_of_paper_need_no_solver(town, tmp_path):
    """Lostöpfe and simple draws run where neither numpy nor the solver is installed."""
    code = (
        "import os, sys; sys.modules['numpy'] = sys.modules['highspy'] = None\n"
        "from partizipation_buergerrat.cli import sortition\n"
        f"os.chdir({str(tmp_path)!r})\n"
        "sys.exit(sortition(sys.argv[1:], standalone_mode=False))"
    )

    def alone(*words):
        command = [sys.executable, "-c", code, *map(str, words)]
        return subprocess.run(
            command, cwd=HOME, capture_output=True, text=True, encoding="utf-8", check=False
        )

    for objective in ("pots", "simple"):
        out = ["--panels", 100, "--objective", objective, "--out", objective]
        assert alone("lottery", *town, *out).returncode == 0
        commitment = ["--procedure", "x", "--source", DIGITS, "--at", "2026-11-22T10:00:00Z"]
        assert alone("commit", objective, *commitment).returncode == 0
        assert alone("draw", objective, "--value", "07", "--at", LATER).returncode == 0
        assert "RICHTIG" in alone("verify", objective).stdout
    assert "brauchen numpy und highspy" in alone("target", *town).stderr
