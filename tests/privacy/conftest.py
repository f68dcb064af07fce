"""A Bürgerhaushalt on a file in which people have written things that others may not keep."""

from runpy import run_path
from types import SimpleNamespace

import pytest

from partizipation_core import Actor, Money, Platform, Role
from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import (
    AddComment,
    AdvanceStage,
    AwardItems,
    CastBallot,
    CountBallots,
    EditComment,
    GiveFeedback,
    ReviewItem,
    ReviseItem,
    SaveDraft,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
    WithdrawItem,
)
from partizipation_core.store.keys import FileKeys

OFFICER = Actor.of("officer-1", Role.OFFICER)
MODERATOR = Actor.of("moderator-1", Role.MODERATOR)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
COUNCIL = Actor.of("council", Role.COUNCIL)
ANNA, BEN = Actor.of("anna", Role.RESIDENT), Actor.of("ben", Role.RESIDENT)
NOON = Instant(1_800_000_000_000_000)


class Town:
    """One procedure and everybody in it."""

    officer, moderator, reviewer, anna, ben = OFFICER, MODERATOR, REVIEWER, ANNA, BEN

    def __init__(self, site, **settings):
        self.clock = FrozenClock(NOON)
        self.platform = Platform(
            site.url, clock=self.clock, keys=FileKeys(site.file.parent / "keys")
        )
        self.handle = self.platform.municipality("12060052").open(
            "budget-2027",
            "buergerhaushalt",
            actor=OFFICER,
            settings={"pot": "5000 EUR", "misfit": "skip", "comments": "threaded", **settings},
        )

    def do(self, command, actor=OFFICER):
        return self.handle.execute(command, actor=actor)

    def write(self):
        """Let two people write ideas, drafts and comments, and say why they take one back."""
        self.do(
            SubmitItem(item="swing", title="Schaukel", text="Kanari-Idee", cost=Money(180_000)),
            ANNA,
        )
        self.do(SubmitItem(item="bench", title="Bank", text="Von Ben.", cost=Money(90_000)), BEN)
        self.do(SubmitItem(item="pool", title="Kanari-Becken", cost=Money(1)), ANNA)
        self.do(WithdrawItem(item="pool", reason="Kanari-Grund"), ANNA)
        self.do(SaveDraft(item="tree", title="Kanari-Entwurf"), ANNA)
        again = {"title": "Kanari-Schaukel", "text": "Kanari-Fassung", "cost": Money(180_000)}
        self.do(ReviseItem(item="swing", **again), ANNA)
        self.do(AddComment(item="bench", comment="c1", text="Kanari-Kommentar"), ANNA)
        self.do(EditComment(item="bench", comment="c1", text="Kanari-Nachtrag"), ANNA)
        self.do(AddComment(item="swing", comment="c2", text="Von Ben."), BEN)
        return self

    def vote(self):
        """Review, vote, count and award."""
        self.do(GiveFeedback(item="swing", text="Wir prüfen das."), OFFICER)
        self.do(AdvanceStage())
        for ref in ("swing", "bench"):
            self.do(TakeUpReview(item=ref), REVIEWER)
            self.do(ReviewItem(item=ref, outcome="feasible"), REVIEWER)
            self.do(ShortlistItem(item=ref))
        self.do(AdvanceStage())
        self.do(CastBallot(choices={"swing": 1}), ANNA)
        self.do(CastBallot(choices={"swing": 1, "bench": 1}), BEN)
        self.do(AdvanceStage())
        self.do(CountBallots(vote="vote", seed="4 9 17"))
        self.do(AwardItems(amounts=self.handle.state().proposed), COUNCIL)
        return self

    def faults(self):
        return [fault for check in self.handle.audit() for fault in check.faults]


@pytest.fixture
def open_town(site):
    """Open towns on one file of the database that the test is about."""
    opened = []

    def open_(**settings):
        opened.append(Town(site, **settings))
        return opened[-1]

    yield open_
    for town in opened:
        town.platform.close()


@pytest.fixture
def town(open_town):
    return open_town().write()


@pytest.fixture(scope="session")
def verifier(root):
    """Everything the verifier's file defines."""
    return SimpleNamespace(**run_path(str(root / "verifier" / "verify.py")))


@pytest.fixture
def sql(site):
    """Run a statement past everything of ours."""
    return site.run


@pytest.fixture
def left(site):
    """Tell whether some bytes stand anywhere in the database, deleted rows and logs included."""

    def look(canary):
        everything = repr(site.rows()).encode()
        for file in site.file.parent.glob("town.db*"):
            everything += file.read_bytes() if file.is_file() else b""
        return canary.encode() in everything

    return look
