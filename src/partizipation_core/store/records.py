"""Records: the present state of what plugins keep besides items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from sqlalchemy import delete, select

from partizipation_core.errors import DefinitionError, StorageError
from partizipation_core.kernel.record import Reading, Record, Records
from partizipation_core.serialization import STORED, canonical, parse
from partizipation_core.store import schema
from partizipation_core.store.placed import Placed
from partizipation_core.store.state import REBUILD
from partizipation_core.store.statements import columns, upsert, within
from partizipation_core.values import RecordRef

__all__ = ["StoredRecords"]

R = TypeVar("R", bound=Record)

_ROW = columns(schema.record, "ref", "version", "body")
_ONE = select(*_ROW).where(within(schema.record, "kind", "ref"))
_KIND = select(*_ROW).where(within(schema.record, "kind")).order_by(schema.record.c.ref)
_REFS = (
    select(*columns(schema.record, "kind", "ref"))
    .where(within(schema.record))
    .order_by(schema.record.c.kind, schema.record.c.ref)
)
_HELD = select(schema.record).where(within(schema.record))
_CLEAR = delete(schema.record).where(within(schema.record))
_SAVE = upsert(schema.record)


class StoredRecords(Placed):
    """The records of one procedure, within one transaction.

    Args:
        connection: the open transaction.
        place: municipality and procedure.
    """

    def read(self, readings: Iterable[Reading], command: object) -> Records:
        """Read what a command is shown.

        Raises:
            StorageError: a record has a shape that the installed plugin does not know.
        """
        found: dict[str, dict[RecordRef, Record]] = defaultdict(dict)
        for reading in readings:
            refs = reading.refs(command)
            kept = self.all(reading.kind) if refs is None else self.some(reading.kind, refs)
            found[reading.kind.kind] |= kept
        return Records(found)

    def all(self, kind: type[R]) -> dict[RecordRef, R]:
        """Read all records of a kind in the order of their references."""
        return dict(self._read(_KIND, kind))

    def some(self, kind: type[R], refs: Iterable[RecordRef]) -> dict[RecordRef, R]:
        """Read those that exist of some records."""
        return {
            found: record
            for ref in sorted(refs)
            for found, record in self._read(_ONE, kind, ref_=ref)
        }

    def refs(self) -> dict[str, tuple[RecordRef, ...]]:
        """List the references of all records by their kind."""
        listed: dict[str, list[RecordRef]] = defaultdict(list)
        for row in self._run(_REFS):
            listed[row.kind].append(RecordRef(row.ref))
        return {kind: tuple(refs) for kind, refs in listed.items()}

    def save(self, records: Iterable[Record]) -> None:
        """Write the present state of records."""
        if rows := [{**self._place, **self._row(record)} for record in records]:
            self._connection.execute(_SAVE, rows)

    def clear(self) -> None:
        """Drop them; the journal can bring them back."""
        self._run(_CLEAR)

    def rows(self, records: Iterable[Record]) -> dict[str, dict[str, Any]]:
        """Lay out records as they are stored, each under a name for people."""
        return {_name(record.kind, record.ref): self._row(record) for record in records}

    def stored(self) -> dict[str, dict[str, Any]]:
        """Return what is stored, laid out in the same way."""
        rows = self._run(_HELD).mappings()
        return {
            _name(row["kind"], row["ref"]): {
                key: row[key] for key in row if key not in self._place
            }
            for row in rows
        }

    def _read(self, statement: Any, kind: type[R], **values: str) -> Iterator[tuple[RecordRef, R]]:
        where = {**self._where, "kind_": kind.kind, **values}
        for row in self._connection.execute(statement, where):
            if row.version != kind.version:
                later = row.version > kind.version
                way = "wait for the later release that wrote it" if later else REBUILD
                raise StorageError(
                    f"{_name(kind.kind, row.ref)} has version {row.version} of its kind, version "
                    f"{kind.version} is installed; {way}"
                )
            try:
                yield RecordRef(row.ref), STORED.load(parse(row.body), kind)
            except (ValueError, DefinitionError) as error:
                raise StorageError(f"{_name(kind.kind, row.ref)} is damaged: {error}") from error

    def _row(self, record: Record) -> dict[str, Any]:
        return {
            "kind": record.kind,
            "ref": record.ref,
            "version": record.version,
            "body": canonical(STORED.dump(record)),
        }


def _name(kind: str, ref: str) -> str:
    return f"{kind} {ref}"
