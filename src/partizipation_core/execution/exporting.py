"""Exporting: a whole procedure as files that anybody can check without this library.

The form of every file is laid down in ``docs/reference/format``.
"""

from __future__ import annotations

import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from partizipation_core.errors import InputError, NotFound, Refused
from partizipation_core.execution.execution import Execution
from partizipation_core.kernel.results.gate import not_yet_known
from partizipation_core.kernel.state import Procedure
from partizipation_core.serialization import canonical
from partizipation_core.store import Scope, Unit
from partizipation_core.store.checkpoint import Checkpoint, checkpoint_of, closings
from partizipation_core.values import Objection

__all__ = ["FORM", "checkpoint", "export"]

FORM = "partizipation/export/1"
"""Name and version of the form."""

_ARCHIVES = (".tar", ".zip")
_NO_TIME = (1980, 1, 1, 0, 0, 0)


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


def export(
    execution: Execution, scope: Scope, into: Path, *, ballots: bool = True
) -> Mapping[str, Any]:
    """Write a procedure into a folder, or into one file ending in ``.tar`` or ``.zip``.

    Args:
        execution: the house.
        scope: which procedure.
        into: where to; must not exist, or be an empty folder.
        ballots: whether the opened ballots of all votes go with it; they are for auditors alone.

    Returns:
        the manifest, as it was written.

    Raises:
        NotFound: there is no such procedure.
        Refused: ballots are asked for, and the result of a vote is not public yet.
        InputError: there is something already where it is to be written.
    """
    if into.exists() and (into.is_file() or any(into.iterdir())):
        raise InputError("there is something already", source=str(into))
    with tempfile.TemporaryDirectory() as draft:
        folder = Path(draft) if into.suffix in _ARCHIVES else into
        with execution.reading(scope) as unit:
            manifest = _written(execution, scope, unit, folder, ballots=ballots)
        if folder is not into:
            _pack(folder, into, sorted([*manifest["files"], "manifest.json"]))
    return manifest


def _written(
    execution: Execution, scope: Scope, unit: Unit, folder: Path, *, ballots: bool
) -> dict[str, Any]:
    state, pinned = execution.present(unit, scope)
    secret = [
        one for vote in state.papers for one in not_yet_known(vote, state, pinned.definition)
    ]
    if ballots and secret:
        raise Refused("ExportProcedure", [*secret, Objection("ballots_not_exported_yet")])
    lines = list(unit.lines())
    folders = {vote: f"votes/{n}" for n, vote in enumerate(sorted(state.papers), start=1)}
    files = {"journal.ndjson": _write(folder / "journal.ndjson", (one.body for one in lines))}
    files["books.ndjson"] = _write(folder / "books.ndjson", unit.contents.bookings())
    for size in sorted({*closings(lines), len(lines)}):
        name, text = f"checkpoints/{size}.txt", checkpoint_of(scope, lines, size).text
        files[name] = _write(folder / name, text.encode().splitlines())
    for vote, place in folders.items():
        for name, content in _vote(unit, state, vote, ballots=ballots):
            files[f"{place}/{name}"] = _write(folder / place / name, content)
    manifest = {
        "form": FORM,
        "municipality": scope.municipality,
        "procedure": scope.procedure,
        "lines": len(lines),
        "ballots": ballots,
        "votes": folders,
        "files": files,
    }
    _write(folder / "manifest.json", [canonical(manifest)])
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


def _write(file: Path, lines: Iterable[bytes]) -> dict[str, Any]:
    """Write lines, each with its end; returns number of bytes and SHA-256 of what was written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    digest, size = sha256(), 0
    with file.open("wb") as stream:
        for line in lines:
            written = line + b"\n"
            stream.write(written)
            digest.update(written)
            size += len(written)
    return {"bytes": size, "sha256": digest.hexdigest()}


def _pack(folder: Path, archive: Path, names: Iterable[str]) -> None:
    """Pack files so that the same files make the same archive: without times and owners."""
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for name in names:
                entry = zipfile.ZipInfo(name, _NO_TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                with (folder / name).open("rb") as content, packed.open(entry, "w") as target:
                    shutil.copyfileobj(content, target)
        return
    with tarfile.open(archive, "w") as bundle:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = (folder / name).stat().st_size
            with (folder / name).open("rb") as content:
                bundle.addfile(member, content)
