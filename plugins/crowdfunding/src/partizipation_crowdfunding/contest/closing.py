"""Closing (Abschluss): the window is over, and each campaign has succeeded, failed, or goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.ledger.event import MoneyEvent
from partizipation_core.kernel.ledger.spending import released
from partizipation_core.kernel.messages import Command, Event, ItemCommand
from partizipation_core.kernel.privacy.kinds import NOTHING, OWN_WORDS, Kind
from partizipation_core.kernel.record import Every, Record
from partizipation_core.kernel.state import Item, World
from partizipation_core.kernel.steps import reasoned
from partizipation_core.money.books import Account, Booking
from partizipation_core.values import ItemRef, Money, Objection
from partizipation_crowdfunding.contest.records import ONE_CAMPAIGN, UNDOING, Campaign
from partizipation_crowdfunding.contest.settings import settings_of
from partizipation_crowdfunding.funding.terms import Reached, against, way
from partizipation_crowdfunding.payments.facts import State

__all__ = ["DECIDERS", "CampaignCancelled", "CancelCampaign", "CloseRound", "RoundClosed"]

_STATES = {"next_round": "live", "succeed": "successful", "fail": "failed"}


@frozen(kw_only=True)
class CloseRound(Command):
    """Say of every live campaign whether it has succeeded, failed or goes into its second round.

    A campaign with payments that are neither secured nor refused stays live and is closed by
    another such act. The command is refused while there is none that could be closed.
    """


@frozen(kw_only=True)
class CancelCampaign(ItemCommand):
    """End a live campaign before its time (Abbruch); everything pledged goes back."""

    reason: str


@frozen(kw_only=True)
class RoundClosed(MoneyEvent):
    """Campaigns were closed: match money is promised to those that succeeded.

    Args:
        ways: campaign → the step it took.
    """

    privacy: ClassVar[Mapping[str, Kind]] = {"ways": NOTHING}

    ways: Mapping[ItemRef, str] = field(converter=as_mapping)

    def apply(self, world: World, at: Instant) -> Iterable[Item | Record | Booking]:  # type: ignore[override] # noqa: ARG002
        """Book, and move each one step."""
        yield from self.bookings
        for ref, step in self.ways.items():
            yield evolve(world.items[ref], state=_STATES[step])
            campaign = world.records.one(Campaign, ref)
            if step == "next_round":
                yield evolve(campaign, round=campaign.round + 1)
            elif step == "fail":
                yield evolve(campaign, lump=Money(0))


@frozen(kw_only=True)
class CampaignCancelled(MoneyEvent):
    """A live campaign was ended."""

    privacy: ClassVar[Mapping[str, Kind]] = {"reason": OWN_WORDS}

    item: ItemRef
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Item | Record | Booking]:  # type: ignore[override] # noqa: ARG002
        """Book, and let it fail."""
        yield from self.bookings
        yield evolve(world.items[self.item], state="failed", reason=self.reason)
        yield evolve(world.records.one(Campaign, self.item), lump=Money(0))


def reached(campaign: Campaign, *, counts_match: bool) -> Reached:
    """Say how a campaign stands once its window is over."""
    added = campaign.public_money if counts_match else Money(0)
    return Reached(
        raised=campaign.secured + added if campaign.secured else Money(0),
        waiting=campaign.unsettled(State.WAITING, UNDOING),
        round=campaign.round,
    )


def _ways(context: Context) -> dict[ItemRef, str]:
    return {
        ref: way(campaign.terms, reached(campaign, counts_match=settings_of(context).match_counts))
        for ref, campaign in _live(context).items()
    }


def _live(context: Context) -> dict[ItemRef, Campaign]:
    records = context.world.records.all(Campaign)
    return {
        ItemRef(ref): records[ref]
        for ref in records
        if context.world.items[ItemRef(ref)].state == "live"
    }


def _close_objections(_command: CloseRound, context: Context) -> Iterator[Objection]:
    live = _live(context)
    if not live:
        yield Objection("no_campaign_live")
    elif not any(_ways(context).values()):
        for campaign in live.values():
            stands = reached(campaign, counts_match=settings_of(context).match_counts)
            waits = against("succeed", campaign.terms, stands)
            yield from (one for one in waits if one.code == "payments_waiting")


def _close(_command: CloseRound, context: Context) -> tuple[Event, ...]:
    ways = {ref: step for ref, step in _ways(context).items() if step}
    bookings: list[Booking] = []
    for ref, step in ways.items():
        if step == "succeed":
            bookings += context.ledger.move("commit", Account.RESERVED, Account.COMMITTED, ref)
        elif step == "fail":
            bookings += released(context.ledger, ref)
    return (RoundClosed(ways=ways, bookings=bookings),)


def _cancel(command: CancelCampaign, context: Context) -> tuple[Event, ...]:
    bookings = released(context.ledger, command.item)
    return (CampaignCancelled(item=command.item, reason=command.reason, bookings=bookings),)


DECIDERS = (
    Decider(
        command=CloseRound,
        decide=_close,
        objections=_close_objections,
        events=(RoundClosed,),
        needs={Need.ITEMS, Need.LEDGER},
        records=(Every(Campaign),),
        follows=("next_round", "succeed", "fail"),
    ),
    Decider(
        command=CancelCampaign,
        decide=_cancel,
        objections=reasoned,
        events=(CampaignCancelled,),
        needs={Need.LEDGER},
        records=(ONE_CAMPAIGN,),
        triggers=("cancel",),
    ),
)
