"""The tables keep what was promised of them: whose row it is, whole numbers, no second ballot."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Float,
    Interval,
    MetaData,
    Numeric,
    Time,
    event,
)
from sqlalchemy.schema import CreateTable

from partizipation_core.clock import Instant
from partizipation_core.errors import StorageError
from partizipation_core.store import Scope, Unit, schema
from partizipation_core.values import ItemRef, MunicipalityRef, ProcedureRef

TABLES = [table for table in schema.METADATA.sorted_tables if table is not schema.store_format]
INEXACT = (Float, Numeric, DateTime, Date, Time, Interval)
PLACE = {"municipality": "12060052", "procedure": "budget-2027"}


def name(table):
    return table.name


@pytest.fixture
def raw(database, file):
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        yield connection


def put_raw(connection, table, row):
    marks = ", ".join("?" * len(row))
    statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608
    connection.execute(statement, list(row.values()))


@pytest.mark.parametrize("table", TABLES, ids=name)
def test_municipality_and_procedure_lead_every_key(table):
    assert [column.name for column in table.primary_key][:2] == ["municipality", "procedure"]


@pytest.mark.parametrize("table", TABLES, ids=name)
def test_there_is_no_other_way_to_be_unique_and_no_pointer_to_a_person(table):
    assert not table.indexes
    assert {key.column.table for key in table.foreign_keys} <= {table}
    # the primary key, except in the books, which prove themselves (test_ledger)
    assert table is schema.booking or len(table.constraints) == 1


@pytest.mark.parametrize("table", TABLES, ids=name)
def test_no_part_of_a_key_may_be_null(table, raw):
    columns = raw.execute(f"PRAGMA table_info({table.name})").fetchall()
    key = {column: bool(not_null) for _, column, _, not_null, _, place in columns if place}
    assert key == dict.fromkeys(key, True)


def rounding(table):
    """List the columns that do not give back exactly what was put in."""
    made = str(CreateTable(table)).upper()
    words = [one for one in ("REAL", "FLOAT", "NUMERIC", "DECIMAL", "DATE") if one in made]
    return [one.name for one in table.columns if isinstance(one.type, INEXACT)] or words


@pytest.mark.parametrize("table", schema.METADATA.sorted_tables, ids=name)
def test_no_column_rounds(table):
    assert rounding(table) == []


@pytest.mark.parametrize("kind", INEXACT, ids=lambda kind: kind.__name__)
def test_a_column_that_rounds_is_caught(kind):
    """Revert test: euros as floats, instants as local dates."""
    spoilt = schema.booking.to_metadata(MetaData())
    spoilt.append_column(Column("euros", kind()))
    assert rounding(spoilt) == ["euros"]


@pytest.mark.parametrize("table", [schema.roll, schema.box], ids=name)
def test_roll_and_box_have_no_hidden_number(table, raw):
    with pytest.raises(sqlite3.OperationalError, match="no such column: rowid"):
        raw.execute(f"SELECT rowid FROM {table.name}")  # noqa: S608
    assert not {"at", "seq", "time"} & set(table.columns.keys())


BALLOT = {
    **PLACE,
    "vote": "vote",
    "tag": b"tag",
    "channel": "online",
    "body": b"{}",
    "nonce": b"n",
    "commitment": b"c",
}


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("box", BALLOT | {"tag": "text"}),
        ("box", BALLOT | {"channel": b"bytes"}),
        ("box", BALLOT | {"body": 1}),
        ("roll", {**PLACE, "vote": "vote", "tag": 5}),
        ("journal", {**PLACE, "seq": "one", "body": b"", "digest": b""}),
        ("journal", {**PLACE, "seq": 1.5, "body": b"", "digest": b""}),
        ("item", {**PLACE, "item": b"i-1", "state": "draft", "body": b"{}"}),
        ("store_format", {"version": "latest"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_value_of_another_type_is_refused(raw, table, row):
    with pytest.raises(sqlite3.IntegrityError, match=r"cannot store|datatype mismatch"):
        put_raw(raw, table, row)


@pytest.mark.parametrize("missing", ["municipality", "procedure", "vote", "tag"])
@pytest.mark.parametrize("table", ["roll", "box"])
def test_a_ballot_without_its_whole_key_is_refused(raw, table, missing):
    row = {key: BALLOT[key] for key in ("municipality", "procedure", "vote", "tag")}
    row = BALLOT if table == "box" else row
    with pytest.raises(sqlite3.IntegrityError, match=f"NOT NULL constraint failed: .*{missing}"):
        put_raw(raw, table, row | {missing: None})


@pytest.mark.parametrize("table", ["roll", "box"])
def test_a_second_ballot_of_one_voter_is_refused_by_the_database_itself(raw, table):
    row = {key: BALLOT[key] for key in ("municipality", "procedure", "vote", "tag")}
    row = BALLOT if table == "box" else row
    put_raw(raw, table, row)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE constraint failed"):
        put_raw(raw, table, row)
    put_raw(raw, table, row | {"vote": "vote.2"})
    put_raw(raw, table, row | {"procedure": "budget-2028"})
    put_raw(raw, table, row | {"municipality": "11000000"})


def test_a_nullable_key_would_have_let_the_second_ballot_in(raw):
    """Revert test: the same insert, into a table whose key may be null, counts a voter twice."""
    raw.execute("CREATE TABLE naive (vote TEXT, tag BLOB, UNIQUE (vote, tag))")
    for _ in range(2):
        raw.execute("INSERT INTO naive VALUES ('vote', NULL)")
    assert raw.execute("SELECT count(*) FROM naive").fetchone() == (2,)


def test_every_statement_names_municipality_and_procedure(database, scope, ballot):
    said = []

    def listen(_connection, _cursor, statement, *_rest):
        said.append(statement)

    event.listen(database._engine, "before_cursor_execute", listen)
    with database.writing() as connection:
        use_everything(Unit(connection, scope), ballot)
    event.remove(database._engine, "before_cursor_execute", listen)
    assert len(said) > 15
    for statement in said:
        where = statement.partition("WHERE")[2] or statement.partition("INSERT")[2]
        assert "municipality" in where, statement
        assert "procedure" in where.replace("procedure.municipality", ""), statement


def use_everything(unit, ballot):
    unit.present(), unit.procedure(), unit.definition(), unit.item(ItemRef("i-1"))
    list(unit.items()), list(unit.lines()), unit.channels("vote"), list(unit.box_faults("vote"))
    unit.put(ballot("i-1"), b"tag")
    unit.put(ballot("i-2", replaces=True), b"tag")
    unit.has_voted("vote", b"tag"), unit.box("vote"), list(unit.ballots("vote"))
    unit.answer("key", b"asked", b"answered")
    unit.answered("key")
    unit.note_failure(Instant(1), "a hook failed")
    unit.failures()
    unit.clear_state()


def test_no_statement_reaches_into_another_town(database, working, scope, ballot):
    other = Scope(MunicipalityRef("11000000"), scope.procedure)
    sister = Scope(scope.municipality, ProcedureRef("budget-2028"))
    with working() as unit:
        unit.put(ballot("i-1"), b"tag")
        unit.answer("key", b"asked", b"answered")
        unit.note_failure(Instant(1), "a hook failed")
    for elsewhere in (other, sister):
        with working(elsewhere) as unit:
            assert unit.box("vote").ballots == 0
            assert not unit.has_voted("vote", b"tag")
            assert unit.answered("key") is None
            assert unit.failures() == []
            assert unit.put(ballot("i-2", replaces=True), b"tag") is None
    with working() as unit:
        assert list(unit.ballots("vote")) == [{"i-1": 1}]


def test_a_number_beyond_the_tables_is_refused(working):
    with pytest.raises((StorageError, OverflowError)), working() as unit:
        unit.note_failure(Instant(2**63), "too late")
