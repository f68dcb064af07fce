"""From the text of a ``.pb`` file to an election; what is damaged is refused with its place."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from partizipation_core.counting.ballots import BallotType
from partizipation_core.counting.cells import whole
from partizipation_core.counting.election import META_KEYS, Election
from partizipation_core.counting.pb.checks import Checks
from partizipation_core.counting.pb.columns import Columns
from partizipation_core.counting.pb.projects import amount, read_projects, read_totals, required
from partizipation_core.counting.pb.records import tables
from partizipation_core.counting.pb.sections import Section
from partizipation_core.counting.pb.votes import Ballots
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from partizipation_core.counting.pb.records import Record

__all__ = ["parse_pb", "parse_pb_bytes"]

_WHOLE = re.compile(r"-?[0-9]{1,18}")


def parse_pb_bytes(data: bytes, source: str = "") -> Election:
    """Read the bytes of a ``.pb`` file.

    Args:
        data: its content.
        source: name of the file, for messages.

    Raises:
        InputError: it is not UTF-8 or otherwise damaged.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode()) + 1
        raise InputError(message, source=source, line=line, column=column) from None
    return parse_pb(text, source)


def parse_pb(text: str, source: str = "") -> Election:
    """Read the text of a ``.pb`` file.

    Args:
        text: its content.
        source: name of the file, for messages.

    Raises:
        InputError: it is damaged; names file, line and column.
    """
    return _Reader(text.removeprefix("\ufeff"), source).election()


class _Reader:
    def __init__(self, text: str, source: str) -> None:
        found = tables(text, source)
        self._meta = Section.of(found["META"], source, "key", "value")
        keys = self._meta.unique(0, "key")
        self._facts = dict(zip(keys, self._meta.rows, strict=True))
        self._type = self._ballot_type()
        self._projects = Section.of(found["PROJECTS"], source, *required(self._type))
        votes = Section.of(found["VOTES"], source, *Ballots.required(self._type))
        self._votes = Columns(votes, found["VOTES"], ("voter_id", "vote", "points"))

    def election(self) -> Election:
        budget = amount(self._meta, self._fact("budget"), 1)
        projects, total, unit = read_projects(self._projects, budget, self._type)
        place = {project.id: number for number, project in enumerate(projects)}
        first = self._number("max_length", len(projects))
        self._number("default_score", 0)
        ballots, voters = Ballots(self._votes, self._type, place, first).read()
        counted = self._type is not BallotType.TOTALS
        election = Election(
            projects=projects,
            budget=total,
            ballot_type=self._type,
            ballots=ballots,
            voters=voters,
            totals=() if counted else read_totals(self._projects),
            unit=unit,
            meta={k: row.cells[1] for k, row in self._facts.items() if k not in META_KEYS},
        )
        checks = Checks(election, self._facts, self._projects.rows, self._votes.lines)
        return replace(election, findings=tuple(checks.findings()))

    def _fact(self, key: str) -> Record:
        if key not in self._facts:
            line = self._meta.rows[-1].line if self._meta.rows else 1
            message = f"section META lacks the key {key}"
            raise InputError(message, source=self._meta.source, line=line, column=1)
        return self._facts[key]

    def _ballot_type(self) -> BallotType:
        row = self._fact("vote_type")
        text = row.cells[1].strip()
        if text.lower() not in set(BallotType):
            self._meta.refuse(row, 1, f"vote type {text!r} is none of {', '.join(BallotType)}")
        return BallotType(text.lower())

    def _number(self, key: str, default: int) -> int:
        text = whole(self._facts[key].cells[1]) if key in self._facts else ""
        if not text:
            return default
        if not _WHOLE.fullmatch(text):
            self._meta.refuse(self._facts[key], 1, f"{key} {text!r} is not a whole number")
        return int(text)
