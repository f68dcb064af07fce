"""A town with a real database, and a small budget that is played on it move by move."""

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from partizipation_core.clock import FrozenClock, start_of_day
from partizipation_core.commands import (
    AdvanceStage,
    AwardItems,
    CastBallot,
    CountBallots,
    ReplaceBallot,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.platform import Platform
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_core.store.keys import FileKeys
from partizipation_core.values import Actor, ItemRef, Money, Role

WORKER = Path(__file__).with_name("worker.py")
BERLIN = ZoneInfo("Europe/Berlin")
OFFICER = Actor.of("officer-1", Role.OFFICER)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
COUNCIL = Actor.of("council", Role.COUNCIL)
SEED = "4 9 17 23 31 42"
STAGES = {
    "review": date(2027, 4, 1),
    "vote": date(2027, 5, 15),
    "fund": date(2027, 6, 1),
    "implement": date(2027, 7, 1),
}


class Budget:
    """A Bürgerhaushalt, played move by move.

    Args:
        town: where it is opened.
        clock: the clock of the platform.
        ref: its reference.
        schedule: stage → day, by default those of `STAGES`.
        rules: slot → names of rules.
        settings: what differs from a pot of 1,000 euros and ``misfit = "skip"``.
    """

    officer, reviewer, council, seed = OFFICER, REVIEWER, COUNCIL, SEED

    def __init__(self, town, clock, ref="budget-2027", *, schedule=None, rules=None, **settings):
        self.clock = clock
        self.handle = town.open(
            ref,
            "buergerhaushalt",
            actor=OFFICER,
            settings={"pot": "1000 EUR", "misfit": "skip", **settings},
            rules=rules,
            schedule=STAGES if schedule is None else schedule,
        )

    def __getattr__(self, name):
        return getattr(self.handle, name)

    @staticmethod
    def resident(name):
        return Actor.of(name, Role.RESIDENT)

    @staticmethod
    def when(stage):
        """Return the instant at which a stage is entered by itself."""
        return start_of_day(STAGES[stage], BERLIN)

    def advance(self):
        """Move on by hand."""
        self.handle.execute(AdvanceStage(), actor=OFFICER)
        return self

    def until(self, stage):
        """Wait for a stage."""
        self.clock.set(self.when(stage))
        self.handle.tick()
        return self

    def idea(self, ref, euros=100, *, title="Trinkbrunnen am Markt", author="author", key=""):
        asked = SubmitItem(item=ItemRef(ref), title=title, cost=Money.euro(euros))
        return self.handle.execute(asked, actor=self.resident(author), key=key)

    def shortlist(self, *refs):
        for ref in refs:
            taken = (
                (TakeUpReview(item=ref), REVIEWER),
                (ReviewItem(item=ref, outcome="feasible"), REVIEWER),
                (ShortlistItem(item=ref), OFFICER),
            )
            for command, actor in taken:
                self.handle.execute(command, actor=actor)

    def to_the_vote(self, **items):
        """Hand in items (reference → euros), shortlist them and open the ballot."""
        refs = {name.replace("_", "-"): euros for name, euros in items.items()}
        for ref, euros in refs.items():
            self.idea(ref, euros)
        self.until("review").shortlist(*refs)
        return self.until("vote")

    def cast(self, who, *refs, key=""):
        asked = CastBallot(choices=dict.fromkeys(refs, 1))
        return self.handle.execute(asked, actor=self.resident(who), key=key)

    def replace(self, who, *refs):
        asked = ReplaceBallot(choices=dict.fromkeys(refs, 1))
        return self.handle.execute(asked, actor=self.resident(who))

    def count(self, vote="vote"):
        self.handle.execute(CountBallots(vote=vote, seed=SEED), actor=OFFICER)
        return self.handle.result(vote)

    def award(self):
        proposed = self.handle.state().proposed
        self.handle.execute(AwardItems(amounts=proposed), actor=COUNCIL)

    def states(self):
        return {item.ref: item.state for item in self.handle.items()}

    def faults(self):
        return [fault for check in self.handle.audit() for fault in check.faults]


@pytest.fixture(scope="session")
def host():
    return PluginHost.discover()


@pytest.fixture
def clock():
    return FrozenClock(start_of_day(date(2027, 3, 1), BERLIN))


@pytest.fixture
def file(site):
    """The file of a database on SQLite."""
    return site.file


@pytest.fixture
def stored(site):
    """Read everything that is stored: ``stored()``."""
    return site.rows


@pytest.fixture
def open_platform(site, host, clock):
    """Open the town's database: ``open_platform()``, with other plugins if they are given."""
    opened = []

    def open_it(**other):
        keys = FileKeys(Path(f"{site.file}.keys"))
        usual = {"host": host, "clock": clock, "keys": keys}
        opened.append(Platform(site.url, **{**usual, **other}))
        return opened[-1]

    yield open_it
    for one in opened:
        one.close()


@pytest.fixture
def with_plugin(host, open_platform):
    """Open the same database with one more plugin: ``with_plugin(code, version="1.0")``."""

    def open_it(code, *, version="1.0", without=()):
        loaded = [
            Plugin(origin, host._manager.get_plugin(origin.plugin))
            for origin in host.plugins
            if origin.plugin not in {"core", *without}
        ]
        more = PluginHost([*loaded, Plugin(Origin("town", "town-rules", version), code)])
        assert more.problems == ()
        return open_platform(host=more).municipality("12060052")

    return open_it


@pytest.fixture
def platform(open_platform):
    return open_platform()


@pytest.fixture
def town(platform):
    return platform.municipality("12060052")


@pytest.fixture
def new_budget(clock):
    """Open a budget, or take up an open one: ``new_budget(town, ref=...)``, ``.at(handle)``."""

    def open_it(town, *place, **settings):
        return Budget(town, clock, *place, **settings)

    def at(handle):
        budget = object.__new__(Budget)
        budget.clock, budget.handle = clock, handle
        return budget

    open_it.start, open_it.at = clock.now(), at
    return open_it


@pytest.fixture
def budget(town, new_budget):
    return new_budget(town)


@pytest.fixture
def sql(site):
    """Change the database behind the platform's back: ``sql("UPDATE ...")``."""
    return site.run


# --- processes of their own --------------------------------------------------------------------


class Worker:
    """A process that works on the file; `said` is what it acknowledged."""

    def __init__(self, site, now, seed, wanted):
        task, amount, double = (*wanted, "as_it_should_be")[:3]
        numbers = map(str, (now, seed, amount))
        place = (site.url, f"{site.file}.keys")
        command = [sys.executable, str(WORKER), task, *place, *numbers, double]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PARTIZIPATION_PLUGINS": "buergerhaushalt"},
        )
        self.said = []

    def is_ready(self):
        assert self.process.stdout.readline() == "ready\n", self.process.stderr.read()

    def go(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def heard(self, lines):
        """Wait until it has said some more lines."""
        for _ in range(lines):
            self.said.append(self.process.stdout.readline().split())

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)

    def ended(self, status=0):
        """Wait for its end; returns everything it said."""
        self.said += [line.split() for line in self.process.stdout]
        err = self.process.stderr.read()
        assert self.process.wait(timeout=120) == status, err
        return self.said


@pytest.fixture
def workers(site, clock):
    """Start processes that begin at the same moment: ``workers(("storm", 40), ...)``."""
    started = []

    def start(*tasks):
        team = [
            Worker(site, clock.now(), len(started) + number, task)
            for number, task in enumerate(tasks)
        ]
        started.extend(team)
        for one in team:
            one.is_ready()
        for one in team:
            one.go()
        return team

    yield start
    for one in started:
        if one.process.poll() is None:
            one.kill()
        one.process.communicate()
