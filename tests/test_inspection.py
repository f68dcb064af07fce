"""Inspection: a town's file and a running procedure, every finding with its place."""

import builtins
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_core import Actor, FrozenClock, Money, Platform, Role
from partizipation_core.clock import start_of_day
from partizipation_core.commands import SubmitItem
from partizipation_core.errors import InputError
from partizipation_core.formats.advice import Level
from partizipation_core.formats.deadlines import STATES, state_of
from partizipation_core.inspection import inspect_town
from partizipation_core.plugins.host import PluginHost

BERLIN = ZoneInfo("Europe/Berlin")
OFFICER = Actor.of("officer-1", Role.OFFICER)
TOWN = """
[procedure.b-2027]
format = "buergerhaushalt"
settings = {{ pot = "1000 EUR", misfit = "skip"{settings} }}
schedule = {{ {schedule} }}
"""


@pytest.fixture(scope="module")
def registry():
    return PluginHost.discover().registry


@pytest.fixture
def found(registry):
    """Return code and place of everything found in a town's file."""

    def look(schedule="", settings="", state="BE", text=TOWN):
        told = text.format(schedule=schedule, settings=settings)
        findings = inspect_town(told, registry, source="town.toml", state=state)
        return [(one.code, one.place.removeprefix("procedure.b-2027.")) for one in findings]

    return look


def until(day):
    return f"vote = {{ from = 2027-04-20, until = {day} }}"


DEADLINES = {
    "a working day": ("2027-05-14", []),
    "Saturday": ("2027-05-15", ["deadline_weekend"]),
    "Sunday": ("2027-05-23", ["deadline_weekend"]),
    "Labour Day, a Saturday": ("2027-05-01", ["deadline_holiday"]),
    "Whit Monday": ("2027-05-17", ["deadline_holiday"]),
    "Christmas": ("2027-12-25", ["deadline_holiday"]),
}


@pytest.mark.parametrize(("day", "codes"), DEADLINES.values(), ids=DEADLINES)
def test_a_deadline_on_a_day_without_office_hours_is_found(found, day, codes):
    assert found(until(day)) == [(code, "schedule.vote") for code in codes]


@pytest.mark.parametrize(
    ("state", "codes"), [("BE", ["deadline_holiday"]), ("BY", [])], ids=["Berlin", "Bavaria"]
)
def test_holidays_are_those_of_the_federal_state(found, state, codes):
    """International Women's Day is a holiday in Berlin; in 2027 it is a Monday."""
    schedule = "vote = { from = 2027-03-01, until = 2027-03-08 }"
    assert [code for code, _ in found(schedule, state=state)] == codes


def test_the_setting_has_the_last_word(found):
    schedule = "vote = { from = 2027-03-01, until = 2027-03-08 }"
    assert found(schedule, settings=', federal_state = "BY"', state="BE") == []


def test_a_time_of_day_belongs_to_its_day(found):
    """Sunday 00:00 as an end means that Saturday was the last day."""
    ends = "vote = { from = 2027-04-20, until = 2027-05-10T00:00:00 }"
    assert found(ends) == [("deadline_weekend", "schedule.vote")]
    assert found(ends.replace("00:00:00", "12:00:00")) == []


def test_where_the_next_stage_merely_begins_nobody_was_told_a_last_day(found):
    assert found("review = 2027-04-05") == []  # so that ideas end on a Sunday


def test_without_a_federal_state_the_gap_is_said(found):
    assert found(until("2027-12-24"), state="") == [("holidays_without_state", "schedule")]


def test_without_the_extra_weekends_are_checked_and_the_gap_is_said(found, monkeypatch):
    real = builtins.__import__

    def missing(name, *rest):
        if name == "holidays":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    assert found(until("2027-05-15")) == [
        ("holidays_not_installed", "schedule"),
        ("deadline_weekend", "schedule.vote"),
    ]


def test_every_municipality_key_tells_its_federal_state():
    assert [state_of(f"{prefix}000000") for prefix in ("11", "12", "09")] == ["BE", "BB", "BY"]
    assert len(STATES) == len(set(STATES.values())) == 16
    assert state_of("99000000") == ""


EMPTY = {
    "no time between": ("2027-05-01T10:00:00", "2027-05-01T10:00:00", "window_empty"),
    "ends before": ("2027-05-02", "2027-04-20", "window_empty"),
    "one whole day": ("2027-05-03", "2027-05-03", None),
    "no such time": ("2027-03-28T02:30:00", "2027-05-03", "contradiction"),
}


@pytest.mark.parametrize(("begin", "end", "code"), EMPTY.values(), ids=EMPTY)
def test_a_window_without_length_is_found(found, begin, end, code):
    schedule = f"vote = {{ from = {begin}, until = {end} }}"
    assert found(schedule) == ([(code, "schedule.vote")] if code else [])


def test_every_contradiction_of_every_procedure_is_told_with_its_place(found):
    text = TOWN.format(schedule="dance = 2027-05-03", settings=', threshold = "x"')
    text += '[procedure.k]\nformat = "kiezkase"\n'
    assert found(text=text.replace("{", "{{").replace("}", "}}")) == [
        ("contradiction", "settings.threshold"),
        ("contradiction", "procedure.k.format"),
    ]
    assert found("dance = 2027-05-03") == [("contradiction", "schedule.dance")]


def test_an_unknown_table_is_a_finding_and_no_toml_an_error(found):
    assert found(text="[proc]\n") == [("contradiction", "proc")]
    with pytest.raises(InputError, match=r"town\.toml:1"):
        found(text="[proc")


def test_a_running_procedure_is_inspected_with_its_items():
    clock = FrozenClock(start_of_day(date(2027, 3, 1), BERLIN))
    with Platform(clock=clock) as platform:
        budget = platform.municipality("11000000-tk").open(
            "b",
            "buergerhaushalt",
            actor=OFFICER,
            settings={"pot": "100 EUR", "misfit": "skip"},
            schedule={"review": {"from": date(2027, 3, 2), "until": date(2027, 3, 8)}},
        )
        idea = SubmitItem(item="i-1", title="Bank", cost=Money.euro(300))
        budget.execute(idea, actor=Actor.of("anna", Role.RESIDENT))
        found = budget.lint()
    assert [(one.code, one.level) for one in found] == [
        ("pot_below_cheapest", Level.WARNING),
        ("deadline_holiday", Level.WARNING),  # Women's Day, by the key of a district of Berlin
    ]
