"""Seals: after the close, nothing in the database links a ballot with a person any more.

A ballot in an open box bears the tag of its voter, so that it can be replaced. Sealing gives it
a tag that follows from its commitment alone, writes all of them anew in the order of these tags,
and drops what was kept to answer retries, where commitments stand in the order of the day.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from partizipation_core.serialization import parse
from partizipation_core.store import schema
from partizipation_core.store.statements import columns, within

__all__ = ["Seals", "sealed_tag"]

_BOX = select(*columns(schema.box, "channel", "body", "nonce", "commitment")).where(
    within(schema.box, "vote")
)
_EMPTY = delete(schema.box).where(within(schema.box, "vote"))
_FILL = insert(schema.box)
_ANSWERS = select(*columns(schema.request, "key", "receipt")).where(within(schema.request))
_FORGET = delete(schema.request).where(within(schema.request, "key"))
_STANDING = (
    select(schema.aside.c.tag)
    .where(within(schema.aside, "vote"), schema.aside.c.fate != "double")
    .distinct()
)


def sealed_tag(commitment: bytes) -> bytes:
    """Return the tag of a ballot in a sealed box."""
    return sha256(b"sealed" + commitment).digest()


class Seals:
    """Seals the boxes of one procedure.

    Args:
        connection: the open transaction.
        place: municipality and procedure.
    """

    def __init__(self, connection: Connection, place: Mapping[str, Any]) -> None:
        self._connection = connection
        self._place = place
        self._where = {f"{name}_": value for name, value in place.items()}

    def seal(self, vote: str) -> int:
        """Take the tags of voters off the ballots of a vote; returns how many there are."""
        where = {**self._where, "vote_": vote}
        rows = [
            {**self._place, "vote": vote, **row, "tag": sealed_tag(row["commitment"])}
            for row in self._connection.execute(_BOX, where).mappings()
        ]
        self._connection.execute(_EMPTY, where)
        if rows:
            rows.sort(key=lambda row: row["tag"])
            self._connection.execute(_FILL, rows)
        self._forget_answers()
        return len(rows)

    def standing(self, vote: str) -> set[bytes]:
        """Return the tags of those whose vote stands, or is void, without a ballot in the box."""
        found = self._connection.execute(_STANDING, {**self._where, "vote_": vote})
        return {row.tag for row in found}

    def _forget_answers(self) -> None:
        for row in self._connection.execute(_ANSWERS, self._where).all():
            if parse(row.receipt).get("commitment"):
                self._connection.execute(_FORGET, {**self._where, "key_": row.key})
