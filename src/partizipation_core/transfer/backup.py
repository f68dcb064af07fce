"""Backups: a whole database as files, and back into an empty one, on either kind of database.

Backups of an open vote hold what links people and ballots, for as long as the backup exists. So
they can be made without: the ballots of open votes are then left out together with the ticks on
their rolls, and those of closed votes are written as if they were sealed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from partizipation_core.errors import StorageError
from partizipation_core.execution.bundle import MANIFEST, Bundle
from partizipation_core.execution.destroying import carry_out
from partizipation_core.execution.execution import Execution
from partizipation_core.files import filling, write_lines
from partizipation_core.serialization import canonical, parse
from partizipation_core.store import Scope, directory, dump
from partizipation_core.store.dump import Measure
from partizipation_core.store.schema import SCHEMA_VERSION
from partizipation_core.store.seals import sealed_tag
from partizipation_core.transfer.proof import (
    Proof,
    all_lines,
    faults,
    measured,
    open_votes,
)
from partizipation_core.values import MunicipalityRef, ProcedureRef

__all__ = ["ABOUT_BALLOTS", "FORM", "backup", "restore"]

FORM = "partizipation/backup/1"
"""Name and version of the form."""

ABOUT_BALLOTS = frozenset({"roll", "box", "identification", "aside", "paper"})
"""Tables of a vote that tell who has voted, or how."""

_Votes = Collection[tuple[Scope, str]]


def backup(
    execution: Execution, into: Path, *, exclude_open_secret: bool = False
) -> Mapping[str, Any]:
    """Write a database as it is at one moment; whoever writes to it does not wait.

    Keys are not in the database, and belong in another backup.

    Args:
        execution: the house.
        into: an empty or new folder, or a file ``.zip`` or ``.tar``.
        exclude_open_secret: whether to leave out what links people and their ballots: all ballots
            of open votes with the ticks on their rolls, so that after a restore these people
            vote once more; answers to requests that named a ballot; and the tags of ballots of
            votes that are closed and not sealed.

    Returns:
        the manifest, as it was written.

    Raises:
        InputError: there is something already where it is to be written.
    """
    place = filling(into, last=MANIFEST, private=True)
    with place as folder, execution.database.reading() as connection:
        execution.database.take_time(connection)
        towns, files = dump.towns(connection), {}
        left_out = open_votes(connection, towns) if exclude_open_secret else []
        for name in dump.NAMES:
            lines: Iterable[bytes] = all_lines(connection, name, towns)
            if exclude_open_secret:
                lines = _without_links(name, lines, left_out)
            files[f"{name}.ndjson"] = write_lines(folder / f"{name}.ndjson", lines)
        manifest = {
            "form": FORM,
            "schema": SCHEMA_VERSION,
            "columns": {name: list(dump.columns(name)) for name in dump.NAMES},
            "heads": [_told(head) for head in directory.heads(connection)],
            "left_out": [[*_place(scope), vote] for scope, vote in left_out],
            "files": files,
        }
        write_lines(folder / MANIFEST, [canonical(manifest)])
    return manifest


def restore(execution: Execution, place: Path) -> Proof:
    """Bring a backup back into an empty database, in one transaction, all or nothing.

    Every byte is compared with the manifest before anything is written. What was written is read
    back and compared, and every procedure is checked against itself, before it is committed.

    Raises:
        InputError: it is no backup, of a release that is not known here, or damaged; names file
            and line. Nothing was written.
        StorageError: the database holds something already, or the backup contradicts itself.
    """
    name = execution.database.name
    with Bundle.opened(place, FORM) as bundle, execution.database.writing() as connection:
        _require_known(bundle)
        if held := dump.towns(connection):
            raise StorageError(f"{name}: it is not empty, there is something of {held[0]}")
        execution.database.take_time(connection)
        with dump.alone_in(name):
            for table in dump.NAMES:
                file = f"{table}.ndjson"
                dump.load(connection, table, bundle.lines(file), source=bundle.source(file))
        found = measured(connection, dump.towns(connection))
        _require_same(bundle, found)
        heads = directory.heads(connection)
        if [_told(head) for head in heads] != bundle.manifest["heads"]:
            bundle.refuse("the journals have other heads", MANIFEST)
        if wrong := list(faults(execution, connection, [one.scope for one in heads])):
            raise StorageError(f"{place}: " + "; ".join(wrong))
        left_out = tuple(map(_vote, bundle.manifest["left_out"]))
    for one in heads:
        carry_out(execution, one.scope)
    return Proof(found, heads, len(heads), left_out)


def _require_known(bundle: Bundle) -> None:
    """Refuse what an earlier or later release wrote and this one has no place for."""
    told = bundle.manifest
    version, columns = told.get("schema"), told.get("columns")
    if not isinstance(version, int) or not isinstance(columns, dict) or "heads" not in told:
        bundle.refuse("the manifest is damaged", MANIFEST)
        return
    known = {name: list(dump.columns(name)) for name in dump.NAMES}
    # An earlier release knew fewer tables; what it knew must be as it is today.
    if version > SCHEMA_VERSION or any(known.get(one) != of for one, of in columns.items()):
        told_ = f"it is of schema version {version}, this release has version {SCHEMA_VERSION}"
        bundle.refuse(f"{told_}; restore it with the release that wrote it", MANIFEST)
    missing = set(known if version == SCHEMA_VERSION else columns) - set(columns)
    if missing or set(bundle.files) != {f"{name}.ndjson" for name in columns}:
        bundle.refuse("the manifest does not list every table", MANIFEST)


def _require_same(bundle: Bundle, found: Mapping[str, Measure]) -> None:
    for name, measure in found.items():
        told = bundle.files.get(f"{name}.ndjson")
        if told is not None and told["sha256"] != measure.sha256:
            bundle.refuse("read back, the rows are other ones", f"{name}.ndjson")


# --- without what links people and ballots


def _without_links(name: str, lines: Iterable[bytes], left_out: _Votes) -> Iterator[bytes]:
    rows: Iterable[Sequence[Any]] = (dump.parsed(name, line) for line in lines)
    if name in ABOUT_BALLOTS:
        rows = (row for row in rows if _vote(row) not in left_out)
    if name == "request":
        rows = (row for row in rows if not _names_a_ballot(row))
    if name == "box":
        rows = sorted(map(_as_sealed, rows), key=lambda row: dump.key_of(name, row))
    return map(dump.row_of, rows)


def _as_sealed(row: Sequence[Any]) -> list[Any]:
    told = dict(zip(dump.columns("box"), row, strict=True))
    return list({**told, "tag": sealed_tag(told["commitment"])}.values())


def _names_a_ballot(row: Sequence[Any]) -> bool:
    told = dict(zip(dump.columns("request"), row, strict=True))
    return bool(parse(told["receipt"]).get("commitment"))


def _vote(row: Sequence[Any]) -> tuple[Scope, str]:
    """Read whose vote a row is about; municipality, procedure and vote lead it."""
    municipality, procedure, vote = row[:3]
    return Scope(MunicipalityRef(municipality), ProcedureRef(procedure)), vote


def _told(head: directory.Head) -> dict[str, Any]:
    place = dict(zip(("municipality", "procedure"), _place(head.scope), strict=True))
    return {**place, "seq": head.seq, "digest": head.digest.hex()}


def _place(scope: Scope) -> tuple[str, str]:
    return scope.municipality, scope.procedure
