"""The port: what is asked of a payment provider (Zahlungsdienst), and of the books beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from attrs import field, frozen

from partizipation_core.freezing import as_set
from partizipation_core.values import Money
from partizipation_crowdfunding.payments.facts import Notice, Order

__all__ = ["Books", "Line", "Provider", "Unreachable"]


class Unreachable(Exception):  # noqa: N818 - says what happened
    """A request had no answer. It may have been carried out all the same."""


@frozen(kw_only=True)
class Line:
    """One payment in a provider's reconciliation file (Abgleichdatei).

    Args:
        payment: its reference.
        amount: how much.
        facts: everything that was done with it.
    """

    payment: str
    amount: Money
    facts: frozenset[str] = field(factory=frozenset, converter=as_set)


class Provider(Protocol):
    """Whoever moves money.

    Every request carries an idempotency key: asked twice with one key, a provider acts once and
    answers the same. An answer is what is known already, or None where it will be told later.
    """

    def authorise(self, payment: str, amount: Money, *, key: str) -> Notice | None:
        """Hold an amount; what was voided before is not held any more.

        Raises:
            Unreachable: no answer.
        """
        ...

    def capture(self, payment: str, amount: Money, *, key: str) -> Notice | None:
        """Draw what is held; raises as `authorise`."""
        ...

    def void(self, payment: str, amount: Money, *, key: str) -> Notice | None:
        """Let go of what is held, or see to it that it never will be; raises as `authorise`."""
        ...

    def refund(self, payment: str, amount: Money, *, key: str) -> Notice | None:
        """Give back what was drawn; raises as `authorise`."""
        ...

    def statement(self) -> Iterable[Line]:
        """Return what the provider knows of every payment."""
        ...


class Books(Protocol):
    """Where orders and facts are kept, so that they outlive this program."""

    def orders(self) -> Iterable[Order]:
        """Return every payment there is, in order of arrival."""
        ...

    def note(self, notice: Notice) -> bool:
        """Keep a fact durably; returns whether it was new.

        Raises:
            LookupError: there is no such payment.
            ValueError: it is about another amount.
        """
        ...
