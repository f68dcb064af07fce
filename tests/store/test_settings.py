"""A database is used only if it is ours, of our version, and set as our promises need it."""

import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert

from partizipation_core.errors import StorageError
from partizipation_core.platform import Platform
from partizipation_core.store import Database, Unit, postgresql, schema, sqlite


def raw(file):
    return closing(sqlite3.connect(file, isolation_level=None))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", "2"),  # FULL
        ("foreign_keys", "1"),
        ("secure_delete", "1"),
        ("tables not strict", ""),
    ],
)
def test_settings_hold_on_every_connection(file, database, setting, value):
    with database.reading(), database.reading():
        assert database.settings()[setting] == value


def test_a_database_in_memory_has_the_same_settings_but_no_log_file():
    with closing(Database("sqlite://")) as database:
        assert database.settings()["journal_mode"] == "memory"
        assert database.file is None


def test_opening_twice_keeps_what_is_there(file):
    Database(f"sqlite:///{file}").close()
    before = sorted(name for (name,) in tables(file))
    Database(f"sqlite:///{file}").close()
    assert sorted(name for (name,) in tables(file)) == before


def tables(file):
    with raw(file) as connection:
        return connection.execute("SELECT name FROM sqlite_schema").fetchall()


@pytest.mark.parametrize(
    ("setting", "spoilt", "told"),
    [
        ("synchronous", "NORMAL", "synchronous is 1, needed is 2"),
        ("foreign_keys", "OFF", "foreign_keys is 0, needed is 1"),
        ("secure_delete", "OFF", "secure_delete is 0, needed is 1"),
        ("journal_mode", "DELETE", "journal_mode is delete, needed is wal"),
    ],
)
def test_a_setting_that_does_not_hold_is_named(file, monkeypatch, setting, spoilt, told):
    real = sqlite.configure

    def configure(connection):
        real(connection)
        connection.execute(f"PRAGMA {setting} = {spoilt}")

    monkeypatch.setattr(sqlite, "configure", configure)
    with pytest.raises(StorageError, match=told) as refused:
        Database(f"sqlite:///{file}")
    assert str(file) in str(refused.value)


def test_a_table_that_is_not_strict_is_named(file):
    Database(f"sqlite:///{file}").close()
    with raw(file) as connection:
        (made,) = connection.execute(
            "SELECT sql FROM sqlite_schema WHERE name = 'item'"
        ).fetchone()
        connection.execute("DROP TABLE item")
        connection.execute(made.replace("STRICT", ""))
    with pytest.raises(StorageError, match="tables not strict is item, needed is none"):
        Database(f"sqlite:///{file}")


def test_a_database_of_another_program_is_refused_and_left_as_it_was(file):
    with raw(file) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = file.read_bytes()
    with pytest.raises(StorageError, match=r"another program \(bookmarks\)"):
        Database(f"sqlite:///{file}")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("town.db", "write 'sqlite:///FILE'"),
        ("", "write 'sqlite:///FILE' or 'postgresql://USER@HOST/NAME'"),
        ("sqlite://town.db", "three slashes: 'sqlite:///town.db'"),
        ("sqlite+nosuchdriver:///town.db", "write 'sqlite:///FILE'"),
        ("mysql://localhost/town", "mysql is not supported by this release; use sqlite or post"),
        ("postgresql+asyncpg://localhost/town", "write 'postgresql://HOST/DATABASE'"),
        ("postgresql://localhost/town?options=-cfsync=off", "options would undo the settings"),
        ("sqlite:///town.db?isolation_level=DEFERRED", "options would undo the settings"),
        ("sqlite:///file:town.db?mode=ro&uri=true", "options would undo the settings"),
        ("sqlite:///no/such/folder/town.db", "there is no folder no/such/folder; make it first"),
    ],
)
def test_a_wrong_address_says_what_is_right(url, told):
    with pytest.raises(StorageError, match=told):
        Database(url)


def test_a_text_file_is_no_database(file):
    file.write_text("Ideen 2027\n" * 100, encoding="utf-8")
    with pytest.raises(StorageError, match="file is not a database") as refused:
        Database(f"sqlite:///{file}")
    assert str(refused.value).count(str(file)) == 1
    assert file.read_text(encoding="utf-8") == "Ideen 2027\n" * 100


def test_a_folder_is_no_database(tmp_path):
    with pytest.raises(StorageError, match="unable to open database file"):
        Database(f"sqlite:///{tmp_path}")


OPEN_AS_NOBODY = """
import os, sys
from partizipation_core.store import Database
if os.geteuid() == 0:  # who may write everything
    os.setuid(65534)
Database(f"sqlite:///{sys.argv[1]}")
"""


def test_a_database_that_cannot_be_written_is_refused_at_once():
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "town.db")
        Database(f"sqlite:///{file}").close()
        file.chmod(0o444)
        Path(folder).chmod(0o555)
        command = [sys.executable, "-c", OPEN_AS_NOBODY, str(file)]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
        Path(folder).chmod(0o700)
    assert "StorageError" in told.stderr
    assert "readonly" in told.stderr
    assert "have to be writable" in told.stderr


def test_a_damaged_database_is_refused(file):
    Database(f"sqlite:///{file}").close()
    content = bytearray(file.read_bytes())
    content[100:4096] = b"\xff" * 3996  # the header stays, what follows is gone
    file.write_bytes(content)
    with pytest.raises(StorageError, match="malformed"):
        Database(f"sqlite:///{file}")


def test_what_fails_while_writing_comes_as_our_error_and_leaves_nothing(working):
    def pin_twice():
        with working() as unit:
            unit._insert(insert(schema.definition), [{"digest": "a", "body": b"a"}])
            unit._insert(insert(schema.definition), [{"digest": "b", "body": b"b"}])

    with pytest.raises(
        StorageError, match=r"UNIQUE constraint failed: definition|violates unique constraint"
    ):
        pin_twice()
    with working() as unit:
        assert unit.definition() is None


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit, ValueError])
def test_whatever_stops_a_transaction_rolls_it_back(working, ballot, stop):
    def vote_and_stop():
        with working() as unit:
            assert unit.put(ballot("i-1"), b"tag")
            raise stop

    with pytest.raises(stop):
        vote_and_stop()
    with working() as unit:
        assert unit.box("vote").ballots == 0
        assert not unit.has_voted("vote", b"tag")


def test_a_rehearsal_leaves_no_trace(database, scope, ballot):
    with database.rehearsing() as connection:
        assert Unit(connection, scope).put(ballot("i-1"), b"tag")
    with database.reading() as connection:
        assert Unit(connection, scope).box("vote").ballots == 0


def test_a_reader_sees_one_state_while_others_write(database, working, scope, ballot):
    with database.reading() as connection:
        reader = Unit(connection, scope)
        assert reader.box("vote").ballots == 0
        with working() as unit:
            unit.put(ballot("i-1"), b"tag")
        assert reader.box("vote").ballots == 0
    with working() as unit:
        assert unit.box("vote").ballots == 1


def test_a_writer_that_waits_too_long_is_told_so(file, database, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    with (
        closing(Database(f"sqlite:///{file}")) as other,
        database.writing(),
        pytest.raises(StorageError, match="locked; another program has been writing"),
        other.writing(),
    ):
        pytest.fail("two writers at once")


# --- PostgreSQL -------------------------------------------------------------------------------


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("server_encoding", "UTF8"),
        ("client_encoding", "UTF8"),
        ("synchronous_commit", "on"),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("default_transaction_isolation", "read committed"),
        ("statement_timeout", "60s"),
        ("lock_timeout", "30s"),
        ("idle_in_transaction_session_timeout", "60s"),
        ("columns not of 64 bits", ""),
        ("columns sorted by language", ""),
    ],
)
def test_settings_hold_on_every_connection_to_a_server(database, setting, value):
    with database.reading(), database.reading():
        assert database.settings()[setting] == value


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("setting", "spoilt"),
    [
        ("synchronous_commit", "off"),
        ("client_encoding", "LATIN1"),
        ("default_transaction_isolation", "serializable"),
        ("statement_timeout", "0"),
    ],
)
def test_a_setting_of_a_server_that_does_not_hold_is_named(site, monkeypatch, setting, spoilt):
    real = postgresql.configure

    def configure(connection):
        real(connection)
        connection.execute(f"SET {setting} = '{spoilt}'")

    monkeypatch.setattr(postgresql, "configure", configure)
    with pytest.raises(StorageError, match=f"{setting} is {spoilt}, needed is"):
        Database(site.url)


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("ALTER TABLE journal ALTER seq TYPE integer", "columns not of 64 bits is journal.seq"),
        (
            'ALTER TABLE item ALTER item TYPE text COLLATE "default"',
            "columns sorted by language is item.item",
        ),
    ],
    ids=["narrow", "sorted by language"],
)
def test_a_column_that_was_changed_is_named(site, spoil, told):
    Database(site.url).close()
    site.run(spoil)
    with pytest.raises(StorageError, match=told):
        Database(site.url)


@pytest.mark.postgresql
def test_a_schema_of_another_program_is_refused_and_left_as_it_was(site):
    site.run("CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(StorageError, match=r"another program \(bookmarks\)"):
        Database(site.url)
    assert list(site.rows()) == ["bookmarks"]


@pytest.mark.postgresql
def test_an_error_of_a_server_holds_no_values(database, scope, working):
    row = {"digest": "secret-digest", "body": b"secret-body"}

    def pin_twice():
        with working() as unit:
            unit._insert(insert(schema.definition), [row])
            unit._insert(insert(schema.definition), [row])

    with pytest.raises(StorageError) as failed:
        pin_twice()
    assert "secret" not in str(failed.value)
    assert scope.municipality not in str(failed.value)


@pytest.mark.postgresql
def test_a_server_that_is_not_there_is_named_without_the_password(tmp_path):
    with pytest.raises(StorageError) as failed:
        Database(f"postgresql://anna:geheim@/town?host={tmp_path}")
    assert "geheim" not in str(failed.value)
    assert str(failed.value).count("postgresql://anna:***@/town") == 1


@pytest.mark.postgresql
def test_keys_are_never_kept_in_memory_beside_a_server(site):
    with pytest.raises(StorageError, match=r"keys=FileKeys\(folder\)"):
        Platform(site.url)
