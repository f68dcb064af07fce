"""The tables. Municipality and procedure lead every key, so that the schema shards by tenant.

Instants are integer UTC microseconds, amounts integer cents. Ballots have no foreign key to
anybody: erasing a person can change no result.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text

# SQLite has one integer type, of up to 64 bits; strict tables know it by one name only.
Wide = BigInteger().with_variant(Integer(), "sqlite")

__all__ = [
    "METADATA",
    "SCHEMA_VERSION",
    "box",
    "comment",
    "definition",
    "hook_failure",
    "item",
    "journal",
    "procedure",
    "record",
    "request",
    "roll",
    "store_format",
    "voice",
]

SCHEMA_VERSION = 2

METADATA = MetaData()


def _key(name: str, kind: Any = Text) -> Column[Any]:
    return Column(name, kind, primary_key=True, nullable=False, autoincrement=False)


def _table(name: str, *columns: Column[Any], rowid: bool = True) -> Table:
    return Table(
        name,
        METADATA,
        _key("municipality"),
        _key("procedure"),
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

store_format = Table(
    "store_format",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),
    sqlite_strict=True,
)
"""Version of this schema."""

record = _table(
    "record",
    _key("kind"),
    _key("ref"),
    Column("version", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""Present state of each record, the things of plugins' own kinds."""
