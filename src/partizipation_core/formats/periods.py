"""Periods (Fristen): from a day on, for so many months, until a day on which offices are open.

As §§ 187 (1), 188 (2) and (3), 193 BGB and § 31 VwVfG have it: the day of the event is not
counted, a period of months ends on the day of the same number, or on the last of a shorter month,
and where that is a Saturday, a Sunday or a public holiday, on the next working day. A day that was
told as such (a cut-off day) is not moved.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

from partizipation_core.formats.advice import Finding
from partizipation_core.formats.deadlines import days_off

__all__ = ["cut_off_day", "last_day", "working_day"]

_SATURDAY = 5
_DECEMBER = 12


def last_day(start: date, months: int, state: str) -> date:
    """Return the last day of a period of months.

    Args:
        start: the day of the event, which is not counted.
        months: its length, from 1.
        state: two letters of the federal state whose public holidays count; empty for weekends
            alone.
    """
    year, month = divmod(start.year * _DECEMBER + start.month - 1 + months, _DECEMBER)
    length = monthrange(year, month + 1)[1]
    return working_day(date(year, month + 1, min(start.day, length)), state)


def working_day(day: date, state: str) -> date:
    """Return the day itself, or the next one on which offices are open."""
    holidays = _holidays(state, day.year)
    while day.weekday() >= _SATURDAY or day in holidays:
        day += timedelta(days=1)
    return day


def cut_off_day(start: date, month_and_day: str) -> date:
    """Return the next cut-off day, the day itself included.

    Args:
        start: from when on.
        month_and_day: such as ``12-10``.
    """
    month, day = map(int, month_and_day.split("-"))
    this_year = date(start.year, month, day)
    return this_year if start <= this_year else date(start.year + 1, month, day)


def _holidays(state: str, year: int) -> Mapping[date, str]:
    """Return the holidays around the turn of a year too; none where they are not known."""
    found = days_off(state, {year, year + 1})
    return {} if isinstance(found, Finding) else found
