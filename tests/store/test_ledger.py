"""The books in the database: what does not add up cannot be written, by anybody."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select

from partizipation_core.money.books import Account, Booking, Ledger
from partizipation_core.store import schema
from partizipation_core.store.ledger import Books, Entry
from partizipation_core.values import ItemRef, Money

PLACE = {"municipality": "12060052", "procedure": "budget-2027"}
TREES = ItemRef("trees")


def fund(cents, pot="main"):
    return Booking(pot=pot, act="fund", source="outside", target="available", amount=Money(cents))


def commit(cents, pot="main", item=TREES):
    return Booking(
        pot=pot,
        act="commit",
        source="available",
        target="committed",
        amount=Money(cents),
        item=item,
        reason="Beschluss",
    )


def entries(*bookings):
    return [Entry(seq, booking) for seq, booking in enumerate(bookings, 1)]


@pytest.fixture
def filled(database, file):
    """A pot of 1,000 cents, 600 of them committed, and one of a sponsor with 50."""
    with database.writing() as connection:
        Books(connection, PLACE).append(entries(fund(1000), commit(600), fund(50, "sponsor")))
    with closing(sqlite3.connect(file, isolation_level=None)) as raw:
        raw.execute("PRAGMA foreign_keys = ON")
        yield raw


def test_what_was_booked_is_read_back_and_adds_up(database, filled):
    with database.reading() as connection:
        ledger = Ledger(Books(connection, PLACE).all())
    assert ledger.bookings == (fund(1000), commit(600), fund(50, "sponsor"))
    assert ledger.available("main") == Money(400)
    assert ledger.available() == Money(450)
    assert ledger.balance(Account.COMMITTED, item=TREES) == Money(600)
    assert ledger.total() == Money(1050)


def test_sums_make_the_same_balances_in_fewer_bookings(database, filled):
    bees = ItemRef("bees")
    with database.writing() as connection:
        books = Books(connection, PLACE)
        books.append(entries(commit(100), commit(50, item=bees), commit(20, "sponsor")))
        every, sums = Ledger(books.all()), Ledger(books.sums())
    assert [one.amount.cents for one in sums.bookings] == [1000, 700, 50, 50, 20]
    assert sums.pots == every.pots == ("main", "sponsor")
    for pot in ("", *every.pots):
        for item in (None, TREES, bees):
            for account in Account:
                assert sums.balance(account, pot=pot, item=item) == every.balance(
                    account, pot=pot, item=item
                )


def test_every_row_holds_the_balances_after_it(filled):
    columns = ", ".join(("pot", "number", *schema.ACCOUNTS))
    rows = filled.execute(f"SELECT {columns} FROM booking ORDER BY pot, number")  # noqa: S608
    assert rows.fetchall() == [
        ("main", 1, -1000, 1000, 0, 0, 0, 0),
        ("main", 2, -1000, 400, 0, 600, 0, 0),
        ("sponsor", 1, -50, 50, 0, 0, 0, 0),
    ]


def next_row(**changes):
    """The honest third row of the main pot: 100 cents are paid."""
    before = dict(zip(schema.ACCOUNTS, (-1000, 400, 0, 600, 0, 0), strict=True))
    after = {**before, "committed": 500, "paid": 100}
    return {
        **PLACE,
        "pot": "main",
        "number": 3,
        "previous": 2,
        "seq": 4,
        "item": "trees",
        "act": "pay",
        "reason": "",
        "source": "committed",
        "target": "paid",
        "cents": 100,
        **{f"{account}_before": cents for account, cents in before.items()},
        **after,
        **changes,
    }


def write(raw, row):
    marks = ", ".join("?" * len(row))
    statement = f"INSERT INTO booking ({', '.join(row)}) VALUES ({marks})"  # noqa: S608
    raw.execute(statement, list(row.values()))


def test_an_honest_row_is_taken(filled):
    write(filled, next_row())


LIES = {
    "a cent is lost": {"paid": 99},
    "a cent is made": {"paid": 101},
    "nothing is moved": {"cents": 0, "paid": 0, "committed": 600},
    "less than nothing is moved": {"cents": -100, "paid": -100, "committed": 700},
    "from an account to itself": {"target": "committed", "committed": 600, "paid": 0},
    "another account is changed as well": {"available": 399, "returned": 1},
    "more is paid than is committed": {"cents": 601, "committed": -1, "paid": 601},
    "more is awarded than is there": {
        "source": "available",
        "cents": 401,
        "available": -1,
        "committed": 600,
        "paid": 401,
    },
    "another past is told": {
        "available_before": 500,
        "available": 500,
        "outside": -1100,
        "outside_before": -1100,
    },
    "a row is left out": {"number": 4, "previous": 3},
    "a row follows none": {"previous": None},
    "a second history begins": {"number": 1, "previous": None},
    "the same number again": {"number": 2, "previous": 1},
    "an unknown account": {"source": "pocket", "committed": 600},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_the_database_refuses_what_does_not_add_up(filled, lie):
    with pytest.raises(sqlite3.IntegrityError):
        write(filled, next_row(**lie))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE booking SET cents = 999 WHERE number = 1 AND pot = 'main'",
        "UPDATE booking SET available=9, outside=-9, cents=9 WHERE number = 1 AND pot = 'main'",
        "UPDATE booking SET pot = 'other' WHERE number = 2",
        "DELETE FROM booking WHERE number = 1 AND pot = 'main'",
        "UPDATE booking SET procedure = 'another' WHERE number = 1 AND pot = 'main'",
    ],
    ids=["sum", "sum and balances", "moved to another pot", "first one taken out", "elsewhere"],
)
def test_what_another_row_follows_can_neither_be_changed_nor_taken_out(filled, statement):
    with pytest.raises(sqlite3.IntegrityError):
        filled.execute(statement)


def test_all_rows_together_can_be_dropped_and_brought_back(database, filled):
    with database.writing() as connection:
        books = Books(connection, PLACE)
        before = connection.execute(select(schema.booking)).fetchall()
        books.clear()
        books.append(entries(fund(1000), commit(600), fund(50, "sponsor")))
        assert connection.execute(select(schema.booking)).fetchall() == before
        assert list(books.faults()) == []
