"""Windows: stages begin and end to the microsecond, gaps are gaps, departures have reasons."""

from datetime import date

import pytest
from attrs import evolve
from year import OFFICER, WINDOWS, at, on_ballot

from partizipation_core.clock import Instant
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    CountBallots,
    EndStage,
    ExtendStage,
    OpenProcedure,
    ReopenStage,
    SetWindow,
    SubmitItem,
)
from partizipation_core.errors import DefinitionError, Refused
from partizipation_core.formats.stages import Window
from partizipation_core.values import Actor, ItemRef, Role

ANNA = Actor.of("anna", Role.RESIDENT)


def codes(handle, command, actor=ANNA):
    return [objection.code for objection in handle.why(command, actor=actor)]


def idea(n=1):
    return SubmitItem(item=ItemRef(f"i-{n}"), title="Bank")


def ballot():
    return CastBallot(choices={ItemRef("i-1"): 1})


class TestLastDay:
    def test_the_last_day_is_meant_whole(self, year):
        handle = year.open()
        year.clock.set(Instant(at(2027, 4, 1) - 1))
        assert codes(handle, idea()) == []
        year.clock.set(at(2027, 4, 1))
        assert codes(handle, idea()) == ["stage_over"]

    def test_a_stage_may_last_one_day(self, year):
        schedule = {**WINDOWS, "vote": {"from": date(2027, 5, 15), "until": date(2027, 5, 15)}}
        handle = year.open(schedule)
        on_ballot(handle, year.clock)
        year.go(handle, 2027, 5, 15, 23, 59)
        assert codes(handle, ballot()) == []
        year.go(handle, 2027, 5, 16)
        assert codes(handle, ballot()) == ["stage_ended"]


class TestGap:
    def test_between_two_stages_nothing_is_allowed_and_the_next_date_is_told(self, year):
        handle = year.open()
        on_ballot(handle, year.clock)
        year.go(handle, 2027, 6, 1, 12)
        assert handle.state().ended
        (told,) = handle.why(ballot(), actor=ANNA)
        assert (told.code, told.allowed_from) == ("stage_ended", at(2027, 6, 2))

    def test_the_box_is_closed_when_the_window_ends_not_when_somebody_looks(self, year):
        handle = year.open()
        on_ballot(handle, year.clock)
        year.go(handle, 2027, 5, 20)
        handle.execute(ballot(), actor=ANNA)
        year.go(handle, 2027, 9, 1)
        moments = {type(one.event).__name__: one.at for one in handle.journal()}
        assert moments["BallotClosed"] == at(2027, 6, 1)
        assert handle.state().stage == "implement"

    def test_where_one_stage_ends_as_the_next_begins_there_is_no_gap(self, year):
        year.go(handle := year.open(), 2027, 4, 2)
        kinds = [type(one.event).__name__ for one in handle.journal()]
        assert kinds == ["ProcedureOpened", "StageEntered"]


class TestDepartures:
    def test_early_end_needs_a_reason_and_stops_the_stage_at_once(self, year):
        handle = year.open()
        assert codes(handle, EndStage(reason=" "), OFFICER) == ["reason_missing"]
        handle.execute(EndStage(reason="Der Saal brennt."), actor=OFFICER)
        assert codes(handle, idea()) == ["stage_ended"]

    def test_extension_moves_the_end(self, year):
        handle = year.open({"ideas": {"until": date(2027, 3, 31)}})
        later = at(2027, 4, 15)
        handle.execute(ExtendStage(until=later, reason="Post verspätet"), actor=OFFICER)
        year.clock.set(Instant(later - 1))
        assert codes(handle, idea()) == []
        year.clock.set(later)
        assert codes(handle, idea()) == ["stage_ended"]

    @pytest.mark.parametrize(
        ("until", "code"),
        [
            pytest.param(at(2027, 3, 20), "not_an_extension", id="earlier than planned"),
            pytest.param(at(2027, 4, 3), "next_stage_begins", id="into the next stage"),
        ],
    )
    def test_what_is_no_extension_is_refused(self, year, until, code):
        handle = year.open()
        assert code in codes(handle, ExtendStage(until=until, reason="so"), OFFICER)

    def test_reopening_lets_a_vote_go_on_with_the_ballots_it_had(self, year):
        handle = year.open(secrecy="pseudonymous")
        on_ballot(handle, year.clock)
        year.go(handle, 2027, 5, 20)
        handle.execute(ballot(), actor=ANNA)
        year.go(handle, 2027, 6, 1, 12)
        again = ReopenStage(until=at(2027, 6, 2), reason="Ausfall am letzten Abend")
        handle.execute(again, actor=OFFICER)
        handle.execute(ballot(), actor=Actor.of("ben", Role.RESIDENT))
        year.go(handle, 2027, 6, 3)
        assert handle.state().closed_votes == {"vote": 2}
        assert all(check.ok for check in handle.audit())

    def test_a_vote_that_was_counted_is_not_opened_again(self, year):
        handle = year.open(secrecy="pseudonymous")
        on_ballot(handle, year.clock)
        year.go(handle, 2027, 6, 2, 9)
        handle.execute(CountBallots(vote="vote", seed="1 2 3"), actor=OFFICER)
        assert codes(handle, ReopenStage(reason="noch einmal"), OFFICER) == ["already_counted"]

    def test_a_later_stage_gets_another_window(self, year):
        handle = year.open()
        window = Window(at(2027, 5, 20), at(2027, 5, 31))
        handle.execute(SetWindow(stage="vote", window=window, reason="Feiertag"), actor=OFFICER)
        on_ballot(handle, year.clock)
        year.go(handle, 2027, 5, 16)
        (told,) = handle.why(ballot(), actor=ANNA)
        assert told.allowed_from == at(2027, 5, 20)

    def test_every_departure_stands_in_the_journal_with_its_reason(self, year):
        handle = year.open()
        handle.execute(EndStage(reason="früher fertig"), actor=OFFICER)
        last = handle.journal()[-1]
        assert (last.event.reason, last.actor) == ("früher fertig", OFFICER.ref)


OVERLAPPING = {"ideas": {"until": date(2027, 4, 5)}, "review": date(2027, 4, 1)}


class TestPolicy:
    def test_overlap_is_refused_unless_the_procedure_declares_otherwise(self, year):
        with pytest.raises(Refused, match="windows_overlap"):
            year.open(OVERLAPPING)

    def test_with_the_policy_cut_the_later_stage_ends_the_earlier(self, year):
        handle = year.open(OVERLAPPING, overlap="cut")
        year.go(handle, 2027, 4, 2)
        assert (handle.state().stage, handle.state().ended) == ("review", False)

    def test_an_end_before_its_start_names_its_place(self, year):
        backwards = {"vote": {"from": date(2027, 5, 20), "until": date(2027, 5, 1)}}
        with pytest.raises(DefinitionError, match=r"schedule\.vote"):
            year.open(backwards)


class TestDowntime:
    @pytest.mark.parametrize("stops", [1, 2, 5, 40], ids=lambda n: f"{n} looks")
    def test_however_often_one_looks_the_same_is_recorded(self, year, stops):
        handle = year.open(secrecy="pseudonymous")  # a seal is made when somebody looks
        on_ballot(handle, year.clock)
        start, finish = year.clock.now(), at(2027, 8, 1)
        for n in range(1, stops + 1):
            year.clock.set(Instant(start + (finish - start) * n // stops))
            handle.tick()
        moved = [(type(one.event).__name__, one.at) for one in handle.journal() if one.actor == ""]
        assert moved == [
            ("StageEnded", at(2027, 5, 11)),
            ("StageEntered", at(2027, 5, 15)),
            ("BallotOpened", at(2027, 5, 15)),
            ("BallotClosed", at(2027, 6, 1)),
            ("StageEnded", at(2027, 6, 1)),
            ("StageEntered", at(2027, 6, 2)),
            ("StageEntered", at(2027, 7, 1)),
        ]

    def test_a_clock_that_runs_backwards_cannot_turn_the_journal_round(self, year):
        handle = year.open()
        year.clock.set(at(2027, 2, 1))
        handle.execute(idea(), actor=ANNA)
        instants = [one.at for one in handle.journal()]
        assert instants == sorted(instants)
        assert any("clock_regressed" in told for told in handle.failures())

    def test_a_repeated_stage_gets_no_time_from_its_first_visit(self, year):
        handle = year.open()
        year.go(handle, 2027, 4, 2)
        state = handle.state()
        assert evolve(state, stage="ideas").vote == "ideas"
        handle.execute(ReopenStage(until=None, reason="zu wenig Ideen"), actor=OFFICER)
        year.go(handle, 2027, 12, 1)
        assert handle.state().stage == "ideas"
        handle.execute(AdvanceStage(), actor=OFFICER)
        assert handle.state().stage == "review"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        pytest.param(ReopenStage(reason="so"), "nothing_to_reopen", id="nothing is over"),
        pytest.param(
            SetWindow(stage="ideas", window=Window(at(2027, 9, 1)), reason="so"),
            "stage_has_begun",
            id="the present stage",
        ),
        pytest.param(
            SetWindow(stage="vote", window=Window(at(2027, 2, 1)), reason="so"),
            "in_the_past",
            id="a day that is gone",
        ),
        pytest.param(
            SetWindow(stage="vote", window=Window(at(2027, 8, 1)), reason="so"),
            "schedule_out_of_order",
            id="after the stage that follows",
        ),
    ],
)
def test_dates_that_cannot_be_are_refused(year, command, code):
    assert code in codes(year.open(), command, OFFICER)


def test_a_stage_that_is_over_cannot_be_ended_or_extended(year):
    handle = year.open()
    handle.execute(EndStage(reason="fertig"), actor=OFFICER)
    assert codes(handle, EndStage(reason="so"), OFFICER) == ["stage_ended_already"]
    longer = ExtendStage(until=at(2027, 3, 20), reason="so")
    assert "stage_ended_already" in codes(handle, longer, OFFICER)


def test_whoever_opens_another_procedure_than_addressed_is_told(year):
    handle = year.open()
    opening = handle.journal()[0].event
    wrong = OpenProcedure(ref="other", definition=opening.definition)
    assert "procedure_mismatch" in codes(year.town.procedure("third"), wrong, OFFICER)


def test_half_a_character_is_refused_and_nothing_is_written(year):
    handle = year.open()
    with pytest.raises(Refused, match="not_writable"):
        handle.execute(SubmitItem(item=ItemRef("i-1"), title="\ud800"), actor=ANNA)
    assert handle.items() == ()
