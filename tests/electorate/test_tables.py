"""The tables about people: every statement says whose row it is, and no row says when."""

import sqlite3

import pytest
from sqlalchemy import event

from partizipation_core.commands import (
    AdvanceStage,
    AwardItems,
    CloseProcedure,
    EnrolVoter,
    EraseRegister,
    ForgetPerson,
    ImportRegister,
    UpdateElectorate,
)
from partizipation_core.values import Actor, Role

EXTRACT = "kennung;geburtsdatum\nR-1;17.05.1980\nR-2;30.04.2000\n"
TABLES = ("register", "electorate", "identification")


def test_every_statement_names_municipality_and_procedure(by_register, platform):
    said = []

    def listen(_connection, _cursor, statement, *_rest):
        said.append(statement)

    engine = platform._execution.database._engine
    event.listen(engine, "before_cursor_execute", listen)
    town = by_register()
    town.register(EXTRACT)
    town.to_the_vote().cast(town.person("R-1"))
    town.execute(EnrolVoter(person="x", reason="x"), actor=town.officer)
    town.register("kennung;geburtsdatum\nR-1;17.05.1980\n")
    town.execute(UpdateElectorate(reason="x"), actor=town.officer)
    town.execute(ForgetPerson(person=town.person("R-1").ref), actor=town.officer)
    town.execute(EraseRegister(reason="x"), actor=town.officer)
    assert town.faults() == []
    event.remove(engine, "before_cursor_execute", listen)
    ours = [one for one in said if any(f" {table}" in one for table in TABLES)]
    assert len({one.partition("(")[0] for one in ours}) > 8
    for statement in ours:
        if not statement.lstrip().startswith(("CREATE", "PRAGMA")):
            where = statement.partition("WHERE")[2] or statement.partition("INSERT")[2]
            assert "municipality" in where, statement
            assert "procedure" in where, statement


@pytest.mark.parametrize("table", TABLES)
def test_no_row_tells_when_it_was_written(by_register, sql, table):
    by_register()
    with pytest.raises(sqlite3.OperationalError, match="no such column: rowid"):
        sql(f"SELECT rowid FROM {table}")  # noqa: S608


def test_people_can_be_forgotten_when_the_procedure_is_closed(by_register):
    town = by_register()
    town.register(EXTRACT)
    town.to_the_vote().count()
    council = Actor.of("council", Role.COUNCIL)
    town.execute(AwardItems(amounts={}, reason="x"), actor=council)
    town.execute(AdvanceStage(), actor=town.officer)
    town.execute(CloseProcedure(), actor=town.officer)
    person = town.person("R-1")
    assert town.refusal(ImportRegister(lines=[]), town.officer)[0] == "procedure_closed"
    town.execute(ForgetPerson(person=person.ref), actor=town.officer)
    town.execute(EraseRegister(reason="Verfahren beendet"), actor=town.officer)
    assert town.registered(person) == {}
    assert town.faults() == []
