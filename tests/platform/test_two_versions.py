"""Two versions of a plugin at work at once on one database, as while an application is upgraded.

The old worker must change nothing wrongly, say what it lacks, and leave to the new one what only
the new one can do; votes go on wherever they can.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from attrs import evolve, frozen

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core.commands import AdvanceStage, ForwardItem
from partizipation_core.errors import Refused, StorageError
from partizipation_core.execution import Execution
from partizipation_core.formats.rules import rule
from partizipation_core.formats.settings import VoteSettings
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.plugins import hookimpl
from partizipation_core.values import Actor, Role

OFFICER = Actor.of("officer-1", Role.OFFICER)
MODERATOR = Actor.of("moderator-1", Role.MODERATOR)


@frozen(kw_only=True)
class LaterSettings(VoteSettings):
    """Settings of version 2.0, which has one more."""

    colour: str = "blue"


@rule("eligibility", name="town/residents")
def residents(_actor, _view):
    return ()


@rule("eligibility", name="town/inhabitants")
def inhabitants(_actor, _view):
    return ()


@frozen(kw_only=True)
class RingBell(Command):
    tower: str = "Rathaus"


@frozen(kw_only=True)
class BellRung(Event):
    tower: str

    def apply(self, world, at):
        yield evolve(world.opened)


def later_shape():
    """Return the event as version 2.0 has it: with one more field."""

    @frozen(kw_only=True)
    class BellRung(Event):
        version = 2

        tower: str
        times: int = 1

        @classmethod
        def lifted(cls, version, data):
            return {**data, "times": 1} if version == 1 else super().lifted(version, data)

        def apply(self, world, at):
            yield evolve(world.opened)

    return BellRung


class Town:
    """The plugin town-rules: a budget of its own, and perhaps a bell."""

    def __init__(self, *, settings=VoteSettings, who=residents, bell=None):
        self.bell = bell
        self.form = BUERGERHAUSHALT.derive(
            key="town-budget",
            replaces="buergerhaushalt",
            settings=settings,
            rules=[who],
            anytime={RingBell: [Role.OFFICER]} if bell else {},
        )

    @hookimpl
    def register_formats(self):
        return [self.form]

    @hookimpl
    def register_deciders(self):
        def ring(command, _context):
            return (self.bell(tower=command.tower),)

        return [Decider(command=RingBell, decide=ring, events=(self.bell,))] if self.bell else []


@pytest.fixture
def old(with_plugin):
    return with_plugin(Town(), version="1.0")


@pytest.fixture
def later(with_plugin):
    """Install version 2.0 beside version 1.0: ``later(settings=...)``."""
    return lambda **other: with_plugin(Town(**other), version="2.0")


def lacks(at, budget, command=None):
    """Say what a worker lacks for a procedure."""
    handle = at.procedure(budget.handle.ref)
    (objection,) = handle.why(command or AdvanceStage(), actor=OFFICER)
    assert objection.code == "rule_missing"
    return objection.params["rules"]


# --- what both can do -------------------------------------------------------------------------


def test_a_procedure_of_the_old_version_goes_on_at_both(old, later, new_budget):
    budget = new_budget(old).to_the_vote(fountain=600, bench=500)
    handles = [budget.handle, later(settings=LaterSettings).procedure("budget-2027")]

    def cast(number):
        mine = new_budget.at(handles[number % 2])
        return mine.cast(f"v-{number}", ("bench", "fountain")[number % 3 % 2])

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(cast, range(40)))) == 40
    for handle in handles:
        assert handle.turnout("vote") == {"online": 40}
        assert [fault for check in handle.audit() for fault in check.faults] == []
    budget.handle = handles[1]
    budget.until("fund").count()
    assert handles[0].result("vote") == handles[1].result("vote")


# --- what the old one cannot ------------------------------------------------------------------


@pytest.fixture
def coloured(old, later, new_budget):
    """A budget with a setting that only version 2.0 knows, and the worker that has it."""
    new = later(settings=LaterSettings)
    budget = new_budget(new, colour="red", secrecy="open", checkpoint_every=50)
    return budget, budget.handle, old.procedure("budget-2027")


def test_who_does_not_know_a_setting_refuses_and_votes_go_on_elsewhere(coloured, old, stored):
    budget, new, behind = coloured
    budget.to_the_vote(fountain=600)
    budget.cast("anna", "fountain")
    budget.handle, before = behind, stored()
    with pytest.raises(Refused, match=r"settings of town-rules 2\.0"):
        budget.cast("ben", "fountain")
    assert lacks(old, budget) == "settings of town-rules 2.0"
    assert stored() == before
    assert budget.state().stage == "vote"
    budget.handle = new
    budget.cast("ben", "fountain")
    assert budget.faults() == []


def test_the_old_one_closes_in_time_a_vote_as_open_as_the_town_has_set_it(coloured):
    budget, new, behind = coloured
    budget.to_the_vote(fountain=600)
    budget.cast("anna", "fountain")
    budget.handle = behind
    budget.until("fund")
    (closed,) = (one for one in new.journal() if type(one.event).__name__ == "BallotClosed")
    assert (closed.at, closed.event.secrecy) == (budget.when("fund"), "open")
    budget.handle = new
    assert budget.state().seals == {}  # nobody wanted it sealed, and it could not be undone
    budget.count()
    assert budget.faults() == []


def test_the_old_one_swears_to_a_box_no_sooner_than_the_town_has_set(coloured, old):
    budget, new, _ = coloured
    budget.to_the_vote(fountain=600)
    for number in range(30):
        budget.cast(f"v-{number}", "fountain")
    before = len(new.journal())
    assert [one for one in old.tick() if one.recorded] == []
    assert len(new.journal()) == before


def test_a_vote_opens_where_its_electorate_can_be_asked(old, later, new_budget, stored):
    new = later(who=inhabitants)
    budget = new_budget(new)
    budget.idea("fountain", 600)
    budget.until("review").shortlist("fountain")
    ahead, budget.handle = budget.handle, old.procedure("budget-2027")
    budget.clock.set(budget.when("vote"))
    before = stored()["journal"]
    (told,) = old.tick()
    assert "rule town/inhabitants@1 of town-rules 2.0" in told.failure
    with pytest.raises(Refused, match="town/inhabitants"):
        budget.tick()
    assert stored()["journal"] == before
    budget.handle = ahead
    budget.clock.advance(hours=3)
    budget.cast("anna", "fountain")  # whoever can do it makes up for it
    (opened,) = (one for one in budget.journal() if type(one.event).__name__ == "BallotOpened")
    assert opened.at == budget.when("vote")
    assert budget.faults() == []


def test_a_rule_with_another_name_is_missing_at_both_and_each_names_the_other(
    old, later, new_budget
):
    new = later(who=inhabitants)
    first, second = new_budget(old), new_budget(new, "budget-2028")
    assert lacks(new, first) == "rule town/residents@1 of town-rules 1.0"
    assert lacks(old, second) == "rule town/inhabitants@1 of town-rules 2.0"
    for budget in (first, second):
        budget.clock.set(new_budget.start)
        budget.to_the_vote(fountain=600).cast("anna", "fountain")
        assert budget.faults() == []


# --- what the old one cannot read -------------------------------------------------------------


@pytest.fixture
def rung(old, later, new_budget):
    """A budget whose journal holds an event that only version 2.0 has."""
    new = later(bell=BellRung)
    budget = new_budget(new)
    budget.execute(RingBell(), actor=OFFICER)
    return budget, budget.handle, old.procedure("budget-2027")


UNKNOWN = (
    r"journal line 2 holds BellRung version 1 in format 2, which no installed distribution reads;"
    r" installed here: .*town-rules 1\.0"
)


def test_the_old_one_says_what_it_cannot_read_and_goes_on(rung, stored):
    budget, new, behind = rung
    budget.handle = behind
    with pytest.raises(StorageError, match=UNKNOWN):
        budget.journal()
    budget.to_the_vote(fountain=600)
    budget.cast("anna", "fountain")
    before = stored()
    with pytest.raises(StorageError, match=UNKNOWN):
        budget.rebuild()
    assert stored() == before
    budget.handle = new
    budget.cast("ben", "fountain")
    assert budget.faults() == []


class Listener:
    def __init__(self, town):
        self.told = []
        town._execution.outbox.subscribe("mail", self)

    def __call__(self, _municipality, _procedure, recorded, _notices):
        self.told += [one.seq for one in recorded]


def test_what_the_old_one_cannot_read_is_told_by_the_new_one_and_never_given_up(
    old, later, new_budget, monkeypatch
):
    new = later(bell=BellRung)
    behind, ahead = Listener(old), Listener(new)
    budget = new_budget(new)
    with monkeypatch.context() as patch:
        patch.setattr(Execution, "tell", lambda *_: None)  # as if killed after the commit
        budget.execute(RingBell(), actor=OFFICER)
    for _ in range(20):
        budget.clock.advance(days=1)
        (told,) = old.tick()
        assert "BellRung version 1" in told.failure
        assert "town-rules 1.0" in told.failure
    assert budget.failures() == []
    new.tick()
    assert (behind.told, ahead.told) == ([], [1, 2])
    assert old.tick() == ()


def test_what_the_old_one_cannot_read_is_handed_over_by_the_new_one(old, rung, new_budget):
    budget, new, behind = rung
    second = new_budget(old, "budget-2028")
    budget.clock.set(new_budget.start)
    budget.handle = behind
    budget.idea("fountain")
    moved = ForwardItem(item="fountain", procedure="budget-2028", reason="Gehört dorthin")
    budget.execute(moved, actor=MODERATOR)  # handing over begins before the bell
    new.tick()
    assert list(second.states().values()) == ["published"]
    assert budget.failures() == []


def test_a_later_version_of_an_event_is_named_and_earlier_ones_stay_readable(
    with_plugin, new_budget
):
    behind = with_plugin(Town(bell=BellRung), version="1.0")
    ahead = with_plugin(Town(bell=later_shape()), version="2.0")
    budget = new_budget(behind)
    budget.execute(RingBell(), actor=OFFICER)
    budget.handle = ahead.procedure("budget-2027")
    budget.execute(RingBell(), actor=OFFICER)
    rings = [one.event for one in budget.journal()[1:]]
    assert [(one.tower, one.times) for one in rings] == [("Rathaus", 1)] * 2
    assert budget.faults() == []
    budget.handle = behind.procedure("budget-2027")
    with pytest.raises(StorageError, match=r"version 1 is the last one known; .*town-rules 1\.0"):
        budget.journal()
    budget.to_the_vote(fountain=600).cast("anna", "fountain")
