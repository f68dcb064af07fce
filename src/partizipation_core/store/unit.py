"""Unit of work: everything one command reads and writes of one procedure, in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, LargeBinary, bindparam, delete, func, insert, select, update

from partizipation_core.clock import Instant
from partizipation_core.errors import DefinitionError, StorageError
from partizipation_core.formats.definition import Definition
from partizipation_core.kernel.context import BoxSummary
from partizipation_core.kernel.messages import BallotEntry
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.serialization import STORED, canonical, parse
from partizipation_core.store import schema
from partizipation_core.store.comments import Comments
from partizipation_core.store.contents import Contents
from partizipation_core.store.counts import BoxCounts
from partizipation_core.store.deliveries import Deliveries
from partizipation_core.store.electorate import ElectorateTables
from partizipation_core.store.filling import Filled, fill
from partizipation_core.store.journal import BEGINNING, START, Line, instant_of
from partizipation_core.store.ledger import Books, Entry
from partizipation_core.store.merkle import root
from partizipation_core.store.payees import Payees
from partizipation_core.store.placed import Placed
from partizipation_core.store.records import StoredRecords
from partizipation_core.store.registers import Registers
from partizipation_core.store.scope import Scope
from partizipation_core.store.sealing import sealed
from partizipation_core.store.seals import Seals
from partizipation_core.store.state import load_procedure
from partizipation_core.store.statements import EVERY, insert_once, stretch
from partizipation_core.store.statements import columns as _columns
from partizipation_core.store.statements import upsert as _upsert
from partizipation_core.store.statements import within as _within
from partizipation_core.store.voices import Voices
from partizipation_core.store.withdrawals import Withdrawals
from partizipation_core.store.wordings import Wordings
from partizipation_core.values import ItemRef

__all__ = ["Present", "Scope", "Unit"]


@frozen
class Present:
    """How a procedure stands, as it is stored.

    Args:
        seq: number of the last journal line, 0 before the first.
        head: digest of that line.
        due: when the procedure moves on by itself; None if it does not.
        body: its state, None before it is opened.
        definition: digest of what it pinned.
    """

    seq: int = 0
    head: bytes = START
    due: Instant | None = None
    body: bytes | None = None
    definition: str | None = None


# Built once: compiling a statement costs more than running it.
_SAME = (schema.definition.c.municipality == schema.procedure.c.municipality) & (
    schema.definition.c.procedure == schema.procedure.c.procedure
)
_PRESENT = (
    select(*_columns(schema.procedure, "seq", "head", "due", "body"), schema.definition.c.digest)
    .select_from(schema.procedure.outerjoin(schema.definition, _SAME))
    .where(_within(schema.procedure))
)
_DEFINITION = select(*_columns(schema.definition, "digest", "body")).where(
    _within(schema.definition)
)
_ITEM = select(schema.item.c.body).where(_within(schema.item, "item"))
_ITEMS = select(schema.item.c.body).where(_within(schema.item)).order_by(schema.item.c.item)
_LINE = select(schema.journal.c.body).where(_within(schema.journal, "seq"))
_BEGINNING = select(func.substr(schema.journal.c.body, 1, BEGINNING, type_=LargeBinary)).where(
    _within(schema.journal, "seq")
)
_LINES = (
    select(*_columns(schema.journal, "seq", "body", "digest"))
    .where(_within(schema.journal), stretch(schema.journal))
    .order_by(schema.journal.c.seq)
)
_MARK = select(schema.roll.c.tag).where(_within(schema.roll, "vote", "tag"))
_COMMITMENTS = (
    select(schema.box.c.commitment)
    .where(_within(schema.box, "vote"))
    .order_by(schema.box.c.commitment)
)
_CHANNELS = (
    select(schema.box.c.channel, func.count())
    .where(_within(schema.box, "vote"))
    .group_by(schema.box.c.channel)
    .order_by(schema.box.c.channel)
)
_REQUEST = select(*_columns(schema.request, "payload", "receipt")).where(
    _within(schema.request, "key")
)
_TICK_ROLL = insert_once(schema.roll)
_INTO_BOX = insert(schema.box)
_EXCHANGE = (
    update(schema.box)
    .where(_within(schema.box, "vote", "tag"))
    .values({name: bindparam(name) for name in ("channel", "body", "nonce", "commitment")})
)
_APPEND = insert(schema.journal)
_ANSWER, _NOTE = insert(schema.request), insert_once(schema.hook_failure)
_FAILURES = (
    select(schema.hook_failure.c.message)
    .where(_within(schema.hook_failure))
    .order_by(schema.hook_failure.c.at, schema.hook_failure.c.ref)
)
_STATE = (schema.procedure, schema.definition, schema.item)
_CLEAR = tuple(delete(table).where(_within(table)) for table in _STATE)
_STORED = tuple((table.name, select(table).where(_within(table))) for table in _STATE)
_PIN = _upsert(schema.definition)
_SAVE_PROCEDURE = _upsert(schema.procedure)
_SAVE_ITEM = _upsert(schema.item)


class Unit(Placed):
    """What one command may read and write.

    Args:
        connection: an open transaction.
        scope: the procedure.
    """

    def __init__(self, connection: Connection, scope: Scope) -> None:
        place = {"municipality": scope.municipality, "procedure": scope.procedure}
        super().__init__(connection, place)
        self._present: Present | None = None
        self.comments = Comments(connection, self._place)
        self.books = Books(connection, self._place)
        self.payees = Payees(connection, self._place)
        self.records = StoredRecords(connection, self._place)
        self.voices = Voices(connection, self._place)
        self.withdrawals = Withdrawals(connection, self._place)
        self.electorate = ElectorateTables(connection, self._place)
        self.registers = Registers(connection, self._place)
        self.counts = BoxCounts(connection, self._place)
        self.contents = Contents(connection, self._place)
        self.seals = Seals(connection, self._place)
        self.wordings = Wordings(connection, self._place)
        self.deliveries = Deliveries(connection, self._place)

    # --- journal

    def append(self, lines: Sequence[Line]) -> None:
        """Write lines behind the head, and beside them the texts that they are committed to."""
        self._insert(
            _APPEND,
            [{"seq": line.seq, "body": line.body, "digest": line.digest} for line in lines],
        )
        self.wordings.put(lines)

    def lines(self, after: int = 0, upto: int = EVERY) -> Iterator[Line]:
        """Read the journal from one line to another, with what is there of its texts."""
        wordings = self.wordings.by_line(after, upto)
        where = {**self._where, "after_": after, "upto_": upto}
        for row in self._connection.execute(_LINES, where):
            yield Line(row.seq, row.body, row.digest, wordings.get(row.seq, ()))

    # --- present state

    def present(self) -> Present:
        """Tell how the procedure stands; within one transaction only this unit changes that."""
        if self._present is None:
            row = self._one(_PRESENT)
            self._present = Present(*row) if row else Present()
        return self._present

    def last_instant(self) -> Instant | None:
        """Return the instant of the last journal line; None before the first."""
        seq = self.present().seq
        beginning = self._run(_BEGINNING, seq_=seq).scalar()
        if beginning is None:
            return None
        return instant_of(beginning) or Instant(parse(self._one(_LINE, seq_=seq).body)["at"])

    def procedure(self) -> Procedure | None:
        """Read the procedure's present state."""
        body = self.present().body
        return None if body is None else load_procedure(body)

    def definition(self) -> Definition | None:
        """Read what the procedure pinned.

        Raises:
            StorageError: it is not what was pinned; the journal can bring it back.
        """
        row = self._one(_DEFINITION)
        if row is None:
            return None
        if sha256(row.body).hexdigest() != row.digest:
            msg = f"the definition of {self._place['procedure']!r} does not match its digest"
            raise StorageError(msg)
        return STORED.load(parse(row.body), Definition)

    def item(self, ref: ItemRef) -> Item | None:
        """Read one item."""
        row = self._one(_ITEM, item_=ref)
        return STORED.load(parse(row.body), Item) if row else None

    def items(self) -> Iterator[Item]:
        """Read all items in the order of their references."""
        for row in self._run(_ITEMS):
            yield STORED.load(parse(row.body), Item)

    def pin(self, definition: Definition) -> None:
        """Write what the procedure is made of."""
        self._insert(_PIN, [self._definition_row(definition)])
        self._present = None

    def save(self, procedure: Procedure, head: Line, due: Instant | None) -> None:
        """Write the procedure's present state together with the head of its journal."""
        self._insert(_SAVE_PROCEDURE, [self._procedure_row(procedure, head, due)])
        self._present = None

    def save_items(self, items: Iterable[Item]) -> None:
        """Write the present state of items."""
        self._insert(_SAVE_ITEM, [self._item_row(item) for item in items])

    def state_faults(
        self,
        world: World,
        definition: Definition,
        head: Line,
        due: Instant | None,
        entries: Sequence[Entry],
    ) -> Iterator[str]:
        """Say where the stored state differs, in any column, from what it should be.

        Args:
            world: what the journal leads to.
            definition: what the journal says was pinned.
            head: its last line.
            due: when the procedure moves on by itself.
            entries: what it says was booked.
        """
        wanted = {
            "the definition": self._definition_row(definition),
            "the procedure's state": self._procedure_row(world.opened, head, due),
            **{f"item {item.ref}": self._item_row(item) for item in world.items.values()},
            **self.comments.rows(world.comments.values()),
            **self.books.rows(entries),
            **self.records.rows(world.records),
        }
        stored = {
            **dict(self._stored_rows()),
            **self.comments.stored(),
            **self.books.stored(),
            **self.records.stored(),
        }
        for name in sorted({*wanted, *stored}):
            if wanted.get(name) != stored.get(name):
                yield f"{name} differs from its journal"

    def _stored_rows(self) -> Iterator[tuple[str, dict[str, Any]]]:
        names = {"definition": "the definition", "procedure": "the procedure's state"}
        for table, statement in _STORED:
            for row in self._run(statement).mappings():
                name = names.get(table) or f"item {row['item']}"
                told = {key: row[key] for key in row if key not in self._place}
                yield name, {**told, "body": self._as_written_today(table, row["body"])}

    def _as_written_today(self, table: str, body: bytes) -> bytes:
        """Write stored state as this release does: an earlier one knew fewer fields."""
        kind: type | None = {"item": Item, "procedure": Procedure}.get(table)
        if kind is None:
            return body
        try:
            return canonical(STORED.dump(STORED.load(parse(body), kind)))
        except (DefinitionError, ValueError, TypeError):
            return body  # it differs in any case, and is told so

    def _definition_row(self, definition: Definition) -> dict[str, Any]:
        body = canonical(STORED.dump(definition))
        return {"digest": sha256(body).hexdigest(), "body": body}

    def _procedure_row(
        self, procedure: Procedure, head: Line, due: Instant | None
    ) -> dict[str, Any]:
        return {
            "seq": head.seq,
            "head": head.digest,
            "stage": procedure.stage,
            "status": procedure.status,
            "due": due,
            "body": canonical(STORED.dump(procedure)),
        }

    def _item_row(self, item: Item) -> dict[str, Any]:
        body = canonical(STORED.dump(item))
        return {"item": item.ref, "state": item.state, "body": body}

    def clear_state(self) -> None:
        """Drop the present state; the journal can bring it back."""
        for statement in _CLEAR:
            self._run(statement)
        self.comments.clear()
        self.books.clear()
        self.records.clear()
        self._present = None

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
            the ballot's commitment in hexadecimal; None where the roll was ticked before, or
            where there is no ballot to exchange.
        """
        row = sealed(entry)
        commitment: bytes = row["commitment"]
        if entry.replaces:
            where = {**self._where, "vote_": entry.vote, "tag_": tag}
            exchanged = self._connection.execute(_EXCHANGE, {**where, **row}).rowcount
            return commitment.hex() if exchanged else None
        key = {**self._place, "vote": entry.vote, "tag": tag}
        if self._connection.execute(_TICK_ROLL, key).rowcount == 0:
            return None
        self._connection.execute(_INTO_BOX, {**key, **row})
        return commitment.hex()

    def put_all(self, entries: Iterable[tuple[BallotEntry, bytes]]) -> Filled:
        """Put many new ballots in, each with its voter's tag; see `filling.fill`."""
        return fill(self._connection, self._place, entries)

    def box(self, vote: str) -> BoxSummary:
        """Summarise a box without opening it."""
        where = {**self._where, "vote_": vote}
        leaves = [row.commitment for row in self._connection.execute(_COMMITMENTS, where)]
        beside, marks = self.registers.aside_leaves(vote), self.seals.marks(vote)
        return BoxSummary(
            ballots=len(leaves),
            root=root(leaves),
            aside=len(beside),
            aside_root=root(beside) if beside else "",
            voters=len(marks),
            roll_root=root(marks),
        )

    def box_faults(self, vote: str) -> Iterator[str]:
        """Say where a box contradicts itself; see `seals.Seals.faults`."""
        return self.seals.faults(vote)

    def ballots(self, vote: str) -> Iterator[Mapping[str, int]]:
        """Open a box: the choices of all ballots, in an order that tells nothing."""
        return self.contents.choices(vote)

    def channels(self, vote: str) -> dict[str, int]:
        """Count ballots by the channel they came in through."""
        rows = self._run(_CHANNELS, vote_=vote)
        return {row[0]: row[1] for row in rows}

    # --- requests

    def answered(self, key: str) -> tuple[bytes, bytes] | None:
        """Look up what a request with this key asked and was answered."""
        row = self._one(_REQUEST, key_=key)
        return (row.payload, row.receipt) if row else None

    def answer(self, key: str, payload: bytes, receipt: bytes) -> None:
        """Keep what a request was answered."""
        self._insert(_ANSWER, [{"key": key, "payload": payload, "receipt": receipt}])

    def note_failure(self, at: Instant, message: str, ref: str = "") -> None:
        """Keep the failure of a hook that ran after the commit; once, if it has a reference."""
        row = {"ref": ref or secrets.token_hex(16), "at": at, "message": message}
        self._insert(_NOTE, [row])

    def failures(self) -> list[str]:
        """List the failures that were kept."""
        return [row.message for row in self._run(_FAILURES)]

    def _one(self, statement: Any, **values: object) -> Any:
        return self._run(statement, **values).one_or_none()

    def _insert(self, statement: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(statement, [{**self._place, **row} for row in rows])
