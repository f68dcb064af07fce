"""Plain German of the plugins: short, complete, and asking for no more than the usual one."""

import re
import string
from importlib.resources import files
from statistics import mean

import pytest

from partizipation_core.texts import load

LEICHT = "de-x-leicht"
PACKAGES = [
    package
    for name in ("buergerhaushalt", "buergerrat", "crowdfunding", "kiezkasse")
    if (files(package := f"partizipation_{name}.texts") / LEICHT).is_dir()
]


COMPLETE = ("partizipation_buergerrat.texts", "partizipation_crowdfunding.texts")


def refusals(package, lang):
    told = load(package, lang).items()
    return {code: text for code, text in told if code.startswith("objection.")}


def sentences(text):
    plain = re.sub(r"\{[^}]*\}", "Beispiel", text)
    return [part.split() for part in re.split(r"[.!?:]+(?:\s|$)", plain) if part.strip()]


def fields(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("package", COMPLETE)
def test_every_refusal_is_told_in_plain_german(package):
    missing = set(refusals(package, "de")) - set(refusals(package, LEICHT))
    assert sorted(missing) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_sentences_are_short(package):
    told = [row for text in refusals(package, LEICHT).values() for row in sentences(text)]
    assert [" ".join(row) for row in told if len(row) > 12] == []
    assert mean(map(len, told)) <= 8


@pytest.mark.parametrize("package", PACKAGES)
def test_no_sentence_asks_for_more_than_the_usual_one(package):
    usual = load(package, "de")
    plain = load(package, LEICHT)
    more = [code for code in plain if not fields(plain[code]) <= fields(usual.get(code, ""))]
    assert more == []
