"""A command that no format gives to anybody is not registered, and its author is told so."""

import pytest
from attrs import frozen

from partizipation_core.errors import NotFound
from partizipation_core.formats.stages import Stage
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.platform import Platform
from partizipation_core.plugins import hookimpl
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_core.values import Actor, Role


@frozen(kw_only=True)
class Dance(Command):
    """Something that no installed format has thought of."""


@frozen(kw_only=True)
class Danced(Event):
    """It was danced."""

    def apply(self, world, at):
        yield world.opened


def dancing(**more):
    return Decider(command=Dance, decide=lambda *_: (Danced(),), events=(Danced,), **more)


@pytest.fixture
def host_with(host):
    """Make a host with one more plugin: ``host_with(register_deciders=...)``."""

    def make(**hooks):
        code = type("Dancing", (), {})()
        for name, function in hooks.items():
            setattr(code, name, hookimpl(function))
        installed = [
            Plugin(origin, host._manager.get_plugin(origin.plugin))
            for origin in host.plugins
            if origin.plugin != "core"
        ]
        return PluginHost([*installed, Plugin(Origin("dancing", "dist-dance", "1.2"), code)])

    return make


@pytest.fixture
def kiezkasse(host):
    return host.registry.format("kiezkasse").thing


def test_a_command_without_an_entry_is_not_registered_and_its_distribution_is_named(host_with):
    host = host_with(register_deciders=lambda: [dancing()])
    assert "Dance" not in host.registry.deciders
    (problem,) = host.problems
    assert problem.startswith("dancing (distribution dist-dance 1.2): command Dance is not")
    assert "name it in a format" in problem


def test_it_stops_nobody_else(host_with):
    host = host_with(register_deciders=lambda: [dancing()])
    town = Platform(host=host).municipality("12060052")
    officer = Actor.of("officer", Role.OFFICER)
    wanted = {"pot": "1000 EUR", "misfit": "skip"}
    budget = town.open("b-1", "buergerhaushalt", actor=officer, settings=wanted)
    with pytest.raises(NotFound, match=r"Dance; dancing .* no loaded format names it"):
        budget.execute(Dance(), actor=officer)


def test_what_was_recorded_stays_readable(host_with):
    host = host_with(register_deciders=lambda: [dancing()])
    assert Danced in host.event_kinds()


def dance_hall(form, **more):
    stage = Stage("ball", kind="idea", allows={Dance: [Role.RESIDENT]})
    return form.derive(key="dance_hall", insert_before={"ideas": stage}, **more)


@pytest.mark.parametrize("where", ["stage", "anytime"])
def test_an_entry_in_any_format_registers_it_whoever_brings_the_format(
    host_with, kiezkasse, where
):
    form = (
        dance_hall(kiezkasse)
        if where == "stage"
        else kiezkasse.derive(key="dance_hall", anytime={Dance: [Role.RESIDENT]})
    )
    host = host_with(register_deciders=lambda: [dancing()], register_formats=lambda: [form])
    assert "Dance" in host.registry.deciders
    assert host.problems == ()


def test_an_internal_command_needs_no_entry(host_with):
    host = host_with(register_deciders=lambda: [dancing(internal=True)])
    assert "Dance" in host.registry.deciders
    assert host.problems == ()


def test_the_commands_of_the_core_are_there_before_any_format():
    bare = PluginHost()
    assert bare.registry.formats == {}
    assert {"SubmitItem", "CastBallot"} <= set(bare.registry.deciders)
    assert bare.problems == ()
