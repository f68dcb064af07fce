"""The command ``count``, as people at a terminal and scripts use it."""

import csv
import io
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from partizipation_core.cli import output
from partizipation_core.cli.count import count
from partizipation_core.counting import Result

ELECTION = """META
key;value
description;Bürgerbudget Musterstadt 2026
num_projects;4
num_votes;4
budget;1000.00
vote_type;approval
rule;greedy
currency;EUR
PROJECTS
project_id;cost;votes;name;selected
1;600.00;3;Spielplatz;1
2;500.00;2;Radweg am Fluss;0
3;200.50;1;Bänke;1
4;300.00;1;Bücherschrank;0
VOTES
voter_id;vote
v1;1,2
v2;1,2
v3;1,3
v4;4
"""
OTHER_TIE = ELECTION.replace("Bänke;1", "Bänke;0").replace("schrank;0", "schrank;1")
DAMAGED = ELECTION.replace("v3;1,3", "v3;1,7")


@pytest.fixture
def file(tmp_path):
    def write(text, name="wahl.pb"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8", newline="")
        return str(path)

    return write


@pytest.fixture
def call():
    return lambda *args: CliRunner().invoke(count, args)


class TestRun:
    def test_says_for_each_project_whether_and_why(self, call, file):
        done = call("run", file(ELECTION))

        assert done.exit_code == 0
        lines = " ".join(done.stdout.replace("\u00a0", " ").split())
        assert "Bürgerbudget Musterstadt 2026" in lines
        assert "4 Stimmzettel, 4 Projekte, Topf 1.000,00 €, Regel greedy." in lines
        assert "1 ja 1 Spielplatz 600,00 €" in lines
        assert "2 nein 2 Radweg am Fluss 500,00 €" in lines
        assert "Kostet 500,00 €, übrig waren nur noch 400,00 €." in lines
        assert "Gefördert: 2 Projekte. Übrig: 199,50 €." in lines
        assert "Gleichstand mit Folgen bei 1: 3, 4." in lines

    def test_speaks_english(self, call, file):
        done = call("run", file(ELECTION), "--lang", "en")

        assert "Funded: 2 projects." in done.stdout

    def test_json_is_the_whole_result(self, call, file):
        result = Result.from_json(call("run", file(ELECTION), "--json").stdout)

        assert result.funded == ("1", "3")
        assert result.rest == 19_950
        assert result.margin("2").missing == 2

    def test_csv_has_one_row_a_project(self, call, file):
        rows = list(csv.DictReader(io.StringIO(call("run", file(ELECTION), "--csv").stdout)))

        assert [row["id"] for row in rows] == ["1", "2", "3", "4"]
        assert rows[1]["reason"] == "fate.does_not_fit"

    @pytest.mark.parametrize(
        ("options", "funded"),
        [
            pytest.param(["--rule", "greedy-no-skip"], ["1"], id="other-rule"),
            pytest.param(["--threshold", "2"], ["1"], id="threshold"),
            pytest.param(["--ties", "-votes,lot", "--seed", "d"], ["1", "3"], id="lot-d"),
            pytest.param(["--ties", "lot", "--seed", "b"], ["1", "4"], id="lot-b"),
        ],
    )
    def test_options_change_the_rule(self, call, file, options, funded):
        done = call("run", file(ELECTION), "--json", *options)

        assert json.loads(done.stdout)["funded"] == funded

    def test_official_totals_may_replace_the_ballots(self, call, file):
        path = file(ELECTION.replace("4;300.00;1", "4;300.00;9"))

        assert json.loads(call("run", path, "--json").stdout)["funded"] == ["1", "3"]
        stated = call("run", path, "--json", "--official-totals")
        assert json.loads(stated.stdout)["funded"] == ["4", "1"]

    @pytest.mark.parametrize(
        ("options", "code", "words"),
        [
            pytest.param(["--ties", "lot"], 2, "--seed", id="lot-without-seed"),
            pytest.param(["--ties", "age"], 2, "'age' is none of", id="unknown-order"),
            pytest.param(["--ties", "cost", "--rule", "greedy"], 0, "", id="cost-is-enough"),
            pytest.param(["--ties", "-votes"], 3, "3, 4", id="tie-left-open"),
            pytest.param(["--rule", "magic"], 2, "magic", id="unknown-rule"),
        ],
    )
    def test_exit_codes(self, call, file, options, code, words):
        done = call("run", file(ELECTION), *options)

        assert done.exit_code == code
        assert words in done.stderr

    def test_a_rule_that_is_not_there(self, call, file):
        done = call("run", file(ELECTION.replace("rule;greedy", "rule;maximin")))

        assert (done.exit_code, done.stdout) == (1, "")
        assert "maximin" in done.stderr

    def test_a_damaged_file_names_its_place(self, call, file):
        path = file(DAMAGED)
        done = call("run", path)

        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith(f"{path}:20:6: vote for the unknown project '7'")

    def test_a_missing_file(self, call, tmp_path):
        assert call("run", str(tmp_path / "none.pb")).exit_code == 4


class TestCheck:
    def test_json_is_a_list_of_four_facts_a_file(self, call, file):
        paths = [file(ELECTION, "eins.pb"), file(OTHER_TIE, "zwei.pb")]
        done = call("check", *paths, "--json")

        assert done.exit_code == 0
        one, two = json.loads(done.stdout)
        assert one == {"file": paths[0], "rule": "greedy", "official": "reproduced", "reason": ""}
        assert list(two) == ["file", "rule", "official", "reason"]
        assert two["official"] == "deviates"
        assert "Gleichstand von 3, 4" in two["reason"]

    def test_damaged_files_are_listed_and_the_others_checked(self, call, file):
        paths = [file(DAMAGED, "kaputt.pb"), file(ELECTION, "heil.pb")]
        done = call("check", *paths, "--json")

        assert done.exit_code == 1
        broken, sound = json.loads(done.stdout)
        assert broken["official"] == "not_derivable"
        assert broken["reason"].startswith(f"{paths[0]}:20:6: ")
        assert sound["official"] == "reproduced"
        assert f"{paths[0]}:20:6: " in done.stderr

    @pytest.mark.parametrize(
        ("change", "official"),
        [
            pytest.param(("name;selected", "name;gewinnt"), "none", id="no-outcome"),
            pytest.param(("rule;greedy", "rule;maximin"), "not_derivable", id="other-rule"),
        ],
    )
    def test_other_answers_have_a_reason(self, call, file, change, official):
        (row,) = json.loads(call("check", file(ELECTION.replace(*change)), "--json").stdout)

        assert row["official"] == official
        assert row["reason"]

    def test_people_read_a_table_and_findings(self, call, file):
        path = file(ELECTION.replace("num_votes;4", "num_votes;5"))
        done = call("check", path)

        assert done.exit_code == 0
        assert "wahl.pb  greedy  bestätigt" in done.stdout
        assert f"{path}:5: Die Datei nennt 5 Stimmzettel, enthält aber 4." in done.stderr


def test_counting_needs_no_database():
    code = "import sys, partizipation_core.cli.count; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


class TestOutput:
    def test_a_table_is_aligned_and_wrapped(self, monkeypatch):
        monkeypatch.setenv("COLUMNS", "40")
        text = output.table(
            ["Nr", "Kosten", "Warum"], [["1", "5", "ein langer Satz " * 3]], right=[1]
        )

        assert text.splitlines() == [
            "Nr  Kosten  Warum",
            "--  ------  -----",
            "1        5  ein langer Satz ein langer",
            "            Satz ein langer Satz",
        ]

    @pytest.mark.parametrize(
        ("terminal", "shown"),
        [pytest.param(True, True, id="terminal"), pytest.param(False, False, id="pipe")],
    )
    def test_a_bar_is_shown_where_somebody_waits(self, monkeypatch, terminal, shown):
        seconds = iter(range(0, 100, 2))
        stderr = io.StringIO()
        stderr.isatty = lambda: terminal
        monkeypatch.setattr(output.sys, "stderr", stderr)
        monkeypatch.setattr(output.time, "monotonic", lambda: next(seconds))

        assert list(output.progress("abcd", "Zähle")) == list("abcd")
        assert ("Zähle" in stderr.getvalue()) is shown

    def test_no_bar_for_what_is_quick(self, monkeypatch):
        stderr = io.StringIO()
        stderr.isatty = lambda: True
        monkeypatch.setattr(output.sys, "stderr", stderr)

        assert list(output.progress("abcd", "Zähle")) == list("abcd")
        assert stderr.getvalue() == ""

    @pytest.mark.parametrize(("value", "plain"), [("1", True), ("", False)])
    def test_no_color(self, monkeypatch, capsys, value, plain):
        monkeypatch.setenv("NO_COLOR", value)
        output.emit("schlicht")

        assert capsys.readouterr().out == "schlicht\n"
        assert (output._colour() is False) is plain
