"""Periods: from a day on for so many months, until offices are open."""

from datetime import date

import pytest

from partizipation_core.formats.periods import cut_off_day, last_day, working_day

MONTHS = {
    "same number": ("2027-02-10", 2, "2027-04-12"),  # 10 April 2027 is a Saturday
    "an ordinary day": ("2027-01-04", 2, "2027-03-04"),
    "a shorter month": ("2026-12-31", 2, "2027-03-01"),  # 28 February 2027 is a Sunday
    "leap day": ("2027-12-31", 2, "2028-02-29"),
    "over the turn of the year": ("2026-11-16", 2, "2027-01-18"),  # 16 January: a Saturday
    "a public holiday": ("2027-03-03", 2, "2027-05-03"),
    "Labour Day on a Saturday": ("2027-03-01", 2, "2027-05-03"),
    "Christmas": ("2026-10-25", 2, "2026-12-28"),
    "New Year's Day": ("2026-11-01", 2, "2027-01-04"),
}


@pytest.mark.parametrize(("start", "months", "end"), MONTHS.values(), ids=MONTHS)
def test_a_period_of_months_ends_on_a_working_day(start, months, end):
    found = last_day(date.fromisoformat(start), months, "BE")
    assert found == date.fromisoformat(end)


def test_holidays_are_those_of_the_federal_state():
    women, corpus_christi = date(2027, 3, 8), date(2027, 5, 27)
    assert working_day(women, "BE") == date(2027, 3, 9)
    assert working_day(women, "BY") == women
    assert working_day(corpus_christi, "BY") == date(2027, 5, 28)
    assert working_day(corpus_christi, "BE") == working_day(corpus_christi, "") == corpus_christi


@pytest.mark.parametrize(
    ("start", "end"),
    [("2027-03-02", "2027-12-10"), ("2027-12-10", "2027-12-10"), ("2027-12-11", "2028-12-10")],
    ids=["before", "on the day", "after"],
)
def test_the_cut_off_day_is_the_next_one_and_is_not_moved(start, end):
    assert cut_off_day(date.fromisoformat(start), "12-10") == date.fromisoformat(end)
