"""Applications: what something costs, who pays for it, and the papers that are still missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.formats.cases import GRANT_LIFECYCLE
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.case import FinancingPlan, Grant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Fact, Need, Ownership
from partizipation_core.kernel.dossier import Attachment
from partizipation_core.kernel.grant.step import (
    FUNDED,
    NOT_FUNDED,
    GrantEvent,
    grant_of,
    led_to,
    step_objections,
)
from partizipation_core.kernel.ledger.spending import held, released
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.payee import (
    Payee,
    PayeeEntry,
    PayeeErasure,
    committed,
    payee_objections,
)
from partizipation_core.kernel.state import Item, World
from partizipation_core.kernel.steps import reasoned
from partizipation_core.values import ItemRef, Money, Objection

__all__ = [
    "DECIDERS",
    "ApplyForGrant",
    "DocumentsRequested",
    "DocumentsSupplied",
    "GrantApplied",
    "GrantEnded",
    "RefuseGrant",
    "RequestDocuments",
    "SupplyDocuments",
    "WithdrawGrant",
    "ending",
]

_WHOLE = 100


@frozen(kw_only=True)
class ApplyForGrant(ItemCommand):
    """Apply for the money that an item was awarded (Antrag).

    Args:
        plan: costs and who pays them; both sides must come to the same sum.
        payee: who is paid; kept apart from the journal.
    """

    plan: FinancingPlan
    payee: Payee = field(repr=False)


@frozen(kw_only=True)
class RequestDocuments(ItemCommand):
    """Ask the applicant for what is missing (Nachforderung).

    Args:
        wanted: what is missing, item by item.
    """

    wanted: tuple[str, ...] = field(converter=as_tuple)


@frozen(kw_only=True)
class SupplyDocuments(ItemCommand):
    """Hand in what was missing.

    Args:
        attachments: files, kept by the application and known by their hashes.
        plan: a plan in the place of the first one; None where it stays.
        payee: a payee in the place of the first one; None where it stays.
        note: what the office is told.
    """

    attachments: tuple[Attachment, ...] = field(default=(), converter=as_tuple)
    plan: FinancingPlan | None = None
    payee: Payee | None = field(default=None, repr=False)
    note: str = ""


@frozen(kw_only=True)
class RefuseGrant(ItemCommand):
    """Refuse an application (Ablehnung); the money is free again."""

    reason: str


@frozen(kw_only=True)
class WithdrawGrant(ItemCommand):
    """Take an application back, or do without what was granted and not paid."""

    reason: str


@frozen(kw_only=True)
class GrantApplied(Event):
    """Somebody applied for the money of an item; ``payee`` is a commitment."""

    item: ItemRef
    state: str
    plan: FinancingPlan
    payee: str

    def apply(self, world: World, at: Instant) -> Iterable[Item]:
        """Open the case."""
        grant = Grant(state=self.state, plan=self.plan, payee=self.payee, applied=at)
        yield evolve(world.items[self.item], grant=grant)


@frozen(kw_only=True)
class DocumentsRequested(GrantEvent):
    """The office asked for what is missing."""

    wanted: tuple[str, ...] = field(converter=as_tuple)

    def changes(self, grant: Grant, at: Instant) -> dict[str, Any]:  # noqa: ARG002
        """Keep what is waited for."""
        return {"wanted": self.wanted}


@frozen(kw_only=True)
class DocumentsSupplied(GrantEvent):
    """The applicant handed in what was missing."""

    attachments: tuple[Attachment, ...] = field(converter=as_tuple)
    plan: FinancingPlan
    payee: str
    note: str

    def changes(self, grant: Grant, at: Instant) -> dict[str, Any]:  # noqa: ARG002
        """Wait for nothing any more."""
        return {"wanted": (), "plan": self.plan, "payee": self.payee}


@frozen(kw_only=True)
class GrantEnded(GrantEvent):
    """An application was refused or withdrawn, or a notice revoked; its money is free again."""

    reason: str

    def changes(self, grant: Grant, at: Instant) -> dict[str, Any]:  # noqa: ARG002
        """Keep the reason."""
        return {"reason": self.reason}


def ending(trigger: str, command: ItemCommand, context: Context) -> tuple[Event, ...]:
    """End a case and release what was kept for it."""
    reason = str(getattr(command, "reason", ""))
    return (
        GrantEnded(
            item=command.item,
            state=led_to(trigger, command, context),
            reason=reason,
            bookings=released(context.ledger, command.item),
        ),
    )


def plan_objections(plan: FinancingPlan, item: ItemRef, context: Context) -> Iterator[Objection]:
    """Say what speaks against a financing plan, everything at once."""
    total, funds, kept = plan.total, plan.funds, held(context.ledger, item)
    if min(plan.own.cents, plan.third_party.cents) < 0 or plan.requested.cents <= 0:
        yield Objection("plan_amount_negative")
    if total != funds:
        params = {"total": total.cents, "funds": funds.cents}
        yield Objection("plan_does_not_add_up", params)
    if plan.requested > kept:
        sums = {"requested": plan.requested.cents, "award": kept.cents}
        yield Objection("requested_over_award", {"item": item, **sums})
    yield from _share_objections(plan, context)


def _share_objections(plan: FinancingPlan, context: Context) -> Iterator[Objection]:
    wanted = context.settings.grants
    excluded = [line for line in plan.costs if line.type in wanted.excluded_costs]
    payable = plan.total - Money.total(line.amount for line in excluded)
    if excluded and plan.requested > payable:
        types = ", ".join(dict.fromkeys(line.type for line in excluded))
        params = {
            "types": types,
            "requested": plan.requested.cents,
            "payable": payable.cents,
        }
        yield Objection("costs_excluded", params)
    others = plan.own + plan.third_party
    percent = wanted.own_share_percent
    if percent and others.cents * _WHOLE < percent * plan.total.cents:
        yield Objection("own_share_too_small", {"percent": percent})


def _apply_objections(command: ApplyForGrant, context: Context) -> Iterator[Objection]:
    item = context.item(command.item)
    if not context.settings.grants.required:
        yield Objection("no_grants_here")
        return
    if item.grant is not None:
        yield Objection("applied_already", {"item": item.ref, "state": item.grant.state})
    if item.state not in FUNDED:
        yield Objection("not_awarded_yet", {"item": item.ref, "state": item.state})
        return
    yield from plan_objections(command.plan, item.ref, context)
    yield from payee_objections(command.payee)


def _apply(command: ApplyForGrant, context: Context) -> tuple[Fact, ...]:
    ref = committed(command.payee, context.nonce)
    return (
        GrantApplied(
            item=command.item, state=GRANT_LIFECYCLE.initial, plan=command.plan, payee=ref
        ),
        PayeeEntry(ref=ref, nonce=context.nonce, payee=command.payee),
    )


def _request_objections(command: RequestDocuments, context: Context) -> Iterator[Objection]:
    yield from step_objections(["request_documents"], command, context)
    if not any(one.strip() for one in command.wanted):
        yield Objection("nothing_requested")


def _request(command: RequestDocuments, context: Context) -> tuple[Event, ...]:
    state = led_to("request_documents", command, context)
    return (DocumentsRequested(item=command.item, state=state, wanted=command.wanted),)


def _supply_objections(command: SupplyDocuments, context: Context) -> Iterator[Objection]:
    yield from step_objections(["supply"], command, context, office=False)
    if command.plan is not None:
        yield from plan_objections(command.plan, command.item, context)
    if command.payee is not None:
        yield from payee_objections(command.payee)


def _supply(command: SupplyDocuments, context: Context) -> tuple[Fact, ...]:
    before, payee = grant_of(command, context), command.payee
    ref = before.payee if payee is None else committed(payee, context.nonce)
    supplied = DocumentsSupplied(
        item=command.item,
        state=led_to("supply", command, context),
        attachments=command.attachments,
        plan=command.plan or before.plan,
        payee=ref,
        note=command.note,
    )
    if payee is None:
        return (supplied,)
    entry = PayeeEntry(ref=ref, nonce=context.nonce, payee=payee)
    return (supplied, PayeeErasure(ref=before.payee), entry)


def _refuse_objections(command: RefuseGrant, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    yield from step_objections(["refuse"], command, context)


def _refuse(command: RefuseGrant, context: Context) -> tuple[Event, ...]:
    return ending("refuse", command, context)


def _withdraw_objections(command: WithdrawGrant, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    yield from step_objections(["withdraw"], command, context, office=False)


def _withdraw(command: WithdrawGrant, context: Context) -> tuple[Event, ...]:
    return ending("withdraw", command, context)


DECIDERS = (
    Decider(
        command=ApplyForGrant,
        decide=_apply,
        objections=_apply_objections,
        events=(GrantApplied,),
        never_in=NOT_FUNDED,
        needs={Need.LEDGER, Need.NONCE},
        ownership=Ownership.AUTHOR_OR_OFFICE,
    ),
    Decider(
        command=RequestDocuments,
        decide=_request,
        objections=_request_objections,
        events=(DocumentsRequested,),
        never_in=NOT_FUNDED,
    ),
    Decider(
        command=SupplyDocuments,
        decide=_supply,
        objections=_supply_objections,
        events=(DocumentsSupplied,),
        never_in=NOT_FUNDED,
        needs={Need.LEDGER, Need.NONCE},
        ownership=Ownership.AUTHOR_OR_OFFICE,
    ),
    Decider(
        command=RefuseGrant,
        decide=_refuse,
        objections=_refuse_objections,
        events=(GrantEnded,),
        never_in=NOT_FUNDED,
        needs={Need.LEDGER},
    ),
    Decider(
        command=WithdrawGrant,
        decide=_withdraw,
        objections=_withdraw_objections,
        events=(GrantEnded,),
        never_in=NOT_FUNDED,
        needs={Need.LEDGER},
        ownership=Ownership.AUTHOR_OR_OFFICE,
    ),
)
