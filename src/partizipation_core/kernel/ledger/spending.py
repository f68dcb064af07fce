"""Spending: what an item has cost so far, and what of its money is free again."""

from __future__ import annotations

from partizipation_core.money.books import Account, Booking, Ledger
from partizipation_core.values import ItemRef, Money

__all__ = ["held", "released", "settled", "spend", "spent_so_far"]


def spent_so_far(ledger: Ledger, item: ItemRef) -> Money:
    """Return what was paid for an item and did not come back."""
    return ledger.balance(Account.PAID, item=item)


def held(ledger: Ledger, item: ItemRef) -> Money:
    """Return what is kept for an item and not paid yet."""
    return ledger.balance(Account.RESERVED, item=item) + ledger.balance(
        Account.COMMITTED, item=item
    )


def spend(ledger: Ledger, item: ItemRef, spent: Money, reason: str = "") -> tuple[Booking, ...]:
    """Book that an item has cost so much by now, more or less than was told before."""
    if not ledger.bound(item=item):
        return ()
    more = spent - spent_so_far(ledger, item)
    if more.cents > 0:
        return ledger.move("pay", Account.COMMITTED, Account.PAID, item, more, reason)
    back = Money(-more.cents)
    return ledger.move("correct", Account.PAID, Account.COMMITTED, item, back, reason)


def released(ledger: Ledger, item: ItemRef, reason: str = "") -> tuple[Booking, ...]:
    """Book everything that is kept for an item and not paid back to where it can be awarded."""
    kept = (Account.RESERVED, Account.COMMITTED)
    return tuple(
        booking
        for account in kept
        for booking in ledger.move("release", account, Account.AVAILABLE, item, None, reason)
    )


def settled(ledger: Ledger, item: ItemRef, spent: Money, reason: str = "") -> tuple[Booking, ...]:
    """Book what an item cost in the end, and release the rest."""
    last = spend(ledger, item, spent, reason)
    return (*last, *released(Ledger((*ledger.bookings, *last)), item, reason))
