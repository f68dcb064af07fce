"""Booth files: ballots of a device, as CSV or JSON, each line judged by itself.

A file is taken in whole or not at all: one line at fault refuses it, with the faults of every
line. Whoever has looked at them may leave these lines out (`leave_out`), each told in the report.

CSV (UTF-8, comma, one header line):

- ``ballot``: number of the ballot, unique within the booth; mandatory.
- ``voter``: pseudonym of a person on the register; empty where nobody knows. Where the vote has
  an electoral roll the person must be on it, and a ballot of nobody is taken only if ``unnamed``
  says so.
- ``validity``: ``valid``, ``blank`` or ``invalid``; empty for valid.
- ``item:REFERENCE``: one column for each item on the ballot paper, with a whole number (1 is a
  plain vote, -1 a vote against); empty where the item was not chosen.

JSON: ``{"ballots": [{"ballot": "7", "voter": "", "validity": "valid", "choices": {"a": 1}}]}``
with the same meaning; ``line`` then counts the entries.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from partizipation_core.errors import InputError, Refused
from partizipation_core.freezing import as_tuple
from partizipation_core.handle import ProcedureHandle
from partizipation_core.kernel.channels.booth import BoothBallot, BoothImported, ImportBooth
from partizipation_core.kernel.channels.entries import Reading
from partizipation_core.values import Actor, ItemRef, Objection, ParticipantRef

__all__ = ["BoothReport", "Dropped", "booth_template", "import_booth", "read_booth"]

_FIXED = ("ballot", "voter", "validity")
_ITEM = "item:"
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_VALIDITIES = ("valid", "blank", "invalid")


@frozen
class Dropped:
    """A line that was left out.

    Args:
        line: its number in the file, the header being 1; in JSON the number of the entry.
        problems: every reason.
    """

    line: int
    problems: tuple[Objection, ...] = field(converter=as_tuple)


@frozen(kw_only=True)
class BoothReport:
    """What became of a file.

    Args:
        taken: ballots that are new.
        repeated: ballots that had been imported before.
        doubles: new ones that do not count, since their voters voted in another way.
        dropped: lines that were left out.
    """

    taken: int
    repeated: int
    doubles: int
    dropped: tuple[Dropped, ...] = field(converter=as_tuple)


Line = BoothBallot | Dropped


def booth_template(handle: ProcedureHandle, vote: str) -> str:
    """Write the header of a booth's CSV file: a column for each item on the ballot paper."""
    paper = handle.state().papers.get(vote, {})
    return ",".join([*_FIXED, *(f"{_ITEM}{ref}" for ref in sorted(paper))]) + "\n"


def read_booth(text: str, *, source: str = "") -> tuple[Line, ...]:
    """Read a booth's file; lines that cannot be read are told, not skipped in silence.

    Args:
        text: CSV or JSON.
        source: name of the file, for messages.

    Raises:
        InputError: the file as a whole is neither, or a column is missing or unknown.
    """
    plain = text.removeprefix("\ufeff")
    rows = _of_json(plain, source) if plain.lstrip().startswith("{") else _of_csv(plain, source)
    return tuple(_line(number, row) for number, row in rows)


def _of_csv(text: str, source: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check(header, source)
        for cells in reader:
            if cells:
                yield reader.line_num, _row(header, cells)
    except csv.Error as error:
        raise InputError(str(error), source=source, line=reader.line_num) from error


def _check(header: Sequence[str], source: str) -> None:
    if "ballot" not in header:
        message = f"no column 'ballot'; the columns are {', '.join(_FIXED)} and item:REFERENCE"
        raise InputError(message, source=source, line=1)
    for place, name in enumerate(header, 1):
        known = name in _FIXED or (name.startswith(_ITEM) and name != _ITEM)
        if not known or header.index(name) != place - 1:
            message = f"column {name!r} is unknown or occurs twice"
            raise InputError(message, source=source, line=1, column=place)


def _row(header: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    if len(cells) != len(header):
        return {"cells": len(cells), "columns": len(header)}
    given = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    choices = {name.removeprefix(_ITEM): value for name, value in given.items() if ":" in name}
    plain = {name: value for name, value in given.items() if name in _FIXED}
    return {**plain, "choices": {ref: value for ref, value in choices.items() if value}}


def _of_json(text: str, source: str) -> Iterator[tuple[int, Any]]:
    try:
        data = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise InputError(
            error.msg, source=source, line=error.lineno, column=error.colno
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(str(error), source=source) from error
    ballots = data.get("ballots")
    if not isinstance(ballots, list):
        raise InputError("no list named 'ballots'", source=source)
    yield from enumerate(ballots, 1)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        msg = "a name occurs twice in one entry"
        raise ValueError(msg)
    return found


def _line(number: int, row: Any) -> Line:
    problems = tuple(_row_problems(row))
    if problems:
        return Dropped(number, problems)
    reading = Reading(
        choices={ItemRef(ref): int(points) for ref, points in row.get("choices", {}).items()},
        validity=row.get("validity") or "valid",
        voter=ParticipantRef(row.get("voter", "")),
    )
    return BoothBallot(line=number, ballot=row["ballot"], reading=reading)


def _row_problems(row: Any) -> Iterator[Objection]:
    if not isinstance(row, Mapping):
        yield Objection("line_unreadable")
        return
    if "cells" in row:
        yield Objection("line_cells", {"cells": row["cells"], "columns": row.get("columns")})
        return
    if set(row) - {*_FIXED, "choices"}:
        yield Objection("line_unreadable")
        return
    texts = [row.get(name, "") for name in _FIXED]
    if not all(isinstance(text, str) for text in texts) or not row.get("ballot"):
        yield Objection("line_without_ballot")
    if row.get("validity") not in (*_VALIDITIES, "", None):
        yield Objection("line_validity", {"validities": ", ".join(_VALIDITIES)})
    choices = row.get("choices", {})
    if not isinstance(choices, Mapping):
        yield Objection("line_unreadable")
        return
    if wrong := [ref for ref, points in choices.items() if not _whole(points)]:
        yield Objection("line_points", {"items": ", ".join(sorted(wrong))})


def _whole(points: object) -> bool:
    return type(points) is int or (isinstance(points, str) and bool(_WHOLE.fullmatch(points)))


def import_booth(  # noqa: PLR0913 - all that tells one file from another
    handle: ProcedureHandle,
    text: str,
    *,
    booth: str,
    actor: Actor,
    source: str = "",
    leave_out: bool = False,
) -> BoothReport:
    """Take in a booth's file; the same file twice changes nothing.

    Args:
        handle: the procedure.
        text: the file.
        booth: name of the booth.
        actor: who imports it.
        source: name of the file, for messages.
        leave_out: whether lines at fault are left out and all others taken in.

    Raises:
        InputError: the file as a whole cannot be read.
        Refused: nobody may import anything now, or not this person; or lines are at fault, each
            told with its number under ``line``. Nothing was taken in.
    """
    lines = read_booth(text, source=source)
    unreadable = [one for one in lines if isinstance(one, Dropped)]
    ballots = [one for one in lines if isinstance(one, BoothBallot)]
    judged = handle.why(ImportBooth(booth=booth, ballots=ballots), actor=actor)
    if general := [one for one in judged if "line" not in one.params]:
        raise Refused("ImportBooth", general)
    dropped = sorted([*unreadable, *_by_line(judged)], key=lambda one: one.line)
    if dropped and not leave_out:
        raise Refused("ImportBooth", tuple(_with_lines(dropped)))
    out = {one.line for one in dropped}
    good = [one for one in ballots if one.line not in out]
    command = ImportBooth(booth=booth, ballots=good, dropped=len(dropped))
    receipt = handle.execute(command, actor=actor)
    told = _told(handle, receipt.first)
    return BoothReport(
        taken=told.ballots if told else 0,
        repeated=told.repeated if told else len(good),
        doubles=told.doubles if told else 0,
        dropped=dropped,
    )


def _with_lines(dropped: Iterable[Dropped]) -> Iterator[Objection]:
    for one in dropped:
        for problem in one.problems:
            yield evolve(problem, params={**problem.params, "line": one.line})


def _by_line(judged: Iterable[Objection]) -> Iterator[Dropped]:
    found: dict[int, list[Objection]] = {}
    for one in judged:
        params = {name: value for name, value in one.params.items() if name != "line"}
        line = one.params["line"]
        assert isinstance(line, int)  # noqa: S101 - narrowing, we wrote it
        found.setdefault(line, []).append(evolve(one, params=params))
    yield from (Dropped(line, problems) for line, problems in found.items())


def _told(handle: ProcedureHandle, seq: int) -> BoothImported | None:
    events = (one.event for one in handle.journal() if one.seq == seq)
    return next((event for event in events if isinstance(event, BoothImported)), None)
