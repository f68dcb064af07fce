"""Discovery: one plugin that breaks stops nobody else, and is named."""

import pytest

from partizipation_core import DefinitionError, Platform
from partizipation_core.plugins.host import PluginHost

OURS = {"core", "buergerhaushalt", "kiezkasse"}


def loaded(host):
    return {origin.plugin for origin in host.plugins}


def broken(host):
    return [str(one) for one in host.broken]


def test_what_is_installed_is_found(installed):
    installed("town", "from partizipation_core import hookimpl\n", version="1.2")
    host = PluginHost.discover()
    assert loaded(host) >= {*OURS, "town"}
    (town,) = [origin for origin in host.plugins if origin.plugin == "town"]
    assert str(town) == "town (distribution town 1.2)"
    assert host.problems == ()


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
        ("import nothing_of_that_name", "No module named 'nothing_of_that_name'"),
        ("def broken(:\n", "SyntaxError"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
    ],
    ids=["raises", "needs what is missing", "is no Python", "leaves the program"],
)
def test_a_plugin_that_cannot_be_imported_is_named_and_stops_nobody(installed, source, problem):
    installed("bad-town", source, version="0.9")
    host = PluginHost.discover()
    assert loaded(host) >= OURS
    assert "bad-town" not in loaded(host)
    (breakage,) = broken(host)
    assert breakage.startswith("bad-town (distribution bad-town 0.9): cannot be imported:")
    assert problem in breakage
    host.require_sound()


def test_an_entry_point_into_nowhere_is_named(installed):
    installed("bad-town", "", target="made_bad_town:missing")
    (breakage,) = broken(PluginHost.discover())
    assert "AttributeError" in breakage
    assert "missing" in breakage


def test_a_person_may_interrupt_while_plugins_load(installed):
    installed("bad-town", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        PluginHost.discover()


def test_a_hook_that_does_not_exist_is_named(installed):
    source = (
        "from partizipation_core import hookimpl\n"
        "@hookimpl\ndef register_fromats(): return []\n"
        "@hookimpl\ndef objections(): raise RuntimeError\n"
    )
    installed("bad-town", source)
    host = PluginHost.discover()
    (breakage,) = broken(host)
    assert "unknown hook 'register_fromats'" in breakage
    assert not host.has("objections")


def test_an_argument_that_a_hook_has_not_is_named(installed):
    source = "from partizipation_core import hookimpl\n@hookimpl\ndef objections(comand): ...\n"
    installed("bad-town", source)
    (breakage,) = broken(PluginHost.discover())
    assert "comand" in breakage


@pytest.mark.parametrize("kind", ["wrapper", "hookwrapper"])
def test_a_wrapper_is_refused(installed, kind):
    source = (
        "from partizipation_core import hookimpl\n"
        f"@hookimpl({kind}=True)\ndef objections(): yield\n"
    )
    installed("bad-town", source)
    host = PluginHost.discover()
    (breakage,) = broken(host)
    assert breakage.endswith("hook objections is a wrapper; wrappers could swallow errors")
    assert not host.has("objections")


def test_one_name_in_two_distributions_is_an_error_that_names_both(installed):
    installed("first", point="town")
    installed("second", point="town", version="2.0")
    host = PluginHost.discover()
    (problem,) = host.problems
    assert "town (distribution first 1.0)" in problem
    assert "town (distribution second 2.0)" in problem
    with pytest.raises(DefinitionError, match="first"):
        Platform(host=host)


def test_one_module_under_two_names_is_named(installed):
    installed("first", module="made_shared")
    installed("second", module="made_shared")
    (breakage,) = broken(PluginHost.discover())
    assert breakage.startswith(
        "second (distribution second 1.0): is the same code as plugin 'first'"
    )


def test_the_name_of_the_core_cannot_be_taken(installed):
    installed("impostor", point="core")
    (problem,) = PluginHost.discover().problems
    assert "partizipation-core" in problem
    assert "impostor" in problem


# --- the allow-list


@pytest.mark.parametrize(
    ("allowed", "names"),
    [
        ("kiezkasse", {"core", "kiezkasse"}),
        (" kiezkasse , town ,", {"core", "kiezkasse", "town"}),
        ("", {"core"}),
    ],
    ids=["one", "two", "none"],
)
def test_only_what_is_on_the_list_is_loaded(installed, monkeypatch, allowed, names):
    installed("town")
    installed("bad-town", "raise RuntimeError")
    monkeypatch.setenv("PARTIZIPATION_PLUGINS", allowed)
    host = PluginHost.discover()
    assert loaded(host) == names
    assert host.problems == ()


def test_what_is_on_the_list_and_not_installed_is_named(monkeypatch):
    monkeypatch.setenv("PARTIZIPATION_PLUGINS", "kiezkasse,nowhere")
    (problem,) = PluginHost.discover().problems
    assert problem == (
        "nowhere (distribution ? ?): named in PARTIZIPATION_PLUGINS but not installed"
    )
