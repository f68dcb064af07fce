"""Procedures as a town writes them down: every mistake with its exact path, and nothing opened."""

import pytest

from partizipation_core import Actor, DefinitionError, InputError, NotFound, Platform, Role
from partizipation_core.configuration import ProcedureConfig, read_configuration

OFFICER = Actor.of("office-1", Role.OFFICER)
SLOT_NAMES = "award, ballot, combine_reviews, count, draw, eligibility, majority, tie"
GOOD = """
[procedure.bh-2027]
format = "buergerhaushalt"

[procedure.bh-2027.settings]
pot = "100000 EUR"
misfit = "skip"

[procedure.bh-2027.rules]
tie = ["core/lower_cost", "core/lot"]

[procedure.bh-2027.schedule]
review = 2027-04-01
vote = 2027-05-15T18:00:00
"""
SETTINGS = "procedure.bh-2027.settings"

KNOWN = (
    "award, ballot, combine_reviews, conflict, count, draw, eligibility, majority, quorum, "
    "resolution, shortlist, territory, tie"
)


@pytest.fixture
def town():
    with Platform() as platform:
        yield platform.municipality("12060052")


def opened(town, text):
    (wanted,) = read_configuration(text).values()
    return town.open_configured(wanted, actor=OFFICER)


def test_what_a_town_writes_down_is_opened(town):
    procedure = opened(town, GOOD)
    assert procedure.definition().settings["pot"] == 10_000_000
    assert procedure.definition().rules["tie"] == ("core/lower_cost@1", "core/lot@1")
    assert set(procedure.state().schedule) == {"review", "vote"}


def test_several_procedures_stand_in_one_file():
    text = GOOD + '\n[procedure.kiez-1]\nformat = "kiezkasse"\n'
    wanted = read_configuration(text)
    assert list(wanted) == ["bh-2027", "kiez-1"]
    assert wanted["kiez-1"] == ProcedureConfig(ref="kiez-1", format="kiezkasse")


def test_an_empty_file_wants_nothing():
    assert read_configuration("") == {}


# --- not TOML


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('[procedure.x]\nformat = "a\n', 2, 12),
        ("[procedure.x]\nformat = a\n", 2, 10),
        ("[procedure.x]\nformat = 1\nformat = 2\n", 3, 11),
        ("[procedure.x", 1, 13),
        ("[procedure.x]\nvote = 2027-13-01\n", 2, 12),
    ],
    ids=["open text", "bare word", "key twice", "open bracket at the end", "thirteenth month"],
)
def test_what_is_no_toml_is_told_with_line_and_column(text, line, column):
    with pytest.raises(InputError) as error:
        read_configuration(text, source="town.toml")
    assert (error.value.source, error.value.line) == ("town.toml", line)
    assert abs(error.value.column - column) <= 2  # parsers differ by a sign or two
    assert str(error.value).startswith(f"town.toml:{line}:")
    assert "(at" not in error.value.message


# --- not what a procedure is made of


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[procedur.x]\n", "procedur: unknown table; procedures are [procedure.NAME]"),
        ("procedure = 3\n", "procedure: unknown table; procedures are [procedure.NAME]"),
        ("[procedure]\nx = 3\n", "procedure.x.format: names the format, as a text"),
        ("[procedure.x]\n", "procedure.x.format: names the format, as a text"),
        ("[procedure.x]\nformat = 3\n", "procedure.x.format: names the format, as a text"),
        (
            '[procedure.x]\nformat = "f"\nsetings = {}\n',
            "procedure.x.setings: unknown key; known are format, settings, rules, schedule",
        ),
        (
            '[procedure.x]\nformat = "f"\nsettings = 3\n',
            "procedure.x.settings: is a table, [procedure.x.settings]",
        ),
        (
            '[procedure.x]\nformat = "f"\nschedule = { vote = "1 May" }\n',
            "procedure.x.schedule.vote: a day or time, or from and until, not '1 May'",
        ),
        (
            '[procedure.x]\nformat = "f"\nschedule = { vote = 18:00:00 }\n',
            (
                "procedure.x.schedule.vote: a day or time, or from and until, not "
                "datetime.time(18, 0)"
            ),
        ),
        (
            '[procedure."büdget"]\nformat = "f"\n',
            (
                "procedure.büdget: 'büdget' is no reference: "
                "1 to 120 of A-Z a-z 0-9 . _ : / -, starting alphanumeric"
            ),
        ),
    ],
    ids=[
        "misspelt table",
        "a number for the table",
        "a number for a procedure",
        "no format",
        "a number for the format",
        "misspelt key",
        "a number for settings",
        "a text for a day",
        "a time without a day",
        "a name that is no reference",
    ],
)
def test_what_a_procedure_is_not_made_of_is_told_with_its_path(text, problem):
    with pytest.raises(DefinitionError) as error:
        read_configuration(text)
    assert list(error.value.problems) == [problem]


def test_every_mistake_in_a_file_is_told_at_once():
    text = '[procedure.x]\nfromat = "f"\n[procedure.y]\nformat = "f"\nrule = 1\n[other]\n'
    with pytest.raises(DefinitionError) as error:
        read_configuration(text)
    assert [problem.partition(":")[0] for problem in error.value.problems] == [
        "other",
        "procedure.x.format",
        "procedure.y.rule",
    ]


# --- not what the format takes


def changed(**changes):
    """Write the good file with other settings, rules or days."""
    text = '[procedure.bh-2027]\nformat = "buergerhaushalt"\n'
    tables = {"settings": {"misfit": '"skip"'}, "rules": {}, "schedule": {}}
    for table, entries in tables.items():
        text += f"[procedure.bh-2027.{table}]\n"
        wanted = {**entries, **changes.get(table, {})}
        text += "".join(f"{key} = {value}\n" for key, value in wanted.items() if value)
    return text


MISTAKES = {
    "misspelt key": (
        {"settings": {"mizfit": '"skip"'}},
        "settings.mizfit: unknown key; did you mean 'misfit'?",
    ),
    "mandatory key left out": (
        {"settings": {"misfit": ""}},
        "settings.misfit: is missing and has no default",
    ),
    "text for a number": (
        {"settings": {"max_choices": '"5"'}},
        "settings.max_choices: expected a whole number, not '5'",
    ),
    "number below the least": (
        {"settings": {"max_choices": "0"}},
        "settings.max_choices: 'max_choices' must be >= 1: 0",
    ),
    "text for truth": (
        {"settings": {"screening": '"yes"'}},
        "settings.screening: expected true or false, not 'yes'",
    ),
    "amount as a number": (
        {"settings": {"pot": "100000"}},
        'settings.pot: write an amount as text, such as "100000 EUR" or "2600.50", not 100000',
    ),
    "amount in two ways": (
        {"settings": {"pot": '"1,234"'}},
        'settings.pot: \'1,234\' is no amount: write "2600", "2600.50" or "2.600,50 EUR"',
    ),
    "no money": (
        {"settings": {"pot": '"0 EUR"'}},
        "settings.pot: an amount above zero, not 0.00",
    ),
    "zone that is none": (
        {"settings": {"zone": '"Europe/Potsdam"'}},
        "settings.zone: no time zone is called 'Europe/Potsdam'; one is 'Europe/Berlin'",
    ),
    "misfit that is none": (
        {"settings": {"misfit": '"skp"'}},
        "settings.misfit: misfit 'skp' is none of skip, stop, partial, assembly, overrun(4/5)",
    ),
    "ballot that is none": (
        {"settings": {"ballot_type": '"shouting"'}},
        (
            "settings.ballot_type: expected one of support, approval, yes_no, pro_contra, "
            "cumulative, ranking, knapsack, not 'shouting'"
        ),
    ),
    "fewest above most": (
        {"settings": {"min_choices": "3", "max_choices": "2"}},
        "settings: max_choices is 2 and min_choices is 3; no ballot could be cast",
    ),
    "quotas beyond the most": (
        {"settings": {"max_choices": "2", "area_quotas": "{ Nord = { min = 3 } }"}},
        "settings: area_quotas need 3 items, but max_choices is 2",
    ),
    "quota that none can meet": (
        {"settings": {"category_quotas": "{ Schule = { min = 2, max = 1 } }"}},
        "settings.category_quotas['Schule']: max is 1 and min is 2; no ballot could be cast",
    ),
    "points where none are given": (
        {"settings": {"max_points": "5"}},
        "settings: max_points is for cumulative ballots, and ballot_type is approval",
    ),
    "overshooting nothing": (
        {"settings": {"overshoot": '"once"'}},
        "settings: overshoot is for ballots with a max_total and for those of the type knapsack",
    ),
    "limits for what is no vote": (
        {"settings": {"votes": "{ review = { max_choices = 2 } }"}},
        "settings.votes.review: no vote is held in a stage of that name; there is vote",
    ),
    "unknown slot": (
        {"rules": {"ties": '"core/lot"'}},
        f"rules.ties: unknown slot; slots are {KNOWN}",
    ),
    "guards among the rules": (
        {"rules": {"guard": '"core/cost_known"'}},
        "rules.guard: guards are bound to triggers: guards={trigger: rule}",
    ),
    "misspelt rule": (
        {"rules": {"tie": '"core/lott"'}},
        "rules.tie: no rule is called 'core/lott'; did you mean 'core/lot'?",
    ),
    "version that is not installed": (
        {"rules": {"tie": '"core/lot@7"'}},
        "rules.tie: no rule is called 'core/lot@7'; did you mean 'core/lot'?",
    ),
    "rule of another slot": (
        {"rules": {"tie": '"core/greedy"'}},
        "rules.tie: core/greedy@1 answers slot 'count'",
    ),
    "two rules where one is wanted": (
        {"rules": {"count": '["core/greedy", "core/greedy"]'}},
        "rules.count: takes one rule, not 2",
    ),
    "number for a rule": (
        {"rules": {"tie": "3"}},
        "rules.tie: a name or a list of names, not 3",
    ),
    "numbers for rules": (
        {"rules": {"tie": "[1]"}},
        "rules.tie: a name or a list of names, not [1]",
    ),
    "unknown stage": (
        {"schedule": {"vot": "2027-05-01"}},
        (
            "schedule.vot: format 'buergerhaushalt' has no such stage; "
            "it has ideas, review, vote, fund, implement"
        ),
    ),
    "hour that is skipped": (
        {"schedule": {"vote": "2027-03-28T02:30:00"}},
        (
            "schedule.vote: 2027-03-28T02:30:00 does not exist in Europe/Berlin: "
            "the clock is put forward then"
        ),
    ),
    "hour that comes twice": (
        {"schedule": {"vote": "2027-10-31T02:30:00"}},
        (
            "schedule.vote: 2027-10-31T02:30:00 exists twice in Europe/Berlin: "
            "say whether first or second"
        ),
    ),
    "time with a zone of its own": (
        {"schedule": {"vote": "2027-05-01T00:00:00Z"}},
        (
            "schedule.vote: 2027-05-01T00:00:00+00:00 carries its own zone; "
            "the procedure's zone is Europe/Berlin"
        ),
    ),
}


@pytest.mark.parametrize(("changes", "problem"), MISTAKES.values(), ids=MISTAKES)
def test_what_the_format_does_not_take_is_told_with_its_path(town, changes, problem):
    with pytest.raises(DefinitionError) as error:
        opened(town, changed(**changes))
    assert list(error.value.problems) == [f"procedure.bh-2027.{problem}"]
    with pytest.raises(NotFound):
        town.procedure("bh-2027").state()


def test_settings_and_rules_are_judged_together(town):
    changes = {"settings": {"pot": "5", "zone": '"X"'}, "rules": {"tie": '"x"', "y": '"z"'}}
    with pytest.raises(DefinitionError) as error:
        opened(town, changed(**changes))
    paths = {problem.partition(": ")[0] for problem in error.value.problems}
    place = "procedure.bh-2027"
    assert paths == {
        f"{place}.{p}" for p in ("settings.pot", "settings.zone", "rules.tie", "rules.y")
    }


def test_an_unknown_format_is_told_with_the_nearest(town):
    text = '[procedure.x]\nformat = "buergerhaushlt"\n'
    with pytest.raises(NotFound, match="did you mean 'buergerhaushalt'"):
        opened(town, text)


def test_a_mandatory_setting_of_a_format_is_asked_for(town):
    with pytest.raises(DefinitionError) as error:
        opened(town, '[procedure.k]\nformat = "kiezkasse"\n')
    assert list(error.value.problems) == [
        "procedure.k.settings.pot: is missing and has no default",
        "procedure.k.settings.region: is missing and has no default",
    ]
