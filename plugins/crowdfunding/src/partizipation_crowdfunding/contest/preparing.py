"""Preparation: goal, start level, rewards, legitimation, coaching; then the campaign is ready."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need, Ownership
from partizipation_core.kernel.messages import Command, Event, ItemCommand
from partizipation_core.kernel.privacy.kinds import NOTHING, OWN_WORDS, Kind
from partizipation_core.kernel.record import Every, Record
from partizipation_core.kernel.state import Item, World
from partizipation_core.kernel.steps import ItemMoved, moved, reasoned, still_before
from partizipation_core.values import ItemRef, Objection, RecordRef
from partizipation_crowdfunding.contest.records import ONE_CAMPAIGN, Campaign
from partizipation_crowdfunding.contest.settings import settings_of
from partizipation_crowdfunding.funding.rewards import Reward, reward_faults
from partizipation_crowdfunding.funding.terms import Terms

__all__ = [
    "DECIDERS",
    "CampaignCoached",
    "CampaignLegitimated",
    "CampaignPrepared",
    "CampaignsOpened",
    "CoachCampaign",
    "LegitimateCampaign",
    "OpenCampaigns",
    "PrepareCampaign",
    "ReadyCampaign",
]


@frozen(kw_only=True)
class PrepareCampaign(ItemCommand):
    """Say what a campaign asks for and gives; said again, it takes the place of what was said.

    Args:
        terms: goal and way of funding.
        rewards: what backers get.
    """

    terms: Terms
    rewards: tuple[Reward, ...] = field(default=(), converter=as_tuple)


@frozen(kw_only=True)
class LegitimateCampaign(ItemCommand):
    """Confirm that who starts a campaign was identified and owns the account (Legitimation)."""


@frozen(kw_only=True)
class CoachCampaign(ItemCommand):
    """Note that a campaign was coached (Beratung).

    Args:
        reason: what it was about, without names.
    """

    reason: str


@frozen(kw_only=True)
class ReadyCampaign(ItemCommand):
    """Find a campaign ready to go live."""


@frozen(kw_only=True)
class OpenCampaigns(Command):
    """Let every campaign that is ready go live, all at one moment."""


@frozen(kw_only=True)
class CampaignPrepared(Event):
    """Terms and rewards of a campaign were said."""

    privacy: ClassVar[Mapping[str, Kind]] = {"terms": NOTHING, "rewards": OWN_WORDS}

    item: ItemRef
    terms: Terms
    rewards: tuple[Reward, ...]

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Keep them; a legitimation stays."""
        before = world.records.get(Campaign, self.item)
        if before is None:
            yield Campaign(ref=RecordRef(self.item), terms=self.terms, rewards=self.rewards)
        else:
            yield evolve(before, terms=self.terms, rewards=self.rewards)


@frozen(kw_only=True)
class CampaignLegitimated(Event):
    """Somebody has checked who starts a campaign."""

    item: ItemRef
    by: str

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Keep who."""
        yield evolve(world.records.one(Campaign, self.item), legitimated=self.by)


@frozen(kw_only=True)
class CampaignCoached(Event):
    """A campaign was coached."""

    item: ItemRef
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Count it."""
        before = world.records.one(Campaign, self.item)
        yield evolve(before, coached=before.coached + 1)


@frozen(kw_only=True)
class CampaignsOpened(Event):
    """Campaigns went live together."""

    items: tuple[ItemRef, ...] = field(converter=as_tuple)

    def apply(self, world: World, at: Instant) -> Iterable[Item | Record]:  # noqa: ARG002
        """Begin the first round."""
        for ref in self.items:
            yield evolve(world.items[ref], state="live")
            yield evolve(world.records.one(Campaign, ref), round=1)


def _prepare_objections(command: PrepareCampaign, context: Context) -> Iterator[Objection]:
    terms, settings = command.terms, settings_of(context)
    yield from still_before(command, context, "make_ready")
    yield from terms.faults()
    yield from reward_faults(command.rewards)
    if terms.mode not in settings.modes:
        yield Objection("mode_not_offered", {"mode": terms.mode})
    if settings.largest_goal is not None and terms.goal > settings.largest_goal:
        sums = {"goal": terms.goal.cents, "largest": settings.largest_goal.cents}
        yield Objection("goal_too_large", sums)
    least = settings.least_start_level
    if terms.mode in {"two_rounds", "start_level"} and terms.minimum < least:
        params = {"minimum": terms.minimum.cents, "least": least.cents}
        yield Objection("start_level_too_low", params)


def _prepare(command: PrepareCampaign, _context: Context) -> tuple[Event, ...]:
    return (CampaignPrepared(item=command.item, terms=command.terms, rewards=command.rewards),)


def _prepared(command: ItemCommand, context: Context) -> Iterator[Objection]:
    if context.world.records.get(Campaign, command.item) is None:
        yield Objection("campaign_not_prepared", {"item": command.item})


def _legitimate_objections(command: LegitimateCampaign, context: Context) -> Iterator[Objection]:
    yield from still_before(command, context, "make_ready")
    yield from _prepared(command, context)
    if context.actor.ref == context.item(command.item).author:
        yield Objection("own_campaign", {"item": command.item})


def _legitimate(command: LegitimateCampaign, context: Context) -> tuple[Event, ...]:
    return (CampaignLegitimated(item=command.item, by=context.actor.ref),)


def _coach_objections(command: CoachCampaign, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    yield from still_before(command, context, "make_ready", "go_live")
    yield from _prepared(command, context)


def _coach(command: CoachCampaign, _context: Context) -> tuple[Event, ...]:
    return (CampaignCoached(item=command.item, reason=command.reason),)


def _ready_objections(command: ReadyCampaign, context: Context) -> Iterator[Objection]:
    yield from _prepared(command, context)
    campaign = context.world.records.get(Campaign, command.item)
    if campaign is not None and not campaign.legitimated:
        yield Objection("not_legitimated", {"item": command.item})


def _ready(command: ReadyCampaign, context: Context) -> tuple[Event, ...]:
    return (moved(context, command.item, "make_ready"),)


def _open_objections(_command: OpenCampaigns, context: Context) -> Iterator[Objection]:
    if not _waiting(context):
        yield Objection("no_campaign_ready")


def _waiting(context: Context) -> tuple[ItemRef, ...]:
    return tuple(ref for ref, one in context.world.items.items() if one.state == "ready")


def _open(_command: OpenCampaigns, context: Context) -> tuple[Event, ...]:
    return (CampaignsOpened(items=_waiting(context)),)


DECIDERS = (
    Decider(
        command=PrepareCampaign,
        decide=_prepare,
        objections=_prepare_objections,
        events=(CampaignPrepared,),
        records=(ONE_CAMPAIGN,),
        before=("make_ready",),
        ownership=Ownership.AUTHORS,
    ),
    Decider(
        command=LegitimateCampaign,
        decide=_legitimate,
        objections=_legitimate_objections,
        events=(CampaignLegitimated,),
        records=(ONE_CAMPAIGN,),
        before=("make_ready",),
    ),
    Decider(
        command=CoachCampaign,
        decide=_coach,
        objections=_coach_objections,
        events=(CampaignCoached,),
        records=(ONE_CAMPAIGN,),
        before=("make_ready", "go_live"),
    ),
    Decider(
        command=ReadyCampaign,
        decide=_ready,
        objections=_ready_objections,
        events=(ItemMoved,),
        records=(ONE_CAMPAIGN,),
        triggers=("make_ready",),
    ),
    Decider(
        command=OpenCampaigns,
        decide=_open,
        objections=_open_objections,
        events=(CampaignsOpened,),
        needs={Need.ITEMS},
        records=(Every(Campaign),),
        follows=("go_live",),
    ),
)
