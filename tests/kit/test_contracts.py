"""What is sound passes the contracts: the formats that come along, and a rule of the core."""

from attrs import evolve

from partizipation_core import Actor, Money, Objection
from partizipation_core.commands import SubmitItem, WithdrawItem
from partizipation_core.counting import Election, Project
from partizipation_core.exchange.geojson import read_areas, write_areas
from partizipation_core.formats.rules import View
from partizipation_core.kernel.state import Item, World
from partizipation_core.kernel.steps import ItemMoved
from partizipation_core.plugins.host import PluginHost
from partizipation_core.testing import (
    DeciderContract,
    ExchangeContract,
    FormatContract,
    ProjectionContract,
    RuleContract,
)
from partizipation_core.testing.contexts import context
from partizipation_core.testing.simulation import START
from partizipation_kiezkasse.regions import regions

HOST = PluginHost.discover()
SETTINGS = {"pot": "1000 EUR", "misfit": "skip"}
VOTE = HOST.registry.format("buergerhaushalt").thing.settings(misfit="skip", min_age=14)
VIEW = View(now=START, command="SubmitItem", stage="ideas", settings=VOTE)


class TestBuergerhaushalt(FormatContract):
    key = "buergerhaushalt"
    settings = SETTINGS
    seeds = (1, 2)


class TestKiezkasse(FormatContract):
    key = "kiezkasse"
    settings = {"pot": "1000 EUR", "region": "Musterkiez"}
    seeds = (1, 2)


class TestJugendbudget(FormatContract):
    key = "jugendbudget"
    settings = SETTINGS
    seeds = (1, 2)


class TestMinAge(RuleContract):
    rule = HOST.registry.rule("core/min_age").thing
    cases = [
        ((Actor.of("a", "resident", age=14), VIEW), []),
        ((Actor.of("a", "resident", age=13), VIEW), ["too_young"]),
    ]


ELECTION = Election.from_ballots(
    projects=[Project(id="a", cost=60), Project(id="b", cost=70)],
    budget=100,
    ballots=[{"a": 1}, {"b": 1}, {"a": 1}],
)


class TestGreedy(RuleContract):
    rule = HOST.registry.rule("core/greedy").thing
    cases = [((ELECTION, [], VIEW), rule(ELECTION, [], VIEW))]


IDEA = Item(ref="i", author="anna", title="Bank", state="published", cost=Money(1))


def seen_by(who):
    actor = Actor.of(who, "resident", age=30)
    return context(HOST, "buergerhaushalt", actor=actor, settings=SETTINGS, items=[IDEA])


class TestWithdraw(DeciderContract):
    decider = HOST.registry.deciders["WithdrawItem"].thing
    cases = [(WithdrawItem(item="i"), seen_by("anna"), [])]


class TestSubmit(DeciderContract):
    decider = HOST.registry.deciders["SubmitItem"].thing
    cases = [
        (SubmitItem(item="j", title="Bank"), seen_by("anna"), []),
        (SubmitItem(item="j", title=" "), seen_by("anna"), ["title_missing"]),
    ]


class TestMoved(ProjectionContract):
    cases = [
        (
            World(items={"i": IDEA}),
            ItemMoved(item="i", trigger="withdraw", state="withdrawn"),
            START,
            lambda after: after.items == {"i": evolve(IDEA, state="withdrawn")},
        )
    ]


class TestMaps(ExchangeContract):
    read = read_areas
    write = write_areas
    samples = [regions().areas]
    broken = {"{": "no JSON", '{"type": "FeatureCollection", "features": [1]}': "features[0]"}


def test_an_answer_may_be_told_as_codes():
    assert [one.code for one in TestMinAge.rule(Actor.of("a", age=3), VIEW)] == ["too_young"]
    assert isinstance(next(iter(TestMinAge.rule(Actor.of("a", age=3), VIEW))), Objection)
