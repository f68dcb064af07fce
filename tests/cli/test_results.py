"""``partizipation results``: what is public is shown, what is not is refused in words."""

import re
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_core import Actor, FrozenClock, Money, Platform, Role
from partizipation_core.cli.main import _run
from partizipation_core.clock import start_of_day
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    CertifyResult,
    CountBallots,
    PublishResult,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)

OFFICER, SECOND = (Actor.of(name, Role.OFFICER) for name in ("officer-1", "officer-2"))
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
ANNA = Actor.of("anna", Role.RESIDENT)
SETTINGS = {"pot": "1000 EUR", "misfit": "skip", "results": "certified"}


@pytest.fixture
def budget(tmp_path):
    """A budget on a database whose vote was counted and not published."""
    clock = FrozenClock(start_of_day(date(2027, 3, 1), ZoneInfo("Europe/Berlin")))
    with Platform(f"sqlite:///{tmp_path / 'town.db'}", clock=clock) as platform:
        town = platform.municipality("12060052")
        budget = town.open("b-1", "buergerhaushalt", actor=OFFICER, settings=SETTINGS)
        for command, actor in (
            (SubmitItem(item="bench", title="Bank", cost=Money.euro(300)), ANNA),
            (AdvanceStage(), OFFICER),
            (TakeUpReview(item="bench"), REVIEWER),
            (ReviewItem(item="bench", outcome="feasible"), REVIEWER),
            (ShortlistItem(item="bench"), OFFICER),
            (AdvanceStage(), OFFICER),
            (CastBallot(choices={"bench": 1}), ANNA),
            (AdvanceStage(), OFFICER),
            (CountBallots(vote="vote", seed="4 8 15"), OFFICER),
        ):
            budget.execute(command, actor=actor)
        yield budget


@pytest.fixture
def run(budget, tmp_path, capsys):
    """Run a sub-command on the budget: ``run("show")`` → exit code, stdout, stderr."""
    place = ("--database", f"sqlite:///{tmp_path / 'town.db'}", "--municipality", "12060052")

    def call(name, *more, where=(*place, "--procedure", "b-1")):
        code = _run(["results", name, *where, *more])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def publish(budget):
    budget.execute(CertifyResult(vote="vote"), actor=SECOND)
    budget.execute(PublishResult(vote="vote"), actor=OFFICER)


@pytest.mark.parametrize("name", ["show", "certificate", "export"])
def test_what_is_not_public_is_refused_with_the_reason(run, name, tmp_path):
    more = ("--folder", str(tmp_path / "out")) if name == "export" else ()
    code, out, told = run(name, *more)
    assert (code, out) == (3, "")
    assert told.startswith("Das Ergebnis der Abstimmung „Abstimmung“ ist noch nicht öffentlich.")
    assert not (tmp_path / "out").exists()


def test_a_result_is_shown_with_its_turnout(run, budget):
    publish(budget)
    code, out, _ = run("show")
    assert code == 0
    assert "Stand des Ergebnisses: veröffentlicht." in out
    assert "100,0" in out
    assert "Beteiligung" in out


def test_a_certificate_can_be_checked_by_anybody_who_has_the_export(run, budget, tmp_path):
    publish(budget)
    file, folder = tmp_path / "urkunde.json", tmp_path / "pruefung"
    file.write_text(run("certificate")[1], encoding="utf-8")
    assert run("export", "--folder", str(folder))[0] == 0
    exported = [str(folder / name) for name in ("journal.ndjson", "ballots.ndjson")]
    code, _, told = run("verify", str(file), *exported, where=())
    assert (code, told) == (
        0,
        "Die Urkunde stimmt: Noch einmal gezählt, kommt dasselbe heraus.\n",
    )
    file.write_text(file.read_text(encoding="utf-8").replace('"votes":1', '"votes":2'), "utf-8")
    code, out, told = run("verify", str(file), *exported, where=())
    assert code == 1
    assert told.startswith("Die Urkunde stimmt nicht")
    assert out.startswith("- ")


def test_the_minutes_are_text_to_sign(run, budget):
    publish(budget)
    _, out, _ = run("certificate", "--text")
    assert out.startswith("Niederschrift über das Ergebnis der Abstimmung „Abstimmung“")
    assert "Losziffern: 4 8 15" in out
    identities = re.compile(r"\S+/\S+@\d+")  # of rules, by which anybody finds the very same
    assert re.findall(r"[A-Za-z]+_[a-z_]+", identities.sub("", out)) == []


def test_what_is_no_certificate_is_said_to_be_none(run, tmp_path):
    file = tmp_path / "urkunde.json"
    file.write_text("{}", encoding="utf-8")
    code, _, told = run("verify", str(file), str(file), str(file), where=())
    assert code == 1
    assert "no certificate" in told
