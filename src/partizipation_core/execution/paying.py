"""Reading what is to be paid: released payments, put together with those whose account it is."""

from __future__ import annotations

from attrs import field, frozen

from partizipation_core.errors import NotFound
from partizipation_core.execution.execution import Execution
from partizipation_core.kernel.grant.extension import MissedPeriod, missed_periods
from partizipation_core.kernel.payee import Payee
from partizipation_core.store import Scope
from partizipation_core.values import ItemRef, Money, ParticipantRef

__all__ = ["PaymentOrder", "late_grants", "payee_of", "payment_orders"]


@frozen(kw_only=True)
class PaymentOrder:
    """One line of the payment order list (Auszahlungsliste): personal data, for the treasury.

    Args:
        item: for which item.
        reference: what stands on the transfer: procedure, reference number, number of the payment.
        name: who is paid.
        iban: on which account.
        amount: how much.
        ordered_by: pseudonym of who ordered it.
        released_by: pseudonym of who released it, somebody else.
    """

    item: ItemRef
    reference: str
    name: str = field(repr=False)
    iban: str = field(repr=False)
    amount: Money
    ordered_by: ParticipantRef
    released_by: ParticipantRef


def payment_orders(execution: Execution, scope: Scope) -> tuple[PaymentOrder, ...]:
    """List what was released and not paid yet, in the order of the items.

    Raises:
        StorageError: a payee is not the one that was applied with.
        NotFound: a payee is gone.
    """
    with execution.reading(scope) as unit:
        waiting = [
            (item, item.grant.payments[-1], unit.payees.get(item.grant.payee))
            for item in unit.items()
            if item.grant is not None and item.grant.state in ("released", "rest_released")
        ]
    orders = []
    for item, payment, payee in waiting:
        known = _known(payee, item.ref)
        order = PaymentOrder(
            item=item.ref,
            reference=f"{scope.procedure} {item.number or item.ref} {payment.number}",
            name=known.name,
            iban=known.iban,
            amount=payment.amount,
            ordered_by=payment.ordered_by,
            released_by=payment.released_by,
        )
        orders.append(order)
    return tuple(orders)


def payee_of(execution: Execution, scope: Scope, ref: ItemRef) -> Payee:
    """Return who is paid for an item.

    Raises:
        NotFound: nobody applied, or the data were erased.
        StorageError: it is not the payee that was applied with.
    """
    with execution.reading(scope) as unit:
        item = unit.item(ref)
        found = unit.payees.get(item.grant.payee) if item and item.grant else None
    return _known(found, ref)


def late_grants(execution: Execution, scope: Scope) -> tuple[MissedPeriod, ...]:
    """List the grants whose periods have passed, the longest first."""
    with execution.reading(scope) as unit:
        return missed_periods(unit.items(), execution.now())


def _known(payee: Payee | None, ref: ItemRef) -> Payee:
    if payee is None:
        msg = f"there are no payment details of {ref!r} here"
        raise NotFound(msg)
    return payee
