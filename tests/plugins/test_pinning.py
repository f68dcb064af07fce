"""Pinning: what a running procedure was opened with stays, whatever is installed later."""

import pytest
from attrs import evolve, frozen

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import (
    Actor,
    DefinitionError,
    Objection,
    PluginError,
    VoteSettings,
    rule,
)
from partizipation_core.clock import Instant
from partizipation_core.counting import UndecidedTie
from partizipation_core.formats.rules import View
from partizipation_core.plugins.pinning import pin, unpin
from partizipation_core.values import Money
from partizipation_kiezkasse import KIEZKASSE

ANNA = Actor.of("anna", "resident", age=34)
VIEW = View(
    now=Instant(0), command="CastBallot", stage="vote", settings=VoteSettings(misfit="skip")
)


def eligible(function, name="town/own", slot="eligibility", version=1):
    function.__doc__ = "Do something."
    return rule(slot, name=name, version=version)(function)


@pytest.fixture
def registry(plugin, host):
    """Return a registry that knows the Bürgerhaushalt, and further formats and rules."""

    def make(*formats, rules=()):
        contributed = [BUERGERHAUSHALT, KIEZKASSE, *formats]
        probe = plugin(
            "probe", register_formats=lambda: contributed, register_rules=lambda: list(rules)
        )
        return host(probe).registry

    return make


def pinned(registry, key="buergerhaushalt", **rules):
    return pin(registry, key, settings={"misfit": "skip"}, rules=rules)


# --- what is missing later


def test_a_newer_version_of_a_rule_changes_no_running_procedure(registry):
    old = eligible(lambda *_: [Objection("old")])
    new = eligible(lambda *_: [Objection("new")], version=2)
    running = pinned(registry(rules=[old]), eligibility="town/own")
    upgraded = registry(rules=[old, new])
    (answer,) = unpin(upgraded, running).rules.all("eligibility")
    assert answer(ANNA, VIEW) == [Objection("old")]
    assert pinned(upgraded, eligibility="town/own").rules["eligibility"] == ("town/own@2",)


def test_a_rule_that_is_gone_is_missing_and_not_another(registry):
    old = eligible(lambda *_: [])
    running = pinned(registry(rules=[old]), eligibility="town/own")
    new = eligible(lambda *_: [], version=2)
    assert unpin(registry(rules=[new]), running).rules.missing == (
        "rule town/own@1 of dist-probe 2.3.4",
    )


def test_a_guard_that_is_gone_is_missing(registry):
    guard = eligible(lambda *_: [], slot="guard")
    own = BUERGERHAUSHALT.derive(key="own", guards={"shortlist": guard})
    running = pinned(registry(own), "own")
    missing = unpin(registry(), running).rules.missing
    assert missing == (
        "rule town/own@1 of dist-probe 2.3.4",
        "format own of dist-probe 2.3.4",
    )


@frozen(kw_only=True)
class MoreSettings(VoteSettings):
    """Settings of a later version, with one more that has no default."""

    colour: str


def test_settings_that_a_later_version_cannot_read_are_missing(registry):
    running = pinned(registry())
    later = BUERGERHAUSHALT.derive(key="bh2", settings=MoreSettings, replaces="buergerhaushalt")
    found = unpin(registry(later), running)
    assert found.rules.missing == ("settings of dist-probe 2.3.4",)


@pytest.mark.parametrize("installed", ["another version", "none"])
def test_what_every_format_shares_is_known_whatever_version_is_installed(registry, installed):
    told = {"misfit": "skip", "secrecy": "open", "result_objection_days": 365, "pot": "9 EUR"}
    running = pin(registry(), "buergerhaushalt", settings=told, rules={})
    later = BUERGERHAUSHALT.derive(key="bh2", settings=MoreSettings, replaces="buergerhaushalt")
    form = "buergerhaushalt" if installed == "another version" else "gone"
    found = unpin(registry(later), evolve(running, format=form))
    assert found.rules.missing != ()
    shared = (found.settings.secrecy, found.settings.result_objection_days, found.settings.pot)
    assert shared == ("open", 365, Money.euro(9))


def test_what_is_all_there_misses_nothing(registry):
    found = unpin(registry(), pinned(registry()))
    assert found.rules.missing == ()
    assert found.settings == VoteSettings(misfit="skip")


# --- what can never work


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        (
            evolve(BUERGERHAUSHALT, key="own", rules={"combine_reviews": "core/all_must_agree"}),
            "rules.count: no rule is named, but stages.fund.allows needs one for CountBallots",
        ),
        (
            evolve(
                KIEZKASSE,
                key="own",
                rules={"combine_reviews": "core/all_must_agree", "count": "core/greedy"},
            ),
            (
                "rules.majority: no rule is named, but stages.assembly.allows needs one "
                "for RecordAssembly"
            ),
        ),
        (
            BUERGERHAUSHALT.derive(key="own", anytime={"CastBalot": ["resident"]}),
            (
                "format own.anytime.CastBalot: no loaded plugin decides it; "
                "did you mean 'CastBallot'?"
            ),
        ),
        (
            BUERGERHAUSHALT.derive(key="own", rules={"tie": "core/lott"}),
            "rules.tie: no rule is called 'core/lott'; did you mean 'core/lot'?",
        ),
        (
            BUERGERHAUSHALT.derive(key="own", guards={"award": "core/lot"}),
            "guards.award: core/lot@1 answers slot 'tie'",
        ),
    ],
    ids=["no count", "no majority", "unknown command", "unknown rule", "a rule as guard"],
)
def test_what_would_fail_in_the_middle_of_a_procedure_fails_at_its_opening(
    registry, form, problem
):
    settings = {"misfit": "skip"} if form.settings is VoteSettings else {}
    settings = settings or {"pot": "5", "region": "x"}
    with pytest.raises(DefinitionError) as error:
        pin(registry(form), "own", settings=settings, rules={})
    assert list(error.value.problems) == [problem]


def test_a_town_may_name_the_rule_that_a_format_leaves_open(registry):
    bare = evolve(BUERGERHAUSHALT, key="own", rules={"combine_reviews": "core/all_must_agree"})
    assert pinned(registry(bare), "own", count="core/greedy").rules["count"] == ("core/greedy@1",)


# --- rules that fail


def raising(*_):
    raise RuntimeError("no wood")


def late(*_):
    yield Objection("one")
    raise RuntimeError("no wood")


@pytest.mark.parametrize(
    ("slot", "function", "reason"),
    [
        ("eligibility", raising, "RuntimeError: no wood"),
        ("eligibility", late, "RuntimeError: no wood"),
        ("eligibility", lambda *_: "no", "TypeError: returned 'no', not a list of Objection"),
        ("ballot", lambda *_: 7, "TypeError: returned 7, not a list of Objection"),
        ("award", lambda *_: [7], "TypeError: returned 7 where Objection is wanted"),
        ("majority", lambda *_: True, "TypeError: returned True, not a list of Objection"),
        ("count", lambda *_: None, "TypeError: returned None, not Result"),
        ("tie", lambda *_: 7, "TypeError: returned 7, not str or Lot or Drawn"),
    ],
    ids=["raises", "raises late", "text", "number", "numbers", "truth", "no result", "no order"],
)
def test_a_rule_that_fails_is_named_with_its_distribution(registry, slot, function, reason):
    own = eligible(function, slot=slot)
    known = registry(rules=[own])
    definition = evolve(pinned(known), rules={slot: ("town/own@1",)})
    (answer,) = unpin(known, definition).rules.all(slot)
    with pytest.raises(PluginError) as error:
        answer(ANNA, VIEW)
    told = error.value
    assert (told.distribution, told.version) == ("dist-probe", "2.3.4")
    assert (told.hook, told.reason) == ("rule town/own@1", reason)


def test_a_rule_that_says_nothing_consents(registry):
    known = registry(rules=[eligible(lambda *_: None)])
    (answer,) = unpin(known, pinned(known, eligibility="town/own")).rules.all("eligibility")
    assert answer(ANNA, VIEW) == []


def test_a_tie_that_nobody_breaks_is_an_answer_and_no_failure(registry):
    def undecided(*_):
        raise UndecidedTie(["a", "b"])

    known = registry(rules=[eligible(undecided, slot="count")])
    answer = unpin(known, pinned(known, count="town/own")).rules.one("count")
    with pytest.raises(UndecidedTie):
        answer()
