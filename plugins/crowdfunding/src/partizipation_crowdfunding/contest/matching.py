"""Match money of a contest: booked with each pledge, and given up when a pledge falls away."""

from __future__ import annotations

from attrs import frozen

from partizipation_core.kernel.context import Context
from partizipation_core.money.books import Account, Act, Booking, Ledger
from partizipation_core.values import ItemRef, Money
from partizipation_crowdfunding.contest.records import Backer, Campaign, Pledge
from partizipation_crowdfunding.contest.settings import settings_of
from partizipation_crowdfunding.funding.match import Shared, lump_due, share

__all__ = ["LumpChange", "from_pot", "given_up", "kept_money", "lump_change", "share_of"]

HELD = (Account.RESERVED, Account.COMMITTED)


def share_of(amount: Money, campaign: Campaign, backer: Backer, context: Context) -> Money:
    """Return what the pot adds to a pledge that arrives now."""
    rule = settings_of(context).match
    before = Shared(
        left=context.ledger.available(rule.pot),
        campaign=campaign.public_money,
        person=backer.matched,
        first=campaign.ref not in backer.standing,
    )
    return share(rule, amount, before)


def from_pot(pot: str, act: Act, item: ItemRef, amount: Money) -> tuple[Booking, ...]:
    """Keep money of a pot for a campaign; nothing where there is nothing to keep."""
    if not amount:
        return ()
    target = Account.RESERVED if act == "reserve" else Account.COMMITTED
    return (
        Booking(
            pot=pot,
            act=act,
            source=Account.AVAILABLE,
            target=target,
            amount=amount,
            item=item,
        ),
    )


def kept_money(ledger: Ledger, item: ItemRef) -> Money:
    """Return what is kept for a campaign and not paid yet."""
    return Money.total(ledger.balance(account, item=item) for account in HELD)


def given_up(ledger: Ledger, pot: str, item: ItemRef, amount: Money) -> tuple[Booking, ...]:
    """Make money of a pot that was kept for a campaign free again."""
    bookings, left = [], amount
    for account in HELD:
        if part := min(left, ledger.balance(account, pot=pot, item=item)):
            bookings.append(
                Booking(
                    pot=pot,
                    act="release",
                    source=account,
                    target=Account.AVAILABLE,
                    amount=part,
                    item=item,
                )
            )
            left -= part
    return tuple(bookings)


@frozen(kw_only=True)
class LumpChange:
    """How a campaign's lump changes.

    Args:
        lump: what it is now.
        bookings: what is moved for it.
    """

    lump: Money
    bookings: tuple[Booking, ...] = ()


def lump_change(campaign: Campaign, freed: Money, context: Context) -> LumpChange:
    """Say whether a campaign has reached or left the threshold of a lump.

    Args:
        campaign: after the pledge has changed.
        freed: what the same act makes free in the pot.
        context: with all bookings.
    """
    rule, item = settings_of(context).match, ItemRef(campaign.ref)
    left = context.ledger.available(rule.pot) + freed + campaign.lump
    before = Shared(left=left, campaign=campaign.matched)
    lump = lump_due(rule, campaign.heads, campaign.secured, before)
    if bool(lump) is bool(campaign.lump):  # what was given once stays as it was given
        return LumpChange(lump=campaign.lump)
    bookings = (
        from_pot(rule.pot, "reserve", item, lump)
        if lump
        else given_up(context.ledger, rule.pot, item, campaign.lump)
    )
    return LumpChange(lump=lump, bookings=bookings)


def freed_by(before: Pledge, after: Pledge) -> Money:
    """Return what a pledge gives back to the pot as it changes."""
    return before.matched - after.matched
