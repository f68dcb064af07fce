"""How sure it was who voted, without telling it of anybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core.identity import Strength
from partizipation_core.kernel.electorate.strengths import strength_report

TABLE = {
    "nobody": ({}, {}),
    "all cells large": ({"email": 7, "eid": 9}, {"email": 7, "eid": 9}),
    "one small cell takes the next with it": (
        {"none": 3, "email": 7, "eid": 9},
        {"none": None, "email": None, "eid": 9},
    ),
    "two small cells that add up to enough": (
        {"none": 3, "email": 4, "eid": 9},
        {"none": None, "email": None, "eid": 9},
    ),
    "two small cells that add up to few": (
        {"none": 1, "email": 2, "eid": 9},
        {"none": None, "email": None, "eid": None},
    ),
    "one cell of five": ({"eid": 5}, {"eid": 5}),
    "fewer people than a cell": ({"eid": 3, "sms": 1}, {}),
}


@pytest.mark.parametrize(("counts", "cells"), TABLE.values(), ids=TABLE)
def test_small_cells_are_not_told(counts, cells):
    report = strength_report(counts)
    assert {str(one): number for one, number in report.cells.items()} == cells
    assert report.people == sum(counts.values())


@given(counts=st.dictionaries(st.sampled_from(list(Strength)), st.integers(0, 30)))
def test_what_is_left_out_cannot_be_worked_out(counts):
    report = strength_report(counts)
    hidden = [one for one, number in report.cells.items() if number is None]
    told = sum(number for number in report.cells.values() if number is not None)
    assert all(number is None or number >= 5 for number in report.cells.values())
    if hidden:
        assert report.people - told >= 5
        assert len(hidden) >= 2


def test_strengths_are_ordered():
    ordered = [Strength.NONE, Strength.DECLARED, Strength.EMAIL, Strength.SMS, Strength.POST]
    assert [one.rank for one in ordered] == [0, 1, 2, 3, 4]
    assert Strength.IN_PERSON.reaches(Strength.EID)
    assert not Strength.SMS.reaches(Strength.EID)
