"""Moving: municipalities from one database to another, all at once and compared row by row."""

from __future__ import annotations

from collections.abc import Sequence

from partizipation_core.errors import NotFound, StorageError
from partizipation_core.execution.destroying import carry_out
from partizipation_core.execution.execution import Execution
from partizipation_core.store import Connection, directory, dump
from partizipation_core.store.dump import Measure, Measured
from partizipation_core.transfer.proof import (
    Proof,
    all_lines,
    faults,
    measured,
    open_votes,
    require_same,
)

__all__ = ["move"]


def move(
    source: Execution, target: Execution, *, municipality: str = "", with_open_votes: bool = False
) -> Proof:
    """Copy municipalities into another database, in one transaction; the source stays as it is.

    What was copied is read back, compared with the source row by row, and every procedure is
    checked against itself, before anything is committed. The source is read a second time, so
    that nothing is lost that was written meanwhile. Keys are not in a database and do not move.

    Args:
        source: where from.
        target: where to.
        municipality: which one; empty for all.
        with_open_votes: whether to go ahead while a vote is open: nobody may vote meanwhile.

    Returns:
        what was compared, and is equal.

    Raises:
        NotFound: the source holds no such municipality.
        StorageError: the target holds something already; a vote is open; the two would not be
            equal, or a procedure contradicts itself. Nothing was written.
    """
    name = target.database.name
    if source.database.name == name:
        raise StorageError(f"{name}: this is where it comes from")
    with target.database.writing() as ours:
        target.database.take_time(ours)
        with source.database.reading() as theirs:
            source.database.take_time(theirs)
            towns = _towns(theirs, municipality)
            _require_room(ours, towns, municipality, name)
            if not with_open_votes:
                _require_rest(source, theirs, towns)
            with dump.alone_in(name):
                told = _copied(theirs, ours, towns)
            heads = directory.heads(theirs, municipality)
        require_same(told, measured(ours, towns), name)
        if directory.heads(ours, municipality) != heads:
            raise StorageError(f"{name}: a journal has another head")
        if found := list(faults(target, ours, [one.scope for one in heads])):
            raise StorageError(f"{name}: " + "; ".join(found))
        with source.database.reading() as theirs:
            source.database.take_time(theirs)
            if _towns(theirs, municipality) != towns or measured(theirs, towns) != told:
                msg = "it was written to meanwhile; stop what uses it, and move once more"
                raise StorageError(f"{source.database.name}: {msg}")
    for one in heads:
        carry_out(target, one.scope)
    return Proof(told, heads, len(heads))


def _towns(connection: Connection, municipality: str) -> list[str]:
    found = dump.towns(connection)
    if not municipality:
        return found
    if municipality not in found:
        raise NotFound(f"there is no municipality {municipality} to move")
    return [municipality]


def _require_room(
    connection: Connection, towns: Sequence[str], municipality: str, name: str
) -> None:
    """Refuse a target that is in use: nothing is ever mixed with what is there."""
    held = dump.towns(connection)
    if municipality:
        held = [town for town in held if town in towns]
    if held:
        some = ", ".join(held[:3])
        raise StorageError(f"{name}: it is not empty, there is something of {some}")


def _require_rest(execution: Execution, connection: Connection, towns: Sequence[str]) -> None:
    if found := open_votes(connection, towns):
        some = ", ".join(f"{scope.municipality} {scope.procedure} {vote}" for scope, vote in found)
        msg = f"a vote is open ({some}); move when it is closed, or say that it may be"
        raise StorageError(f"{execution.database.name}: {msg}")


def _copied(theirs: Connection, ours: Connection, towns: Sequence[str]) -> dict[str, Measure]:
    told: dict[str, Measure] = {}
    for name in dump.NAMES:
        passing = Measured(all_lines(theirs, name, towns))
        dump.load(ours, name, passing, source=name)
        told[name] = passing.done()
    return told
