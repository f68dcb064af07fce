"""The story of a Bürgerrat, with everybody in it invented, from the mandate to the last answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from attrs import define, field

from partizipation_buergerrat.desk import Desk
from partizipation_buergerrat.methods import LEXIMIN
from partizipation_buergerrat.procedure.deletion import RecordDeletion
from partizipation_buergerrat.procedure.drawing import CancelDraw, CommitToDraw, HoldDraw
from partizipation_buergerrat.procedure.invitation import (
    CloseLetters,
    FollowUpLetters,
    Letter,
    SendLetters,
)
from partizipation_buergerrat.procedure.lots import Drawing, protocol_of
from partizipation_buergerrat.procedure.mandate import FRAME, DefineFrame, Frame, GiveMandate
from partizipation_buergerrat.procedure.recommendation import CheckFacts, VoteOnRecommendation
from partizipation_buergerrat.procedure.replacing import ErasePeople, ReplaceSeat
from partizipation_buergerrat.procedure.report import (
    AnswerRecommendation,
    HandOverReport,
    Outcome,
    RemindAddressee,
)
from partizipation_buergerrat.procedure.sample import ReceiveSample, RequestSample, Sample
from partizipation_buergerrat.procedure.seat import ConfirmSeat, LeaveSeat, Seat, sitting
from partizipation_buergerrat.procedure.session import Material, PlanSession, RecordSession
from partizipation_buergerrat.public.canonical import canonical
from partizipation_buergerrat.public.minutes import minutes
from partizipation_buergerrat.settings import BuergerratSettings
from partizipation_buergerrat.towns import BUNDESTAG, KASSEL, Town, chosen, quotas, residents
from partizipation_core.clock import Instant, end_of_day
from partizipation_core.commands import EnterItem, FinishDelivery, StartDelivery
from partizipation_core.formats.rules import View
from partizipation_core.values import Actor, ItemRef, Money, RecordRef, Role

if TYPE_CHECKING:
    from partizipation_buergerrat.public.publication import Publication
    from partizipation_core.plugins.story import Scene, Story

__all__ = ["STORIES", "tell"]

OFFICER = Actor.of("officer-1", Role.OFFICER)
MODERATOR = Actor.of("moderator-1", Role.MODERATOR)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
COUNCIL = Actor.of("council", Role.COUNCIL)

SAMPLE, DRAW = RecordRef("sample"), RecordRef("panel")
DAY = 86_400_000_000
BERLIN = ZoneInfo("Europe/Berlin")
ANSWER_BY = end_of_day(date(2028, 1, 31), BERLIN)
SCHEDULE = {
    "sample": date(2027, 3, 8),
    "invitation": date(2027, 4, 1),
    "draw": date(2027, 5, 3),
    "sessions": date(2027, 6, 1),
    "vote": date(2027, 9, 20),
    "answer": date(2027, 10, 4),
    "implement": date(2028, 3, 1),
}
_FIELDS = ("last_name", "first_names", "age", "sex", "address")


def tell(town: Town) -> Story:
    """Make the story of a town."""

    def play(scene: Scene) -> None:
        _Telling(scene, town).tell()

    return play


def _chance(random: Random) -> Callable[[int], str]:
    """Invent nonces, so that a story is the same each time; a real desk draws them."""
    return lambda count: f"{random.getrandbits(8 * count):0{2 * count}x}"


@define
class _Telling:
    scene: Scene
    town: Town
    random: Random = field(factory=lambda: Random(2022))  # noqa: S311 - invents people
    desk: Desk = field(init=False)
    published: Publication = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.desk = Desk(source=_chance(self.random))

    def tell(self) -> None:
        town = self.town
        self.scene.introduce(
            "buergerrat.title", "buergerrat.source", place=town.name, question=town.question
        )
        self._mandate()
        self._sample()
        self._invitation()
        self._draw()
        self._seats()
        self._sessions()
        self._vote()
        self._answers()

    def _settings(self) -> dict[str, object]:
        return {
            "seats": self.town.seats,
            "panels": 10**self.town.digits,
            "keep_sample_days": 14,
            "keep_replies_days": 30,
            "keep_contacts_days": 90,
        }

    def _mandate(self) -> None:
        town, scene = self.town, self.scene
        scene.open("buergerrat", settings=self._settings(), schedule=SCHEDULE)
        mandate = GiveMandate(
            question=town.question,
            body=town.addressee,
            addressee=town.addressee,
            answer_by=ANSWER_BY,
        )
        scene.is_refused(mandate, OFFICER)
        scene.do(mandate, COUNCIL)
        scene.do(DefineFrame(quotas=quotas(town)), OFFICER)

    def _sample(self) -> None:
        town, scene = self.town, self.scene
        scene.pass_days(8)
        request = RequestSample(
            sample=SAMPLE,
            fields=_FIELDS,
            inhabitants=town.places,
            places=town.drawn_places,
            letters=town.letters,
            seed="2027-03-06: 4 9 17 23 31 42",
        )
        education = RequestSample(
            sample=SAMPLE, fields=("education",), inhabitants=town.places, letters=town.letters
        )
        scene.is_refused(education, OFFICER)
        scene.do(request, OFFICER)
        for place, people in scene.records(Sample)[SAMPLE].letters.items():
            self.desk.take_in(residents(town, place, people, self.random))
            scene.do(ReceiveSample(sample=SAMPLE, place=place, people=people), OFFICER)

    def _invitation(self) -> None:
        town, scene = self.town, self.scene
        scene.pass_days(24)
        letters = tuple(self.desk.people)
        scene.do(SendLetters(sample=SAMPLE, letters=letters), OFFICER)
        scene.pass_days(14)
        willing = self.random.sample(letters, town.replies)
        for letter in scene.each(willing, "buergerrat.registrations"):
            self._register(letter)
        again = Actor.of(willing[0], Role.RESIDENT)
        scene.is_refused(
            self.desk.registration(willing[0], chosen(town.declared, self.random)), again
        )
        self._others(letters, set(willing))
        told = {"letters": len(letters), "replies": len(willing)}
        permille = f"{100 * len(willing) / len(letters):.2f}".replace(".", ",")
        scene.note("buergerrat.replies", percent=permille, **told)

    def _register(self, letter: RecordRef) -> None:
        declared = chosen(self.town.declared, self.random)
        command = self.desk.registration(letter, declared)
        self.scene.do(command, Actor.of(letter, Role.RESIDENT))
        self.desk.keep(command)

    def _others(self, letters: Sequence[RecordRef], willing: set[RecordRef]) -> None:
        """Remind those who have not answered, call at some doors, and take refusals in."""
        scene = self.scene
        silent = tuple(letter for letter in letters if letter not in willing)
        scene.do(FollowUpLetters(letters=silent), OFFICER)
        scene.do(FollowUpLetters(letters=silent[:20], by="visit"), OFFICER)
        scene.do(CloseLetters(letters=silent[:10]), OFFICER)
        scene.do(CloseLetters(letters=silent[10:15], outcome="undeliverable"), OFFICER)

    def _draw(self) -> None:
        scene = self.scene
        scene.pass_days(18)
        self.published = self._panels()
        at = datetime.fromtimestamp((scene.state().entered_at + 5 * DAY) // 1_000_000, UTC)
        source = {
            "kind": "digits",
            "count": self.town.digits,
            "event": "Öffentliche Ziehung im Rathaus",
            "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        commitment = CommitToDraw(
            drawing=DRAW,
            claims=canonical(self.published.claims),
            source=json.dumps(source),
            tool="partizipation-buergerrat 0.1.0",
        )
        scene.do(commitment, OFFICER)
        scene.is_refused(commitment, OFFICER)
        scene.do(CancelDraw(drawing=DRAW, reason="Der Saal ist belegt."), OFFICER)
        scene.do(commitment, OFFICER)
        value = "187"[-self.town.digits :]
        held = HoldDraw(
            drawing=DRAW, value=value, panels=self.published.panels, witnesses=("Stadtarchiv",)
        )
        scene.is_refused(held, OFFICER)
        scene.pass_days(6)
        forged = self.published.panels.replace("1", "2", 1)
        scene.is_refused(
            HoldDraw(drawing=DRAW, value=value, panels=forged, witnesses=("Stadtarchiv",)), OFFICER
        )
        scene.do(held, OFFICER)
        scene.is_refused(held, OFFICER)
        scene.note("buergerrat.drawn", value=value, panels=10**self.town.digits)

    def _panels(self) -> Publication:
        scene, town = self.scene, self.town
        registered = [
            ref for ref, one in scene.records(Letter).items() if one.outcome == "registered"
        ]
        problem = self.desk.problem(scene.records(Frame)[FRAME], town.seats, registered)
        settings = BuergerratSettings(seats=town.seats, panels=10**town.digits)
        view = View(
            now=scene.state().entered_at, command="CommitToDraw", stage="draw", settings=settings
        )
        return self.desk.publish(LEXIMIN(problem, settings.panels, view))

    def _seats(self) -> None:
        """Confirm most seats; one person declines and is forgotten, an alternate moves up."""
        scene = self.scene
        first, *others = scene.records(Seat)
        for seat in others:
            scene.do(ConfirmSeat(seat=seat), Actor.of(seat, Role.RESIDENT))
        scene.is_refused(ConfirmSeat(seat=first), Actor.of(others[0], Role.RESIDENT))
        scene.do(LeaveSeat(seat=first), Actor.of(first, Role.RESIDENT))
        scene.do(
            ReplaceSeat(drawing=DRAW, seat=first, pool=self.desk.auditors(), reason=_MISSED),
            OFFICER,
        )
        entering = scene.records(Seat)[first].replaced_by
        scene.do(ConfirmSeat(seat=entering), OFFICER)
        self.desk.forget([self.desk.letter_of(first)])
        scene.do(ErasePeople(drawing=DRAW, people=1), OFFICER)
        self._publish()

    def _publish(self) -> None:
        """Leave what anybody needs to check the draw, and what auditors get besides."""
        protocol = protocol_of(self.scene.records(Drawing)[DRAW])
        self.scene.leave("losprotokoll.jsonl", protocol.text())
        self.scene.leave("losprotokoll.md", minutes(protocol))
        self.scene.leave("panels.json", self.published.panels)
        self.scene.leave("pool.json", self.desk.auditors())

    def _sessions(self) -> None:
        scene, town = self.scene, self.town
        scene.pass_days(23)
        begun = scene.state().entered_at
        for number in range(1, town.sessions + 1):
            begins = Instant(begun + 7 * number * DAY)
            title = f"Sitzung {number}"
            plan = PlanSession(session=RecordRef(f"session-{number}"), title=title, begins=begins)
            scene.do(plan, MODERATOR)
        seats = sitting(scene.records(Seat))
        for number in range(1, town.sessions + 1):
            scene.pass_days(8 if number == 1 else 7)
            there = tuple(self.random.sample(seats, len(seats) - number % 3))
            self._session(number, there)
        self.scene.do(RecordDeletion(what="sample", people=self.desk.purge("sample")), OFFICER)
        self._drafts()
        scene.pass_days(111 - 8 - 7 * (town.sessions - 1) + 1)

    def _session(self, number: int, there: tuple[RecordRef, ...]) -> None:
        material = f"Unterlage {number}"
        digest = sha256(material.encode()).hexdigest()
        record = RecordSession(
            session=RecordRef(f"session-{number}"),
            present=there,
            speakers=("Universität", "Umweltamt"),
            moderation=("Moderationsbüro",),
            materials=(Material(title=material, sha256=digest),),
        )
        self.scene.do(record, MODERATOR)

    def _drafts(self) -> None:
        scene = self.scene
        for number, title in enumerate(self.town.recommendations, start=1):
            item = ItemRef(f"E-{number}")
            draft = EnterItem(item=item, title=title, text=f"{title}.", channel="assembly")
            scene.do(draft, MODERATOR)
            scene.do(CheckFacts(item=item, statement="Die Angaben stimmen."), REVIEWER)

    def _vote(self) -> None:
        scene = self.scene
        seats = len(sitting(scene.records(Seat)))
        for number, item in enumerate(scene.items()):
            no = number * seats // 8
            minority = ("Der Aufwand ist zu hoch.",) if no else ()
            vote = VoteOnRecommendation(item=item, yes=seats - no, no=no, minority=minority)
            scene.do(vote, MODERATOR)
        gone = self.desk.purge("replies", seats=sitting(scene.records(Seat)))
        scene.do(RecordDeletion(what="replies", people=gone), OFFICER)
        scene.do(ErasePeople(drawing=DRAW, people=gone), OFFICER)

    def _answers(self) -> None:
        scene = self.scene
        scene.pass_days(15)
        report = HandOverReport(sha256=sha256(b"Gutachten").hexdigest())
        scene.do(report, MODERATOR)
        *answered, late = [i.ref for i in scene.items().values() if i.state == "handed_over"]
        unexplained = AnswerRecommendation(item=answered[0], outcome="turned_down")
        scene.is_refused(unexplained, COUNCIL)
        for item, outcome in zip(answered, _OUTCOMES):  # noqa: B905
            answer = AnswerRecommendation(
                item=item,
                outcome=outcome,
                statement="Beschluss nach Beratung im Ausschuss.",
                paper="101.19.500",
            )
            scene.do(answer, COUNCIL)
        scene.is_refused(RemindAddressee(), OFFICER)
        scene.pass_days(150)
        scene.do(RemindAddressee(), OFFICER)
        refusal = AnswerRecommendation(
            item=late, outcome="turned_down", statement="Dafür ist das Land zuständig."
        )
        scene.do(refusal, COUNCIL)
        scene.do(StartDelivery(item=answered[0]), REVIEWER)
        scene.do(FinishDelivery(item=answered[0], spent=Money(0), note="Umgesetzt."), REVIEWER)
        scene.do(RecordDeletion(what="contacts", people=self.desk.purge("contacts")), OFFICER)


_OUTCOMES: tuple[Outcome, ...] = ("adopted", "modified", "noted", "adopted")
_MISSED = "Der Platz soll nicht leer bleiben."

STORIES = {"buergerrat": tell(KASSEL), "buergerrat-bundestag": tell(BUNDESTAG)}
"""What ``partizipation demo`` plays."""
