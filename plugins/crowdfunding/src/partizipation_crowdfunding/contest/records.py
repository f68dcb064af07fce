"""What is kept of a contest besides its items: campaigns, pledges, and who backs what.

A campaign and a backer carry sums that follow from their pledges, so that a pledge is decided
without reading all the others. They are changed in one place, by the difference between a pledge
before and after; `faults` compares them with a full recount.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping, as_set, as_tuple
from partizipation_core.kernel.privacy.kinds import NOTHING, PSEUDONYM, STATE, Kind
from partizipation_core.kernel.record import Named, Record
from partizipation_core.values import ItemRef, Money, ParticipantRef
from partizipation_crowdfunding.contest.lifecycle import DRAWN_STATES, UNDONE_STATES
from partizipation_crowdfunding.funding.rewards import Reward
from partizipation_crowdfunding.funding.terms import Terms
from partizipation_crowdfunding.payments.facts import Order, State, Want, state_of

__all__ = [
    "ONE_CAMPAIGN",
    "ONE_PLEDGE",
    "SECURED",
    "STANDING",
    "UNDOING",
    "Backer",
    "Campaign",
    "Pledge",
    "changed",
    "faults",
]

UNDOING = "undoing"
"""A pledge that was cancelled while its payment may still be held."""

STANDING = frozenset({State.WAITING, State.AUTHORISED, State.CAPTURED})
SECURED = frozenset({State.AUTHORISED, State.CAPTURED})


@frozen(kw_only=True)
class Pledge(Record):
    """A pledge (Unterstützung).

    Args:
        campaign: for which campaign.
        backer: pseudonym of who made it.
        number: its place in the order of arrival within the campaign.
        at: when it arrived.
        amount: how much.
        reward: key of what is given for it; empty for a free amount.
        anonymous: whether the backer is not to be named in public.
        receipt: whether the backer asked for a donation receipt (Zuwendungsbestätigung).
        matched: what the pot has added to it.
        cancelled: whether the backer took it back.
        facts: what is known of its payment.
    """

    privacy: ClassVar[Mapping[str, Kind]] = {"backer": PSEUDONYM, "reward": NOTHING}

    kind: ClassVar[str] = "crowdfunding/pledge"

    campaign: ItemRef
    backer: ParticipantRef
    number: int
    at: Instant
    amount: Money
    reward: str = ""
    anonymous: bool = True
    receipt: bool = False
    matched: Money = Money(0)
    cancelled: bool = False
    facts: frozenset[str] = field(factory=frozenset, converter=as_set)

    @property
    def status(self) -> str:
        """Where it stands: a state of its payment, or ``undoing``."""
        state = state_of(self.facts)
        return UNDOING if self.cancelled and state is not State.ENDED else str(state)

    def order(self, state: str) -> Order:
        """Return what is to become of its payment.

        Args:
            state: where its campaign stands.
        """
        if self.cancelled or state in UNDONE_STATES:
            want = Want.UNDO
        else:
            want = Want.DRAW if state in DRAWN_STATES else Want.HOLD
        return Order(payment=self.ref, amount=self.amount, want=want, facts=self.facts)


@frozen(kw_only=True)
class Campaign(Record):
    """A campaign (Kampagne) beside its item, whose reference it shares.

    Args:
        terms: what it asks for.
        rewards: what it gives.
        legitimated: pseudonym of who has checked that account and legal form belong together;
            empty until then.
        coached: how often it was coached.
        round: which round it is in; 0 before it is live.
        arrived: how many pledges ever arrived.
        counts: status → number of pledges.
        sums: status → cents pledged.
        heads: distinct people with a pledge whose payment is secured.
        taken: reward → how many are taken.
        matched: what the pot has added to its pledges.
        lump: what the pot has added besides.
        prize: what it has won.
        paid_out: what was paid to it.
        due: when it must be carried out; None until it was paid.
        report: what its final report says.
    """

    privacy: ClassVar[Mapping[str, Kind]] = {
        "legitimated": NOTHING,
        "rewards": STATE,
        "report": STATE,
        "taken": NOTHING,
        "terms": NOTHING,
    }

    kind: ClassVar[str] = "crowdfunding/campaign"

    terms: Terms
    rewards: tuple[Reward, ...] = field(default=(), converter=as_tuple)
    legitimated: str = ""
    coached: int = 0
    round: int = 0
    arrived: int = 0
    counts: Mapping[str, int] = field(factory=dict, converter=as_mapping)
    sums: Mapping[str, int] = field(factory=dict, converter=as_mapping)
    heads: int = 0
    taken: Mapping[str, int] = field(factory=dict, converter=as_mapping)
    matched: Money = Money(0)
    lump: Money = Money(0)
    prize: Money = Money(0)
    paid_out: Money | None = None
    due: Instant | None = None
    report: str = ""

    @property
    def secured(self) -> Money:
        """What was pledged and is secured."""
        return Money(sum(self.sums.get(status, 0) for status in SECURED))

    @property
    def captured(self) -> Money:
        """What was pledged and drawn."""
        return Money(self.sums.get(State.CAPTURED, 0))

    @property
    def public_money(self) -> Money:
        """What the town's pots add."""
        return self.matched + self.lump

    def unsettled(self, *statuses: str) -> int:
        """Count the pledges in some statuses."""
        return sum(self.counts.get(status, 0) for status in statuses)


@frozen(kw_only=True)
class Backer(Record):
    """What one person backs; the reference is the person's pseudonym.

    Args:
        standing: campaign → pledges that stand.
        secured: campaign → pledges of them that are secured.
        sums: campaign → cents pledged by those that stand.
        matched: what the pot has added to this person's pledges.
    """

    privacy: ClassVar[Mapping[str, Kind]] = {"standing": NOTHING, "secured": NOTHING}

    kind: ClassVar[str] = "crowdfunding/backer"

    standing: Mapping[str, int] = field(factory=dict, converter=as_mapping)
    secured: Mapping[str, int] = field(factory=dict, converter=as_mapping)
    sums: Mapping[str, int] = field(factory=dict, converter=as_mapping)
    matched: Money = Money(0)


ONE_CAMPAIGN = Named(Campaign, "item")  # its __init__ takes several
"""What a command about one campaign is shown."""

ONE_PLEDGE = (
    ONE_CAMPAIGN,
    Named(Pledge, "pledge"),
    Named(Backer, "backer"),
)
"""What a command about one pledge is shown."""


def _moved(counts: Mapping[str, int], *steps: tuple[str, int]) -> dict[str, int]:
    told = Counter(dict(counts))
    for key, by in steps:
        told[key] += by
    return {key: value for key, value in told.items() if value}


def changed(
    campaign: Campaign, backer: Backer, before: Pledge | None, after: Pledge
) -> tuple[Campaign, Backer]:
    """Return campaign and backer as one of their pledges changes.

    Args:
        campaign: before it.
        backer: before it.
        before: the pledge before; None where it is new.
        after: the pledge after.
    """
    for sign, one in ((-1, before), (1, after)):
        if one is not None:
            campaign, backer = _counted(campaign, backer, one, sign)
    return campaign, backer


def _counted(
    campaign: Campaign, backer: Backer, one: Pledge, sign: int
) -> tuple[Campaign, Backer]:
    cents, stands = sign * one.amount.cents, sign * (one.status in STANDING)
    secures = sign * (one.status in SECURED)
    secured = _moved(backer.secured, (campaign.ref, secures))
    head = (campaign.ref in secured) - (campaign.ref in backer.secured)
    matched = Money(sign * one.matched.cents)
    campaign = evolve(
        campaign,
        counts=_moved(campaign.counts, (one.status, sign)),
        sums=_moved(campaign.sums, (one.status, cents)),
        heads=campaign.heads + head,
        taken=_moved(campaign.taken, (one.reward, stands)) if one.reward else campaign.taken,
        matched=campaign.matched + matched,
    )
    backer = evolve(
        backer,
        standing=_moved(backer.standing, (campaign.ref, stands)),
        secured=secured,
        sums=_moved(backer.sums, (campaign.ref, cents * (one.status in STANDING))),
        matched=backer.matched + matched,
    )
    return campaign, backer


def faults(campaign: Campaign, pledges: Iterable[Pledge]) -> Iterator[str]:
    """Say where the sums of a campaign differ from a recount of its pledges.

    Args:
        campaign: as it is kept.
        pledges: all pledges of the contest.
    """
    counted = Campaign(ref=campaign.ref, terms=campaign.terms)
    backers: dict[str, Backer] = {}
    mine = [one for one in pledges if one.campaign == ItemRef(campaign.ref)]
    for one in mine:
        backer = backers.get(one.backer) or Backer(ref=campaign.ref)
        counted, backers[one.backer] = changed(counted, backer, None, one)
    for name in ("counts", "sums", "heads", "taken", "matched"):
        ours, theirs = getattr(campaign, name), getattr(counted, name)
        if ours != theirs:
            yield f"{campaign.ref}.{name}: kept as {ours}, counted as {theirs}"
    if len(mine) != campaign.arrived:
        yield f"{campaign.ref}.arrived: kept as {campaign.arrived}, counted as {len(mine)}"
