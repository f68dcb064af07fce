"""A server that drops the connection in the middle: each command is done once, or not at all.

The connection is ended by the server before a certain statement, or before the commit, as an
administrator or a network does. Whoever gets no answer asks again with the same key.
"""

import psycopg
import pytest

from partizipation_core.errors import Refused, StorageError
from partizipation_core.kernel.ballots.casting import RevokeBallot


class Breaker:
    """Ends a connection before the nth statement from now; a commit counts as one."""

    def __init__(self, server):
        self._server, self.left, self.broke, self.answers = server, 0, 0, True
        self.armed = False

    def arm(self, statements, *, unheard=False):
        """Break before a statement, or once it was done, so that nobody hears of it."""
        self.left, self.broke, self.answers = statements, 0, not unheard
        self.armed = True

    def disarm(self):
        self.armed = False

    def pass_by(self, connection, run):
        self.left -= bool(self.left)
        if self.left or self.broke or not self.armed:
            return run()
        self.broke, pid = 1, [connection.info.backend_pid]
        done = None if self.answers else run()
        with psycopg.connect(self._server, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", pid)
        if self.answers:
            return run()
        connection.close()
        raise psycopg.OperationalError(f"the server closed the connection after {done}")


@pytest.fixture
def breaker(postgresql, monkeypatch):
    """Statements of everybody but the breaker itself pass by it."""
    one = Breaker(postgresql)
    execute, commit = psycopg.Cursor.execute, psycopg.Connection.commit

    def executing(self, *given, **more):
        return one.pass_by(self.connection, lambda: execute(self, *given, **more))

    def committing(self):
        return one.pass_by(self, lambda: commit(self))

    monkeypatch.setattr(psycopg.Cursor, "execute", executing)
    monkeypatch.setattr(psycopg.Connection, "commit", committing)
    return one


def insist(act):
    """Ask until there is an answer; returns it and how often there was none."""
    for silent in range(9):
        try:
            return act(), silent
        except StorageError:
            continue
    raise AssertionError("there never was an answer")


ASKED = {
    "an idea": lambda budget, n: budget.idea(f"idea-{n}", key=f"idea-{n}"),
    "a ballot": lambda budget, n: budget.cast(f"v-{n}", "bench", key=f"ballot-{n}"),
    "a ballot without a key": lambda budget, n: budget.cast(f"v-{n}", "bench"),
    "another ballot": lambda budget, n: budget.replace("anna", ("bench", "fountain")[n % 2]),
    "a ballot taken back": lambda budget, n: budget.execute(
        RevokeBallot(), actor=budget.resident(f"r-{n}"), key=f"revoke-{n}"
    ),
}


@pytest.mark.postgresql
@pytest.mark.parametrize("unheard", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_whichever_statement_the_connection_is_dropped_at_it_is_done_once(
    budget, breaker, asked, unheard, tell
):
    if asked is not ASKED["an idea"]:
        budget.to_the_vote(fountain=600, bench=500)
        budget.cast("anna", "bench")
        for n in range(1, 99) if asked is ASKED["a ballot taken back"] else ():
            budget.cast(f"r-{n}", "bench")
    dropped = 0
    for n in range(1, 99):
        breaker.arm(n, unheard=unheard)
        try:
            told, silent = insist(lambda: asked(budget, n))  # noqa: B023 - called at once
        except Refused as refusal:
            # The first one was done, and nobody heard of it; without a key that is all there is.
            told, silent = {one.code for one in refusal.objections}, 1
        breaker.disarm()
        if not breaker.broke:
            break
        dropped += 1
        assert silent <= 1
        assert not isinstance(told, set) or told == {"already_voted"}
        if asked is ASKED["a ballot"] or asked is ASKED["an idea"]:
            assert asked(budget, n) == told
    assert 1 <= dropped < 98
    assert budget.faults() == []
    tell(dropped=dropped, lost=0, double=0)


ONCE = ("BallotClosed", "BoxSealed", "SealVerified", "BallotsCounted", "ItemsAwarded")


@pytest.mark.postgresql
@pytest.mark.sized("dropped")
def test_a_vote_is_closed_sealed_counted_and_awarded_whenever_the_connection_is_dropped(  # noqa: PLR0917 - fixtures
    town, new_budget, breaker, clock, size, tell
):
    start, statements = clock.now(), 0
    for number in range(size + 1):
        clock.set(start)
        budget = new_budget(town, f"budget-{number}")
        budget.to_the_vote(fountain=600, bench=500)
        for n in range(5):
            budget.cast(f"v-{n}", "bench")
        at = 1 + number * statements // (size + 1) if number else 10_000
        breaker.arm(at, unheard=bool(number % 2))
        played(budget)
        statements = statements or 10_000 - breaker.left
        breaker.disarm()
        assert budget.states() == {"bench": "awarded", "fountain": "not_awarded"}
        assert budget.state().seals["vote"].step == "verified"
        kinds = [type(one.event).__name__ for one in budget.journal()]
        for once in (
            "BallotClosed",
            "BoxSealed",
            "SealVerified",
            "BallotsCounted",
            "ItemsAwarded",
        ):
            assert kinds.count(once) == 1, (number, once)
        assert budget.faults() == []
    tell(dropped=size, statements=statements, done_twice=0)


def played(budget):
    """Close, seal, count and award; whoever gets no answer looks first, and then asks again."""
    insist(lambda: budget.until("fund"))
    insist(budget.tick)
    for act in (budget.count, budget.award):
        try:
            insist(act)
        except Refused:
            continue  # it was done, and nobody heard of it
