"""Extracts from the population register: what may be read, what is kept, and what is told."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partizipation_core.commands import EraseRegister, ForgetPerson, ImportRegister
from partizipation_core.errors import DefinitionError, InputError
from partizipation_core.exchange.register import COLUMNS, read_register, template
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.kernel.electorate.fields import FACTS, TRACES
from partizipation_core.store import schema

GROUP = ProcedureSettings(electorate="register", register_until="2027-12-31")
WITHIN = ProcedureSettings(
    electorate="register", register_until="2027-12-31", register_law="bmg37"
)
DAY = date(2027, 4, 1)


def read(text, wanted=GROUP, *, encoding="utf-8", as_of=DAY):
    return read_register(text.encode(encoding), wanted, source="x.csv", as_of=as_of)


def facts(text, *more, **options):
    return [dict(line.facts) for line in read(text, *more, **options).extract.lines]


# --- whose columns are taken

FOREIGN = {
    "an e-mail address": ("kennung;E-Mail", GROUP, "'e_mail'"),
    "a telephone number": ("kennung;telefon", GROUP, "'telefon'"),
    "a religion": ("kennung;religion;alter", WITHIN, "'religion'"),
    "a date of birth": ("kennung;Geburtsdatum", GROUP, "'geburtsdatum'.*§ 46 Abs. 1"),
    "when somebody moved in": ("kennung;Einzugsdatum", GROUP, "'einzugsdatum'.*§ 46 Abs. 1"),
    "two at once": ("kennung;mail;steuer_id", GROUP, "'mail', 'steuer_id'"),
    "no heading": ("kennung;;alter", GROUP, "''"),
}


@pytest.mark.parametrize(("headings", "wanted", "named"), FOREIGN.values(), ids=FOREIGN)
def test_a_column_that_may_not_be_passed_on_is_refused_by_name(headings, wanted, named):
    with pytest.raises(InputError, match=f"x.csv:1: .*{named}"):
        read(f"{headings}\nR-1;x;y\n", wanted)


def test_every_column_that_may_be_passed_on_is_read():
    names = [one.name for one in COLUMNS.values() if not one.within]
    cells = {"alter": "40", "wohnungsart": "haupt"}
    line = ";".join(cells.get(name, name.upper()) for name in names)
    (found,) = facts(f"{';'.join(names)}\n{line}\n")
    assert set(found) == {COLUMNS[name].fact for name in names}
    assert found["address"] == "STRASSE HAUSNUMMER ADRESSZUSATZ PLZ ORT"


FILES = {
    "semicolons": ("kennung;alter;gebiet\nR-1;40;Köpenick\n", "utf-8"),
    "commas": ("kennung,alter,gebiet\nR-1,40,Köpenick\n", "utf-8"),
    "with a byte order mark": ("kennung;alter;gebiet\nR-1;40;Köpenick\n", "utf-8-sig"),
    "Windows": ("kennung;alter;gebiet\r\nR-1;40;Köpenick\r\n", "cp1252"),
    "headings as people write them": ("Kennung ; ALTER;Gebiet\nR-1;40;Köpenick\n", "utf-8"),
    "quoted": ('kennung;alter;gebiet\n"R-1";"40";"Köpenick"\n', "utf-8"),
    "empty lines": ("kennung;alter;gebiet\n\nR-1;40; Köpenick \n\n;;\n", "utf-8"),
}


@pytest.mark.parametrize(("text", "encoding"), FILES.values(), ids=FILES)
def test_files_as_offices_make_them(text, encoding):
    (found,) = facts(text, encoding=encoding)
    assert found == {"reference": "R-1", "birth": "1986-04-02/1987-04-01", "area": "Köpenick"}


DAMAGED = {
    "empty": (b"", "empty"),
    "a column twice": (b"kennung;alter;Alter\n", "twice: alter"),
    "an open quote": (b'kennung;alter\nR-1;"40\n', "x.csv:2: no CSV"),
    "an image": (b"\x89PNG\r\n\x1a\n\0\0", "neither UTF-8 nor Windows-1252"),
    "bytes of no text": (b"kennung;alter\nR\x81;40\n", "neither UTF-8 nor Windows-1252"),
}


@pytest.mark.parametrize(("data", "message"), DAMAGED.values(), ids=DAMAGED)
def test_what_is_no_extract_is_refused(data, message):
    with pytest.raises(InputError, match=message):
        read_register(data, GROUP, source="x.csv", as_of=DAY)


def test_ages_without_their_day_are_refused():
    with pytest.raises(InputError, match="'alter' needs the day"):
        read("kennung;alter\nR-1;40\n", as_of=None)


BIRTHS = {
    "17.05.2011": "2011-05-17",
    "7.5.2011": "2011-05-07",
    "2011-05-17": "2011-05-17",
    "00.00.1950": "1950",
    "00.05.1950": "1950",
}


@pytest.mark.parametrize(("cell", "birth"), BIRTHS.items(), ids=BIRTHS)
def test_dates_of_birth_also_where_the_day_is_unknown(cell, birth):
    (found,) = facts(f"kennung;geburtsdatum\nR-1;{cell}\n", WITHIN)
    assert found["birth"] == birth


FAULTY = """kennung;geburtsdatum;wohnungsart
R-1;17.05.1980;haupt
;17.05.1980;haupt
R-3;31.02.1980;zelt
R-4;17.05.1980
R-1;17.05.1990;neben
R-6;17.05.1990;Nebenwohnung
"""


def test_every_faulty_line_is_told_and_the_others_are_read():
    reading = read(FAULTY, WITHIN)
    assert [(one.line, one.column, one.code, one.other) for one in reading.faults] == [
        (3, "", "key_missing", 0),
        (4, "geburtsdatum", "bad_birth", 0),
        (4, "wohnungsart", "bad_residence", 0),
        (5, "", "cells_missing_or_over", 0),
        (6, "", "named_twice", 2),
    ]
    assert [line.facts["reference"] for line in reading.extract.lines] == ["R-1", "R-6"]


def test_a_fault_tells_nothing_of_a_person():
    told = repr(read(FAULTY, WITHIN).faults)
    assert not any(cell in told for cell in ("1980", "zelt", "R-1"))


@settings(max_examples=300, deadline=None)
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_whatever_comes_in_is_read_or_refused(data):
    for start in (b"", b"kennung;geburtsdatum;wohnungsart\n"):
        try:
            reading = read_register(start + data, WITHIN)
        except InputError:
            continue
        assert len({line.identity for line in reading.extract.lines}) == len(reading.extract.lines)


# --- what is kept

FULL = """kennung;familienname;vornamen;strasse;hausnummer;geburtsdatum;wohnungsart;gebiet
R-1;Muster;Erika;Ringweg;7;17.05.1980;haupt;Nord
R-2;Muster;Max;Ringweg;7;17.05.2011;neben;Süd
"""

KEPT = {
    "nothing but what the age needs": ({}, {}, [{"birth": "1980"}, {"birth": "2011-05-17"}]),
    "no age, no birth": ({"min_age": None}, {}, [{}, {}]),
    "residence where a rule asks": (
        {"min_age": None},
        {"eligibility": "core/resident"},
        [{"residence": "main"}, {"residence": "secondary"}],
    ),
    "the area where a rule asks": (
        {"min_age": None},
        {"vote.territory": "core/own_area"},
        [{"area": "Nord"}, {"area": "Süd"}],
    ),
    "names where letters are sent": (
        {"min_age": None, "letters": True},
        {},
        [
            {"family_name": "Muster", "given_names": "Erika", "address": "Ringweg 7"},
            {"family_name": "Muster", "given_names": "Max", "address": "Ringweg 7"},
        ],
    ),
}


@pytest.mark.parametrize(("wanted", "rules", "kept"), KEPT.values(), ids=KEPT)
def test_only_what_rules_need_is_kept(by_register, wanted, rules, kept):
    town = by_register(rules=rules, **wanted)
    town.register(FULL)
    assert [dict(town.registered(town.person(ref))) for ref in ("R-1", "R-2")] == kept


def test_the_journal_tells_of_numbers_and_of_nobody(by_register):
    town = by_register(letters=True)
    town.register(FULL)
    (event,) = town.events("RegisterImported")
    assert (event.lines, event.added, event.changed, event.left) == (2, 2, 0, 0)
    assert event.facts == (
        "address",
        "birth",
        "doctorate",
        "family_name",
        "given_names",
        "guardian",
    )
    written = b"".join(town.journal_lines())
    assert not any(word in written for word in (b"Muster", b"Erika", b"Ringweg", b"1980-05"))


@pytest.mark.parametrize("wanted", [{}, {"letters": True}, {"register_key": "name_birth"}])
def test_a_template_asks_for_what_is_needed_and_can_be_read(by_register, wanted):
    town = by_register(**wanted)
    heading = template(town.settings(), town.needed_facts())
    assert read_register(heading.encode(), town.settings()).faults == ()
    asked = {COLUMNS[name].fact for name in heading.strip().split(";")}
    needed = town.needed_facts() | {"reference"} if not wanted.get("register_key") else asked
    assert asked == needed
    assert ("familienname" in heading) == bool(wanted)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    first=st.dictionaries(st.integers(1, 9), st.integers(1940, 2012), min_size=1),
    second=st.dictionaries(st.integers(1, 9), st.integers(1940, 2012), min_size=1),
)
def test_importing_twice_changes_nothing(in_memory, first, second):
    """Whatever was in the register before, the second time nothing is left to do."""
    with in_memory() as town:
        for people in (first, second):
            lines = "".join(f"R-{n};01.06.{year}\n" for n, year in people.items())
            town.register("kennung;geburtsdatum\n" + lines)
            before = len(town.journal())
            receipt = town.register("kennung;geburtsdatum\n" + lines)
            assert receipt.first == 0
            assert len(town.journal()) == before
        lacking = set(first) - set(second)
        event = town.events("RegisterImported")[-1]
        assert event.left in (0, len(lacking))
        for number in second:
            assert town.registered(town.person(f"R-{number}"))


def test_a_partial_extract_lets_everybody_else_stay(by_register):
    town = by_register()
    town.register("kennung;geburtsdatum\nR-1;17.05.1980\nR-2;17.05.1990\n")
    town.register("kennung;geburtsdatum\nR-3;17.05.1970\n", complete=False)
    (_, event) = town.events("RegisterImported")
    assert (event.added, event.left) == (1, 0)
    assert town.registered(town.person("R-1"))


def test_whoever_left_and_comes_back_is_known_again(by_register):
    town = by_register()
    for extract in ("R-1;17.05.1980", "R-2;17.05.1990", "R-1;17.05.1980"):
        town.register(f"kennung;geburtsdatum\n{extract}\n")
    assert town.registered(town.person("R-1")) == {"birth": "1980"}
    assert town.registered(town.person("R-2")) == {}


# --- forgetting


def test_the_register_is_erased_after_its_day_and_not_before(by_register):
    town = by_register()
    town.register(FULL)
    (objection,) = town.why(EraseRegister(), actor=town.officer)
    assert objection.code == "retention_not_over"
    town.clock.set(objection.allowed_from)
    town.execute(EraseRegister(), actor=town.officer)
    (event,) = town.events("RegisterErased")
    assert (event.rows, event.cause) == (2, "retention")
    assert town.refusal(EraseRegister(), town.officer) == ["register_empty_already"]


def test_it_is_erased_early_for_a_reason(by_register):
    town = by_register()
    town.register(FULL)
    town.execute(EraseRegister(reason="Verfahren abgebrochen"), actor=town.officer)
    (event,) = town.events("RegisterErased")
    assert (event.cause, event.reason) == ("early", "Verfahren abgebrochen")


def test_nothing_is_taken_in_after_its_day(by_register):
    town = by_register().at(2028, 1, 1)
    found = town.why(ImportRegister(lines=[]), actor=town.officer)
    assert [one.code for one in found] == ["retention_over", "register_empty"]


def test_a_procedure_without_a_register_takes_none(open_town):
    town = open_town()
    found = town.why(ImportRegister(lines=[]), actor=town.officer)
    assert [one.code for one in found] == ["register_not_provided"]


def test_a_register_without_a_last_day_is_refused_at_the_opening(by_register):
    with pytest.raises(DefinitionError, match="register_until"):
        by_register(register_until="")


def test_somebody_who_is_not_in_it_cannot_be_erased(by_register):
    town = by_register()
    assert town.refusal(ForgetPerson(person="x"), town.officer) == ["nothing_kept_of_person"]


# --- everything that is kept is declared


def test_every_fact_and_every_table_about_people_says_why_and_for_how_long():
    for one in (*FACTS.values(), *TRACES):
        assert all((one.purpose, one.retention, one.forget)), one
    assert {one.fact for one in COLUMNS.values()} - {"reference"} == set(FACTS)
    tables = {"electorate", "identification", "roll"}
    assert {one.table for one in TRACES} == tables <= set(schema.METADATA.tables)
