"""The commands of ``people`` on a town's database."""

import json

import pytest

from partizipation_core import Actor, Platform, Role
from partizipation_core.cli.main import _run
from partizipation_core.commands import SubmitItem


@pytest.fixture
def database(tmp_path):
    address = f"sqlite:///{tmp_path / 'town.db'}"
    officer = Actor.of("officer-1", Role.OFFICER)
    settings = {"pot": "1000 EUR", "misfit": "skip"}
    with Platform(address) as platform:
        town = platform.municipality("12060052")
        town.open("b-1", "buergerhaushalt", actor=officer, settings=settings)
    return address


@pytest.fixture
def people(capsys):
    def call(*arguments):
        code = _run(["people", *arguments])
        return code, capsys.readouterr().out

    return call


def test_every_place_is_shown_with_what_becomes_of_it(people):
    code, out = people("fields", "--json")
    assert code == 0
    rows = {one["place"]: one for one in json.loads(out)}
    assert rows["payee.iban"]["forget"].startswith("gelöscht")
    assert "Salz" in rows["CommentAdded.text"]["forget"]


def test_a_person_is_told_what_is_kept(people, database):
    place = ["--database", database, "--municipality", "12060052", "--procedure", "b-1"]
    code, out = people("about", *place, "officer-1")
    assert code == 0
    assert json.loads(out)["journal"][0]["kind"] == "ProcedureOpened"


def test_the_places_are_written_so_that_they_can_be_read(people, capsys):
    assert _run(["people", "fields"]) == 0
    first = capsys.readouterr().out.split("\n\n")[0].splitlines()
    assert [line.partition(": ")[0] for line in first] == [
        "Wo", "Was", "Zweck", "Grundlage", "Frist", "Löschung"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "told"), [("de", "Nichts wird über seine Frist"), ("en", "Nothing is kept beyond")]
)
def test_a_retention_run_with_nothing_to_do_says_so(database, capsys, lang, told):
    assert _run(["people", "retention", "--database", database, "--lang", lang]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert told in said.err


def test_what_would_be_possible_is_said(written, capsys):
    call = ["people", "forget", *written, "anna", "--by", "officer-1", "--dry-run"]
    assert _run(call) == 0
    assert capsys.readouterr().err == "Das ist jetzt erlaubt.\n"


def test_nothing_is_overdue_in_a_fresh_procedure(people, database):
    assert people("retention", "--database", database, "--json") == (0, "[]\n")


@pytest.fixture
def written(database):
    """Somebody wrote an idea in which she names somebody else."""
    anna = Actor.of("anna", Role.RESIDENT)
    with Platform(database) as platform:
        handle = platform.municipality("12060052").procedure("b-1")
        idea = SubmitItem(item="fence", title="Zaun", text="Petra stört der Zaun.")
        handle.execute(idea, actor=anna)
    return ["--database", database, "--municipality", "12060052", "--procedure", "b-1"]


def text(database):
    with Platform(database) as platform:
        return platform.municipality("12060052").procedure("b-1").item("fence").text


def test_a_passage_is_redacted(people, written, database):
    named = ["--item", "fence", "--passage", "Petra", "--reason", "Nennt jemanden."]
    assert people("redact", *written, *named, "--by", "m-1", "--dry-run")[0] == 0
    assert text(database) == "Petra stört der Zaun."
    assert people("redact", *written, *named, "--by", "m-1")[0] == 0
    assert text(database) == "[…] stört der Zaun."


def test_a_person_is_forgotten(people, written, database):
    assert people("forget", *written, "nobody", "--by", "officer-1", "--dry-run")[0] == 3
    assert people("forget", *written, "anna", "--by", "officer-1")[0] == 0
    assert text(database) == "[…]"


def test_a_key_is_destroyed_in_its_time_only(people, written):
    named = ["--vote", "vote", "--by", "officer-1"]
    code, _ = people("destroy-key", *written, *named, "--dry-run")
    assert code == 3
