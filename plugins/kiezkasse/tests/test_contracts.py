"""Every format of this plugin keeps what formats promise."""

from typing import ClassVar

import pytest
from attrs import evolve

from partizipation_core import DefinitionError, Money
from partizipation_core.formats.rules import View
from partizipation_core.testing import FormatContract, RecordContract, RuleContract
from partizipation_core.testing.simulation import START
from partizipation_kiezkasse import KIEZKASSE
from partizipation_kiezkasse.caps import FundSettings, soft_cap
from partizipation_kiezkasse.jury import JuryPots, LotPot, lot_from_pots


class TestKiezkasse(FormatContract):
    key = "kiezkasse"
    settings: ClassVar = {"pot": "10000 EUR", "region": "Musterkiez"}
    seeds = (1,)


class TestKiezfonds(FormatContract):
    key = "kiezfonds"
    settings: ClassVar = {"pot": "13000 EUR", "region": "Musterkiez"}
    seeds = (1,)


class TestStadtteilkasse(FormatContract):
    key = "stadtteilkasse"
    settings: ClassVar = {"region": "Musterkiez"}
    seeds = (1,)


class TestRathausblockKiezkasse(FormatContract):
    key = "rathausblock_kiezkasse"
    settings: ClassVar = {"region": "Rathausblock"}
    seeds = (1,)


class TestRathausblockKiezfonds(FormatContract):
    key = "rathausblock_kiezfonds"
    settings: ClassVar = {"pot": "30000 EUR", "region": "Rathausblock"}
    seeds = (1,)


class TestProjektfonds(FormatContract):
    key = "projektfonds"
    settings: ClassVar = {"pot": "100000 EUR", "region": "Musterkiez"}
    seeds = (1,)


class TestStrawPoll(FormatContract):
    key = "kiezfonds_straw_poll"
    settings: ClassVar = {"pot": "10000 EUR", "region": "Musterkiez"}
    seeds = (1,)


FUND = FundSettings(region="Musterkiez", pot=Money.euro(9_000), soft_cap=Money.euro(1_000))
VIEW = View(now=START, command="AwardItems", stage="fund", settings=FUND)
NO_CAP = evolve(VIEW, settings=evolve(FUND, soft_cap=None))


class TestSoftCap(RuleContract):
    rule = soft_cap
    cases = (
        (({"a": Money.euro(1_000)}, {}, "", VIEW), []),
        (({"a": Money.euro(1_000, 1)}, {}, "", VIEW), ["over_the_soft_cap"]),
        (
            ({"a": Money.euro(1_500), "b": Money.euro(2_000)}, {}, "", VIEW),
            ["over_the_soft_cap"] * 2,
        ),
        (({"a": Money.euro(1_500)}, {}, "Ohne diesen Betrag kein Fest.", VIEW), []),
        (({"a": Money.euro(1_500)}, {}, "", NO_CAP), []),
    )


def test_a_rule_for_settings_of_another_class_says_what_to_change():
    strange = evolve(VIEW, settings=KIEZKASSE.settings(region="x", pot=Money.euro(1)))
    with pytest.raises(DefinitionError, match="derive them from FundSettings"):
        list(soft_cap({}, {}, "", strange))


class TestLotFromPots(RuleContract):
    rule = lot_from_pots
    cases = (
        (
            ({"residents": LotPot(seats=1, people=["a", "b", "c"])}, 1, evolve(VIEW, seed="7")),
            (("a",), ("c", "b")),
        ),
    )


class TestJuryPots(RecordContract):
    samples = (
        JuryPots(
            ref="jury",
            pots={"residents": LotPot(seats=1, people=["a", "b"])},
            source="Lottozahlen vom 16. Januar 2027",
            digest="0" * 64,
        ),
    )
