"""Samples for the table of permissions: pots, milestones and grants."""

from attrs import evolve

from partizipation_core import Money
from partizipation_core.clock import Instant
from partizipation_core.commands import (
    ApplyForGrant,
    CancelPayment,
    ClaimRepayment,
    CloseYear,
    ConfirmPayment,
    DelayDelivery,
    DraftNotice,
    ErasePayee,
    ExtendGrant,
    FileAccounts,
    FundPot,
    OrderPayment,
    PlanDelivery,
    QueryAccounts,
    RecordRepayment,
    ReducePot,
    RefuseGrant,
    ReleasePayment,
    ReleaseReturned,
    ReportMilestone,
    RequestDocuments,
    RevokeGrant,
    SettleGrant,
    SignNotice,
    SupplyDocuments,
    WithdrawGrant,
)
from partizipation_core.formats.grants import GrantSettings
from partizipation_core.kernel.case import Accounts, FinancingPlan, Grant, Notice, Payment
from partizipation_core.kernel.payee import Payee
from partizipation_core.kernel.progress import Delivery, Milestone
from partizipation_core.money.books import Booking
from partizipation_core.money.costs import CostLine

ITEM, FAR = "i-1", 4_000_000_000_000_000
SUM = Money.euro(10)
LINE = CostLine(type="material", amount=SUM)
PLAN = FinancingPlan(costs=[LINE], requested=SUM)
PAYEE = Payee(name="x", iban="DE89 3704 0044 0532 0130 00")

# Each command with the state of the grant in which it can be given.
CASES = (
    (ApplyForGrant(item=ITEM, plan=PLAN, payee=PAYEE), ""),
    (SupplyDocuments(item=ITEM), "documents_requested"),
    (WithdrawGrant(item=ITEM, reason="x"), "applied"),
    (FileAccounts(item=ITEM, report="x", receipts=[LINE]), "running"),
    (RequestDocuments(item=ITEM, wanted=["x"]), "applied"),
    (RefuseGrant(item=ITEM, reason="x"), "applied"),
    (DraftNotice(item=ITEM, amount=SUM, text="x"), "applied"),
    (SignNotice(item=ITEM), "drafted"),
    (RevokeGrant(item=ITEM, reason="x"), "granted"),
    (OrderPayment(item=ITEM), "granted"),
    (ReleasePayment(item=ITEM), "ordered"),
    (CancelPayment(item=ITEM, reason="x"), "ordered"),
    (ConfirmPayment(item=ITEM), "released"),
    (QueryAccounts(item=ITEM, questions=["x"]), "accounts_filed"),
    (ExtendGrant(item=ITEM, period="use", until=FAR, reason="x"), "running"),
    (SettleGrant(item=ITEM), "accounts_filed"),
    (ClaimRepayment(item=ITEM, reason="x"), "running"),
    (RecordRepayment(item=ITEM, amount=SUM), "repayment_claimed"),
    (ErasePayee(item=ITEM), "closed"),
)
APPLICANT = (ApplyForGrant, SupplyDocuments, WithdrawGrant, FileAccounts)

SAMPLES = (
    *(sample for sample, _ in CASES),
    CloseYear(reason="x"),
    FundPot(amount=SUM, reason="x"),
    ReducePot(amount=SUM, reason="x"),
    ReleaseReturned(reason="x"),
    DelayDelivery(item=ITEM, until=FAR, reason="x"),
    PlanDelivery(item=ITEM, milestones=[Milestone(key="m", title="x")]),
    ReportMilestone(item=ITEM, milestone="m"),
)

WAYS = (
    ("reserve", "available", "reserved", 300),
    ("commit", "reserved", "committed", 200),
    ("pay", "committed", "paid", 100),
    ("give_back", "paid", "returned", 10),
)


def grant(state):
    """Lay out a case in a state, with everything that led there."""
    return Grant(
        state=state,
        plan=PLAN,
        payee="00",
        applied=Instant(1),
        notice=Notice(amount=SUM, text="x", drafted_by="first", signed=Instant(2)),
        payments=[Payment(number=1, amount=SUM, ordered_by="first", ordered=Instant(3))],
        use_by=Instant(4),
        accounts=Accounts(
            report="x", receipts=[LINE], own=Money(0), third_party=Money(0), filed=Instant(5)
        ),
        claimed=SUM,
    )


def lay_out(game, sample):
    """Let money have been booked and a case be where a sample needs it."""
    state = next((state for one, state in CASES if one is sample), None)
    wanted = GrantSettings(required=state is not None)
    game.pinned = evolve(game.pinned, settings=evolve(game.pinned.settings, grants=wanted))
    foreign = state is not None and not isinstance(sample, APPLICANT)
    game.put(
        ITEM,
        grant=grant(state) if state else None,
        author="another" if foreign else "somebody",
        delivery=Delivery(milestones=[Milestone(key="m", title="x")])
        if isinstance(sample, ReportMilestone)
        else None,
    )
    moved = [
        Booking(pot="main", act=act, source=source, target=target, amount=Money.euro(n), item=ITEM)
        for act, source, target, n in WAYS
    ]
    opened = [one for one in game.world.bookings if one.act == "fund"]
    game.world = evolve(game.world, bookings=(*opened, *moved))
