"""Seals: after the close, nothing in the database links a ballot with a person any more.

A ballot in an open box bears the tag of its voter, so that it can be replaced. Sealing gives it
a tag that follows from its commitment alone, writes all of them anew in the order of these tags,
and drops what was kept to answer retries, where commitments stand in the order of the day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, insert, select

from partizipation_core.errors import StorageError
from partizipation_core.kernel.secrecy.seal import SealEntry
from partizipation_core.serialization import parse
from partizipation_core.store import schema
from partizipation_core.store.merkle import leaf_hash, root
from partizipation_core.store.placed import Placed
from partizipation_core.store.statements import STREAMED, columns, within

__all__ = ["Seals", "sealed_tag"]

_BOX = (
    select(*columns(schema.box, "channel", "body", "nonce", "commitment"))
    .where(within(schema.box, "vote"))
    .execution_options(**STREAMED)
)
_EMPTY = delete(schema.box).where(within(schema.box, "vote"))
_FILL = insert(schema.box)
_ANSWERS = select(*columns(schema.request, "key", "receipt")).where(within(schema.request))
_FORGET = delete(schema.request).where(within(schema.request, "key"))
_ENTRIES = (
    select(*columns(schema.box, "tag", "body", "nonce", "commitment"))
    .where(within(schema.box, "vote"))
    .order_by(schema.box.c.tag)
    .execution_options(**STREAMED)
)
_ROLL = select(schema.roll.c.tag).where(within(schema.roll, "vote")).order_by(schema.roll.c.tag)
_TAG, _HEAD = 32, 64
"""Where the new tag of a packed ballot ends, and where its commitment does."""

_AT_ONCE = 5_000

_BESIDE = select(*columns(schema.aside, "tag", "fate")).where(within(schema.aside, "vote"))


def sealed_tag(commitment: bytes) -> bytes:
    """Return the tag of a ballot in a sealed box."""
    return sha256(b"sealed" + commitment).digest()


def _packed(row: Any, channels: list[str]) -> bytes:
    """Lay a ballot out in one piece that sorts by the tag it is given.

    A million of them have to be in memory at once, since what is read in the order of the old
    tags may be written in that of the new ones only when all old rows are gone.
    """
    if row.channel not in channels:
        channels.append(row.channel)
    sizes = bytes([channels.index(row.channel), len(row.nonce)])
    return b"".join((sealed_tag(row.commitment), row.commitment, sizes, row.nonce, row.body))


def _unpacked(ballot: bytes, channels: Sequence[str]) -> dict[str, Any]:
    channel, nonce = ballot[_HEAD : _HEAD + 2]
    body = _HEAD + 2 + nonce
    return {
        "tag": ballot[:_TAG],
        "commitment": ballot[_TAG:_HEAD],
        "channel": channels[channel],
        "nonce": ballot[_HEAD + 2 : body],
        "body": ballot[body:],
    }


class Seals(Placed):
    """Seals the boxes of one procedure, and checks what is in them."""

    def seal(self, entry: SealEntry) -> None:
        """Take the tags of voters off the ballots of a vote.

        Raises:
            StorageError: they are not the ballots that were to be sealed.
        """
        vote = entry.vote
        where = {**self._where, "vote_": vote}
        channels: list[str] = []
        ballots = [_packed(row, channels) for row in self._connection.execute(_BOX, where)]
        ballots.sort()
        self._connection.execute(_EMPTY, where)
        for start in range(0, len(ballots), _AT_ONCE):
            rows = [_unpacked(one, channels) for one in ballots[start : start + _AT_ONCE]]
            self._connection.execute(_FILL, [{**self._place, "vote": vote, **row} for row in rows])
        self._forget_answers()
        found = root(sorted(one[_TAG:_HEAD] for one in ballots))
        if (len(ballots), found) != (entry.ballots, entry.root):
            msg = f"the box of vote {vote!r} would be another one once it is sealed"
            raise StorageError(msg)

    def marks(self, vote: str) -> list[bytes]:
        """Return the leaves of all tags that are ticked off on the roll, in the tags' order."""
        rows = self._run(_ROLL, vote_=vote)
        return [leaf_hash(row.tag) for row in rows]

    def faults(self, vote: str) -> Iterator[str]:
        """Say where a box contradicts itself: a sentence for each ballot that was tampered with.

        Every ballot must be the one its commitment was made of, and the roll must be ticked for
        every ballot and for nothing else.
        """
        where = {**self._where, "vote_": vote}
        on_the_roll = {row.tag for row in self._connection.execute(_ROLL, where)}
        beside = [tuple(row) for row in self._connection.execute(_BESIDE, where)]
        ticked, sealed = set(on_the_roll), 0
        with self._connection.execute(_ENTRIES, where) as rows:
            for row in rows:
                if leaf_hash(row.nonce + row.body) != row.commitment:
                    yield f"ballot {row.commitment.hex()[:16]}… is not what was committed to"
                if row.tag == sealed_tag(row.commitment):
                    sealed += 1
                elif row.tag not in ticked:
                    yield f"ballot {row.commitment.hex()[:16]}… belongs to nobody on the roll"
                ticked.discard(row.tag)
        # Hands, urns, blank papers and votes that were put aside leave no ballot in the box; a
        # double leaves one of another vote, which in a sealed box bears no tag that tells so.
        without = len(ticked - {tag for tag, fate in beside if fate != "double" or not sealed})
        if without > sealed:
            yield f"{without - sealed} on the roll without a ballot"
        if without < sealed:
            yield f"{sealed - without} ballots in the sealed box belong to nobody"
        if strangers := {tag for tag, _ in beside} - on_the_roll:
            yield f"{len(strangers)} votes beside the box belong to nobody on the roll"

    def unsealed(self, vote: str) -> Iterator[str]:
        """Say how many ballots of a box that is sealed bear the tag of a voter."""
        rows = self._run(_ENTRIES, vote_=vote)
        if left := sum(row.tag != sealed_tag(row.commitment) for row in rows):
            yield f"the box is sealed, and {left} ballots in it are not"

    def _forget_answers(self) -> None:
        for row in self._run(_ANSWERS).all():
            if parse(row.receipt).get("commitment"):
                self._run(_FORGET, key_=row.key)
