"""Every format of this plugin keeps what formats promise."""

from partizipation_core import Money
from partizipation_core.testing import FormatContract, RuleContract
from partizipation_kiezkasse.caps import soft_cap


class TestKiezkasse(FormatContract):
    key = "kiezkasse"
    settings = {"pot": "10000 EUR", "region": "Musterkiez"}
    seeds = (1,)


class TestKiezfonds(FormatContract):
    key = "kiezfonds"
    settings = {"pot": "13000 EUR", "region": "Musterkiez"}
    seeds = (1,)


class TestStadtteilkasse(FormatContract):
    key = "stadtteilkasse"
    settings = {"region": "Musterkiez"}
    seeds = (1,)


class TestRathausblockKiezkasse(FormatContract):
    key = "rathausblock_kiezkasse"
    settings = {"region": "Rathausblock"}
    seeds = (1,)


class TestRathausblockKiezfonds(FormatContract):
    key = "rathausblock_kiezfonds"
    settings = {"pot": "30000 EUR", "region": "Rathausblock"}
    seeds = (1,)


class TestProjektfonds(FormatContract):
    key = "projektfonds"
    settings = {"pot": "100000 EUR", "region": "Musterkiez"}
    seeds = (1,)


class TestStrawPoll(FormatContract):
    key = "kiezfonds_straw_poll"
    settings = {"pot": "10000 EUR", "region": "Musterkiez"}
    seeds = (1,)


class TestSoftCap(RuleContract):
    rule = soft_cap(Money.euro(1_000))
    cases = (
        (({"a": Money.euro(1_000)}, {}, ""), []),
        (({"a": Money.euro(1_000, 1)}, {}, ""), ["over_the_soft_cap"]),
        (({"a": Money.euro(1_500), "b": Money.euro(2_000)}, {}, ""), ["over_the_soft_cap"] * 2),
        (({"a": Money.euro(1_500)}, {}, "Ohne diesen Betrag kein Fest."), []),
    )
