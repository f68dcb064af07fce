"""Exporting: a whole procedure as files that anybody can check without this library.

The form of every file is laid down in ``docs/reference/format``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from partizipation_core.errors import InputError, NotFound, Refused
from partizipation_core.execution.bundle import MANIFEST
from partizipation_core.execution.execution import Execution
from partizipation_core.files import filling, write_lines
from partizipation_core.kernel.results.gate import not_yet_known
from partizipation_core.kernel.state import Procedure
from partizipation_core.serialization import canonical
from partizipation_core.store import Connection, Scope, Unit, dump
from partizipation_core.store.checkpoint import Checkpoint, checkpoint_of, closings
from partizipation_core.values import Objection

__all__ = ["FORM", "TABLES", "checkpoint", "export", "write"]

FORM = "partizipation/export/1"
"""Name and version of the form."""

_OF_THE_JOURNAL = {"journal", "procedure", "definition", "item", "comment", "booking", "record"}
_OF_THE_HOUSE = {"delivery"}

TABLES = tuple(name for name in dump.NAMES if name not in _OF_THE_JOURNAL | _OF_THE_HOUSE)
"""Tables that the journal cannot bring back: what an export needs to be imported."""


def checkpoint(execution: Execution, scope: Scope, size: int = 0) -> Checkpoint:
    """Return the checkpoint of a journal, by default of all its lines.

    Raises:
        NotFound: there is no such procedure.
        InputError: the journal has fewer lines.
    """
    with execution.reading(scope) as unit:
        lines = list(unit.lines())
    if not lines:
        raise NotFound(f"there is no procedure {scope.procedure!r}")
    try:
        return checkpoint_of(scope, lines, size)
    except ValueError as error:
        raise InputError(str(error)) from error


def export(  # noqa: PLR0913 - how much goes with it
    execution: Execution,
    scope: Scope,
    into: Path,
    *,
    ballots: bool = True,
    texts: bool = True,
    whole: bool = False,
) -> Mapping[str, Any]:
    """Write a procedure into a folder, or into one file ending in ``.tar`` or ``.zip``.

    Args:
        execution: the house.
        scope: which procedure.
        into: where to; must not exist, or be an empty folder.
        ballots: whether the opened ballots of all votes go with it; they are for auditors alone.
        texts: whether the texts go with it that its journal is committed to.
        whole: whether all goes with it that another database needs to go on with the procedure:
            the rolls, the boxes of open votes and personal data. It is for nobody else.

    Returns:
        the manifest, as it was written.

    Raises:
        NotFound: there is no such procedure.
        Refused: ballots are asked for, and the result of a vote is not public yet.
        InputError: there is something already where it is to be written.
    """
    place = filling(into, last=MANIFEST, private=ballots or whole)
    with place as folder, execution.database.reading() as connection:
        return write(
            execution, scope, connection, folder, ballots=ballots, texts=texts, whole=whole
        )


def write(  # noqa: PLR0913 - where from, where to, and how much
    execution: Execution,
    scope: Scope,
    connection: Connection,
    folder: Path,
    *,
    ballots: bool,
    texts: bool = True,
    whole: bool = False,
) -> dict[str, Any]:
    """Write a procedure as it stands within a transaction into a folder; see `export`."""
    unit = Unit(connection, scope)
    state, pinned = execution.present(unit, scope)
    secret = [
        one for vote in state.papers for one in not_yet_known(vote, state, pinned.definition)
    ]
    if ballots and secret:
        raise Refused("ExportProcedure", [*secret, Objection("ballots_not_exported_yet")])
    lines = list(unit.lines())
    folders = {vote: f"votes/{n}" for n, vote in enumerate(sorted(state.papers), start=1)}
    files = {"journal.ndjson": write_lines(folder / "journal.ndjson", (one.body for one in lines))}
    if texts or whole:
        rows = unit.wordings.openings()
        files["texts.ndjson"] = write_lines(folder / "texts.ndjson", rows)
    files["books.ndjson"] = write_lines(folder / "books.ndjson", unit.contents.bookings())
    for size in sorted({*closings(lines), len(lines)}):
        name, text = f"checkpoints/{size}.txt", checkpoint_of(scope, lines, size).text
        files[name] = write_lines(folder / name, text.encode().splitlines())
    for vote, place in folders.items():
        for name, content in _vote(unit, state, vote, ballots=ballots):
            files[f"{place}/{name}"] = write_lines(folder / place / name, content)
    if whole:
        for name in TABLES:
            rows = dump.lines(connection, name, scope.municipality, scope.procedure)
            file = f"tables/{name}.ndjson"
            files[file] = write_lines(folder / file, rows)
    manifest = {
        "form": FORM,
        "municipality": scope.municipality,
        "procedure": scope.procedure,
        "lines": len(lines),
        "ballots": ballots,
        "votes": folders,
        "files": files,
    }
    write_lines(folder / MANIFEST, [canonical(manifest)])
    return manifest


def _vote(
    unit: Unit, state: Procedure, vote: str, *, ballots: bool
) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Say what there is of a vote; while it is on, nothing."""
    if vote not in state.closed_votes:
        return
    yield "commitments.txt", unit.contents.commitments(vote)
    yield "register.json", [canonical(_register(unit, vote))]
    if ballots:
        yield "ballots.ndjson", unit.contents.ballots(vote)
        yield "aside.ndjson", unit.contents.aside(vote)
        yield "roll.txt", unit.contents.marks(vote)


def _register(unit: Unit, vote: str) -> dict[str, Any]:
    return {
        "vote": vote,
        "roll": unit.contents.on_the_roll(vote),
        "box": unit.channels(vote),
        "aside": [
            {
                "channel": one.channel,
                "fate": one.fate,
                "number": one.number,
                "validity": one.validity,
            }
            for one in unit.registers.aside(vote)
        ],
    }
