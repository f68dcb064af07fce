"""Workers that a web server forks off a loaded application have connections of their own."""

import os
import signal
import threading

import pytest

from partizipation_core.store.together import Slip, Together

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no forking on Windows")


@pytest.fixture
def forked():
    """Ask something in a process that is forked, and hear its answer: ``forked(ask)``."""

    def run(ask):
        out, into = os.pipe()
        child = os.fork()
        if not child:
            signal.alarm(10)  # who waits for what only the other process has would wait for ever
            try:
                os.write(into, repr(ask()).encode())
            finally:
                os._exit(0)
        os.close(into)
        with os.fdopen(out) as answer:
            said = answer.read()
        os.waitpid(child, 0)
        return said

    return run


def connections(database):
    """Name the connections that reads, writes and ballots go through, and use each of them."""
    with database.reading() as read:
        used = [read.connection.driver_connection]
        read.exec_driver_sql("SELECT 1")
    with database.writing() as written:
        used.append(written.connection.driver_connection)
    with database.lending() as lent:
        used.append(lent.driver)
    return {id(one) for one in used}


def test_a_forked_worker_shares_no_connection(database, forked):
    before = connections(database) | connections(database)  # the first one lent stays at hand

    assert not before & eval(forked(lambda: connections(database)))  # noqa: S307
    assert connections(database) <= before


def test_a_worker_that_ends_closes_nothing_of_the_others(database, forked):
    before = connections(database) | connections(database)  # the first one lent stays at hand

    assert forked(database.close) == "None"

    assert connections(database) <= before


# --- ballots that are written together


@pytest.fixture
def writing():
    """Let a thread write until the end of the test, and another one wait for it."""
    begun, may_end = threading.Event(), threading.Event()

    def write(slips):
        if slips[0].values["of"] == "before":
            begun.set()
            assert may_end.wait(20)
        for slip in slips:
            slip.taken = True

    together = Together(write)
    before = Slip(asked=False, values={"of": "before"})
    thread = threading.Thread(target=together.put, args=(before,))
    thread.start()
    assert begun.wait(10)
    yield together
    may_end.set()
    thread.join(10)
    assert before.taken


def test_a_worker_forked_while_another_thread_writes_waits_for_nobody(writing, forked):
    mine = Slip(asked=False, values={"of": "worker"})
    assert forked(lambda: writing.put(mine)) == "True"


def test_a_worker_takes_along_no_slip_of_the_process_before(writing, forked):
    """Else a ballot would be written twice: here, and where its voter waits for it."""
    theirs = Slip(asked=False, values={"of": "before"})
    waiting = threading.Thread(target=writing.put, args=(theirs,))
    waiting.start()
    while not theirs.woken:
        pass
    mine = Slip(asked=False, values={"of": "worker"})
    assert forked(lambda: (writing.put(mine), theirs.tried)) == "(True, False)"


def test_a_worker_forked_while_another_thread_takes_its_place_is_not_locked_out(writing, forked):
    with writing._lock:
        mine = Slip(asked=False, values={"of": "worker"})
        assert forked(lambda: writing.put(mine)) == "True"


def test_a_worker_forked_while_connections_are_renewed_can_renew_its_own(database, forked):
    with database._lender._renewing:
        assert forked(lambda: database._lender.renew(database._engine.pool)) == "None"
