"""An office walks from the mandate to what became of each answer and is refused at every corner.

Every refusal that the plugin knows is met once, on a real platform, and read as it is told there.
"""

import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import CliRunner

from partizipation_buergerrat.cli import buergerrat
from partizipation_buergerrat.desk import Known
from partizipation_buergerrat.procedure.deletion import RecordDeletion
from partizipation_buergerrat.procedure.invitation import (
    CloseLetters,
    FollowUpLetters,
    SendLetters,
)
from partizipation_buergerrat.procedure.mandate import DefineFrame, GiveMandate, SeatQuota
from partizipation_buergerrat.procedure.recommendation import CheckFacts, VoteOnRecommendation
from partizipation_buergerrat.procedure.replacing import ErasePeople, ReplaceSeat
from partizipation_buergerrat.procedure.report import (
    AnswerRecommendation,
    HandOverReport,
    RemindAddressee,
)
from partizipation_buergerrat.procedure.sample import ReceiveSample, ReplacePlace, RequestSample
from partizipation_buergerrat.procedure.seat import AppointSeats, ConfirmSeat, LeaveSeat, Seat
from partizipation_buergerrat.procedure.session import Material, PlanSession, RecordSession
from partizipation_buergerrat.texts import PACKAGE
from partizipation_core.cli.house import wording_of
from partizipation_core.clock import Instant
from partizipation_core.commands import (
    AdvanceStage,
    EnterItem,
    FinishDelivery,
    ReopenStage,
    ReportProgress,
    StartDelivery,
)
from partizipation_core.values import Actor, Role

OFFICER = Actor.of("officer-1", Role.OFFICER)
MODERATOR = Actor.of("moderator-1", Role.MODERATOR)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
COUNCIL = Actor.of("council", Role.COUNCIL)
START = Instant(1_800_000_000_000_000)
DAY = 86_400_000_000
DIGEST = "ab" * 32


def known():
    """Name the refusals in the plugin's own catalogue."""
    text = (files(PACKAGE) / "de" / "council.toml").read_text(encoding="utf-8")
    named = (code for code in tomllib.loads(text) if code.startswith("objection."))
    return {code.removeprefix("objection.") for code in named}


def resident(ref):
    return Actor.of(ref, Role.RESIDENT)


READ = tomllib.loads((Path(__file__).parent / "refusals.toml").read_text(encoding="utf-8"))
SENTENCES, IN_A_HURRY, STATUS = READ["walk"], READ["in_a_hurry"], READ["status"]["told"]
NOTHING_CARRIED, STRICTER = READ["nothing_carried"]["told"], READ["stricter"]


class Walk:
    """Does what is allowed, asks for what is not, and keeps what was said."""

    def __init__(self, council):
        self.council, self.said = council, {}

    def do(self, command, actor=OFFICER):
        self.council.do(command, actor)

    def no(self, command, *codes, actor=OFFICER):
        """Expect these refusals and no other; keep how the first of each was told."""
        word = wording_of(self.council.handle, "de")
        found = self.council.handle.why(command, actor=actor)
        assert sorted({one.code for one in found}) == sorted(codes)
        for one in found:
            told = re.sub("[0-9a-f]{32}", "…", word.objection(one))
            self.said.setdefault(one.code, told)


@pytest.fixture
def walk(make_council, tmp_path):
    council = make_council(
        f"sqlite:///{tmp_path / 'stadt.db'}", other_seats={"factions": 1}, keep_sample_days=14
    )
    yield Walk(council)
    council.platform.close()


MANDATE = GiveMandate(
    question="Wie wird Kassel klimaneutral?",
    body="Rat",
    addressee="Rat",
    answer_by=Instant(START + 100 * DAY),
)
ASK = RequestSample(sample="s", fields=("age",), inhabitants={"Kassel": 9}, letters=15)


def mandate_and_frame(walk):
    early = evolve(MANDATE, question=" ", answer_by=Instant(START - DAY))
    walk.no(early, "mandate_incomplete", "answer_date_past", actor=COUNCIL)
    walk.do(MANDATE, COUNCIL)
    walk.no(MANDATE, "mandate_exists", actor=COUNCIL)
    women = SeatQuota(category="Geschlecht", feature="weiblich", least=5, most=6)
    walk.no(DefineFrame(quotas=[]), "quotas_missing")
    walk.no(DefineFrame(quotas=[women, women]), "quota_twice", "quotas_impossible")
    walk.do(DefineFrame(quotas=walk.council.quotas))
    walk.do(AdvanceStage())


def sample(walk):
    several = evolve(ASK, inhabitants={"Kassel": 9, "Baunatal": 0}, fields=("religion",))
    walk.no(several, "field_not_released", "nobody_lives_there", "places_need_chance")
    walk.no(evolve(ASK, fields=(), places=2), "fields_missing", "too_few_places")
    walk.no(ReceiveSample(sample="t", place="Kassel", people=1), "sample_unknown")
    walk.do(ASK)
    walk.no(ASK, "sample_exists")
    walk.no(ReceiveSample(sample="s", place="Berlin", people=1), "place_not_drawn")
    replaced = ReplacePlace(sample="s", place="Kassel", reason="Keine Antwort.")
    walk.no(replaced, "no_place_in_reserve")


def letters(walk):
    council = walk.council
    walk.do(AdvanceStage())
    walk.no(SendLetters(sample="s", letters=["x"]), "sample_incomplete")
    walk.do(ReopenStage(reason="Die Stichprobe fehlt noch."))
    walk.do(ReceiveSample(sample="s", place="Kassel", people=15))
    walk.no(ReceiveSample(sample="s", place="Kassel", people=15), "place_answered")
    walk.do(AdvanceStage())
    walk.no(SendLetters(sample="s", letters=[]), "letters_missing")
    council.letters = council.desk.take_in(
        Known(
            contact={"name": f"Erika Muster {n}"},
            household=f"Weg {n}",
            answers={"Geschlecht": ("weiblich", "männlich")[n % 2]},
        )
        for n in range(15)
    )
    walk.do(SendLetters(sample="s", letters=council.letters))
    first, *_, last = council.letters
    walk.no(SendLetters(sample="s", letters=[first]), "code_taken")
    instead = SendLetters(sample="s", letters=["new"], instead_of={"new": last})
    walk.no(instead, "letter_still_open")
    walk.no(FollowUpLetters(letters=["strange"]), "letter_unknown")
    walk.do(CloseLetters(letters=[last]))
    walk.no(FollowUpLetters(letters=[last]), "letter_answered")
    full = council.desk.registration(first, {"Bildung": "Studium"})
    walk.no(full, "not_your_letter", actor=resident(last))
    wrong = evolve(full, salt="0", answers={"Geschlecht": "weiblich", "Beruf": "Lehre"})
    codes = ("salt_wrong", "answer_unknown", "category_unknown")
    walk.no(wrong, *codes, actor=resident(first))
    council.registered()


def draw(walk):
    council = walk.council
    walk.no(AdvanceStage(), "draw_missing")
    council.published_panels()
    given = council.commitment()
    for changed, code in (
        ({"claims": {"quotas": []}}, "draw_quotas_differ"),
        ({"claims": {"seats": 5}}, "draw_seats_differ"),
        ({"claims": {"people": 11}}, "draw_pool_differs"),
        ({"claims": {"objective": "maximin"}}, "draw_method_differs"),
        ({"source": "{}"}, "draw_source_incomplete"),
        ({"tool": " "}, "draw_tool_missing"),
    ):
        walk.no(council.commitment(**changed), code)
    walk.no(evolve(given, claims="{}"), "draw_claims_incomplete")
    walk.no(ErasePeople(drawing="panel", people=0), "draw_not_committed", "nobody_to_erase")
    walk.do(given)
    walk.no(given, "draw_committed")
    walk.no(council.holding(), "draw_too_early")
    walk.no(ReplaceSeat(drawing="panel", seat="x", pool="{}"), "draw_not_drawn", "seat_unknown")
    council.clock.advance(days=30)
    walk.no(council.holding(panels="{}"), "draw_list_differs")
    walk.no(
        council.holding(value="x", witnesses=()), "draw_value_differs", "draw_witnesses_missing"
    )
    walk.do(council.holding())
    walk.no(given, "draw_drawn", "draw_source_incomplete")


def seats(walk):
    council = walk.council
    first, second, *_ = council.seats()
    pool = council.desk.auditors()
    moving_up = ReplaceSeat(drawing="panel", seat=first, pool=pool)
    walk.no(moving_up, "seat_not_free")
    walk.no(LeaveSeat(seat=first), "not_your_seat", actor=resident(second))
    walk.do(LeaveSeat(seat=first), resident(first))
    walk.no(ConfirmSeat(seat=first), "seat_left", actor=resident(first))
    walk.no(evolve(moving_up, pool="{}"), "draw_pool_list_differs")
    listed = set(json.loads(council.published.panels)["people"])
    everybody = evolve(moving_up, declined=sorted(listed - set(council.seats())))
    walk.no(everybody, "draw.no_alternate")
    walk.do(moving_up)
    walk.no(moving_up, "seat_replaced")
    walk.do(ConfirmSeat(seat=second), resident(second))
    walk.no(ConfirmSeat(seat=second), "seat_confirmed", actor=resident(second))
    walk.no(AppointSeats(group="clubs", seats=["a"]), "group_unknown")
    walk.no(AppointSeats(group="factions", seats=[]), "seats_missing")
    walk.no(AppointSeats(group="factions", seats=[second]), "seat_taken")
    walk.no(AppointSeats(group="factions", seats=["a", "b"]), "too_many_seats")
    walk.do(AppointSeats(group="factions", seats=["a"]))
    free = [ref for ref, seat in council.handle.records(Seat).items() if seat.state == "offered"]
    for seat in free:
        walk.do(ConfirmSeat(seat=seat))
    walk.do(AdvanceStage())


def sessions(walk):
    council = walk.council
    plan = PlanSession(session="s1", title="", begins=Instant(council.clock.now() + DAY))
    walk.no(plan, "session_untitled", actor=MODERATOR)
    record = RecordSession(session="s1", present=[], materials=[Material(title="x", sha256="")])
    walk.no(
        record,
        "session_unknown",
        "nobody_present",
        "moderation_missing",
        "material_incomplete",
        actor=MODERATOR,
    )
    walk.do(evolve(plan, title="Auftakt"), MODERATOR)
    sitting = [ref for ref, seat in council.handle.records(Seat).items() if seat.state != "left"]
    record = RecordSession(session="s1", present=["nobody"], moderation=["Büro"])
    walk.no(record, "session_not_begun", "not_seated", actor=MODERATOR)
    council.clock.advance(days=2)
    walk.do(evolve(record, present=sitting), MODERATOR)
    walk.no(evolve(record, present=sitting), "session_held", actor=MODERATOR)
    for item, title in (("baeume", "Bäume pflanzen"), ("strassen", "Straßen bauen")):
        draft = EnterItem(item=item, title=title, text="So.", channel="assembly")
        walk.do(draft, MODERATOR)
    walk.no(CheckFacts(item="baeume", statement=" "), "statement_missing", actor=REVIEWER)
    for item in ("baeume", "strassen"):
        walk.do(CheckFacts(item=item, statement="Stimmt."), REVIEWER)
    walk.do(AdvanceStage())


def vote_and_report(walk):
    council = walk.council
    hands = VoteOnRecommendation(item="baeume", yes=5, no=1, minority=[" "])
    walk.no(hands, "more_votes_than_seats", "opinion_empty", actor=MODERATOR)
    walk.no(evolve(hands, yes=0, no=0, minority=[]), "nobody_voted", actor=MODERATOR)
    walk.do(VoteOnRecommendation(item="strassen", yes=1, no=4), MODERATOR)
    walk.no(AdvanceStage(), "not_voted_on")
    walk.do(evolve(hands, yes=5, no=0, minority=[]), MODERATOR)
    walk.do(AdvanceStage())
    walk.no(HandOverReport(sha256="x"), "digest_wrong", actor=MODERATOR)
    walk.no(RemindAddressee(), "report_missing")
    walk.do(HandOverReport(sha256=DIGEST), MODERATOR)
    walk.no(HandOverReport(sha256=DIGEST), "report_exists", actor=MODERATOR)
    walk.no(RemindAddressee(), "answer_not_due")
    bare = AnswerRecommendation(item="baeume", outcome="noted")
    walk.no(bare, "answer_unexplained", actor=COUNCIL)
    council.clock.advance(days=100)
    walk.do(RemindAddressee())
    walk.do(AnswerRecommendation(item="baeume", outcome="adopted", paper="101.19"), COUNCIL)
    walk.no(RemindAddressee(), "all_answered")


def tracking(walk):
    walk.do(AdvanceStage())
    walk.do(StartDelivery(item="baeume"), REVIEWER)
    walk.do(ReportProgress(item="baeume", percent=40, note="Gepflanzt ist die Hälfte."), REVIEWER)
    walk.do(FinishDelivery(item="baeume"), REVIEWER)
    walk.council.desk.purge("sample")
    walk.do(RecordDeletion(what="sample", people=3))
    walk.no(RecordDeletion(what="sample", people=3), "deleted_already")


def in_a_hurry(walk):
    """Skip the first stages, and end with nothing that carries."""
    council = walk.council
    walk.do(AdvanceStage())
    walk.no(ASK, "mandate_missing")
    walk.do(ReopenStage(reason="Der Auftrag fehlt."))
    walk.do(MANDATE, COUNCIL)
    walk.do(AdvanceStage())
    walk.do(ASK)
    walk.do(ReceiveSample(sample="s", place="Kassel", people=15))
    walk.do(AdvanceStage())
    council.letters = council.desk.take_in([Known(contact={}, household="", answers={})])
    walk.do(SendLetters(sample="s", letters=council.letters))
    (letter,) = council.letters
    walk.no(council.desk.registration(letter, {}), "frame_missing", actor=resident(letter))


def test_an_office_walks_to_the_end_and_reads_every_refusal(walk):
    for part in (mandate_and_frame, sample, letters, draw, seats, sessions, vote_and_report):
        part(walk)
    tracking(walk)
    assert walk.council.handle.item("baeume").state == "done"
    assert walk.said == SENTENCES


def test_an_office_in_a_hurry_reads_what_it_left_out(walk):
    in_a_hurry(walk)
    assert walk.said == IN_A_HURRY


def test_a_body_that_carries_nothing_hands_nothing_over(walk):
    for part in (mandate_and_frame, sample, letters, draw, seats, sessions):
        part(walk)
    for item in ("baeume", "strassen"):
        walk.do(VoteOnRecommendation(item=item, yes=0, no=5), MODERATOR)
    walk.do(AdvanceStage())
    walk.no(HandOverReport(sha256=DIGEST), "nothing_carried", actor=MODERATOR)
    assert walk.said["nothing_carried"] == NOTHING_CARRIED


def test_an_office_reads_on_the_command_line_where_it_stands(walk, tmp_path):
    for part in (mandate_and_frame, sample, letters, draw, seats, sessions, vote_and_report):
        part(walk)
    place = ["--municipality", "06611000", "--procedure", "klima"]
    database = ["--database", f"sqlite:///{tmp_path / 'stadt.db'}"]
    told = CliRunner().invoke(buergerrat, ["status", *database, *place]).stdout
    assert told.splitlines() == STATUS


def test_no_refusal_of_the_plugin_is_unread():
    read = {*SENTENCES, *IN_A_HURRY, "nothing_carried", *STRICTER}
    assert known() - read == set()
