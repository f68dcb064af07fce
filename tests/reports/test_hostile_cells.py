"""Whatever stands in a cell: machines read back the very same, people never get a formula."""

import csv
import io
import json
import random

import pytest

from partizipation_core.reports.tables import to_csv, to_json

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", '"', "＝", "＠", " ", "\u00a0", "\u200b")  # noqa: RUF001
MIDDLES = (
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("x")',
    ";",
    ",",
    "\n",
    "\0x",
    "ä",
    "\u202e",
    "1e5",
)
FORMULAS, UNSEEN = ("=", "+", "-", "@", "\uff1d", "\uff20"), " \u00a0\u200b"
AT_ONCE = 1000


def cells(amount):
    """Make up cells that spreadsheets take for more than text."""
    chance = random.Random(amount)  # noqa: S311 - a drill
    for _ in range(amount):
        head = "".join(chance.choices(STARTS, k=chance.randrange(3)))
        body = "".join(chance.choices(MIDDLES, k=chance.randrange(3)))
        yield head + body + chr(chance.randrange(32, 0xD800))


def tables(amount):
    every, rows = iter(cells(amount)), []
    for cell in every:
        rows.append({"a": cell, "b": "Brunnen"})
        if len(rows) == AT_ONCE:
            yield rows
            rows = []
    if rows:
        yield rows


def read(text, delimiter=","):
    return [row[0] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]


@pytest.mark.sized("hostile_cells")
def test_hostile_cells_come_back_as_they_were_and_are_no_formulas(size, tell):
    seen = 0
    for rows in tables(size):
        wanted = [row["a"] for row in rows]
        assert read(to_csv(rows, ["a", "b"]))[1:] == wanted
        assert [row["a"] for row in json.loads(to_json(rows, ["a", "b"]))] == wanted
        shown = read(to_csv(rows, ["a", "b"], "people")[1:], ";")[2:]
        assert [one for one in shown if one.lstrip(UNSEEN).startswith(FORMULAS)] == []
        assert [one.removeprefix("'") if one != cell else one
                for one, cell in zip(shown, wanted, strict=True)] == wanted  # fmt: skip
        seen += len(rows)
    assert seen == size
    tell(cells=size, changed=0, formulas=0)
