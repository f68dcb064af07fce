"""All procedures move in the order in which their time came, whatever the downtime."""

from datetime import date
from itertools import pairwise

import pytest
from attrs import evolve

from partizipation_core import FrozenClock, Objection, Platform, rule
from partizipation_core.clock import start_of_day
from partizipation_core.commands import CastBallot, SubmitItem
from partizipation_core.errors import Refused
from partizipation_core.formats.settings import VoteSettings
from partizipation_core.formats.stages import Edge
from partizipation_core.platform import Municipality
from partizipation_core.plugins import hookimpl
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_core.values import Actor, Role

OFFICER = Actor.of("officer-1", Role.OFFICER)
OTHER = "11000000-tk"


def schedule(*days):
    return dict(zip(("review", "vote", "fund"), (date(2027, *day) for day in days), strict=False))


@pytest.fixture
def towns(platform):
    """Three procedures in two towns, whose dates interlock."""
    first, second = platform.municipality("12060052"), platform.municipality(OTHER)
    wanted = {"pot": "1000 EUR", "misfit": "skip"}
    for town, ref, days in (
        (first, "a", [(4, 1), (6, 1)]),
        (first, "b", [(5, 1), (5, 2)]),
        (second, "a", [(3, 15), (5, 15)]),
    ):
        town.open(ref, "buergerhaushalt", actor=OFFICER, settings=wanted, schedule=schedule(*days))
    return first, second


def moves(done):
    return [(one.municipality, one.procedure, one.recorded[-1].at) for one in done]


def test_moves_are_made_in_the_order_of_their_instants_across_procedures(platform, towns, clock):
    clock.set(start_of_day(date(2027, 12, 1), towns[0].procedure("a").settings().timezone))
    done = moves(platform.tick())
    assert [(town[:2], ref) for town, ref, _ in done] == [
        ("11", "a"),
        ("12", "a"),
        ("12", "b"),
        ("12", "b"),
        ("11", "a"),
        ("12", "a"),
    ]
    assert all(first[2] <= second[2] for first, second in pairwise(done))


def test_what_was_done_is_not_done_again(platform, towns, clock):
    clock.advance(days=60)
    assert platform.tick()
    assert platform.tick() == ()


def test_a_town_moves_only_its_own(platform, towns, clock):
    first, second = towns
    clock.advance(days=400)
    assert {one.municipality for one in second.tick()} == {OTHER}
    assert first.procedure("a").state().stage == "ideas"
    assert second.procedure("a").state().stage == "vote"


def test_before_anything_is_due_nothing_moves(platform, towns):
    assert platform.tick() == ()


def test_all_procedures_are_listed_by_town_and_reference(platform, towns):
    assert [(one.municipality, one.ref) for one in platform.procedures()] == [
        (OTHER, "a"),
        ("12060052", "a"),
        ("12060052", "b"),
    ]
    assert [one.ref for one in towns[0].procedures()] == ["a", "b"]


def test_a_procedure_that_fails_is_named_and_stops_nobody_else(platform, towns, clock, sql):
    clock.advance(days=400)
    assert sql("DELETE FROM definition WHERE municipality = ?", OTHER) == 1
    done = platform.tick()
    assert [one.procedure for one in done if one.failure] == ["a"]
    assert "is gone; rebuild() of the procedure" in next(
        one.failure for one in done if one.failure
    )
    assert {town.procedure("b").state().stage for town in towns[:1]} == {"vote"}


# --- conditions


@pytest.fixture
def conditional(host_with_format):
    """A host with a format whose ideas last until there are two of them."""

    @rule("condition", name="town/two_ideas")
    def two_ideas(progress, _view):
        if len(progress.items) < 2:
            yield Objection("ideas_missing", {"given": len(progress.items)})

    return host_with_format(two_ideas)


@pytest.fixture
def host_with_format(host):
    base = host.registry.format("buergerhaushalt").thing

    def make(condition):
        by = ["condition", "command"]
        ideas = evolve(base.stages[0], edges={"advance": Edge("review", by)})
        review = evolve(base.stages[1], edges={"advance": Edge("vote", by)})
        forms = [
            base.derive(key=key, replace=[stage], conditions={f"{stage.key}.advance": condition})
            for key, stage in {"waiting": ideas, "checking": review}.items()
        ]
        code = type("Town", (), {})()
        code.register_formats = hookimpl(lambda: forms)
        loaded = [
            Plugin(origin, host._manager.get_plugin(origin.plugin))
            for origin in host.plugins
            if origin.plugin != "core"
        ]
        return PluginHost([*loaded, Plugin(Origin("town", "town-rules", "2.1"), code)])

    return make


@pytest.fixture
def waiting(conditional):
    clock = FrozenClock(start_of_day(date(2027, 3, 1), VoteSettings(misfit="skip").timezone))
    with Platform(host=conditional, clock=clock) as platform:
        town = platform.municipality("12060052")
        wanted = {"pot": "1000 EUR", "misfit": "skip"}
        yield town.open("w", "waiting", actor=OFFICER, settings=wanted)


def test_who_waits_for_a_condition_is_told_what_is_missing(waiting):
    anna = Actor.of("anna", Role.RESIDENT)
    ballot = CastBallot(choices={"i": 1})
    for number in (0, 1):
        (reason,) = waiting.why(ballot, actor=anna)
        assert (reason.code, reason.allowed_from) == ("stage_not_yet", None)
        assert [(one.code, one.params["given"]) for one in reason.allowed_when] == [
            ("ideas_missing", number)
        ]
        waiting.execute(SubmitItem(item=f"i-{number}", title="Bank"), actor=anna)
    assert waiting.state().stage == "review"
    (reason,) = waiting.why(ballot, actor=anna)
    assert reason.allowed_when == ()


def test_the_refusal_says_the_same_as_why(waiting):
    anna, ballot = Actor.of("anna", Role.RESIDENT), CastBallot(choices={"i": 1})
    with pytest.raises(Refused) as refusal:
        waiting.execute(ballot, actor=anna)
    assert refusal.value.objections == waiting.why(ballot, actor=anna)


def test_a_condition_that_cannot_be_asked_has_not_come_true(waiting, host, monkeypatch):
    """Seen in conditions: of a missing rule nothing was unmet, so the stage was left at once."""
    execution = waiting._execution
    town = Municipality(execution, waiting.municipality)
    wanted = {"pot": "1000 EUR", "misfit": "skip"}
    checked = town.open("c", "checking", actor=OFFICER, settings=wanted, schedule=schedule((4, 1)))
    monkeypatch.setattr(execution._loader, "_registry", host.registry)
    execution._loader._pinned.clear()
    execution._clock.set(start_of_day(date(2027, 4, 2), VoteSettings(misfit="skip").timezone))
    town.tick()
    assert checked.state().stage == "review"
