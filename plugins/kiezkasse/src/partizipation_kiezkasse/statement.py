"""Statement (Abrechnung): what became of the money of each Kiez, to the cent.

Every figure is added up from bookings, and three equations hold for each Kiez and for all of them;
`faults` names those that do not. The published statement names projects and no people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from attrs import asdict, field, frozen

from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.state import Item
from partizipation_core.money.books import Account, Act, Ledger
from partizipation_core.platform import ProcedureHandle
from partizipation_core.reports.tables import Cell
from partizipation_core.values import Money
from partizipation_kiezkasse.programme import Programme

__all__ = ["COLUMNS", "PROJECT_COLUMNS", "Figures", "Project", "Row", "Statement", "statement"]


@frozen(kw_only=True)
class Figures:
    """Sums of money of one Kiez, or of all.

    Args:
        share: what was put into the pot, less what was taken out by a cut.
        approved: what assemblies approved, remainder rounds included.
        released: what became free again: projects that failed, and savings that came back.
        granted: what signed notices grant, those that were revoked left out.
        paid: what was paid out.
        repaid: what of it came back.
        settled: what accounts were accepted for.
        open: what is still owed, or paid and not settled.
        lapsed: what was left at the end of the year.
        rest: what is still in the pot and promised to nobody.
    """

    share: Money = Money(0)
    approved: Money = Money(0)
    released: Money = Money(0)
    granted: Money = Money(0)
    paid: Money = Money(0)
    repaid: Money = Money(0)
    settled: Money = Money(0)
    open: Money = Money(0)
    lapsed: Money = Money(0)
    rest: Money = Money(0)

    def __add__(self, other: Figures) -> Figures:
        """Add up figure by figure."""
        mine, theirs = _sums(self), _sums(other)
        return Figures(**{name: mine[name] + theirs[name] for name in mine})

    def faults(self) -> Iterator[str]:
        """Say which equation does not hold."""
        left = self.share - self.approved + self.released - self.lapsed
        if left != self.rest:
            yield f"share - approved + released - lapsed is {left}, the rest is {self.rest}"
        kept = self.approved - self.released
        if kept != self.settled + self.open:
            yield f"approved - released is {kept}, settled and open are {self.settled + self.open}"
        if self.repaid > self.paid:
            yield f"{self.repaid} came back of {self.paid} paid"


@frozen(kw_only=True)
class Project:
    """One project in the statement.

    Args:
        number: its reference number.
        title: its title.
        state: where it stands.
        approved: what it was awarded, whether or not it kept it; None for nothing.
        paid: what was paid for it.
        repaid: what of it came back.
        settled: what its accounts were accepted for; None where they were not.
        late: whether its accounts came after the day they were due.
        reason: why it failed, or was awarded something else.
    """

    number: str
    title: str
    state: str
    approved: Money | None
    paid: Money
    repaid: Money
    settled: Money | None
    late: bool
    reason: str


@frozen(kw_only=True)
class Row:
    """One Kiez in the statement.

    Args:
        area: key of the region.
        name: its name.
        figures: its money.
        ideas: how many ideas it had.
        projects: those that money was approved for, in the order of their numbers.
    """

    area: str
    name: str
    figures: Figures
    ideas: int
    projects: tuple[Project, ...] = field(converter=as_tuple)


@frozen(kw_only=True)
class Statement:
    """The statement of a year.

    Args:
        year: budget year.
        total: the sum that was split.
        rows: one for each Kiez, in the order of the programme.
    """

    year: int
    total: Money
    rows: tuple[Row, ...] = field(converter=as_tuple)

    @property
    def figures(self) -> Figures:
        """What all Kieze come to."""
        return sum((row.figures for row in self.rows), Figures())

    def faults(self) -> tuple[str, ...]:
        """Say what does not add up; nothing in a statement that may be published."""
        found = [f"{row.name}: {told}" for row in self.rows for told in row.figures.faults()]
        found += self.figures.faults()
        if self.figures.share != self.total:
            found.append(f"the shares are {self.figures.share}, the programme is {self.total}")
        return tuple(found)

    def table(self) -> list[dict[str, Cell]]:
        """Return one line for each Kiez and the total, in euros with two decimals."""
        lines = [{"area": row.area, "name": row.name, **_cells(row.figures)} for row in self.rows]
        return [*lines, {"area": "", "name": "", **_cells(self.figures)}]

    def projects(self) -> list[dict[str, Cell]]:
        """Return one line for each project, in euros with two decimals."""
        return [
            {"area": row.area, **{name: _cell(getattr(one, name)) for name in PROJECT_COLUMNS[1:]}}
            for row in self.rows
            for one in row.projects
        ]

    def to_data(self) -> dict[str, object]:
        """Return everything as plain data, money in cents."""
        return {
            "year": self.year,
            "total": self.total.cents,
            "figures": _cents(self.figures),
            "kieze": [
                {
                    "area": row.area,
                    "name": row.name,
                    "ideas": row.ideas,
                    "figures": _cents(row.figures),
                    "projects": [_cents(one) for one in row.projects],
                }
                for row in self.rows
            ],
        }


_FIGURES = tuple(_.name for _ in Figures.__attrs_attrs__)

COLUMNS = ("area", "name", *_FIGURES)
"""What the table of Kieze holds, in its order."""

PROJECT_COLUMNS = ("area", *(_.name for _ in Project.__attrs_attrs__))
"""What the table of projects holds, in its order."""


def statement(programme: Programme, handles: Mapping[str, ProcedureHandle]) -> Statement:
    """Make the statement of a year as it stands.

    Args:
        programme: the year.
        handles: area → its procedure.
    """
    return Statement(
        year=programme.year,
        total=programme.split.total,
        rows=[
            _row(kiez.area, kiez.name, handles[kiez.area].ledger(), handles[kiez.area].items())
            for kiez in programme.kieze
        ],
    )


def _row(area: str, name: str, ledger: Ledger, items: Iterable[Item]) -> Row:
    found = [item for item in items if item.state != "draft"]
    projects = [_project(item, ledger) for item in found if _approved(ledger, item)]
    return Row(
        area=area,
        name=name,
        ideas=len(found),
        figures=_figures(ledger, found),
        projects=sorted(projects, key=lambda one: one.number),
    )


def _figures(ledger: Ledger, items: Iterable[Item]) -> Figures:
    grants = [item.grant for item in items if item.grant is not None]
    approved = _moved(ledger, "reserve") + _from_pot(ledger)
    released = _moved(ledger, "release", "free")
    settled = Money.total(grant.recognised or Money(0) for grant in grants)
    return Figures(
        share=_moved(ledger, "fund") - _moved(ledger, "reduce"),
        approved=approved,
        released=released,
        granted=Money.total(
            grant.granted or Money(0) for grant in grants if grant.state != "revoked"
        ),
        paid=_moved(ledger, "pay") - _moved(ledger, "correct"),
        repaid=_moved(ledger, "give_back"),
        settled=settled,
        open=ledger.bound() + ledger.balance(Account.RETURNED) - settled,
        lapsed=_moved(ledger, "lapse", "carry_over"),
        rest=ledger.available(),
    )


def _project(item: Item, ledger: Ledger) -> Project:
    mine = Ledger(one for one in ledger.bookings if one.item == item.ref)
    grant = item.grant
    return Project(
        number=item.number or item.ref,
        title=item.title,
        state=item.state,
        approved=_approved(ledger, item) or None,
        paid=_moved(mine, "pay") - _moved(mine, "correct"),
        repaid=_moved(mine, "give_back"),
        settled=grant.recognised if grant is not None else None,
        late=bool(grant is not None and grant.accounts is not None and grant.accounts.late),
        reason=item.reason or (grant.reason if grant is not None else ""),
    )


def _approved(ledger: Ledger, item: Item) -> Money:
    mine = Ledger(one for one in ledger.bookings if one.item == item.ref)
    return _moved(mine, "reserve") + _from_pot(mine)


def _moved(ledger: Ledger, *acts: Act) -> Money:
    return Money.total(one.amount for one in ledger.bookings if one.act in acts)


def _from_pot(ledger: Ledger) -> Money:
    """Add up what was committed at once; what was reserved before is approved already."""
    return Money.total(
        one.amount
        for one in ledger.bookings
        if one.act == "commit" and one.source is Account.AVAILABLE
    )


def _sums(figures: Figures) -> dict[str, Money]:
    return {name: getattr(figures, name) for name in _FIGURES}


def _cells(figures: Figures) -> dict[str, Cell]:
    return {name: _cell(amount) for name, amount in _sums(figures).items()}


def _cell(value: Money | str | bool | None) -> Cell:  # noqa: FBT001 - a cell of a table
    return Decimal(value.cents).scaleb(-2) if isinstance(value, Money) else value


def _cents(thing: Figures | Project) -> dict[str, object]:
    plain = asdict(thing, recurse=False)
    return {name: one.cents if isinstance(one, Money) else one for name, one in plain.items()}
