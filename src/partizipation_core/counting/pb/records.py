"""Records of a semicolon-separated text, each with its place.

Quoting is that of CSV (``"`` doubled inside, line breaks allowed inside). A cell that starts with
a quote but goes on after the closing one is taken as it stands, since people write names so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from partizipation_core.errors import InputError

__all__ = ["TITLES", "Lines", "Record", "Table", "second", "tables"]

TITLES = ("META", "PROJECTS", "VOTES")
_INITIALS = frozenset("".join(title[0] + title[0].lower() for title in TITLES))
_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=;|\Z)')


@dataclass(slots=True)
class Record:
    """One record and where it stands.

    Args:
        line: its first line, from 1.
        raw: its text, without the line end.
        cells: its cells, unquoted.
    """

    line: int
    raw: str
    cells: list[str]

    @property
    def title(self) -> str:
        """The section that begins here, empty if none does."""
        if self.raw[:1] not in _INITIALS:
            return ""
        title = self.raw.rstrip("; \t")
        if title == self.raw.rstrip():  # a key or an id in small letters has a cell beside it
            title = title.upper()
        return title if title in TITLES else ""

    def place(self, cell: int, offset: int = 0) -> tuple[int, int]:
        """Return line and column of a cell, both from 1.

        Args:
            cell: number of the cell, from 0.
            offset: characters into the cell.
        """
        starts = [at for at, _ in _scan(self.raw)]
        start = starts[cell] if cell < len(starts) else len(self.raw)
        return _place(self.raw, self.line, start + offset)


@dataclass(slots=True)
class Table:
    """One section: its title line, its header and its rows.

    Args:
        title: ``META``, ``PROJECTS`` or ``VOTES``.
        line: line of the title.
        records: header and rows; of VOTES only the header.
        rest: where the rows of VOTES begin.
    """

    title: str
    line: int
    records: list[Record] = field(default_factory=list)
    rest: Lines | None = None


class _OpenQuoteError(Exception):
    """A quoted cell goes on in the next line; ``args[0]`` is the offset of its start."""


def _scan(raw: str) -> Iterator[tuple[int, str]]:
    """Yield offset and content of each cell."""
    at = 0
    while True:
        if found := _QUOTED.match(raw, at):
            yield at, found[1].replace('""', '"')
            end = found.end()
        elif raw.startswith('"', at) and raw.count('"', at) % 2:
            raise _OpenQuoteError(at)
        else:
            end = raw.find(";", at)
            end = len(raw) if end < 0 else end
            yield at, raw[at:end]
        if end >= len(raw):
            return
        at = end + 1


class Lines:
    """Goes through a text record by record; empty lines are passed over.

    Args:
        text: the text; lines end in LF, CRLF or, where there is no LF at all, CR.
        source: name of the file, for messages.
    """

    def __init__(self, text: str, source: str) -> None:
        self.source = source
        self.all = (text if "\n" in text else text.replace("\r", "\n")).split("\n")
        self.at = 0

    def __iter__(self) -> Iterator[Record]:
        """Yield the records from here on.

        Raises:
            InputError: a quote is never closed.
        """
        while self.at < len(self.all):
            record = self.record(self.at)
            if '"' in record.raw or record.raw.strip("; \t"):
                yield record

    def record(self, number: int) -> Record:
        """Return the record that starts at a line, and go on behind it.

        Args:
            number: the line, from 0.
        """
        raw = self.all[number].removesuffix("\r")
        if '"' in raw:
            record, self.at = _quoted(self.all, number, self.source)
            return record
        self.at = number + 1
        return Record(number + 1, raw, raw.split(";"))


def _quoted(lines: list[str], first: int, source: str) -> tuple[Record, int]:
    """Return the record that starts at a line, and the number of the line after it."""
    raw, end = lines[first], first + 1
    while True:
        whole = raw.removesuffix("\r")
        try:
            return Record(first + 1, whole, [cell for _, cell in _scan(whole)]), end
        except _OpenQuoteError as error:
            more = next((n + 1 for n in range(end, len(lines)) if '"' in lines[n]), 0)
            if not more:
                line, column = _place(raw, first + 1, error.args[0])
                message = "a quoted cell starts here and is never closed"
                raise InputError(message, source=source, line=line, column=column) from None
            raw, end = "\n".join([raw, *lines[end:more]]), more


def _place(raw: str, line: int, offset: int) -> tuple[int, int]:
    before = raw[:offset]
    return line + before.count("\n"), len(before) - before.rfind("\n")


def tables(text: str, source: str) -> dict[str, Table]:
    """Return the three sections of a file.

    Args:
        text: the text of the file.
        source: name of the file, for messages.

    Raises:
        InputError: a section is missing, doubled or in the wrong place.
    """
    found: dict[str, Table] = {}
    last, lines = 1, Lines(text, source)
    for record in lines:
        last, title = record.line, record.title
        if title:
            _expect(title, found, source, record.line)
            current = found[title] = Table(title, record.line, rest=lines)
        elif not found:
            message = "the file must start with the line META"
            raise InputError(message, source=source, line=record.line, column=1)
        else:
            current.records.append(record)
            if current.title == TITLES[-1]:
                break
    if len(found) < len(TITLES):
        message = f"section {TITLES[len(found)]} is missing"
        raise InputError(message, source=source, line=last, column=1)
    return found


def second(title: str, first: int, source: str, line: int) -> InputError:
    """Return the error that a section stands where it must not.

    Args:
        title: its title.
        first: line where the section VOTES begins.
        source: name of the file.
        line: where it stands.
    """
    message = f"section {title} occurs twice, first in line {first}"
    if title != TITLES[-1]:
        message = f"section {title} stands after VOTES, which begins in line {first}"
    return InputError(message, source=source, line=line, column=1)


def _expect(title: str, found: dict[str, Table], source: str, line: int) -> None:
    if title in found:
        message = f"section {title} occurs twice, first in line {found[title].line}"
    elif title != TITLES[len(found)]:
        message = f"section {TITLES[len(found)]} is missing before {title}"
    else:
        return
    raise InputError(message, source=source, line=line, column=1)
