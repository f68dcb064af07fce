"""Tables are exact for machines and harmless for people."""

import csv
import io
import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core.reports import ENTRY_COLUMNS, entry_rows, to_csv, to_json
from partizipation_core.reports.tables import PEOPLE_NOTE, guard


def read(text, delimiter=","):
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def people(rows, columns):
    """Read a table for people as a spreadsheet does, without the mark of the encoding."""
    text = to_csv(rows, columns, "people")
    assert text.startswith("\ufeff")
    return read(text[1:], ";")


RISKY = {
    "formula": "=1+1",
    "command": "=cmd|' /C calc'!A0",
    "plus": "+49 30 1234",
    "minus": "-3 Grad",
    "at": "@SUM(A1)",
    "tab": "\t=1",
    "carriage return": "\r=1",
    "line feed": "\n=1",
    "full-width equals": "＝1+1",  # noqa: RUF001 - the very sign that is meant
    "full-width at": "＠SUM(A1)",  # noqa: RUF001 - the very sign that is meant
    "behind spaces": "  =1+1",
    "behind a hard space": "\u00a0=1+1",
    "behind an unseen sign": "\u200b=1+1",
    "behind a turned direction": "\u202e=1+1",
    "apostrophe": "'s war einmal",
}
HARMLESS = ["Brunnen", "1 + 1 = 2", "", "„=1“", "a@b", "3/7", "–5", "Ümläut", "🜂 Feuer"]


@pytest.mark.parametrize("text", RISKY.values(), ids=RISKY)
def test_people_get_a_text_that_is_no_formula(text):
    (_, _, (cell,)) = people([{"a": text}], ["a"])
    assert cell == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_texts_are_left_alone(text):
    assert guard(text) == text


NUMBERS = {
    "below zero": (-5, "-5", "-5"),
    "large": (2**60, str(2**60), str(2**60)),
    "decimal": (Decimal("-12.50"), "-12.50", "-12,50"),
    "decimal with exponent": (Decimal("1E+3"), "1000", "1000"),
    "truth": (True, "true", "true"),
    "nothing": (None, "", ""),
}


@pytest.mark.parametrize(("cell", "exact", "told"), NUMBERS.values(), ids=NUMBERS)
def test_numbers_are_never_guarded(cell, exact, told):
    assert read(to_csv([{"a": cell, "b": 1}], ["a", "b"]))[1] == [exact, "1"]
    assert people([{"a": cell, "b": 1}], ["a", "b"])[2] == [told, "1"]


@pytest.mark.parametrize("cell", [1.5, float("nan"), Decimal("NaN"), Fraction(1, 3), b"x", [1]])
@pytest.mark.parametrize("write", [to_csv, to_json])
def test_what_is_not_exact_is_refused(write, cell):
    with pytest.raises(TypeError, match="exact numbers"):
        write([{"a": cell}], ["a"])


TEXTS = st.text(st.characters(codec="utf-8"))
ROWS = st.lists(st.fixed_dictionaries({"a": TEXTS, "b": TEXTS}))


@given(ROWS)
def test_machines_get_back_what_was_written(rows):
    assert read(to_csv(rows, ["a", "b"]))[1:] == [[row["a"], row["b"]] for row in rows]
    assert json.loads(to_json(rows, ["a", "b"])) == rows


@given(ROWS)
def test_people_get_back_what_was_written_less_one_apostrophe(rows):
    told = people(rows, ["a", "b"])[2:]
    plain = [[cell.removeprefix("'") for cell in row] for row in told]
    assert plain == [[row["a"], row["b"]] for row in rows]


@given(TEXTS)
def test_no_delimiter_guess_lets_a_formula_loose(text):
    line = to_csv([{"a": f"x;{text},=1"}], ["a"], "people").removeprefix("\ufeff")
    for delimiter in ";,\t":
        assert read(line, delimiter)[-1] == [guard(f"x;{text},=1")]


def test_a_table_for_people_says_what_it_is():
    told = people([], {"a": "Betrag"})
    assert told == [[PEOPLE_NOTE], ["Betrag"]]
    assert read(to_csv([], {"a": "Betrag"})) == [["Betrag"]]


def test_only_the_named_columns_are_written_and_missing_cells_are_empty():
    rows = [{"a": 1, "secret": "x"}, {}]
    assert read(to_csv(rows, ["a", "b"])) == [["a", "b"], ["1", ""], ["", ""]]
    assert json.loads(to_json(rows, {"a": "A"})) == [{"A": 1}, {"A": None}]


def test_what_is_published_of_a_proposal_is_a_short_list(report):
    first = entry_rows(report)[0]
    assert tuple(first) == ENTRY_COLUMNS
    assert ENTRY_COLUMNS == (
        "item",
        "title",
        "category",
        "cost",
        "score",
        "award",
        "state",
        "reason",
        "percent",
        "spent",
        "note",
    )
    assert (first["item"], first["cost"], first["award"]) == ("p-1", 1_250_000, 1_250_000)
