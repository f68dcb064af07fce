"""Notices (Bescheide): drafted by one officer, signed by another; revoked before money is paid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import evolve, frozen

from partizipation_core.clock import Instant
from partizipation_core.kernel.case import Grant, Notice
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.grant.application import GrantEnded, ending
from partizipation_core.kernel.grant.step import (
    NOT_FUNDED,
    GrantEvent,
    grant_of,
    led_to,
    other_officer,
    step_objections,
)
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.steps import reasoned
from partizipation_core.money.books import Account, Booking, Ledger
from partizipation_core.values import Money, Objection, ParticipantRef

__all__ = [
    "DECIDERS",
    "DraftNotice",
    "NoticeDrafted",
    "NoticeSigned",
    "RevokeGrant",
    "SignNotice",
]


@frozen(kw_only=True)
class DraftNotice(ItemCommand):
    """Draft a grant notice.

    Args:
        amount: what is granted, at most what was applied for.
        text: the text, completed by hand; `reports.notice_text` writes a first one from the data.
            Names and addresses are put in when it is printed, since the text is kept for good.
    """

    amount: Money
    text: str


@frozen(kw_only=True)
class SignNotice(ItemCommand):
    """Sign a notice that somebody else drafted; from then on the money is committed."""


@frozen(kw_only=True)
class RevokeGrant(ItemCommand):
    """Take back a notice before anything is paid (Widerruf); the money is free again."""

    reason: str


@frozen(kw_only=True)
class NoticeDrafted(GrantEvent):
    """A notice was drafted, or drafted anew."""

    amount: Money
    text: str
    by: ParticipantRef

    def changes(self, grant: Grant, at: Instant) -> dict[str, Any]:  # noqa: ARG002
        """Keep the draft."""
        return {"notice": Notice(amount=self.amount, text=self.text, drafted_by=self.by)}


@frozen(kw_only=True)
class NoticeSigned(GrantEvent):
    """A notice was signed: what it grants is owed, and what it does not is free again."""

    by: ParticipantRef

    def changes(self, grant: Grant, at: Instant) -> dict[str, Any]:
        """Put it in force."""
        assert grant.notice is not None  # noqa: S101 - narrowing
        return {"notice": evolve(grant.notice, signed_by=self.by, signed=at)}


def _draft_objections(command: DraftNotice, context: Context) -> Iterator[Objection]:
    yield from step_objections(["draft"], command, context)
    grant = context.item(command.item).grant
    asked = grant.plan.requested if grant is not None else Money(0)
    if grant is not None and not 0 < command.amount.cents <= asked.cents:
        params = {"amount": command.amount.cents, "requested": asked.cents}
        yield Objection("granted_over_request", params)
    if not command.text.strip():
        yield Objection("notice_empty")


def _draft(command: DraftNotice, context: Context) -> tuple[Event, ...]:
    return (
        NoticeDrafted(
            item=command.item,
            state=led_to("draft", command, context),
            amount=command.amount,
            text=command.text,
            by=context.actor.ref,
        ),
    )


def _sign_objections(command: SignNotice, context: Context) -> Iterator[Objection]:
    yield from step_objections(["sign"], command, context)
    grant = context.item(command.item).grant
    if grant is not None and grant.notice is not None:
        yield from other_officer(grant.notice.drafted_by, context)


def _sign(command: SignNotice, context: Context) -> tuple[Event, ...]:
    notice = grant_of(command, context).notice
    assert notice is not None  # noqa: S101 - narrowing: only a draft can be signed
    return (
        NoticeSigned(
            item=command.item,
            state=led_to("sign", command, context),
            by=context.actor.ref,
            bookings=_granting(command, notice.amount, context.ledger),
        ),
    )


def _granting(command: SignNotice, amount: Money, ledger: Ledger) -> tuple[Booking, ...]:
    """Commit what is granted and release what was reserved beyond it."""
    reserved, item = Account.RESERVED, command.item
    bound = ledger.move("commit", reserved, Account.COMMITTED, item, amount)
    rest = Ledger((*ledger.bookings, *bound))
    return (*bound, *rest.move("release", reserved, Account.AVAILABLE, item))


def _revoke_objections(command: RevokeGrant, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    yield from step_objections(["revoke"], command, context)


def _revoke(command: RevokeGrant, context: Context) -> tuple[Event, ...]:
    return ending("revoke", command, context)


DECIDERS = (
    Decider(
        command=DraftNotice,
        decide=_draft,
        objections=_draft_objections,
        events=(NoticeDrafted,),
        never_in=NOT_FUNDED,
    ),
    Decider(
        command=SignNotice,
        decide=_sign,
        objections=_sign_objections,
        events=(NoticeSigned,),
        never_in=NOT_FUNDED,
        needs={Need.LEDGER},
    ),
    Decider(
        command=RevokeGrant,
        decide=_revoke,
        objections=_revoke_objections,
        events=(GrantEnded,),
        never_in=NOT_FUNDED,
        needs={Need.LEDGER},
    ),
)
