"""Dumps: the rows of every table as lines of text that are the same on every database.

A line is a JSON list of the values of a row, in the order of its columns: ASCII, no white space,
bytes in hexadecimal. Lines stand in the order of the key, texts by code point. The databases sort
so as well, but nobody relies on it: the order is checked while the rows are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from typing import Any

from attrs import define, field, frozen
from sqlalchemy import Connection, LargeBinary, Table, Text, bindparam, insert, or_, select
from sqlalchemy.exc import IntegrityError

from partizipation_core.errors import InputError, StorageError
from partizipation_core.store.schema import METADATA, store_format
from partizipation_core.store.scope import Scope
from partizipation_core.store.statements import within

__all__ = [
    "Measure",
    "Measured",
    "alone_in",
    "columns",
    "key_of",
    "lines",
    "load",
    "parsed",
    "row_of",
    "towns",
]

CHUNK = 1000
"""Rows that are read or written at once."""

_LARGEST = 2**63 - 1
_TABLES = tuple(table for table in METADATA.sorted_tables if table is not store_format)


def _rows(table: Table) -> Any:
    place = table.c.municipality == bindparam("municipality_")
    procedure = bindparam("procedure_", type_=table.c.procedure.type)
    of_one = or_(procedure == "", table.c.procedure == procedure)
    ordered = select(table).where(place, of_one).order_by(*table.primary_key)
    return ordered.execution_options(yield_per=CHUNK)


_ROWS = tuple(map(_rows, _TABLES))
_BY_NAME = {table.name: (table, rows) for table, rows in zip(_TABLES, _ROWS, strict=True)}
_FIRST = {one.name: select(one.c.municipality).where(within(one)).limit(1) for one in _TABLES}

NAMES = tuple(_BY_NAME)
"""Names of the tables, those that others refer to first."""


@frozen
class Measure:
    """How much there is of something, and what it comes to.

    Args:
        rows: number of lines.
        sha256: over all of them, each with its end, in hexadecimal.
    """

    rows: int
    sha256: str


@define
class Measured:
    """Lines that are measured while they pass."""

    lines: Iterable[bytes]
    _rows: int = field(init=False, default=0)
    _digest: Any = field(init=False, factory=sha256)

    def __iter__(self) -> Iterator[bytes]:
        for line in self.lines:
            self._rows += 1
            self._digest.update(line + b"\n")
            yield line

    def done(self) -> Measure:
        """Read what is left and return the measure of all."""
        for _ in self:
            pass
        return Measure(self._rows, self._digest.hexdigest())


def columns(table: str) -> tuple[str, ...]:
    """Name the columns of a table in their order."""
    return tuple(column.name for column in _BY_NAME[table][0].columns)


def key_of(table: str, values: Sequence[Any]) -> tuple[Any, ...]:
    """Pick the key out of the values of a row."""
    named = dict(zip(columns(table), values, strict=True))
    return tuple(named[column.name] for column in _BY_NAME[table][0].primary_key)


def towns(connection: Connection) -> list[str]:
    """List the municipalities of which there is any row, by code point."""
    found: set[str] = set()
    for table in _TABLES:
        found |= set(connection.execute(select(table.c.municipality).distinct()).scalars())
    return sorted(found)


def holds(connection: Connection, scope: Scope) -> list[str]:
    """Name the tables in which a procedure has rows."""
    where = {"municipality_": scope.municipality, "procedure_": scope.procedure}
    return [name for name, one in _FIRST.items() if connection.execute(one, where).first()]


def lines(
    connection: Connection, table: str, municipality: str, procedure: str = ""
) -> Iterator[bytes]:
    """Write the rows of a table as lines.

    Args:
        connection: an open transaction.
        table: its name.
        municipality: whose rows.
        procedure: of which procedure; empty for all.

    Raises:
        StorageError: the database does not sort by code point, and no order can be proven.
    """
    previous: tuple[Any, ...] = ()
    for values in _values(connection, table, municipality, procedure):
        key = key_of(table, values)
        if previous and key <= previous:
            msg = f"table {table} is not read in the order of its key; see the collation"
            raise StorageError(msg)
        previous = key
        yield row_of(values)


def row_of(values: Iterable[Any]) -> bytes:
    """Write the values of one row as a line, without its end."""
    told = [value.hex() if isinstance(value, bytes) else value for value in values]
    return json.dumps(told, separators=(",", ":")).encode()


def parsed(table: str, line: bytes) -> list[Any]:
    """Read one line back.

    Raises:
        ValueError: it is no row of this table, or is written in another way.
    """
    told = json.loads(line)
    kinds = list(_BY_NAME[table][0].columns)
    if not isinstance(told, list) or len(told) != len(kinds):
        msg = f"a row of table {table} has {len(kinds)} values"
        raise ValueError(msg)
    values = [_value(column, one) for column, one in zip(kinds, told, strict=True)]
    if row_of(values) != line:
        msg = "it is not written in the one way that is allowed"
        raise ValueError(msg)
    return values


@contextmanager
def alone_in(name: str) -> Iterator[None]:
    """Tell that two copies were brought into one database at the same moment."""
    try:
        yield
    except IntegrityError as error:
        msg = "somebody else fills it at this moment, so it is not empty any more"
        raise StorageError(f"{name}: {msg}") from error


def load(connection: Connection, table: str, given: Iterable[bytes], *, source: str) -> int:
    """Write lines as rows of a table.

    Args:
        connection: an open transaction.
        table: its name.
        given: the lines, without their ends.
        source: name of the file, for errors.

    Returns:
        how many.

    Raises:
        InputError: a line is no row of this table; names the place.
    """
    statement, names = insert(_BY_NAME[table][0]), columns(table)
    rows = _read(table, given, source)
    number = 0
    while chunk := list(islice(rows, CHUNK)):
        connection.execute(statement, [dict(zip(names, row, strict=True)) for row in chunk])
        number += len(chunk)
    return number


def _read(table: str, given: Iterable[bytes], source: str) -> Iterator[list[Any]]:
    previous: tuple[Any, ...] = ()
    for number, line in enumerate(given, start=1):
        try:
            values = parsed(table, line)
            key = key_of(table, values)
        except (ValueError, TypeError) as error:
            raise InputError(str(error), source=source, line=number) from error
        if previous and key <= previous:
            raise InputError("rows stand in another order", source=source, line=number)
        previous = key
        yield values


def _values(
    connection: Connection, table: str, municipality: str, procedure: str
) -> Iterator[tuple[Any, ...]]:
    where = {"municipality_": municipality, "procedure_": procedure}
    with connection.execute(_BY_NAME[table][1], where) as result:
        for row in result:
            yield tuple(row)


def _value(column: Any, told: object) -> object:
    if told is None and column.nullable:
        return None
    if isinstance(column.type, LargeBinary):
        return bytes.fromhex(_of_kind(str, told, column))
    if isinstance(column.type, Text):
        return _of_kind(str, told, column)
    number: int = _of_kind(int, told, column)
    if abs(number) > _LARGEST:
        msg = f"{column.name} is beyond 64 bits"
        raise ValueError(msg)
    return number


def _of_kind(kind: type, told: object, column: Any) -> Any:
    if type(told) is not kind:
        msg = f"{column.name} is of another kind"
        raise ValueError(msg)
    return told
