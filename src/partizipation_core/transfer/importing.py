"""Importing: an exported procedure into a database that does not have it, all or nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from partizipation_core.errors import Conflict, InputError, StorageError
from partizipation_core.execution.bundle import Bundle
from partizipation_core.execution.destroying import carry_out
from partizipation_core.execution.execution import Execution
from partizipation_core.execution.exporting import FORM, TABLES, write
from partizipation_core.plugins.pinning import missing_parts
from partizipation_core.replay import definition_of, rebuild_unit
from partizipation_core.serialization import canonical, parse
from partizipation_core.store import Connection, Scope, Unit, dump
from partizipation_core.store.checkpoint import checkpoint_of
from partizipation_core.store.journal import Line, check_chain, digest_of
from partizipation_core.transfer.proof import faults
from partizipation_core.values import ProcedureRef, municipality_ref, reference

__all__ = ["import_procedure"]

_JOURNAL = "journal.ndjson"


def import_procedure(execution: Execution, place: Path) -> Scope:
    """Take in a procedure that was exported whole, with the same bytes, so that it goes on here.

    First everything is checked: the digests of the files, every line of the journal and its
    chain, the checkpoints, and that whatever the procedure pinned is installed. Then it is
    written; the present state is brought back from the journal and nothing else. Before it is
    committed it is checked against itself and exported once more, which must give the same files.

    Keys are in no export. While a vote is open, bring its key along, or nobody can vote.

    Args:
        execution: the house.
        place: what `export` wrote with ``whole=True``.

    Returns:
        whose procedure it is.

    Raises:
        InputError: the export is damaged, contradicts itself or is not whole; names file and
            line.
        StorageError: a distribution that the procedure needs is not installed here, or the
            procedure contradicts itself.
        Conflict: there is such a procedure already. In all these cases nothing was written.
    """
    with Bundle.opened(place, FORM) as bundle:
        scope = _scope(bundle)
        lines = _lines(bundle)
        _require_readable(execution, bundle, lines)
        _require_checkpoints(bundle, scope, lines)
        with execution.database.writing(scope) as connection:
            execution.database.take_time(connection)
            if held := dump.holds(connection, scope):
                told = f"there is a procedure {scope.procedure!r} of {scope.municipality} already"
                raise Conflict(f"{told}, in table {held[0]}")
            _write(execution, connection, scope, bundle, lines)
            _require_same(execution, connection, scope, bundle)
    execution.forget(scope)
    carry_out(execution, scope)
    return scope


def _scope(bundle: Bundle) -> Scope:
    told = bundle.manifest
    if f"tables/{TABLES[0]}.ndjson" not in bundle.files:
        bundle.refuse("it was exported for checking only; export it whole to import it")
    try:
        procedure = ProcedureRef(reference(told["procedure"]))
        return Scope(municipality_ref(told["municipality"]), procedure)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"whose it is: {error}", source=bundle.source("manifest.json")) from error


def _lines(bundle: Bundle) -> list[Line]:
    """Read the journal, and check that every line is written as it must be and follows."""
    bodies = list(bundle.lines(_JOURNAL))
    for number, body in enumerate(bodies, start=1):
        try:
            if canonical(parse(body)) != body:
                bundle.refuse("it is not written in the one way that is allowed", _JOURNAL, number)
        except (ValueError, TypeError) as error:
            raise InputError(str(error), source=bundle.source(_JOURNAL), line=number) from error
    lines = [Line(number, body, digest_of(body)) for number, body in enumerate(bodies, start=1)]
    if found := next(check_chain(lines), ""):
        bundle.refuse(found, _JOURNAL)
    if not lines or len(lines) != bundle.manifest.get("lines"):
        bundle.refuse(f"it has {len(lines)} lines, the manifest says otherwise", _JOURNAL)
    return lines


def _require_readable(execution: Execution, bundle: Bundle, lines: Sequence[Line]) -> None:
    try:
        recorded = [execution.codec.read(line) for line in lines]
        missing = missing_parts(execution.host.registry, definition_of(recorded))
    except StorageError as error:
        raise StorageError(f"{bundle.source(_JOURNAL)}: {error}") from error
    if missing:
        told = "; ".join(f"{what} is missing, from {origin}" for what, origin in missing.items())
        raise StorageError(f"{bundle.source(_JOURNAL)}: {told}")


def _require_checkpoints(bundle: Bundle, scope: Scope, lines: Sequence[Line]) -> None:
    for name in sorted(bundle.files):
        if not name.startswith("checkpoints/"):
            continue
        size = name.removeprefix("checkpoints/").removesuffix(".txt")
        known = size.isdecimal() and 0 < int(size) <= len(lines)
        text = checkpoint_of(scope, lines, int(size)).text.encode() if known else b""
        if b"".join(line + b"\n" for line in bundle.lines(name)) != text:
            bundle.refuse("it is not the checkpoint of this journal", name)


def _write(
    execution: Execution,
    connection: Connection,
    scope: Scope,
    bundle: Bundle,
    lines: Sequence[Line],
) -> None:
    unit = Unit(connection, scope)
    unit.append(lines)
    for table in TABLES:
        name = f"tables/{table}.ndjson"
        dump.load(connection, table, _own(bundle, scope, name, table), source=bundle.source(name))
    rebuild_unit(execution, scope, unit)


def _own(bundle: Bundle, scope: Scope, name: str, table: str) -> Iterator[bytes]:
    start = dump.row_of([scope.municipality, scope.procedure])[:-1] + b","
    for number, line in enumerate(bundle.lines(name), start=1):
        if not line.startswith(start):
            bundle.refuse(f"a row of table {table} is of another procedure", name, number)
        yield line


def _require_same(
    execution: Execution, connection: Connection, scope: Scope, bundle: Bundle
) -> None:
    if found := list(faults(execution, connection, [scope])):
        raise StorageError(f"{bundle.source('')}: " + "; ".join(found))
    told = bundle.manifest
    with tempfile.TemporaryDirectory() as folder:
        again = write(
            execution,
            scope,
            connection,
            Path(folder),
            ballots=bool(told.get("ballots")),
            whole=True,
        )
    for name in sorted({*again["files"], *told["files"]}):
        if again["files"].get(name) != told["files"].get(name):
            bundle.refuse("exported once more, it would be another file", name)
    if again != told:
        bundle.refuse("exported once more, it would be another one", "manifest.json")
