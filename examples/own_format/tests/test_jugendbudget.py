"""The Jugendbudget as a town meets it: installed, found by its key, run on a real platform."""

from datetime import date
from importlib.metadata import entry_points
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest

from partizipation_core import Actor, FrozenClock, ItemRef, Money, Platform, Refused, Role
from partizipation_core.clock import start_of_day
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    PassOverItem,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.configuration import read_configuration
from partizipation_core.testing import FormatContract
from partizipation_core.texts import objection_text

HERE = Path(__file__).resolve().parents[1]
BERLIN = ZoneInfo("Europe/Berlin")
OFFICER = Actor.of("office-1", Role.OFFICER)
REVIEWER = Actor.of("reviewer-1", Role.REVIEWER)
YOUTH_COUNCIL = Actor.of("council-1", "youth_council")
RAMP, CINEMA = ItemRef("2027-001"), ItemRef("2027-002")


def young(age, ref="p-1"):
    return Actor.of(ref, Role.RESIDENT, age=age)


@pytest.fixture
def clock():
    return FrozenClock(start_of_day(date(2027, 1, 11), BERLIN))


@pytest.fixture
def platform(clock):
    with Platform(clock=clock) as platform:
        yield platform


@pytest.fixture
def town(platform):
    return platform.municipality("12060052")


@pytest.fixture
def budget(town):
    return town.open("jugend-2027", "jugendbudget", settings={"misfit": "skip"}, actor=OFFICER)


@pytest.fixture
def reviewed(budget):
    """Return the budget in the review, with two ideas found feasible."""
    for ref in (RAMP, CINEMA):
        budget.execute(SubmitItem(item=ref, title=f"Idee {ref}"), actor=young(15))
    budget.execute(AdvanceStage(), actor=OFFICER)
    for ref in (RAMP, CINEMA):
        budget.execute(TakeUpReview(item=ref), actor=REVIEWER)
        found = ReviewItem(item=ref, outcome="feasible", cost=Money.euro(500))
        budget.execute(found, actor=REVIEWER)
    return budget


def reasons(refused):
    return [objection.code for objection in refused.value.objections]


def test_it_is_found_by_its_entry_point():
    (found,) = [one for one in entry_points(group="partizipation") if one.name == "jugendbudget"]
    assert found.dist.name == "partizipation-jugendbudget"


def test_the_whole_module_stays_short():
    (module,) = (HERE / "src").rglob("*.py")
    assert len(module.read_text(encoding="utf-8").splitlines()) < 40


@pytest.mark.parametrize("age", [12, 16, 21])
def test_who_is_within_the_bracket_takes_part(budget, age):
    budget.execute(SubmitItem(item=RAMP, title="Skaterampe"), actor=young(age))
    assert budget.item(RAMP).state == "published"


@pytest.mark.parametrize("age", [11, 22, 30])
def test_who_is_outside_the_bracket_is_refused_with_the_reason(platform, budget, age):
    with pytest.raises(Refused) as refused:
        budget.execute(SubmitItem(item=RAMP, title="Skaterampe"), actor=young(age))
    (objection,) = refused.value.objections
    told = objection_text(objection, lang="de", catalogues=platform.host.texts("de"))
    assert told == "Mitmachen können alle von 12 bis 21 Jahren."
    assert budget.items() == ()


def test_who_does_not_prove_an_age_is_refused(budget):
    somebody = Actor.of("p-2", Role.RESIDENT)
    (objection,) = budget.why(SubmitItem(item=RAMP, title="Skaterampe"), actor=somebody)
    assert objection.code == "outside_age_bracket"


def test_the_bracket_holds_for_votes_too(reviewed):
    reviewed.execute(AdvanceStage(), actor=OFFICER)
    reviewed.execute(ShortlistItem(item=RAMP), actor=YOUTH_COUNCIL)
    reviewed.execute(AdvanceStage(), actor=OFFICER)
    reviewed.execute(CastBallot(choices={RAMP: 1}), actor=young(21))
    with pytest.raises(Refused) as refused:
        reviewed.execute(CastBallot(choices={RAMP: 1}), actor=young(30, "p-3"))
    assert reasons(refused) == ["outside_age_bracket"]
    assert reviewed.turnout("vote") == {"online": 1}


def test_on_its_way_to_the_vote_a_procedure_passes_the_youth_council(reviewed):
    way = [reviewed.state().stage]
    while way[-1] != "vote":
        reviewed.execute(AdvanceStage(), actor=OFFICER)
        way.append(reviewed.state().stage)
    assert way == ["review", "youth_council", "vote"]


def test_the_youth_council_decides_what_stands_on_the_ballot(reviewed):
    reviewed.execute(AdvanceStage(), actor=OFFICER)
    reviewed.execute(ShortlistItem(item=RAMP), actor=YOUTH_COUNCIL)
    reviewed.execute(PassOverItem(item=CINEMA, reason="Gibt es schon."), actor=YOUTH_COUNCIL)
    reviewed.execute(AdvanceStage(), actor=OFFICER)
    assert list(reviewed.state().papers["vote"]) == [RAMP]
    assert reviewed.item(CINEMA).state == "not_shortlisted"


def test_in_the_stage_of_the_youth_council_the_office_does_not_shortlist(reviewed):
    reviewed.execute(AdvanceStage(), actor=OFFICER)
    with pytest.raises(Refused) as refused:
        reviewed.execute(ShortlistItem(item=RAMP), actor=OFFICER)
    assert reasons(refused) == ["role_forbids"]


def test_the_toml_of_a_town_overrides_numbers_rules_and_days(town, clock):
    text = (HERE / "jugendbudget.toml").read_text(encoding="utf-8")
    (wanted,) = read_configuration(text, source="jugendbudget.toml").values()
    budget = town.open_configured(wanted, actor=OFFICER)
    assert budget.definition().rules["tie"] == (
        "core/more_votes@1",
        "core/lower_cost@1",
        "core/lot@1",
    )
    budget.execute(SubmitItem(item=RAMP, title="Skaterampe"), actor=young(10))
    (objection,) = budget.why(SubmitItem(item=CINEMA, title="Kino"), actor=young(19))
    assert objection.params == {"min_age": 10, "max_age": 18}
    clock.set(start_of_day(date(2027, 4, 1), BERLIN))
    budget.tick()
    assert budget.state().stage == "youth_council"


def test_the_buergerhaushalt_it_comes_from_is_untouched(town):
    adult = Actor.of("p-9", Role.RESIDENT, age=30)
    other = town.open("bh-2027", "buergerhaushalt", settings={"misfit": "skip"}, actor=OFFICER)
    other.execute(SubmitItem(item=RAMP, title="Trinkbrunnen"), actor=adult)
    assert "youth_council" not in [stage.key for stage in other.definition().stages]


class TestContract(FormatContract):
    """What every format promises to those who open it."""

    key = "jugendbudget"
    settings: ClassVar = {"pot": "20000 EUR", "misfit": "skip"}
