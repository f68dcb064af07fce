"""Books (Buchführung): every cent is moved from one account to another, and none is ever lost.

A booking holds both of its sides in one value, so that a half of it cannot exist. Balances are
added up from bookings; no counter is kept anywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, TypeAlias

from attrs import field, frozen

from partizipation_core.values import ItemRef, Money

__all__ = ["ACTS", "MAIN", "NO_ITEM", "Account", "Act", "Booking", "Ledger"]

MAIN = "main"
"""Key of the pot that every procedure with money has; others are named in its settings."""

NO_ITEM = ItemRef("")


class Account(StrEnum):
    """Where money of a pot is (Konto)."""

    OUTSIDE = "outside"
    """Not in the pot: the budget or the sponsor it came from, the year it lapsed with. The only
    account that falls below zero, by exactly what the pot holds."""
    AVAILABLE = "available"
    """Free to be awarded (verfügbar)."""
    RESERVED = "reserved"
    """Kept for an item that was approved and is not granted yet (vorgemerkt)."""
    COMMITTED = "committed"
    """Owed by a grant notice or an award (gebunden)."""
    PAID = "paid"
    """Paid or spent (ausgezahlt)."""
    RETURNED = "returned"
    """Paid, and come back (zurückgezahlt); free again once it is released."""


Act: TypeAlias = Literal[
    "fund",
    "reduce",
    "lapse",
    "carry_over",
    "reserve",
    "commit",
    "pay",
    "correct",
    "release",
    "give_back",
    "free",
]

_A = Account
ACTS: Mapping[str, frozenset[tuple[Account, Account]]] = MappingProxyType(
    {
        "fund": frozenset({(_A.OUTSIDE, _A.AVAILABLE)}),
        "reduce": frozenset({(_A.AVAILABLE, _A.OUTSIDE)}),
        "lapse": frozenset({(_A.AVAILABLE, _A.OUTSIDE)}),
        "carry_over": frozenset({(_A.AVAILABLE, _A.OUTSIDE)}),
        "reserve": frozenset({(_A.AVAILABLE, _A.RESERVED)}),
        "commit": frozenset({(_A.AVAILABLE, _A.COMMITTED), (_A.RESERVED, _A.COMMITTED)}),
        "pay": frozenset({(_A.COMMITTED, _A.PAID)}),
        "correct": frozenset({(_A.PAID, _A.COMMITTED)}),
        "release": frozenset({(_A.RESERVED, _A.AVAILABLE), (_A.COMMITTED, _A.AVAILABLE)}),
        "give_back": frozenset({(_A.PAID, _A.RETURNED)}),
        "free": frozenset({(_A.RETURNED, _A.AVAILABLE)}),
    }
)
"""Act → the ways money may take by it (source, target). There are no others."""


@frozen(kw_only=True)
class Booking:
    """An amount that is moved from one account of a pot to another (Buchungssatz).

    Args:
        pot: key of the pot.
        act: why money moves; one of `ACTS`.
        source: the account it leaves.
        target: the account it enters.
        amount: more than nothing.
        item: for which item; empty where the pot itself is filled or emptied.
        reason: why, where somebody had to say so.
    """

    pot: str
    act: Act
    source: Account = field(converter=Account)
    target: Account = field(converter=Account)
    amount: Money = field()
    item: ItemRef = NO_ITEM
    reason: str = ""

    @amount.validator
    def _more_than_nothing(self, _: object, value: Money) -> None:
        if value.cents <= 0:
            msg = f"a booking moves an amount above zero, not {value}"
            raise ValueError(msg)

    def __attrs_post_init__(self) -> None:
        if (self.source, self.target) not in ACTS.get(self.act, ()):
            msg = f"{self.act} moves no money from {self.source} to {self.target}"
            raise ValueError(msg)


class Ledger:
    """What bookings add up to (Kontenstand).

    Args:
        bookings: in their order.
    """

    def __init__(self, bookings: Iterable[Booking] = ()) -> None:
        self.bookings = tuple(bookings)
        self._cents: dict[tuple[str, ItemRef, Account], int] = defaultdict(int)
        for one in self.bookings:
            self._cents[one.pot, one.item, one.source] -= one.amount.cents
            self._cents[one.pot, one.item, one.target] += one.amount.cents

    @property
    def pots(self) -> tuple[str, ...]:
        """Every pot that was ever booked on, in the order of the first booking."""
        return tuple(dict.fromkeys(one.pot for one in self.bookings))

    def balance(self, account: Account, *, pot: str = "", item: ItemRef | None = None) -> Money:
        """Add up one account.

        Args:
            account: which.
            pot: of one pot; empty for all.
            item: of one item; None for all.
        """
        return Money(
            sum(
                cents
                for (of_pot, of_item, of_account), cents in self._cents.items()
                if of_account is account
                and pot in ("", of_pot)
                and (item is None or item == of_item)
            )
        )

    def available(self, pot: str = "") -> Money:
        """Return what can still be awarded."""
        return self.balance(Account.AVAILABLE, pot=pot)

    def bound(self, pot: str = "", item: ItemRef | None = None) -> Money:
        """Return what is reserved, committed or paid (gebunden): no longer free."""
        held = (Account.RESERVED, Account.COMMITTED, Account.PAID)
        return Money.total(self.balance(one, pot=pot, item=item) for one in held)

    def total(self, pot: str = "") -> Money:
        """Return what was put into a pot and not taken out again."""
        return Money(-self.balance(Account.OUTSIDE, pot=pot).cents)

    def parts(self, account: Account, item: ItemRef) -> dict[str, Money]:
        """Return from which pots an item has money in an account: pot → amount above zero."""
        found = {pot: self.balance(account, pot=pot, item=item) for pot in self.pots}
        return {pot: amount for pot, amount in found.items() if amount}

    def move(  # noqa: PLR0913, PLR0917 - a booking has two sides, a sum and a reason
        self,
        act: Act,
        source: Account,
        target: Account,
        item: ItemRef,
        amount: Money | None = None,
        reason: str = "",
    ) -> tuple[Booking, ...]:
        """Say how money of an item moves on, from each pot it came from in turn.

        Args:
            act: why.
            source: the account it leaves.
            target: the account it enters.
            item: whose.
            amount: how much; None for all there is.
            reason: why, if that was said.

        Raises:
            ValueError: there is less. Deciders object before it comes to that.
        """
        parts = self.parts(source, item)
        left = Money.total(parts.values()) if amount is None else amount
        moved: list[Booking] = []
        for pot, held in parts.items():
            if part := min(held, left):
                moved.append(
                    Booking(
                        pot=pot,
                        act=act,
                        source=source,
                        target=target,
                        amount=part,
                        item=item,
                        reason=reason,
                    )
                )
                left -= part
        if left:
            msg = f"{item} has {left} less in {source} than is to be moved"
            raise ValueError(msg)
        return tuple(moved)
