"""``partizipation databases`` and ``procedures import``: what is told, with which exit code."""

import json
import sqlite3
from contextlib import closing

import pytest

from partizipation_core import Actor, FrozenClock, Platform, Role
from partizipation_core.cli.main import _run
from partizipation_core.clock import Instant

OFFICER = Actor.of("officer-1", Role.OFFICER)
PLACE = ("--municipality", "12060052", "--procedure", "b-1")


@pytest.fixture
def database(tmp_path):
    clock = FrozenClock(Instant(1_800_000_000_000_000))
    with Platform(f"sqlite:///{tmp_path / 'town.db'}", clock=clock) as platform:
        platform.municipality("12060052").open(
            "b-1", "buergerhaushalt", actor=OFFICER, settings={"pot": "9 EUR", "misfit": "skip"}
        )
    return f"sqlite:///{tmp_path / 'town.db'}"


@pytest.fixture
def run(capsys):
    """Run the command line: ``run("databases", ...)`` → exit code, stdout, stderr."""

    def call(*arguments):
        code = _run(list(map(str, arguments)))
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_moving_prints_the_proof_and_reminds_of_the_keys(run, database, tmp_path):
    new = f"sqlite:///{tmp_path / 'new.db'}"
    code, out, err = run("databases", "move", "--from", database, "--to", new)
    assert code == 0
    assert "12060052 b-1" in out
    assert "Beide sind gleich" in out
    assert "Schlüssel" in err
    code, _, err = run("databases", "move", "--from", database, "--to", new)
    assert (code, "it is not empty" in err) == (1, True)


def test_the_proof_is_there_as_data(run, database, tmp_path):
    new = f"sqlite:///{tmp_path / 'new.db'}"
    code, out, _ = run("databases", "move", "--from", database, "--to", new, "--json")
    told = json.loads(out)
    assert (code, told["equal"], told["audited"]) == (0, True, 1)
    assert told["tables"]["journal"]["rows"] == told["heads"][0]["lines"] == 1


def test_a_backup_comes_back_and_a_damaged_one_does_not(run, database, tmp_path):
    file, new = tmp_path / "b.zip", f"sqlite:///{tmp_path / 'new.db'}"
    assert run("databases", "backup", "--database", database, "--into", file)[0] == 0
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(content)
    code, _, err = run("databases", "restore", "--database", new, damaged)
    assert (code, "damaged.zip" in err) == (1, True)
    code, out, _ = run("databases", "restore", "--database", new, file, "--lang", "en")
    assert (code, "1 procedure checked" in out) == (0, True)


def test_a_procedure_is_taken_in(run, database, tmp_path):
    file = tmp_path / "b-1.zip"
    exported = run(
        "procedures", "export", "--database", database, *PLACE, "--whole", "--into", file
    )
    assert exported[0] == 0
    with closing(sqlite3.connect(tmp_path / "new.db")):
        pass
    new = f"sqlite:///{tmp_path / 'new.db'}"
    code, out, _ = run("procedures", "import", "--database", new, file)
    assert (code, out) == (0, "„b-1“ ist übernommen: 1 Journalzeile, jede so, wie sie war.\n")
    assert run("procedures", "import", "--database", new, file)[0] == 5


@pytest.mark.parametrize("command", ["backup", "move"])
def test_a_database_that_is_not_there_or_of_an_earlier_version_stays_so(
    run, tmp_path, database, command
):
    def call(address):
        options = {
            "backup": ("--database", address, "--into", tmp_path / "b"),
            "move": ("--from", address, "--to", f"sqlite:///{tmp_path / 'new.db'}"),
        }
        return run("databases", command, *options[command])

    assert call(f"sqlite:///{tmp_path / 'none.db'}")[0] == 4
    assert not (tmp_path / "none.db").exists()
    with closing(sqlite3.connect(tmp_path / "town.db")) as connection, connection:
        connection.execute("UPDATE store_format SET version = 2")
    code, _, err = call(database)
    assert (code, "schema version is 2, needed is" in err) == (1, True)
    with closing(sqlite3.connect(tmp_path / "town.db")) as connection:
        assert connection.execute("SELECT version FROM store_format").fetchall() == [(2,)]
