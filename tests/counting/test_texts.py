"""Every code that counting can give has a sentence in every language, with the same parameters."""

import re
import string
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

import partizipation_core.counting
from partizipation_core.counting import Election, Greedy, Project, Ties

CODE = re.compile(
    r"""["']((?:fate|margin|pb|declared|official|shortlist|shares|pots|verify)\.[a-z_0-9]+)["']""",
    re.VERBOSE,
)
COMPOSED = {
    *(f"fate.below_threshold_{unit}" for unit in ("votes", "points")),
    *(f"margin.{unit}" for unit in ("votes", "points")),
    *(f"pb.{key}" for key in ("num_projects", "num_votes", "votes", "score")),
}


def catalogue(lang):
    folder = files("partizipation_core.texts") / lang
    sheets = (folder / f"{name}.toml" for name in ("counting", "shares"))
    told = [tomllib.loads(sheet.read_text(encoding="utf-8")) for sheet in sheets]
    return told[0] | told[1]


def fields(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def codes():
    room = Path(partizipation_core.counting.__file__).parent
    sources = (path.read_text(encoding="utf-8") for path in sorted(room.rglob("*.py")))
    return {code for source in sources for code in CODE.findall(source)} | COMPOSED


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_code_has_a_sentence(lang):
    assert codes() - set(catalogue(lang)) == set()


@pytest.mark.parametrize("lang", ["de", "en"])
def test_no_sentence_is_left_over(lang):
    rooms = (
        *("fate.", "margin.", "pb.", "declared.", "official.", "shortlist."),
        *("shares.", "pots.", "verify."),
    )
    told = {code for code in catalogue(lang) if code.startswith(rooms)}

    assert told - codes() == set()


def test_both_languages_fill_in_the_same():
    german, english = catalogue("de"), catalogue("en")

    assert set(german) == set(english)
    assert {c for c in german if fields(german[c]) != fields(english[c])} == set()


def test_a_fate_gives_all_that_its_sentence_fills_in():
    election = Election.from_tallies(
        projects=[Project(id=id_, cost=cost) for id_, cost in (("a", 9), ("b", 9), ("c", 1))],
        budget=10,
        tallies={"a": 3, "b": 2, "c": 1},
    )
    told = catalogue("de")
    for misfit in ("skip", "stop", "overrun(1/9)"):
        for fate in Greedy(misfit=misfit, ties=Ties("id"))(election).steps:
            for reason in (fate.reason, fate.margin.reason):
                assert fields(told[reason.code]) <= set(reason.params)
