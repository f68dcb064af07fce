"""Connections for ballots stay at hand, and are never in anybody's way."""

from contextlib import ExitStack

import pytest
from sqlalchemy import bindparam, insert

from partizipation_core.errors import StorageError
from partizipation_core.store import schema
from partizipation_core.store.booth import Booth
from partizipation_core.store.lending import AT_HAND
from partizipation_core.store.sealing import sealed
from partizipation_core.store.statements import Compiled, prepared

NOTE = insert(schema.request).values(
    {column.name: bindparam(f"{column.name}_") for column in schema.request.columns}
)


@pytest.fixture
def note(database, scope):
    """Write a row on a lent connection: ``note(lent, "key")``."""
    statement = Compiled(NOTE, prepared(database.dialect))
    place = {"municipality_": scope.municipality, "procedure_": scope.procedure}

    def write(lent, key):
        values = {**place, "key_": key, "payload_": b"\0\xff", "receipt_": b"{}"}
        return lent.run(statement, values)

    return write


def test_one_after_the_other_use_the_same_connection(database):
    with database.lending() as first:
        pass
    with database.lending() as second:
        assert second is first


def test_those_who_come_at_once_each_have_their_own_and_most_go_back(database):
    with ExitStack() as at_once:
        lent = [at_once.enter_context(database.lending()) for _ in range(AT_HAND + 3)]
        assert len({id(one.driver) for one in lent}) == AT_HAND + 3
    assert database._engine.pool.checkedout() == AT_HAND
    database.close()
    assert database._engine.pool.checkedout() == 0


def test_what_was_left_open_is_undone_before_the_next_one_comes(database, note, working):
    with database.lending() as lent:
        lent.driver.execute("BEGIN")
        assert note(lent, "k-1") == 1
    with database.lending() as again:
        assert again is lent
        assert not database._system.is_open(again.driver)
    with working() as unit:
        assert unit.answered("k-1") is None


def test_texts_and_bytes_arrive_as_they_were_sent(database, note, working):
    with database.lending() as lent:
        assert note(lent, "Bürger-1") == 1
        assert note(lent, "Bürger-2") == 1
    with working() as unit:
        assert unit.answered("Bürger-2") == (b"\0\xff", b"{}")


@pytest.mark.postgresql
def test_what_a_server_refuses_is_told_without_the_values(database, note):
    with database.lending() as lent:
        note(lent, "a key of somebody")
    with pytest.raises(StorageError) as told, database.lending() as lent:
        note(lent, "a key of somebody")
    assert "duplicate key" in str(told.value)
    assert "somebody" not in str(told.value)


@pytest.fixture
def lost(database):
    """Have the server end the connection that is at hand: ``lost()``."""

    def lose():
        with database.lending() as lent:
            gone = lent.driver.info.backend_pid
        with database.writing() as connection:
            connection.exec_driver_sql(f"SELECT pg_terminate_backend({gone}, 5000)")
        return lent

    return lose


@pytest.mark.postgresql
def test_a_connection_that_was_lost_while_it_rested_is_exchanged(database, note, lost):
    gone = lost()
    with database.lending() as lent:
        assert lent is not gone
        assert note(lent, "k-1") == 1


@pytest.mark.postgresql
def test_a_connection_lost_in_the_middle_is_said_to_be_lost_and_the_next_one_is_new(  # noqa: PLR0917 - fixtures
    database, scope, ballot, working, lost, monkeypatch
):
    booth, row = Booth(database), {"vote": "vote", "tag": b"anna", **sealed(ballot("i-1"))}
    assert not booth.put(scope, b"head", row)  # there is no such procedure
    lost()
    with monkeypatch.context() as patch:
        patch.setattr(database._lender, "_hung_up", lambda _: False)  # a moment too early
        with pytest.raises(StorageError, match="whether it was done is not known"):
            booth.put(scope, b"head", row)
    assert not booth.put(scope, b"head", row)
    with working() as unit:
        assert not unit.has_voted("vote", b"anna")
