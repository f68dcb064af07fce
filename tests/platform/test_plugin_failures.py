"""Every hook and every rule slot, put to every kind of failure, in a procedure with a database.

Whoever fails is named with version, hook and command, and nothing is written: neither a line of
the journal nor a row of any table.
"""

from types import MappingProxyType

import pytest
from click import Group

from partizipation_core.commands import AwardItems
from partizipation_core.errors import PluginError
from partizipation_core.formats.rules import SLOTS, rule
from partizipation_core.plugins import hookimpl
from partizipation_core.plugins.hookspecs import Hooks
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_core.plugins.pinning import Answering
from partizipation_core.plugins.watching import Watch
from partizipation_core.values import Actor, Money, Role

ORIGIN = Origin("town", "town-rules", "7.1")


class Unheard(BaseException):
    """What no ``except Exception`` catches."""


class MuteError(Exception):
    """An error that fails even when it is asked what is wrong."""

    def __str__(self):
        raise RuntimeError


def raises(*_):
    raise ZeroDivisionError("divided")


def leaves(*_):
    raise SystemExit(3)


def unheard(*_):
    raise Unheard("cancelled")


def mute(*_):
    raise MuteError


def unprintable(*_):
    raise ValueError("half a character \ud800 and \0")


def wrong(*_):
    return 7


def mutates(*given):
    """Write into whatever can be reached; the first thing that holds out ends it."""
    for thing in given:
        for place in writable(thing):
            place.clear()
    raise RuntimeError("nothing gave way")


FAILURES = (raises, leaves, unheard, mute, unprintable, wrong, mutates)
SILENT = {"configure", "register_commands", "after_commit"}  # their answers say nothing


def writable(thing, seen=None, depth=0):
    """Yield every list, dict and set that can be reached from a thing by public names."""
    seen = {} if seen is None else seen
    if id(thing) in seen or depth > 9 or isinstance(thing, str | bytes | int | type):
        return
    seen[id(thing)] = thing
    if isinstance(thing, dict | list | set):
        yield thing
    if isinstance(thing, dict | MappingProxyType):
        inside = list(thing.values())
    elif isinstance(thing, list | tuple | set | frozenset):
        inside = list(thing)
    else:
        names = [one.name for one in getattr(type(thing), "__attrs_attrs__", ())]
        inside = [getattr(thing, name) for name in names if not name.startswith("_")]
    for one in inside:
        yield from writable(one, seen, depth + 1)


@pytest.fixture
def with_plugin(host, open_platform):
    """Open the same file with one more plugin: ``with_plugin(code)``."""

    def open_it(code):
        loaded = [
            Plugin(origin, host._manager.get_plugin(origin.plugin))
            for origin in host.plugins
            if origin.plugin != "core"
        ]
        return open_platform(host=PluginHost([*loaded, Plugin(ORIGIN, code)]))

    return open_it


def made_of(hook, function):
    """Make a plugin of one hook; its function is handed all that the hook offers."""
    names = [n for n in getattr(Hooks, hook).__code__.co_varnames if n != "self"]
    names = names[: getattr(Hooks, hook).__code__.co_argcount - 1]
    scope = {"function": function}
    exec(f"def {hook}(self, {', '.join(names)}): return function({', '.join(names)})", scope)  # noqa: S102
    return type("Bad", (), {hook: hookimpl(scope[hook])})()


ASKED = {
    "objections": lambda platform, budget: budget.cast("anna", "fountain"),
    "identify_participant": lambda platform, _: platform._execution.host.identify({"sub": "x"}),
    "render_text": lambda platform, _: platform._execution.host.render_text("x", {"a": 1}, "de"),
}
LOADING = {
    "configure": lambda platform: None,
    "register_formats": lambda platform: None,
    "register_rules": lambda platform: None,
    "register_deciders": lambda platform: None,
    "register_texts": lambda platform: platform._execution.host.texts("de"),
    "register_stories": lambda platform: platform._execution.host.stories(),
    "register_commands": lambda platform: platform._execution.host.add_commands(Group()),
}
AFTERWARDS = ("after_commit", "follow_ups")


def cases(hooks):
    return [
        pytest.param(hook, one, id=f"{hook}-{one.__name__}")
        for hook in hooks
        for one in FAILURES
        if not (one is wrong and hook in SILENT)
    ]


def test_every_hook_is_in_the_matrix():
    hooks = {name for name in vars(Hooks) if not name.startswith("_")}
    assert {*ASKED, *LOADING, *AFTERWARDS} == hooks


@pytest.mark.sqlite
@pytest.mark.parametrize(("hook", "failure"), cases(ASKED))
def test_who_fails_while_asked_is_named_and_nothing_is_written(
    with_plugin, budget, stored, hook, failure
):
    budget.to_the_vote(fountain=600)
    platform = with_plugin(made_of(hook, failure))
    budget.handle = platform.municipality("12060052").procedure("budget-2027")
    before = stored()
    with pytest.raises(PluginError) as error:
        ASKED[hook](platform, budget)
    told = error.value
    assert (told.distribution, told.version, told.hook) == ("town-rules", "7.1", hook)
    assert told.command == ("CastBallot" if hook == "objections" else "")
    assert stored() == before
    assert budget.faults() == []


@pytest.mark.sqlite
@pytest.mark.parametrize(("hook", "failure"), cases(LOADING))
def test_who_fails_while_loading_is_put_down_and_the_vote_goes_on(
    with_plugin, budget, hook, failure
):
    budget.to_the_vote(fountain=600)
    platform = with_plugin(made_of(hook, failure))
    LOADING[hook](platform)
    (breakage,) = platform._execution.host.broken
    assert str(breakage).startswith(f"town (distribution town-rules 7.1): {hook} failed: ")
    budget.handle = platform.municipality("12060052").procedure("budget-2027")
    budget.cast("anna", "fountain")
    assert budget.faults() == []


@pytest.mark.parametrize(("hook", "failure"), cases(AFTERWARDS))
def test_who_fails_afterwards_undoes_nothing_and_is_kept_in_the_store(
    with_plugin, new_budget, hook, failure
):
    budget = new_budget(with_plugin(made_of(hook, failure)).municipality("12060052"))
    receipt = budget.idea("fountain")
    assert budget.item("fountain").state == "published"
    assert receipt.last == len(budget.journal())
    assert {f"plugin town-rules 7.1 failed in {hook}" in one for one in budget.failures()} == {
        True
    }
    assert budget.faults() == []


@pytest.mark.sqlite
@pytest.mark.parametrize("hook", ["objections", "identify_participant", "render_text"])
def test_nothing_that_a_hook_is_asked_about_can_be_written_into(with_plugin, budget, hook):
    found = []
    budget.to_the_vote(fountain=600)
    platform = with_plugin(made_of(hook, lambda *given: found.extend(writable(given)) or None))
    budget.handle = platform.municipality("12060052").procedure("budget-2027")
    ASKED[hook](platform, budget)
    assert found == []


def test_an_observer_that_tries_to_change_history_changes_nothing(with_plugin, new_budget):
    """What it is told are values; who comes after it is told the same."""
    seen = []

    def meddle(_municipality, _procedure, recorded, notices):
        for place in (recorded, notices):
            with pytest.raises(AttributeError):
                place.clear()
        seen.extend(one.event for one in recorded)

    budget = new_budget(with_plugin(made_of("after_commit", meddle)).municipality("12060052"))
    budget.idea("fountain")
    assert seen == [one.event for one in budget.journal()]
    assert budget.failures() == []


# --- slow ones ---------------------------------------------------------------------------------


@pytest.mark.sqlite
@pytest.mark.parametrize("hook", [*ASKED, *AFTERWARDS])
def test_who_is_slow_is_let_finish_and_reported(with_plugin, budget, hook):
    budget.to_the_vote(fountain=600)
    platform = with_plugin(made_of(hook, lambda *_: None))
    host = platform._execution.host
    host.watch.patience = -1.0  # every call is a slow one
    budget.handle = platform.municipality("12060052").procedure("budget-2027")
    if hook in ASKED:
        ASKED[hook](platform, budget)
    else:
        budget.advance()
    told = [str(one).partition(" during ")[0] for one in host.slow]
    assert f"plugin town-rules 7.1 took 0.0 s in {hook}" in told
    assert budget.faults() == []


@pytest.mark.sqlite
@pytest.mark.parametrize("hook", LOADING)
def test_who_is_slow_while_loading_is_let_finish_and_reported(with_plugin, monkeypatch, hook):
    def impatient(watch, patience=-1.0):
        begin(watch, patience)

    begin = Watch.__init__
    monkeypatch.setattr(Watch, "__init__", impatient)
    answers = {"register_texts": {}, "register_stories": {}}
    platform = with_plugin(made_of(hook, lambda *_: answers.get(hook, ())))
    LOADING[hook](platform)
    told = [str(one) for one in platform._execution.host.slow]
    assert f"plugin town-rules 7.1 took 0.0 s in {hook}" in told


def test_the_report_of_slow_calls_does_not_grow_without_end():
    host = PluginHost([Plugin(ORIGIN, made_of("render_text", lambda *_: None))])
    host.watch.patience = -1.0
    for _ in range(300):
        host.render_text("x", {}, "de")
    assert len(host.slow) == 100


# --- a person's interrupt ----------------------------------------------------------------------


@pytest.mark.sqlite
def test_an_interrupt_stays_one_and_says_who_was_at_work(with_plugin, budget, stored):
    def interrupted(*_):
        raise KeyboardInterrupt

    budget.to_the_vote(fountain=600)
    platform = with_plugin(made_of("objections", interrupted))
    budget.handle = platform.municipality("12060052").procedure("budget-2027")
    before = stored()
    with pytest.raises(KeyboardInterrupt) as stopped:
        budget.cast("anna", "fountain")
    assert "town (distribution town-rules 7.1)" in stopped.value.__notes__[0]
    assert stored() == before


# --- rules -------------------------------------------------------------------------------------


@pytest.mark.parametrize("failure", [one for one in FAILURES if one is not wrong])
@pytest.mark.parametrize("slot", SLOTS)
def test_a_rule_that_fails_is_named(slot, failure):
    broken = Answering(rule(slot, name="town/broken")(failure), ORIGIN)
    with pytest.raises(PluginError) as error:
        broken({"a": 1}, [1], ())
    told = error.value
    assert (told.distribution, told.version) == ("town-rules", "7.1")
    assert told.hook == "rule town/broken@1"


@pytest.mark.parametrize("slot", sorted(set(SLOTS) - {"draw"}))  # a panel is the plugin's own
def test_a_rule_that_answers_something_else_is_named(slot):
    with pytest.raises(PluginError, match="rule town/broken@1"):
        Answering(rule(slot, name="town/broken")(wrong), ORIGIN)({}, [])


@pytest.mark.parametrize("slot", SLOTS)
def test_no_rule_can_write_into_what_it_is_handed(slot):
    mapping, row = {"fountain": 1}, [1, 2]

    def meddle(given, rows):
        given.clear()
        rows.clear()

    with pytest.raises(PluginError, match="AttributeError"):
        Answering(rule(slot, name="town/broken")(meddle), ORIGIN)(mapping, row)
    assert (mapping, row) == ({"fountain": 1}, [1, 2])


AT_WORK = {
    "eligibility": ("vote", lambda budget: budget.cast("anna", "fountain"), "CastBallot"),
    "ballot": ("vote", lambda budget: budget.cast("anna", "fountain"), "CastBallot"),
    "count": ("fund", lambda budget: budget.count(), "CountBallots"),
    "award": (
        "fund",
        lambda budget: budget.execute(
            AwardItems(amounts={"fountain": Money.euro(600)}, reason="x"),
            actor=Actor.of("council", Role.COUNCIL),
        ),
        "AwardItems",
    ),
}


@pytest.mark.sqlite
@pytest.mark.parametrize("failure", FAILURES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("slot", AT_WORK)
def test_a_rule_that_fails_at_work_changes_nothing(with_plugin, new_budget, stored, slot, failure):
    calm = True
    usual = {"count": "core/greedy"}.get(slot)

    @rule(slot, name="town/moody")
    def moody(*given):
        if not calm:
            return failure(*given)
        return platform._execution.host.registry.rule(usual).thing(*given) if usual else ()

    platform = with_plugin(made_of("register_rules", lambda *_: [moody]))
    town = platform.municipality("12060052")
    budget = new_budget(town, rules={slot: "town/moody"})
    stage, act, command = AT_WORK[slot]
    budget.to_the_vote(fountain=600)
    if stage == "fund":
        budget.cast("anna", "fountain")
        budget.until("fund")
        if slot == "award":
            budget.count()
    before, calm = stored(), False
    with pytest.raises(PluginError) as error:
        act(budget)
    assert (error.value.distribution, error.value.version) == ("town-rules", "7.1")
    assert (error.value.hook, error.value.command) == ("rule town/moody@1", command)
    assert stored() == before
    calm = True
    act(budget)
    assert budget.faults() == []
