"""Whoever is in somebody's way waits or tries again; nothing is done twice or tried for ever."""

import threading
from contextlib import closing

import pytest
from sqlalchemy import text

from partizipation_core.errors import StorageError
from partizipation_core.store import Database, Unit, backends
from partizipation_core.store.backends import ContentionError, wait_a_little


class InTheWay(Exception):  # noqa: N818 - stands for what a driver raises
    """What a driver raises when others are in the way."""

    def __init__(self, state="", code=0):
        super().__init__(state or str(code))
        self.sqlstate, self.sqlite_errorcode = state, code


SQLITE_BUSY, SQLITE_BUSY_SNAPSHOT, SQLITE_FULL = 5, 517, 13


@pytest.fixture
def patient(site):
    """A database that notes how long it would have waited."""
    waited = []
    with closing(Database(site.url, pause=waited.append)) as database:
        database.waited = waited
        yield database


def failing(database, error, times):
    """Some work that others get in the way of, a few times."""
    tried = []
    database._errors = (*database._errors, InTheWay)

    def work(_connection):
        tried.append(1)
        if len(tried) <= times:
            raise error
        return len(tried)

    return work


PASSING = {
    "sqlite": [InTheWay(code=SQLITE_BUSY), InTheWay(code=SQLITE_BUSY_SNAPSHOT)],
    "postgresql": [InTheWay(state) for state in ("40001", "40P01", "55P03", "23505")],
}


def test_what_others_got_in_the_way_of_is_done_again_from_its_start(patient, system):
    for error in PASSING[system]:
        patient.waited.clear()
        assert patient.run_in_transaction(failing(patient, error, 3)) == 4
        assert patient.waited == [0, 1, 2]


def test_it_is_not_tried_for_ever(patient, system):
    with pytest.raises(ContentionError):
        patient.run_in_transaction(failing(patient, PASSING[system][0], 1000))
    assert len(patient.waited) == backends.ATTEMPTS - 1


def test_what_would_fail_again_is_not_tried_again(patient):
    error = InTheWay(state="22003", code=SQLITE_FULL)
    with pytest.raises(StorageError):
        patient.run_in_transaction(failing(patient, error, 1))
    assert patient.waited == []


def test_what_was_written_before_others_came_is_undone(patient, scope, ballot, system):
    error, tried = PASSING[system][0], []
    patient._errors = (*patient._errors, InTheWay)

    def work(connection):
        tried.append(Unit(connection, scope).put(ballot("i-1"), b"anna"))
        if len(tried) == 1:
            raise error

    patient.run_in_transaction(work, scope)
    assert all(tried)  # the second try found no ballot of the first
    with patient.reading() as connection:
        assert Unit(connection, scope).box("vote").ballots == 1


def test_pauses_grow_and_never_end_later_than_half_a_second(monkeypatch):
    slept = []
    monkeypatch.setattr(backends.time, "sleep", slept.append)
    for attempt in range(100):
        wait_a_little(attempt)
    assert max(slept) <= 0.5
    assert max(slept[:3]) <= 0.02
    assert len(set(slept)) == len(slept)


ONE_MORE = text("UPDATE pair SET n = n + 1 WHERE k = :k")


@pytest.mark.postgresql
def test_two_that_wait_for_each_other_both_get_through(site, scope, ballot):
    """A real deadlock: the server ends one of the two, which then does its work again."""
    barrier, done = threading.Barrier(2, timeout=10), []

    def work(first, second):
        tries = []

        def both(connection):
            tries.append(1)
            connection.execute(ONE_MORE, {"k": first})
            if len(tries) == 1:
                barrier.wait()
            connection.execute(ONE_MORE, {"k": second})

        with closing(Database(site.url)) as database:
            database.run_in_transaction(both)
        done.append(len(tries))

    Database(site.url).close()
    site.run("CREATE TABLE pair (k integer, n integer)")
    site.run("INSERT INTO pair VALUES (1, 0), (2, 0)")
    threads = [threading.Thread(target=work, args=pair) for pair in ((1, 2), (2, 1))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(done) == [1, 2]
    assert site.rows()["pair"] == [(1, 2), (2, 2)]


@pytest.mark.postgresql
def test_procedures_do_not_wait_for_each_other_and_one_waits_for_itself(database, scope, working):
    row = {"seq": 1, "head": b"h", "stage": "vote", "status": "open", "due": None, "body": b"{}"}
    other = type(scope)(scope.municipality, "budget-2028")
    for one in (scope, other):
        with working(one) as unit:
            unit._insert(backends.METADATA.tables["procedure"].insert(), [row])
    with database.writing(scope):
        with database.writing(other) as connection:
            connection.exec_driver_sql("SELECT 1")
        with pytest.raises(ContentionError):
            share(database)
    share(database)


def share(database):
    """Do what a ballot does, without its patience."""
    with database.lending() as lent:
        lent.driver.execute("BEGIN")
        lent.driver.execute("SET LOCAL lock_timeout = '50ms'")
        lent.driver.execute("SELECT 1 FROM procedure WHERE procedure = 'budget-2027' FOR SHARE")
