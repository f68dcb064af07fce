"""Every state of a campaign, in every stage that it can be in, for each of the ways of funding.

The table is written by hand; what it says is compared with a real platform, act by act. That the
four ways share one lifecycle means here: one table holds for all of them.
"""

import pytest

from partizipation_core import Actor, Money, Role
from partizipation_core.commands import PassOverItem, ShortlistItem, SubmitItem, WithdrawItem
from partizipation_crowdfunding.contest.awarding import AwardPrizes
from partizipation_crowdfunding.contest.closing import CancelCampaign, CloseRound
from partizipation_crowdfunding.contest.lifecycle import CAMPAIGN_LIFECYCLE
from partizipation_crowdfunding.contest.paying import (
    ChargeCampaign,
    DeliverCampaign,
    PayOutCampaign,
    RefundCampaign,
)
from partizipation_crowdfunding.contest.pledging import CancelPledge, MakePledge
from partizipation_crowdfunding.contest.preparing import (
    CoachCampaign,
    LegitimateCampaign,
    OpenCampaigns,
    PrepareCampaign,
    ReadyCampaign,
)
from partizipation_crowdfunding.funding.terms import MODES, Terms

STAGES = (
    "call",
    "jury",
    "preparing",
    "funding",
    "closing",
    "award",
    "payout",
    "implementing",
    "reported",
)
OFFICER, JURY = Actor.of("officer-1", Role.OFFICER), Actor.of("jury-1", "jury")
AUTHOR = Actor.of("author-well", Role.RESIDENT)
REASON = "Der Grund steht hier."
EURO = Money.euro


def acts(mode):
    """Name every act on the campaign, with who does it."""
    terms = Terms(mode=mode, goal=EURO(1_000), minimum=EURO(300))
    pledge = {"item": "well", "pledge": "new", "backer": "b"}
    return {
        "shortlist": (ShortlistItem(item="well"), JURY),
        "pass over": (PassOverItem(item="well", reason=REASON), JURY),
        "withdraw": (WithdrawItem(item="well"), AUTHOR),
        "prepare": (PrepareCampaign(item="well", terms=terms), AUTHOR),
        "legitimate": (LegitimateCampaign(item="well"), OFFICER),
        "coach": (CoachCampaign(item="well", reason=REASON), OFFICER),
        "make ready": (ReadyCampaign(item="well"), OFFICER),
        "open": (OpenCampaigns(), OFFICER),
        "pledge": (MakePledge(**pledge, amount=EURO(10)), Actor.of("b", "backer")),
        "take back": (CancelPledge(item="well", pledge="p1", backer="a"), Actor.of("a", "backer")),
        "cancel": (CancelCampaign(item="well", reason=REASON), OFFICER),
        "close": (CloseRound(), OFFICER),
        "charge": (ChargeCampaign(item="well"), OFFICER),
        "refund": (RefundCampaign(item="well"), OFFICER),
        "award": (AwardPrizes(), OFFICER),
        "pay out": (PayOutCampaign(item="well"), OFFICER),
        "deliver": (DeliverCampaign(item="well", report="Er läuft."), OFFICER),
    }


PREPARED = {"prepare", "legitimate", "coach"}
ALLOWED = {
    ("published", "call"): {"withdraw"},
    ("published", "jury"): {"withdraw", "shortlist", "pass over"},
    ("published", "preparing"): {"withdraw"},
    ("shortlisted", "jury"): {"withdraw", "pass over"},
    ("shortlisted", "preparing"): {"withdraw", "make ready", *PREPARED},
    ("ready", "preparing"): {"withdraw", "coach"},
    ("ready", "funding"): {"open"},
    ("live", "funding"): {"pledge", "take back", "cancel"},
    ("live", "closing"): {"cancel", "close"},
    ("successful", "closing"): {"charge"},
    ("successful", "award"): {"charge", "award"},
    ("successful", "payout"): {"charge"},
    ("successful", "implementing"): {"charge"},
    ("charged", "award"): {"award"},
    ("charged", "payout"): {"pay out"},
    ("charged", "implementing"): {"pay out"},
    ("paid_out", "implementing"): {"deliver"},
    ("paid_out", "reported"): {"deliver"},
    ("failed", "closing"): {"refund"},
    ("failed", "award"): {"refund"},
    ("failed", "payout"): {"refund"},
    ("failed", "implementing"): {"refund"},
}
"""State and stage → what may be done at one time or another; in any other pair, nothing."""


class Walker:
    """Brings one campaign to a state, and says what may be done with it in every later stage."""

    def __init__(self, one, mode):
        self.one, self.acts, self.stage, self.seen = one, acts(mode), 0, {}

    def do(self, *names):
        for name in names:
            command, actor = self.acts[name]
            self.one.give(command, actor)
            self.look()

    def on(self, stage):
        while STAGES[self.stage] != stage:
            self.one.advance()
            self.stage += 1
            self.look()

    def look(self):
        stage = STAGES[self.stage]
        (state,) = self.one.states().values()
        open_now = {
            name
            for name, (command, actor) in self.acts.items()
            if not self.one.handle.why(command, actor=actor)
        }
        self.seen.setdefault((state, stage), set()).update(open_now)

    def close(self):
        self.on("closing")
        self.do("close")
        if self.one.states() == {"well": "live"}:
            self.one.advance("second_round")
            self.stage = STAGES.index("funding")
            self.look()
            self.on("closing")
            self.do("close")

    def paid(self, fact):
        self.one.paid("p1", fact)
        self.look()

    def submit(self):
        self.one.give(SubmitItem(item="well", title="Ein Brunnen"), AUTHOR)
        self.look()

    def go_live(self, euros):
        self.on("jury")
        self.do("shortlist")
        self.on("preparing")
        self.do("prepare", "legitimate", "make ready")
        self.on("funding")
        self.do("open")
        self.one.pledge("well", "a", euros)
        self.look()


def passed_over(walker):
    walker.on("jury")
    walker.do("pass over")


def withdrawn(walker):
    walker.do("withdraw")


def never_chosen(walker):
    walker.on("preparing")


def delivered(walker):
    walker.go_live(1_000)
    walker.close()
    walker.paid("captured")
    walker.on("award")
    walker.do("charge")
    walker.on("payout")
    walker.do("pay out")
    walker.on("implementing")
    walker.do("deliver")


def charged_late(walker):
    walker.go_live(1_000)
    walker.close()
    walker.paid("captured")
    walker.on("implementing")
    walker.do("charge", "pay out")
    walker.on("reported")
    walker.do("deliver")


def refunded(walker):
    walker.go_live(10)
    walker.on("closing")
    walker.do("cancel")
    walker.paid("voided")
    walker.on("implementing")
    walker.do("refund")


WALKS = (passed_over, withdrawn, never_chosen, delivered, charged_late, refunded)


@pytest.mark.parametrize("mode", MODES)
def test_the_four_ways_of_funding_share_one_table(contest, mode):
    seen = {}
    for walk in WALKS:
        prizes = {"by": "heads", "prizes": ["100 EUR"], "ties": ["applied_first"]}
        walker = Walker(contest(ref=walk.__name__, modes=[mode], prizes=prizes), mode)
        walker.submit()
        walk(walker)
        walker.on("reported")
        assert walker.one.proved()
        for pair, open_then in walker.seen.items():
            seen.setdefault(pair, set()).update(open_then)
    assert {pair: what for pair, what in seen.items() if what} == ALLOWED


def test_no_state_of_a_campaign_is_left_out():
    reached = {state for state, _ in ALLOWED} | {
        "withdrawn",
        "not_shortlisted",
        "delivered",
        "refunded",
    }
    path = {state for state in CAMPAIGN_LIFECYCLE.states if state in reached}
    own = {"ready", "live", "successful", "charged", "paid_out", "failed"}
    assert own | {"delivered", "refunded"} <= path
