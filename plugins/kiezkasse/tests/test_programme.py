"""A year over 20 regions: shares by residents, two Kiezpat:innen each in their own region."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from partizipation_core import Actor, Money, Platform, Role
from partizipation_core.clock import FrozenClock, start_of_day
from partizipation_core.commands import AdmitItem, EnterItem, SubmitItem
from partizipation_core.errors import DefinitionError
from partizipation_kiezkasse.programme import Programme, schedule
from partizipation_kiezkasse.regions import regions
from partizipation_kiezkasse.year import planned

OFFICER = Actor.of("spk-1", Role.OFFICER)
NORTH, SOUTH = "090520", "090413"
NAMES = {NORTH: "Köpenick Nord", SOUTH: "Köpenick Süd"}
PATRONS = {NORTH: ("n1", "n2"), SOUTH: ("s1", "s2")}


def two(**changes):
    told = {"names": NAMES, "patrons": PATRONS, **changes}
    return Programme.of(2027, Money.euro(10_000), {NORTH: 3, SOUTH: 1}, **told)


def test_a_hundred_thousand_over_the_twenty_regions():
    programme = planned(2027)
    amounts = programme.split.amounts
    assert set(amounts) == {area.key for area in regions().areas}
    assert Money.total(amounts.values()) == Money.euro(100_000)
    assert amounts["090309"] == Money.euro(10_100)  # Altglienicke
    assert amounts["090311"] == amounts["090416"] == min(amounts.values()) == Money.euro(2_600)
    assert {amount.cents % 100_00 for amount in amounts.values()} == {0}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"names": {NORTH: "Köpenick Nord"}}, f"names.{SOUTH}: the region has no name"),
        ({"patrons": {**PATRONS, SOUTH: ("s1",)}}, f"patrons.{SOUTH}: 2 different people, not s1"),
        ({"patrons": {**PATRONS, SOUTH: ("s1", "s1")}}, f"patrons.{SOUTH}: 2 different people"),
        ({"patrons": {NORTH: PATRONS[NORTH]}}, f"patrons.{SOUTH}: 2 different people, not -"),
        ({"patrons": {**PATRONS, SOUTH: ("n1", "s2")}}, "n1 has the region 090520 already"),
    ],
    ids=["no name", "one patron", "the same twice", "nobody", "two regions"],
)
def test_a_programme_that_contradicts_itself_is_refused(changes, told):
    with pytest.raises(DefinitionError, match=told):
        two(**changes)


@pytest.fixture
def opened():
    clock = FrozenClock(start_of_day(date(2027, 1, 4), ZoneInfo("Europe/Berlin")))
    with Platform(clock=clock) as platform:
        town, programme = platform.municipality("11000000-tk"), two()
        handles = programme.open(town, {NORTH: date(2027, 4, 1)}, actor=OFFICER)
        yield town, programme, handles


def test_every_region_gets_a_procedure_with_its_share_and_its_dates(opened):
    town, programme, handles = opened
    assert handles[NORTH].ledger().available() == Money.euro(7_400)
    assert handles[SOUTH].ledger().available() == Money.euro(2_600)
    assert set(handles[NORTH].state().schedule) == set(schedule(date(2027, 4, 1)))
    assert handles[SOUTH].state().schedule == {}
    assert programme.handles(town)[SOUTH].settings().region == "Köpenick Süd"


def test_kiezpatinnen_act_in_their_own_region_only(opened):
    _, programme, handles = opened
    north, south = (kiez.stewards() for kiez in programme.kieze)
    idea = {"title": "Bänke", "cost": Money.euro(300)}
    for area, handle in handles.items():
        handle.execute(
            SubmitItem(item="bench", area=area, **idea), actor=Actor.of("anna", Role.RESIDENT)
        )
    codes = [one.code for one in handles[SOUTH].why(AdmitItem(item="bench"), actor=north[0])]
    assert "other_area" in codes
    mine = [one.code for one in handles[SOUTH].why(AdmitItem(item="bench"), actor=south[1])]
    assert "other_area" not in mine
    told = EnterItem(item="tree", area=SOUTH, channel="assembly", **idea)
    assert [one.code for one in handles[SOUTH].why(told, actor=north[1])] == ["other_area"]
    assert handles[SOUTH].why(told, actor=south[0]) == ()


def test_a_year_with_less_money_is_another_programme():
    less = planned(2025, Money.euro(75_000))
    assert Money.total(less.split.amounts.values()) == Money.euro(75_000)
    assert evolve(less, year=2026).kieze[0].ref == "kiezkasse-2026-090101"
