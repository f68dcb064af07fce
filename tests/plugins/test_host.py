"""The host: whoever fails is named with distribution, version, hook and command."""

import pytest

from partizipation_core import Actor, Objection, PartizipationError, PluginError, ProcedureFormat
from partizipation_core.commands import AdvanceStage, CloseProcedure
from partizipation_core.kernel.followup import FollowUp
from partizipation_core.plugins.hookspecs import Hooks

OFFICER = Actor.of("officer-1", "officer")
ANNA = Actor.of("anna", "resident")
HAND_OVER = FollowUp(procedure="p-2", command=CloseProcedure(), actor=OFFICER, key="k")


def raises(*_):
    raise RuntimeError("no wood")


def raises_ours(*_):
    raise PartizipationError("no wood")


def leaves(*_):
    raise SystemExit(3)


def late(*_):
    yield from ()
    raise RuntimeError("no wood")


def endless_text(*_):
    return "some text"


def number(*_):
    return 7


def several_numbers(*_):
    return [7]


def half_right(first):
    def answer(*_):
        yield first
        yield 7

    return answer


# The hooks whose answers are asked for while something is under way, and how to ask.
ASKED = {
    "objections": lambda host: host.objections(AdvanceStage(), None),
    "identify_participant": lambda host: host.identify({}),
    "render_text": lambda host: host.render_text("c", {}, "de"),
}
# Those that are asked while loading or talking; their failures are put down.
PUT_DOWN = {
    "configure": lambda _: None,
    "register_formats": lambda host: host.registry.formats,
    "register_rules": lambda host: host.registry.rules,
    "register_deciders": lambda host: host.registry.deciders,
    "register_texts": lambda host: host.texts("de"),
    "register_stories": lambda host: host.stories(),
    "register_commands": lambda host: host.add_commands(None),
}
# And those that are told afterwards; their failures come back as values.
AFTERWARDS = {
    "follow_ups": lambda host: list(host.follow_ups("m", "p", ())),
    "after_commit": lambda host: list(host.after_commit("m", "p", ())),
}
FREE_ANSWER = {"configure", "register_commands", "after_commit"}
FAULTS = [raises, raises_ours, leaves, late]
WRONG = [endless_text, number, several_numbers]
WRONG_FOR = {
    "render_text": [number, several_numbers],
    "register_texts": [*WRONG, lambda: {"de": {"code": 7}}, lambda: {"de": ["code"]}],
    "register_stories": [*WRONG, lambda: {"kiezkasse": "once upon a time"}],
    "objections": [*WRONG, half_right(Objection("x"))],
    "follow_ups": [*WRONG, half_right(HAND_OVER)],
}


def cases(hooks):
    return [
        pytest.param(hook, fault, id=f"{hook}-{fault.__name__.strip('<>')}-{number_}")
        for hook in hooks
        for wrong in [[] if hook in FREE_ANSWER else WRONG_FOR.get(hook, WRONG)]
        for number_, fault in enumerate([*FAULTS, *wrong])
    ]


def test_every_hook_is_put_to_the_test():
    hooks = {name for name in vars(Hooks) if not name.startswith("_")}
    assert {*ASKED, *PUT_DOWN, *AFTERWARDS} == hooks


@pytest.mark.parametrize(("hook", "fault"), cases(ASKED))
def test_who_fails_while_asked_is_named(plugin, host, hook, fault):
    made = host(plugin("bad", **{hook: fault}))
    with pytest.raises(PluginError) as error:
        ASKED[hook](made)
    told = error.value
    assert (told.distribution, told.version, told.hook) == ("dist-bad", "2.3.4", hook)
    assert told.command == ("AdvanceStage" if hook == "objections" else "")
    assert str(told).startswith(f"plugin dist-bad 2.3.4 failed in {hook}")


@pytest.mark.parametrize(("hook", "fault"), cases(PUT_DOWN))
def test_who_fails_while_loading_is_put_down_and_the_others_work(plugin, host, hook, fault):
    made = host(plugin("bad", **{hook: fault}), plugin("good", objections=lambda: ()))
    PUT_DOWN[hook](made)
    (breakage,) = made.broken
    assert str(breakage).startswith(f"bad (distribution dist-bad 2.3.4): {hook} failed: ")
    assert made.objections(AdvanceStage(), None) == ()
    assert "CastBallot" in made.registry.deciders


@pytest.mark.parametrize(("hook", "fault"), cases(AFTERWARDS))
def test_who_fails_afterwards_is_handed_back_and_the_others_are_told(plugin, host, hook, fault):
    told = []
    good = {
        "follow_ups": lambda: [HAND_OVER],
        "after_commit": lambda: told.append("good"),
    }
    for order in (1, -1):
        both = [plugin("bad", **{hook: fault}), plugin("good", **{hook: good[hook]})]
        answers = AFTERWARDS[hook](host(*both[::order]))
        (failure,) = [one for one in answers if isinstance(one, PluginError)]
        assert (failure.distribution, failure.version, failure.hook) == ("dist-bad", "2.3.4", hook)
        if hook == "follow_ups":
            assert HAND_OVER in answers
    assert hook == "follow_ups" or told == ["good", "good"]


def test_the_reason_is_told_in_the_words_of_the_failure(plugin, host):
    for fault, reason in ((raises, "RuntimeError: no wood"), (raises_ours, "no wood")):
        with pytest.raises(PluginError) as error:
            host(plugin("bad", objections=fault)).objections(AdvanceStage(), None)
        assert error.value.reason == reason
    expected = "plugin dist-bad 2.3.4 failed in objections during AdvanceStage: no wood"
    assert str(error.value) == expected


def test_a_wrong_answer_is_shown(plugin, host):
    made = host(plugin("bad", register_formats=number))
    assert str(made.broken[0]).endswith("TypeError: returned 7, not a list of ProcedureFormat")
    with pytest.raises(PluginError, match="returned 7 where Objection is wanted"):
        host(plugin("bad", objections=several_numbers)).objections(AdvanceStage(), None)


@pytest.mark.parametrize("hook", [*ASKED, *AFTERWARDS])
def test_a_person_may_interrupt_any_plugin(plugin, host, hook):
    def interrupted():
        raise KeyboardInterrupt

    made = host(plugin("slow", **{hook: interrupted}))
    with pytest.raises(KeyboardInterrupt):
        {**ASKED, **AFTERWARDS}[hook](made)


# --- what hooks are for


def test_options_reach_the_plugin_they_are_for(plugin, host):
    seen = {}
    made = host(
        plugin("a", configure=lambda options: seen.update(a=dict(options))),
        plugin("b", configure=lambda options: seen.update(b=dict(options))),
        options={"a": {"colour": "red"}},
    )
    assert seen == {"a": {"colour": "red"}, "b": {}}
    assert made.problems == ()


def test_options_for_nobody_are_named(host):
    assert host(options={"kiezkase": {}}).problems == (
        "options are set for 'kiezkase', which is not loaded",
    )


def test_objections_of_all_plugins_are_collected(plugin, host):
    made = host(
        plugin("a", objections=lambda: [Objection("from_a")]),
        plugin("b", objections=lambda command: (Objection(type(command).__name__),)),
        plugin("c", objections=lambda: None),
    )
    codes = {objection.code for objection in made.objections(AdvanceStage(), None)}
    assert codes == {"from_a", "AdvanceStage"}


def test_an_implementation_takes_only_the_arguments_it_wants(plugin, host):
    made = host(plugin("a", objections=lambda context: [Objection(context)]))
    assert made.objections(AdvanceStage(), "here") == (Objection("here"),)


def test_the_core_takes_claims_as_they_come(host):
    known = host().identify({"ref": "p-1", "roles": ["resident"], "age": 34})
    assert known == Actor.of("p-1", "resident", age=34)
    assert host().identify({"sub": "42"}) is None


def test_a_plugin_is_asked_who_somebody_is_before_the_core(plugin, host):
    def identify_participant(claims):
        return ANNA if "card" in claims else None

    made = host(plugin("cards", identify_participant=identify_participant))
    assert made.identify({"card": "7", "ref": "p-1"}) == ANNA
    assert made.identify({"ref": "p-1"}).ref == "p-1"


def test_a_plugin_may_say_a_sentence_in_its_own_words(plugin, host):
    made = host(plugin("words", render_text=lambda code, lang: f"{lang}:{code}"))
    assert made.render_text("too_young", {}, "de") == "de:too_young"
    assert host().render_text("too_young", {}, "de") is None


def test_texts_and_stories_of_plugins_are_collected(plugin, host):
    def play(_scene):
        """Play nothing."""

    made = host(
        plugin(
            "a",
            register_texts=lambda: {"de": {"x": "Ix"}, "en": {"x": "Ex"}},
            register_stories=lambda: {"kiez": play},
        )
    )
    assert made.texts("de") == ({"x": "Ix"},)
    assert made.texts("fr") == ({},)
    assert made.stories() == {"kiez": play}


def test_a_generator_runs_while_it_can_still_be_named(plugin, host):
    seen = []

    def after_commit(recorded):
        seen.append(recorded)
        yield

    host(plugin("a", after_commit=after_commit)).after_commit("m", "p", ("event",))
    assert seen == [("event",)]


def test_whether_anybody_listens_can_be_asked(plugin, host):
    assert not host().has("after_commit")
    assert host(plugin("a", after_commit=lambda: None)).has("after_commit")


def test_formats_of_the_core_are_none(host):
    assert all(not isinstance(one, ProcedureFormat) for one in host().registry.formats.values())
    assert host().registry.formats == {}
