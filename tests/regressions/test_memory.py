"""Known failures of other platforms' memory, each with the rule that keeps it out of ours."""

import threading
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_core import Actor, FrozenClock, Money, Platform, PluginHost, Role
from partizipation_core.clock import start_of_day
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    CountBallots,
    ReplaceBallot,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    SupportItem,
    TakeUpReview,
)
from partizipation_core.errors import Refused, StorageError
from partizipation_core.store import Unit
from partizipation_core.store.keys import voter_tag

OFFICER = Actor.of("officer-1", Role.OFFICER)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
ITEMS = {"fountain": 600, "bench": 500}


@pytest.fixture(scope="module")
def host():
    return PluginHost.discover()


@pytest.fixture
def door(host, tmp_path):
    """Open the town as another process does, with nothing shared but the database: ``door()``."""
    clock, opened = FrozenClock(start_of_day(date(2027, 3, 1), ZoneInfo("Europe/Berlin"))), []

    def open_it():
        opened.append(Platform(f"sqlite:///{tmp_path / 'town.db'}", host=host, clock=clock))
        return opened[-1].municipality("12060052")

    yield open_it
    for one in opened:
        one.close()


@pytest.fixture
def ideas(door):
    """A budget that takes in ideas: ``ideas(max_supports=5)``."""

    def open_it(items=ITEMS, **settings):
        wanted = {"pot": "1000 EUR", "misfit": "skip", **settings}
        budget = door().open("b-2027", "buergerhaushalt", actor=OFFICER, settings=wanted)
        for ref, euros in items.items():
            idea = SubmitItem(item=ref, title="Trinkbrunnen am Markt", cost=Money.euro(euros))
            budget.execute(idea, actor=resident("author"))
        return budget

    return open_it


@pytest.fixture
def voting(ideas):
    budget = ideas()
    budget.execute(AdvanceStage(), actor=OFFICER)
    for ref in ITEMS:
        budget.execute(TakeUpReview(item=ref), actor=REVIEWER)
        budget.execute(ReviewItem(item=ref, outcome="feasible"), actor=REVIEWER)
        budget.execute(ShortlistItem(item=ref), actor=OFFICER)
    budget.execute(AdvanceStage(), actor=OFFICER)
    return budget


def resident(name):
    return Actor.of(name, Role.RESIDENT)


def cast(budget, who, *refs):
    return budget.execute(CastBallot(choices=dict.fromkeys(refs, 1)), actor=resident(who))


def at_once(*tasks):
    """Do things at the same moment; returns what came of each, refusals as their first code."""
    begin, told = threading.Barrier(len(tasks)), []

    def run(task):
        begin.wait()
        try:
            told.append(task())
        except Refused as refusal:
            told.append(refusal.objections[0].code)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return told


def faults(budget):
    return [fault for check in budget.audit() for fault in check.faults]


def test_t15_two_requests_at_once_are_one_vote(voting, door):
    """No UNIQUE on votes let a race in -> the database itself refuses, and the race is tested."""
    doors = [door().procedure("b-2027") for _ in range(6)]
    for number in range(5):
        who = f"voter-{number}"
        told = at_once(*(lambda one=one: cast(one, who, "bench") for one in doors))  # noqa: B023
        assert told.count("already_voted") == len(doors) - 1
    assert voting.turnout("vote") == {"online": 5}
    assert faults(voting) == []


def test_t16_a_voter_is_stored_once_whatever_is_stored_beside_it(voting, door):
    """About 1 in 10,000 voters was stored twice -> roll and ballot stand or fall together."""
    cast(voting, "anna", "bench")
    other = door().procedure("b-2027")
    tag = voter_tag(other._execution.keys, other._scope, "vote", "anna")
    with other._execution.database.writing(other._scope) as connection:
        connection.exec_driver_sql("DELETE FROM box")  # half of it is gone
        assert Unit(connection, other._scope).has_voted("vote", tag)
    assert at_once(lambda: cast(other, "anna", "bench")) == ["already_voted"]
    assert "1 on the roll without a ballot" in faults(voting)[0]


def test_t17_looking_first_is_not_what_keeps_a_second_vote_out(voting, monkeypatch):
    """Check-then-insert counted twice -> the key of a vote is made of the voter alone."""
    monkeypatch.setattr(Unit, "has_voted", lambda *_: False)  # whoever looks sees nothing
    cast(voting, "anna", "bench")
    with pytest.raises((Refused, StorageError), match="already_voted"):
        cast(voting, "anna", "fountain")
    assert voting.turnout("vote") == {"online": 1}


@pytest.mark.parametrize("command", [CastBallot, ReplaceBallot], ids=["cast", "replace"])
def test_t19_nothing_changes_in_a_box_after_its_stage(voting, door, command):
    """A submitted basket was changed after the phase -> every write goes through the guard."""
    cast(voting, "anna", "bench")
    late = door().procedure("b-2027")
    cast(late, "ben", "bench")  # so that the late one believes the vote to be open
    voting.execute(AdvanceStage(), actor=OFFICER)
    closed = voting.state().closed_votes
    changed = command(choices={"fountain": 1})
    with pytest.raises(Refused, match="stage_over"):
        late.execute(changed, actor=resident("anna"))
    assert closed == voting.state().closed_votes == {"vote": 2}
    assert faults(voting) == []


def test_t40_a_result_stays_when_its_voters_are_gone(voting, door):
    """A result changed after a user was deleted -> no ballot points to a person."""
    cast(voting, "anna", "bench")
    cast(voting, "ben", "bench", "fountain")
    voting.execute(AdvanceStage(), actor=OFFICER)
    voting.execute(CountBallots(vote="vote", seed="1 2 3"), actor=OFFICER)
    before = voting.result("vote").to_json()
    for key in voting._execution.keys._folder.glob("*.key"):
        key.unlink()  # with it, tags are noise: nobody can tell any more who has voted
    again = door().procedure("b-2027")
    assert again.result("vote").to_json() == before
    assert faults(again) == []


def test_r4_a_cap_holds_for_requests_at_once(ideas, door):
    """A limit per person is looked at and kept under one lock."""
    refs = [f"i-{number}" for number in range(12)]
    budget = ideas(dict.fromkeys(refs, 100), max_supports=5)
    doors = [door().procedure("b-2027") for _ in range(4)]

    def support(one, some):
        """Support some things; returns the reasons why some were refused."""
        asked = [SupportItem(item=ref) for ref in some]
        return [told for told in (reason(one, command) for command in asked) if told]

    def reason(one, command):
        try:
            one.execute(command, actor=resident("anna"))
        except Refused as refusal:
            return refusal.objections[0].code
        return ""

    shares = [(one, refs[number :: len(doors)]) for number, one in enumerate(doors)]
    told = at_once(*(lambda share=share: support(*share) for share in shares))
    assert [one for each in told for one in each] == ["too_many_supports"] * 7
    assert len(budget.held(resident("anna"))) == 5
    assert faults(budget) == []
