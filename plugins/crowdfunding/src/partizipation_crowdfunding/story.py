"""The story of a contest: applications, jury, a common window, prizes, payout, delivery."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import groupby

from partizipation_core.commands import PassOverItem, ShortlistItem, SubmitItem
from partizipation_core.plugins.story import Scene
from partizipation_core.values import Actor, ItemRef, Money, RecordRef, Role
from partizipation_crowdfunding.contest.awarding import AwardPrizes
from partizipation_crowdfunding.contest.books import ContestBooks
from partizipation_crowdfunding.contest.closing import CloseRound
from partizipation_crowdfunding.contest.paying import (
    ChargeCampaign,
    DeliverCampaign,
    PayOutCampaign,
    RefundCampaign,
)
from partizipation_crowdfunding.contest.pledging import MakePledge
from partizipation_crowdfunding.contest.preparing import (
    CoachCampaign,
    LegitimateCampaign,
    OpenCampaigns,
    PrepareCampaign,
    ReadyCampaign,
)
from partizipation_crowdfunding.contest.records import Campaign, Pledge
from partizipation_crowdfunding.crowd import KASSEL_2022, Contest, crowd
from partizipation_crowdfunding.funding.rewards import Reward
from partizipation_crowdfunding.funding.terms import Terms
from partizipation_crowdfunding.payments.desk import work
from partizipation_crowdfunding.payments.reconciliation import catch_up, reconcile
from partizipation_crowdfunding.payments.simulated import SimulatedProvider, Trouble

__all__ = ["play", "played"]

OFFICER = Actor.of("officer-1", Role.OFFICER)
JURY = Actor.of("jury-1", "jury")
WINDOW = 28
"""Days of the common funding window."""
_NIGHTS = 60
_TROUBLE = Trouble(unanswered=0.2, delayed=0.2, repeated=0.2, dropped=0.1)
_SECRET = b"known to nobody else"


def play(scene: Scene) -> None:
    """Play Kassel 2022 with people who do not exist."""
    played(KASSEL_2022)(scene)


def played(contest: Contest) -> Callable[[Scene], None]:
    """Make the story of a contest."""

    def tell(scene: Scene) -> None:
        _choose(scene, contest)
        _prepare(scene, contest)
        desk = _Desk(scene)
        _fund(scene, contest, desk)
        _close(scene, contest, desk)
        _award(scene, contest)
        _pay(scene)
        _deliver(scene)

    return tell


class _Desk:
    """The payment desk of the contest, with a provider that misbehaves."""

    def __init__(self, scene: Scene) -> None:
        self._books = ContestBooks(
            lambda: scene.records(Pledge),
            lambda ref: scene.records(Pledge).get(ref),
            scene.items,
            scene.do,
        )
        self._provider = SimulatedProvider(_SECRET, seed=2022, trouble=_TROUBLE)

    def night(self) -> None:
        """Work and reconcile until both sides agree."""
        for _ in range(_NIGHTS):
            work(self._books, self._provider)
            catch_up(self._books, self._provider.statement())
            if not reconcile(self._books.orders(), self._provider.statement()):
                return


def _author(ref: ItemRef) -> Actor:
    return Actor.of(f"author-{ref}", Role.RESIDENT)


def _choose(scene: Scene, contest: Contest) -> None:
    scene.open(
        "crowdfunding",
        settings=contest.settings,
        schedule={
            "jury": date(2027, 6, 3),
            "preparing": date(2027, 6, 20),
            "funding": date(2027, 8, 16),
            "closing": date(2027, 9, 13),
            "award": date(2027, 9, 23),
            "payout": date(2027, 10, 1),
            "implementing": date(2027, 11, 1),
            "reported": date(2029, 11, 5),
        },
    )
    for ref in contest.applications:
        scene.do(SubmitItem(item=ref, title=f"Vorhaben {ref[1:]}"), _author(ref))
    scene.pass_days(95)
    scene.is_refused(ShortlistItem(item=contest.applications[0]), OFFICER)
    for ref in contest.applications:
        if ref in contest.campaigns:
            scene.do(ShortlistItem(item=ref), JURY)
        else:
            scene.do(PassOverItem(item=ref, reason="Andere Vorhaben lagen vorn."), JURY)


def _prepare(scene: Scene, contest: Contest) -> None:
    scene.pass_days(20)
    for ref, goal in zip(contest.campaigns, contest.goals, strict=True):
        thanks = Reward(key="card", title="Dankeskarte", minimum=Money.euro(5), stock=100)
        terms = Terms(goal=Money.euro(goal))
        scene.do(PrepareCampaign(item=ref, terms=terms, rewards=[thanks]), _author(ref))
        scene.do(CoachCampaign(item=ref, reason="Beratung zum Text und zum Ziel"), OFFICER)
        if ref == contest.campaigns[0]:
            scene.is_refused(ReadyCampaign(item=ref), OFFICER)
        scene.do(LegitimateCampaign(item=ref), OFFICER)
        scene.do(ReadyCampaign(item=ref), OFFICER)


def _fund(scene: Scene, contest: Contest, desk: _Desk) -> None:
    scene.pass_days(53)
    scene.do(OpenCampaigns(), OFFICER)
    made = 0
    row = scene.each(crowd(contest, WINDOW), "demo.pledges")
    today = 0
    for day, donations in groupby(row, key=lambda one: one.day):
        scene.pass_days(day - today)
        today = day
        for one in donations:
            made += 1
            pledge = MakePledge(
                item=one.campaign,
                pledge=RecordRef(f"p{made:04d}"),
                backer=one.backer,
                amount=one.amount,
                reward="card" if made % 5 == 0 else "",
            )
            scene.do(pledge, Actor.of(one.backer, "backer"))
        desk.night()
    first = contest.campaigns[0]
    own = MakePledge(
        item=first,
        pledge=RecordRef("own"),
        backer=_author(first).ref,
        amount=Money.euro(10),
    )
    scene.is_refused(own, _author(first))
    scene.pass_days(WINDOW - today)


def _close(scene: Scene, contest: Contest, desk: _Desk) -> None:
    late = MakePledge(
        item=contest.campaigns[0],
        pledge=RecordRef("late"),
        backer=Actor.of("backer-late", "backer").ref,
        amount=Money.euro(10),
    )
    scene.is_refused(late, Actor.of("backer-late", "backer"))
    scene.do(CloseRound(), OFFICER)
    desk.night()
    for ref, item in scene.items().items():
        if item.state == "successful":
            scene.do(ChargeCampaign(item=ref), OFFICER)
        elif item.state == "failed":
            scene.do(RefundCampaign(item=ref), OFFICER)
    charged = [ref for ref, item in scene.items().items() if item.state == "charged"]
    kept = [one for one in scene.records(Pledge).values() if one.status == "captured"]
    scene.note(
        "demo.crowd",
        heads=len({one.backer for one in kept}),
        raised=Money.total(one.amount for one in kept).cents,
        successful=len(charged),
        live=len(contest.campaigns),
    )


def _award(scene: Scene, contest: Contest) -> None:
    scene.pass_days(11)
    failed = [ref for ref, item in scene.items().items() if item.state == "refunded"]
    if contest.funded < len(contest.campaigns):
        scene.is_refused(AwardPrizes(named={failed[0]: Money.euro(1_000)}), JURY)
        named = {ref: Money.euro(1_000) for ref in contest.campaigns[:5]}
        scene.do(AwardPrizes(named=named), JURY)
    else:
        scene.do(AwardPrizes(), OFFICER)


def _pay(scene: Scene) -> None:
    scene.pass_days(8)
    for ref, item in scene.items().items():
        if item.state == "charged":
            scene.do(PayOutCampaign(item=ref), OFFICER)


def _deliver(scene: Scene) -> None:
    scene.pass_days(365)
    paid = [ref for ref, item in scene.items().items() if item.state == "paid_out"]
    scene.is_refused(DeliverCampaign(item=paid[0], report=""), OFFICER)
    for ref in paid[1:]:
        scene.do(DeliverCampaign(item=ref, report="Wie beschrieben umgesetzt."), OFFICER)
    scene.pass_days(400)
    overdue = [one for one in scene.records(Campaign).values() if one.due and not one.report]
    for one in overdue:
        text = "Später als nach 24 Monaten umgesetzt."
        scene.do(DeliverCampaign(item=ItemRef(one.ref), report=text), OFFICER)
