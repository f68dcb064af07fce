"""The tables. Municipality and procedure lead every key, so that the schema shards by tenant.

Instants are integer UTC microseconds, amounts integer cents. Ballots have no foreign key to
anybody: erasing a person can change no result.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

# SQLite has one integer type, of up to 64 bits; strict tables know it by one name only.
Wide = BigInteger().with_variant(Integer(), "sqlite")

# Sorted by code point on both, so that no order hangs on where the database was set up.
Words = Text().with_variant(Text(collation="C"), "postgresql")

_SAME_EVERYWHERE: dict[type, Any] = {Text: Words, Integer: Wide, BigInteger: Wide}

__all__ = [
    "ACCOUNTS",
    "METADATA",
    "SCHEMA_VERSION",
    "aside",
    "booking",
    "box",
    "code",
    "comment",
    "definition",
    "delivery",
    "electorate",
    "hook_failure",
    "identification",
    "item",
    "journal",
    "paper",
    "payee",
    "procedure",
    "record",
    "register",
    "request",
    "roll",
    "store_format",
    "voice",
    "wording",
]

SCHEMA_VERSION = 5

METADATA = MetaData()


def _key(name: str, kind: Any = Text) -> Column[Any]:
    return Column(name, kind, primary_key=True, nullable=False, autoincrement=False)


def _table(name: str, *columns: Any, rowid: bool = True) -> Table:
    for column in columns:
        if isinstance(column, Column):
            column.type = _SAME_EVERYWHERE.get(type(column.type), column.type)
    return Table(
        name,
        METADATA,
        _key("municipality", Words),
        _key("procedure", Words),
        *columns,
        sqlite_strict=True,
        sqlite_with_rowid=rowid,
    )


journal = _table(
    "journal",
    _key("seq", Wide),
    Column("body", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
)
"""What was decided: canonical bytes and their hash, chained per procedure."""

wording = _table(
    "wording",
    _key("seq", Wide),
    _key("place"),
    Column("salt", LargeBinary, nullable=False),
    Column("body", Text, nullable=False),
    rowid=False,
)
"""The texts that journal lines are committed to: apart from them, so that they can be erased."""

procedure = _table(
    "procedure",
    Column("seq", Wide, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("stage", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("due", Wide),
    Column("body", LargeBinary, nullable=False),
)
"""Present state of each procedure, the head of its journal, and when it is due to move on."""

definition = _table(
    "definition",
    Column("digest", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""What each procedure pinned when it opened."""

item = _table(
    "item",
    _key("item"),
    Column("state", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""Present state of each item."""

comment = _table(
    "comment",
    _key("comment"),
    Column("item", Text, nullable=False),
    Column("at", Wide, nullable=False),
    Column("state", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""Present state of each comment."""

voice = _table(
    "voice",
    _key("tag", LargeBinary),
    _key("kind"),
    _key("item"),
    _key("comment"),
    Column("revision", Integer, nullable=False),
    Column("value", Integer, nullable=False),
    Column("area", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("nonce", LargeBinary, nullable=False),
    Column("commitment", LargeBinary, nullable=False),
    rowid=False,
)
"""Supports, ratings and reports: keyed tags, no time, no order, no number.

The tag leads, since what one person holds is asked before every write; ``comment`` is empty where
the item itself is meant, because a key that may be null would let a second voice in.
"""

roll = _table("roll", _key("vote"), _key("tag", LargeBinary), rowid=False)
"""Who has voted, as keyed tags."""

box = _table(
    "box",
    _key("vote"),
    _key("tag", LargeBinary),
    Column("channel", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("nonce", LargeBinary, nullable=False),
    Column("commitment", LargeBinary, nullable=False),
    rowid=False,
)
"""The ballots: no time, no order, no number."""

request = _table(
    "request",
    _key("key"),
    Column("payload", LargeBinary, nullable=False),
    Column("receipt", LargeBinary, nullable=False),
)
"""Commands that came with an idempotency key, and what they were answered."""

hook_failure = _table(
    "hook_failure",
    _key("ref"),
    Column("at", Wide, nullable=False),
    Column("message", Text, nullable=False),
)
"""Implementations of ``after_commit`` that failed; they could not undo anything."""

delivery = _table(
    "delivery",
    _key("subscriber"),
    Column("seq", Wide, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", Wide, nullable=False),
)
"""Up to which journal line each subscriber was told, how often the next one failed, and before
when it is not to be told: it is tried again then, or somebody is telling it until then. The
journal itself is the outbox."""

store_format = Table(
    "store_format",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),
    sqlite_strict=True,
)
"""Version of this schema."""

register = _table(
    "register",
    _key("person"),
    Column("gone", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    rowid=False,
)
"""People by keyed pseudonyms, with the facts that rules need.

Every row can be erased: nothing that counts anything hangs on it.
"""

electorate = _table(
    "electorate",
    _key("vote"),
    _key("tag", LargeBinary),
    Column("area", Text, nullable=False),
    rowid=False,
)
"""Who may vote, as keyed tags: frozen when the vote opened."""

identification = _table(
    "identification",
    _key("vote"),
    _key("tag", LargeBinary),
    Column("strength", Text, nullable=False),
    rowid=False,
)
"""How strongly those were recognised who have voted."""

code = _table(
    "code",
    _key("vote"),
    _key("digest", LargeBinary),
    Column("batch", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("test", Integer, nullable=False),
    Column("tag", LargeBinary, nullable=False),
    rowid=False,
)
"""Codes issued, as keyed hashes; the tag is whose place on the roll each takes."""

aside = _table(
    "aside",
    _key("vote"),
    _key("tag", LargeBinary),
    _key("ref"),
    Column("channel", Text, nullable=False),
    Column("fate", Text, nullable=False),
    Column("validity", Text, nullable=False),
    Column("commitment", LargeBinary, nullable=False),
    rowid=False,
)
"""Votes that are not in the box: that they were cast and what became of them, not what they said.

``ref`` is drawn at random, since one person may have cast several.
"""

paper = _table(
    "paper",
    _key("vote"),
    _key("channel"),
    _key("paper"),
    Column("state", Text, nullable=False),
    Column("first", LargeBinary, nullable=False),
    Column("first_by", Text, nullable=False),
    Column("second", LargeBinary, nullable=False),
    Column("second_by", Text, nullable=False),
    rowid=False,
)
"""Papers that were typed in and ballots of booths; what they say is empty once they are done."""

ACCOUNTS = ("outside", "available", "reserved", "committed", "paid", "returned")
"""Accounts of every pot, as they are called in the books."""


def _moved(account: str) -> str:
    """Write what a booking makes of the balance of one account."""
    return (
        f"{account} = {account}_before"
        f" + CASE WHEN target = '{account}' THEN cents ELSE 0 END"
        f" - CASE WHEN source = '{account}' THEN cents ELSE 0 END"
    )


def _place(number: str, suffix: str) -> list[str]:
    """Name what the line of a pot is known by: its number and all balances."""
    balances = [f"{account}{suffix}" for account in ACCOUNTS]
    return ["municipality", "procedure", "pot", number, *balances]


_EMPTY = " AND ".join(f"{account}_before = 0" for account in ACCOUNTS)

booking = _table(
    "booking",
    _key("pot"),
    _key("number", Wide),
    Column("previous", Wide),
    Column("seq", Wide, nullable=False),
    Column("item", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("cents", Wide, nullable=False),
    *(Column(f"{account}_before", Wide, nullable=False) for account in ACCOUNTS),
    *(Column(account, Wide, nullable=False) for account in ACCOUNTS),
    CheckConstraint("cents > 0 AND source <> target", name="booking_moves_money"),
    CheckConstraint(" AND ".join(map(_moved, ACCOUNTS)), name="booking_adds_up"),
    CheckConstraint(f"{' + '.join(ACCOUNTS)} = 0", name="booking_loses_nothing"),
    CheckConstraint(
        " AND ".join(f"{account} >= 0" for account in ACCOUNTS[1:]), name="booking_covers"
    ),
    CheckConstraint(
        f"(number = 1 AND previous IS NULL AND {_EMPTY})"
        " OR (number > 1 AND previous IS NOT NULL AND previous = number - 1)",
        name="booking_continues",
    ),
    UniqueConstraint(*_place("number", ""), name="booking_balances"),
    ForeignKeyConstraint(
        _place("previous", "_before"),
        [f"booking.{name}" for name in _place("number", "")],
        name="booking_follows",
    ),
)
"""Every movement of money, both sides in one row, numbered by pot.

A row holds the balances before and after it, and refers to the row before it by number and
balances. So the database itself refuses what does not add up, a balance below zero, a second
history, and whoever changes or takes out a row that another follows, without any trigger.
"""

payee = _table(
    "payee",
    _key("ref"),
    Column("nonce", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("iban", Text, nullable=False),
)
"""Who is paid grants, and where: personal data, apart from everything else, to be erased.

``ref`` commits to the rest of the row; it is all that the journal knows of it.
"""

record = _table(
    "record",
    _key("kind"),
    _key("ref"),
    Column("version", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""Present state of each record, the things of plugins' own kinds."""
