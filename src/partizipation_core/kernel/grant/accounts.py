"""Accounts (Verwendungsnachweis): what became of the money, and what must be paid back.

The grant fills the gap that own funds and third parties leave (Fehlbedarfsfinanzierung): it covers
the costs that are proved and may be paid, less the other funds, and never more than was granted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.case import Accounts, Grant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need, Ownership
from partizipation_core.kernel.grant.step import (
    NOT_FUNDED,
    GrantEvent,
    grant_of,
    led_to,
    step_objections,
)
from partizipation_core.kernel.ledger.spending import spent_so_far
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.steps import reasoned
from partizipation_core.money.books import Account, Ledger
from partizipation_core.money.costs import CostLine
from partizipation_core.values import Money, Objection

__all__ = [
    "DECIDERS",
    "AccountsFiled",
    "AccountsQueried",
    "ClaimRepayment",
    "FileAccounts",
    "GrantSettled",
    "QueryAccounts",
    "RecordRepayment",
    "RepaymentClaimed",
    "RepaymentReceived",
    "SettleGrant",
    "covered",
]


@frozen(kw_only=True)
class FileAccounts(ItemCommand):
    """Say what became of the money, with receipts; also the answer to questions about it.

    Args:
        report: what was done (Sachbericht).
        receipts: what was paid, line by line.
        own: own funds that were used.
        third_party: funds of others that were used.
    """

    report: str
    receipts: tuple[CostLine, ...] = field(converter=as_tuple)
    own: Money = Money(0)
    third_party: Money = Money(0)


@frozen(kw_only=True)
class QueryAccounts(ItemCommand):
    """Ask the applicant about the accounts (Rückfrage).

    Args:
        questions: what is asked, one by one.
    """

    questions: tuple[str, ...] = field(converter=as_tuple)


@frozen(kw_only=True)
class SettleGrant(ItemCommand):
    """Accept the accounts; what was paid beyond them is claimed back.

    Args:
        recognised: what the grant covers, where some receipts are not accepted; None for all
            that the accounts come to.
        reason: why less is recognised.
    """

    recognised: Money | None = None
    reason: str = ""


@frozen(kw_only=True)
class ClaimRepayment(ItemCommand):
    """Claim money back that was paid (Rückforderung), such as where no accounts come.

    Args:
        amount: how much; None for all that was paid.
        reason: why.
    """

    reason: str
    amount: Money | None = None


@frozen(kw_only=True)
class RecordRepayment(ItemCommand):
    """Say that claimed money came back; it is free once returned money is released."""

    amount: Money


@frozen(kw_only=True)
class AccountsFiled(GrantEvent):
    """Accounts came in."""

    accounts: Accounts

    def changes(self, grant: Grant, at: Instant) -> dict[str, Any]:  # noqa: ARG002
        """Keep them; nothing is waited for any more."""
        return {"accounts": self.accounts, "wanted": ()}


@frozen(kw_only=True)
class AccountsQueried(GrantEvent):
    """The office has questions about accounts."""

    questions: tuple[str, ...] = field(converter=as_tuple)

    def changes(self, grant: Grant, at: Instant) -> dict[str, Any]:  # noqa: ARG002
        """Keep what is waited for."""
        return {"wanted": self.questions}


@frozen(kw_only=True)
class GrantSettled(GrantEvent):
    """Accounts were accepted; what is not needed is free again, what was too much is claimed."""

    recognised: Money
    claimed: Money
    reason: str

    def changes(self, grant: Grant, at: Instant) -> dict[str, Any]:  # noqa: ARG002
        """Keep what they came to."""
        return {
            "recognised": self.recognised,
            "claimed": self.claimed,
            "reason": self.reason or grant.reason,
        }


@frozen(kw_only=True)
class RepaymentClaimed(GrantEvent):
    """Money was claimed back."""

    amount: Money
    reason: str

    def changes(self, grant: Grant, at: Instant) -> dict[str, Any]:  # noqa: ARG002
        """Keep how much and why."""
        return {"claimed": self.amount, "reason": self.reason}


@frozen(kw_only=True)
class RepaymentReceived(GrantEvent):
    """Claimed money came back."""

    amount: Money

    def changes(self, grant: Grant, at: Instant) -> dict[str, Any]:  # noqa: ARG002
        """Add it up."""
        return {"repaid": grant.repaid + self.amount}


def covered(grant: Grant, excluded: tuple[str, ...]) -> Money:
    """Return what a grant covers of its accounts.

    Args:
        grant: with accounts and a signed notice.
        excluded: cost types that are not paid.
    """
    if grant.accounts is None or grant.granted is None:
        return Money(0)
    accounts = grant.accounts
    payable = Money.total(one.amount for one in accounts.receipts if one.type not in excluded)
    gap = payable - accounts.own - accounts.third_party
    return min(grant.granted, max(gap, Money(0)))


def _file_objections(command: FileAccounts, context: Context) -> Iterator[Objection]:
    yield from step_objections(["file_accounts", "answer"], command, context, office=False)
    grant = context.item(command.item).grant
    in_advance = context.settings.grants.payout == "advance"
    if grant is not None and grant.state == "granted" and in_advance:
        yield Objection("payment_first", {"item": command.item})
    if not command.report.strip():
        yield Objection("report_missing")
    if min(command.own.cents, command.third_party.cents) < 0:
        yield Objection("plan_amount_negative")


def _file(command: FileAccounts, context: Context) -> tuple[Event, ...]:
    grant = grant_of(command, context)
    due = grant.accounts_due
    accounts = Accounts(
        report=command.report,
        receipts=command.receipts,
        own=command.own,
        third_party=command.third_party,
        filed=context.now,
        late=due is not None and context.now >= due,
    )
    trigger = "answer" if grant.state == "queried" else "file_accounts"
    state = led_to(trigger, command, context)
    return (AccountsFiled(item=command.item, state=state, accounts=accounts),)


def _query_objections(command: QueryAccounts, context: Context) -> Iterator[Objection]:
    yield from step_objections(["query"], command, context)
    if not any(one.strip() for one in command.questions):
        yield Objection("nothing_requested")


def _query(command: QueryAccounts, context: Context) -> tuple[Event, ...]:
    state = led_to("query", command, context)
    return (AccountsQueried(item=command.item, state=state, questions=command.questions),)


def _settle_objections(command: SettleGrant, context: Context) -> Iterator[Objection]:
    yield from step_objections(["settle"], command, context)
    grant = context.item(command.item).grant
    if grant is None or command.recognised is None:
        return
    most = covered(grant, context.settings.grants.excluded_costs)
    if not 0 <= command.recognised.cents <= most.cents:
        params = {"recognised": command.recognised.cents, "most": most.cents}
        yield Objection("recognised_over_accounts", params)
    elif command.recognised != most:
        yield from reasoned(command, context)


def _settle(command: SettleGrant, context: Context) -> tuple[Event, ...]:
    grant, ledger, item = grant_of(command, context), context.ledger, command.item
    most = covered(grant, context.settings.grants.excluded_costs)
    recognised = most if command.recognised is None else command.recognised
    paid = spent_so_far(ledger, item)
    owed, claimed = max(recognised - paid, Money(0)), max(paid - recognised, Money(0))
    trigger = "claim" if claimed else "settle" if owed else "close"
    return (
        GrantSettled(
            item=item,
            state=led_to(trigger, command, context),
            recognised=recognised,
            claimed=claimed,
            reason=command.reason,
            bookings=_all_but(owed, command, ledger),
        ),
    )


def _all_but(owed: Money, command: SettleGrant, ledger: Ledger) -> tuple[Any, ...]:
    """Release what is committed beyond what is still owed."""
    spare = ledger.balance(Account.COMMITTED, item=command.item) - owed
    return ledger.move(
        "release", Account.COMMITTED, Account.AVAILABLE, command.item, spare, command.reason
    )


def _claim_objections(command: ClaimRepayment, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    yield from step_objections(["claim"], command, context)
    paid = spent_so_far(context.ledger, command.item)
    if command.amount is not None and not 0 < command.amount.cents <= paid.cents:
        params = {"amount": command.amount.cents, "paid": paid.cents}
        yield Objection("claimed_over_paid", params)
    elif command.amount is None and not paid:
        yield Objection("nothing_was_paid", {"item": command.item})


def _claim(command: ClaimRepayment, context: Context) -> tuple[Event, ...]:
    paid = spent_so_far(context.ledger, command.item)
    return (
        RepaymentClaimed(
            item=command.item,
            state=led_to("claim", command, context),
            amount=paid if command.amount is None else command.amount,
            reason=command.reason,
        ),
    )


def _repay_objections(command: RecordRepayment, context: Context) -> Iterator[Objection]:
    yield from step_objections(["repay"], command, context)
    grant = context.item(command.item).grant
    left = grant.claimed - grant.repaid if grant is not None else Money(0)
    if grant is not None and not 0 < command.amount.cents <= left.cents:
        params = {"amount": command.amount.cents, "left": left.cents}
        yield Objection("repaid_over_claim", params)


def _repay(command: RecordRepayment, context: Context) -> tuple[Event, ...]:
    grant = grant_of(command, context)
    whole = grant.repaid + command.amount == grant.claimed
    back = (Account.PAID, Account.RETURNED, command.item, command.amount)
    return (
        RepaymentReceived(
            item=command.item,
            state=led_to("repay" if whole else "repay_in_part", command, context),
            amount=command.amount,
            bookings=context.ledger.move("give_back", *back),
        ),
    )


DECIDERS = (
    Decider(
        command=FileAccounts,
        decide=_file,
        objections=_file_objections,
        events=(AccountsFiled,),
        never_in=NOT_FUNDED,
        ownership=Ownership.AUTHOR_OR_OFFICE,
    ),
    Decider(
        command=QueryAccounts,
        decide=_query,
        objections=_query_objections,
        events=(AccountsQueried,),
        never_in=NOT_FUNDED,
    ),
    Decider(
        command=SettleGrant,
        decide=_settle,
        objections=_settle_objections,
        events=(GrantSettled,),
        never_in=NOT_FUNDED,
        needs={Need.LEDGER},
    ),
    Decider(
        command=ClaimRepayment,
        decide=_claim,
        objections=_claim_objections,
        events=(RepaymentClaimed,),
        never_in=NOT_FUNDED,
        needs={Need.LEDGER},
    ),
    Decider(
        command=RecordRepayment,
        decide=_repay,
        objections=_repay_objections,
        events=(RepaymentReceived,),
        never_in=NOT_FUNDED,
        needs={Need.LEDGER},
    ),
)
