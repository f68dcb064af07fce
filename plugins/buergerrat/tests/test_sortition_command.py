"""``partizipation sortition`` as an office uses it, from the tables to the last replacement."""

import csv
import errno
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from partizipation_buergerrat.cli import sortition
from partizipation_buergerrat.files.folder import DrawFolder
from partizipation_buergerrat.public import verifier
from partizipation_core.errors import Conflict, InputError, Refused, StorageError

SOURCE = json.dumps(
    {"kind": "digits", "count": 2, "event": "Rathaus", "at": "2026-11-22T12:00:00Z"}
)
EARLY, LATE = "2026-11-22T10:00:00Z", "2026-11-22T12:30:00Z"


@pytest.fixture
def run():
    def run(*words, code=0):
        done = CliRunner().invoke(
            sortition, [str(word) for word in words], catch_exceptions=True, standalone_mode=False
        )
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        value = done.return_value if isinstance(done.return_value, int) else done.exit_code
        assert value == code, done.output
        return done

    return run


@pytest.fixture
def town(tmp_path, run):
    run(
        "invent",
        "--people",
        60,
        "--seats",
        12,
        "--features",
        "2,3",
        "--seed",
        6,
        "--out",
        tmp_path,
    )
    return [tmp_path / "respondents.csv", tmp_path / "categories.csv", "--seats", 12]


@pytest.fixture
def held(town, tmp_path, run):
    folder = tmp_path / "verlosung"
    run("lottery", *town, "--panels", 100, "--out", folder)
    run("commit", folder, "--procedure", "rat-2027", "--source", SOURCE, "--at", EARLY)
    return folder


def ids(path, column="id"):
    with path.open(encoding="utf-8") as file:
        return [row[column] for row in csv.DictReader(file)]


def test_a_check_shows_every_quota(town, run):
    data = json.loads(run("check", *town, "--json").stdout)
    assert data["feasible"]
    assert {row["feature"] for row in data["quotas"]} == {"A1", "A2", "B1", "B2", "B3"}


def test_a_check_says_what_other_quotas_would_mean(town, run):
    shown = json.loads(run("check", *town, "--what-if", "K1=A1:0-12", "--json").stdout)["what_if"]
    assert shown["after"] >= shown["before"] - 1e-9
    assert "K1=A1" in shown["features"]


def test_the_short_form_gives_chances_with_bound_and_gap(town, run):
    data = json.loads(run("target", *town, "--json").stdout)
    assert data["exact"]
    assert data["minimum"] >= data["bound"] - 1e-6
    assert sum(data["probabilities"].values()) == pytest.approx(12)
    assert len(data["probabilities"]) == 60


def test_fixed_seats_and_opt_outs(town, run):
    words = ["--fixed", "p00001", "--opt-out", "p00002"]
    chances = json.loads(run("target", *town, *words, "--json").stdout)["probabilities"]
    assert chances["p00001"] == 1.0
    assert "p00002" not in chances
    assert sum(chances.values()) == pytest.approx(12)


def test_those_already_selected_come_from_a_table(town, tmp_path, run):
    head, *rows = town[0].read_text(encoding="utf-8").splitlines()
    (tmp_path / "selected.csv").write_text("\n".join([head, *rows[:2]]), encoding="utf-8")
    found = json.loads(
        run("target", *town, "--selected", tmp_path / "selected.csv", "--json").stdout
    )
    assert sorted(id_ for id_, chance in found["probabilities"].items() if chance == 1.0)[:2] == [
        "p00000",
        "p00001",
    ]


@pytest.mark.parametrize("features", ["2,3", "2,8,16,5"], ids=["one page", "several pages"])
def test_charts_are_one_drawing_that_browsers_open(features, tmp_path, run):
    run("invent", "--people", 90, "--seats", 12, "--features", features, "--out", tmp_path)
    asked = [tmp_path / "respondents.csv", tmp_path / "categories.csv", "--seats", 12]
    run("target", *asked, "--chart", tmp_path / "chances.svg")
    words = [str(word) for word in ("check", *asked, "--chart", tmp_path / "pool.svg")]
    CliRunner().invoke(sortition, words)
    names = ids(tmp_path / "categories.csv", "feature")
    for name in ("chances.svg", "pool.svg"):
        drawing = ET.parse(tmp_path / name)  # noqa: S314 - our own drawing
        assert drawing.getroot().tag.endswith("svg")
    said = " ".join(drawing.getroot().itertext())
    assert all(name in said for name in names)


def test_a_draw_from_the_tables_to_a_replacement(held, run):
    run("draw", held, "--value", "07", "--witness", "Notariat", "--at", LATE)
    selected = ids(held / "selected.csv")
    assert len(selected) == 12
    assert len(ids(held / "remaining.csv")) == 48
    with (held / "report.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert int(row["min"]) <= int(row["selected"]) <= int(row["max"])
    entered = run("replace", held, "--leaving", selected[0], "--at", LATE).stdout.strip()
    assert set(ids(held / "selected.csv")) == {*selected[1:], entered}
    assert "RICHTIG" in run("verify", held).stdout
    assert "Gezogen ist Tafel 7" in (held / "losprotokoll.md").read_text(encoding="utf-8")


def test_the_verifier_needs_nothing_but_itself(held, run, tmp_path):
    run("draw", held, "--value", "07", "--at", LATE)
    alone = tmp_path / "alone.py"
    alone.write_bytes(Path(verifier.__file__).read_bytes())
    files = [held / name for name in ("losprotokoll.jsonl", "panels.json", "pool.json")]
    done = subprocess.run(
        [sys.executable, "-I", alone, *files],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "Beweis geprüft" in done.stdout


def test_the_same_tables_give_the_same_panels(town, tmp_path, run):
    for name in ("one", "other"):
        run("lottery", *town, "--panels", 20, "--out", tmp_path / name)
    counts = [
        sorted(json.loads((tmp_path / name / "panels.json").read_text())["counts"])
        for name in ("one", "other")
    ]
    assert counts[0] == counts[1]


def test_the_same_tables_and_nonces_give_the_same_bytes(town, tmp_path, run):
    for name in ("one", "other"):
        if name == "other":
            (tmp_path / name).mkdir()
            (tmp_path / name / "vault.json").write_bytes(
                (tmp_path / "one/vault.json").read_bytes()
            )
        run("lottery", *town, "--panels", 20, "--out", tmp_path / name)
        run(
            "commit",
            tmp_path / name,
            "--procedure",
            "x",
            "--at",
            EARLY,
            "--source",
            SOURCE.replace('"digits", "count": 2', '"dice", "count": 20'),
        )
    for file in ("panels.json", "pool.json", "losprotokoll.jsonl"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()


def interrupt(*_words, **_options):
    raise KeyboardInterrupt


def test_an_interrupted_lottery_leaves_nothing(town, tmp_path, run, monkeypatch):
    monkeypatch.setattr("partizipation_buergerrat.sortition.lottery.deal", interrupt)
    with pytest.raises(click.exceptions.Abort):
        run("lottery", *town, "--panels", 100, "--out", tmp_path / "v")
    assert not (tmp_path / "v").exists()


def test_an_interruption_while_writing_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    folder = DrawFolder(tmp_path)
    folder.write("vault.json", "old")
    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        folder.write("vault.json", "new")
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"vault.json": "old"}


def test_a_lottery_that_was_interrupted_leaves_the_one_before_whole(
    town, tmp_path, run, monkeypatch
):
    run("lottery", *town, "--panels", 100, "--out", tmp_path / "v")
    before = {file.name: file.read_bytes() for file in (tmp_path / "v").iterdir()}
    monkeypatch.setattr(DrawFolder, "keep_pool", interrupt)
    with pytest.raises(click.exceptions.Abort):
        run("lottery", *town, "--panels", 100, "--out", tmp_path / "v", "--opt-out", "p00001")
    assert before == {file.name: file.read_bytes() for file in (tmp_path / "v").iterdir()}
    run("commit", tmp_path / "v", "--procedure", "x", "--source", SOURCE, "--at", EARLY)


STEPS = {"draw": ("--value", "07", "--at", LATE), "erase": ("p00001", "--at", LATE)}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("nth", [1, 3, 4])
def test_a_step_that_met_a_full_disk_is_taken_again(held, run, monkeypatch, step, nth):
    """A draw happens once only; so its lists are on the disk before the protocol says it."""
    before = {file.name: file.read_bytes() for file in held.iterdir()}
    flushes = iter(range(1, nth))

    def flush(_file):
        if not next(flushes, 0):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", flush)
        with pytest.raises(StorageError, match="No space left"):
            run(step, held, *STEPS[step])
    assert before == {file.name: file.read_bytes() for file in held.iterdir()}
    run(step, held, *STEPS[step])
    assert (held / "selected.csv").exists() == (step == "draw")
    assert "p00001" not in (held / "vault.json").read_text() or step == "draw"


def test_a_lottery_is_not_held_anew_while_one_is_committed_to(held, town, run):
    with pytest.raises(Conflict):
        run("lottery", *town, "--panels", 100, "--out", held)
    run("cancel", held, "--reason", "Quoten falsch", "--at", EARLY)
    run("lottery", *town, "--panels", 100, "--out", held)


def test_changed_lists_are_not_committed_to(town, tmp_path, run):
    folder = tmp_path / "v"
    run("lottery", *town, "--panels", 100, "--out", folder)
    (folder / "panels.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="verändert"):
        run("commit", folder, "--procedure", "x", "--source", SOURCE, "--at", EARLY)


def test_an_erased_person_leaves_no_byte_in_the_folder(held, run):
    run("draw", held, "--value", "07", "--at", LATE)
    gone = ids(held / "selected.csv")[0]
    nonce = json.loads((held / "vault.json").read_text())[gone]
    run("erase", held, gone, "--at", LATE)
    for file in held.iterdir():
        assert gone.encode() not in file.read_bytes(), file
        assert nonce.encode() not in file.read_bytes(), file
    assert "1 Personen auf Verlangen gelöscht" in run("verify", held).stdout


def blocked(tmp_path):
    (tmp_path / "c.csv").write_text("category,feature,min,max\nG,w,1,1\nG,m,1,1\nG,d,0,0\n")
    (tmp_path / "r.csv").write_text("id,G\n" + "".join(f"{n},{'wmd'[n % 3]}\n" for n in range(9)))
    return [tmp_path / "r.csv", tmp_path / "c.csv", "--seats", 2]


def test_somebody_in_no_panel_stops_the_lottery_until_somebody_answers(tmp_path, run):
    asked, folder = blocked(tmp_path), tmp_path / "v"
    done = run("lottery", *asked, "--panels", 10, "--out", folder, code=3)
    assert "G = d" in done.stderr
    assert not folder.exists()
    run("lottery", *asked, "--panels", 100, "--out", folder, "--override", "Beschluss 12/2026")
    run("commit", folder, "--procedure", "x", "--source", SOURCE, "--at", EARLY)
    told = (folder / "losprotokoll.md").read_text(encoding="utf-8")
    assert "Begründung: Beschluss 12/2026" in told


def test_impossible_quotas_are_refused_with_the_smallest_relaxation(tmp_path, run):
    (tmp_path / "c.csv").write_text("category,feature,min,max\nG,w,2,2\n")
    (tmp_path / "r.csv").write_text("id,G,adresse\n1,w,Weg 1\n2,w,Weg 1\n")
    done = run("target", tmp_path / "r.csv", tmp_path / "c.csv", "--seats", 2, code=3)
    assert "Keine Auswahl" in done.stderr


def test_a_damaged_table_is_told_cell_by_cell(town, run):
    town[1].write_text("category,feature,min,max\nK1,A1,x,2\n", encoding="utf-8")
    done = run("check", *town, code=1)
    assert "categories.csv:2:3" in done.stderr


def test_nobody_who_fits_is_a_refusal(tmp_path, run):
    (tmp_path / "c.csv").write_text("category,feature,min,max\nG,w,1,1\nG,m,1,1\n")
    (tmp_path / "r.csv").write_text("id,G\n1,w\n2,m\n3,m\n")
    folder = tmp_path / "v"
    run(
        "lottery",
        tmp_path / "r.csv",
        tmp_path / "c.csv",
        "--seats",
        2,
        "--panels",
        100,
        "--out",
        folder,
    )
    run("commit", folder, "--procedure", "x", "--source", SOURCE, "--at", EARLY)
    run("draw", folder, "--value", "00", "--at", LATE)
    with pytest.raises(Refused):
        run("replace", folder, "--leaving", "1", "--at", LATE)
    run("replace", folder, "--leaving", "1", "--at", LATE, "--override", "Keine Frau bereit")
    assert "RICHTIG" in run("verify", folder).stdout


def test_table_plans_and_letters(tmp_path, run):
    (tmp_path / "p.csv").write_text(
        "name,sex\n" + "".join(f"p{n},{'wm'[n % 2]}\n" for n in range(12))
    )
    plan = json.loads(
        run(
            "tables", tmp_path / "p.csv", "--size", 3, "--rounds", 2, "--mix", "sex", "--json"
        ).stdout
    )
    assert plan["imbalance"] == 0
    assert plan["met"] == plan["possible"]
    assert "1000 Briefe" in run("letters", "--seats", 50, "--rate", "5%").stdout


def test_help_is_quick():
    """Neither numpy nor the solver is loaded before they are needed."""
    code = (
        "import sys; from partizipation_buergerrat.cli import sortition\n"
        "try:\n    sortition(['target', '--help'])\nexcept SystemExit:\n    pass\n"
        "assert not {'numpy', 'highspy', 'sqlalchemy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
