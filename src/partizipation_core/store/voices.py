"""Voices: supports, ratings and reports, one of each kind per person and thing.

Whether somebody has reached a cap is read from here under the write lock; no counter is kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import bindparam, delete, func, select, update

from partizipation_core.kernel.voices import (
    Held,
    Sealed,
    VoiceCount,
    VoiceEntry,
    VoiceKind,
    VoiceSummary,
)
from partizipation_core.serialization import canonical
from partizipation_core.store import schema
from partizipation_core.store.merkle import leaf_hash, root
from partizipation_core.store.placed import Placed
from partizipation_core.store.statements import bound, columns, insert_once, within
from partizipation_core.values import CommentRef, ItemRef

__all__ = ["Voices"]

_KEY = ("tag", "kind", "item", "comment")
_SAID = ("revision", "value", "area", "reason")
_PROOF = ("nonce", "commitment")
_table = schema.voice

_PUT = insert_once(_table)
_REPLACE = (
    update(_table)
    .where(within(_table, *_KEY))
    .values({name: bindparam(name) for name in (*_SAID, *_PROOF)})
)
_REMOVE = delete(_table).where(within(_table, *_KEY))
_HELD = select(*columns(_table, "kind", "item", "comment", "revision", "value", "area")).where(
    within(_table, "tag")
)
_COMMITMENTS = (
    select(_table.c.commitment).where(within(_table, "kind")).order_by(_table.c.commitment)
)
_SAME = columns(_table, "item", "revision", "value")
_TALLIES = (
    select(*_SAME, func.count().label("people"))
    .where(within(_table, "kind"))
    .group_by(*_SAME)
    .order_by(*_SAME)
)
_REASON = columns(_table, "item", "comment", "reason")
_REPORTED = (
    select(*_REASON, func.count().label("people"))
    .where(within(_table, "kind"))
    .group_by(*_REASON)
    .order_by(*_REASON)
)
_ABOUT = select(func.count()).where(within(_table, "kind", "item", "comment"))
_TAGS = select(_table.c.tag).where(within(_table, "kind"))
_ALL = select(*columns(_table, *_KEY, *_SAID, *_PROOF)).where(within(_table))
_ANY = select(_table.c.kind).where(within(_table)).limit(1)


@frozen
class Reports:
    """How often something was reported: reason → number of people."""

    item: ItemRef
    comment: CommentRef
    reasons: Mapping[str, int]


class Voices(Placed):
    """The voices of one procedure, within one transaction."""

    def put(self, entry: VoiceEntry, tag: bytes) -> str | None:
        """Write a voice, exchange it, or take it out.

        Args:
            entry: what is said.
            tag: the person's keyed tag.

        Returns:
            its commitment in hexadecimal, empty where it was taken out; None where there is one
            already, or none to exchange or to take out.
        """
        key = {"tag": tag, "kind": entry.kind, "item": entry.item, "comment": entry.comment}
        where = {**self._where, **bound(key)}
        if entry.act == "remove":
            return "" if self._rows(_REMOVE, where) else None
        said = {name: getattr(entry, name) for name in _SAID}
        nonce = secrets.token_bytes(32)
        commitment = _commitment(nonce, {**key, **said})
        row = {**said, "nonce": nonce, "commitment": commitment}
        written = (
            self._rows(_REPLACE, {**where, **row})
            if entry.act == "replace"
            else self._rows(_PUT, {**self._place, **key, **row})
        )
        return commitment.hex() if written else None

    def held(self, tag: bytes) -> tuple[Held, ...]:
        """Return all that one person has said and not taken back."""
        rows = self._run(_HELD, tag_=tag)
        return tuple(Held(**row) for row in rows.mappings())

    def reports(self, item: ItemRef, comment: CommentRef) -> int:
        """Count the people who reported an item, or one comment on it."""
        about = {"kind_": "report", "item_": item, "comment_": comment}
        return int(self._run(_ABOUT, **about).scalar_one())

    def reported(self) -> tuple[Reports, ...]:
        """List everything that was ever reported."""
        found: dict[tuple[ItemRef, CommentRef], dict[str, int]] = {}
        for row in self._of_kind(_REPORTED, "report"):
            found.setdefault((row.item, row.comment), {})[row.reason] = row.people
        return tuple(Reports(*about, reasons) for about, reasons in found.items())

    def tallies(self, kind: VoiceKind) -> tuple[VoiceCount, ...]:
        """Count how many people said what of which text."""
        return tuple(
            VoiceCount(kind=kind, **row) for row in self._of_kind(_TALLIES, kind).mappings()
        )

    def summary(self, kinds: Sequence[VoiceKind]) -> VoiceSummary:
        """Add up some kinds, and seal them as they are now."""
        return VoiceSummary(
            sealed={kind: self.sealed(kind) for kind in kinds},
            tallies=tuple(tally for kind in kinds for tally in self.tallies(kind)),
        )

    def sealed(self, kind: str) -> Sealed:
        """Summarise the voices of one kind without looking at any."""
        leaves = [row.commitment for row in self._of_kind(_COMMITMENTS, kind)]
        return Sealed(entries=len(leaves), root=root(leaves))

    def tags(self, kind: str) -> list[bytes]:
        """Return the tag behind every voice of a kind."""
        return [row.tag for row in self._of_kind(_TAGS, kind)]

    def any(self) -> bool:
        """Tell whether anybody has said anything."""
        return self._run(_ANY).first() is not None

    def faults(self, known: Mapping[ItemRef, object]) -> Iterator[str]:
        """Say which voices were tampered with: each must be the one it was committed to.

        Args:
            known: the items of the procedure.
        """
        for row in self._run(_ALL).mappings():
            place = f"{row['kind']} {row['commitment'].hex()[:16]}…"
            if _commitment(row["nonce"], dict(row)) != row["commitment"]:
                yield f"{place} is not what was committed to"
            elif row["item"] not in known:
                yield f"{place} is about an item that does not exist"

    def _of_kind(self, statement: Any, kind: str) -> Any:
        return self._run(statement, kind_=kind)

    def _rows(self, statement: Any, values: Mapping[str, object]) -> int:
        return self._connection.execute(statement, values).rowcount


def _commitment(nonce: bytes, row: Mapping[str, Any]) -> bytes:
    """Commit to all that is said and, through the keyed tag, to whose voice it is."""
    body = [row["tag"].hex(), *(row[name] for name in (*_KEY[1:], *_SAID))]
    return leaf_hash(nonce + canonical(body))
