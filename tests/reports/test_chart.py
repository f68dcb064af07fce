"""Charts are drawn to scale, for any number of bars and whatever they are called."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core.reports.chart import LONGEST, Bar, Part, bars, shorten, stacked, swatch

SVG = "{http://www.w3.org/2000/svg}"
NAMES = {"ident": "c", "title": "Titel", "description": "Was zu sehen ist"}


def draw(*rows):
    return ET.fromstring(bars(rows, **NAMES))  # noqa: S314 - our own text


def widths(drawing):
    return [rect.get("width") for rect in drawing.iter(f"{SVG}rect")]


def texts(drawing, name):
    return [t.text for t in drawing.iter(f"{SVG}text") if name in t.get("class", "").split()]


def test_bars_are_drawn_to_scale():
    drawing = draw(*(Bar(label="x", value=value) for value in (400, 200, 1, 0, -7)))
    assert widths(drawing) == ["64.00%", "32.00%", "0.16%", "0%", "0%"]


def test_marked_bars_differ_by_more_than_colour():
    drawing = draw(Bar(label="Ja", value=2, marked=True), Bar(label="Nein", value=1))
    full, hatched = drawing.iter(f"{SVG}rect")
    assert texts(drawing, "name") == ["✓ Ja", "Nein"]
    assert hatched.get("fill") == "url(#c-hatch)" != full.get("fill")


def test_a_chart_has_a_name_and_a_description():
    drawing = draw()
    assert drawing.get("role") == "img"
    assert drawing.get("aria-labelledby") == "c-title c-desc"
    assert drawing.find(f"{SVG}title").text == "Titel"
    assert drawing.find(f"{SVG}desc").text == "Was zu sehen ist"


@pytest.mark.parametrize("number", [0, 1, LONGEST, LONGEST + 1, 2_000])
def test_a_chart_stays_readable_however_long_the_list(number):
    drawing = draw(*(Bar(label=f"p{n}", value=n) for n in range(number)))
    assert len(widths(drawing)) == min(number, LONGEST)
    assert int(drawing.get("height")) == 76 * max(1, min(number, LONGEST))


def test_long_names_come_in_two_lengths():
    long = "Sitzbänke mit Rückenlehne entlang des Weges"
    drawing = draw(Bar(label=long, value=1))
    assert texts(drawing, "wide") == [long]
    assert texts(drawing, "narrow") == ["Sitzbänke mit Rückenlehne…"]
    assert next(t for t in drawing.iter(f"{SVG}g")).find(f"{SVG}title").text == long


@given(st.text(), st.text())
def test_no_name_breaks_the_drawing(label, note):
    drawing = draw(Bar(label=label, value=1, told=note, note=note))
    assert len(widths(drawing)) == 1


def test_parts_share_the_whole_without_a_gap():
    parts = [Part(label="a", value=1), Part(label="b", value=0), Part(label="c", value=3)]
    drawing = ET.fromstring(stacked(parts, **NAMES))  # noqa: S314 - our own text
    rects = list(drawing.iter(f"{SVG}rect"))
    assert [(r.get("x"), r.get("width")) for r in rects] == [
        ("0%", "25.00%"),
        ("25.00%", "75.00%"),
    ]


@pytest.mark.parametrize("values", [(), (0, 0), (-5,), (-5, 10)])
def test_a_whole_of_nothing_is_drawn_empty_and_never_backwards(values):
    parts = [Part(label="x", value=value) for value in values]
    drawing = ET.fromstring(stacked(parts, **NAMES))  # noqa: S314 - our own text
    assert widths(drawing) == ["100.00%"] * len([value for value in values if value > 0])


def test_the_key_of_a_legend_is_silent_and_looks_like_the_chart():
    key = ET.fromstring(swatch("hatched", ident="k"))  # noqa: S314 - our own text
    assert key.get("aria-hidden") == "true"
    assert key.find("rect").get("fill") == "url(#k-hatch)"


SHORT = {
    "fits": ("abc", 3, "abc"),
    "too long": ("abcd", 3, "ab…"),
    "wide letters": ("漢字漢", 4, "漢…"),
    "accents take no room": ("e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301"),
    "nothing": ("", 3, ""),
    "no room": ("abc", 0, "…"),
    "no space before the sign": ("ab cd", 4, "ab…"),
}


@pytest.mark.parametrize(("text", "columns", "expected"), SHORT.values(), ids=SHORT)
def test_texts_are_cut_where_the_room_ends(text, columns, expected):
    assert shorten(text, columns) == expected
