"""``procedures audit`` and ``procedures rebuild``: what municipal IT does after a mishap."""

import json
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_core import Actor, FrozenClock, Money, Platform, Role
from partizipation_core.cli.main import _run
from partizipation_core.clock import start_of_day
from partizipation_core.commands import SubmitItem
from partizipation_core.store.keys import FileKeys

TOWN, DISTRICT = "12060052", "12060053"
ONE = ("--municipality", TOWN, "--procedure", "b-1")


@pytest.fixture
def town(site, monkeypatch):
    """A database with two procedures of a town and one of another."""
    keys = site.file.with_suffix(".keys")
    monkeypatch.setenv("PARTIZIPATION_DATABASE", site.url)
    monkeypatch.setenv("PARTIZIPATION_KEYS", str(keys))
    clock = FrozenClock(start_of_day(date(2027, 3, 1), ZoneInfo("Europe/Berlin")))
    officer, author = Actor.of("officer-1", Role.OFFICER), Actor.of("p-1", Role.RESIDENT)
    with Platform(site.url, clock=clock, keys=FileKeys(keys)) as platform:
        for municipality, ref in ((TOWN, "b-1"), (TOWN, "b-2"), (DISTRICT, "b-1")):
            budget = platform.municipality(municipality).open(
                ref,
                "buergerhaushalt",
                actor=officer,
                settings={"pot": "1000 EUR", "misfit": "skip"},
            )
            idea = SubmitItem(item="i-1", title="Trinkbrunnen", cost=Money.euro(600))
            budget.execute(idea, actor=author)
    return site


@pytest.fixture
def run(capsys):
    """Run a command on procedures: ``run("audit", ...)`` → exit code, stdout, stderr."""

    def call(*arguments):
        code = _run(["procedures", *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def lose_a_row(town):
    assert town.run("DELETE FROM item WHERE municipality = ? AND procedure = ?", TOWN, "b-1") == 1


def break_the_journal(town):
    forged = (
        "UPDATE journal SET digest = x'00' WHERE municipality = ? AND procedure = ? AND seq = 1"
    )
    assert town.run(forged, TOWN, "b-1") == 1


def test_what_is_in_order_exits_with_zero(town, run):
    code, out, _ = run("audit", *ONE)
    assert (code, out) == (0, f"{TOWN} b-1: In Ordnung. 3 Journalzeilen, kein Befund.\n")


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ((), [(TOWN, "b-1"), (TOWN, "b-2"), (DISTRICT, "b-1")]),
        (("--municipality", TOWN), [(TOWN, "b-1"), (TOWN, "b-2")]),
        (ONE, [(TOWN, "b-1")]),
    ],
    ids=["all", "one town", "one procedure"],
)
def test_who_names_less_has_more_audited(town, run, where, found):
    code, out, _ = run("audit", *where, "--json")
    told = json.loads(out)
    assert (code, [(one["municipality"], one["procedure"]) for one in told]) == (0, found)
    assert {check["name"] for one in told for check in one["checks"]} >= {"chain", "books", "box"}


def test_what_does_not_agree_exits_with_one_and_names_its_place(town, run):
    lose_a_row(town)
    code, out, err = run("audit", "--municipality", TOWN)
    first, fault, second = out.splitlines()
    assert code == 1
    assert first == f"{TOWN} b-1: 1 Befund"
    assert fault.startswith(
        "- Nicht bestätigt ist „Aus dem Protokoll neu aufgebaut, ist der Stand"
    )
    assert "i-1" in fault
    assert second == f"{TOWN} b-2: In Ordnung. 3 Journalzeilen, kein Befund."
    assert "procedures rebuild" in err


def test_a_state_that_cannot_be_read_keeps_no_other_procedure_from_being_audited(town, run):
    assert town.run("UPDATE procedure SET body = x'00' WHERE procedure = ?", "b-1") == 2
    code, out, _ = run("audit", "--json")
    assert code == 1
    faulty = [
        one["procedure"] for one in json.loads(out) if any(c["faults"] for c in one["checks"])
    ]
    assert faulty == ["b-1", "b-1"]


def test_what_no_rebuild_mends_gets_no_such_advice(town, run):
    spoilt = "UPDATE wording SET body = 'forged' WHERE municipality = ? AND procedure = ?"
    assert town.run(spoilt, TOWN, "b-1")
    code, out, err = run("audit", *ONE)
    assert (code, "Die Texte neben dem Protokoll" in out, err) == (1, True, "")


def test_a_broken_journal_is_found_and_nothing_is_rebuilt_of_it(town, run):
    break_the_journal(town)
    code, out, err = run("audit", *ONE)
    assert (code, "lückenlos" in out, err) == (1, True, "")
    before = town.rows()
    code, out, err = run("rebuild", *ONE)
    assert (code, out, "'b-1' cannot be rebuilt" in err) == (1, "", True)
    assert town.rows() == before


def test_what_was_lost_comes_back_from_the_journal(town, run):
    before = town.rows()
    lose_a_row(town)
    code, out, _ = run("rebuild", *ONE)
    assert code == 0
    assert out == (
        f"{TOWN} b-1: Der gespeicherte Stand wurde verworfen und aus 3 Journalzeilen "
        "wiederhergestellt.\n"
    )
    assert town.rows() == before
    assert run("audit")[0] == 0


@pytest.mark.parametrize(
    "asked",
    [
        ("audit", "--municipality", TOWN, "--procedure", "b-9"),
        ("audit", "--municipality", "12060099"),
        ("rebuild", "--municipality", TOWN, "--procedure", "b-9"),
    ],
    ids=" ".join,
)
def test_what_is_not_there_was_not_audited(town, run, asked):
    assert run(*asked)[:2] == (4, "")


def test_a_procedure_is_named_together_with_its_municipality(town, run):
    code, out, err = run("audit", "--procedure", "b-1")
    assert (code, out, "--municipality" in err) == (2, "", True)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_check_has_a_name(town, run, lang):
    from partizipation_core.texts.wording import Wording

    _, out, _ = run("audit", *ONE, "--json")
    names = [check["name"] for check in json.loads(out)[0]["checks"]]
    assert [name for name in names if Wording(lang=lang).find(f"audit.{name}") is None] == []
