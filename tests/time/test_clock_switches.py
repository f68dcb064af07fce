"""Every change of the clock in Berlin from 2024 to 2035, to the microsecond (G19)."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from partizipation_core.clock import (
    Instant,
    end_of_day,
    from_wall,
    start_of_day,
    to_wall,
)

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3_600_000_000


def _last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


FORWARD = [_last_sunday(year, 3) for year in range(2024, 2036)]
BACK = [_last_sunday(year, 10) for year in range(2024, 2036)]


def _at(day: date, hour: int, minute: int = 0, micro: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, 0, micro)  # noqa: DTZ001


@pytest.mark.parametrize("day", FORWARD, ids=str)
def test_the_hour_that_is_left_out_in_spring_is_refused(day: date) -> None:
    for wall in (_at(day, 2), _at(day, 2, 30), _at(day, 2, 59, 999_999)):
        with pytest.raises(ValueError, match="does not exist"):
            from_wall(wall, BERLIN)


@pytest.mark.parametrize("day", FORWARD, ids=str)
def test_the_instants_around_the_gap_touch(day: date) -> None:
    before = from_wall(_at(day, 1, 59).replace(second=59, microsecond=999_999), BERLIN)
    after = from_wall(_at(day, 3), BERLIN)
    assert after - before == 1
    assert to_wall(Instant(before + 1), BERLIN).hour == 3


@pytest.mark.parametrize("day", BACK, ids=str)
def test_the_hour_that_comes_twice_in_autumn_must_be_named(day: date) -> None:
    with pytest.raises(ValueError, match="exists twice"):
        from_wall(_at(day, 2, 30), BERLIN)
    first = from_wall(_at(day, 2, 30), BERLIN, overlap="first")
    second = from_wall(_at(day, 2, 30), BERLIN, overlap="second")
    assert second - first == HOUR
    assert to_wall(first, BERLIN).fold == 0
    assert to_wall(second, BERLIN).fold == 1


@pytest.mark.parametrize("day", BACK, ids=str)
def test_one_microsecond_beside_the_overlap_nothing_must_be_named(day: date) -> None:
    last_before = _at(day, 1, 59).replace(second=59, microsecond=999_999)
    assert from_wall(_at(day, 3), BERLIN) - from_wall(last_before, BERLIN) == 2 * HOUR + 1


@pytest.mark.parametrize(("day", "hours"), [*((d, 23) for d in FORWARD), *((d, 25) for d in BACK)])
def test_the_day_of_the_change_is_meant_whole(day: date, hours: int) -> None:
    assert end_of_day(day, BERLIN) - start_of_day(day, BERLIN) == hours * HOUR
    last = Instant(end_of_day(day, BERLIN) - 1)
    assert to_wall(last, BERLIN).date() == day
    assert to_wall(end_of_day(day, BERLIN), BERLIN).date() == day + timedelta(days=1)


def test_days_follow_each_other_without_gap_or_overlap() -> None:
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(12 * 366)]
    for day, following in pairwise(days):
        assert end_of_day(day, BERLIN) == start_of_day(following, BERLIN)


@pytest.mark.parametrize("day", [*FORWARD, *BACK], ids=str)
def test_writing_down_and_reading_back_is_the_identity(day: date) -> None:
    for minutes in range(0, 6 * 60, 7):
        instant = Instant(start_of_day(day, BERLIN) + minutes * 60_000_000 + 1)
        wall = to_wall(instant, BERLIN)
        overlap = "second" if wall.fold else "first"
        assert from_wall(wall.replace(tzinfo=None, fold=0), BERLIN, overlap=overlap) == instant
