"""A town whose vote is held by a register, played with a real database."""

import sqlite3
from contextlib import closing, contextmanager
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_core.clock import FrozenClock, start_of_day
from partizipation_core.commands import (
    CastBallot,
    CountBallots,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.errors import Refused
from partizipation_core.exchange.register import read_register
from partizipation_core.identity import Assertion, Strength
from partizipation_core.platform import Platform
from partizipation_core.plugins.host import PluginHost
from partizipation_core.values import Actor, Money, Role

BERLIN = ZoneInfo("Europe/Berlin")
OFFICER = Actor.of("officer-1", Role.OFFICER)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
STAGES = {"review": date(2027, 4, 15), "vote": date(2027, 5, 1), "fund": date(2027, 6, 1)}
PLAIN = {"pot": "1000 EUR", "misfit": "skip"}
BY_REGISTER = {
    "electorate": "register",
    "register_until": "2027-12-31",
    "register_law": "bmg37",
    "min_age": 16,
    "age_on": "opening",
}


class Town:
    """A Bürgerhaushalt with items a (Nord), b (Süd), c (West) and d (everywhere)."""

    officer, reviewer = OFFICER, REVIEWER

    def __init__(self, platform, clock, *, rules=None, schedule=None, **settings):
        self.clock = clock
        self.handle = platform.municipality("12060052").open(
            "budget-2027",
            "buergerhaushalt",
            actor=OFFICER,
            settings={**PLAIN, **settings},
            rules=rules,
            schedule=STAGES if schedule is None else schedule,
        )

    def __getattr__(self, name):
        return getattr(self.handle, name)

    def at(self, *day):
        self.clock.set(start_of_day(date(*day), BERLIN))
        self.handle.tick()
        return self

    def register(self, text, *, encoding="utf-8", as_of=None, complete=True):
        data = text.encode(encoding)
        reading = read_register(data, self.handle.settings(), as_of=as_of)
        assert reading.faults == ()
        return self.handle.import_register(reading.extract, actor=OFFICER, complete=complete)

    def to_the_vote(self):
        """Hand four ideas in, shortlist them, and let the day of the vote come."""
        author = Actor.of("author", Role.RESIDENT, age=50, birth="1970-01-01")
        for ref, area in {"a": "Nord", "b": "Süd", "c": "West", "d": ""}.items():
            idea = SubmitItem(item=ref, title=ref, cost=Money.euro(100), area=area)
            self.handle.execute(idea, actor=author)
        self.at(2027, 4, 15)
        for ref in "abcd":
            self.handle.execute(TakeUpReview(item=ref), actor=REVIEWER)
            self.handle.execute(ReviewItem(item=ref, outcome="feasible"), actor=REVIEWER)
            self.handle.execute(ShortlistItem(item=ref), actor=OFFICER)
        return self.at(2027, 5, 1)

    def person(self, reference, strength=Strength.POST, **facts):
        """Recognise somebody by the reference in the register, as a letter with a code does."""
        return self.handle.recognise(
            Assertion(
                issuer="letter",
                subject=reference,
                strength=strength,
                facts={"reference": reference, **facts},
                proven={"reference"},
            )
        )

    def cast(self, actor, *refs):
        return self.handle.execute(CastBallot(choices=dict.fromkeys(refs or "a", 1)), actor=actor)

    def count(self):
        self.at(2027, 6, 1)
        self.handle.execute(CountBallots(vote="vote", seed="1 2 3"), actor=OFFICER)
        return self.handle.result("vote")

    def refusal(self, command, actor):
        with pytest.raises(Refused) as caught:
            self.handle.execute(command, actor=actor)
        return [one.code for one in caught.value.objections]

    def events(self, kind):
        return [one.event for one in self.handle.journal() if type(one.event).__name__ == kind]

    def faults(self):
        return [fault for check in self.handle.audit() for fault in check.faults]


@pytest.fixture(scope="session")
def host():
    return PluginHost.discover()


@pytest.fixture
def clock():
    return FrozenClock(start_of_day(date(2027, 4, 1), BERLIN))


@pytest.fixture
def file(tmp_path):
    return tmp_path / "town.db"


@pytest.fixture
def platform(file, host, clock):
    with Platform(f"sqlite:///{file}", host=host, clock=clock) as opened:
        yield opened


@pytest.fixture
def open_town(platform, clock):
    """Open a Bürgerhaushalt: ``open_town(min_age=16)``."""

    def open_(**settings):
        return Town(platform, clock, **settings)

    return open_


@pytest.fixture
def by_register(open_town):
    """Open a Bürgerhaushalt whose electorate is a register: ``by_register(letters=True)``."""

    def open_(**settings):
        return open_town(**{**BY_REGISTER, **settings})

    return open_


@pytest.fixture
def sql(file):
    """Ask the database behind the platform's back: ``sql("SELECT ...")``."""

    def run(statement, *values):
        with closing(sqlite3.connect(file)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    return run


@pytest.fixture
def in_memory(host, clock):
    """Open a town by register that is gone afterwards: ``with in_memory() as town``."""

    @contextmanager
    def open_():
        with Platform("sqlite://", host=host, clock=clock) as platform:
            yield Town(platform, clock, **BY_REGISTER)

    return open_
