"""Books: every booking of a procedure, in the order in which it was made, pot by pot.

Balances in the rows are what the database proves the books with; nobody reads them to decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import field, frozen
from sqlalchemy import delete, func, insert, select

from partizipation_core.kernel.ledger.event import MoneyEvent
from partizipation_core.kernel.messages import Event
from partizipation_core.money.books import Booking
from partizipation_core.store import schema
from partizipation_core.store.placed import Placed
from partizipation_core.store.statements import columns, within
from partizipation_core.values import ItemRef, Money

__all__ = ["Books", "Entry", "booked"]

_table = schema.booking
_INSERT = insert(_table)
_SAID = ("pot", "act", "source", "target", "cents", "item", "reason")
_ALL = (
    select(*columns(_table, *_SAID))
    .where(within(_table))
    .order_by(_table.c.seq, _table.c.pot, _table.c.number)
)
_WAYS = ("pot", "act", "source", "target", "item")
_SUMS = (
    select(*columns(_table, *_WAYS), func.sum(_table.c.cents).label("cents"))
    .where(within(_table))
    .group_by(*columns(_table, *_WAYS))
    .order_by(func.min(_table.c.seq), _table.c.pot, func.min(_table.c.number))
)
_STORED = select(_table).where(within(_table)).order_by(_table.c.pot, _table.c.number)
_LAST = (
    select(*columns(_table, "number", *schema.ACCOUNTS))
    .where(within(_table, "pot"))
    .order_by(_table.c.number.desc())
    .limit(1)
)
_CLEAR = delete(_table).where(within(_table))


@frozen
class Entry:
    """A booking and the number of the journal line that made it."""

    seq: int
    booking: Booking


def booked(events: Iterable[tuple[int, Event]]) -> list[Entry]:
    """Gather what events book: each with its number in the journal."""
    return [
        Entry(seq, booking)
        for seq, event in events
        if isinstance(event, MoneyEvent)
        for booking in event.bookings
    ]


@frozen
class _Standing:
    """How a pot stands after its last row."""

    number: int = 0
    balances: Mapping[str, int] = field(factory=lambda: dict.fromkeys(schema.ACCOUNTS, 0))

    def after(self, booking: Booking) -> _Standing:
        balances = dict(self.balances)
        balances[booking.source] -= booking.amount.cents
        balances[booking.target] += booking.amount.cents
        return _Standing(self.number + 1, balances)


class Books(Placed):
    """The bookings of one procedure, within one transaction."""

    def all(self) -> tuple[Booking, ...]:
        """Read all bookings."""
        found = self._run(_ALL).mappings()
        return tuple(_booking(row) for row in found)

    def sums(self) -> tuple[Booking, ...]:
        """Add up what moved in the same way for the same item, in the order of the first time.

        It makes the same balances as all bookings do, however many there are.
        """
        found = self._run(_SUMS).mappings()
        return tuple(_booking({**row, "cents": int(row["cents"]), "reason": ""}) for row in found)

    def append(self, entries: Iterable[Entry]) -> None:
        """Write bookings behind those that are there."""
        if rows := list(_rows(entries, self._standing)):
            self._connection.execute(_INSERT, [{**self._place, **row} for row in rows])

    def clear(self) -> None:
        """Drop them; the journal can bring them back."""
        self._run(_CLEAR)

    def rows(self, entries: Iterable[Entry]) -> dict[str, dict[str, Any]]:
        """Lay out bookings as they are stored, each under a name for people."""
        return {_name(row): row for row in _rows(entries, lambda _pot: _Standing())}

    def stored(self) -> dict[str, dict[str, Any]]:
        """Return what is stored, laid out in the same way."""
        found = self._run(_STORED).mappings()
        rows = ({key: row[key] for key in row if key not in self._place} for row in found)
        return {_name(row): row for row in rows}

    def faults(self) -> Iterator[str]:
        """Say which rows do not follow from the row before, read one after the other."""
        standing: dict[str, _Standing] = {}
        for row in self.stored().values():
            before = standing.get(row["pot"], _Standing())
            after = before.after(_booking(row))
            told = {account: row[account] for account in schema.ACCOUNTS}
            if (row["number"], told) != (after.number, after.balances):
                yield f"{_name(row)} does not follow from the one before it"
            if min(cents for account, cents in told.items() if account != "outside") < 0:
                yield f"{_name(row)} leaves less than nothing"
            standing[row["pot"]] = _Standing(row["number"], told)

    def _standing(self, pot: str) -> _Standing:
        found = self._run(_LAST, pot_=pot)
        row = found.mappings().one_or_none()
        if row is None:
            return _Standing()
        return _Standing(row["number"], {account: row[account] for account in schema.ACCOUNTS})


def _rows(entries: Iterable[Entry], standing: Any) -> Iterator[dict[str, Any]]:
    """Lay out bookings with their numbers by pot and the balances before and after each."""
    pots: dict[str, _Standing] = {}
    for entry in entries:
        booking = entry.booking
        before = pots.get(booking.pot) or standing(booking.pot)
        after = pots[booking.pot] = before.after(booking)
        yield {
            "pot": booking.pot,
            "number": after.number,
            "previous": before.number or None,
            "seq": entry.seq,
            "item": booking.item,
            "act": booking.act,
            "reason": booking.reason,
            "source": booking.source.value,
            "target": booking.target.value,
            "cents": booking.amount.cents,
            **{f"{account}_before": cents for account, cents in before.balances.items()},
            **after.balances,
        }


def _booking(row: Mapping[Any, Any]) -> Booking:
    said = {name: row[name] for name in _SAID if name not in ("cents", "item")}
    return Booking(amount=Money(row["cents"]), item=ItemRef(row["item"]), **said)


def _name(row: Mapping[str, Any]) -> str:
    return f"booking {row['number']} of pot {row['pot']}"
