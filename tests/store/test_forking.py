"""Workers that a web server forks off a loaded application have connections of their own."""

import os

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no forking on Windows")


@pytest.fixture
def forked():
    """Ask something in a process that is forked, and hear its answer: ``forked(ask)``."""

    def run(ask):
        out, into = os.pipe()
        child = os.fork()
        if not child:
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
