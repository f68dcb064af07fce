"""Areas: where a place lies, what became of an area, and whether the map is whole."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core import DefinitionError, NotFound
from partizipation_core.areas import (
    Area,
    AreaCatalogue,
    Outline,
    Point,
    Succession,
    map_faults,
)
from partizipation_core.errors import InputError
from partizipation_core.exchange.geojson import read_areas, write_areas


def ring(*corners):
    points = [Point(*corner) for corner in corners]
    return (*points, points[0])


def box(left, low, right, high):
    return ring((left, low), (right, low), (right, high), (left, high))


def area(key, *rings, **more):
    return Area(key=key, name=key.title(), outline=Outline(rings), **more)


WEST, EAST = area("west", box(0, 0, 10, 10)), area("east", box(10, 0, 20, 10))


# --- where a place lies


@given(st.integers(-2, 22), st.integers(-2, 12))
def test_a_place_lies_in_one_area_of_a_map_or_in_none(lon, lat):
    place = Point(lon, lat)
    within = [one.key for one in (WEST, EAST) if place in one.outline]
    assert len(within) == (1 if 0 <= lon < 20 and 0 <= lat < 10 else 0)


def test_a_hole_is_not_part_of_the_area():
    lake = area("shore", box(0, 0, 10, 10), box(4, 4, 6, 6))
    assert [Point(*at) in lake.outline for at in ((1, 1), (5, 5), (7, 5))] == [True, False, True]


TRIANGLES = st.lists(st.integers(0, 60), min_size=8, max_size=8, unique=True)


@given(st.integers(1, 59), st.integers(1, 59), st.integers(0, 60), st.integers(0, 60))
def test_shared_slanting_borders_leave_nobody_out_and_nobody_twice(x, y, lon, lat):
    """Four triangles round any middle make up the square exactly, borders and corners included."""
    corners, middle = [(0, 0), (60, 0), (60, 60), (0, 60)], (x, y)
    parts = [area("p", ring(corners[i], corners[(i + 1) % 4], middle)) for i in range(4)]
    covering = sum(Point(lon, lat) in part.outline for part in parts)
    assert covering == (1 if lon < 60 and lat < 60 else 0)


WRONG_PLACES = {"a word": ("x", "1"), "off the globe": (181, 0), "swapped": (52.5, 113.4)}


@pytest.mark.parametrize("degrees", WRONG_PLACES.values(), ids=WRONG_PLACES)
def test_what_is_no_place_is_refused(degrees):
    with pytest.raises(ValueError, match=r"place|globe"):
        Point.degrees(*degrees)


def test_a_ring_is_closed():
    with pytest.raises(ValueError, match="three corners"):
        Outline([(Point(0, 0), Point(1, 0), Point(1, 1))])


# --- areas through time


def test_an_old_area_lives_on_in_those_that_took_its_place():
    day, later = date(2021, 1, 1), date(2024, 1, 1)
    gone = {"until": date(2020, 12, 31)}
    catalogue = AreaCatalogue(
        [area("a", box(0, 0, 9, 9), **gone), area("b", box(0, 0, 1, 1), since=day), EAST, WEST],
        [
            Succession(old="a", new="b", on=day, share="3/4"),
            Succession(old="a", new="east", on=day, share="1/4"),
            Succession(old="b", new="west", on=later),
        ],
    )
    assert catalogue.today("a", date(2020, 6, 1)) == {"a": 1}
    assert catalogue.today("a", date(2021, 1, 1)) == {"b": Fraction(3, 4), "east": Fraction(1, 4)}
    assert catalogue.today("a", later) == {"west": Fraction(3, 4), "east": Fraction(1, 4)}
    assert catalogue.on(date(2020, 12, 31)).keys == ("a", "east", "west")
    assert catalogue.on(day).keys == ("b", "east", "west")


def test_a_key_may_be_given_again_but_not_on_the_same_day():
    old = evolve(WEST, until=date(2020, 12, 31))
    AreaCatalogue([old, evolve(WEST, since=date(2021, 1, 1))])
    with pytest.raises(DefinitionError, match="this key on one day"):
        AreaCatalogue([old, evolve(WEST, since=date(2020, 12, 31))])


FAULTY = {
    "lost": (["west"], [("west", "south", 1)], "there is no area south"),
    "half": (["west", "east"], [("west", "east", "1/2")], "not of 1"),
    "backwards": (["west"], [("west", "west", -1), ("west", "west", 2)], "not of 1|shares"),
}


@pytest.mark.parametrize(("keys", "steps", "told"), FAULTY.values(), ids=FAULTY)
def test_contradictions_of_a_catalogue_are_told(keys, steps, told):
    day = date(2021, 1, 1)
    with pytest.raises(DefinitionError, match=told):
        AreaCatalogue(
            [one for one in (WEST, EAST) if one.key in keys],
            [Succession(old=old, new=new, on=day, share=share) for old, new, share in steps],
        )


def test_an_unknown_area_is_told():
    with pytest.raises(NotFound, match="north"):
        AreaCatalogue([WEST])["north"]


# --- the whole map

MAPS = {
    "sound": ([WEST, EAST], []),
    "drawn the other way round": ([area("w", box(0, 0, 10, 10)[::-1]), EAST], []),
    "an island": ([WEST, area("island", box(30, 0, 40, 10))], []),
    "a lake in an area": ([area("shore", box(0, 0, 9, 9), box(3, 3, 6, 6))], ["gap"]),
    "the lake is an area": (
        [area("shore", box(0, 0, 9, 9), box(3, 3, 6, 6)), area("lake", box(3, 3, 6, 6))],
        [],
    ),
    "a gap between three": (
        [
            area("a", ring((0, 0), (20, 0), (10, 5), (0, 0))[:-1]),
            area("b", ring((0, 0), (10, 8), (0, 20))),
            area("c", ring((20, 0), (20, 20), (0, 20), (10, 8), (10, 5))),
            area("d", ring((0, 0), (10, 5), (10, 8))),
        ],
        [],
    ),
    "a gap where one is missing": (
        [
            area("a", ring((0, 0), (20, 0), (10, 5))),
            area("b", ring((0, 0), (10, 8), (0, 20))),
            area("c", ring((20, 0), (20, 20), (0, 20), (10, 8), (10, 5))),
        ],
        ["gap"],
    ),
    "a corner that the neighbour has not": (
        [WEST, area("e", ring((10, 0), (20, 0), (20, 10), (10, 10), (10, 4)))],
        ["border"],
    ),
    "a corner pushed into the neighbour": (
        [WEST, area("e", ring((10, 0), (20, 0), (20, 10), (10, 10), (8, 4)))],
        ["overlap"],
    ),
    "a corner pulled back from the neighbour": (
        [WEST, area("e", ring((10, 0), (20, 0), (20, 10), (10, 10), (12, 4)))],
        ["gap"],
    ),
    "crossing": ([WEST, area("cross", box(5, 5, 15, 15))], ["overlap"]),
    "one in the other": ([WEST, area("in", box(4, 4, 6, 6))], ["overlap"]),
    "twice the same": ([WEST, area("again", box(0, 0, 10, 10))], ["overlap"]),
}


@pytest.mark.parametrize(("areas", "kinds"), MAPS.values(), ids=MAPS)
def test_gaps_and_overlaps_are_found(areas, kinds):
    found = map_faults(areas)
    assert sorted({one.kind for one in found}) == kinds, [str(one) for one in found]


# --- files


def test_what_is_written_is_read_again():
    shore = area("shore", box(0, 0, 90, 90), box(30, 30, 60, 60), residents=10)
    island = area("i", box(200, 0, 300, 50), box(400, 0, 500, 50), since=date(2021, 1, 1))
    text = write_areas([shore, island, Area(key="x", name="Ohne Karte")], name="Probe")
    assert read_areas(text) == (shore, island, Area(key="x", name="Ohne Karte"))
    polygons = json.loads(text)["features"][0]["geometry"]["coordinates"]
    assert [len(polygon) for polygon in polygons] == [2]


SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
BROKEN = {
    "no json": ("{", "no JSON"),
    "no collection": ('{"type": "Feature"}', "a FeatureCollection"),
    "no list": ('{"type": "FeatureCollection", "features": 1}', "features: a list"),
    "no name": ({"id": "a"}, SQUARE, r"features\[0\]: property 'name' is missing"),
    "no key": ({"name": "a"}, SQUARE, r"features\[0\]: property 'key' is missing"),
    "key is a number": ({"id": 1, "name": "a"}, SQUARE, "id: a text"),
    "a point": ({"id": "a", "name": "a"}, {"type": "Point", "coordinates": [0, 0]}, "not Point"),
    "half a person": ({"id": "a", "name": "a", "residents": 1.5}, SQUARE, "residents"),
    "no day": ({"id": "a", "name": "a", "since": "gestern"}, SQUARE, "gestern"),
    "open": (
        {"id": "a", "name": "a"},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]},
        "ends where it begins",
    ),
    "off the globe": (
        {"id": "a", "name": "a"},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 100], [0, 0]]]},
        "globe",
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_with_its_place(broken):
    *parts, told = broken
    text = parts[0]
    if isinstance(text, dict):
        feature = {"type": "Feature", "properties": parts[0], "geometry": parts[1]}
        text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    with pytest.raises(InputError, match=told) as refused:
        read_areas(text, source="karte.geojson")
    assert str(refused.value).startswith("karte.geojson")


def test_the_shipped_map_is_the_official_one(root):
    official = root.parent / "shared/data/lor/treptow-koepenick-bezirksregionen-2020.geojson"
    if not Path(official).is_file():
        pytest.skip("the official outlines are not beside the project")
    from partizipation_kiezkasse.regions import regions

    ours = {one.key: one.outline for one in regions().areas}
    theirs = {one.key: one.outline for one in read_areas(official.read_text(encoding="utf-8"))}
    assert ours == theirs
