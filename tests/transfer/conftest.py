"""A town whose procedure has met every table that a vote fills, and empty places beside it."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_core.clock import FrozenClock, start_of_day
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    CountBallots,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.platform import Platform
from partizipation_core.plugins.host import PluginHost
from partizipation_core.store.keys import FileKeys
from partizipation_core.values import Actor, Money, Role

OFFICER, REVIEWER = Actor.of("officer-1", Role.OFFICER), Actor.of("reviewer-1", Role.REVIEWER)
COSTS, VOTERS = (600, 300, 200), ("anna", "ben", "cem")
TITLE = 'Bänke\n\\ "für" alle 𝄞'


def resident(name):
    return Actor.of(name, Role.RESIDENT)


class Place:
    """A database that may be opened again and again."""

    def __init__(self, url, keys, clock, host):
        self.url, self._usual = url, {"clock": clock, "host": host, "keys": FileKeys(keys)}

    def open(self):
        return Platform(self.url, **self._usual)


@pytest.fixture(scope="session")
def host():
    return PluginHost.discover()


@pytest.fixture
def clock():
    return FrozenClock(start_of_day(date(2027, 3, 1), ZoneInfo("Europe/Berlin")))


@pytest.fixture
def new_place(new_site, tmp_path, clock, host):
    """Make an empty database of the kind under test; all of them share one folder of keys."""

    def make(name):
        folder = tmp_path / name
        folder.mkdir()
        return Place(new_site(folder).url, tmp_path / "keys", clock, host)

    return make


@pytest.fixture
def file_place(tmp_path, clock, host):
    """Make an empty database in a file, whatever kind is under test."""

    def make(name):
        return Place(f"sqlite:///{tmp_path / name}", tmp_path / "keys", clock, host)

    return make


@pytest.fixture
def town(new_place):
    """A database with two procedures, one in the middle of its vote."""
    place = new_place("old")
    with place.open() as platform:
        for ref, key in (("b-1", "12060052"), ("b-2", "12060052"), ("b-1", "11000000")):
            play(platform, ref, key)
    return place


def play(platform, ref, key):
    budget = platform.municipality(key).open(
        ref,
        "buergerhaushalt",
        actor=OFFICER,
        settings={"pot": "1000 EUR", "misfit": "skip"},
    )
    for number, euros in enumerate(COSTS, start=1):
        idea = SubmitItem(item=f"i-{number}", title=TITLE, cost=Money.euro(euros))
        budget.execute(idea, actor=resident("author"), key=f"idea-{number}")
    budget.execute(AdvanceStage(), actor=OFFICER)
    for number in range(1, 4):
        budget.execute(TakeUpReview(item=f"i-{number}"), actor=REVIEWER)
        budget.execute(ReviewItem(item=f"i-{number}", outcome="feasible"), actor=REVIEWER)
        budget.execute(ShortlistItem(item=f"i-{number}"), actor=OFFICER)
    budget.execute(AdvanceStage(), actor=OFFICER)
    for number, who in enumerate(VOTERS, start=1):
        cast(budget, who, f"i-{number}", key=f"ballot-{who}")


def cast(budget, who, *items, key=""):
    return budget.execute(
        CastBallot(choices=dict.fromkeys(items, 1)), actor=resident(who), key=key
    )


def close(budget):
    budget.execute(AdvanceStage(), actor=OFFICER)


def count(budget):
    budget.execute(CountBallots(vote="vote", seed="4 8 15"), actor=OFFICER)
    return sum(budget.turnout("vote").values())


def end_every_vote(place):
    with place.open() as platform:
        for budget in platform.procedures():
            close(budget)
            count(budget)


def faults(budget):
    return [fault for check in budget.audit() for fault in check.faults]


@pytest.fixture
def moves():
    """What one does with a procedure: ``moves.cast(budget, "anna", "i-1")``."""
    return Moves


class Moves:
    cast, close, count, faults = map(staticmethod, (cast, close, count, faults))
    end_every_vote, resident, play = map(staticmethod, (end_every_vote, resident, play))
    officer = OFFICER
