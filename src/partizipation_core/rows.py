"""Rows as CSV for machines: commas, one line feed after each row, every text as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

__all__ = ["csv_text"]


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Write rows as CSV.

    Args:
        rows: cells, the headings first.
    """
    # The writer quotes what ends a row for it; a carriage return ends one for every reader, so it
    # has to be among that, or a text with one would be read as two rows.
    out, lines = io.StringIO(newline=""), []
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow(row)
        lines.append(out.getvalue().removesuffix("\r\n"))
        out.seek(0)
        out.truncate()
    return "".join(f"{line}\n" for line in lines)
