"""Minutes are read by people: settings, choices and rules have names, and a vote its stage."""

import re
import typing
from collections.abc import Mapping
from enum import Enum

import attrs
import pytest

from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.pinning import pin
from partizipation_core.reports.minutes import _CHOICES, _KEYS, _SUMS, _setting
from partizipation_core.texts.wording import Wording
from partizipation_core.values import Money

HOST = PluginHost.discover()
FORMATS = {key: offer.thing for key, offer in HOST.registry.formats.items()}
NEEDED = {
    "pot": "1000 EUR",
    "misfit": "overrun(4/5)",
    "region": "Kosmosviertel",
    "shares_utility": "cost",
    "shares_completion": ["add1_exhaustive"],
}
ABBREVIATED = {"federal_state", "currency"}
"""Settings whose choices are abbreviations that people write."""


def reading(lang):
    return Wording(lang=lang, catalogues=HOST.texts(lang))


def parts(kind, name=""):
    """Yield all that settings are made of: names, choices, sums, and what has a key for each."""
    if kind is Money:
        yield "sum", name
    elif typing.get_origin(kind) is typing.Literal:
        yield from ((f"choice {name}", choice) for choice in typing.get_args(kind) if choice)
    elif isinstance(kind, type) and issubclass(kind, Enum):
        yield from ((f"choice {name}", choice.value) for choice in kind)
    elif attrs.has(kind):
        hints = typing.get_type_hints(kind)
        for field in attrs.fields(kind):
            yield "setting", field.name
            yield from parts(hints[field.name], field.name)
    else:
        within = typing.get_args(kind)
        if typing.get_origin(kind) is Mapping:
            yield "for each", name
            yield from ((f"key {name}", key) for key in typing.get_args(within[0]))
            within = within[1:]
        for one in within:
            yield from parts(one, name)


def of(form, *wanted):
    return sorted({(kind, code) for kind, code in parts(form.settings) if kind.startswith(wanted)})


def test_there_are_choices_to_look_at():
    found = {kind for form in FORMATS.values() for kind, _ in of(form, "choice")}
    assert {"choice ballot_type", "choice payout", "choice least_strength"} <= found


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("key", FORMATS)
def test_every_setting_every_choice_and_every_slot_has_a_name(key, lang):
    word, form = reading(lang), FORMATS[key]
    slots = {slot.rpartition(".")[2] for slot in form.rules}
    codes = [f"slot.{slot}" for slot in slots]
    codes += [f"setting.{name}" for _, name in of(form, "setting")]
    codes += [f"{_KEYS[kind.removeprefix('key ')]}.{key}" for kind, key in of(form, "key")]
    for kind, choice in of(form, "choice"):
        name = kind.removeprefix("choice ")
        if name not in ABBREVIATED:
            codes.append(f"{_CHOICES.get(name, name)}.{choice}")
    assert sorted(code for code in codes if word.find(code) is None) == []


@pytest.mark.parametrize("key", FORMATS)
def test_sums_are_written_as_money_and_nothing_else_is(key):
    names = {name for _, name in of(FORMATS[key], "sum")}
    assert names <= _SUMS
    others = {field for _, field in of(FORMATS[key], "setting")} - names
    assert others & _SUMS <= {"pot", "prizes"}  # the key of a pot is no number; prizes are sums


@pytest.mark.parametrize("key", FORMATS)
def test_what_has_a_key_for_each_says_what_the_keys_are(key):
    assert {name for _, name in of(FORMATS[key], "for each")} <= set(_KEYS)


# What no German text holds: a code, or a word of a setting in English.
CODE = re.compile(r"[A-Za-z]+_[a-z_]+")
ENGLISH = {
    choice
    for form in FORMATS.values()
    for kind, choice in parts(form.settings)
    if kind.startswith("choice") and kind.removeprefix("choice ") not in ABBREVIATED
} | {"true", "false", "none", "required", "payout", "by", "years"}


@pytest.mark.parametrize("key", FORMATS)
def test_no_code_stands_in_the_german_minutes(key):
    """Whatever a format sets by itself, and what a town has set, is told in German words."""
    form, word = FORMATS[key], reading("de")
    asked = {name: NEEDED[name] for name in NEEDED if name in attrs.fields_dict(form.settings)}
    settings = pin(HOST.registry, key, settings=asked, rules={}).settings
    told = [
        f"{word.label('setting', name)}: {_setting(value, name, word)}"
        for name, value in settings.items()
    ]
    told = "\n".join(told).replace("EUR", "€").replace("Europe/Berlin", "")
    assert CODE.findall(told) == []
    assert set(re.findall(r"\w+", told)) & (ENGLISH - {"online"}) == set()


NESTED = {
    "a limit of one vote": (
        "votes",
        {"vote": {"ballot_type": "knapsack", "min_total": 500, "cap": None}},
        "Abstimmung: Art des Stimmzettels: Warenkorb; Kleinste Summe je Stimmzettel: 5,00\u00a0€",
    ),
    "a part of the pot": ("area_budgets", {"Nord": 100_00}, "Nord: 100,00\u00a0€"),
    "a quota": (
        "area_quotas",
        {"Nord": {"min": 0, "max": 2}},
        "Nord: höchstens: 2; mindestens: 0",
    ),
    "a proof": (
        "least_strength",
        {"CastBallot": "eid", "vote.SubmitItem": "none"},
        "Abstimmen: mit Online-Ausweis; Vorschlag einreichen (Abstimmung): gar nicht",
    ),
    "a fraction": (
        "misfit",
        "overrun(4/5)",
        "der Topf wird überzogen, wenn ein Anteil davon gedeckt ist (4/5)",
    ),
    "a word of the town's own": (
        "checklist",
        ["Zuständigkeit (Bezirk)"],
        "Zuständigkeit (Bezirk)",
    ),
}


@pytest.mark.parametrize(("name", "value", "told"), NESTED.values(), ids=NESTED)
def test_what_stands_below_a_setting_is_told_in_words(name, value, told):
    titles = {"stage.vote": "Abstimmung"}
    assert _setting(value, name, Wording(catalogues=[titles])) == told


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("vote", "Abstimmung"),
        ("vote.2", "Abstimmung 2"),
        ("rating.10", "Bewertung 10"),
        ("unknown.2", "unknown.2"),
        ("vote.x", "vote.x"),
    ],
)
@pytest.mark.parametrize("kind", ["vote", "stage"])
def test_a_vote_that_is_held_again_is_named_by_its_stage(kind, code, told):
    titles = {"stage.vote": "Abstimmung", "stage.rating": "Bewertung"}
    assert Wording(catalogues=[titles]).label(kind, code) == told
