"""The dates of a procedure as a calendar that can be subscribed to."""

import builtins
from datetime import UTC, date, datetime

import icalendar
import pytest

from partizipation_core.clock import end_of_day, start_of_day
from partizipation_core.commands import AdvanceStage, EndStage, ExtendStage, ReopenStage, SetWindow
from partizipation_core.errors import PartizipationError
from partizipation_core.exchange.icalendar import procedure_calendar
from partizipation_core.formats.stages import Window
from partizipation_core.texts.wording import Wording


@pytest.fixture
def written(budget):
    """Write the calendar as it is now."""

    def write(lang="de"):
        return procedure_calendar(
            budget.definition(),
            budget.journal(),
            municipality="12060052",
            zone=budget.settings().timezone,
            wording=Wording(lang=lang),
        )

    return write


@pytest.fixture
def entries(written):
    """Read the calendar back with a library that did not write it for us: stage → entry."""

    def read():
        calendar = icalendar.Calendar.from_ical(written())
        return {str(one["uid"]).partition("@")[0]: one for one in calendar.walk("VEVENT")}

    return read


def times(entry):
    return tuple(entry[key].dt for key in ("dtstart", "dtend") if key in entry)


def local(zone, *parts):
    return datetime(*parts, tzinfo=zone)


def test_every_stage_with_a_date_has_an_entry_in_the_zone_of_the_procedure(budget, entries):
    zone, found = budget.settings().timezone, entries()
    assert {stage: times(one) for stage, one in found.items()} == {
        "review": (local(zone, 2027, 4, 1), local(zone, 2027, 5, 3)),
        "vote": (local(zone, 2027, 5, 3), local(zone, 2027, 5, 15)),
    }
    assert {str(one["dtstart"].params["TZID"]) for one in found.values()} == {"Europe/Berlin"}


def test_titles_are_those_of_the_stages(entries):
    assert [str(one["summary"]) for one in entries().values()] == [
        "Bürgerhaushalt: Prüfung",
        "Bürgerhaushalt: Abstimmung",
    ]


def test_the_same_journal_gives_the_same_bytes_at_any_time(written, clock):
    before = written()
    clock.advance(days=20)
    assert written() == before
    assert b"\r\n" in before


def test_the_stamp_is_the_instant_of_the_decision(entries, clock):
    opened = datetime.fromtimestamp(clock.now() / 1_000_000, UTC)
    assert {one["dtstamp"].dt for one in entries().values()} == {opened}


def test_a_changed_date_keeps_its_uid_and_counts_up(budget, entries, clock, officer):
    before = entries()["vote"]
    clock.advance(days=1)
    zone = budget.settings().timezone
    later = Window(start_of_day(date(2027, 5, 10), zone), end_of_day(date(2027, 5, 20), zone))
    budget.execute(SetWindow(stage="vote", window=later, reason="Feiertag"), actor=officer)
    after = entries()["vote"]
    assert after["uid"] == before["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after["dtstamp"].dt > before["dtstamp"].dt
    assert times(after) == (local(zone, 2027, 5, 10), local(zone, 2027, 5, 21))


def test_what_time_does_as_announced_changes_nothing(budget, written, clock):
    before = written()
    clock.set(start_of_day(date(2027, 5, 20), budget.settings().timezone))
    budget.tick()
    assert budget.state().ended
    assert written() == before


def test_what_was_done_by_hand_takes_the_place_of_what_was_planned(
    budget, entries, clock, officer
):
    zone = budget.settings().timezone
    clock.set(start_of_day(date(2027, 3, 10), zone))
    budget.execute(AdvanceStage(), actor=officer)
    assert times(entries()["review"])[0] == local(zone, 2027, 3, 10)
    clock.set(start_of_day(date(2027, 5, 8), zone))
    budget.execute(EndStage(reason="Alle haben abgestimmt."), actor=officer)
    assert times(entries()["vote"]) == (local(zone, 2027, 5, 3), local(zone, 2027, 5, 8))
    clock.advance(days=1)
    until = end_of_day(date(2027, 5, 12), zone)
    budget.execute(ReopenStage(until=until, reason="Stromausfall"), actor=officer)
    assert times(entries()["vote"]) == (local(zone, 2027, 5, 9), local(zone, 2027, 5, 13))


def test_an_extension_moves_the_end(budget, entries, clock, officer):
    zone = budget.settings().timezone
    clock.set(start_of_day(date(2027, 5, 8), zone))
    until = end_of_day(date(2027, 5, 31), zone)
    budget.execute(ExtendStage(until=until, reason="Pfingsten"), actor=officer)
    assert times(entries()["vote"])[1] == local(zone, 2027, 6, 1)


def test_without_the_extra_the_install_line_is_told(budget, written, monkeypatch):
    real = builtins.__import__

    def missing(name, *rest):
        if name == "icalendar":
            raise ImportError(name)
        return real(name, *rest)

    budget.definition()
    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(PartizipationError, match=r"pip install 'partizipation-core\[calendar\]'"):
        written()
