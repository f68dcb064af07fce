"""What every command writes: data on stdout, talk on stderr, an exit code that means something.

Colour follows ``NO_COLOR`` and is left out where nobody looks at a terminal.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import IntEnum
from typing import TypeVar

import click

from partizipation_core.rows import csv_text

__all__ = [
    "ExitCode",
    "elapsing",
    "emit",
    "emit_csv",
    "emit_json",
    "progress",
    "table",
    "talk",
]

_T = TypeVar("_T")
_PATIENCE = 1.0
_NARROWEST = 24


class ExitCode(IntEnum):
    """How a command ended."""

    OK = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    NOT_FOUND = 4
    CONFLICT = 5
    PLUGIN_FAILED = 7
    INTERRUPTED = 130


def emit(text: str) -> None:
    """Write text for people to stdout.

    Args:
        text: what was asked for.
    """
    click.echo(text, color=_colour())


def emit_json(data: object) -> None:
    """Write data as JSON to stdout.

    Args:
        data: dicts, lists, texts, whole numbers and booleans.
    """
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def emit_csv(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> None:
    """Write rows as CSV to stdout, exactly as they are: for machines, not for spreadsheets.

    Args:
        rows: one mapping a row.
        columns: names of the columns, in their order.
    """
    cells = [[row.get(name, "") for name in columns] for row in rows]
    click.echo(csv_text([columns, *cells]), nl=False)


def talk(text: str) -> None:
    """Write a message to stderr.

    Args:
        text: what the person at the terminal should know.
    """
    click.echo(text, err=True, color=_colour())


def table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Iterable[int] = ()
) -> str:
    """Return an aligned table; the last column is wrapped to the width of the terminal.

    Args:
        headings: one for each column.
        rows: the cells, as text.
        right: numbers of the columns that are aligned to the right, from 0.
    """
    lines = [headings, ["-" * len(heading) for heading in headings], *rows]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)][:-1]
    indent = sum(width + 2 for width in widths)
    room = max(shutil.get_terminal_size((120, 24)).columns - indent, _NARROWEST)
    aligned = set(right)
    return "\n".join(line for row in lines for line in _wrapped(row, widths, aligned, room))


def _wrapped(
    row: Sequence[str], widths: Sequence[int], right: set[int], room: int
) -> Iterator[str]:
    cells = [
        cell.rjust(width) if number in right else cell.ljust(width)
        for number, (cell, width) in enumerate(zip(row[:-1], widths, strict=True))
    ]
    lead = "".join(f"{cell}  " for cell in cells)
    for number, part in enumerate(textwrap.wrap(row[-1], room) or [""]):
        yield ((lead if number == 0 else " " * len(lead)) + part).rstrip()


def progress(items: Sequence[_T], label: str) -> Iterator[_T]:
    """Yield items, with a bar on stderr once it takes longer than a second and somebody looks.

    Args:
        items: what is worked on.
        label: says what happens.
    """
    start, bar = time.monotonic(), None
    for done, item in enumerate(items):
        if bar is not None:
            bar.update(1)
        elif sys.stderr.isatty() and time.monotonic() - start > _PATIENCE:
            bar = click.progressbar(length=len(items), label=label, file=sys.stderr)
            bar.update(done)
        yield item
    if bar is not None:
        bar.update(1)
        bar.render_finish()


def elapsing(days: Iterable[date], last: date, label: str) -> Iterator[date]:
    """Yield days in their order, with a bar on stderr that fills up towards the last one.

    Nothing is shown within the first second, or where nobody looks at a terminal.

    Args:
        days: not before one another; how many of them there are need not be known.
        last: the day on which it is over.
        label: says what happens.
    """
    start, first, bar, done = time.monotonic(), None, None, 0
    for day in days:
        first = first or day
        if bar is None and sys.stderr.isatty() and time.monotonic() - start > _PATIENCE:
            length = max((last - first).days, 1)
            bar = click.progressbar(length=length, label=label, file=sys.stderr)
        if bar is not None:
            bar.update((day - first).days - done)
            done = (day - first).days
        yield day
    if bar is not None:
        bar.render_finish()


def _colour() -> bool | None:
    return False if os.environ.get("NO_COLOR") else None
