"""Lending: connections of the driver that stay at hand, with what was prepared on them.

The toolkit's pool wraps a connection anew for everybody who asks for one. For a ballot, which is
one short statement, that costs more than all the rest of its way to the database. So a few
connections stay here after they were given back; whoever finds none takes one out of the pool.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any

from sqlalchemy import Engine, Pool

from partizipation_core.store.statements import Compiled

__all__ = ["AT_HAND", "Lender", "Lent"]

AT_HAND = 8
"""Connections that are kept out of the pool at most; it has several times as many."""

Prepare = Callable[[Any, str], Callable[[Sequence[Any]], int]]
"""Prepares a statement on a connection; what comes of it takes values and returns rows written."""


class Lent:
    """A connection of the driver.

    Args:
        pooled: what the pool gave out.
        prepare: how a statement is prepared on it.
        pool: what gave it out.
    """

    def __init__(self, pooled: Any, prepare: Prepare, pool: Pool) -> None:
        self.driver: Any = pooled.driver_connection
        self.pooled = pooled
        self.pool = pool
        self._prepare = prepare
        self._prepared: dict[Compiled, Callable[[Sequence[Any]], int]] = {}

    def run(self, statement: Compiled, values: Mapping[str, Any]) -> int:
        """Run a statement; returns the number of rows that it wrote."""
        run = self._prepared.get(statement)
        if run is None:
            run = self._prepared[statement] = self._prepare(self.driver, statement.sql)
        return run(statement.values(values))


class Lender:
    """Keeps connections at hand.

    Args:
        engine: whose pool they come from.
        prepare: how a statement is prepared on one of them.
        hung_up: tells, without asking the server, whether it has ended one that rests.
    """

    def __init__(self, engine: Engine, prepare: Prepare, hung_up: Callable[[Any], bool]) -> None:
        self._engine = engine
        self._prepare = prepare
        self._hung_up = hung_up
        self._at_hand: deque[Lent] = deque()
        self._renewing = Lock()

    def take(self) -> Lent:
        """Take the one that was used last, or another out of the pool.

        What is lost in the middle of a statement may be done or not. So a connection is looked at
        before: where the server was started anew, all are, and nobody has asked for anything yet.
        """
        lent = self._next()
        if self._hung_up(lent.driver):
            lent.pooled.invalidate()
            self.renew(lent.pool)
            lent = self._next()
        return lent

    def _next(self) -> Lent:
        try:
            return self._at_hand.pop()
        except IndexError:
            pool = self._engine.pool
            return Lent(self._engine.raw_connection(), self._prepare, pool)

    def renew(self, pool: Pool) -> None:
        """Take new connections from now on, since one was lost and the others are as old.

        Args:
            pool: where the lost one came from; whoever is late finds a new one in its place.
        """
        with self._renewing:
            if self._engine.pool is pool:
                self.let_go()
                self._engine.dispose()

    def give_back(self, lent: Lent) -> None:
        """Keep a connection that is in no transaction; one too many goes back into the pool."""
        self._at_hand.append(lent)
        if len(self._at_hand) > AT_HAND:
            with suppress(IndexError):  # others may have taken them all meanwhile
                self._at_hand.popleft().pooled.close()

    def let_go(self) -> None:
        """Give all that are at hand back into the pool."""
        with suppress(IndexError):
            while True:
                self._at_hand.pop().pooled.close()

    def leave(self) -> object:
        """Forget those that are at hand without giving them back, and return them."""
        left, self._at_hand = self._at_hand, deque()
        self._renewing = Lock()  # a thread that is not here may have held the other
        return left
