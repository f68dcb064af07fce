"""Filling a box: many ballots at once, from paper or from another system."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, Table, bindparam, select
from sqlalchemy.dialects.postgresql import Insert, insert

from partizipation_core.kernel.messages import BallotEntry
from partizipation_core.store.schema import box, roll
from partizipation_core.store.sealing import NONCE_BYTES, sealed
from partizipation_core.store.statements import Compiled, bound, positional, within

__all__ = ["CHUNK", "Filled", "fill"]

CHUNK = 1000
"""Ballots that are written at once."""

_MARKS = select(roll.c.tag).where(
    within(roll, "vote"), roll.c.tag.in_(bindparam("tags", expanding=True))
)
_KEY = ("municipality", "procedure", "vote", "tag")
_BOX = (*_KEY, "channel", "body", "nonce", "commitment")

_Row = tuple[Any, ...]


@frozen
class Filled:
    """What became of many ballots.

    Args:
        commitments: of those that went in, in hexadecimal and in their order.
        doubles: how many did not, because their voter was on the roll.
    """

    commitments: tuple[str, ...]
    doubles: int


def fill(
    connection: Connection,
    place: Mapping[str, str],
    entries: Iterable[tuple[BallotEntry, bytes]],
) -> Filled:
    """Put many ballots in, a thousand at a time.

    Args:
        connection: an open transaction that holds the procedure's turn, since what is on the
            roll is looked up before anything is written.
        place: municipality and procedure.
        entries: ballots with the tags of their voters; none that replaces another.
    """
    commitments: list[str] = []
    read, rest, tables = 0, iter(entries), _Tables(connection)
    while chunk := list(islice(rest, CHUNK)):
        rows = list(_laid_out(place, chunk))
        if not tables.put(rows):
            rows = list(_new(connection, place, rows))
            tables.put(rows)
        commitments += [row[-1].hex() for row in rows]
        read += len(chunk)
    return Filled(tuple(commitments), read - len(commitments))


class _Tables:
    """Writes rows of roll and box past the toolkit, which costs more than the database itself."""

    def __init__(self, connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        self._cursor = driver.cursor()
        words = positional(connection.dialect)
        self._tick = Compiled(_row(roll, _KEY).on_conflict_do_nothing(), words).sql
        self._put = Compiled(_row(box, _BOX), words).sql

    def put(self, rows: Sequence[_Row]) -> bool:
        """Put all of them in, or none where somebody is on the roll already, or comes twice."""
        if not rows:
            return True
        self._cursor.execute("SAVEPOINT filling")
        self._cursor.executemany(self._tick, [row[: len(_KEY)] for row in rows])
        if self._cursor.rowcount != len(rows):
            self._cursor.execute("ROLLBACK TO SAVEPOINT filling")
            return False
        self._cursor.executemany(self._put, rows)
        self._cursor.execute("RELEASE SAVEPOINT filling")
        return True


def _row(table: Table, names: Sequence[str]) -> Insert:
    return insert(table).values(
        {name: bindparam(name, type_=table.c[name].type) for name in names}
    )


def _laid_out(
    place: Mapping[str, str], chunk: Sequence[tuple[BallotEntry, bytes]]
) -> Iterator[_Row]:
    """Lay ballots out as they are stored; what is drawn at random is drawn for all at once."""
    drawn = secrets.token_bytes(NONCE_BYTES * len(chunk))
    for at, (entry, tag) in enumerate(chunk):
        nonce = drawn[at * NONCE_BYTES : (at + 1) * NONCE_BYTES]
        content = sealed(entry, nonce)
        yield (
            place["municipality"],
            place["procedure"],
            entry.vote,
            tag,
            entry.channel,
            content["body"],
            nonce,
            content["commitment"],
        )


def _new(connection: Connection, place: Mapping[str, str], rows: Sequence[_Row]) -> Iterator[_Row]:
    """Pick those ballots whose voters are not on the roll yet."""
    where = bound(place)
    seen: set[tuple[str, bytes]] = set()
    for vote in {row[2] for row in rows}:
        tags = [row[3] for row in rows if row[2] == vote]
        marks = connection.execute(_MARKS, {**where, "vote_": vote, "tags": tags})
        seen |= {(vote, row.tag) for row in marks}
    for row in rows:
        if row[2:4] not in seen:
            seen.add(row[2:4])
            yield row
