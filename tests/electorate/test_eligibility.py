"""Who may take part: each rule with what it lets through and what it says otherwise."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from partizipation_core.clock import end_of_day, from_wall, start_of_day
from partizipation_core.commands import CastBallot, SubmitItem, SupportItem
from partizipation_core.formats.rules import View
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.kernel.electorate.day import day_that_counts
from partizipation_core.plugins import eligibility
from partizipation_core.plugins.eligibility import all_of, any_of
from partizipation_core.texts import objection_text
from partizipation_core.values import Actor, Role

BERLIN = ZoneInfo("Europe/Berlin")
RULES = {one.name: one for one in eligibility.RULES}


def view(now="2027-05-10", *, opens="2027-05-01", closes="2027-05-31", **settings):
    return View(
        now=start_of_day(date.fromisoformat(now), ZoneInfo(settings.get("zone", "Europe/Berlin"))),
        command="CastBallot",
        stage="vote",
        settings=ProcedureSettings(**settings),
        opens=opens and start_of_day(date.fromisoformat(opens), BERLIN),
        closes=closes and end_of_day(date.fromisoformat(closes), BERLIN),
    )


def person(proven=(), **facts):
    return Actor(ref="p", roles=[Role.RESIDENT], attributes=facts, proven=proven)


def codes(rule, actor, **settings):
    return [one.code for one in RULES[rule](actor, view(**settings))]


# --- age and the day that counts

SIXTEEN = {
    "today, a day too early": ({"age_on": "today"}, "2011-05-11", ["too_young"]),
    "today, on the birthday": ({"age_on": "today"}, "2011-05-10", []),
    "on the first day of the vote": ({"age_on": "opening"}, "2011-05-01", []),
    "a day after the first": ({"age_on": "opening"}, "2011-05-02", ["too_young"]),
    "on the last day of the vote": ({"age_on": "close"}, "2011-05-31", []),
    "a day after the last": ({"age_on": "close"}, "2011-06-01", ["too_young"]),
    "on a fixed day": ({"age_on": "2027-12-31"}, "2011-12-31", []),
    "after a fixed day": ({"age_on": "2027-12-31"}, "2012-01-01", ["too_young"]),
    "leap day, 28 February": ({"age_on": "2027-02-28"}, "2011-03-01", ["too_young"]),
    "the year is enough": ({"age_on": "opening"}, "2010", []),
    "the year is too late": ({"age_on": "opening"}, "2012", ["too_young"]),
    "the year is not enough": ({"age_on": "opening"}, "2011", ["age_unknown"]),
    "no closing day is set": ({"age_on": "close", "closes": None}, "2000-01-01", ["age_unknown"]),
    "not a date": ({"age_on": "today"}, "17.5.2000", ["age_unknown"]),
}


@pytest.mark.parametrize(("settings", "birth", "expected"), SIXTEEN.values(), ids=SIXTEEN)
def test_sixteen_on_the_day_that_counts(settings, birth, expected):
    assert codes("core/min_age", person(birth=birth), min_age=16, **settings) == expected


@pytest.mark.parametrize(
    ("zone", "born", "expected"),
    [("Europe/Berlin", "2011-05-10", []), ("America/New_York", "2011-05-10", ["too_young"])],
)
def test_the_day_is_that_of_the_procedure_and_not_of_the_server(zone, born, expected):
    """Just after midnight in Berlin it is still the evening before in New York."""
    now = from_wall(datetime(2027, 5, 10, 0, 30), BERLIN)  # noqa: DTZ001
    seen = view(min_age=16, zone=zone)
    seen = View(now=now, command="x", stage="vote", settings=seen.settings)
    found = RULES["core/min_age"](person(birth=born), seen)
    assert [one.code for one in found] == expected


def test_a_stage_that_ends_at_midnight_does_not_reach_into_the_next_day():
    seen = view(age_on="close", closes="2027-10-31")  # the day on which clocks are put back
    assert day_that_counts(seen) == date(2027, 10, 31)


def test_whoever_is_too_young_today_is_told_from_when():
    (objection,) = RULES["core/min_age"](person(birth="2012-02-29"), view(min_age=16))
    (leap,) = RULES["core/min_age"](person(birth="2012-02-29"), view(min_age=18))
    assert objection.allowed_from == start_of_day(date(2028, 2, 29), BERLIN)
    assert leap.allowed_from == start_of_day(date(2030, 3, 1), BERLIN)


OLDER = {
    "in the year of the limit": ("1951-06-01", []),
    "a day before the birthday": ("1950-05-11", []),
    "a year over": ("1950-05-10", ["too_old"]),
    "by the year alone unknown": ("1950", ["age_unknown_above"]),
    "by the year alone": ("1949", ["too_old"]),
}


@pytest.mark.parametrize(("birth", "expected"), OLDER.values(), ids=OLDER)
def test_up_to_an_age_means_that_year_included(birth, expected):
    assert codes("core/max_age", person(birth=birth), max_age=76) == expected


def test_without_limits_nobody_is_asked_for_an_age():
    assert codes("core/min_age", person()) == codes("core/max_age", person()) == []


# --- belonging

LIVES = {"residence": "main"}
SECOND = {"residence": "secondary"}
BELONGING = {
    "main residence": ("core/main_residence", LIVES, {}, []),
    "secondary is not main": ("core/main_residence", SECOND, {}, ["residence_missing"]),
    "secondary residence": ("core/resident", SECOND, {}, []),
    "no residence": ("core/resident", {}, {}, ["residence_missing"]),
    "works here": ("core/works_here", {"works_here": True}, {}, []),
    "says no": ("core/works_here", {"works_here": False}, {}, ["not_at_work_here"]),
    "yes is no proof": ("core/works_here", {"works_here": "yes"}, {}, ["not_at_work_here"]),
    "declared, proof needed": (
        "core/works_here",
        {"works_here": True},
        {"proven_facts": ["works_here"]},
        ["fact_unproven"],
    ),
    "learns here": ("core/learns_here", {"learns_here": True}, {}, []),
    "learns elsewhere": ("core/learns_here", {}, {}, ["not_learning_here"]),
    "an adult vouches": ("core/sponsored", {"sponsor": "adult"}, {}, []),
    "only clubs may": (
        "core/sponsored",
        {"sponsor": "adult"},
        {"sponsors": ["organisation"]},
        ["no_sponsor"],
    ),
    "one way of several": (
        "core/belongs_here",
        {"learns_here": True},
        {"belongs_by": ["main_residence", "learning"]},
        [],
    ),
    "none of the ways": (
        "core/belongs_here",
        {"works_here": True},
        {"belongs_by": ["main_residence", "learning"]},
        ["belongs_elsewhere"],
    ),
    "a way that lacks its proof": (
        "core/belongs_here",
        {"works_here": True},
        {"belongs_by": ["main_residence", "work"], "proven_facts": ["works_here"]},
        ["fact_unproven"],
    ),
    "no nationality is asked for": ("core/nationality", {}, {}, []),
    "one of two nationalities": (
        "core/nationality",
        {"nationalities": "TR,DE"},
        {"nationalities": ["DE", "FR"]},
        [],
    ),
    "another nationality": (
        "core/nationality",
        {"nationalities": "TR"},
        {"nationalities": ["DE", "FR"]},
        ["nationality_missing"],
    ),
    "a known area": ("core/known_area", {"area": "Nord"}, {"areas": ["Nord"]}, []),
    "an area of another town": (
        "core/known_area",
        {"area": "Ost"},
        {"areas": ["Nord"]},
        ["home_area_unknown"],
    ),
}


@pytest.mark.parametrize(
    ("rule", "facts", "settings", "expected"), BELONGING.values(), ids=BELONGING
)
def test_belonging(rule, facts, settings, expected):
    assert codes(rule, person(**facts), **settings) == expected


def test_what_is_proven_is_taken_as_proof():
    worker = person({"works_here"}, works_here=True)
    assert codes("core/works_here", worker, proven_facts=["works_here"]) == []


# --- putting rules together

LIVES_OR_WORKS = any_of("town/lives_or_works", RULES["core/resident"], RULES["core/works_here"])
ADULT_WORKER = all_of("town/adult_worker", RULES["core/min_age"], RULES["core/works_here"])


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        (LIVES_OR_WORKS, LIVES, []),
        (LIVES_OR_WORKS, {"works_here": True}, []),
        (LIVES_OR_WORKS, {}, ["one_of_these_is_enough", "residence_missing", "not_at_work_here"]),
        (ADULT_WORKER, {"birth": "1990", "works_here": True}, []),
        (ADULT_WORKER, {}, ["age_unknown", "not_at_work_here"]),
    ],
)
def test_rules_together(rule, facts, expected):
    assert [one.code for one in rule(person(**facts), view(min_age=18))] == expected


def test_rules_together_need_the_facts_of_all():
    assert dict(LIVES_OR_WORKS.facts) == {"residence": ""}
    assert dict(ADULT_WORKER.facts) == {"birth": "min_age"}


# --- territories, in a procedure

OTHER = {"rules": {"territory": "core/own_area_and_others"}}


@pytest.mark.parametrize(
    ("rules", "choices", "expected"),
    [
        ("core/own_area", "ad", []),
        ("core/own_area", "ab", ["own_area_only"]),
        ("core/own_area_and_others", "abd", []),
        ("core/own_area_and_others", "bd", []),
        ("core/own_area_and_others", "abc", ["too_many_areas_beside_own"]),
        ("core/own_area_and_others", "bc", ["too_many_areas_beside_own"]),
    ],
)
def test_areas_on_one_ballot(open_town, rules, choices, expected):
    town = open_town(rules={"territory": rules}).to_the_vote()
    vote = CastBallot(choices=dict.fromkeys(choices, 1))
    assert [one.code for one in town.why(vote, actor=town.person("x", area="Nord"))] == expected


def test_areas_of_supports_add_up(open_town):
    town = open_town(**OTHER)
    author = Actor.of("author", Role.RESIDENT)
    for ref, area in {"a": "Nord", "b": "Süd", "c": "West", "e": "Süd"}.items():
        town.execute(SubmitItem(item=ref, title=ref, area=area), actor=author)
    anna = town.person("anna", area="Nord")
    for ref in "abe":
        town.execute(SupportItem(item=ref), actor=anna)
    assert town.refusal(SupportItem(item="c"), anna) == ["too_many_areas_beside_own"]


def test_whose_area_is_unknown_chooses_nothing_that_lies_in_one(open_town):
    town = open_town(**OTHER).to_the_vote()
    assert town.refusal(CastBallot(choices={"a": 1}), town.person("x")) == ["home_area_unknown"]


def test_the_area_comes_from_the_roll_and_not_from_what_somebody_says(by_register):
    town = by_register(rules={"territory": "core/own_area"})
    town.register("kennung;geburtsdatum;gebiet\nR-1;17.05.1980;Nord\n")
    town.to_the_vote()
    liar = town.person("R-1", area="Süd")
    assert town.refusal(CastBallot(choices={"b": 1}), liar) == ["own_area_only"]
    town.cast(liar, "a")


# --- what people are told

GOLDEN = {
    "core/min_age": "Die Teilnahme ist ab 16 Jahren möglich. Möglich ab 17. Mai 2028, 00:00 Uhr.",
    "core/max_age": "Das Alter ist nicht nachgewiesen. Die Teilnahme ist bis zum Alter von "
    "14 Jahren möglich.",
    "core/resident": "Teilnehmen kann, wer hier gemeldet ist. "
    "Es zählt: Hauptwohnung, Nebenwohnung.",
    "core/works_here": "Teilnehmen kann, wer hier arbeitet. Dazu liegt keine Angabe vor.",
    "core/sponsored": "Teilnehmen kann, für wen jemand die Patenschaft übernimmt. Möglich ist das "
    "für: eine volljährige Person, ein Verein oder eine andere Organisation.",
    "core/belongs_here": "Teilnehmen kann, wer zur Gemeinde gehört. Eines davon genügt: "
    "Hauptwohnung, Nebenwohnung.",
    "core/nationality": "Teilnehmen kann, wer eine dieser Staatsangehörigkeiten hat: DE, FR.",
}


@pytest.mark.parametrize("rule", GOLDEN)
def test_the_sentence_says_what_is_missing(rule):
    facts = {"birth": "2012-05-17"} if rule == "core/min_age" else {}
    seen = view(min_age=16, max_age=14, nationalities=["DE", "FR"])
    (objection,) = RULES[rule](person(**facts), seen)
    assert objection_text(objection, lang="de") == GOLDEN[rule]
