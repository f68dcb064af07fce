"""Filling a box: many ballots at once, from paper or from another system."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, bindparam, insert, select

from partizipation_core.kernel.messages import BallotEntry
from partizipation_core.store.schema import box, roll
from partizipation_core.store.sealing import sealed
from partizipation_core.store.statements import within

__all__ = ["CHUNK", "Filled", "fill"]

CHUNK = 1000
"""Ballots that are written at once."""

_MARKS = select(roll.c.tag).where(
    within(roll, "vote"), roll.c.tag.in_(bindparam("tags", expanding=True))
)
_TICK, _PUT = insert(roll), insert(box)


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
    read, rest = 0, iter(entries)
    while chunk := list(islice(rest, CHUNK)):
        rows = list(_new(connection, place, chunk))
        if rows:
            key = (*place, "vote", "tag")
            connection.execute(_TICK, [{name: row[name] for name in key} for row in rows])
            connection.execute(_PUT, rows)
        commitments += [row["commitment"].hex() for row in rows]
        read += len(chunk)
    return Filled(tuple(commitments), read - len(commitments))


def _new(
    connection: Connection, place: Mapping[str, str], chunk: list[tuple[BallotEntry, bytes]]
) -> Iterator[dict[str, Any]]:
    """Lay out those ballots whose voters are not on the roll yet."""
    where = {f"{name}_": value for name, value in place.items()}
    seen: set[tuple[str, bytes]] = set()
    for vote in {entry.vote for entry, _ in chunk}:
        tags = [tag for entry, tag in chunk if entry.vote == vote]
        marks = connection.execute(_MARKS, {**where, "vote_": vote, "tags": tags})
        seen |= {(vote, row.tag) for row in marks}
    for entry, tag in chunk:
        if (entry.vote, tag) not in seen:
            seen.add((entry.vote, tag))
            yield {**place, "vote": entry.vote, "tag": tag, **sealed(entry)}
