"""Planted faults: each is caught by the kit, with a message that names the place."""

import random
import time
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace

import pytest
from attrs import evolve, field, frozen

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import Actor, DefinitionError, Objection, Stage, hookimpl, rule
from partizipation_core.commands import ShortlistItem, SubmitItem
from partizipation_core.counting import Election, Project
from partizipation_core.errors import InputError
from partizipation_core.formats.lifecycle import Lifecycle
from partizipation_core.formats.permissions import permission_table, record
from partizipation_core.formats.rules import View
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.privacy.kinds import PSEUDONYM
from partizipation_core.kernel.state import Item, World
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.loader import Origin, Plugin
from partizipation_core.testing import (
    DeciderContract,
    ExchangeContract,
    FormatContract,
    ProjectionContract,
    RuleContract,
)
from partizipation_core.testing.contexts import context
from partizipation_core.testing.simulation import START
from partizipation_core.values import ParticipantRef

INSTALLED = PluginHost.discover()
SETTINGS = {"pot": "1000 EUR", "misfit": "skip"}
VOTE = BUERGERHAUSHALT.settings(misfit="skip")
VIEW = View(now=START, command="SubmitItem", stage="ideas", settings=VOTE)
ANNA = Actor.of("anna", "resident", age=30)


def host_with(*formats, **hooks):
    """Load formats as a plugin of their own beside those that are installed."""
    code = SimpleNamespace(**{name: hookimpl(function) for name, function in hooks.items()})
    if formats:
        code.register_formats = hookimpl(lambda: list(formats))
    names = [one for one in INSTALLED.plugins if one.plugin != "core"]
    loaded = [Plugin(one, INSTALLED._manager.get_plugin(one.plugin)) for one in names]
    return PluginHost([*loaded, Plugin(Origin("planted", "planted", "1.0"), code)])


# --- formats that cannot even be made: the place is named where they are written

LOOSE = Lifecycle(key="ok", initial="draft", moves={"draft": {"go": "end"}, "end": {}})
CANNOT_BE_MADE = {
    "a stage no edge leads to": (
        lambda: BUERGERHAUSHALT.derive(
            key="x", insert_after={"ideas": Stage("ideas", kind="idea", allows={"A": ["b"]})}
        ),
        "format x.stages.ideas: the key is used 2 times",
    ),
    "a state no move leads to": (
        lambda: Lifecycle(key="x", initial="a", moves={"a": {"go": "b"}, "b": {}, "lost": {}}),
        "lifecycle x.lost: no move leads here",
    ),
    "a move to nowhere": (
        lambda: Lifecycle(key="x", initial="a", moves={"a": {"go": "nowhere"}}),
        "lifecycle x.a.go: leads to unknown state 'nowhere'",
    ),
    "an unknown slot": (
        lambda: BUERGERHAUSHALT.derive(key="x", rules={"weather": "core/lot"}),
        "format x.rules.weather: unknown slot",
    ),
    "a guard of no step": (
        lambda: BUERGERHAUSHALT.derive(key="x", guards={"fly": "core/review_first"}),
        "format x.guards.fly",
    ),
    "a vote before ideas": (
        lambda: BUERGERHAUSHALT.derive(key="x", without=["ideas"]),
        "format x.stages: a vote comes before any stage",
    ),
    "a rule of another slot": (
        lambda: BUERGERHAUSHALT.derive(
            key="x", rules={"ballot": rule("eligibility", name="x/y")(lambda *_: [])}
        ),
        "format x.rules.ballot",
    ),
}


@pytest.mark.parametrize(("make", "told"), CANNOT_BE_MADE.values(), ids=CANNOT_BE_MADE)
def test_a_contradiction_is_told_where_it_is_written(make, told):
    with pytest.raises(DefinitionError, match=told.replace(".", r"\.")):
        make()


# --- rules


@rule("eligibility", name="planted/mutates")
def mutates(actor, view):
    """Write into what it is shown."""
    actor.attributes["seen"] = True
    return []


@rule("eligibility", name="planted/clock")
def reads_clock(actor, view):
    """Depend on the time of day."""
    return [Objection("too_young", {"min_age": 1})] if time.time() % 2 < 0 else []


@rule("eligibility", name="planted/today")
def reads_date(actor, view):
    """Depend on the date."""
    return [] if datetime.now(UTC).year > 2000 else [Objection("too_young", {"min_age": 1})]


@rule("eligibility", name="planted/chance")
def throws_dice(actor, view):
    """Depend on chance."""
    return [] if random.random() < 2 else [Objection("too_young", {"min_age": 1})]


CALLS = count()


@rule("eligibility", name="planted/moody")
def moody(actor, view):
    """Remember how often it was asked."""
    return [Objection("too_young", {"min_age": next(CALLS)})]


@rule("eligibility", name="planted/yes")
def says_yes(actor, view):
    """Answer with a truth instead of reasons."""
    return True


@rule("eligibility", name="planted/silent")
def silent(actor, view):
    return []


@rule("eligibility", name="planted/speechless")
def speechless(actor, view):
    """Object with a code that no catalogue knows."""
    return [Objection("wrong_shoes", {"size": 43})]


@rule("eligibility", name="planted/half")
def half_said(actor, view):
    """Leave out what the sentence asks for."""
    return [Objection("too_young")]


@rule("eligibility", name="planted/float")
def keeps_floats(actor, view):
    """Give a parameter that no journal takes."""
    return [Objection("too_young", {"min_age": 13.5})]


@rule("eligibility", name="planted/swallows")
def swallows(actor, view):
    """Take every error for consent."""
    try:
        too_young = actor.attributes["age"] < view.settings.min_age
        return [Objection("too_young", {"min_age": 1})] if too_young else []
    except Exception:  # noqa: BLE001 - the fault
        return []


@rule("count", name="planted/rich")
def rich(election, ties, view):
    """Give away what nobody has."""
    result = INSTALLED.registry.rule("core/greedy").thing(election, ties, view)
    return evolve_result(result, rest=result.rest + 1)


def evolve_result(result, **changes):
    from dataclasses import replace

    return replace(result, **changes)


ELECTION = Election.from_ballots(
    projects=[Project(id="a", cost=60)], budget=100, ballots=[{"a": 1}, {"a": 1}]
)
ASKED, COUNTED = (ANNA, VIEW), (ELECTION, [], VIEW)
RULES = {
    "mutates": (mutates, ASKED, "test_it_changes_nothing", "mutates|not support item"),
    "clock": (reads_clock, ASKED, "test_it_asks_nothing_but_its_arguments", r"time\.time"),
    "date": (reads_date, ASKED, "test_it_asks_nothing_but_its_arguments", r"datetime\.now"),
    "chance": (throws_dice, ASKED, "test_it_asks_nothing_but_its_arguments", r"random\.random"),
    "moody": (moody, ASKED, "test_it_asks_nothing_but_its_arguments", "planted/moody: asked"),
    "a truth": (says_yes, ASKED, "test_it_answers_as_it_should", "True"),
    "no docstring": (silent, ASKED, "test_it_says_what_it_does", "planted/silent: give"),
    "no sentence": (speechless, ASKED, "test_its_reasons_can_be_said", "objection.wrong_shoes"),
    "half a sentence": (half_said, ASKED, "test_its_reasons_can_be_said", "asks for parameters"),
    "a float": (keeps_floats, ASKED, "test_its_reasons_can_be_said", "cannot be stored"),
    "swallowed errors": (
        swallows,
        ASKED,
        "test_it_asks_nothing_but_its_arguments",
        "swallows catches every error",
    ),
    "money created": (rich, COUNTED, "test_it_creates_no_money", "rest of 41"),
    "wrong answer": (
        INSTALLED.registry.rule("core/min_age").thing,
        ASKED,
        "test_it_answers_as_it_should",
        "core/min_age asked",
    ),
}


@pytest.mark.parametrize(("planted", "given", "check", "told"), RULES.values(), ids=RULES)
def test_a_broken_rule_is_caught(planted, given, check, told):
    wanted = ["nobody_says_this"] if planted.name.startswith("core") else []
    contract = type("Broken", (RuleContract,), {"rule": planted, "cases": [(given, wanted)]})()
    with pytest.raises((AssertionError, TypeError), match=told):
        _run(contract, check)


def _run(contract, check, host=INSTALLED, **more):
    method = getattr(contract, check)
    wants = method.__code__.co_varnames[1 : method.__code__.co_argcount]
    known = {"host": host, **more}
    method(**{name: known[name] for name in wants})


# --- formats that open, and would disappoint

DANCING = Stage("dance", kind="idea", title="Tanz", allows={"Dance": ["resident"]})
NAMELESS = Stage("zwischenstufe", kind="review", allows={ShortlistItem: ["officer"]})
PLANTED_FORMATS = {
    "a command nobody decides": (
        BUERGERHAUSHALT.derive(key="planted", insert_after={"ideas": DANCING}),
        "test_every_command_is_decided",
        "Dance: no loaded plugin decides it",
    ),
    "a stage without a name": (
        BUERGERHAUSHALT.derive(key="planted", insert_after={"review": NAMELESS}),
        "test_everything_has_a_name",
        "stage.zwischenstufe: has no German name",
    ),
    "a role without a name": (
        BUERGERHAUSHALT.derive(
            key="planted",
            insert_after={
                "review": Stage("x", kind="review", title="X", allows={ShortlistItem: ["elders"]})
            },
        ),
        "test_everything_has_a_name",
        "role.elders: has no German name",
    ),
    "a step nobody may take": (
        BUERGERHAUSHALT.derive(
            key="planted",
            replace=[
                Stage(
                    "review", kind="review", title="Prüfung", allows={"WithdrawItem": ["resident"]}
                )
            ],
        ),
        "test_nothing_about_it_is_questionable",
        "stages.vote",
    ),
    "a refusal without words": (
        BUERGERHAUSHALT.derive(key="planted", rules={"eligibility": speechless}),
        "test_a_made_up_town_breaks_nothing",
        "no sentence for objection.wrong_shoes",
    ),
    "a rule with moods": (
        BUERGERHAUSHALT.derive(key="planted", rules={"eligibility": moody}),
        "test_a_made_up_town_breaks_nothing",
        "asked twice",
    ),
    "a rule that fails": (
        BUERGERHAUSHALT.derive(
            key="planted",
            rules={"eligibility": rule("eligibility", name="x/bad")(lambda *_: 1 / 0)},
        ),
        "test_a_made_up_town_breaks_nothing",
        "division by zero",
    ),
}


@pytest.mark.parametrize(
    ("planted", "check", "told"), PLANTED_FORMATS.values(), ids=PLANTED_FORMATS
)
def test_a_broken_format_is_caught(planted, check, told):
    contract = type("Broken", (FormatContract,), {"key": "planted", "settings": SETTINGS})()
    host = host_with(planted)
    with pytest.raises(AssertionError, match=told):
        _run(contract, check, host, form=planted)


def test_two_that_offer_the_same_are_caught():
    host = host_with(BUERGERHAUSHALT.derive(key="kiezkasse"))
    with pytest.raises(AssertionError, match="format 'kiezkasse' is offered by"):
        _run(FormatContract(), "test_its_plugins_are_sound", host)


@frozen(kw_only=True)
class NeighbourPhoned(Event):
    """Somebody was called."""

    privacy = {"caller": PSEUDONYM}

    caller: ParticipantRef
    telephone: str
    minutes: int


@frozen(kw_only=True)
class PhoneNeighbour(Command):
    """Call somebody."""


def test_a_personal_field_that_nobody_catalogued_is_caught():
    phone = Decider(
        command=PhoneNeighbour,
        decide=lambda *_: (),
        events=(NeighbourPhoned,),
        internal=True,
    )
    host = host_with(register_deciders=lambda: [phone])
    with pytest.raises(AssertionError, match=r"NeighbourPhoned\.telephone: says nothing") as told:
        _run(FormatContract(), "test_everything_personal_is_in_the_catalogue", host)
    assert "caller" not in str(told.value)
    assert "minutes" not in str(told.value)


def test_a_new_right_is_caught(tmp_path):
    facts = {name: offer.thing for name, offer in INSTALLED.registry.deciders.items()}
    rows = [record(line) for line in permission_table(BUERGERHAUSHALT, facts)]
    file = tmp_path / "reviewed.csv"
    text = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    file.write_text("\n".join(text) + "\n", encoding="utf-8")
    hole = BUERGERHAUSHALT.derive(key="planted", anytime={"AwardItems": ["resident"]})
    contract = type("Broken", (FormatContract,), {"key": "planted", "reviewed": file})()
    _run(contract, "test_its_rights_are_those_people_have_read", form=BUERGERHAUSHALT)
    with pytest.raises(AssertionError, match=r"new: .*AwardItems.*resident"):
        _run(contract, "test_its_rights_are_those_people_have_read", form=hole)


# --- commands and events


@frozen(kw_only=True)
class Wave(Command):
    """Wave to an item; how often is kept in no form that can be stored."""

    times: object = field(default=frozenset({1}))


@frozen(kw_only=True)
class Waved(Event):
    """Somebody waved."""

    times: int

    def apply(self, world, at):
        """Count in a place of its own."""
        yield evolve(world.items["i"], title=f"{next(CALLS)}")


@frozen(kw_only=True)
class Sneaked(Event):
    """Somebody changed the world in place."""

    def apply(self, world, at):
        """Write into the world before."""
        object.__setattr__(world.items["i"], "title", "sneaky")
        return ()


SEEN = context(INSTALLED, "buergerhaushalt", actor=ANNA, settings=SETTINGS)


def waving(decide, **more):
    return Decider(command=SubmitItem, decide=decide, **more)


DECIDERS = {
    "an event it does not declare": (
        waving(lambda *_: (Waved(times=1),)),
        "test_it_records_only_what_it_declares",
        r"returns Waved; add it to events",
    ),
    "moods": (
        waving(lambda *_: (Waved(times=next(CALLS)),), events=(Waved,)),
        "test_it_asks_nothing_but_its_arguments",
        "decided differently",
    ),
    "nothing comes of it": (
        waving(lambda *_: ()),
        "test_it_decides_as_it_should",
        "nothing came of",
    ),
    "a reason without words": (
        waving(lambda *_: (), objections=lambda *_: [Objection("too_wet")]),
        "test_its_reasons_can_be_said",
        "objection.too_wet",
    ),
    "another refusal than meant": (
        waving(lambda *_: (), objections=lambda *_: [Objection("too_wet")]),
        "test_it_decides_as_it_should",
        "too_wet",
    ),
}


@pytest.mark.parametrize(("planted", "check", "told"), DECIDERS.values(), ids=DECIDERS)
def test_a_broken_decider_is_caught(planted, check, told):
    cases = [(SubmitItem(item="i", title="x"), SEEN, [])]
    contract = type("Broken", (DeciderContract,), {"decider": planted, "cases": cases})()
    with pytest.raises(AssertionError, match=told):
        _run(contract, check)


def test_a_command_that_cannot_be_stored_is_caught():
    decider = Decider(command=Wave, decide=lambda *_: ())
    contract = type(
        "Broken", (DeciderContract,), {"decider": decider, "cases": [(Wave(), SEEN, [])]}
    )
    with pytest.raises((AssertionError, TypeError)):
        _run(contract(), "test_its_command_can_be_stored")


EVENTS = {
    "another change each time": (
        Waved(times=1),
        "test_it_can_be_replayed",
        "Waved: replayed, it changes something else",
    ),
    "a change in place": (
        Sneaked(),
        "test_it_changes_no_world_in_place",
        "Sneaked changes what it is shown",
    ),
    "another world than meant": (
        Sneaked(),
        "test_it_changes_what_it_says",
        "Sneaked: the world afterwards is not as meant",
    ),
}


@pytest.mark.parametrize(("planted", "check", "told"), EVENTS.values(), ids=EVENTS)
def test_a_broken_event_is_caught(planted, check, told):
    world = World(items={"i": Item(ref="i", author="a", title="x", state="published")})
    cases = [(world, planted, START, lambda _: False)]
    contract = type("Broken", (ProjectionContract,), {"cases": cases})()
    with pytest.raises(AssertionError, match=told):
        _run(contract, check)


# --- files


def careful(text):
    """Read numbers, one a line."""
    for number, line in enumerate(text.split(), 1):
        if not line.isdecimal():
            raise InputError(f"{line!r} is no number", line=number)
    return [int(line) for line in text.split()]


WRITTEN = count()
FILES = {
    "a field is lost": (
        careful,
        lambda them: "\n".join(map(str, them[:-1])),
        "what_is_written",
        "let the writer put down every field",
    ),
    "another file each time": (
        lambda text: careful(text)[:2],
        lambda them: "\n".join(map(str, [*them, next(WRITTEN)])),
        "writing_twice",
        "sort what has no order of its own",
    ),
    "damage is taken": (lambda text: [], str, "what_is_broken", "refuse it with an InputError"),
    "another place": (careful, str, "what_is_broken", "give the InputError the line and column"),
    "another error": (lambda text: [int(text)], str, "what_is_broken", "fails with ValueError"),
}


@pytest.mark.parametrize(("read", "write", "check", "told"), FILES.values(), ids=FILES)
def test_a_broken_reader_is_caught(read, write, check, told):
    broken = {"1\nx": "line 7"}
    body = {"read": staticmethod(read), "write": staticmethod(write)}
    contract = type("Broken", (ExchangeContract,), {**body, "samples": [[1, 2]], "broken": broken})
    (name,) = (one for one in dir(ExchangeContract) if one.startswith(f"test_{check}"))
    with pytest.raises((AssertionError, pytest.fail.Exception), match=told):
        _run(contract(), name)
