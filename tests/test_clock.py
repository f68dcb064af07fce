"""Time: instants, local days, and clocks that are put forward and back."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partizipation_core import FrozenClock, SystemClock
from partizipation_core.clock import Instant, end_of_day, from_wall, start_of_day, to_wall

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3_600_000_000
FORWARD = datetime(2027, 3, 28, 2, 30)  # noqa: DTZ001 - what the wall shows
BACK = datetime(2027, 10, 31, 2, 30)  # noqa: DTZ001

ZONES = [
    ZoneInfo(name)
    for name in ("Europe/Berlin", "America/Sao_Paulo", "America/Havana", "Asia/Kathmandu", "UTC")
]


def utc(*parts):
    return Instant(int(datetime(*parts, tzinfo=UTC).timestamp()) * 1_000_000)


# --- wall time


def test_wall_time_is_read_in_the_zone_of_the_procedure():
    noon = datetime(2027, 5, 1, 12)  # noqa: DTZ001
    assert from_wall(noon, BERLIN) == utc(2027, 5, 1, 10)
    assert to_wall(utc(2027, 5, 1, 10), BERLIN).isoformat() == "2027-05-01T12:00:00+02:00"


def test_a_time_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="does not exist in Europe/Berlin"):
        from_wall(FORWARD, BERLIN)


def test_a_time_that_exists_twice_is_refused_unless_one_is_chosen():
    with pytest.raises(ValueError, match="exists twice in Europe/Berlin"):
        from_wall(BACK, BERLIN)
    first = from_wall(BACK, BERLIN, overlap="first")
    second = from_wall(BACK, BERLIN, overlap="second")
    assert (first, second - first) == (utc(2027, 10, 31, 0, 30), HOUR)


def test_a_time_with_a_zone_of_its_own_is_refused():
    with pytest.raises(ValueError, match="carries its own zone"):
        from_wall(datetime(2027, 5, 1, tzinfo=UTC), BERLIN)


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        (datetime(2027, 3, 28, 1, 59, 59), utc(2027, 3, 28, 0, 59, 59)),  # noqa: DTZ001
        (datetime(2027, 3, 28, 3), utc(2027, 3, 28, 1)),  # noqa: DTZ001
        (datetime(2027, 10, 31, 1, 59, 59), utc(2027, 10, 30, 23, 59, 59)),  # noqa: DTZ001
        (datetime(2027, 10, 31, 3), utc(2027, 10, 31, 2)),  # noqa: DTZ001
    ],
    ids=["before the gap", "after the gap", "before the overlap", "after the overlap"],
)
def test_times_beside_a_change_of_the_clock_are_read(wall, instant):
    assert from_wall(wall, BERLIN) == instant


# --- days


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2027-05-01", 24), ("2027-03-28", 23), ("2027-10-31", 25)],
    ids=["a usual day", "put forward", "put back"],
)
def test_a_day_is_as_long_as_it_is(day, hours):
    day = date.fromisoformat(day)
    assert end_of_day(day, BERLIN) - start_of_day(day, BERLIN) == hours * HOUR


def test_the_last_day_is_meant_whole():
    last_minute = datetime(2027, 5, 31, 23, 59)  # noqa: DTZ001
    end = end_of_day(date(2027, 5, 31), BERLIN)
    assert from_wall(last_minute, BERLIN) < end
    assert to_wall(end, BERLIN).isoformat() == "2027-06-01T00:00:00+02:00"


def test_where_midnight_is_skipped_a_day_begins_with_its_first_instant():
    begin = start_of_day(date(2018, 11, 4), ZoneInfo("America/Sao_Paulo"))
    assert to_wall(begin, ZoneInfo("America/Sao_Paulo")).isoformat() == "2018-11-04T01:00:00-02:00"
    just_before = to_wall(Instant(begin - 1), ZoneInfo("America/Sao_Paulo"))
    assert just_before.date() == date(2018, 11, 3)


@settings(deadline=None)
@given(
    day=st.dates(min_value=date(1980, 1, 1), max_value=date(2060, 1, 1)),
    zone=st.sampled_from(ZONES),
)
def test_days_follow_each_other_without_gap_or_overlap(day, zone):
    assert end_of_day(day, zone) == start_of_day(day + timedelta(days=1), zone)
    assert start_of_day(day, zone) < end_of_day(day, zone)


@settings(deadline=None)
@given(
    wall=st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2060, 1, 1)),  # noqa: DTZ001
    zone=st.sampled_from(ZONES),
)
def test_what_the_wall_shows_comes_back_as_it_was(wall, zone):
    try:
        instant = from_wall(wall, zone, overlap="first")
    except ValueError:
        return  # a time that does not exist
    assert to_wall(instant, zone).replace(tzinfo=None) == wall.replace(fold=0)


# --- clocks


def test_a_frozen_clock_moves_only_when_told():
    clock = FrozenClock(Instant(5))
    assert (clock.now(), clock.now()) == (5, 5)
    assert clock.advance(hours=1) == 5 + HOUR
    assert clock.advance(days=1, seconds=0.5) == 5 + 25 * HOUR + 500_000
    clock.set(Instant(1))
    assert clock.now() == 1


def test_the_system_clock_counts_microseconds_since_1970():
    now = SystemClock().now()
    assert abs(now - datetime.now(UTC).timestamp() * 1e6) < 60_000_000
    assert type(now) is int
