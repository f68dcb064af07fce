"""The accountability report (Rechenschaftsbericht): every cent of the pots and what came of it.

All amounts are added up from bookings, all percentages come from one function; what nobody has
said is told as such and never as zero.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.progress import Delivery, weighted_percent
from partizipation_core.kernel.state import Item
from partizipation_core.kernel.visibility import public
from partizipation_core.money.books import MAIN, Account, Ledger
from partizipation_core.platform import ProcedureHandle
from partizipation_core.reports.tables import Cell
from partizipation_core.texts import Wording

__all__ = [
    "ACCOUNT_COLUMNS",
    "Accountability",
    "DeliveryLine",
    "PotLine",
    "account_rows",
    "accountability",
]

ACCOUNT_COLUMNS = (
    "item",
    "title",
    "area",
    "category",
    "state",
    "grant",
    "planned",
    "spent",
    "kept",
    "returned",
    "percent",
    "due",
    "delays",
    "reason",
)
"""What is published of each item: these fields and no others."""


@frozen(kw_only=True)
class PotLine:
    """Where the money of one pot is; amounts in minor units.

    ``total`` is always the sum of the five accounts.
    """

    pot: str
    title: str
    total: int
    available: int
    reserved: int
    committed: int
    paid: int
    returned: int


@frozen(kw_only=True)
class DeliveryLine:
    """One item that was awarded money, and what came of it; amounts in minor units.

    Args:
        item: its reference.
        title: its title.
        area: where it belongs.
        category: what kind it is.
        state: code of where it stands.
        grant: code of where its grant stands; empty without one.
        planned: what it was awarded.
        spent: what was paid for it and did not come back.
        kept: what is still kept for it.
        returned: what came back after it was paid.
        percent: 0 to 100; None where nobody has said anything.
        due: when it is to be ready; None where nothing was told.
        milestones: title and percentage of each step.
        delays: a sentence for each delay.
        note: what the public is told.
        reason: why it was changed or given up.
    """

    item: str
    title: str
    area: str
    category: str
    state: str
    grant: str
    planned: int
    spent: int
    kept: int
    returned: int
    percent: int | None
    due: Instant | None
    milestones: tuple[tuple[str, int], ...] = field(converter=as_tuple)
    delays: tuple[str, ...] = field(converter=as_tuple)
    note: str
    reason: str


@frozen(kw_only=True)
class Accountability:
    """What became of the money of a procedure.

    Args:
        title: name of the procedure.
        municipality: name of the town.
        generated_at: as of when.
        currency: three letters (ISO 4217).
        zone: name of the procedure's time zone.
        pots: the pots, in the order in which they were filled.
        lines: the items that were awarded money, in the order of their references.
    """

    title: str
    municipality: str
    generated_at: Instant
    currency: str
    zone: str
    pots: tuple[PotLine, ...] = field(converter=as_tuple)
    lines: tuple[DeliveryLine, ...] = field(converter=as_tuple)

    @property
    def percent(self) -> int | None:
        """How far everything has come, weighted by awards; None where nobody has said anything.

        An item of which nothing was said counts as not begun beside others that tell something.
        """
        if all(line.percent is None for line in self.lines):
            return None
        return weighted_percent((line.planned, line.percent or 0) for line in self.lines)

    @property
    def planned(self) -> int:
        """All awards together."""
        return sum(line.planned for line in self.lines)

    @property
    def spent(self) -> int:
        """All that was spent."""
        return sum(line.spent for line in self.lines)


def accountability(
    handle: ProcedureHandle,
    wording: Wording,
    *,
    title: str,
    municipality: str,
    generated_at: Instant,
) -> Accountability:
    """Put the report of a procedure together.

    Args:
        handle: the procedure.
        wording: writes delays for the reader.
        title: name of the procedure.
        municipality: name of the town.
        generated_at: as of when.
    """
    settings, ledger = handle.settings(), handle.ledger()
    named = {pot.key: pot.title or pot.key for pot in settings.pots}
    return Accountability(
        title=title,
        municipality=municipality,
        generated_at=generated_at,
        currency=settings.currency,
        zone=settings.zone,
        pots=[
            _pot(key, named.get(key) or wording.label("pot", MAIN), ledger) for key in ledger.pots
        ],
        lines=[_line(item, ledger, wording) for item in handle.items() if item.award is not None],
    )


def account_rows(report: Accountability) -> list[dict[str, Cell]]:
    """Return the items of a report as rows, money in minor units.

    Args:
        report: the report.
    """
    return [
        {
            **{name: getattr(line, name) for name in ACCOUNT_COLUMNS},
            "delays": " ".join(line.delays),
        }
        for line in report.lines
    ]


def _pot(key: str, title: str, ledger: Ledger) -> PotLine:
    inside = [account for account in Account if account is not Account.OUTSIDE]
    balances = {one.value: ledger.balance(one, pot=key).cents for one in inside}
    return PotLine(pot=key, title=title, total=ledger.total(key).cents, **balances)


def _line(item: Item, ledger: Ledger, wording: Wording) -> DeliveryLine:
    delivery, award = item.delivery or Delivery(), item.award
    booked = bool(ledger.bookings)
    paid = ledger.balance(Account.PAID, item=item.ref) if booked else delivery.spent
    kept = ledger.bound(item=item.ref) - ledger.balance(Account.PAID, item=item.ref)
    seen = public(item)
    return DeliveryLine(
        item=item.ref,
        title=item.title if seen else wording.sentence("hidden.title"),
        area=item.area,
        category=item.category,
        state=item.state,
        grant=item.grant.state if item.grant is not None else "",
        planned=award.cents if award is not None else 0,
        spent=paid.cents,
        kept=kept.cents,
        returned=_came_back(item, ledger),
        percent=delivery.percent,
        due=delivery.due,
        milestones=[(one.title, one.percent) for one in delivery.milestones],
        delays=_delays(delivery, wording),
        note=delivery.note if seen else "",
        reason=item.reason if seen else "",
    )


def _came_back(item: Item, ledger: Ledger) -> int:
    """Add up what was given back, whether or not it is free again."""
    own = (one for one in ledger.bookings if one.item == item.ref)
    return sum(one.amount.cents for one in own if one.act == "give_back")


def _delays(delivery: Delivery, wording: Wording) -> Sequence[str]:
    """Tell each delay with its last whole day; periods end with the first instant after it."""
    return [
        wording.sentence("accountability.delay", {"until": one.until - 1, "reason": one.reason})
        for one in delivery.delays
    ]
