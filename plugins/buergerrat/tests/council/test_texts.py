"""Whatever the plugin refuses or calls something, it says in every language it speaks."""

import re
import tomllib
from importlib.resources import files

import pytest

from partizipation_buergerrat.texts import PACKAGE, say


def codes(lang, name):
    folder = files(PACKAGE) / lang / f"{name}.toml"
    return set(tomllib.loads(folder.read_text(encoding="utf-8")))


@pytest.mark.parametrize("lang", ["en", "de-x-leicht"])
@pytest.mark.parametrize("name", ["council", "draw", "overview"])
def test_every_sentence_of_an_office_is_there(lang, name):
    # What settings are called stands in the minutes, of which there is no plain form.
    elsewhere = ("buergerrat.", "setting.") if lang == "de-x-leicht" else ("buergerrat.",)
    german = {code for code in codes("de", name) if not code.startswith(elsewhere)}
    assert german - codes(lang, name) == set()


@pytest.mark.parametrize("name", ["council", "draw", "overview"])
def test_plain_sentences_are_short(name):
    folder = files(PACKAGE) / "de-x-leicht" / f"{name}.toml"
    for code, text in tomllib.loads(folder.read_text(encoding="utf-8")).items():
        bare = re.sub(r"\{[^}]*\}", "x", text)
        for sentence in re.split(r"[.?!:] ", bare):
            assert len(sentence.split()) <= 14, f"{code}: {sentence}"


def test_the_draw_speaks_plain_german():
    said = say("draw.too_few", {"pool": 1, "seats": 2}, "de-x-leicht")
    assert said == "Es machen zu wenige Menschen mit. Es sind 1. Es gibt 2 Plätze."
