"""Wordings: the texts that journal lines are committed to, in a table that can be emptied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from partizipation_core.kernel.privacy.forgetting import fates
from partizipation_core.kernel.privacy.places import commitment
from partizipation_core.kernel.privacy.wording import WordingChange
from partizipation_core.serialization import canonical, parse
from partizipation_core.store import schema
from partizipation_core.store.journal import Line, Wording
from partizipation_core.store.placed import Placed
from partizipation_core.store.statements import EVERY, columns, stretch, within

__all__ = ["Wordings", "wording_faults"]

_table = schema.wording
_PUT = insert(_table)
_ALL = (
    select(*columns(_table, "seq", "place", "salt", "body"))
    .where(within(_table))
    .order_by(_table.c.seq, _table.c.place)
)
_STRETCH = _ALL.where(stretch(_table))
_ERASE = delete(_table).where(within(_table, "seq", "place"))
_REPLACE = (
    update(_table)
    .where(within(_table, "seq", "place"))
    .values({name: bindparam(name) for name in ("salt", "body")})
)


class Wordings(Placed):
    """The texts of one procedure, within one transaction."""

    def put(self, lines: Iterable[Line]) -> None:
        """Keep the texts of new lines."""
        rows = [
            {
                **self._place,
                "seq": line.seq,
                "place": one.place,
                "salt": one.salt,
                "body": one.text,
            }
            for line in lines
            for one in line.wordings
        ]
        if rows:
            self._connection.execute(_PUT, rows)

    def by_line(self, after: int = 0, upto: int = EVERY) -> dict[int, tuple[Wording, ...]]:
        """Read the texts of a stretch of lines: number of the line → its texts."""
        found: dict[int, list[Wording]] = defaultdict(list)
        stretch = {**self._where, "after_": after, "upto_": upto}
        for row in self._connection.execute(_STRETCH, stretch):
            found[row.seq].append(Wording(row.place, row.salt, row.body))
        return {seq: tuple(wordings) for seq, wordings in found.items()}

    def change(self, change: WordingChange) -> None:
        """Erase a text with its salt, or put another one in its place."""
        seq, _, place = change.place.partition("/")
        where = {**self._where, "seq_": int(seq), "place_": place}
        if change.text is None:
            self._connection.execute(_ERASE, where)
        else:
            row = {"salt": bytes.fromhex(change.salt), "body": change.text}
            self._connection.execute(_REPLACE, {**where, **row})

    def openings(self) -> Iterator[bytes]:
        """Write every text with the salt that opens its commitment, in the order of the lines."""
        for row in self._run(_ALL):
            told = {"place": f"{row.seq}/{row.place}", "salt": row.salt.hex(), "text": row.body}
            yield canonical(told)


def wording_faults(lines: Sequence[Line]) -> Iterator[str]:
    """Say which texts are not those that the journal is committed to, or are missing.

    A text may be missing only where the journal says that it was erased.
    """
    told = fates((line.seq, parse(line.body)) for line in lines if _may_tell(line.body))
    found: dict[str, Any] = {
        f"{line.seq}/{one.place}": one for line in lines for one in line.wordings
    }
    for place in sorted({*told, *found}):
        sworn, there = told.get(place), found.get(place)
        if there is None:
            if sworn is not None:
                yield f"text {place} is missing, and no line says that it was erased"
        elif sworn is None or commitment(there.salt, there.text) != sworn:
            yield f"text {place} is not the one that the journal is committed to"


_SILENT = b',"texts":{},"v":2}'
"""How a line ends that is committed to no text: `texts` and `v` are the last keys of all."""


def _may_tell(body: bytes) -> bool:
    """Tell whether a line may be committed to texts, or speak of those that were."""
    return not body.endswith(_SILENT) or b'"kind":"Text' in body
