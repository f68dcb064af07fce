"""The commands ``count compare``, ``explain``, ``template`` and ``convert``, and many files."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from partizipation_core.cli.count import count
from partizipation_core.cli.main import run as main
from partizipation_core.counting.pb import parse_pb

ELECTION = """META
key;value
budget;120.00
vote_type;approval
rule;equalshares
currency;EUR
PROJECTS
project_id;cost;name
n1;40;Nord 1
n2;40;Nord 2
n3;40.00;Nord 3
s1;40;Süd 1
VOTES
voter_id;vote
""" + "".join(f"{n};{'n1,n2,n3' if n <= 8 else 's1'}\n" for n in range(1, 13))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "wahl.pb"
    path.write_text(ELECTION, encoding="utf-8")
    return str(path)


@pytest.fixture
def call():
    return lambda *args: CliRunner().invoke(count, args)


def rows_of(done):
    assert done.exit_code == 0, done.output
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_compare_sets_rules_side_by_side(call, file):
    rows = rows_of(call("compare", file, "--rule", "greedy", "--rule", "equalshares", "--csv"))

    assert [row["projects_funded"] for row in rows] == ["n1,n2,n3", "n1,n2,s1"]
    assert [row["without_percent"] for row in rows] == ["33.33", "0.0"]
    assert rows[1]["also"] == "2"


def test_compare_takes_five_rules_if_none_is_named(call, file):
    done = call("compare", file, "--json")

    assert [row["rule"] for row in json.loads(done.stdout)] == [
        "greedy",
        "votes-per-cost",
        "equalshares/add1u",
        "phragmen",
        "knapsack",
    ]
    assert "Datei" in call("compare", file).stdout


def test_explain_tells_who_paid(call, file):
    done = call("explain", file, "s1", "n3")

    assert done.exit_code == 0
    assert "Anteilen von 4 Personen" in done.stdout.replace("\n", " ").replace("  ", "")
    assert "Runde 3: s1, bezahlt von 4 Personen" in done.stdout
    assert "Nord 1" not in done.stdout


def test_explain_as_json_has_the_rounds(call, file):
    told = json.loads(call("explain", file, "--json").stdout)

    assert [round_["project"] for round_ in told["rounds"]] == ["n1", "n2", "s1"]
    assert told["rounds"][2]["price"] == "1000"


def test_explain_of_an_unknown_project(call, file):
    assert call("explain", file, "x9").exit_code == 4


def test_many_files_are_counted_in_one_go(call, file, tmp_path):
    other = tmp_path / "zwei.pb"
    other.write_text(ELECTION.replace("equalshares", "greedy"), encoding="utf-8")

    results = json.loads(call("run", file, str(other), "--json").stdout)
    assert [result["rule"] for result in results] == ["equal_shares", "greedy"]
    assert [result["file"] for result in results] == [file, str(other)]
    rows = rows_of(call("run", file, str(other), "--csv"))
    assert {row["file"] for row in rows} == {file, str(other)}


def test_check_as_csv(call, file):
    (row,) = rows_of(call("check", file, "--csv"))

    assert row["official"] == "none"


@pytest.mark.parametrize("rule", ["equalshares/cardinality/add1e", "phragmen", "knapsack"])
def test_rules_by_name(call, file, rule):
    assert call("run", file, "--rule", rule).exit_code == 0


def test_the_template_can_be_filled_in_and_counted(call, tmp_path):
    folder = tmp_path / "muster"
    assert call("template", str(folder)).exit_code == 0

    tables = (str(folder / "ballots.csv"), "--projects", str(folder / "projects.csv"))
    rows = rows_of(call("run", *tables, "--budget", "25000", "--rule", "greedy", "--csv"))
    assert [row["outcome"] for row in rows].count("funded") == 2


def test_a_template_never_overwrites(call, tmp_path):
    call("template", str(tmp_path))

    assert "there is something already" in str(call("template", str(tmp_path)).exception)


def test_a_workbook_is_read_like_the_tables(call, tmp_path):
    pytest.importorskip("openpyxl", reason="needs openpyxl (extra xlsx)")
    assert call("template", str(tmp_path), "--xlsx").exit_code == 0

    done = call("convert", str(tmp_path / "election.xlsx"))
    election = parse_pb(done.stdout)
    assert election.budget == 2_500_000
    assert [tally.votes for tally in election.tallies()] == [2, 2, 1]


def test_a_file_that_is_no_workbook_is_refused(tmp_path, capsys):
    pytest.importorskip("openpyxl", reason="needs openpyxl (extra xlsx)")
    broken = tmp_path / "wahl.xlsx"
    broken.write_bytes(b"PK no zip")

    with pytest.raises(SystemExit) as done:
        main(["count", "run", str(broken)])
    assert done.value.code == 1
    assert "no workbook" in capsys.readouterr().err


def test_ballots_without_projects_say_what_is_missing(call, tmp_path):
    ballots = tmp_path / "ballots.csv"
    ballots.write_text("voter_id;1\nv;1\n", encoding="utf-8")

    done = call("run", str(ballots))
    assert done.exit_code == 1
    assert "--projects" in done.stderr


def test_what_cannot_be_read_is_said_in_a_sentence(call, tmp_path):
    nothing = call("run", str(tmp_path / "nothing.pb"), "--lang", "en")
    assert (nothing.exit_code, "There is no file" in nothing.stderr) == (4, True)
    folder = call("run", str(tmp_path), "--lang", "de")
    assert (folder.exit_code, "lässt sich nicht lesen" in folder.stderr) == (1, True)
    assert "cannot be read" in call("check", str(tmp_path), "--lang", "en").stderr


def test_a_file_without_a_rule_says_how_to_choose_one(call, tmp_path):
    path = tmp_path / "wahl.pb"
    path.write_text(ELECTION.replace("rule;equalshares\n", ""), encoding="utf-8")
    assert "--rule" in call("run", str(path)).stderr
    assert call("run", str(path), "--rule", "greedy").exit_code == 0


def test_names_cannot_steer_the_terminal(file, tmp_path):
    path = tmp_path / "wahl.pb"
    path.write_text(ELECTION.replace("Nord 1", "Nord\x1b[2J 1\x07"), encoding="utf-8")
    done = CliRunner().invoke(count, ["run", str(path)], color=True)
    assert done.exit_code == 0
    assert not {"\x1b", "\x07"} & set(done.stdout)
