"""Payment orders (Auszahlungsanordnungen): ordered by one officer, released by another.

The library never moves money. It keeps the list of what is to be paid, and books a payment when
the treasury says that it was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant, end_of_day, to_wall
from partizipation_core.formats.deadlines import state_of
from partizipation_core.formats.periods import cut_off_day, last_day
from partizipation_core.kernel.case import Grant, Payment
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Fact, Need
from partizipation_core.kernel.grant.step import (
    FUNDED,
    NOT_FUNDED,
    GrantEvent,
    grant_of,
    led_to,
    other_officer,
    step_objections,
)
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.payee import PayeeErasure
from partizipation_core.kernel.steps import reasoned
from partizipation_core.money.books import Account
from partizipation_core.values import Money, Objection

__all__ = [
    "DECIDERS",
    "CancelPayment",
    "ConfirmPayment",
    "ErasePayee",
    "OrderPayment",
    "PayeeErased",
    "PaymentCancelled",
    "PaymentMade",
    "PaymentOrdered",
    "PaymentReleased",
    "ReleasePayment",
]


@frozen(kw_only=True)
class OrderPayment(ItemCommand):
    """Put a grant on the payment order list: all that was granted, or what accounts came to."""


@frozen(kw_only=True)
class ReleasePayment(ItemCommand):
    """Release a payment that somebody else ordered."""


@frozen(kw_only=True)
class CancelPayment(ItemCommand):
    """Take a payment off the list before it is released."""

    reason: str


@frozen(kw_only=True)
class ConfirmPayment(ItemCommand):
    """Say that the treasury has paid; the periods for use and accounts begin."""


@frozen(kw_only=True)
class ErasePayee(ItemCommand):
    """Erase name, address and account of a payee once the case is over (Löschung)."""


@frozen(kw_only=True)
class PaymentOrdered(GrantEvent):
    """A payment was put on the list."""

    payment: Payment

    def changes(self, grant: Grant, at: Instant) -> dict[str, Any]:  # noqa: ARG002
        """List it."""
        return {"payments": (*grant.payments, self.payment)}


@frozen(kw_only=True)
class PaymentCancelled(GrantEvent):
    """A payment was taken off the list."""

    reason: str

    def changes(self, grant: Grant, at: Instant) -> dict[str, Any]:  # noqa: ARG002
        """Forget it; the journal does not."""
        return {"payments": grant.payments[:-1]}


@frozen(kw_only=True)
class PaymentReleased(GrantEvent):
    """A payment may be made."""

    payment: Payment

    def changes(self, grant: Grant, at: Instant) -> dict[str, Any]:  # noqa: ARG002
        """Keep who released it."""
        return {"payments": (*grant.payments[:-1], self.payment)}


@frozen(kw_only=True)
class PaymentMade(GrantEvent):
    """The treasury paid."""

    use_by: Instant | None
    accounts_due: Instant | None

    def changes(self, grant: Grant, at: Instant) -> dict[str, Any]:
        """Keep when, and until when the money is to be used and accounted for."""
        paid = evolve(grant.payments[-1], paid=at)
        return {
            "payments": (*grant.payments[:-1], paid),
            "use_by": self.use_by,
            "accounts_due": self.accounts_due,
        }


@frozen(kw_only=True)
class PayeeErased(GrantEvent):
    """Name, address and account of a payee were erased."""

    payee: str = field(default="")

    def changes(self, grant: Grant, at: Instant) -> dict[str, Any]:  # noqa: ARG002
        """Forget even the commitment."""
        return {"payee": ""}


def _order_objections(command: OrderPayment, context: Context) -> Iterator[Objection]:
    yield from step_objections(["order", "order_rest"], command, context)
    grant = context.item(command.item).grant
    if grant is None:
        return
    if grant.state == "granted" and context.settings.grants.payout == "reimbursement":
        yield Objection("accounts_first", {"item": command.item})
    if not grant.payee:
        yield Objection("payee_erased", {"item": command.item})


def _order(command: OrderPayment, context: Context) -> tuple[Event, ...]:
    grant = grant_of(command, context)
    in_advance = grant.state == "granted"
    amount = grant.granted if in_advance else grant.recognised
    payment = Payment(
        number=len(grant.payments) + 1,
        amount=amount or Money(0),
        ordered_by=context.actor.ref,
        ordered=context.now,
    )
    state = led_to("order" if in_advance else "order_rest", command, context)
    return (PaymentOrdered(item=command.item, state=state, payment=payment),)


def _release_objections(command: ReleasePayment, context: Context) -> Iterator[Objection]:
    yield from step_objections(["release"], command, context)
    grant = context.item(command.item).grant
    if grant is not None and grant.payments:
        yield from other_officer(grant.payments[-1].ordered_by, context)


def _release(command: ReleasePayment, context: Context) -> tuple[Event, ...]:
    payment = evolve(grant_of(command, context).payments[-1], released_by=context.actor.ref)
    state = led_to("release", command, context)
    return (PaymentReleased(item=command.item, state=state, payment=payment),)


def _cancel_objections(command: CancelPayment, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    yield from step_objections(["cancel"], command, context)


def _cancel(command: CancelPayment, context: Context) -> tuple[Event, ...]:
    state = led_to("cancel", command, context)
    return (PaymentCancelled(item=command.item, state=state, reason=command.reason),)


def _confirm_objections(command: ConfirmPayment, context: Context) -> Iterator[Objection]:
    yield from step_objections(["pay"], command, context)


def _confirm(command: ConfirmPayment, context: Context) -> tuple[Event, ...]:
    grant, item = grant_of(command, context), command.item
    amount, settled = grant.payments[-1].amount, grant.recognised is not None
    use_by, due = (None, None) if settled else _periods(context)
    paid = context.ledger.move("pay", Account.COMMITTED, Account.PAID, item, amount)
    return (
        PaymentMade(
            item=item,
            state=led_to("pay", command, context),
            use_by=use_by,
            accounts_due=grant.accounts_due if settled else due,
            bookings=paid,
        ),
    )


def _periods(context: Context) -> tuple[Instant | None, Instant | None]:
    """Say until when the money must be used, and accounts are due."""
    wanted, zone = context.settings.grants, context.settings.timezone
    today = to_wall(context.now, zone).date()
    state = context.settings.federal_state or state_of(context.municipality)
    use = None
    if wanted.use_within_months:
        use = last_day(today, wanted.use_within_months, state)
    days: list[date] = []
    if wanted.proof_within_months:
        days.append(last_day(today, wanted.proof_within_months, state))
    if wanted.cut_off:
        days.append(cut_off_day(today, wanted.cut_off))
    return (
        None if use is None else end_of_day(use, zone),
        end_of_day(min(days), zone) if days else None,
    )


def _erase_objections(command: ErasePayee, context: Context) -> Iterator[Objection]:
    item = context.item(command.item)
    grant = item.grant
    if item.state not in (*FUNDED, "abandoned"):
        yield Objection("not_awarded_yet", {"item": item.ref, "state": item.state})
    if grant is None:
        yield Objection("no_application", {"item": command.item})
    elif not grant.ended:
        yield Objection("grant_still_open", {"item": command.item, "state": grant.state})
    elif not grant.payee:
        yield Objection("payee_erased", {"item": command.item})


def _erase(command: ErasePayee, context: Context) -> tuple[Fact, ...]:
    grant = grant_of(command, context)
    erased = PayeeErased(item=command.item, state=grant.state, payee=grant.payee)
    return (erased, PayeeErasure(ref=grant.payee))


DECIDERS = (
    Decider(
        command=OrderPayment,
        decide=_order,
        objections=_order_objections,
        events=(PaymentOrdered,),
        never_in=NOT_FUNDED,
    ),
    Decider(
        command=ReleasePayment,
        decide=_release,
        objections=_release_objections,
        events=(PaymentReleased,),
        never_in=NOT_FUNDED,
    ),
    Decider(
        command=CancelPayment,
        decide=_cancel,
        objections=_cancel_objections,
        events=(PaymentCancelled,),
        never_in=NOT_FUNDED,
    ),
    Decider(
        command=ConfirmPayment,
        decide=_confirm,
        objections=_confirm_objections,
        events=(PaymentMade,),
        never_in=NOT_FUNDED,
        needs={Need.LEDGER},
    ),
    Decider(
        command=ErasePayee,
        decide=_erase,
        objections=_erase_objections,
        events=(PayeeErased,),
        never_in=NOT_FUNDED - {"abandoned"},
        after_closing=True,
    ),
)
