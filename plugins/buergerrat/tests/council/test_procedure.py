"""From the mandate to the answer: each step is done where it belongs and refused elsewhere."""

import json
from hashlib import sha256

import pytest
from attrs import evolve

from partizipation_buergerrat.desk import Desk
from partizipation_buergerrat.office import (
    deletions,
    letters_needed,
    overdue,
    registered,
    warnings,
)
from partizipation_buergerrat.procedure.deletion import RecordDeletion
from partizipation_buergerrat.procedure.drawing import CancelDraw
from partizipation_buergerrat.procedure.invitation import (
    CloseLetters,
    FollowUpLetters,
    Letter,
    SendLetters,
)
from partizipation_buergerrat.procedure.lots import Drawing
from partizipation_buergerrat.procedure.mandate import (
    FRAME,
    DefineFrame,
    Frame,
    GiveMandate,
    SeatQuota,
)
from partizipation_buergerrat.procedure.recommendation import (
    CheckFacts,
    ReopenDraft,
    Verdict,
    VoteOnRecommendation,
)
from partizipation_buergerrat.procedure.replacing import ErasePeople, ReplaceSeat
from partizipation_buergerrat.procedure.report import (
    Answer,
    AnswerRecommendation,
    HandOverReport,
    RemindAddressee,
    Report,
)
from partizipation_buergerrat.procedure.sample import (
    ReceiveSample,
    ReplacePlace,
    RequestSample,
    Sample,
)
from partizipation_buergerrat.procedure.seal import seal
from partizipation_buergerrat.procedure.seat import AppointSeats, ConfirmSeat, LeaveSeat, Seat
from partizipation_buergerrat.procedure.session import (
    Material,
    PlanSession,
    RecordSession,
    Session,
)
from partizipation_buergerrat.settings import BuergerratSettings
from partizipation_core.clock import Instant
from partizipation_core.commands import EnterItem, ForwardItem, ReviseItem
from partizipation_core.errors import Refused
from partizipation_core.values import Actor, Role

OFFICER = Actor.of("officer-1", Role.OFFICER)
MODERATOR = Actor.of("moderator-1", Role.MODERATOR)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
COUNCIL = Actor.of("council", Role.COUNCIL)
DAY = 86_400_000_000
DIGEST = sha256(b"report").hexdigest()


def resident(ref):
    return Actor.of(ref, Role.RESIDENT)


# --- mandate and frame


def test_a_mandate_names_a_question_an_addressee_and_a_date(council):
    empty = GiveMandate(question=" ", body="Rat", addressee="", answer_by=Instant(1))
    assert council.codes(empty, COUNCIL) == [
        "answer_date_past",
        "mandate_incomplete",
        "mandate_incomplete",
    ]


@pytest.mark.parametrize(
    ("quotas", "code"),
    [
        ([], "quotas_missing"),
        ([("Alter", "jung", 0, 2), ("Alter", "alt", 0, 1)], "quotas_impossible"),
        ([("Alter", "jung", 3, 4), ("Alter", "alt", 2, 4)], "quotas_impossible"),
        ([("Alter", "jung", 3, 1), ("Alter", "alt", 0, 4)], "quotas_impossible"),
        ([("Alter", "jung", 0, 4), ("Alter", "jung", 0, 4)], "quota_twice"),
    ],
    ids=["none", "too few at most", "too many at least", "upside down", "twice"],
)
def test_quotas_that_no_panel_can_meet_are_refused(council, quotas, code):
    rows = [SeatQuota(category=c, feature=f, least=a, most=b) for c, f, a, b in quotas]
    assert code in council.codes(DefineFrame(quotas=rows))


def test_quotas_change_only_with_a_reason_and_not_behind_a_commitment(council):
    council.mandated().sampled().registered()
    frame = council.handle.records(Frame)[FRAME]
    assert council.codes(DefineFrame(quotas=frame.quotas)) == ["reason_missing"]
    council.committed()
    again = DefineFrame(quotas=frame.quotas, reason="Zu wenige Anmeldungen.")
    assert council.codes(again) == ["draw_committed"]
    council.do(CancelDraw(drawing="panel", reason="Die Quoten waren falsch."))
    council.do(again)
    assert council.handle.records(Frame)[FRAME].revision == 2


# --- sample


def test_registers_are_asked_for_nothing_that_the_law_keeps_back(council):
    council.mandated()
    ask = RequestSample(
        sample="s", fields=("age", "religion"), inhabitants={"Kassel": 9}, letters=5
    )
    assert council.codes(ask) == ["field_not_released"]


def test_public_chance_decides_which_municipalities_take_part(council):
    council.mandated()
    towns = {f"Ort {number}": 100 * number for number in range(1, 9)}
    ask = RequestSample(sample="s", fields=("age",), inhabitants=towns, places=3, letters=90)
    assert council.codes(ask) == ["places_need_chance"]
    council.do(evolve(ask, seed="4 9 17"))
    sample = council.handle.records(Sample)["s"]
    assert (len(sample.letters), sum(sample.letters.values()), len(sample.reserve)) == (3, 90, 5)
    missing, *others = sample.letters
    assert council.codes(ReplacePlace(sample="s", place=missing, reason=" ")) == ["reason_missing"]
    council.do(ReplacePlace(sample="s", place=missing, reason="Keine Antwort."))
    after = council.handle.records(Sample)["s"]
    assert set(after.letters) == {*others, sample.reserve[0]}
    assert after.letters[sample.reserve[0]] == sample.letters[missing]


def test_letters_wait_for_the_registers(council):
    council.mandated()
    ask = RequestSample(
        sample="s", fields=("age",), inhabitants={"A": 1, "B": 1}, places=2, letters=4
    )
    council.do(ask)
    council.do(ReceiveSample(sample="s", place="A", people=2))
    council.advance()
    assert council.codes(SendLetters(sample="s", letters=["x1"])) == ["sample_incomplete"]


def test_fifty_seats_at_five_per_cent_need_a_thousand_letters():
    planned = letters_needed(BuergerratSettings(seats=50, reply_permille=50))
    assert (planned.letters, planned.replies) == (1000, 50)


# --- letters and registration


def test_silence_is_followed_up_and_an_answer_is_left_in_peace(council):
    council.mandated().sampled()
    first, second, third, *_ = council.letters
    council.do(CloseLetters(letters=[first]), resident(first))
    council.do(CloseLetters(letters=[third], outcome="undeliverable"))
    council.do(FollowUpLetters(letters=[second]))
    council.do(FollowUpLetters(letters=[second], by="visit"))
    assert council.codes(FollowUpLetters(letters=[first, second])) == ["letter_answered"]
    letter = council.handle.records(Letter)[second]
    assert (letter.reminded, letter.visited, letter.outcome) == (1, 1, "open")


def test_somebody_of_the_same_group_is_invited_in_the_place_of_a_refusal(council):
    council.mandated().sampled()
    first, *_ = council.letters
    instead = SendLetters(sample="s", letters=["new"], instead_of={"new": first})
    assert council.codes(instead) == ["letter_still_open"]
    council.do(CloseLetters(letters=[first]))
    council.do(instead)
    assert council.handle.records(Letter)["new"].instead_of == first


def test_a_letter_is_answered_by_its_reader_once_and_completely(council):
    council.mandated().sampled()
    letter, other, *_ = council.letters
    full = council.desk.registration(letter, {"Bildung": "Studium"})
    assert council.codes(full, resident(other)) == ["not_your_letter"]
    assert council.codes(evolve(full, salt="short"), resident(letter)) == ["salt_wrong"]
    wrong = evolve(full, answers={"Geschlecht": "weiblich", "Beruf": "Tischlerei"})
    assert council.codes(wrong, resident(letter)) == ["answer_unknown", "category_unknown"]
    council.do(full, resident(letter))
    assert council.codes(full, resident(letter)) == ["letter_answered"]


def test_what_people_declare_is_sealed_and_never_written_down(council):
    council.mandated().sampled()
    letter = council.letters[0]
    command = council.desk.registration(letter, {"Bildung": "Studium"})
    council.do(command, resident(letter))
    last = list(council.handle.journal_lines())[-1]
    assert b"Studium" not in last
    assert command.salt.encode() not in last
    kept = council.handle.records(Letter)[letter].seal
    assert kept == seal(command.salt, command.answers)
    assert kept != seal(command.salt, {**command.answers, "Bildung": "ohne Studium"})


# --- the draw


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"claims": {"seats": 5}}, "draw_seats_differ"),
        ({"claims": {"quotas": []}}, "draw_quotas_differ"),
        ({"claims": {"people": 11}}, "draw_pool_differs"),
        ({"claims": {"objective": "maximin"}}, "draw_method_differs"),
        ({"claims": {"panels": 100}}, "draw_source_incomplete"),
        ({"source": "nonsense"}, "draw_source_incomplete"),
        ({"source": json.dumps({"kind": "digits", "count": 1})}, "draw_source_incomplete"),
        ({"tool": " "}, "draw_tool_missing"),
        ({"warnings": ("Adressen fehlen.",)}, "reason_missing"),
    ],
    ids=lambda value: value if isinstance(value, str) else ",".join(value),
)
def test_a_commitment_keeps_to_what_the_procedure_pinned(council, changed, code):
    council.mandated().sampled().registered().published_panels()
    assert council.codes(council.commitment(**changed)) == [code]


def test_a_commitment_without_claims_is_none(council):
    council.mandated().sampled().registered().published_panels()
    assert council.codes(evolve(council.commitment(), claims="{}")) == ["draw_claims_incomplete"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"value": "x"}, "draw_value_differs"),
        ({"value": "77"}, "draw_value_differs"),
        ({"panels": "{}"}, "draw_list_differs"),
        ({"witnesses": (" ",)}, "draw_witnesses_missing"),
    ],
    ids=["no digit", "two digits", "another list", "nobody watched"],
)
def test_a_draw_follows_from_the_event_and_the_published_list(council, changed, code):
    council.mandated().sampled().registered().committed()
    council.clock.advance(days=30)
    assert council.codes(council.holding(**changed)) == [code]


def test_one_commitment_is_drawn_once_after_its_event(council):
    council.mandated().sampled().registered().committed()
    assert council.codes(council.holding()) == ["draw_too_early"]
    assert council.codes(council.commitment()) == ["draw_committed"]
    council.drawn()
    assert council.codes(council.holding()) == ["draw_not_committed"]
    assert council.codes(council.holding(value="8")) == ["draw_not_committed"]
    assert council.codes(CancelDraw(drawing="panel", reason="Gefällt nicht.")) == [
        "draw_not_committed"
    ]
    listed = json.loads(council.published.panels)
    assert council.seats() == tuple(sorted(listed["people"][n] for n in listed["panels"][7]))


def test_a_cancelled_commitment_stays_with_its_reason(council, tmp_path):
    council.mandated().sampled().registered().committed()
    assert council.codes(CancelDraw(drawing="panel", reason="")) == ["reason_missing"]
    council.do(CancelDraw(drawing="panel", reason="Der Saal ist belegt."))
    council.do(council.commitment())
    council.drawn()
    kinds = [entry["kind"] for _, entry in council.protocol().entries()]
    assert kinds == ["commitment", "cancelled", "commitment", "draw", "alternates"]
    assert "Der Saal ist belegt." in council.protocol().text()
    assert "RICHTIG" in council.verify(tmp_path)


def test_the_protocol_in_the_journal_stands_up_to_the_verifier(council, tmp_path):
    council.mandated().sampled().registered().committed().drawn()
    told = council.verify(tmp_path)
    assert "Quoten, Haushalte und Beweis geprüft" in told
    assert "Tafel 7 von 10 gezogen" in told


# --- seats


def test_whoever_leaves_is_replaced_under_the_same_quotas(council, tmp_path):
    council.mandated().sampled().registered().committed().drawn()
    leaving = council.seats()[0]
    ask = ReplaceSeat(drawing="panel", seat=leaving, pool=council.desk.auditors())
    assert council.codes(ask) == ["seat_not_free"]
    council.do(LeaveSeat(seat=leaving), resident(leaving))
    assert council.codes(evolve(ask, pool="{}")) == ["draw_pool_list_differs"]
    pool = json.loads(ask.pool)
    pool[leaving]["features"] = ["divers", "Lehre"]
    assert council.codes(evolve(ask, pool=json.dumps(pool))) == ["draw_pool_list_differs"]
    council.do(ask)
    entering = council.handle.records(Seat)[leaving].replaced_by
    rows = council.desk.pool
    assert rows[entering]["features"][0] == rows[leaving]["features"][0]
    assert council.codes(ask) == ["seat_replaced"]
    assert "Nachrücken geprüft" in council.verify(tmp_path)


def test_nobody_disposes_of_the_seat_of_another(council):
    council.mandated().sampled().registered().committed().drawn()
    mine, yours, *_ = council.seats()
    assert council.codes(ConfirmSeat(seat=yours), resident(mine)) == ["not_your_seat"]
    moderating = Actor.of(mine, Role.RESIDENT, Role.MODERATOR)
    assert council.codes(ConfirmSeat(seat=yours), moderating) == ["not_your_seat"]
    council.do(ConfirmSeat(seat=mine), resident(mine))
    assert council.codes(ConfirmSeat(seat=mine), resident(mine)) == ["seat_confirmed"]


def test_a_mixed_body_has_seats_without_a_lot(make_council):
    council = make_council(other_seats={"factions": 2})
    council.mandated().sampled().registered().committed().drawn()
    assert council.codes(AppointSeats(group="clubs", seats=["a"])) == ["group_unknown"]
    assert council.codes(AppointSeats(group="factions", seats=["a", "b", "c"])) == [
        "too_many_seats"
    ]
    council.do(AppointSeats(group="factions", seats=["a", "b"]))
    groups = [seat.group for seat in council.handle.records(Seat).values()]
    assert (groups.count("lot"), groups.count("factions")) == (4, 2)


def test_the_body_of_the_documenta_is_mixed_of_three_groups(make_council):
    """Kassel: 120 by lot, 29 stakeholders, 31 by faction."""
    council = make_council(seats=120, other_seats={"stakeholders": 29, "factions": 31})
    council.advance(3)
    for group, seats in (("stakeholders", 29), ("factions", 31)):
        council.do(AppointSeats(group=group, seats=[f"{group}-{n}" for n in range(seats)]))
        one_more = AppointSeats(group=group, seats=[f"{group}-more"])
        assert council.codes(one_more) == ["too_many_seats"]
    assert len(council.handle.records(Seat)) == 60


def test_what_stands_against_a_draw_is_said_before_it(council):
    council.mandated().sampled().registered(people=3)
    told = " ".join(warnings(council.handle, council.desk))
    assert "Im Lostopf sind 3 Personen, zu besetzen sind 4 Plätze." in told


# --- sessions, recommendations, answers


@pytest.fixture
def meeting(council):
    council.mandated().sampled().registered().committed().drawn().seated()
    begins = Instant(council.clock.now() + DAY)
    council.do(PlanSession(session="s1", title="Auftakt", begins=begins), MODERATOR)
    return council


def test_a_session_tells_who_was_there_and_what_was_shown(meeting):
    seats = meeting.seats()
    material = Material(title="Klimabilanz", sha256=DIGEST)
    record = RecordSession(session="s1", present=seats, moderation=["Büro"], materials=[material])
    assert meeting.codes(record, MODERATOR) == ["session_not_begun"]
    meeting.clock.advance(days=2)
    strange = evolve(record, present=["nobody"], moderation=[])
    assert meeting.codes(strange, MODERATOR) == ["moderation_missing", "not_seated"]
    meeting.do(record, MODERATOR)
    held = meeting.handle.records(Session)["s1"]
    assert (held.held, held.present, held.materials) == (True, seats, (material,))
    assert meeting.codes(record, MODERATOR) == ["session_held"]


@pytest.fixture
def voted(meeting):
    for item in ("trees", "roads", "tram"):
        draft = EnterItem(item=item, title=item, text="So.", channel="assembly")
        meeting.do(draft, MODERATOR)
        meeting.do(CheckFacts(item=item, statement="Stimmt."), REVIEWER)
    meeting.advance()
    for item, yes, no, minority in (
        ("trees", 4, 0, ()),
        ("tram", 3, 1, ("Zu teuer.",)),
        ("roads", 1, 3, ()),
    ):
        vote = VoteOnRecommendation(item=item, yes=yes, no=no, minority=minority)
        meeting.do(vote, MODERATOR)
    return meeting


def test_a_revised_draft_is_checked_again_before_it_is_voted_on(meeting):
    meeting.do(EnterItem(item="trees", title="Bäume", text="So.", channel="assembly"), MODERATOR)
    meeting.do(CheckFacts(item="trees", statement="Stimmt nicht ganz."), REVIEWER)
    revised = ReviseItem(item="trees", title="Bäume", text="Anders.")
    assert meeting.codes(revised, MODERATOR) == ["state_forbids"]
    meeting.do(ReopenDraft(item="trees", reason="Zahl berichtigt."), MODERATOR)
    meeting.do(revised, MODERATOR)
    assert meeting.handle.item("trees").state == "published"
    meeting.do(CheckFacts(item="trees", statement="Stimmt."), REVIEWER)
    assert meeting.handle.item("trees").state == "checked"


def test_the_majority_is_shown_and_the_minority_heard(voted):
    verdicts = voted.handle.records(Verdict)
    told = {ref: (one.hands.yes, one.consensus, one.minority) for ref, one in verdicts.items()}
    assert told == {
        "roads": (1, False, ()),
        "tram": (3, False, ("Zu teuer.",)),
        "trees": (4, True, ()),
    }
    states = {item.ref: item.state for item in voted.handle.items()}
    assert states == {"roads": "not_carried", "tram": "carried", "trees": "carried"}


def test_nobody_votes_without_a_seat(meeting):
    meeting.do(EnterItem(item="trees", title="Bäume", text="So.", channel="assembly"), MODERATOR)
    meeting.do(CheckFacts(item="trees", statement="Stimmt."), REVIEWER)
    meeting.advance()
    vote = VoteOnRecommendation(item="trees", yes=4, no=1)
    assert meeting.codes(vote, MODERATOR) == ["more_votes_than_seats"]
    assert meeting.codes(evolve(vote, yes=0, no=0), MODERATOR) == ["nobody_voted"]


def test_every_recommendation_is_answered_and_lateness_is_told(voted):
    voted.advance()
    voted.do(HandOverReport(sha256=DIGEST), MODERATOR)
    bare = AnswerRecommendation(item="trees", outcome="noted")
    assert voted.codes(bare, COUNCIL) == ["answer_unexplained"]
    voted.do(AnswerRecommendation(item="trees", outcome="adopted", paper="101.19"), COUNCIL)
    assert voted.codes(RemindAddressee()) == ["answer_not_due"]
    assert overdue(voted.handle, voted.clock.now()) == ()
    voted.clock.advance(days=100)
    assert overdue(voted.handle, voted.clock.now()) == ("tram",)
    voted.do(RemindAddressee())
    assert len(voted.handle.records(Report)["report"].reminded) == 1
    voted.do(
        AnswerRecommendation(item="tram", outcome="turned_down", statement="Kein Geld."), COUNCIL
    )
    assert voted.codes(RemindAddressee()) == ["all_answered"]
    answers = voted.handle.records(Answer)
    told = {ref: (one.outcome, one.late) for ref, one in answers.items()}
    assert told == {"trees": ("adopted", False), "tram": ("turned_down", True)}


def test_a_recommendation_goes_on_in_another_procedure(voted):
    town = voted.platform.municipality("06611000")
    budget = town.open(
        "budget", "buergerhaushalt", actor=OFFICER, settings={"pot": "9 EUR", "misfit": "skip"}
    )
    voted.advance()
    voted.do(HandOverReport(sha256=DIGEST), MODERATOR)
    voted.do(AnswerRecommendation(item="trees", outcome="adopted"), COUNCIL)
    voted.do(ForwardItem(item="trees", procedure="budget", reason="Aus dem Bürgerrat."))
    (taken_up,) = budget.items()
    assert (taken_up.ref, taken_up.title) == ("klima:trees", "trees")
    assert voted.handle.item("trees").state == "adopted"
    assert voted.handle.item("trees").links[0].item == "klima:trees"


# --- deletion


def test_each_stage_says_what_has_to_be_deleted_by_when(make_council):
    council = make_council(keep_sample_days=14, keep_replies_days=30)
    council.mandated().sampled().registered().committed().drawn().seated()
    due = deletions(council.handle)
    assert set(due) == {"sample"}
    assert 14 * DAY < due["sample"] - council.clock.now() <= 15 * DAY
    gone = council.desk.purge("sample")
    council.do(RecordDeletion(what="sample", people=gone))
    assert gone == 3  # of fifteen letters, twelve registered
    assert deletions(council.handle) == {}
    assert council.codes(RecordDeletion(what="sample", people=0)) == ["deleted_already"]


def test_whoever_is_erased_leaves_no_byte_and_the_draw_stands(make_council, tmp_path):
    database = tmp_path / "town.db"
    council = make_council(f"sqlite:///{database}")
    council.mandated().sampled().registered().committed().drawn()
    letter = council.desk.letter_of(council.seats()[0])
    known, nonce = council.desk.people[letter], council.desk.vault.nonces[letter]
    salt = council.desk.vault.salt(letter)
    council.do(LeaveSeat(seat=council.seats()[0]))
    council.do(ReplaceSeat(drawing="panel", seat=council.seats()[0], pool=council.desk.auditors()))
    assert council.desk.forget([letter]) == 1
    council.do(ErasePeople(drawing="panel", people=1))
    council.desk.save(tmp_path / "desk.json")
    told = council.verify(tmp_path)
    assert "RICHTIG" in told
    assert "wegen 1 Gelöschter" in told
    council.platform.close()
    secrets = [*known.contact.values(), known.salt, nonce, salt]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    left = [
        (path.name, secret)
        for path in files
        for secret in secrets
        if secret.encode() in path.read_bytes()
    ]
    assert left == []
    assert any(council.letters[-1].encode() in path.read_bytes() for path in files)


def test_a_desk_is_kept_in_a_file_that_its_owner_alone_reads(council, tmp_path):
    council.mandated().sampled().registered().committed()
    file = tmp_path / "desk.json"
    council.desk.save(file)
    again = Desk.load(file)
    assert (again.people, again.vault, again.pool) == (
        council.desk.people,
        council.desk.vault,
        council.desk.pool,
    )
    assert file.stat().st_mode & 0o077 == 0


# --- the books


def test_everything_follows_from_the_journal(voted):
    before = {kind: voted.handle.records(kind) for kind in (Letter, Drawing, Seat, Verdict)}
    voted.handle.rebuild()
    assert {kind: voted.handle.records(kind) for kind in before} == before
    assert [fault for check in voted.handle.audit() for fault in check.faults] == []
    assert len(registered(voted.handle.records(Letter))) == 12


def test_refusals_are_said_in_words(council):
    with pytest.raises(Refused):
        council.do(SendLetters(sample="s", letters=[]))
