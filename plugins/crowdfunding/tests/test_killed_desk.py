"""A payment desk in a process of its own, killed by the system while it works."""

import os
import signal
import subprocess
import sys
import time
from multiprocessing.connection import Listener
from random import Random

import pytest

from partizipation_core.values import Money
from partizipation_crowdfunding.payments.desk import work
from partizipation_crowdfunding.payments.facts import Fact, State, Want, due, state_of
from partizipation_crowdfunding.payments.port import Unreachable
from partizipation_crowdfunding.payments.reconciliation import catch_up, reconcile
from partizipation_crowdfunding.payments.simulated import SimulatedProvider, Trouble
from partizipation_crowdfunding.payments.sqlite import SqliteBooks

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")

KEY = b"only on this machine"
NASTY = Trouble(unanswered=0.2, delayed=0.2, refused=0.05, lost=0.02, repeated=0.3, dropped=0.2)

DESK = """
import sys
from multiprocessing.connection import Client
from pathlib import Path
from partizipation_crowdfunding.payments.desk import work
from partizipation_crowdfunding.payments.port import Unreachable
from partizipation_crowdfunding.payments.sqlite import SqliteBooks

class Distant:
    def __init__(self, line):
        self._line = line

    def __getattr__(self, name):
        def asked(payment, amount, *, key):
            self._line.send((name, payment, amount, key))
            answer = self._line.recv()
            if answer == "no answer":
                raise Unreachable
            return answer
        return asked

books = SqliteBooks(Path(sys.argv[1]))
with Client(("127.0.0.1", int(sys.argv[2])), authkey=sys.argv[3].encode()) as line:
    while work(books, Distant(line)).asked:
        pass
"""


def serve_and_kill(provider, path, requests, *, heard):
    """Answer a desk's requests, and kill it at one of them, before or after it has heard.

    Returns whether it was killed; a desk that has nothing left to do goes home by itself.
    """
    with Listener(("127.0.0.1", 0), authkey=KEY) as listener:
        arguments = [str(path), str(listener.address[1]), KEY.decode()]
        desk = subprocess.Popen([sys.executable, "-c", DESK, *arguments])
        try:
            with listener.accept() as line:
                for number in range(1, requests + 1):
                    answer = _answer(provider, *line.recv())
                    if number == requests:
                        if heard:
                            line.send(answer)
                            time.sleep(0.001)
                        os.kill(desk.pid, signal.SIGKILL)
                    else:
                        line.send(answer)
        except EOFError:
            return desk.wait() == -signal.SIGKILL
        finally:
            desk.wait()
        return True


def _answer(provider, name, payment, amount, key):
    try:
        return getattr(provider, name)(payment, amount, key=key)
    except Unreachable:
        return "no answer"


@pytest.mark.parametrize(
    ("pledges", "kills"),
    [(60, 6), pytest.param(10_000, 100, marks=pytest.mark.long)],
    ids=["60 pledges, killed 6 times", "10,000 pledges, killed 100 times"],
)
def test_a_desk_that_is_killed_loses_nothing_and_does_nothing_twice(tmp_path, pledges, kills):
    random = Random(7)  # noqa: S311 - the same kills every time
    books = SqliteBooks(tmp_path / "books.db")
    provider = SimulatedProvider(b"secret", seed=7, trouble=NASTY)
    with books.together():
        for number in range(pledges):
            books.order(f"p{number}", Money(100 + number))
    killed = 0
    for number in range(kills):
        if number == kills // 2:
            with books.together():
                for one in range(pledges):
                    books.want(f"p{one}", Want.DRAW if one % 4 else Want.UNDO)
        requests = random.randrange(
            1, 2 * pledges // kills
        )  # so that there is work for every life
        killed += serve_and_kill(provider, tmp_path / "books.db", requests, heard=bool(number % 2))
    assert killed == kills

    for _ in range(60):
        work(books, provider)
        catch_up(books, provider.statement())
        if not reconcile(books.orders(), provider.statement()):
            break
    orders = tuple(books.orders())
    assert len(orders) == pledges
    assert [one.payment for one in orders if due(one) is not None] == []
    lines = {one.payment: one for one in provider.statement()}
    assert [one for one in orders if state_of(lines[one.payment].facts) is not one.state] == []
    assert [
        (one.payment, fact)
        for one in orders
        for fact in Fact
        if provider.moved(one.payment, fact) > 1
    ] == []
    assert any(one.state is State.CAPTURED for one in orders)
    books.close()
