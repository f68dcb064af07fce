"""A database of every earlier release still opens, and says what it said when it was written."""

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from runpy import run_path
from zoneinfo import ZoneInfo

import pytest
from attrs import frozen
from sqlalchemy import create_engine, insert, inspect, select, update

from partizipation_core.clock import FrozenClock, start_of_day
from partizipation_core.commands import CastBallot, CountBallots
from partizipation_core.errors import Refused, StorageError
from partizipation_core.kernel.messages import Event
from partizipation_core.kernel.review import ItemReviewed
from partizipation_core.platform import Platform
from partizipation_core.serialization import STORED, canonical
from partizipation_core.store import Database, Unit, dump, migrations, schema
from partizipation_core.store.journal import Codec, Line, check_chain, digest_of
from partizipation_core.values import Actor, Money, Role

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
        with pytest.raises(StorageError, match=r"another shape .*rebuild\(\) of the procedure"):
            budget.state()
        budget.rebuild()
        assert [fault for check in budget.audit() for fault in check.faults] == []
        assert budget.turnout("vote") == {"online": 3}
        gone = "rule core/distinct_choices@1 of partizipation-core 0.1.0"
        with pytest.raises(Refused, match=rf"rule_missing\(rules={gone}\)"):
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
        unit = Unit(open_, scope)
        lines = list(unit.lines())
        assert len(lines) == 19
        assert list(check_chain(lines)) == []
        assert list(unit.box_faults("vote")) == []
        assert unit.channels("vote") == {"online": 3}


@pytest.mark.parametrize("version", VERSIONS)
def test_what_every_version_wrote_is_exported_and_verified_today(version, tmp_path, clock, root):
    """Lines of every form, with checkpoints made today and before."""
    verify = run_path(str(root / "verifier" / "verify.py"))["verify"]
    with Platform(written_by(version, tmp_path), clock=clock) as platform:
        budget = platform.municipality("12060052").procedure("budget-2027")
        if version < VERSIONS[-1]:
            budget.rebuild()
        assert [fault for check in budget.audit() for fault in check.faults] == []
        budget.export(tmp_path / "while-open", ballots=False)
        minutes = tmp_path / "minutes.txt"
        minutes.write_text(budget.checkpoint().text, encoding="utf-8")
        clock.set(start_of_day(date(2027, 6, 1), ZoneInfo("Europe/Berlin")))
        platform.tick()
        if version >= 3:  # those before pinned rules that are settings now
            budget.execute(CountBallots(vote="vote", seed="4 9 17"), actor=OFFICER)
            budget.export(tmp_path / "counted")
            report = verify(tmp_path / "counted", [minutes])
            assert report.exit_code == 0, report.text("en")
    report = verify(tmp_path / "while-open", [minutes])
    assert report.exit_code == 2, report.text("en")  # the vote is on, and all else is right


def test_what_one_office_stated_is_lifted_with_its_cost():
    """As lines said before several offices could state; the item moved at once."""
    said = {"office": "park", "outcome": "feasible", "statement": ""}
    old = {"item": "bench", "review": said, "cost": 30_000, "state": "feasible"}
    event = STORED.load(ItemReviewed.lifted(1, old), ItemReviewed)
    assert (event.state, event.published) == ("feasible", True)
    assert event.outcome.review.cost.expected == Money(30_000)
    assert STORED.load(STORED.dump(event), ItemReviewed) == event


@frozen(kw_only=True)
class BellHung(Event):
    version = 3

    tower: str

    @classmethod
    def lifted(cls, version, data):
        if version == 2:  # when a place was still called a house
            return {"tower": data["house"]}
        return super().lifted(version, data)


def line_of(version, **data):
    told = {"v": 2, "seq": 1, "at": 0, "actor": "", "kind": "BellHung", "kv": version}
    body = canonical({**told, "data": data, "texts": {}, "prev": ""})
    return Line(1, body, digest_of(body))


@pytest.mark.parametrize(
    ("version", "data"), [(2, {"house": "Rathaus"}), (3, {"tower": "Rathaus"})]
)
def test_earlier_shapes_of_an_event_are_lifted_when_they_are_read(version, data):
    read = Codec([BellHung]).read(line_of(version, **data))
    assert read.event == BellHung(tower="Rathaus")


@pytest.mark.parametrize("version", [1, 4])
def test_a_shape_that_nothing_leads_to_is_named(version):
    with pytest.raises(StorageError, match=f"BellHung version {version}"):
        Codec([BellHung]).read(line_of(version, tower="Rathaus"))


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
