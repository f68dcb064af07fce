"""Books in one SQLite file, for whoever takes payments without a procedure, and for rehearsals.

Each fact is a row of its own, written in one transaction and kept on the disk before it counts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from partizipation_core.values import Money
from partizipation_crowdfunding.payments.facts import Notice, Order, Want

__all__ = ["SqliteBooks"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS payments (
    number INTEGER PRIMARY KEY,
    payment TEXT NOT NULL UNIQUE,
    cents INTEGER NOT NULL CHECK (cents > 0),
    want TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS facts (
    payment TEXT NOT NULL REFERENCES payments (payment),
    fact TEXT NOT NULL,
    PRIMARY KEY (payment, fact)
) WITHOUT ROWID;
"""
_ORDERS = """
SELECT payment, cents, want, (
    SELECT group_concat(fact, ' ') FROM facts WHERE facts.payment = payments.payment
) FROM payments ORDER BY number
"""


class SqliteBooks:
    """Keeps orders and facts.

    Args:
        path: the file; made if need be.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("PRAGMA foreign_keys=ON")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep everything that is written inside, or nothing of it."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def order(self, payment: str, amount: Money) -> None:
        """Take up a payment; the same one again changes nothing."""
        self._connection.execute(
            "INSERT INTO payments (payment, cents, want) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (payment, amount.cents, str(Want.HOLD)),
        )

    def want(self, payment: str, want: Want) -> None:
        """Say what shall become of a payment. What shall be undone stays so."""
        self._connection.execute(
            "UPDATE payments SET want = ? WHERE payment = ? AND want <> ?",
            (str(want), payment, str(Want.UNDO)),
        )

    def orders(self) -> Iterator[Order]:
        """Return every payment, in order of arrival."""
        for payment, cents, want, facts in self._connection.execute(_ORDERS).fetchall():
            yield Order(
                payment=payment, amount=Money(cents), want=want, facts=(facts or "").split()
            )

    def note(self, notice: Notice) -> bool:
        """Keep a fact; returns whether it was new.

        Raises:
            LookupError: there is no such payment.
            ValueError: it is about another amount.
        """
        row = self._connection.execute(
            "SELECT cents FROM payments WHERE payment = ?", (notice.payment,)
        ).fetchone()
        if row is None:
            msg = f"no payment {notice.payment!r}"
            raise LookupError(msg)
        if row[0] != notice.amount.cents:
            msg = f"payment {notice.payment!r} is about another amount"
            raise ValueError(msg)
        done = self._connection.execute(
            "INSERT INTO facts (payment, fact) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (notice.payment, str(notice.fact)),
        )
        return done.rowcount == 1
