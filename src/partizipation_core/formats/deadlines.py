"""Deadlines: last days that fall on a weekend or a public holiday, when no office is open.

Public holidays differ from one federal state to the other and come from the package ``holidays``
(extra ``deadlines``). Without it weekends are checked, and the gap is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from zoneinfo import ZoneInfo

from partizipation_core.clock import Instant, to_wall
from partizipation_core.formats.advice import Finding, Level
from partizipation_core.formats.stages import Window

__all__ = ["STATES", "days_off", "deadline_advice", "state_of"]

INSTALL = "pip install 'partizipation-core[deadlines]'"

_SATURDAY = 5

STATES: Mapping[str, str] = MappingProxyType(
    {
        "01": "SH",
        "02": "HH",
        "03": "NI",
        "04": "HB",
        "05": "NW",
        "06": "HE",
        "07": "RP",
        "08": "BW",
        "09": "BY",
        "10": "SL",
        "11": "BE",
        "12": "BB",
        "13": "MV",
        "14": "SN",
        "15": "ST",
        "16": "TH",
    }
)
"""First two digits of a municipality key (Amtlicher Gemeindeschlüssel) → federal state, with the
letters of ISO 3166-2:DE."""


def state_of(municipality: str) -> str:
    """Return the federal state of a municipality by its key; empty where the key tells none."""
    return STATES.get(municipality[:2], "")


def deadline_advice(
    schedule: Mapping[str, Window], zone: ZoneInfo, state: str
) -> Iterator[Finding]:
    """Say which deadlines fall on a day without office hours.

    A deadline is an end that was set. Where a stage merely lasts until the next one begins, nobody
    was told a last day.

    Args:
        schedule: stage → window.
        zone: the procedure's zone; a deadline belongs to the local day it ends.
        state: two letters of a federal state; empty checks weekends only.
    """
    ends = {stage: window.end for stage, window in schedule.items()}
    last = {stage: Instant(end - 1) for stage, end in ends.items() if end is not None}
    if not last:
        return
    holidays = days_off(state, {to_wall(at, zone).year for at in last.values()})
    if isinstance(holidays, Finding):
        yield holidays
        holidays = {}
    for stage, at in last.items():
        yield from _on_a_day_off(stage, at, to_wall(at, zone).date(), holidays)


def _on_a_day_off(
    stage: str, at: Instant, day: date, holidays: Mapping[date, str]
) -> Iterator[Finding]:
    place, params = f"schedule.{stage}", {"stage": stage, "day": at}
    if day in holidays:
        named = {**params, "holiday": holidays[day]}
        yield Finding(place=place, level=Level.WARNING, code="deadline_holiday", params=named)
    elif day.weekday() >= _SATURDAY:
        yield Finding(place=place, level=Level.WARNING, code="deadline_weekend", params=params)


def days_off(state: str, years: set[int]) -> Mapping[date, str] | Finding:
    """Return the public holidays of some years, day → name, or say why they are not known."""
    if not state:
        return Finding(place="schedule", level=Level.NOTE, code="holidays_without_state")
    try:
        import holidays
    except ImportError:
        return Finding(
            place="schedule",
            level=Level.NOTE,
            code="holidays_not_installed",
            params={"install": INSTALL},
        )
    known = holidays.country_holidays("DE", subdiv=state, years=sorted(years), language="de")
    return {day: str(name) for day, name in known.items()}
