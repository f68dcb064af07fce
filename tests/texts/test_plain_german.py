"""Plain German: what residents meet is there, and is short enough to be understood.

Two measures, on the sentences with every placeholder taken as one word of eight letters:

- mean words a sentence, at most 8, and no sentence over 12;
- LIX (C.-H. Björnsson, Läsbarhet, 1968): words a sentence + 100 x share of words over six
  letters, at most 35. Up to 40 is the range of books for children and young people.

Besides that, at most 3 % of the words have more than fourteen letters. A measure finds long
sentences, not hard ones: the catalogue stays a draft until readers have tested it.
"""

import ast
import re
import string
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from pkgutil import walk_packages
from statistics import mean

import pytest

from partizipation_core import kernel
from partizipation_core.formats.items import ITEM_LIFECYCLE
from partizipation_core.plugins.host import PluginHost
from partizipation_core.texts import load, objection_text
from partizipation_core.texts.catalogue import OWN
from partizipation_core.texts.wording import Wording
from partizipation_core.values import Objection, Role

LEICHT = "de-x-leicht"
EVERYWHERE = ("account", "permission", "stage", "voice")
FORMATS = ("buergerhaushalt", "kiezkasse")


def fields(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def sentences(text):
    plain = re.sub(r"\{[^}]*\}", "Beispiel", text)
    return [part.split() for part in re.split(r"[.!?:]+(?:\s|$)", plain) if part.strip()]


def words(rows):
    stripped = (re.sub(r"[^\w-]", "", word) for row in rows for word in row)
    return [word for word in stripped if word]


def lix(rows):
    found = words(rows)
    return len(found) / len(rows) + 100 * sum(len(word) > 6 for word in found) / len(found)


@pytest.fixture(scope="module")
def told():
    """Every whole sentence of the catalogue; labels are no sentences."""
    kinds = ("objection", "why")
    texts = [text for code, text in load(OWN, LEICHT).items() if code.startswith(kinds)]
    return [row for text in texts for row in sentences(text)]


# --- short


def test_sentences_are_short_on_average(told):
    assert mean(map(len, told)) <= 8


def test_no_sentence_is_long(told):
    assert [" ".join(row) for row in told if len(row) > 12] == []


def test_it_reads_like_a_book_for_the_young(told):
    assert lix(told) <= 35


def test_it_reads_more_easily_than_the_usual_german(told):
    german = load(OWN, "de")
    both = (code for code in load(OWN, LEICHT) if code in german)
    usual = [german[code] for code in both if code.startswith("objection.")]
    assert lix(told) + 5 <= lix([row for text in usual for row in sentences(text)])


def test_long_words_are_rare(told):
    found = words(told)
    assert sum(len(word) > 14 for word in found) <= 0.03 * len(found)


def test_the_measure_knows_long_from_short():
    assert lix(sentences("Sie haben schon gewählt.")) < 40
    assert (
        lix(sentences("Verwaltungsinterne Zuständigkeitsüberschneidungen verhindern dies.")) > 60
    )


# --- complete


def resident_rooms():
    """Name the modules of the kernel whose commands some format gives to residents."""
    registry = PluginHost.discover().registry
    given = {
        command
        for key in FORMATS
        for stage in registry.format(key).thing.stages
        for command, roles in stage.allows.items()
        if Role.RESIDENT in roles
    }
    for found in walk_packages(kernel.__path__, f"{kernel.__name__}."):
        module = import_module(found.name)
        deciders = getattr(module, "DECIDERS", ())
        common = found.name.rpartition(".")[2] in EVERYWHERE
        if not found.ispkg and (common or any(one.name in given for one in deciders)):
            yield module


def files_of(module):
    """List the files of a room, which may be a folder."""
    return sorted(module.parent.glob("*.py")) if module.name == "__init__.py" else [module]


def codes_of(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Objection"):
            for one in ast.walk(node.args[0]):
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value


def test_every_objection_that_residents_meet_is_there(root):
    own = root / "src" / "partizipation_core"
    rooms = [Path(room.__file__) for room in resident_rooms()]
    rules = [own / "plugins" / f"{name}.py" for name in ("eligibility", "standard")]
    electorate = [own / "kernel" / "access.py"]
    met = {code for file in (*rooms, *rules, *electorate) for code in codes_of(file)}
    assert {"already_voted", "stage_not_yet", "too_young", "not_the_author"} <= met
    assert sorted(code for code in met if f"objection.{code}" not in load(OWN, LEICHT)) == []


NAMED = {
    "state": ITEM_LIFECYCLE.states,
    "role": tuple(Role),
    "command": ("SubmitItem", "WithdrawItem", "CastBallot", "ReplaceBallot"),
}


@pytest.mark.parametrize("kind", NAMED)
def test_everything_residents_meet_has_a_name(kind):
    texts = load(OWN, LEICHT)
    assert [code for code in NAMED[kind] if f"{kind}.{code}" not in texts] == []


@pytest.mark.parametrize("code", sorted(set(load(OWN, LEICHT)) & set(load(OWN, "de"))))
def test_no_sentence_asks_for_more_than_the_usual_one(code):
    assert fields(load(OWN, LEICHT)[code]) <= fields(load(OWN, "de")[code])


def test_every_sheet_tells_only_what_its_german_twin_tells():
    for sheet in (files(OWN) / LEICHT).iterdir():
        if (files(OWN) / "de" / sheet.name).is_file():
            codes = re.findall(r'^"([^"]+)" = ', sheet.read_text(encoding="utf-8"), re.MULTILINE)
            assert [code for code in codes if code not in load(OWN, "de")] == []


def test_every_sheet_says_that_it_is_a_draft():
    for sheet in (files(OWN) / LEICHT).iterdir():
        assert "Entwurf" in sheet.read_text(encoding="utf-8").partition("\n")[0]


# --- used


def test_a_reader_of_plain_german_gets_it_with_dates_as_germans_write_them():
    asked = Objection("stage_not_yet", {"command": "CastBallot", "stage": "i", "later": "v"}, 0)
    titles = {"stage.i": "Ideen", "stage.v": "Wahl"}
    assert objection_text(asked, lang=LEICHT, catalogues=[titles]) == (
        "„Abstimmen“ geht jetzt noch nicht. Das geht erst in der Phase „Wahl“. "
        "Jetzt läuft die Phase „Ideen“. Es geht ab 1. Januar 1970, 01:00 Uhr."
    )


def test_what_is_missing_is_told_in_the_usual_german():
    assert Wording(lang=LEICHT).label("channel", "paper") == "auf Papier"
    assert Wording(lang=LEICHT).money(480_000) == "4.800,00\N{NO-BREAK SPACE}€"
