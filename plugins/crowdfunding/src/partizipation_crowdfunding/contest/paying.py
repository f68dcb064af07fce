"""Payout (Auszahlung): pledges are drawn or given back, campaigns are paid and deliver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from attrs import evolve, frozen

from partizipation_core.clock import Instant, end_of_day, to_wall
from partizipation_core.formats.deadlines import state_of
from partizipation_core.formats.periods import last_day
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.ledger.event import MoneyEvent
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.privacy.kinds import OWN_WORDS, Kind
from partizipation_core.kernel.record import Record
from partizipation_core.kernel.state import Item, World
from partizipation_core.kernel.steps import ItemMoved, moved
from partizipation_core.money.books import Account, Booking
from partizipation_core.values import ItemRef, Money, Objection
from partizipation_crowdfunding.contest.matching import kept_money
from partizipation_crowdfunding.contest.records import ONE_CAMPAIGN, UNDOING, Campaign
from partizipation_crowdfunding.contest.settings import settings_of
from partizipation_crowdfunding.payments.facts import State

__all__ = [
    "DECIDERS",
    "CampaignDelivered",
    "CampaignPaidOut",
    "ChargeCampaign",
    "DeliverCampaign",
    "PayOutCampaign",
    "RefundCampaign",
]


@frozen(kw_only=True)
class ChargeCampaign(ItemCommand):
    """State that everything pledged to a successful campaign was drawn, or never will be."""


@frozen(kw_only=True)
class RefundCampaign(ItemCommand):
    """State that everything pledged to a failed campaign went back."""


@frozen(kw_only=True)
class PayOutCampaign(ItemCommand):
    """Record that a campaign was paid: what was drawn less the fee, match money and prize."""


@frozen(kw_only=True)
class DeliverCampaign(ItemCommand):
    """Accept the final report of a campaign that was carried out.

    Args:
        report: what was done and given, for the public.
    """

    report: str


@frozen(kw_only=True)
class CampaignPaidOut(MoneyEvent):
    """A campaign was paid.

    Args:
        item: which.
        pledged: what backers paid.
        fee: what the payment provider kept of it.
        added: what came from the town's pots.
        due: when it must be carried out.
    """

    item: ItemRef
    pledged: Money
    fee: Money
    added: Money
    due: Instant

    def apply(self, world: World, at: Instant) -> Iterable[Item | Record | Booking]:  # type: ignore[override] # noqa: ARG002
        """Book, and keep what was paid."""
        yield from self.bookings
        yield evolve(world.items[self.item], state="paid_out", award=self.added or None)
        paid = self.pledged - self.fee + self.added
        yield evolve(world.records.one(Campaign, self.item), paid_out=paid, due=self.due)


@frozen(kw_only=True)
class CampaignDelivered(Event):
    """A campaign was carried out and has reported."""

    privacy: ClassVar[Mapping[str, Kind]] = {"report": OWN_WORDS}

    item: ItemRef
    report: str

    def apply(self, world: World, at: Instant) -> Iterable[Item | Record]:  # noqa: ARG002
        """Keep the report."""
        yield evolve(world.items[self.item], state="delivered")
        yield evolve(world.records.one(Campaign, self.item), report=self.report)


def _unsettled(command: ItemCommand, context: Context, *statuses: str) -> Iterator[Objection]:
    campaign = context.world.records.get(Campaign, command.item)
    if campaign is not None and (waiting := campaign.unsettled(*statuses)):
        yield Objection("payments_waiting", {"waiting": waiting})


def _charge_objections(command: ChargeCampaign, context: Context) -> Iterator[Objection]:
    yield from _unsettled(command, context, State.WAITING, State.AUTHORISED, UNDOING)


def _charge(command: ChargeCampaign, context: Context) -> tuple[Event, ...]:
    return (moved(context, command.item, "charge"),)


def _refund_objections(command: RefundCampaign, context: Context) -> Iterator[Objection]:
    held = (State.WAITING, State.AUTHORISED, State.CAPTURED, UNDOING)
    yield from _unsettled(command, context, *held)


def _refund(command: RefundCampaign, context: Context) -> tuple[Event, ...]:
    return (moved(context, command.item, "refund"),)


def _pay_out(command: PayOutCampaign, context: Context) -> tuple[Event, ...]:
    campaign, settings = context.world.records.one(Campaign, command.item), settings_of(context)
    pledged = campaign.captured
    bookings = context.ledger.move("pay", Account.COMMITTED, Account.PAID, command.item)
    return (
        CampaignPaidOut(
            item=command.item,
            pledged=pledged,
            fee=Money(pledged.cents * settings.fee_permille // 1000),
            added=kept_money(context.ledger, command.item),
            due=_due(context),
            bookings=bookings,
        ),
    )


def _due(context: Context) -> Instant:
    """Return the end of the last day on which a campaign is to be carried out."""
    settings, zone = settings_of(context), settings_of(context).timezone
    state = settings.federal_state or state_of(context.municipality)
    day = last_day(to_wall(context.now, zone).date(), settings.months, state)
    return end_of_day(day, zone)


def _deliver_objections(command: DeliverCampaign, _context: Context) -> Iterator[Objection]:
    if not command.report.strip():
        yield Objection("campaign_report_missing", {"item": command.item})


def _deliver(command: DeliverCampaign, _context: Context) -> tuple[Event, ...]:
    return (CampaignDelivered(item=command.item, report=command.report),)


DECIDERS = (
    Decider(
        command=ChargeCampaign,
        decide=_charge,
        objections=_charge_objections,
        events=(ItemMoved,),
        records=(ONE_CAMPAIGN,),
        triggers=("charge",),
    ),
    Decider(
        command=RefundCampaign,
        decide=_refund,
        objections=_refund_objections,
        events=(ItemMoved,),
        records=(ONE_CAMPAIGN,),
        triggers=("refund",),
    ),
    Decider(
        command=PayOutCampaign,
        decide=_pay_out,
        events=(CampaignPaidOut,),
        needs={Need.LEDGER},
        records=(ONE_CAMPAIGN,),
        triggers=("pay_out",),
    ),
    Decider(
        command=DeliverCampaign,
        decide=_deliver,
        objections=_deliver_objections,
        events=(CampaignDelivered,),
        records=(ONE_CAMPAIGN,),
        triggers=("deliver",),
    ),
)
