"""Clocks that differ, are set right, or are far from the truth."""

from itertools import pairwise

import pytest

from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import CastBallot, SetWindow, SubmitItem
from partizipation_core.errors import Refused
from partizipation_core.execution.timing import SKEW
from partizipation_core.formats.stages import Window
from partizipation_core.store.deliveries import LEASE
from partizipation_core.values import Actor, Money, Role

SECOND = 1_000_000
DAY = 86_400 * SECOND


@pytest.fixture
def elsewhere(open_platform, clock):
    """The same procedure at another worker, whose clock is ahead or behind: ``elsewhere(-5)``."""

    def work(seconds):
        other = FrozenClock(Instant(clock.now() + int(seconds * SECOND)))
        handle = open_platform(clock=other).municipality("12060052").procedure("budget-2027")
        handle.clock = other
        return handle

    return work


def idea(handle, ref):
    asked = SubmitItem(item=ref, title="Bank am See", cost=Money.euro(100))
    return handle.execute(asked, actor=Actor.of("author", Role.RESIDENT))


def in_order(budget):
    return all(one.at <= other.at for one, other in pairwise(budget.journal()))


def test_two_workers_whose_clocks_differ_write_one_history(budget, elsewhere):
    behind = elsewhere(-5)
    for number in range(5):
        idea(budget.handle, f"here-{number}")
        receipt = idea(behind, f"there-{number}")
        line = budget.journal()[receipt.first - 1]
        assert receipt.at == line.at  # what is answered is what is written
        budget.clock.advance(seconds=1)
        behind.clock.advance(seconds=1)
    assert in_order(budget)
    (told,) = budget.failures()  # once, not with every command
    assert told.startswith("clock_regressed")
    assert budget.faults() == []


def test_half_a_second_is_nothing_to_be_put_down(budget, elsewhere):
    idea(budget.handle, "here")
    idea(elsewhere(-0.5), "there")
    assert budget.failures() == []


def test_the_first_clock_that_reaches_the_end_closes_the_vote_for_all(budget, elsewhere):
    budget.to_the_vote(fountain=600)
    budget.clock.set(Instant(budget.when("fund") - 3 * SECOND))
    ahead = elsewhere(5)
    budget.cast("anna", "fountain")
    ahead.tick()
    with pytest.raises(Refused, match="stage_over"):
        budget.cast("ben", "fountain")
    (closed,) = (one for one in budget.journal() if type(one.event).__name__ == "BallotClosed")
    assert (closed.at, closed.event.ballots) == (budget.when("fund"), 1)
    assert budget.failures() == []
    assert budget.faults() == []


def test_a_clock_that_is_set_back_in_a_vote_reopens_nothing(budget):
    budget.to_the_vote(fountain=600).cast("anna", "fountain")
    budget.until("fund")
    budget.clock.advance(seconds=-90)
    with pytest.raises(Refused, match="stage_over"):
        budget.cast("ben", "fountain")
    budget.tick()
    budget.count()
    assert in_order(budget)
    assert budget.faults() == []


def window(start):
    """Ask that the review begins at another time."""
    return SetWindow(stage="review", window=Window(start=start), reason="Wunsch des Beirats")


def test_what_a_clock_a_little_behind_would_allow_is_over_for_it_too(budget, elsewhere):
    behind = elsewhere(-60)
    idea(budget.handle, "here")
    between = Instant(budget.clock.now() - 30 * SECOND)  # to come there, and over here
    refused = [
        {one.code for one in handle.why(window(between), actor=budget.officer)}
        for handle in (budget.handle, behind)
    ]
    assert refused[0] == refused[1] != set()


def test_dates_can_be_set_right_once_a_clock_far_ahead_is_set_right(budget, elsewhere):
    astray = elsewhere(10 * DAY // SECOND)
    idea(astray, "astray")
    soon = Instant(budget.clock.now() + DAY)
    budget.execute(window(soon), actor=budget.officer)
    assert in_order(budget)
    assert any(told.startswith("clock_regressed") for told in budget.failures())
    budget.clock.set(soon)
    budget.tick()
    assert budget.state().stage == "review"
    assert budget.faults() == []


def test_what_failed_by_a_clock_far_ahead_is_not_waited_for(open_platform, clock, new_budget):
    ahead = FrozenClock(Instant(clock.now() + 365 * DAY))
    platform, failing, told = open_platform(clock=ahead), True, []

    def observe(_municipality, _procedure, recorded, _notices):
        if failing:
            raise OSError("the mail server is down")
        told.extend(one.seq for one in recorded)

    platform.subscribe("mail", observe)
    budget = new_budget(platform.municipality("12060052"))
    for _ in range(3):
        budget.tick()
    ahead.set(Instant(clock.now() + LEASE))  # set right
    failing = False
    budget.tick()
    assert told == [one.seq for one in budget.journal()]


def test_a_ballot_hangs_on_no_clock(budget, elsewhere):
    budget.to_the_vote(fountain=600)
    for number, seconds in enumerate((-DAY // SECOND, -SKEW // SECOND, -1, 1)):
        ballot = CastBallot(choices={"fountain": 1})
        elsewhere(seconds).execute(ballot, actor=budget.resident(f"v-{number}"))
    assert budget.turnout("vote") == {"online": 4}
    assert budget.faults() == []
