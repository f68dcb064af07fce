"""Real bugs with dates on real platforms, each as one named test (platform-lessons §3)."""

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "time"))

from year import OFFICER, REVIEWER, WINDOWS, Year, at, on_ballot

from partizipation_core.clock import Instant, to_wall
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    CountBallots,
    ReplaceBallot,
    ReviewItem,
    SetWindow,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.errors import Refused
from partizipation_core.formats.stages import Mover, Window
from partizipation_core.reports.assemble import assemble
from partizipation_core.texts import objection_text
from partizipation_core.texts.wording import Wording
from partizipation_core.values import Actor, ItemRef, Money, Role

ANNA = Actor.of("anna", Role.RESIDENT)


@pytest.fixture
def year():
    """Return a town on the first of March."""
    made = Year()
    yield made
    made.platform.close()


def idea(n=1):
    return SubmitItem(item=ItemRef(f"i-{n}"), title="Bank")


def test_t01_a_process_is_not_over_on_its_last_day(year):
    """Store half-open instants, show "until and including"."""
    handle = year.open()
    year.clock.set(at(2027, 3, 31, 23, 59, 59))
    assert handle.why(idea(), actor=ANNA) == ()


def test_t02_a_stage_of_one_day_is_possible(year):
    """Day ranges may be one day."""
    one_day = {"from": date(2027, 5, 15), "until": date(2027, 5, 15)}
    window = year.open({**WINDOWS, "vote": one_day}).state().schedule["vote"]
    assert window.end - window.start == 24 * 3600 * 1_000_000


def test_t03_saving_and_loading_a_date_is_the_identity(year):
    """The zone belongs to the procedure; nothing jumps by an offset."""
    handle = year.open(zone="America/New_York")
    before = handle.state().schedule
    handle.rebuild()
    assert handle.state().schedule == before
    assert before["vote"].start != at(2027, 5, 15)


def test_t04_every_way_says_what_moves_it(year):
    """An explicit trigger for each transition, none implied by a date."""
    definition = year.open().definition()
    for stage in definition.stages:
        for edge in definition.edges(stage.key).values():
            assert edge.by <= set(Mover)
            assert edge.by


def test_t05_a_stage_changes_by_the_hour_not_only_at_midnight(year):
    """Date-time triggers."""
    handle = year.open({"review": at(2027, 4, 1, 17, 30)})
    year.go(handle, 2027, 4, 1, 17, 29)
    assert handle.state().stage == "ideas"
    year.go(handle, 2027, 4, 1, 17, 30)
    assert handle.state().stage == "review"


def test_t06_nothing_is_announced_before_it_has_happened(year):
    """Events come only from executed transitions."""
    handle = year.open()
    year.clock.set(Instant(at(2027, 4, 1) - 1))
    assert handle.tick() == []
    year.clock.set(at(2027, 4, 1))
    assert [type(one.event).__name__ for one in handle.tick()] == ["StageEntered"]


def test_t07_the_time_left_is_told_in_the_zone_of_the_procedure(year):
    """Computed in the procedure's zone, whoever looks."""
    handle = year.open()
    (told,) = handle.why(CastBallot(choices={}), actor=ANNA)
    assert "15. Mai 2027, 00:00" in objection_text(told, zone=handle.settings().zone)


def test_t08_a_start_at_midnight_is_not_shown_as_the_day_before(year):
    """No naive dates in output."""
    handle = year.go(year.open(), 2027, 4, 2)
    report = assemble(
        handle, Wording(), title="t", municipality="m", generated_at=year.clock.now()
    )
    zone = handle.settings().timezone
    assert [to_wall(m.at, zone).date() for m in report.milestones][1] == date(2027, 4, 1)


def test_t09_a_last_day_is_over_at_its_end_whatever_the_time_of_day_it_was_entered(year):
    """A day as input means the end of that day."""
    year.clock.set(at(2027, 3, 1, 16, 47))
    assert year.open().state().schedule["ideas"].end == at(2027, 4, 1)


def test_t10_two_stages_at_one_time_are_refused_unless_declared(year):
    """Declare the overlap policy, reject the rest."""
    same = {"from": date(2027, 4, 1), "until": date(2027, 4, 30)}
    with pytest.raises(Refused, match="schedule_out_of_order"):
        year.open({"review": same, "vote": same})


def test_t11_saving_a_window_again_shifts_nothing(year):
    """As T3: each save is the identity."""
    handle = year.open()
    for _ in range(3):
        window = handle.state().schedule["vote"]
        handle.execute(SetWindow(stage="vote", window=window, reason="so"), actor=OFFICER)
    assert handle.state().schedule["vote"] == Window(at(2027, 5, 15), at(2027, 6, 1))


def test_t13_after_the_deadline_nothing_can_be_handed_in_though_nobody_looked(year):
    """Expiry is a transition, not a display."""
    handle = year.open({"ideas": {"until": date(2027, 3, 31)}})
    year.clock.set(at(2027, 8, 1))
    with pytest.raises(Refused, match="stage_ended"):
        handle.execute(idea(), actor=ANNA)
    assert any(type(one.event).__name__ == "StageEnded" for one in handle.journal())


def test_t14_a_window_cannot_end_before_it_starts():
    """One clock function, one comparison."""
    with pytest.raises(ValueError, match="ends after it starts"):
        Window(at(2027, 5, 2), at(2027, 5, 1))
    with pytest.raises(ValueError, match="ends after it starts"):
        Window(at(2027, 5, 2), at(2027, 5, 2))


def test_t18_the_rules_of_a_vote_are_frozen(year):
    """Nothing a town installs or writes later changes a running procedure."""
    handle = year.open(max_choices=2)
    again = year.town.procedure("budget")
    assert again.definition() == handle.definition()
    assert again.settings().max_choices == 2


def test_t19_every_change_of_a_ballot_goes_through_the_same_guard(year):
    """A ballot cannot be changed after the vote."""
    handle = year.open()
    on_ballot(handle, year.clock)
    year.go(handle, 2027, 5, 20)
    choices = {ItemRef("i-1"): 1}
    handle.execute(CastBallot(choices=choices), actor=ANNA)
    year.clock.set(at(2027, 6, 1))
    codes = [one.code for one in handle.why(ReplaceBallot(choices=choices), actor=ANNA)]
    assert codes == ["stage_ended"]


def test_r2_what_fell_into_a_downtime_is_caught_up(year):
    """Everything due since the last look is done, in its order and at its instant."""
    handle = year.open()
    year.go(handle, 2028, 1, 1)
    entered = [
        (one.event.stage, one.at)
        for one in handle.journal()
        if type(one.event).__name__ == "StageEntered"
    ]
    assert entered == [
        ("review", at(2027, 4, 1)),
        ("vote", at(2027, 5, 15)),
        ("fund", at(2027, 6, 2)),
        ("implement", at(2027, 7, 1)),
    ]


def test_r5_the_newest_idea_does_not_win_a_tie():
    """A tie is never decided by an id: lower cost, then a public lot."""
    assert {winner_of_a_tie(f"draw {n}") for n in range(8)} == {"i-1", "i-2"}


def winner_of_a_tie(seed):
    """Let two ideas of equal votes and cost meet in a pot for one of them."""
    year = Year()
    handle = year.open({}, pot="700 EUR")
    for ref in ("i-1", "i-2"):
        handle.execute(SubmitItem(item=ref, title="Bank", cost=Money.euro(700)), actor=ANNA)
    handle.execute(AdvanceStage(), actor=OFFICER)
    for ref in ("i-1", "i-2"):
        handle.execute(TakeUpReview(item=ref), actor=REVIEWER)
        handle.execute(ReviewItem(item=ref, outcome="feasible"), actor=REVIEWER)
        handle.execute(ShortlistItem(item=ref), actor=OFFICER)
    handle.execute(AdvanceStage(), actor=OFFICER)
    handle.execute(CastBallot(choices={"i-1": 1, "i-2": 1}), actor=ANNA)
    handle.execute(AdvanceStage(), actor=OFFICER)
    assert [o.code for o in handle.why(CountBallots(vote="vote"), actor=OFFICER)] == [
        "seed_missing"
    ]
    handle.execute(CountBallots(vote="vote", seed=seed), actor=OFFICER)
    (winner,) = handle.result("vote").funded
    year.platform.close()
    return winner
