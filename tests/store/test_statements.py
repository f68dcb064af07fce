"""Every statement that the store keeps ready is one for both databases, and names its tenant."""

import importlib
import pkgutil
import re

import pytest
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.elements import TextClause

from partizipation_core import store
from partizipation_core.store import filling, schema
from partizipation_core.store.statements import Compiled, insert_once, positional, upsert

DIALECTS = {"sqlite": sqlite.dialect(), "postgresql": postgresql.psycopg.dialect()}
ABOUT_THE_DATABASE_ITSELF = {"migrations", "postgresql"}


def ready(value):
    """Find statements in what a module keeps, also in rows of them."""
    if isinstance(value, Executable) and not isinstance(value, TextClause):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from ready(one)


def statements():
    for module in pkgutil.iter_modules(store.__path__):
        kept = vars(importlib.import_module(f"{store.__name__}.{module.name}"))
        for name, value in kept.items():
            for number, statement in enumerate(ready(value)):
                yield pytest.param(statement, module.name, id=f"{module.name}.{name}.{number}")


EVERY = list(statements())


def test_there_are_statements_to_look_at():
    assert len(EVERY) > 40


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("statement", "module"), EVERY)
def test_it_can_be_said_to_both(statement, module, dialect):
    assert str(statement.compile(dialect=DIALECTS[dialect]))


@pytest.mark.parametrize(("statement", "module"), EVERY)
def test_it_names_municipality_and_procedure(statement, module):
    if module in ABOUT_THE_DATABASE_ITSELF and "store_format" in str(statement):
        return
    said = str(statement.compile(dialect=DIALECTS["postgresql"]))
    condition = said.partition("WHERE")[2] or said.partition("INSERT INTO")[2]
    assert re.search(r"\bmunicipality\b", condition), said


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_goes_to_the_driver_in_bulk_names_its_tenant_in_every_row(dialect):
    """Rows go by the place of their values, so the order of the columns is the order of a row."""
    for table, names in ((schema.roll, filling._KEY), (schema.box, filling._BOX)):
        said = Compiled(filling._row(table, names), positional(DIALECTS[dialect])).sql
        assert said.startswith(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES (")  # noqa: S608
        assert names[:2] == ("municipality", "procedure")


def test_nothing_in_the_store_speaks_to_one_database_only(root):
    """The insert of one dialect does not compile for the other."""
    for file in (root / "src/partizipation_core/store").glob("*.py"):
        assert "dialects.sqlite" not in file.read_text(encoding="utf-8"), file.name


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_words_for_a_conflict_are_the_same_in_both(dialect):
    once, over = (
        str(made(schema.roll if made is insert_once else schema.item).compile(dialect=said))
        for made, said in ((insert_once, DIALECTS[dialect]), (upsert, DIALECTS[dialect]))
    )
    assert once.endswith("ON CONFLICT DO NOTHING")
    assert over.endswith(
        "ON CONFLICT (municipality, procedure, item) DO UPDATE SET "
        "state = excluded.state, body = excluded.body"
    )
