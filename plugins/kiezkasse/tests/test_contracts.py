"""Every format of this plugin keeps what formats promise."""

from typing import ClassVar

from partizipation_core import Money
from partizipation_core.testing import FormatContract, RuleContract
from partizipation_kiezkasse.caps import soft_cap


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


class TestSoftCap(RuleContract):
    rule = soft_cap(Money.euro(1_000))
    cases = (
        (({"a": Money.euro(1_000)}, {}, ""), []),
        (({"a": Money.euro(1_000, 1)}, {}, ""), ["over_the_soft_cap"]),
        (({"a": Money.euro(1_500), "b": Money.euro(2_000)}, {}, ""), ["over_the_soft_cap"] * 2),
        (({"a": Money.euro(1_500)}, {}, "Ohne diesen Betrag kein Fest."), []),
    )
