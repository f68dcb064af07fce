"""Figures: one rounding with a name, one base with a name, and absences that are no numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core.kernel.results.figures import (
    Absence,
    largest_remainder,
    plain,
    shares,
)

ROUNDED = {
    "a third": (1, 3, 333),
    "half up": (1, 2000, 1),
    "just below": (1, 2001, 0),
    "all": (7, 7, 1000),
    "none": (0, 7, 0),
}


@pytest.mark.parametrize(("part", "whole", "tenths"), ROUNDED.values(), ids=ROUNDED)
def test_shares_are_tenths_of_a_percent_rounded_half_up(part, whole, tenths):
    assert shares({"a": part}, "valid", whole).tenths == {"a": tenths}


def test_shares_name_their_base_and_their_rounding():
    found = shares({"a": 1}, "cast", 4)
    assert (found.base, found.whole, found.rounding) == ("cast", 4, "half_up")


ABSENT = {
    "no part": (Absence.SUPPRESSED, 9, Absence.SUPPRESSED),
    "no whole": (4, Absence.NOT_RECORDED, Absence.NOT_RECORDED),
    "nobody voted": (0, 0, Absence.NOT_APPLICABLE),
}


@pytest.mark.parametrize(("part", "whole", "told"), ABSENT.values(), ids=ABSENT)
def test_where_a_number_is_absent_there_is_no_percentage(part, whole, told):
    assert shares({"a": part}, "valid", whole).tenths == {"a": told}


@pytest.mark.parametrize("absence", Absence)
def test_an_absence_can_be_taken_for_no_number(absence):
    with pytest.raises(TypeError):
        absence + 1
    with pytest.raises(TypeError):
        sum([1, absence])
    assert plain(absence) == {"absent": str(absence)}
    assert plain(3) == 3


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=12), st.integers(1, 1000))
def test_parts_of_a_whole_add_up_and_each_is_next_to_its_exact_value(parts, total):
    rounded = largest_remainder(parts, total)
    whole = sum(parts)
    assert sum(rounded) == (total if whole else 0)
    assert all(
        abs(one * whole - part * total) < whole
        for one, part in zip(rounded, parts, strict=True)
        if whole
    )


def test_of_equal_remainders_the_earlier_part_gets_what_is_left():
    assert largest_remainder([1, 1, 1], 100) == [34, 33, 33]


def test_a_negative_part_is_no_part():
    with pytest.raises(ValueError, match="not negative"):
        largest_remainder([3, -1], 100)
