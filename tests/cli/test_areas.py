"""The commands ``areas check`` and ``areas find``, as an office calls them."""

import json
from importlib.resources import files

import pytest

from partizipation_core.cli.main import _run

SHIPPED = files("partizipation_kiezkasse") / "data" / "regions-2020.geojson"


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = _run([str(one) for one in arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.fixture
def damaged(tmp_path):
    """Write the shipped map without one region: ``damaged("090208")``."""

    def write(key):
        data = json.loads(SHIPPED.read_text(encoding="utf-8"))
        data["features"] = [one for one in data["features"] if one["properties"]["id"] != key]
        file = tmp_path / "karte.geojson"
        file.write_text(json.dumps(data), encoding="utf-8")
        return file

    return write


def test_the_shipped_map_is_whole(run):
    assert run("areas", "check", SHIPPED) == (0, "20 Gebiete, keine Fehler\n", "")


def test_a_missing_region_is_a_gap_between_its_neighbours(run, damaged):
    code, told, _ = run("areas", "check", damaged("090208"), "--json")
    (fault,) = json.loads(told)["faults"]
    assert (code, fault["kind"]) == (1, "gap")
    assert {"090415", "090207"} <= set(fault["areas"])


def test_a_gap_is_told_in_words(run, damaged):
    assert "Lücke bei 13." in run("areas", "check", damaged("090208"))[1]


@pytest.mark.parametrize(
    ("place", "code", "told"),
    [
        (("13.5766", "52.4457"), 0, "090415 Altstadt Kietz\n"),
        (("13.3777", "52.5163"), 4, ""),
        (("52.4457", "113.5766"), 1, ""),
        (("Rathaus", "52.4457"), 1, ""),
    ],
    ids=["inside", "outside of all", "swapped", "no number"],
)
def test_a_place_has_its_area(run, place, code, told):
    assert run("areas", "find", SHIPPED, *place)[:2] == (code, told)
