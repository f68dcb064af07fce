"""Freezing a roll: who is on it, and how often the rules are asked about whom."""

import pytest
from attrs import evolve

from partizipation_core import Actor, Objection, rule
from partizipation_core.kernel.context import RuleBook
from partizipation_core.kernel.electorate.roll import FreezeElectorate
from partizipation_core.kernel.franchise import Franchise, Registered, RollEntry
from partizipation_core.plugins import eligibility
from partizipation_core.plugins.host import PluginHost
from partizipation_core.testing.contexts import context

SETTINGS = {
    "pot": "1000 EUR",
    "misfit": "skip",
    "electorate": "register",
    "register_until": "2028-01-01",
}


@pytest.fixture(scope="module")
def host():
    return PluginHost.discover()


@pytest.mark.parametrize(("facts_only", "times"), [(True, 2), (False, 4)])
def test_a_rule_about_facts_alone_is_asked_once_for_all_with_the_same(host, facts_only, times):
    seen = []

    def lives_here(actor, _view):
        seen.append(actor)
        return [] if actor.attributes["residence"] == "main" else [Objection("not_resident")]

    settings = {"name": "town/counting", "facts": {"residence": ""}, "facts_only": facts_only}
    counting = rule("eligibility", **settings)(lives_here)
    people = [
        Registered(person=f"p-{number}", facts={"residence": where}, tag=bytes([number]))
        for number, where in enumerate(["main", "main", "second", "main"])
    ]
    moment = context(
        host,
        "buergerhaushalt",
        actor=Actor.of("time"),
        settings=SETTINGS,
        stage="vote",
        papers={"vote": {}},
    )
    register = [*people, Registered(person="gone", left=True)]
    moment = evolve(
        moment,
        rules=RuleBook(slots={"eligibility": [counting]}),
        franchise=Franchise(register=register),
    )
    decider = host.registry.deciders["FreezeElectorate"].thing
    facts = decider.decide(FreezeElectorate(), moment)
    assert len(seen) == times
    assert [one.tag for one in facts if isinstance(one, RollEntry)] == [b"\0", b"\1", b"\3"]
    assert facts[0].people == 3


def test_rules_of_the_core_look_at_facts_alone():
    core = [one for one in eligibility.RULES if one.slot == "eligibility"]
    assert len(core) > 8
    assert all(one.facts_only for one in core)
