"""Voices in the database: one of each kind per person and thing, committed to, and in no order."""

import sqlite3
from contextlib import closing

import pytest
from attrs import evolve
from sqlalchemy import event

from partizipation_core.kernel.state import Comment
from partizipation_core.kernel.voices import Held, VoiceCount, VoiceEntry
from partizipation_core.store import Scope, schema
from partizipation_core.values import MunicipalityRef

SUPPORT = VoiceEntry(kind="support", person="p-1", item="i-1", area="Nord")
RATING = evolve(SUPPORT, kind="rating", value=-1)
REPORT = evolve(SUPPORT, kind="report", comment="k-1", reason="spam")


def test_a_person_says_the_same_of_one_thing_once(working):
    with working() as unit:
        assert unit.voices.put(SUPPORT, b"anna")
        assert unit.voices.put(SUPPORT, b"anna") is None
        assert unit.voices.put(SUPPORT, b"ben")
        for other in (evolve(SUPPORT, item="i-2"), RATING, REPORT, evolve(REPORT, comment="")):
            assert unit.voices.put(other, b"anna")
        assert unit.voices.sealed("support").entries == 3


def test_exchanging_and_taking_out_need_something_that_is_there(working):
    with working() as unit:
        again, away = evolve(RATING, act="replace", value=1), evolve(RATING, act="remove")
        assert unit.voices.put(again, b"anna") is None
        assert unit.voices.put(away, b"anna") is None
        first = unit.voices.put(RATING, b"anna")
        assert unit.voices.put(again, b"anna") not in (None, first)
        assert unit.voices.held(b"anna") == (
            Held(kind="rating", item="i-1", value=1, area="Nord"),
        )
        assert unit.voices.put(away, b"anna") == ""
        assert unit.voices.held(b"anna") == ()
        assert not unit.voices.any()


def test_numbers_are_counted_from_the_rows(working):
    with working() as unit:
        for tag in (b"anna", b"ben", b"cem"):
            unit.voices.put(evolve(SUPPORT, revision=2 if tag == b"cem" else 1), tag)
            unit.voices.put(evolve(REPORT, reason="hate" if tag == b"ben" else "spam"), tag)
        assert unit.voices.tallies("support") == (
            VoiceCount(kind="support", item="i-1", revision=1, value=1, people=2),
            VoiceCount(kind="support", item="i-1", revision=2, value=1, people=1),
        )
        assert unit.voices.reports("i-1", "k-1") == 3
        assert unit.voices.reports("i-1", "") == 0
        (reported,) = unit.voices.reported()
        assert reported.reasons == {"hate": 1, "spam": 2}


def test_the_same_said_by_two_has_two_commitments(working):
    with working() as unit:
        assert unit.voices.put(SUPPORT, b"anna") != unit.voices.put(SUPPORT, b"ben")
        assert list(unit.voices.faults({"i-1": None})) == []
        (told, _) = unit.voices.faults({})
        assert "is about an item that does not exist" in told


def test_voices_have_no_hidden_number_and_no_time(database, file):
    with (
        closing(sqlite3.connect(file)) as connection,
        pytest.raises(sqlite3.OperationalError, match="no such column: rowid"),
    ):
        connection.execute("SELECT rowid FROM voice")
    assert not {"at", "seq", "time"} & set(schema.voice.columns.keys())


@pytest.mark.parametrize(
    "missing", ["municipality", "procedure", "tag", "kind", "item", "comment"]
)
def test_no_part_of_a_key_may_be_null(database, file, missing):
    """Two rows that differ in nothing but a missing part would both be let in."""
    row = {column.name: b"x" for column in schema.voice.columns if column.name != missing}
    row |= dict.fromkeys(("municipality", "procedure", "kind", "item", "comment", "area"), "x")
    row |= {"reason": "", "revision": 1, "value": 1, missing: None}
    statement = f"INSERT INTO voice ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"  # noqa: S608
    with (
        closing(sqlite3.connect(file)) as connection,
        pytest.raises(sqlite3.IntegrityError, match=f"NOT NULL constraint failed: .*{missing}"),
    ):
        connection.execute(statement, list(row.values()))


def test_every_statement_keeps_to_its_procedure(database, working, scope):
    said = []

    def listen(_connection, _cursor, statement, *_rest):
        said.append(statement)

    remark = Comment(ref="k-1", item="i-1", author="p-1", at=1, text="x")
    with working() as unit:
        event.listen(database._engine, "before_cursor_execute", listen)
        for entry in (SUPPORT, evolve(SUPPORT, act="replace"), REPORT):
            unit.voices.put(entry, b"anna")
        unit.comments.save([remark])
        look(unit)
        event.remove(database._engine, "before_cursor_execute", listen)
    assert len(said) > 12
    for statement in said:
        where = statement.partition("WHERE")[2] or statement.partition("INSERT")[2]
        assert "municipality" in where, statement
        assert "procedure" in where, statement
    with working(Scope(MunicipalityRef("11000000"), scope.procedure)) as unit:
        assert look(unit) == [(), (), (), [], False, {}, [], [], {}]
        assert unit.voices.put(evolve(SUPPORT, act="remove"), b"anna") is None
        unit.comments.clear()
    with working() as unit:
        assert [one.ref for one in unit.comments.all()] == ["k-1"]


def look(unit):
    unit.voices.sealed("support"), unit.voices.reports("i-1", "k-1")
    list(unit.voices.faults({}))
    return [
        unit.voices.held(b"anna"),
        unit.voices.tallies("support"),
        unit.voices.reported(),
        unit.voices.tags("report"),
        unit.voices.any(),
        unit.comments.some(["k-1"]),
        list(unit.comments.below("i-1")),
        list(unit.comments.all()),
        unit.comments.stored(),
    ]
