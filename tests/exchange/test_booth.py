"""Booth files: every line is judged by itself, and the same file twice changes nothing."""

from pathlib import Path
from runpy import run_path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core import Actor, Platform, Role
from partizipation_core.clock import FrozenClock
from partizipation_core.errors import InputError, Refused
from partizipation_core.exchange.booth import (
    Dropped,
    booth_template,
    import_booth,
    read_booth,
)
from partizipation_core.plugins.host import PluginHost
from partizipation_core.texts import objection_text

PLATFORM = Path(__file__).resolve().parents[1] / "platform" / "conftest.py"
Budget = run_path(str(PLATFORM))["Budget"]
OFFICER = Actor.of("officer-1", Role.OFFICER)


@pytest.fixture
def voting():
    clock = FrozenClock(Budget.when("review") - 1)
    with Platform(host=PluginHost.discover(), clock=clock) as platform:
        budget = Budget(platform.municipality("12060052"), clock)
        yield budget.to_the_vote(fountain=600, bench=500)


def taken_in(voting, text, booth="vase-1", **more):
    return import_booth(voting.handle, text, booth=booth, actor=OFFICER, **more)


FILE = """ballot,voter,validity,item:bench,item:fountain
1,,valid,1,1
2,anna,,1,
3,,blank,,
4,,invalid,,
"""
JSON = """{"ballots": [
  {"ballot": "1", "choices": {"bench": 1, "fountain": 1}},
  {"ballot": "2", "voter": "anna", "choices": {"bench": 1}},
  {"ballot": "3", "validity": "blank"},
  {"ballot": "4", "validity": "invalid"}
]}"""


@pytest.mark.parametrize("text", [FILE, JSON, "\ufeff" + FILE.replace("\n", "\r\n")])
def test_a_file_is_taken_in(voting, text):
    report = taken_in(voting, text)
    assert (report.taken, report.repeated, report.doubles, report.dropped) == (4, 0, 0, ())
    line = voting.reconciliation("vote").channels["booth"]
    assert (line.cast, line.counted, line.blank, line.invalid) == (4, 2, 1, 1)
    assert voting.faults() == []
    votes = voting.until("fund").count().fates
    assert {ref: fate.votes for ref, fate in votes.items()} == {"bench": 2, "fountain": 1}


def test_the_template_is_a_file_that_can_be_read(voting):
    template = booth_template(voting.handle, "vote")
    assert template == "ballot,voter,validity,item:bench,item:fountain\n"
    assert read_booth(template) == ()


def test_the_same_file_twice_changes_nothing(voting):
    taken_in(voting, FILE)
    before = (list(voting.journal_lines()), voting.reconciliation("vote"))
    report = taken_in(voting, FILE)
    assert (report.taken, report.repeated) == (0, 4)
    assert (list(voting.journal_lines()), voting.reconciliation("vote")) == before


def test_a_longer_file_brings_only_what_is_new(voting):
    taken_in(voting, FILE)
    report = taken_in(voting, FILE + "5,,,1,\n")
    assert (report.taken, report.repeated) == (1, 4)
    assert taken_in(voting, FILE, booth="vase-2").taken == 4


def test_every_dropped_line_is_told_with_its_number_and_every_reason(voting):
    report = taken_in(voting, AT_FAULT, leave_out=True)
    told = {one.line: [problem.code for problem in one.problems] for one in report.dropped}
    assert told == FAULTS
    assert report.taken == 1
    (event,) = [
        one.event for one in voting.journal() if type(one.event).__name__ == "BoothImported"
    ]
    assert (event.ballots, event.dropped) == (1, 9)


def test_a_file_with_faults_is_refused_whole_with_every_line_and_every_reason(voting):
    before = list(voting.journal_lines())
    with pytest.raises(Refused) as refused:
        taken_in(voting, AT_FAULT)
    told = {}
    for one in refused.value.objections:
        told.setdefault(one.params["line"], []).append(one.code)
    assert told == FAULTS
    assert objection_text(refused.value.objections[0]).startswith("Zeile 3: ")
    assert list(voting.journal_lines()) == before
    assert voting.turnout("vote") == {}


AT_FAULT = """ballot,voter,validity,item:bench,item:moon
1,,valid,1,
2,,valid,1,1
3,,valid,x,1.5
,,valid,1,
5,,perhaps,1,
6,,blank,1,
7,,valid
8,,valid,2,1

1,,valid,1,
a b,,valid,1,
"""
FAULTS = {
    3: ["not_on_ballot"],
    4: ["line_points"],
    5: ["line_without_ballot"],
    6: ["line_validity"],
    7: ["choices_not_counted"],
    8: ["line_cells"],
    9: ["not_on_ballot", "choice_not_plain"],
    11: ["ballot_twice"],
    12: ["name_malformed"],
}


def test_a_voter_who_is_in_the_file_twice_counts_once(voting):
    report = taken_in(voting, "ballot,voter,item:bench\n1,anna,1\n2,anna,1\n")
    assert (report.taken, report.doubles) == (2, 1)
    assert voting.turnout("vote") == {"booth": 1}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1: no column 'ballot'"),
        ("number,item:bench\n", "1: no column 'ballot'"),
        ("ballot,bench\n", "1:2: column 'bench' is unknown"),
        ("ballot,item:a,item:a\n", "1:3: column 'item:a'"),
        ('ballot\n"1\n', "unexpected end of data"),
        ("{", "1:2: Expecting property name"),
        ('{"ballots": 3}', "no list named 'ballots'"),
        ('{"ballots": [{"choices": {"a": 1, "a": 2}}]}', "occurs twice"),
        ('{"ballots": ' + "[" * 100_000, "recursion"),
    ],
)
def test_what_is_no_such_file_is_refused_as_a_whole(text, told):
    with pytest.raises(InputError, match=told):
        read_booth(text)


@pytest.mark.parametrize(
    "entry",
    ["7", "null", '{"ballot": 7}', '{"ballot": "7", "choices": []}', '{"ballot": "7", "x": 1}'],
)
def test_an_entry_of_another_form_is_dropped(entry):
    (line,) = read_booth(f'{{"ballots": [{entry}]}}')
    assert isinstance(line, Dropped)


def test_who_may_not_import_is_told_so_and_not_line_by_line(voting):
    with pytest.raises(Refused, match="role_forbids") as refused:
        import_booth(voting.handle, FILE, booth="b", actor=Budget.resident("anna"))
    assert [one.code for one in refused.value.objections] == ["role_forbids"]


@given(st.text(alphabet='ballot,voteritm:"\n\r1-x{}[]', max_size=60))
def test_any_text_is_read_or_refused(text):
    for whole in (text, f"ballot,item:a\n{text}", f'{{"ballots": [{text}]}}'):
        try:
            read_booth(whole)
        except InputError:
            continue
