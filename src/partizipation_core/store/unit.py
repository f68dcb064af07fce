"""Unit of work: everything one command reads and writes of one procedure, in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from partizipation_core.clock import Instant
from partizipation_core.formats.definition import Definition
from partizipation_core.kernel.context import BoxSummary
from partizipation_core.kernel.messages import BallotEntry
from partizipation_core.kernel.state import Item, Procedure
from partizipation_core.serialization import Serializer, canonical, parse
from partizipation_core.store import schema
from partizipation_core.store.journal import START, Line
from partizipation_core.store.merkle import leaf_hash, root
from partizipation_core.values import ItemRef, MunicipalityRef, ProcedureRef

__all__ = ["Scope", "Unit"]


@frozen
class Scope:
    """One procedure of one municipality: what every statement is confined to."""

    municipality: MunicipalityRef
    procedure: ProcedureRef


def _within(table: Any, *columns: str) -> Any:
    names = ("municipality", "procedure", *columns)
    clause = table.c.municipality == bindparam("municipality_")
    for name in names[1:]:
        clause &= table.c[name] == bindparam(f"{name}_")
    return clause


def _columns(table: Any, *names: str) -> list[Any]:
    return [table.c[name] for name in names]


# Built once: compiling a statement costs more than running it.
_HEAD = select(*_columns(schema.procedure, "seq", "head", "due")).where(_within(schema.procedure))
_PROCEDURE = select(schema.procedure.c.body).where(_within(schema.procedure))
_DEFINITION = select(*_columns(schema.definition, "digest", "body")).where(
    _within(schema.definition)
)
_ITEM = select(schema.item.c.body).where(_within(schema.item, "item"))
_ITEMS = select(schema.item.c.body).where(_within(schema.item)).order_by(schema.item.c.item)
_LINES = (
    select(*_columns(schema.journal, "seq", "body", "digest"))
    .where(_within(schema.journal))
    .order_by(schema.journal.c.seq)
)
_MARK = select(schema.roll.c.tag).where(_within(schema.roll, "vote", "tag"))
_COMMITMENTS = (
    select(schema.box.c.commitment)
    .where(_within(schema.box, "vote"))
    .order_by(schema.box.c.commitment)
)
_BALLOTS = select(schema.box.c.body).where(_within(schema.box, "vote")).order_by(schema.box.c.tag)
_CHANNELS = (
    select(schema.box.c.channel, func.count())
    .where(_within(schema.box, "vote"))
    .group_by(schema.box.c.channel)
    .order_by(schema.box.c.channel)
)
_REQUEST = select(*_columns(schema.request, "payload", "receipt")).where(
    _within(schema.request, "key")
)
# Without the option an INSERT reports -1 rows, and a second ballot would look like a first.
_TICK_ROLL = (
    insert(schema.roll).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
)
_INTO_BOX = insert(schema.box)
_EXCHANGE = update(schema.box).where(_within(schema.box, "vote", "tag"))


def _upsert(table: Any) -> Any:
    statement = insert(table)
    own = [column.name for column in table.columns if not column.primary_key]
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={name: statement.excluded[name] for name in own},
    )


_SAVE_PROCEDURE = _upsert(schema.procedure)
_SAVE_ITEM = _upsert(schema.item)


class Unit:
    """What one command may read and write.

    Args:
        connection: an open transaction.
        scope: the procedure.
        serializer: how values become plain data.
    """

    def __init__(self, connection: Connection, scope: Scope, serializer: Serializer) -> None:
        self._connection = connection
        self._serializer = serializer
        self._place = {"municipality": scope.municipality, "procedure": scope.procedure}
        self._where = {f"{name}_": value for name, value in self._place.items()}

    # --- journal

    def head(self) -> tuple[int, bytes, Instant | None]:
        """Return number and digest of the last line, and when the procedure is due to move."""
        row = self._one(_HEAD)
        return (row.seq, row.head, row.due) if row else (0, START, None)

    def append(self, lines: Sequence[Line]) -> None:
        """Write lines behind the head."""
        self._insert(
            insert(schema.journal),
            [{"seq": line.seq, "body": line.body, "digest": line.digest} for line in lines],
        )

    def lines(self) -> Iterator[Line]:
        """Read the journal from its first line."""
        for row in self._connection.execute(_LINES, self._where):
            yield Line(row.seq, row.body, row.digest)

    # --- present state

    def procedure(self) -> Procedure | None:
        """Read the procedure's present state."""
        row = self._one(_PROCEDURE)
        return self._serializer.load(parse(row.body), Procedure) if row else None

    def definition(self) -> tuple[str, Definition] | None:
        """Read what the procedure pinned, with its digest."""
        row = self._one(_DEFINITION)
        if row is None:
            return None
        return row.digest, self._serializer.load(parse(row.body), Definition)

    def item(self, ref: ItemRef) -> Item | None:
        """Read one item."""
        row = self._one(_ITEM, item_=ref)
        return self._serializer.load(parse(row.body), Item) if row else None

    def items(self) -> Iterator[Item]:
        """Read all items in the order of their references."""
        for row in self._connection.execute(_ITEMS, self._where):
            yield self._serializer.load(parse(row.body), Item)

    def pin(self, definition: Definition) -> None:
        """Write what the procedure is made of."""
        body = canonical(self._serializer.dump(definition))
        row = {"digest": sha256(body).hexdigest(), "body": body}
        self._insert(insert(schema.definition), [row])

    def save(self, procedure: Procedure, head: Line, due: Instant | None) -> None:
        """Write the procedure's present state together with the head of its journal."""
        row = {
            "seq": head.seq,
            "head": head.digest,
            "stage": procedure.stage,
            "status": procedure.status,
            "due": due,
            "body": canonical(self._serializer.dump(procedure)),
        }
        self._insert(_SAVE_PROCEDURE, [row])

    def save_items(self, items: Iterable[Item]) -> None:
        """Write the present state of items."""
        rows = [
            {
                "item": item.ref,
                "state": item.state,
                "body": canonical(self._serializer.dump(item)),
            }
            for item in items
        ]
        self._insert(_SAVE_ITEM, rows)

    def clear_state(self) -> None:
        """Drop the present state; the journal can bring it back."""
        for table in (schema.procedure, schema.definition, schema.item):
            self._connection.execute(delete(table).where(_within(table)), self._where)

    # --- ballot box

    def has_voted(self, vote: str, tag: bytes) -> bool:
        """Tell whether a tag is ticked off on the roll."""
        return self._one(_MARK, vote_=vote, tag_=tag) is not None

    def put(self, entry: BallotEntry, tag: bytes) -> str | None:
        """Tick the roll and put a ballot into the box, or exchange it.

        Args:
            entry: the ballot.
            tag: the voter's keyed tag.

        Returns:
            the ballot's commitment in hexadecimal, None where the roll was ticked before.
        """
        body = canonical(dict(sorted(entry.choices.items())))
        nonce = secrets.token_bytes(32)
        commitment = leaf_hash(nonce + body)
        row = {
            "channel": entry.channel,
            "body": body,
            "nonce": nonce,
            "commitment": commitment,
        }
        if entry.replaces:
            where = {**self._where, "vote_": entry.vote, "tag_": tag}
            self._connection.execute(_EXCHANGE.values(**row), where)
            return commitment.hex()
        key = {**self._place, "vote": entry.vote, "tag": tag}
        if self._connection.execute(_TICK_ROLL, key).rowcount == 0:
            return None
        self._connection.execute(_INTO_BOX, {**key, **row})
        return commitment.hex()

    def box(self, vote: str) -> BoxSummary:
        """Summarise a box without opening it."""
        where = {**self._where, "vote_": vote}
        leaves = [row.commitment for row in self._connection.execute(_COMMITMENTS, where)]
        return BoxSummary(ballots=len(leaves), root=root(leaves))

    def ballots(self, vote: str) -> Iterator[Mapping[ItemRef, int]]:
        """Open a box: the choices of all ballots, in an order that tells nothing."""
        for row in self._connection.execute(_BALLOTS, {**self._where, "vote_": vote}):
            yield parse(row.body)

    def channels(self, vote: str) -> dict[str, int]:
        """Count ballots by the channel they came in through."""
        rows = self._connection.execute(_CHANNELS, {**self._where, "vote_": vote})
        return {row[0]: row[1] for row in rows}

    # --- requests

    def answered(self, key: str) -> tuple[bytes, bytes] | None:
        """Look up what a request with this key asked and was answered."""
        row = self._one(_REQUEST, key_=key)
        return (row.payload, row.receipt) if row else None

    def answer(self, key: str, payload: bytes, receipt: bytes) -> None:
        """Keep what a request was answered."""
        row = {"key": key, "payload": payload, "receipt": receipt}
        self._insert(insert(schema.request), [row])

    def note_failure(self, at: Instant, message: str) -> None:
        """Keep the failure of a hook that ran after the commit."""
        row = {"ref": secrets.token_hex(16), "at": at, "message": message}
        self._insert(insert(schema.hook_failure), [row])

    def failures(self) -> list[str]:
        """List the failures that were kept."""
        table = schema.hook_failure
        rows = select(table.c.message).where(_within(table)).order_by(table.c.at)
        return [row.message for row in self._connection.execute(rows, self._where)]

    def _one(self, statement: Any, **values: object) -> Any:
        return self._connection.execute(statement, {**self._where, **values}).one_or_none()

    def _insert(self, statement: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(statement, [{**self._place, **row} for row in rows])
