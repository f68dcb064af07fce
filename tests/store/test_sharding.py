"""The schema shards by municipality: what a distributed PostgreSQL asks for holds already.

PostgreSQL itself is the judge: a partitioned table refuses every key that lacks the column it is
partitioned by, and so do the databases that spread tables over many machines.
"""

import pytest
from sqlalchemy import Column, MetaData, Table, Text, UniqueConstraint, create_engine, insert
from sqlalchemy.exc import DBAPIError, NotSupportedError

from partizipation_core.store import Database, Unit, schema
from partizipation_core.store.booth import Booth
from partizipation_core.store.sealing import sealed

PARTS = 4

pytestmark = pytest.mark.postgresql


@pytest.fixture
def engine(site):
    made = create_engine(site.url.replace("postgresql:", "postgresql+psycopg:"))
    yield made
    made.dispose()


def create_partitioned(connection, tables):
    """Create tables in parts, by municipality; all but the version, which is the same in each."""
    parted = MetaData()
    for table in tables:
        copy = table.to_metadata(parted)
        if "municipality" in copy.columns or copy.name != "store_format":
            copy.dialect_options["postgresql"]["partition_by"] = "HASH (municipality)"
    parted.create_all(connection)
    for table in parted.tables.values():
        if table.dialect_options["postgresql"]["partition_by"]:
            for part in range(PARTS):
                connection.exec_driver_sql(
                    f"CREATE TABLE {table.name}_{part} PARTITION OF {table.name} "
                    f"FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})"
                )


def test_every_table_can_be_partitioned_and_the_house_lives_in_it(engine, site, scope, ballot):
    with engine.begin() as connection:
        create_partitioned(connection, schema.METADATA.sorted_tables)
        connection.execute(insert(schema.store_format).values(version=schema.SCHEMA_VERSION))
    database = Database(site.url)
    row = {"seq": 1, "head": b"head", "stage": "vote", "status": "open", "due": None}
    with database.writing(scope) as connection:
        unit = Unit(connection, scope)
        unit._insert(insert(schema.procedure), [{**row, "body": b"{}"}])
        unit.put_all([(ballot("i-1"), bytes([number])) for number in range(5)])
    anna = {"vote": "vote", "tag": b"anna", **sealed(ballot("i-1"))}
    assert Booth(database).put(scope, b"head", anna)
    assert not Booth(database).put(scope, b"head", anna)
    with database.reading() as connection:
        assert Unit(connection, scope).box("vote").ballots == 6
    database.close()


@pytest.mark.parametrize(
    "columns",
    [
        [Column("vote", Text, primary_key=True), Column("municipality", Text)],
        [Column("municipality", Text, primary_key=True), Column("code", Text, unique=True)],
        [Column("municipality", Text), Column("code", Text), UniqueConstraint("code")],
        [Column("procedure", Text, primary_key=True)],
    ],
    ids=["key without it", "unique column", "unique without it", "no such column"],
)
def test_the_judge_finds_a_table_that_would_not_shard(engine, columns):
    bad = Table("bad", MetaData(), *columns)
    with pytest.raises((NotSupportedError, DBAPIError)), engine.begin() as connection:
        create_partitioned(connection, [bad])
