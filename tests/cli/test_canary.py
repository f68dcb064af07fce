"""While people vote, no command that reads a database tells what is on a ballot."""

import logging
import re
import shutil
from datetime import date
from zoneinfo import ZoneInfo

import click
import pytest

from partizipation_core import Actor, FrozenClock, Money, Platform, Role
from partizipation_core.cli.main import _run, cli
from partizipation_core.clock import start_of_day
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    ConfirmPaperBallot,
    CountBallots,
    EnterPaperBallot,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.store.keys import FileKeys

CANARY = 7919
"""Points that stand on the ballots and can come from nowhere else."""

OFFICER, SECOND = (Actor.of(name, Role.OFFICER) for name in ("officer-1", "officer-2"))
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
ANNA = Actor.of("anna", Role.RESIDENT)
SETTINGS = {
    "pot": "1000 EUR",
    "misfit": "skip",
    "ballot_type": "cumulative",
    "rank_by": "points",
    "max_points": 9999,
}
CHOICES = {"bench": CANARY}


def played(platform):
    """Open a vote in which an account, a paper and a code brought the canary."""
    town = platform.municipality("12060052")
    budget = town.open("b-1", "buergerhaushalt", actor=OFFICER, settings=SETTINGS)
    paper = {"paper": "P-1", "choices": CHOICES, "voter": "cem"}
    for command, actor in (
        (SubmitItem(item="bench", title="Bank", cost=Money.euro(300)), ANNA),
        (AdvanceStage(), OFFICER),
        (TakeUpReview(item="bench"), REVIEWER),
        (ReviewItem(item="bench", outcome="feasible"), REVIEWER),
        (ShortlistItem(item="bench"), OFFICER),
        (AdvanceStage(), OFFICER),
        (CastBallot(choices=CHOICES), ANNA),
        (EnterPaperBallot(**paper), OFFICER),
        (ConfirmPaperBallot(**paper), SECOND),
    ):
        budget.execute(command, actor=actor)
    fresh = budget.issue_codes(batch="letters", vote="vote", count=1, actor=OFFICER)
    code = fresh.hand_over().splitlines()[1].split(",")[2]
    budget.cast_by_code(code, CHOICES)


@pytest.fixture(scope="module")
def voting(tmp_path_factory):
    """Make a folder with the database and the keys of a vote that is open."""
    folder = tmp_path_factory.mktemp("voting")
    clock = FrozenClock(start_of_day(date(2026, 3, 1), ZoneInfo("Europe/Berlin")))
    url = f"sqlite:///{folder / 'town.db'}"
    with Platform(url, clock=clock, keys=FileKeys(folder / "keys")) as platform:
        played(platform)
    return folder


@pytest.fixture
def house(voting, tmp_path, monkeypatch):
    """Copy that folder and say where it is, as an administrator with all keys would."""
    folder = tmp_path / "house"
    shutil.copytree(voting, folder)
    monkeypatch.setenv("PARTIZIPATION_DATABASE", f"sqlite:///{folder / 'town.db'}")
    monkeypatch.setenv("PARTIZIPATION_KEYS", str(folder / "keys"))
    monkeypatch.chdir(folder)
    Platform(f"sqlite:///{folder / 'empty.db'}").close()
    (folder / "register.csv").write_text("kennung\nanna\n", encoding="utf-8")
    return folder


@pytest.fixture
def told(house, capsys, caplog):
    """Run calls and return all they said, on both streams and in logs at DEBUG."""
    for logger in ("", "partizipation_core", "sqlalchemy", "sqlalchemy.engine"):
        caplog.set_level(logging.DEBUG, logger=logger)

    def run(*calls):
        codes = [_run([part.format(house=house) for part in call.split("|")]) for call in calls]
        heard = capsys.readouterr()
        return codes, [heard.out, heard.err, caplog.text]

    return run


def gives_it_away(text):
    return re.search(r"(?<!\d)7[.,]?919(?!\d)", text)


PLACE = "|--municipality|12060052|--procedure|b-1"
DATABASE = "--database|sqlite:///{house}/town.db"
EMPTY = "--database|sqlite:///{house}/empty.db"
OTHER = "--database|sqlite:///{house}/other.db"

CALLS = {
    "calendar": [f"calendar{PLACE}"],
    "databases backup": [
        "databases|backup|--into|{house}/b",
        "databases|backup|--into|{house}/c|--exclude-open-secret",
    ],
    "databases move": [
        "databases|move|--to|sqlite:///{house}/other.db",
        "databases|move|--to|sqlite:///{house}/third.db|--with-open-votes|--json",
    ],
    "databases restore": [
        "databases|backup|--into|{house}/b",
        f"databases|restore|{OTHER}|{{house}}/b|--json",
    ],
    "people about": [f"people|about{PLACE}|{who}" for who in ("anna", "cem", "officer-1")],
    "people forget": [
        f"people|forget{PLACE}|anna|--by|officer-1|--dry-run",
        f"people|forget{PLACE}|anna|--by|officer-1",
    ],
    "people destroy-key": [f"people|destroy-key{PLACE}|--vote|vote|--by|officer-1|--dry-run"],
    "people redact": [
        f"people|redact{PLACE}|--item|bench|--passage|{passage}|--reason|Name.|--by|m-1"
        for passage in ("Bank", "Birke")
    ],
    "people retention": ["people|retention", "people|retention|--json|--erase|officer-1"],
    "plugins doctor": [f"plugins|doctor|{DATABASE}", f"plugins|doctor|{DATABASE}|--json"],
    "procedures audit": [f"procedures|audit{PLACE}", f"procedures|audit{PLACE}|--json"],
    "procedures checkpoint": [
        f"procedures|checkpoint{PLACE}",
        f"procedures|checkpoint{PLACE}|--words|--svg|{{house}}/qr.svg",
    ],
    "procedures export": [
        f"procedures|export{PLACE}|--into|{{house}}/e{number}{more}"
        for number, more in enumerate(("", "|--without-ballots", "|--whole", "|--without-texts"))
    ],
    "procedures hand-out-roll": [
        f"procedures|hand-out-roll{PLACE}|--vote|vote|--into|{{house}}/roll.json|--by|officer-1"
    ],
    "procedures import": [
        f"procedures|export{PLACE}|--into|{{house}}/e.tar|--whole|--without-ballots",
        f"procedures|import|{EMPTY}|{{house}}/e.tar",
        "procedures|import|{house}/e.tar",
    ],
    "procedures rebuild": [f"procedures|rebuild{PLACE}"],
    "procedures seal": [f"procedures|seal{PLACE}"],
    "procedures take-result": [
        f"procedures|take-result{PLACE}|--vote|vote|{{house}}/register.csv|--by|officer-1"
    ],
    "register erase": [f"register|erase{PLACE}|--officer|officer-1|--reason|Irrtum."],
    "register import": [
        f"register|import{PLACE}|{{house}}/register.csv|--officer|officer-1{more}"
        for more in ("|--dry-run", "")
    ],
    "register template": [f"register|template{PLACE}"],
    "results certificate": [
        f"results|certificate{PLACE}{more}" for more in ("", "|--text", "|--revision|1")
    ],
    "results export": [f"results|export{PLACE}|--folder|{{house}}/out"],
    "results show": [f"results|show{PLACE}{more}" for more in ("", "|--json", "|--csv")],
    "tick": ["tick", "tick|--json"],
    "why": [
        f"why{PLACE}|--as|{role}|--ref|{ref}|{command}"
        for role, ref, command in (
            ("resident", "anna", 'CastBallot|{{"choices": {{}}}}'),
            ("resident", "anna", 'ReplaceBallot|{{"choices": {{"bench": 1}}}}'),
            ("resident", "anna", "RevokeBallot"),
            ("officer", "officer-1", 'CountBallots|{{"vote": "vote"}}'),
            ("officer", "officer-2", 'ConfirmPaperBallot|{{"paper": "P-1", "choices": {{}}}}'),
        )
    ],
}
"""Each command that is told a database → calls of it, with all that it can be asked."""


def commands(group=cli, *place):
    """Walk all commands of the library: their words and what they are."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from commands(found, *place, name)
        elif found.callback.__module__.startswith("partizipation_core."):
            yield " ".join((*place, name)), found


def test_every_command_that_is_told_a_database_is_asked():
    told_one = {
        name
        for name, command in commands()
        for option in command.params
        if "--database" in option.opts or option.envvar == "PARTIZIPATION_DATABASE"
    }
    assert told_one == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_no_command_tells_a_choice_while_people_vote(told, house, name):
    before = set(house.rglob("*"))
    codes, said = told(*CALLS[name])
    assert all(code in {0, 1, 3, 5} for code in codes), said[:2]
    assert not [text for text in said if gives_it_away(text)]
    if name.startswith("databases"):
        return  # a copy of a database holds what the database holds: ballots, and no key
    fresh = [one for one in set(house.rglob("*")) - before if one.suffix != ".db"]
    files = {one: one.read_bytes().decode("latin-1") for one in fresh if one.is_file()}
    assert not [one for one, body in files.items() if gives_it_away(body)]


def test_after_the_count_the_same_calls_tell_it(told, house):
    """The ears were open: what is silent above is loud here."""
    keys = FileKeys(house / "keys")
    with Platform(f"sqlite:///{house / 'town.db'}", keys=keys) as platform:
        budget = platform.municipality("12060052").procedure("b-1")
        budget.execute(AdvanceStage(), actor=OFFICER)
        budget.execute(CountBallots(vote="vote", seed="4 8 15"), actor=OFFICER)
    for name in ("results show", "results certificate"):
        _, (out, _, _) = told(*CALLS[name])
        assert re.search(rf"(?<!\d){3 * CANARY:,}".replace(",", "[.,]?"), out)
    told(*CALLS["results export"])
    assert gives_it_away((house / "out" / "ballots.ndjson").read_text(encoding="utf-8"))
