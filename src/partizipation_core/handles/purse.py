"""Purse: the books, grants and who was awarded something."""

from __future__ import annotations

from partizipation_core.clock import to_wall
from partizipation_core.execution.paying import (
    PaymentOrder,
    late_grants,
    payee_of,
    payment_orders,
)
from partizipation_core.handles.base import Base, known
from partizipation_core.kernel.award import ItemsAwarded
from partizipation_core.kernel.grant.extension import MissedPeriod
from partizipation_core.kernel.payee import Payee
from partizipation_core.money.books import Ledger
from partizipation_core.values import (
    ItemRef,
    ParticipantRef,
)

_KEPT = ("awarded", "in_progress", "changed", "done")

__all__ = ["Purse"]


class Purse(Base):
    """The part of a handle that is about money."""

    def ledger(self) -> Ledger:
        """Return the books: every booking, and what they add up to.

        Raises:
            NotFound: the procedure was never opened.
        """
        with self._unit() as unit:
            known(unit.present().body, f"procedure {self._scope.procedure!r}")
            return Ledger(unit.books.all())

    def winners(self) -> dict[ParticipantRef, int]:
        """Return who was awarded money and has not given it up → the year of the award."""
        items = {item.ref: item for item in self.items()}
        kept = {ref for ref, item in items.items() if item.award and item.state in _KEPT}
        zone = self.settings().timezone
        return {
            items[ref].author: to_wall(one.at, zone).year
            for one in self.journal()
            if isinstance(one.event, ItemsAwarded)
            for ref in one.event.amounts
            if ref in kept
        }

    def payment_orders(self) -> tuple[PaymentOrder, ...]:
        """Return what was released to be paid, with accounts: for the treasury only.

        Raises:
            NotFound: the details of a payee are gone.
            StorageError: they are not those that were applied with.
        """
        return payment_orders(self._execution, self._scope)

    def payee(self, ref: str) -> Payee:
        """Return who is paid for an item: for the granting office only.

        Raises:
            NotFound: nobody applied, or the data were erased.
            StorageError: they are not those that were applied with.
        """
        return payee_of(self._execution, self._scope, ItemRef(ref))

    def late_grants(self) -> tuple[MissedPeriod, ...]:
        """Return the grants whose money should have been used or accounted for by now."""
        return late_grants(self._execution, self._scope)
