"""Pledges: made, taken back, and paid or not; each act moves match money with it.

The order of arrival is the order in which pledges stand in the journal. A share is kept for a
pledge from the moment it arrives. If the pledge falls away, its share is free for those that
arrive later; nothing that was shared out before is shared out anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.ledger.event import MoneyEvent
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.privacy.kinds import NOTHING, PSEUDONYM, Kind
from partizipation_core.kernel.record import Record
from partizipation_core.kernel.state import World
from partizipation_core.money.books import Booking
from partizipation_core.values import ItemRef, Money, Objection, ParticipantRef, RecordRef
from partizipation_crowdfunding.contest.matching import (
    from_pot,
    given_up,
    lump_change,
    share_of,
)
from partizipation_crowdfunding.contest.records import (
    ONE_PLEDGE,
    STANDING,
    Backer,
    Campaign,
    Pledge,
    changed,
)
from partizipation_crowdfunding.contest.settings import settings_of
from partizipation_crowdfunding.funding.rewards import reward_objections
from partizipation_crowdfunding.payments.facts import Fact

__all__ = [
    "DECIDERS",
    "CancelPledge",
    "MakePledge",
    "NotePayment",
    "PaymentNoted",
    "PledgeCancelled",
    "PledgeMade",
]

_GIVING_BACK = frozenset({"live", "successful", "charged"})
"""States in which a campaign still holds match money that can be given back."""


@frozen(kw_only=True)
class MakePledge(ItemCommand):
    """Pledge money to a campaign (unterstützen).

    Args:
        pledge: a reference that is new.
        backer: the actor's own pseudonym.
        amount: how much.
        reward: key of what is wanted for it; empty for a free amount.
        anonymous: whether not to be named in public.
        receipt: whether a donation receipt is asked for; name and address for it stay with the
            application that embeds the library.
    """

    pledge: RecordRef
    backer: ParticipantRef
    amount: Money
    reward: str = ""
    anonymous: bool = True
    receipt: bool = False


@frozen(kw_only=True)
class CancelPledge(ItemCommand):
    """Take a pledge back, until the window closes.

    Args:
        pledge: which.
        backer: the actor's own pseudonym.
    """

    pledge: RecordRef
    backer: ParticipantRef


@frozen(kw_only=True)
class NotePayment(ItemCommand):
    """Note what the payment provider has told of a pledge; what is known already changes nothing.

    Args:
        pledge: which.
        backer: who made it.
        fact: what the provider has done.
        amount: about how much, to be compared.
    """

    pledge: RecordRef
    backer: ParticipantRef
    fact: Fact = field(converter=Fact)
    amount: Money


@frozen(kw_only=True)
class PledgeMade(MoneyEvent):
    """A pledge arrived, and what the pot adds to it was kept."""

    privacy: ClassVar[Mapping[str, Kind]] = {"backer": PSEUDONYM, "reward": NOTHING}

    item: ItemRef
    pledge: RecordRef
    backer: ParticipantRef
    amount: Money
    reward: str
    anonymous: bool
    receipt: bool
    matched: Money

    def apply(self, world: World, at: Instant) -> Iterable[Booking | Record]:  # type: ignore[override]
        """Keep it at its place in the order of arrival."""
        yield from self.bookings
        campaign = world.records.one(Campaign, self.item)
        campaign = evolve(campaign, arrived=campaign.arrived + 1)
        new = Pledge(
            ref=self.pledge,
            campaign=self.item,
            backer=self.backer,
            number=campaign.arrived,
            at=at,
            amount=self.amount,
            reward=self.reward,
            anonymous=self.anonymous,
            receipt=self.receipt,
            matched=self.matched,
        )
        yield from (new, *changed(campaign, _backer(world, self.backer), None, new))


@frozen(kw_only=True)
class _PledgeChanged(MoneyEvent):
    """A pledge is otherwise than before."""

    privacy: ClassVar[Mapping[str, Kind]] = {"backer": PSEUDONYM}

    item: ItemRef
    pledge: RecordRef
    backer: ParticipantRef
    matched: Money
    lump: Money

    def _after(self, before: Pledge) -> Pledge:
        raise NotImplementedError

    def apply(self, world: World, at: Instant) -> Iterable[Booking | Record]:  # type: ignore[override] # noqa: ARG002
        """Change it, and the sums with it."""
        yield from self.bookings
        before = world.records.one(Pledge, self.pledge)
        after = evolve(self._after(before), matched=self.matched)
        campaign = world.records.one(Campaign, self.item)
        campaign, backer = changed(campaign, _backer(world, self.backer), before, after)
        yield from (after, evolve(campaign, lump=self.lump), backer)


@frozen(kw_only=True)
class PledgeCancelled(_PledgeChanged):
    """A pledge was taken back."""

    def _after(self, before: Pledge) -> Pledge:
        return evolve(before, cancelled=True)


@frozen(kw_only=True)
class PaymentNoted(_PledgeChanged):
    """Something about the payment of a pledge became known."""

    fact: Fact

    def _after(self, before: Pledge) -> Pledge:
        return evolve(before, facts=before.facts | {self.fact})


def _backer(world: World, ref: str) -> Backer:
    return world.records.get(Backer, ref) or Backer(ref=RecordRef(ref))


def _make_objections(command: MakePledge, context: Context) -> Iterator[Objection]:
    world, settings = context.world, settings_of(context)
    campaign = world.records.get(Campaign, command.item)
    if command.backer != context.actor.ref:
        yield Objection("not_your_pledge", {"pledge": command.pledge})
    if world.records.get(Pledge, command.pledge) is not None:
        yield Objection("pledge_exists", {"pledge": command.pledge})
    if context.item(command.item).author == context.actor.ref:
        yield Objection("own_campaign", {"item": command.item})
    if command.amount < settings.smallest_pledge or command.amount.cents <= 0:
        params = {"amount": command.amount.cents, "smallest": settings.smallest_pledge.cents}
        yield Objection("pledge_too_small", params)
    if campaign is None or context.item(command.item).state != "live":
        yield Objection("campaign_not_live", {"item": command.item})
        return
    yield from reward_objections(command.reward, command.amount, campaign.rewards, campaign.taken)
    yield from _limits(command, _backer(world, command.backer), context)


def _limits(command: MakePledge, backer: Backer, context: Context) -> Iterator[Objection]:
    settings = settings_of(context)
    count = backer.standing.get(command.item, 0)
    if settings.max_pledges is not None and count >= settings.max_pledges:
        yield Objection("pledges_used_up", {"item": command.item, "most": settings.max_pledges})
    total = Money(backer.sums.get(command.item, 0)) + command.amount
    if settings.max_per_backer is not None and total > settings.max_per_backer:
        params = {"total": total.cents, "most": settings.max_per_backer.cents}
        yield Objection("pledged_too_much", params)


def _make(command: MakePledge, context: Context) -> tuple[Event, ...]:
    campaign = context.world.records.one(Campaign, command.item)
    backer = _backer(context.world, command.backer)
    matched = share_of(command.amount, campaign, backer, context)
    pot = settings_of(context).match.pot
    return (
        PledgeMade(
            item=command.item,
            pledge=command.pledge,
            backer=command.backer,
            amount=command.amount,
            reward=command.reward,
            anonymous=command.anonymous,
            receipt=command.receipt,
            matched=matched,
            bookings=from_pot(pot, "reserve", command.item, matched),
        ),
    )


def _known(command: CancelPledge | NotePayment, context: Context) -> Iterator[Objection]:
    found = context.world.records.get(Pledge, command.pledge)
    if found is None or (found.campaign, found.backer) != (command.item, command.backer):
        yield Objection("pledge_unknown", {"pledge": command.pledge})


def _cancel_objections(command: CancelPledge, context: Context) -> Iterator[Objection]:
    unknown = tuple(_known(command, context))
    yield from unknown
    if command.backer != context.actor.ref:
        yield Objection("not_your_pledge", {"pledge": command.pledge})
    if context.item(command.item).state != "live":
        yield Objection("campaign_not_live", {"item": command.item})
    if unknown:
        return
    pledge = context.world.records.one(Pledge, command.pledge)
    if pledge.status not in STANDING:
        yield Objection("pledge_over", {"pledge": command.pledge})


def _cancel(command: CancelPledge, context: Context) -> tuple[Event, ...]:
    before = context.world.records.one(Pledge, command.pledge)
    return (PledgeCancelled(**_change(command, before, evolve(before, cancelled=True), context)),)


def _note_objections(command: NotePayment, context: Context) -> Iterator[Objection]:
    unknown = tuple(_known(command, context))
    yield from unknown
    if unknown:
        return
    pledge = context.world.records.one(Pledge, command.pledge)
    if pledge.amount != command.amount:
        params = {
            "pledge": pledge.ref,
            "ours": pledge.amount.cents,
            "theirs": command.amount.cents,
        }
        yield Objection("payment_differs", params)


def _note(command: NotePayment, context: Context) -> tuple[Event, ...]:
    before = context.world.records.one(Pledge, command.pledge)
    if command.fact in before.facts:
        return ()
    after = evolve(before, facts=before.facts | {command.fact})
    return (PaymentNoted(fact=command.fact, **_change(command, before, after, context)),)


def _change(
    command: CancelPledge | NotePayment, before: Pledge, after: Pledge, context: Context
) -> dict[str, Any]:
    """Work out what becomes of match money as a pledge changes."""
    item, pot = context.item(command.item), settings_of(context).match.pot
    campaign = context.world.records.one(Campaign, command.item)
    falls = after.status not in STANDING and item.state in _GIVING_BACK
    freed = before.matched if falls else Money(0)
    after = evolve(after, matched=before.matched - freed)
    later, _ = changed(campaign, _backer(context.world, command.backer), before, after)
    bookings = given_up(context.ledger, pot, command.item, freed)
    lump = campaign.lump
    if item.state == "live":
        change = lump_change(later, freed, context)
        lump, bookings = change.lump, (*bookings, *change.bookings)
    return {
        "item": command.item,
        "pledge": command.pledge,
        "backer": command.backer,
        "matched": after.matched,
        "lump": lump,
        "bookings": bookings,
    }


DECIDERS = (
    Decider(
        command=MakePledge,
        decide=_make,
        objections=_make_objections,
        events=(PledgeMade,),
        needs={Need.LEDGER},
        records=ONE_PLEDGE,
        before=("succeed",),
        personal=True,
    ),
    Decider(
        command=CancelPledge,
        decide=_cancel,
        objections=_cancel_objections,
        events=(PledgeCancelled,),
        needs={Need.LEDGER},
        records=ONE_PLEDGE,
        before=("succeed",),
        takes_back=True,
    ),
    Decider(
        command=NotePayment,
        decide=_note,
        objections=_note_objections,
        events=(PaymentNoted,),
        needs={Need.LEDGER},
        records=ONE_PLEDGE,
        after_closing=True,
    ),
)
