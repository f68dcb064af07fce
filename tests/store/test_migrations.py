"""A database of every earlier release still opens, and says what it said when it was written."""

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, insert, inspect, select, update

from partizipation_core.clock import FrozenClock, start_of_day
from partizipation_core.commands import CastBallot
from partizipation_core.errors import Refused, StorageError
from partizipation_core.platform import Platform
from partizipation_core.serialization import Serializer
from partizipation_core.store import Database, Unit, dump, migrations, schema
from partizipation_core.store.journal import check_chain
from partizipation_core.values import Actor, Role

CORPUS = Path(__file__).with_name("corpus")
VERSIONS = sorted(int(one.stem.partition("-")[2]) for one in CORPUS.glob("version-*.sql"))
OFFICER = Actor.of("officer-1", Role.OFFICER)


def written_by(version, folder):
    """Bring a database of the corpus back to life, with the keys that lay beside it."""
    file = folder / "town.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript((CORPUS / f"version-{version}.sql").read_text(encoding="utf-8"))
    keys = Path(f"{file}.keys")
    keys.mkdir()
    for name, key in json.loads((CORPUS / f"version-{version}.keys.json").read_text()).items():
        (keys / name).write_bytes(bytes.fromhex(key))
    return f"sqlite:///{file}"


def test_a_database_of_every_version_is_kept():
    """The present one may still change, and is kept when it is released."""
    earlier = list(range(1, schema.SCHEMA_VERSION))
    assert VERSIONS in (earlier, [*earlier, schema.SCHEMA_VERSION])


def rows(url):
    with closing(Database(url)) as database, database.reading() as connection:
        return {
            name: [
                line
                for town in dump.towns(connection)
                for line in dump.lines(connection, name, town)
            ]
            for name in dump.NAMES
        }


def brought_to_the_server(version, folder, site):
    """Make the tables of an earlier version on a server, with the rows of the corpus."""
    written_by(version, folder)
    engine = create_engine(site.url.replace("postgresql:", "postgresql+psycopg:"))
    with closing(sqlite3.connect(folder / "town.db")) as old, engine.begin() as new:
        names = {name for (name,) in old.execute("SELECT name FROM sqlite_schema")}
        for table in schema.METADATA.sorted_tables:
            if table.name in names:
                table.create(new)
                found = old.execute(f"SELECT * FROM {table.name}")  # noqa: S608
                columns = [one[0] for one in found.description]
                if told := [dict(zip(columns, row, strict=True)) for row in found]:
                    new.execute(insert(table), told)
    engine.dispose()


@pytest.mark.postgresql
@pytest.mark.parametrize("version", VERSIONS)
def test_every_migration_is_walked_on_a_server_as_in_a_file(version, tmp_path, site):
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    brought_to_the_server(version, tmp_path / "there", site)
    assert rows(site.url) == rows(written_by(version, tmp_path / "here"))
    Database(site.url, as_it_is=True).close()


def test_a_database_of_the_last_version_goes_on_where_it_was(tmp_path, clock):
    with Platform(written_by(VERSIONS[-1], tmp_path), clock=clock) as platform:
        budget = platform.municipality("12060052").procedure("budget-2027")
        assert [fault for check in budget.audit() for fault in check.faults] == []
        assert budget.turnout("vote") == {"online": 3}
        budget.execute(CastBallot(choices={"swing": 1}), actor=resident("dora"))
        with pytest.raises(Refused, match="already_voted"):
            budget.execute(CastBallot(choices={"swing": 1}), actor=resident("anna"))
        assert [fault for check in budget.audit() for fault in check.faults] == []


def resident(name):
    return Actor.of(name, Role.RESIDENT)


@pytest.fixture
def clock():
    return FrozenClock(start_of_day(date(2027, 5, 20), ZoneInfo("Europe/Berlin")))


def test_a_database_whose_rules_are_gone_can_be_read_and_says_what_is_missing(tmp_path, clock):
    """The second shape pinned rules that are settings now; nobody had released it."""
    with Platform(written_by(2, tmp_path), clock=clock) as platform:
        budget = platform.municipality("12060052").procedure("budget-2027")
        budget.rebuild()  # the present state had another shape as well
        assert [fault for check in budget.audit() for fault in check.faults] == []
        assert budget.turnout("vote") == {"online": 3}
        with pytest.raises(Refused, match=r"rule_missing\(rules=rule core/distinct_choices@1\)"):
            budget.execute(CastBallot(choices={"swing": 1}), actor=resident("dora"))
        assert [fault for check in budget.audit() for fault in check.faults] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_an_old_database_gets_the_tables_of_a_new_one(version, tmp_path, file):
    old, new = Database(written_by(version, tmp_path)), Database("sqlite://")
    with closing(old), closing(new), old.reading() as theirs, new.reading() as ours:
        assert set(inspect(theirs).get_table_names()) == set(inspect(ours).get_table_names())
        for table in schema.METADATA.tables:
            assert columns(theirs, table) == columns(ours, table)
        version = theirs.execute(select(schema.store_format.c.version)).scalar()
        assert version == schema.SCHEMA_VERSION


def columns(connection, table):
    found = inspect(connection).get_columns(table)
    return [(one["name"], str(one["type"]), one["nullable"]) for one in found]


@pytest.mark.parametrize("version", VERSIONS)
def test_journal_and_box_of_every_version_hold(version, tmp_path, scope):
    with closing(Database(written_by(version, tmp_path))) as database, database.reading() as open_:
        unit = Unit(open_, scope, Serializer())
        lines = list(unit.lines())
        assert len(lines) == 19
        assert list(check_chain(lines)) == []
        assert list(unit.box_faults("vote")) == []
        assert unit.channels("vote") == {"online": 3}


def test_a_migration_that_fails_leaves_everything_as_it_was(tmp_path, monkeypatch):
    url = written_by(1, tmp_path)
    before = (tmp_path / "town.db").read_bytes()

    def fail(_connection):
        raise StorageError("a disk that is full")

    monkeypatch.setattr(migrations, "STEPS", {**migrations.STEPS, 2: fail})
    with pytest.raises(StorageError, match="a disk that is full"):
        Database(url)
    with closing(sqlite3.connect(tmp_path / "town.db")) as connection:
        assert connection.execute("SELECT version FROM store_format").fetchall() == [(1,)]
        names = connection.execute("SELECT name FROM sqlite_schema").fetchall()
    assert ("voice",) not in names
    assert len(before) == len((tmp_path / "town.db").read_bytes())


@pytest.mark.parametrize("version", [0, schema.SCHEMA_VERSION + 1, 99])
def test_a_version_that_is_not_known_is_refused(database, site, version):
    with database.writing() as connection:
        connection.execute(update(schema.store_format).values(version=version))
    with pytest.raises(StorageError, match=f"schema version is {version}, this release reads 1"):
        Database(site.url)
