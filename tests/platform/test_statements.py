"""Whatever the house does, no statement leaves out whose data it is about."""

import pytest
from sqlalchemy import event

from partizipation_core.store.booth import Booth

# Which procedures there are is asked of all at once; the rest is about the database itself.
OF_THE_WHOLE_HOUSE = (
    "FROM procedure \nWHERE (? = ? OR procedure.municipality",
    "PRAGMA",
    "pg_catalog",
    "information_schema",
    "store_format",
    "current_setting",
    "current_schema",
    "pragma_table_list",
    "CREATE TABLE",
)


@pytest.fixture
def said(platform):
    """Everything that was said to the database, past all that wraps it."""
    heard = []
    engine = platform._execution.database._engine

    def listen(_connection, _cursor, statement, *_rest):
        heard.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    yield heard
    event.remove(engine, "before_cursor_execute", listen)


def test_every_statement_of_a_whole_budget_names_municipality_and_procedure(said, budget):
    budget.to_the_vote(fountain=600, bench=500, swing=400)
    budget.cast("anna", "fountain", key="k-1")
    budget.cast("anna", "fountain", key="k-1")
    budget.cast("ben", "bench")
    budget.replace("ben", "swing")
    budget.until("fund").count()
    budget.award()
    budget.until("implement")
    assert budget.faults() == []
    budget.rebuild()
    names_its_tenant(said)
    assert len(set(said)) > 20


def names_its_tenant(said):
    for statement in said:
        if any(word in statement for word in OF_THE_WHOLE_HOUSE):
            continue
        _, _, condition = statement.partition("WHERE")
        named = condition or statement.partition("INSERT INTO")[2]
        assert "municipality" in named, statement
        assert "procedure" in named.replace("procedure.municipality", ""), statement


def test_a_statement_without_its_tenant_is_found(said, budget, platform):
    """Revert test: the question that the test above must not let pass."""
    with platform._execution.database.reading() as connection:
        connection.exec_driver_sql("SELECT body FROM box WHERE vote = 'vote'")
    with pytest.raises(AssertionError, match="SELECT body FROM box"):
        names_its_tenant(said)


@pytest.mark.parametrize("asked", [False, True], ids=["plain", "with a key"])
def test_every_statement_of_the_booth_does(platform, asked):
    names_its_tenant([step.sql for step in Booth(platform._execution.database)._steps[asked]])
