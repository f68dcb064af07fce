"""Stages are entered at their time, whoever is awake; a deadline is exact to the microsecond."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from partizipation_core.clock import from_wall
from partizipation_core.commands import AdvanceStage, CastBallot, SubmitItem, WithdrawItem
from partizipation_core.errors import Refused
from partizipation_core.store import Unit

BERLIN = ZoneInfo("Europe/Berlin")


def moves(budget):
    return [
        (one.event.stage, one.at, one.actor)
        for one in budget.journal()
        if type(one.event).__name__ == "StageEntered"
    ]


@pytest.fixture
def voting(budget):
    return budget.to_the_vote(fountain=600, bench=500)


@pytest.mark.parametrize("late", [0, 1, 86_400_000_000], ids=["on time", "1 µs", "a day"])
def test_a_stage_is_entered_at_the_instant_it_was_due(budget, late):
    budget.clock.set(budget.when("review") + late)
    budget.tick()
    assert moves(budget) == [("review", budget.when("review"), "")]


def test_nothing_is_entered_before_its_time(budget):
    budget.clock.set(budget.when("review") - 1)
    assert budget.tick() == []
    assert budget.state().stage == "ideas"


def test_after_a_long_sleep_all_stages_are_entered_in_order(budget):
    budget.clock.set(budget.when("implement") + 1)
    told = budget.tick()
    due = ["review", "vote", "fund", "implement"]
    assert moves(budget) == [(stage, budget.when(stage), "") for stage in due]
    assert [one.seq for one in told] == list(range(2, 2 + len(told)))
    assert budget.tick() == []
    assert budget.faults() == []


def test_a_command_wakes_the_calendar_even_if_it_is_refused(budget):
    budget.clock.set(budget.when("fund"))
    with pytest.raises(Refused, match="stage_over"):
        budget.idea("fountain")
    assert budget.state().stage == "fund"


@pytest.mark.parametrize(
    ("early", "accepted"), [(1, True), (0, False), (-1, False)], ids=["1 µs before", "at", "after"]
)
def test_a_vote_ends_exactly_at_its_deadline(voting, early, accepted):
    voting.clock.set(voting.when("fund") - early)
    if accepted:
        assert voting.cast("anna", "fountain").at == voting.when("fund") - 1
    else:
        with pytest.raises(Refused, match="stage_over"):
            voting.cast("anna", "fountain")
    voting.until("fund")
    assert voting.state().closed_votes == {"vote": int(accepted)}


def test_a_vote_begins_exactly_at_its_time(budget):
    budget.idea("fountain")
    budget.until("review").shortlist("fountain")
    budget.clock.set(budget.when("vote") - 1)
    with pytest.raises(Refused) as refusal:
        budget.cast("anna", "fountain")
    assert refusal.value.objections[0].allowed_from == budget.when("vote")
    budget.clock.set(budget.when("vote"))
    budget.cast("anna", "fountain")


def test_a_clock_that_goes_back_opens_no_closed_vote(voting):
    voting.until("fund")
    voting.clock.set(voting.when("fund") - 1)
    with pytest.raises(Refused, match="stage_over"):
        voting.cast("anna", "fountain")


def test_a_day_begins_at_midnight_of_the_town(town, new_budget, clock):
    switch = {"review": date(2027, 3, 28), "vote": datetime(2027, 3, 29, 8)}  # noqa: DTZ001
    budget = new_budget(town, schedule=switch)
    clock.set(from_wall(datetime(2027, 3, 30), BERLIN))  # noqa: DTZ001
    budget.tick()
    midnight, eight = (at for _, at, _ in moves(budget))
    assert eight - midnight == (24 + 8 - 1) * 3_600_000_000  # the clock was put forward


def test_what_is_moved_by_hand_is_not_moved_again(budget):
    budget.execute(AdvanceStage(), actor=budget.officer)
    budget.until("review")
    assert [stage for stage, _, _ in moves(budget)] == ["review"]
    budget.until("vote")
    assert budget.state().stage == "vote"


def test_without_a_schedule_time_moves_nothing(town, new_budget, clock):
    budget = new_budget(town, schedule={})
    clock.advance(days=3650)
    assert budget.tick() == []


def test_a_rebuilt_procedure_keeps_its_appointments(budget, sql):
    """Seen in rebuild(): a lost state came back without its next deadline, and so for ever."""
    sql("DELETE FROM procedure")
    budget.rebuild()
    budget.until("review")
    assert budget.state().stage == "review"


def test_a_ballot_at_the_deadline_finds_the_vote_closed_on_another_platform(voting, open_platform):
    other = open_platform().municipality("12060052").procedure("budget-2027")
    other.why(CastBallot(choices={"bench": 1}), actor=voting.resident("ben"))  # is in memory now
    voting.until("fund")
    with pytest.raises(Refused, match="stage_over"):
        other.execute(CastBallot(choices={"bench": 1}), actor=voting.resident("ben"))


def test_what_a_rolled_back_move_led_to_is_not_remembered(budget, open_platform):
    """Seen in the cache of states: it kept what a move that was rolled back had led to."""
    execution, scope = budget.handle._execution, budget.handle._scope
    budget.idea("fountain")
    with execution.database.rehearsing() as connection:
        unit = Unit(connection, scope)
        execution.unasked.catch_up(unit, scope, budget.when("vote"))
    # Another platform writes one line where the first of the two stages would have stood.
    budget.handle = open_platform().municipality("12060052").procedure("budget-2027")
    budget.execute(WithdrawItem(item="fountain"), actor=budget.resident("author"))
    assert budget.state().stage == "ideas"
    idea = SubmitItem(item="tree", title="Baum")
    assert execution.why(scope, idea, budget.resident("anna")) == ()
