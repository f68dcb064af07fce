"""A contest that can be brought to any stage with a few words."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_core import Actor, FrozenClock, ItemRef, Money, Platform, Role
from partizipation_core.clock import start_of_day
from partizipation_core.commands import AdvanceStage, ShortlistItem, SubmitItem
from partizipation_crowdfunding.contest.books import CASHIER
from partizipation_crowdfunding.contest.closing import CloseRound
from partizipation_crowdfunding.contest.pledging import CancelPledge, MakePledge, NotePayment
from partizipation_crowdfunding.contest.preparing import (
    LegitimateCampaign,
    OpenCampaigns,
    PrepareCampaign,
    ReadyCampaign,
)
from partizipation_crowdfunding.contest.records import Backer, Campaign, Pledge, faults
from partizipation_crowdfunding.funding.terms import Terms

OFFICER = Actor.of("officer-1", Role.OFFICER)
JURY = Actor.of("jury-1", "jury")


def backer(name):
    return Actor.of(name, "backer")


class Contest:
    """Says in few words what a test needs done."""

    def __init__(self, handle, clock):
        self.handle, self.clock, self.made = handle, clock, 0

    def give(self, command, actor=OFFICER):
        return self.handle.execute(command, actor=actor)

    def refused(self, command, actor=OFFICER):
        return [one.code for one in self.handle.why(command, actor=actor)]

    def advance(self, edge="advance"):
        self.give(AdvanceStage(edge=edge, reason="" if edge == "advance" else "Zweite Runde"))

    def live(self, rewards=(), **terms):
        """Bring campaigns, each with its terms, into the funding window."""
        for ref in terms:
            self.give(SubmitItem(item=ref, title=ref.title()), author(ref))
        self.advance()
        for ref in terms:
            self.give(ShortlistItem(item=ref), JURY)
        self.advance()
        for ref, asked in terms.items():
            meant = asked if isinstance(asked, Terms) else Terms(goal=Money.euro(asked))
            self.give(PrepareCampaign(item=ref, terms=meant, rewards=rewards), author(ref))
            self.give(LegitimateCampaign(item=ref))
            self.give(ReadyCampaign(item=ref))
        self.advance()
        self.give(OpenCampaigns())
        return self

    def pledge(self, item, who, euros, *, paid=True, **more):
        self.made += 1
        ref = f"p{self.made}"
        self.give(self.pledging(item, who, euros, ref, **more), backer(who))
        if paid:
            self.paid(ref)
        return ref

    def pledging(self, item, who, euros, ref="new", **more):
        return MakePledge(
            item=ItemRef(item), pledge=ref, backer=who, amount=Money.euro(euros), **more
        )

    def noting(self, ref, fact, amount=None):
        one = self.handle.records(Pledge)[ref]
        return NotePayment(
            item=one.campaign,
            pledge=ref,
            backer=one.backer,
            fact=fact,
            amount=amount or one.amount,
        )

    def paid(self, ref, fact="authorised"):
        self.give(self.noting(ref, fact), CASHIER)

    def cancelling(self, ref):
        one = self.handle.records(Pledge)[ref]
        return CancelPledge(item=one.campaign, pledge=ref, backer=one.backer)

    def cancel(self, ref):
        self.give(self.cancelling(ref), backer(self.handle.records(Pledge)[ref].backer))

    def close(self):
        self.advance()
        self.give(CloseRound())

    def states(self):
        return {one.ref: one.state for one in self.handle.items()}

    def campaign(self, ref):
        return self.handle.records(Campaign)[ref]

    def backer(self, ref):
        return self.handle.records(Backer)[ref]

    def proved(self):
        """Whether sums, books and journal agree."""
        pledges = self.handle.records(Pledge).values()
        found = [
            *(
                one
                for kept in self.handle.records(Campaign).values()
                for one in faults(kept, pledges)
            ),
            *(fault for check in self.handle.audit() for fault in check.faults),
        ]
        assert not found, found
        return True


def author(ref):
    return Actor.of(f"author-{ref}", Role.RESIDENT)


@pytest.fixture
def contest_on():
    """Open a contest on a platform."""

    def opened(platform, clock=None, ref="contest", **settings):
        handle = platform.municipality("06611000").open(
            ref, "crowdfunding", actor=OFFICER, settings={"pot": "2500 EUR", **settings}
        )
        return Contest(handle, clock)

    return opened


@pytest.fixture
def contest(contest_on):
    """Open contests under a clock that stands still."""
    clock = FrozenClock(start_of_day(date(2027, 3, 1), ZoneInfo("Europe/Berlin")))
    with Platform(clock=clock) as platform:
        yield lambda **settings: contest_on(platform, clock, **settings)
