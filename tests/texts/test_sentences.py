"""A code and its parameters become a sentence, whatever they are."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core.texts import label, objection_text, render
from partizipation_core.values import Objection

NBSP = "\u00a0"


def instant(*wall):
    return int(datetime(*wall, tzinfo=UTC).timestamp()) * 1_000_000


SIX = instant(2027, 3, 1, 17)  # eighteen hours in Berlin
TOWN = {
    "objection.dog_tax": "Hundesteuer: {paid:money}.",
    "objection.broken": "Offen: {paid:money",
    "objection.over_the_pot": "Der Topf von Musterstadt reicht nicht.",
    "stage.idea": "Ideen sammeln",
    "stage.vote": "Abstimmung",
    "item.p-1": "Ein Brunnen",
}


def say(template, lang="de", **params):
    options = {name: params.pop(name) for name in ("unit", "currency", "zone") if name in params}
    return render("x", params, lang=lang, catalogues=[{"x": template}], **options)


def test_a_refusal_reads_as_a_sentence_with_amounts():
    params = {"wanted": 1_250_000, "left": 99}
    assert render("objection.over_the_pot", params) == (
        f"Es sollen 12.500,00{NBSP}€ vergeben werden, im Topf sind noch 0,99{NBSP}€."
    )
    assert render("objection.over_the_pot", params, lang="en") == (
        "€12,500.00 is to be awarded, but only €0.99 is left in the pot."
    )


FORMATS = {
    "money": ("{v:money}", {"v": 1_250_000}, "12.500,00 €", "€12,500.00"),
    "money below zero": ("{v:money}", {"v": -5}, "-0,05 €", "-€0.05"),
    "money beyond floats": (
        "{v:money}",
        {"v": 2**53 + 1},
        "90.071.992.547.409,93 €",
        "€90,071,992,547,409.93",
    ),
    "money in whole units": (
        "{v:money}",
        {"v": 2600, "unit": 1, "currency": "PLN"},
        "2.600 PLN",
        "PLN 2,600",
    ),
    "money in thousandths": (
        "{v:money}",
        {"v": 2600, "unit": 1000, "currency": "TND"},
        "2,600 TND",
        "TND 2.600",
    ),
    "number": ("{v:number}", {"v": 1234567}, "1.234.567", "1,234,567"),
    "percent": ("{v:percent}", {"v": 85}, "85 %", "85%"),
    "instant": ("{v:instant}", {"v": SIX}, "1. März 2027, 18:00 Uhr", "1 March 2027, 18:00"),
    "instant in summer": (
        "{v:instant}",
        {"v": instant(2027, 6, 30, 22)},
        "1. Juli 2027, 00:00 Uhr",
        "1 July 2027, 00:00",
    ),
    "instant elsewhere": (
        "{v:instant}",
        {"v": SIX, "zone": "America/New_York"},
        "1. März 2027, 12:00 Uhr",
        "1 March 2027, 12:00",
    ),
    "day": ("{v:day}", {"v": SIX}, "1. März 2027", "1 March 2027"),
    "one": ("{v:count a|b}", {"v": 1}, "1 a", "1 a"),
    "none": ("{v:count a|b}", {"v": 0}, "0 b", "0 b"),
    "many": ("{v:count a|b}", {"v": 1000}, "1.000 b", "1,000 b"),
    "state": ("{v:state}", {"v": "done"}, "fertig", "done"),
    "roles": ("{v:roles}", {"v": "council, x"}, "Rat, x", "council, x"),
    "roles in a row": ("{v:roles}", {"v": ("council", "x")}, "Rat, x", "council, x"),
    "no roles": ("{v:roles}", {"v": ""}, "–", "–"),
    "plain": ("{v}", {"v": "so"}, "so", "so"),
    "several": ("{v}", {"v": ("p-1", "p-2")}, "p-1, p-2", "p-1, p-2"),
    "braces in a value": ("{v}", {"v": "{v:money}"}, "{v:money}", "{v:money}"),
    "braces in a text": ("{{{v}}}", {"v": 1}, "{1}", "{1}"),
}


@pytest.mark.parametrize(("template", "params", "de", "en"), FORMATS.values(), ids=FORMATS)
def test_values_are_written_in_the_language(template, params, de, en):
    assert say(template, "de", **params).replace(NBSP, " ") == de
    assert say(template, "en", **params).replace(NBSP, " ") == en


ODD = {
    "missing": ("{v:money}", {}, "…"),
    "none": ("{v:money}", {"v": None}, "…"),
    "nameless": ("{}", {}, "…"),
    "attribute": ("{v.real}", {"v": 1}, "…"),
    "text as money": ("{v:money}", {"v": "viel"}, "viel"),
    "truth as money": ("{v:money}", {"v": True}, "True"),
    "fraction as number": ("{v:number}", {"v": "3/7"}, "3/7"),
    "instant beyond the calendar": ("{v:instant}", {"v": 10**30}, "1" + "0" * 30),
    "line break": ("{v}", {"v": "a\r\nb"}, "a b"),
    "turned direction": ("{v}!", {"v": "\u202egnp.exe"}, " gnp.exe!"),
}


@pytest.mark.parametrize(("template", "params", "expected"), ODD.values(), ids=ODD)
def test_what_cannot_be_written_leaves_the_sentence_whole(template, params, expected):
    assert say(template, **params) == expected


ANY = st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.text()))
SPECS = st.sampled_from(["", "money", "number", "percent", "instant", "count a|b", "states", "?"])


@given(value=ANY, spec=SPECS, lang=st.sampled_from(["de", "en", "ar", "", "../de", "??"]))
def test_no_value_and_no_language_ever_raises(value, spec, lang):
    assert say("von {v:%s} bis" % spec, lang, v=value).startswith("von ")  # noqa: UP031 - braces


@given(code=st.text("abc._{}:é"), params=st.dictionaries(st.text(), ANY, max_size=3))
def test_no_code_ever_raises(code, params):
    assert code in render(f"unheard.{code}", params)


def test_an_unknown_code_is_told_with_its_parameters():
    assert render("fate.eaten", {"by": "dog", "at": 3}) == "fate.eaten(at=3, by=dog)"
    assert objection_text(Objection("dog_tax", {"paid": 3})) == "dog_tax(paid=3)"


def test_a_catalogue_that_was_brought_along_comes_first():
    objection = Objection("over_the_pot", {"wanted": 1, "left": 0})
    assert objection_text(objection, catalogues=[TOWN]) == TOWN["objection.over_the_pot"]
    owed = objection_text(Objection("dog_tax", {"paid": 300}), catalogues=[{}, TOWN])
    assert owed == f"Hundesteuer: 3,00{NBSP}€."


def test_a_broken_sentence_falls_back_to_the_code():
    assert objection_text(Objection("broken", {"paid": 3}), catalogues=[TOWN]) == (
        "objection.broken(paid=3)"
    )


def test_titles_of_the_procedure_at_hand_replace_its_references():
    early = Objection("stage_not_yet", {"command": "CastBallot", "stage": "idea", "later": "vote"})
    assert objection_text(early, catalogues=[TOWN]) == (
        "„Abstimmen“ ist in der Phase „Ideen sammeln“ noch nicht vorgesehen. "
        "Die Phase dafür ist „Abstimmung“."
    )
    unknown = objection_text(Objection("item_unknown", {"item": "p-1"}), catalogues=[TOWN])
    assert unknown.startswith("Den Vorschlag „Ein Brunnen“")
    still_open = objection_text(Objection("vote_still_open", {"vote": "vote"}), catalogues=[TOWN])
    assert still_open.startswith("Die Abstimmung „Abstimmung“ läuft noch.")


def test_a_period_that_is_no_longer_one_names_whole_days():
    # a period until 31 August ends with the first instant of 1 September
    ended = instant(2027, 8, 31, 22) - 1
    told = objection_text(Objection("not_later", {"was": ended, "until": ended}))
    assert told == "Der 31. August 2027 liegt nicht nach dem bisherigen Termin (31. August 2027)."


def test_a_refusal_says_from_when_it_would_work():
    early = Objection("no_open_vote", {}, allowed_from=SIX)
    assert objection_text(early) == (
        "Zurzeit läuft keine Abstimmung. Möglich ab 1. März 2027, 18:00 Uhr."
    )
    assert objection_text(early, lang="en", zone="UTC") == (
        "There is no vote at present. Possible from 1 March 2027, 17:00."
    )


LANGUAGES = {
    "German": ("de", "fertig"),
    "Austrian German": ("de-AT", "fertig"),
    "English": ("en", "done"),
    "a language without catalogue": ("fr", "done"),
    "a path": ("../../etc", "done"),
    "nothing": ("", "done"),
}


@pytest.mark.parametrize(("lang", "expected"), LANGUAGES.values(), ids=LANGUAGES)
def test_languages_fall_back_to_their_base_and_then_to_english(lang, expected):
    assert label("state", "done", lang) == expected


def test_a_label_that_nobody_brought_is_the_code_itself():
    assert label("state", "on_hold") == "on_hold"
    assert label("state", "on_hold", catalogues=[{"state.on_hold": "ruht"}]) == "ruht"
