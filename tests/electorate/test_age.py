"""Age on a day, as German law counts birthdays, and births known no better than need be."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core.kernel.electorate.age import Born, age_on, birthday

DAYS = st.dates(date(1900, 1, 1), date(2060, 12, 31))

TABLE = {
    "the day before the birthday": ("2011-05-17", "2027-05-16", 15),
    "the birthday": ("2011-05-17", "2027-05-17", 16),
    "born on 29 February, 28 February": ("2012-02-29", "2027-02-28", 14),
    "born on 29 February, 1 March": ("2012-02-29", "2027-03-01", 15),
    "born on 29 February, in a leap year": ("2012-02-29", "2028-02-29", 16),
    "born on 29 February, the day before in a leap year": ("2012-02-29", "2028-02-28", 15),
    "born on 28 February, in a leap year": ("2011-02-28", "2028-02-28", 17),
    "born on 1 March": ("2011-03-01", "2027-02-28", 15),
    "last day of the year": ("2011-01-01", "2026-12-31", 15),
    "the day of birth": ("2027-05-17", "2027-05-17", 0),
    "before the birth": ("2027-05-17", "2027-05-16", -1),
}


@pytest.mark.parametrize(("birth", "day", "age"), TABLE.values(), ids=TABLE)
def test_age_on_a_day(birth, day, age):
    assert age_on(date.fromisoformat(birth), date.fromisoformat(day)) == age


@given(birth=DAYS, age=st.integers(0, 110))
def test_a_birthday_is_the_first_day_of_an_age(birth, age):
    day = birthday(birth, age)
    assert age_on(birth, day) == age
    assert age_on(birth, day - timedelta(days=1)) == age - 1


@given(day=DAYS, age=st.integers(0, 110))
def test_an_age_on_a_day_leaves_exactly_one_year_of_births(day, age):
    born = Born.of_age(age, day)
    assert born.ages(day) == (age, age)
    assert age_on(born.earliest - timedelta(days=1), day) == age + 1
    assert age_on(born.latest + timedelta(days=1), day) == age - 1


@given(day=DAYS, later=st.integers(0, 4000), age=st.integers(0, 110))
def test_an_age_told_once_is_known_within_a_year_ever_after(day, later, age):
    least, most = Born.of_age(age, day).ages(day + timedelta(days=later))
    assert 0 <= most - least <= 1


@given(birth=DAYS)
def test_what_is_written_is_read_back(birth):
    for born in (Born(birth, birth), Born.read(f"{birth.year:04d}"), Born.of_age(7, birth)):
        assert Born.read(str(born)) == born


@pytest.mark.parametrize(
    "text", ["", "17.05.2011", "2011-02-30", "20111", "2011-05-17/2011-05-16"]
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        Born.read(text)


COARSE = {
    "far older than the limit": ("1980-05-17", "1980"),
    "reaches it this year": ("2011-05-17", "2011-05-17"),
    "reaches it next year": ("2012-05-17", "2012-05-17"),
    "reached it last year": ("2010-05-17", "2010"),
    "a child": ("2020-05-17", "2020"),
}


@pytest.mark.parametrize(("birth", "kept"), COARSE.values(), ids=COARSE)
def test_only_the_year_is_kept_where_the_day_can_make_no_difference(birth, kept):
    days = (date(2027, 4, 1), date(2028, 3, 1))
    assert str(Born.read(birth).coarse(frozenset({16}), *days)) == kept


@given(
    birth=DAYS,
    limits=st.frozensets(st.integers(0, 110), min_size=1, max_size=2),
    first=DAYS,
    span=st.integers(0, 800),
    asked=st.integers(0, 800),
)
def test_what_is_left_out_changes_no_answer(birth, limits, first, span, asked):
    last, day = first + timedelta(days=span), first + timedelta(days=min(asked, span))
    exact, coarse = Born(birth, birth), Born(birth, birth).coarse(limits, first, last)
    for limit in limits:
        least, most = coarse.ages(day)
        assert (least >= limit) == (most >= limit) == (exact.ages(day)[0] >= limit)
