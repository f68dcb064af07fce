"""The commands of ``people`` on a town's database."""

import json

import pytest

from partizipation_core import Actor, Platform, Role
from partizipation_core.cli.main import _run


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
    assert "Protokoll" in rows["CommentAdded.text"]["forget"]


def test_a_person_is_told_what_is_kept(people, database):
    place = ["--database", database, "--municipality", "12060052", "--procedure", "b-1"]
    code, out = people("about", *place, "officer-1")
    assert code == 0
    assert json.loads(out)["journal"][0]["kind"] == "ProcedureOpened"


def test_nothing_is_overdue_in_a_fresh_procedure(people, database):
    assert people("retention", "--database", database, "--json") == (0, "[]\n")
