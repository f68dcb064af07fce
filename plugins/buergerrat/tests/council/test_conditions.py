"""A stage is left once what belongs into it has been done: conditions that look at records."""

import tomllib
from pathlib import Path

import pytest
from attrs import evolve

from partizipation_buergerrat.assembly import BUERGERRAT
from partizipation_buergerrat.conditions import ALL_ANSWERED, DRAWN, SEATS_TAKEN, SESSIONS_HELD
from partizipation_buergerrat.procedure.drawing import CancelDraw
from partizipation_buergerrat.procedure.lots import Drawing
from partizipation_buergerrat.procedure.recommendation import CheckFacts, VoteOnRecommendation
from partizipation_buergerrat.procedure.report import AnswerRecommendation, HandOverReport
from partizipation_buergerrat.procedure.seat import ConfirmSeat
from partizipation_buergerrat.procedure.session import PlanSession, RecordSession
from partizipation_core.cli.house import wording_of
from partizipation_core.clock import Instant
from partizipation_core.commands import AdvanceStage, EnterItem
from partizipation_core.errors import DefinitionError
from partizipation_core.formats.rules import rule
from partizipation_core.formats.stages import Edge, Mover
from partizipation_core.plugins import hookimpl
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin, discover
from partizipation_core.values import Actor, Role

OFFICER = Actor.of("officer-1", Role.OFFICER)
MODERATOR = Actor.of("moderator-1", Role.MODERATOR)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
COUNCIL = Actor.of("council", Role.COUNCIL)
DAY = 86_400_000_000


REFUSALS = Path(__file__).parent / "refusals.toml"
STRICTER = tomllib.loads(REFUSALS.read_text(encoding="utf-8"))["stricter"]


def read(council):
    """Return what an office reads that wants to go on."""
    word = wording_of(council.handle, "de")
    return " ".join(map(word.objection, council.handle.why(AdvanceStage(), actor=OFFICER)))


class Strict:
    """A town that asks for everything, and goes on by itself once all is answered."""

    @hookimpl
    def register_formats(self):
        answer = next(stage for stage in BUERGERRAT.stages if stage.key == "answer")
        by_itself = Edge("implement", by={Mover.COMMAND, Mover.CONDITION})
        return [
            BUERGERRAT.derive(
                key="streng",
                conditions={
                    "draw.advance": [DRAWN, SEATS_TAKEN],
                    "sessions.advance": SESSIONS_HELD,
                    "answer.advance": ALL_ANSWERED,
                },
                replace=[evolve(answer, edges={"advance": by_itself})],
            )
        ]


@pytest.fixture(scope="module")
def strict_host():
    found = [one for one in discover(None) if isinstance(one, Plugin)]
    return PluginHost([*found, Plugin(Origin("town", "town", "1"), Strict())])


@pytest.fixture
def strict(make_council, strict_host):
    made = make_council(form="streng", host=strict_host)
    yield made.mandated().sampled().registered()
    made.platform.close()


def test_sessions_begin_after_the_draw(council):
    council.mandated().sampled().registered()
    assert council.codes(AdvanceStage()) == ["draw_missing"]
    council.committed()
    assert council.codes(AdvanceStage()) == ["draw_committed"]
    council.do(CancelDraw(drawing="panel", reason="Der Saal ist belegt."))
    assert council.codes(AdvanceStage()) == ["draw_missing"]
    council.committed().drawn()
    assert council.codes(AdvanceStage()) == []


def test_whoever_waits_for_the_sessions_reads_what_they_wait_for(council):
    council.mandated().sampled().registered()
    draft = EnterItem(item="trees", title="Bäume", text="So.", channel="assembly")
    (found,) = council.handle.why(draft, actor=MODERATOR)
    assert [one.code for one in found.allowed_when] == ["draw_missing"]


def test_every_seat_is_confirmed_first_where_a_town_asks_for_it(strict):
    strict.committed().drawn()
    assert read(strict) == STRICTER["seats_open"]
    for seat in strict.seats():
        strict.do(ConfirmSeat(seat=seat))
    assert strict.codes(AdvanceStage()) == []


def test_a_vote_waits_for_the_sessions(strict):
    strict.committed().drawn().seated()
    assert read(strict) == STRICTER["sessions_missing"]
    begins = Instant(strict.clock.now() + DAY)
    strict.do(PlanSession(session="s1", title="Auftakt", begins=begins), MODERATOR)
    assert read(strict) == STRICTER["session_open"]
    strict.clock.advance(days=2)
    record = RecordSession(session="s1", present=strict.seats(), moderation=["Büro"])
    strict.do(record, MODERATOR)
    assert strict.codes(AdvanceStage()) == []


def test_the_last_answer_leads_on_by_itself(strict):
    strict.committed().drawn().seated()
    begins = Instant(strict.clock.now() + DAY)
    strict.do(PlanSession(session="s1", title="Auftakt", begins=begins), MODERATOR)
    strict.clock.advance(days=2)
    record = RecordSession(session="s1", present=strict.seats(), moderation=["Büro"])
    strict.do(record, MODERATOR)
    for item, title in (("trees", "Bäume"), ("tram", "Straßenbahn")):
        draft = EnterItem(item=item, title=title, text="So.", channel="assembly")
        strict.do(draft, MODERATOR)
        strict.do(CheckFacts(item=item, statement="Stimmt."), REVIEWER)
    strict.advance()
    assert strict.codes(AdvanceStage()) == ["not_voted_on"]
    for item in ("trees", "tram"):
        strict.do(VoteOnRecommendation(item=item, yes=4, no=0), MODERATOR)
    strict.advance()
    assert strict.codes(AdvanceStage()) == ["report_missing"]
    strict.do(HandOverReport(sha256="a" * 64), MODERATOR)
    strict.do(AnswerRecommendation(item="trees", outcome="adopted"), COUNCIL)
    assert read(strict) == STRICTER["answers_missing"]
    assert strict.handle.state().stage == "answer"
    strict.do(AnswerRecommendation(item="tram", outcome="noted", statement="Später."), COUNCIL)
    assert strict.handle.state().stage == "implement"


def test_only_conditions_are_shown_records():
    with pytest.raises(DefinitionError, match="only a condition"):
        rule("guard", name="town/nosy", records=[Drawing])
