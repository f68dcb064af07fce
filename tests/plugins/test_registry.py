"""What plugins offer: conflicts name both sides, and a format may take another's place."""

import pytest
from attrs import frozen

from partizipation_core import DefinitionError, NotFound, Platform, hookimpl, rule
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_kiezkasse import KIEZKASSE


def offering(plugin, name, *formats, **hooks):
    return plugin(name, register_formats=lambda: list(formats), **hooks)


def make_rule(name="town/own", version=1):
    @rule("tie", name=name, version=version)
    def own(_view):
        """Order by cost."""
        return "cost"

    return own


@frozen(kw_only=True)
class Dance(Command):
    """Something new."""


def dancing():
    return Decider(command=Dance, decide=lambda *_: ())


def named(problem, *names):
    return all(f"{name} (distribution dist-{name} 2.3.4)" in problem for name in names)


# --- conflicts


def test_two_formats_of_one_key_are_an_error_that_names_both(plugin, host):
    made = host(
        offering(plugin, "a", KIEZKASSE), offering(plugin, "b", KIEZKASSE.derive(key="kiezkasse"))
    )
    (problem,) = made.problems
    assert problem.startswith("format 'kiezkasse' is offered by")
    assert named(problem, "a", "b")
    with pytest.raises(DefinitionError, match="dist-a"):
        Platform(host=made)


def test_two_rules_of_one_name_and_version_are_an_error_that_names_both(plugin, host):
    made = host(
        plugin("a", register_rules=lambda: [make_rule()]),
        plugin("b", register_rules=lambda: [make_rule()]),
    )
    (problem,) = made.problems
    assert problem.startswith("rule town/own@1 is offered by")
    assert named(problem, "a", "b")


def test_the_very_same_rule_may_come_from_two(plugin, host):
    one = make_rule()
    made = host(
        plugin("a", register_rules=lambda: [one]), plugin("b", register_rules=lambda: [one])
    )
    assert made.problems == ()


def test_two_deciders_of_one_command_are_an_error_that_names_both(plugin, host):
    made = host(
        plugin("a", register_deciders=lambda: [dancing()]),
        plugin("b", register_deciders=lambda: [dancing()]),
    )
    (problem,) = made.problems
    assert problem.startswith("command Dance is offered by")
    assert named(problem, "a", "b")


def test_nobody_takes_a_decision_of_the_core_over(plugin, host):
    class CastBallot(Command):
        """Of the same name as the core's."""

    taker = Decider(command=CastBallot, decide=lambda *_: ())
    made = host(plugin("taker", register_deciders=lambda: [taker]))
    (problem,) = made.problems
    assert "command CastBallot" in problem
    assert named(problem, "taker")
    assert "partizipation-core" in problem
    with pytest.raises(DefinitionError, match="CastBallot"):
        Platform(host=made)


# --- replacing


def test_a_format_takes_the_place_of_another(plugin, host):
    other = KIEZKASSE.derive(key="kiezkasse_neu", title="Neu", replaces="kiezkasse")
    made = host(offering(plugin, "a", KIEZKASSE), offering(plugin, "b", other))
    assert made.problems == ()
    assert made.registry.format("kiezkasse").thing is other
    assert made.registry.format("kiezkasse_neu").thing is other
    assert made.registry.format("kiezkasse").origin.plugin == "b"


def test_a_format_of_the_same_key_takes_the_place_of_another(plugin, host):
    other = KIEZKASSE.derive(key="kiezkasse", title="Neu", replaces="kiezkasse")
    made = host(offering(plugin, "a", other), offering(plugin, "b", KIEZKASSE))
    assert made.problems == ()
    assert made.registry.format("kiezkasse").thing.title == "Neu"


def test_two_that_take_the_same_place_are_an_error_that_names_both(plugin, host):
    made = host(
        offering(plugin, "a", KIEZKASSE),
        offering(plugin, "b", KIEZKASSE.derive(key="b", replaces="kiezkasse")),
        offering(plugin, "c", KIEZKASSE.derive(key="c", replaces="kiezkasse")),
    )
    (problem,) = made.problems
    assert problem.startswith("the replacement of 'kiezkasse' is offered by")
    assert named(problem, "b", "c")


def test_taking_a_place_that_is_not_there_is_named(plugin, host):
    made = host(offering(plugin, "b", KIEZKASSE.derive(key="b", replaces="kietzkasse")))
    (problem,) = made.problems
    assert problem.endswith("replaces format 'kietzkasse', which nobody offers")
    assert named(problem, "b")


def test_a_replacement_may_not_come_under_a_key_in_use(plugin, host):
    made = host(
        offering(plugin, "a", KIEZKASSE, KIEZKASSE.derive(key="own")),
        offering(plugin, "b", KIEZKASSE.derive(key="own", replaces="kiezkasse")),
    )
    (problem,) = made.problems
    assert problem.startswith("format 'own' is offered by")


# --- looking up


def test_an_unknown_format_is_told_with_the_nearest(plugin, host):
    made = host(offering(plugin, "a", KIEZKASSE))
    with pytest.raises(NotFound, match="no format is called 'kiezkase'; did you mean 'kiezkasse'"):
        made.registry.format("kiezkase")


def test_without_any_format_there_is_none_to_suggest(host):
    with pytest.raises(NotFound, match="installed are none"):
        host().registry.format("kiezkasse")


@pytest.mark.parametrize(
    ("ref", "version"), [("town/own", 2), ("town/own@1", 1), ("town/own@2", 2)], ids=str
)
def test_a_rule_is_the_latest_unless_a_version_is_named(plugin, host, ref, version):
    both = [make_rule(version=2), make_rule(version=1)]
    made = host(plugin("a", register_rules=lambda: both))
    assert made.registry.rule(ref).thing.version == version


@pytest.mark.parametrize("ref", ["town/own@3", "town/own@x", "town/other"])
def test_a_rule_that_is_not_there_is_named(plugin, host, ref):
    made = host(plugin("a", register_rules=lambda: [make_rule()]))
    with pytest.raises(DefinitionError, match=f"no rule is called '{ref}'"):
        made.registry.rule(ref)


def test_rules_inside_a_format_need_no_registration(plugin, host):
    one = make_rule()
    own = KIEZKASSE.derive(key="own", rules=[one])
    assert host(offering(plugin, "a", own)).registry.rule("town/own").thing is one


# --- two hosts


def test_two_hosts_in_one_process_share_nothing(plugin, host):
    first = host(offering(plugin, "a", KIEZKASSE))
    second = host()
    assert "kiezkasse" in first.registry.formats
    assert "kiezkasse" not in second.registry.formats
    assert [origin.plugin for origin in second.plugins] == ["core"]


def test_one_plugin_may_serve_two_hosts(host):
    seen = []

    class Code:
        @hookimpl
        def after_commit(self, procedure):
            seen.append(procedure)

    shared = Plugin(Origin("x", "dist-x", "1"), Code())
    first, second = host(shared), host(shared)
    first.after_commit("m", "p-1", ())
    second.after_commit("m", "p-2", ())
    assert seen == ["p-1", "p-2"]
