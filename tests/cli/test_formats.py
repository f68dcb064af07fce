"""The commands ``formats table``, ``export``, ``import`` and ``lint``."""

import csv
import io
import json
import tomllib

import pytest

from partizipation_core.cli.main import _run


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = _run(list(arguments))
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.fixture
def exported(run, tmp_path):
    """Write an exported format to a file, changed as the test likes."""

    def write(key="kiezkasse", *changes, suffix="toml"):
        options = ["--json"] if suffix == "json" else []
        text = run("formats", "export", key, *options)[1]
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        file = tmp_path / f"format.{suffix}"
        file.write_text(text, encoding="utf-8")
        return str(file)

    return write


def test_the_table_is_told_in_words(run):
    _, out, _ = run("formats", "table", "kiezkasse")
    heading, _, first, *_ = out.splitlines()
    assert heading.split() == ["Phase", "Handlung", "Rolle", "Vorschlag", "in", "diesem", "Stand"]
    assert first.split("  ")[0] == "–"
    assert "Vorschlag einreichen" in out


def test_show_names_stages_by_their_titles_and_what_is_allowed_at_any_time(run):
    _, out, _ = run("formats", "show", "kiezfonds")
    assert out.splitlines()[2].split() == ["Phase", "Handlung", "Rolle"]
    assert "jederzeit" in out
    assert "Abrechnung" in out
    rights = json.loads(run("formats", "show", "kiezfonds", "--json")[1])["rights"]
    assert {"stage": "", "kind": "", "command": "AdvanceStage", "roles": ["officer"]} in rights


@pytest.mark.parametrize("about", ["show", "table"])
def test_words_that_a_plugin_brings_are_used(run, about):
    out = run("formats", about, "kiezfonds")[1]
    assert "Jury auslosen" in out
    assert "DrawJury" not in out
    assert "Draw the jury" in run("formats", about, "kiezfonds", "--lang", "en")[1]


def test_the_way_into_a_remainder_round_has_a_name(run):
    assert "in eine Runde mit Restmitteln" in run("formats", "diagram", "kiezkasse")[1]


def test_commands_of_plugins_can_be_found(run):
    assert "partizipation plugins list" in run("--help")[1]
    assert "kiezkasse" in run("plugins", "list")[1].splitlines()[-1]


def test_csv_and_json_hold_the_same(run):
    as_csv = run("formats", "table", "kiezkasse", "--csv")[1]
    as_json = run("formats", "table", "kiezkasse", "--json")[1]
    assert list(csv.DictReader(io.StringIO(as_csv))) == json.loads(as_json)


def test_ways_say_what_moves_a_procedure_along_them(run):
    rows = json.loads(run("formats", "table", "buergerhaushalt", "--ways", "--json")[1])
    assert {(row["stage"], row["edge"], row["to"], row["by"]) for row in rows} == {
        ("ideas", "advance", "review", "command time"),
        ("review", "advance", "vote", "command time"),
        ("vote", "advance", "fund", "command time"),
        ("fund", "advance", "implement", "command time"),
    }


def test_an_unknown_format_is_not_found(run):
    code, _, err = run("formats", "table", "kiezkase")
    assert code == 4
    assert "did you mean 'kiezkasse'?" in err


@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_what_is_exported_can_be_imported(run, exported, suffix):
    code, out, err = run("formats", "import", exported(suffix=suffix))
    assert (code, out) == (0, "")
    assert "„kiezkasse“ lässt sich verwenden." in err


def test_both_notations_are_the_same_data(run):
    as_toml = tomllib.loads(run("formats", "export", "buergerhaushalt")[1])
    assert as_toml == json.loads(run("formats", "export", "buergerhaushalt", "--json")[1])


def test_an_import_tells_every_fault_with_its_place(run, exported):
    file = exported("kiezkasse", ("core/as_proposed", "core/nobody"), ("simple_m", "single_m"))
    code, out, _ = run("formats", "import", file, "--json")
    assert code == 1
    assert [(one["place"], one["level"]) for one in json.loads(out)["findings"]] == [
        ("rules.majority", "error"),
        ("rules.award", "error"),
    ]


@pytest.mark.parametrize("command", ["import", "lint"])
def test_what_is_questionable_about_a_file_is_told(run, exported, command):
    file = exported("buergerhaushalt", ("ShortlistItem", "PassOverItems"))
    code, out, _ = run("formats", command, file)
    assert code == 1
    assert "stages.review.allows.PassOverItems" in out
    assert "lifecycle.feasible.shortlist" in out
    assert "Fehler" in out


def test_a_sound_format_lints_silently(run):
    assert run("formats", "lint", "kiezkasse") == (0, "", "Nichts ist aufgefallen.\n")


def test_a_town_is_linted_and_a_warning_does_not_fail(run, tmp_path):
    town = tmp_path / "town.toml"
    town.write_text(
        '[procedure.b]\nformat = "buergerhaushalt"\n'
        'settings = { pot = "1000 EUR", misfit = "skip" }\n'
        "schedule = { vote = { from = 2027-05-03, until = 2027-05-15 } }\n",
        encoding="utf-8",
    )
    code, out, _ = run("formats", "lint", str(town), "--state", "BE")
    assert code == 0
    assert "Warnung  procedure.b.schedule.vote  Die Phase „vote“ endet am 15. Mai 2027" in out
    code, out, _ = run("formats", "lint", str(town), "--json")
    assert [one["code"] for one in json.loads(out)] == [
        "holidays_without_state",
        "deadline_weekend",
    ]
