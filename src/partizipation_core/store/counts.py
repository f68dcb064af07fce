"""Counts of a ballot box: what it holds, counted in ways that must agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen
from sqlalchemy import Table, exists, func, not_, select

from partizipation_core.kernel.context import BoxCount, BoxSummary
from partizipation_core.serialization import parse
from partizipation_core.store import schema
from partizipation_core.store.merkle import root
from partizipation_core.store.placed import Placed
from partizipation_core.store.statements import STREAMED, columns, within

__all__ = ["BoxCounts", "Opened"]


def _of_the_same(table: Table) -> Any:
    """Ask whether a table holds something of the person of a line of the roll."""
    names = ("municipality", "procedure", "vote", "tag")
    return exists().where(*(table.c[name] == schema.roll.c[name] for name in names))


# Hands, urns, blank papers and void votes are on the roll and not in the box; whoever has a double
# has another vote. The box itself is not asked, since a sealed one no longer tells whose it holds.
_ROLL = (
    select(func.count())
    .select_from(schema.roll)
    .where(within(schema.roll, "vote"))
    .where(not_(_of_the_same(schema.aside).where(schema.aside.c.fate != "double")))
)
_CHANNELS = (
    select(schema.box.c.channel, func.count())
    .where(within(schema.box, "vote"))
    .group_by(schema.box.c.channel)
    .order_by(schema.box.c.channel)
)
_OPENED = (
    select(*columns(schema.box, "channel", "body", "nonce", "commitment"))
    .where(within(schema.box, "vote"))
    .order_by(schema.box.c.commitment)
    .execution_options(**STREAMED)
)
_LEAVES = (
    select(schema.box.c.commitment)
    .where(within(schema.box, "vote"))
    .order_by(schema.box.c.commitment)
    .execution_options(**STREAMED)
)
_EQUALS = (
    select(schema.box.c.body, func.count())
    .where(within(schema.box, "vote"))
    .group_by(schema.box.c.body)
)
_AT_ONCE = 1_000


@frozen
class Opened:
    """One ballot with what opens its commitment; it names nobody.

    Args:
        channel: how it came in.
        choices: item → points.
        nonce: what its commitment was made with.
        commitment: SHA-256 over nonce and choices, hexadecimal.
    """

    channel: str
    choices: Mapping[str, int]
    nonce: str
    commitment: str


class BoxCounts(Placed):
    """Counts one procedure's boxes."""

    def of(self, vote: str) -> BoxCount:
        """Count a box by its ballots, its roll and its channels, without telling any choice."""
        where = {**self._where, "vote_": vote}
        leaves = list(self._connection.execute(_LEAVES, where).scalars())
        return BoxCount(
            box=BoxSummary(ballots=len(leaves), root=root(leaves)),
            roll=self._connection.execute(_ROLL, where).scalar_one(),
            channels={row[0]: row[1] for row in self._connection.execute(_CHANNELS, where)},
        )

    def equals(self, vote: str) -> Iterator[tuple[Mapping[str, int], int]]:
        """Count equal ballots: what they say, and how many say it, in no particular order.

        Equal ballots are equal bytes, so the database counts and few are read.
        """
        rows = self._run(_EQUALS, vote_=vote)
        for some in rows.partitions(_AT_ONCE):
            # To begin anew for every ballot would take as long as to read it.
            said = parse(b"[" + b",".join(body for body, _ in some) + b"]")
            yield from zip(said, (number for _, number in some), strict=True)

    def opened(self, vote: str) -> Iterator[Opened]:
        """Open a box, in the order of the commitments, which tells nothing."""
        with self._run(_OPENED, vote_=vote) as rows:
            for row in rows:
                yield Opened(row.channel, parse(row.body), row.nonce.hex(), row.commitment.hex())
