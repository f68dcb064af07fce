"""A small Bürgerrat to be played with in tests: twelve people register for four seats."""

import json
import subprocess
import sys
from random import Random

import pytest

from partizipation_buergerrat.desk import Desk, Known
from partizipation_buergerrat.office import make_panels, protocol
from partizipation_buergerrat.procedure.drawing import CommitToDraw, HoldDraw
from partizipation_buergerrat.procedure.invitation import SendLetters
from partizipation_buergerrat.procedure.mandate import DefineFrame, GiveMandate, SeatQuota
from partizipation_buergerrat.procedure.sample import ReceiveSample, RequestSample
from partizipation_buergerrat.procedure.seat import ConfirmSeat, Seat
from partizipation_buergerrat.public import verifier
from partizipation_buergerrat.public.canonical import canonical
from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import AdvanceStage
from partizipation_core.platform import Platform
from partizipation_core.values import Actor, Role

OFFICER = Actor.of("officer-1", Role.OFFICER)
MODERATOR = Actor.of("moderator-1", Role.MODERATOR)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
COUNCIL = Actor.of("council", Role.COUNCIL)

START = Instant(1_800_000_000_000_000)
DAY = 86_400_000_000
EVENT = "2027-01-20T18:00:00Z"
SOURCE = {"kind": "digits", "count": 1, "event": "Ziehung im Rathaus", "at": EVENT}
QUOTAS = (
    SeatQuota(category="Geschlecht", feature="weiblich", least=2, most=2),
    SeatQuota(category="Geschlecht", feature="männlich", least=2, most=2),
    SeatQuota(category="Bildung", feature="Studium", least=1, most=2),
    SeatQuota(category="Bildung", feature="ohne Studium", least=2, most=3),
)
SEX, SCHOOL = ("weiblich", "männlich"), ("Studium", "ohne Studium", "ohne Studium")


def resident(ref):
    return Actor.of(ref, Role.RESIDENT)


class Council:
    """A Bürgerrat on a real platform, with the desk of its office."""

    def __init__(self, database="sqlite://", form="buergerrat", host=None, **settings):
        self.clock, self.quotas = FrozenClock(START), QUOTAS
        self.platform = Platform(database, clock=self.clock, host=host)
        random = Random(7)  # noqa: S311 - invents nonces
        self.desk = Desk(source=lambda n: f"{random.getrandbits(8 * n):0{2 * n}x}")
        self.handle = self.platform.municipality("06611000").open(
            "klima",
            form,
            actor=OFFICER,
            settings={"seats": 4, "panels": 10, **settings},
        )

    def do(self, command, actor=OFFICER):
        self.handle.execute(command, actor=actor)

    def codes(self, command, actor=OFFICER):
        return sorted(one.code for one in self.handle.why(command, actor=actor))

    def advance(self, times=1):
        for _ in range(times):
            self.do(AdvanceStage())

    def mandated(self):
        self.do(
            GiveMandate(
                question="Wie wird Kassel klimaneutral?",
                body="Rat",
                addressee="Rat",
                answer_by=Instant(START + 100 * DAY),
            ),
            COUNCIL,
        )
        self.do(DefineFrame(quotas=QUOTAS))
        self.advance()
        return self

    def sampled(self, people=15):
        request = RequestSample(
            sample="s", fields=("age", "sex", "address"), inhabitants={"Kassel": 9}, letters=people
        )
        self.do(request)
        self.do(ReceiveSample(sample="s", place="Kassel", people=people))
        self.advance()
        self.letters = self.desk.take_in(
            Known(
                contact={"name": f"Erika Muster {n:03d}", "address": f"Weg {n:03d}"},
                household=f"Weg {n:03d}",
                answers={"Geschlecht": SEX[n % 2]},
            )
            for n in range(people)
        )
        self.do(SendLetters(sample="s", letters=self.letters))
        return self

    def registered(self, people=12):
        for number, letter in enumerate(self.letters[:people]):
            command = self.desk.registration(letter, {"Bildung": SCHOOL[number % 3]})
            self.do(command, resident(letter))
            self.desk.keep(command)
        self.advance()
        return self

    def commitment(self, **changed):
        claims = {**self.published.claims, **changed.pop("claims", {})}
        given = {
            "drawing": "panel",
            "claims": canonical(claims),
            "source": json.dumps(SOURCE),
            "tool": "test 1",
        }
        return CommitToDraw(**{**given, **changed})

    def published_panels(self):
        self.published = make_panels(self.handle, self.desk)
        return self

    def committed(self):
        self.published_panels()
        self.do(self.commitment())
        return self

    def holding(self, **changed):
        given = {
            "drawing": "panel",
            "value": "7",
            "panels": self.published.panels,
            "witnesses": ("Stadtarchiv",),
        }
        return HoldDraw(**{**given, **changed})

    def drawn(self):
        self.clock.advance(days=30)
        self.do(self.holding())
        return self

    def seated(self):
        for seat in self.seats():
            self.do(ConfirmSeat(seat=seat))
        self.advance()
        return self

    def seats(self):
        return tuple(self.handle.records(Seat))

    def protocol(self):
        return protocol(self.handle, "panel")

    def verify(self, folder):
        """Let the stand-alone file check the published protocol, in a process of its own."""
        files = {
            "losprotokoll.jsonl": self.protocol().text(),
            "panels.json": self.published.panels,
            "pool.json": self.desk.auditors(),
        }
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        command = [sys.executable, verifier.__file__, *(folder / name for name in files)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@pytest.fixture
def council():
    made = Council()
    yield made
    made.platform.close()


@pytest.fixture
def make_council():
    return Council
