"""A grant as it stands (Zuwendungsfall): what was asked for, granted, paid, accounted for.

It names nobody: who is paid, and on which account, is kept apart and can be erased; what stands
here in its place is a commitment to it.
"""

from __future__ import annotations

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.formats.cases import ENDED
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.dossier import NOBODY
from partizipation_core.money.costs import CostLine
from partizipation_core.values import Money, ParticipantRef

__all__ = ["Accounts", "FinancingPlan", "Grant", "Notice", "Payment"]


@frozen(kw_only=True)
class FinancingPlan:
    """What something costs and who pays it (Kosten- und Finanzierungsplan).

    Args:
        costs: the costs, line by line.
        own: own funds of the applicant (Eigenmittel).
        third_party: funds of others (Drittmittel).
        requested: what the grant shall cover.
    """

    costs: tuple[CostLine, ...] = field(converter=as_tuple)
    own: Money = Money(0)
    third_party: Money = Money(0)
    requested: Money

    @property
    def total(self) -> Money:
        """All costs together."""
        return Money.total(line.amount for line in self.costs)

    @property
    def funds(self) -> Money:
        """All that pays for them."""
        return self.own + self.third_party + self.requested


@frozen(kw_only=True)
class Notice:
    """A grant notice (Zuwendungsbescheid).

    Args:
        amount: what is granted.
        text: its text, without names and addresses.
        drafted_by: who drafted it.
        signed_by: who signed it, somebody else; empty until then.
        signed: when; None until then.
    """

    amount: Money
    text: str
    drafted_by: ParticipantRef
    signed_by: ParticipantRef = NOBODY
    signed: Instant | None = None


@frozen(kw_only=True)
class Payment:
    """One line of a payment order list; the money itself is moved by the treasury.

    Args:
        number: from 1, within the grant.
        amount: how much.
        ordered_by: who ordered it.
        ordered: when.
        released_by: who released it, somebody else; empty until then.
        paid: when the treasury said that it was paid; None until then.
    """

    number: int
    amount: Money
    ordered_by: ParticipantRef
    ordered: Instant
    released_by: ParticipantRef = NOBODY
    paid: Instant | None = None


@frozen(kw_only=True)
class Accounts:
    """What became of the money (Verwendungsnachweis): narrative and receipts.

    Args:
        report: the narrative (Sachbericht).
        receipts: the receipts, line by line (zahlenmäßiger Nachweis).
        own: own funds that were used.
        third_party: funds of others that were used.
        filed: when they came in.
        late: whether that was after the day they were due.
    """

    report: str
    receipts: tuple[CostLine, ...] = field(converter=as_tuple)
    own: Money
    third_party: Money
    filed: Instant
    late: bool = False


@frozen(kw_only=True)
class Grant:
    """A grant on its path.

    Args:
        state: where it stands in `formats.cases.GRANT_LIFECYCLE`.
        plan: the financing plan.
        payee: commitment to who is paid and where, hexadecimal; empty once that was erased.
        applied: when the application came in.
        wanted: the documents that are waited for, or the questions about accounts.
        notice: the notice, as far as it is drafted.
        payments: what was ordered to be paid.
        use_by: the instant before which the money must be used; None where there is no such day.
        accounts_due: the instant before which accounts must come in.
        accounts: the accounts, as they came in last.
        recognised: what of the accounts the grant covers; None until they are settled.
        claimed: what has to be paid back (Rückforderung).
        repaid: what of it came back.
        reason: why it was refused, withdrawn, revoked or claimed back.
    """

    state: str
    plan: FinancingPlan
    payee: str
    applied: Instant
    wanted: tuple[str, ...] = field(default=(), converter=as_tuple)
    notice: Notice | None = None
    payments: tuple[Payment, ...] = field(default=(), converter=as_tuple)
    use_by: Instant | None = None
    accounts_due: Instant | None = None
    accounts: Accounts | None = None
    recognised: Money | None = None
    claimed: Money = Money(0)
    repaid: Money = Money(0)
    reason: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in ENDED

    @property
    def granted(self) -> Money | None:
        """What a signed notice grants; None where there is none."""
        signed = self.notice is not None and self.notice.signed is not None
        return self.notice.amount if self.notice is not None and signed else None
