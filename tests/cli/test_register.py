"""The commands of ``register`` on a town's database."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_core import Actor, FrozenClock, Platform, Role
from partizipation_core.cli.main import _run
from partizipation_core.clock import start_of_day

OFFICER = Actor.of("officer-1", Role.OFFICER)
OPENED = start_of_day(date(2026, 1, 5), ZoneInfo("Europe/Berlin"))
SOUND = "Kennung;Alter;Ort\nR-1;40;Musterstadt\nR-2;15;Musterstadt\n"
FAULTY = "Kennung;Alter\nR-1;40\nR-2;alt\n"


@pytest.fixture
def database(tmp_path):
    address = f"sqlite:///{tmp_path / 'town.db'}"
    settings = {
        "pot": "1000 EUR",
        "misfit": "skip",
        "min_age": 16,
        "electorate": "register",
        "register_until": "2199-12-31",
    }
    with Platform(address, clock=FrozenClock(OPENED)) as platform:
        town = platform.municipality("12060052")
        town.open("b-1", "buergerhaushalt", actor=OFFICER, settings=settings)
    return address


@pytest.fixture
def register(capsys, database, tmp_path):
    """Run ``register COMMAND`` on a file: ``register("import", text, ...)`` → code, out, err."""

    def call(command, *arguments, text=None):
        place = ["--database", database, "--municipality", "12060052", "--procedure", "b-1"]
        if text is not None:
            file = tmp_path / "auszug.csv"
            file.write_text(text, encoding="cp1252")
            place.append(str(file))
        code = _run(["register", command, *place, *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.fixture
def imported(database):
    """Name the events about the register."""

    def events():
        with Platform(database) as platform:
            journal = platform.municipality("12060052").procedure("b-1").journal()
        return [type(one.event).__name__ for one in journal][1:]

    return events


AS_OF = ("--officer", "officer-1", "--as-of", "2026-01-01")


def test_an_extract_is_taken_in(register, imported):
    code, out, told = register("import", *AS_OF, text=SOUND)
    assert (code, out) == (0, "")
    assert "2 Personen gelesen, 0 Fehler." in told
    assert "weil keine Regel sie braucht: ort." in told
    assert imported() == ["RegisterImported"]


def test_faulty_lines_are_told_and_nothing_is_taken_in(register, imported):
    code, out, _ = register("import", *AS_OF, text=FAULTY)
    assert code == 1
    assert out == "Zeile 3, Spalte „alter“: kein Datum und kein Alter, das es geben kann.\n"
    assert imported() == []


def test_faulty_lines_are_left_out_where_that_is_wanted(register, imported):
    code, _, told = register("import", *AS_OF, "--skip-faulty", "--lang", "en", text=FAULTY)
    assert code == 0
    assert "Read 1 person, 1 fault." in told
    assert imported() == ["RegisterImported"]


def test_a_dry_run_changes_nothing(register, imported):
    assert register("import", *AS_OF, "--dry-run", text=SOUND)[0] == 0
    assert imported() == []


def test_a_foreign_column_is_named(register):
    code, _, told = register("import", *AS_OF, text="Kennung;E-Mail\nR-1;x\n")
    assert code == 1
    assert "'e_mail'" in told


def test_the_template_holds_what_is_needed(register):
    assert register("template") == (0, "kennung;alter\r\n", "")


def test_the_register_is_erased_for_a_reason(register, imported):
    register("import", *AS_OF, text=SOUND)
    assert register("erase", "--officer", "officer-1")[0] == 3
    assert register("erase", "--officer", "officer-1", "--reason", "Abbruch")[0] == 0
    assert imported() == ["RegisterImported", "RegisterErased"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("columns",), "familienname"),
        (("columns", "--csv"), "alter,§ 46 Abs. 2 Nr. 4,volle Jahre am Stichtag"),
        (("fields",), "identification"),
        (("fields", "--json"), '"retention": "bis register_until, danach gelöscht"'),
    ],
)
def test_what_is_read_and_kept_is_listed(capsys, arguments, told):
    assert _run(["register", *arguments]) == 0
    assert told in capsys.readouterr().out
