"""Every code has its sentence in every language, and every sentence gets what it asks for."""

import ast
import string
import tomllib
from importlib import import_module
from pkgutil import walk_packages

import pytest

from partizipation_core import kernel
from partizipation_core.errors import DefinitionError
from partizipation_core.formats.items import ITEM_LIFECYCLE
from partizipation_core.formats.stages import StageKind
from partizipation_core.texts import languages, load, render
from partizipation_core.texts.catalogue import OWN
from partizipation_core.values import Role

LANGUAGES = ("de", "en")

# The assembly adds the item to what a majority rule says, which only sees the hands.
ADDED_LATER = {"no_majority": {"item"}}


def fields(sentence):
    """Name the placeholders of a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


# --- what the source raises -------------------------------------------------------------------


def source_files(root):
    return sorted(f for folder in ("src", "plugins/*/src") for f in root.glob(f"{folder}/**/*.py"))


def raised(tree):
    """List the calls of ``Objection("code", ...)``: code, known parameters (None if unknown)."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        (code, params_of(call), call.lineno)
        for call in calls
        if ast.unparse(call.func).endswith("Objection") and call.args
        for code in codes_in(call.args[0])
    ]


def codes_in(argument):
    branches = argument if isinstance(argument, ast.IfExp) else None
    values = [branches.body, branches.orelse] if branches else [argument]
    return [one.value for one in values if isinstance(one, ast.Constant)]


def params_of(call):
    given = [*call.args[1:2], *(k.value for k in call.keywords if k.arg == "params")]
    if not given:
        return set()
    keys = given[0].keys if isinstance(given[0], ast.Dict) else [None]
    return {key.value for key in keys} if all(isinstance(k, ast.Constant) for k in keys) else None


def sentences_for(file, lang):
    """Return what the owner of a file can say: the library's catalogues and its package's own."""
    package = next(p for p in file.parents if p.parent.name == "src")
    sheets = sorted((package / "texts" / lang).glob("*.toml"))
    own = [tomllib.loads(sheet.read_text(encoding="utf-8")) for sheet in sheets]
    return {code: text for part in (load(OWN, lang), *own) for code, text in part.items()}


@pytest.fixture(scope="module")
def objections(root):
    return [
        (file, line, code, params)
        for file in source_files(root)
        for code, params, line in raised(ast.parse(file.read_text(encoding="utf-8")))
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_objection_has_a_sentence(objections, lang):
    assert objections
    mute = [
        f"{file}:{line}: {code}"
        for file, line, code, _ in objections
        if f"objection.{code}" not in sentences_for(file, lang)
    ]
    assert not mute, "\n".join(mute)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_asks_for_more_than_is_given(objections, lang):
    gaps = [
        f"{file}:{line}: {code} lacks {', '.join(sorted(lacking))}"
        for file, line, code, params in objections
        if params is not None
        for lacking in [
            fields(sentences_for(file, lang).get(f"objection.{code}", ""))
            - params
            - ADDED_LATER.get(code, set())
        ]
        if lacking
    ]
    assert not gaps, "\n".join(gaps)


def test_the_scan_sees_plain_and_chosen_codes():
    source = """
yield Objection("one", {"a": 1})
yield Objection("two" if late else "three", {**params, "b": 2})
yield values.Objection("four")
yield Objection(f"{computed}")
"""
    assert raised(ast.parse(source)) == [
        ("one", {"a"}, 2),
        ("two", None, 3),
        ("three", None, 3),
        ("four", set(), 4),
    ]


# --- the catalogues among themselves ----------------------------------------------------------


def test_german_and_english_are_there():
    assert set(LANGUAGES) <= set(languages())


def test_all_languages_tell_the_same_codes():
    german, *others = (load(OWN, lang) for lang in LANGUAGES)
    for other in others:
        assert set(german) == set(other)


@pytest.mark.parametrize("code", sorted(load(OWN, "de")))
def test_languages_use_the_same_placeholders(code):
    first, *others = (fields(load(OWN, lang).get(code, "")) for lang in LANGUAGES)
    assert all(first == other for other in others)


def commands():
    found = walk_packages(kernel.__path__, f"{kernel.__name__}.")
    modules = (import_module(one.name) for one in found)
    return [d.command.__name__ for module in modules for d in getattr(module, "DECIDERS", ())]


LABELLED = {
    "state": ITEM_LIFECYCLE.states,
    "trigger": ITEM_LIFECYCLE.triggers,
    "role": tuple(Role),
    "stage_kind": tuple(StageKind),
    "command": tuple(commands()),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", LABELLED)
def test_everything_the_kernel_knows_has_a_label(kind, lang):
    assert [c for c in LABELLED[kind] if f"{kind}.{c}" not in load(OWN, lang)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_labels_speak_of_nothing_the_kernel_does_not_know(lang):
    known = {f"{kind}.{code}" for kind, codes in LABELLED.items() for code in codes}
    labels = {code for code in load(OWN, lang) if code.partition(".")[0] in LABELLED}
    assert labels <= known


# --- reading catalogues -----------------------------------------------------------------------


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Make an importable package with catalogues, as a plugin brings them."""
    count = len(list(tmp_path.iterdir()))
    name = f"catalogues_of_{tmp_path.name.replace('-', '_')}_{count}"
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(**sheets):
        folder = tmp_path / name / "de"
        folder.mkdir(parents=True)
        (folder.parent / "__init__.py").touch()
        for sheet, text in sheets.items():
            (folder / f"{sheet}.toml").write_bytes(text.encode("latin-1"))
        return name

    return write


def test_a_plugin_brings_its_own_catalogue(package):
    name = package(one='"objection.dog_tax" = "Hundesteuer fehlt."', two='"state.x" = "ruht"')
    own = load(name, "de")
    assert languages(name) == ("de",)
    assert render("objection.dog_tax", {}, catalogues=[own]) == "Hundesteuer fehlt."
    assert own["state.x"] == "ruht"
    assert load(name, "en") == {}


DAMAGED = {
    "no TOML": ({"one": '"a" = '}, "one.toml: Invalid value"),
    "not UTF-8": ({"one": '"a" = "\xe4"'}, "one.toml: .*utf-8"),
    "a number": ({"one": '"a" = 1'}, "one.toml: 'a' is no text"),
    "a bare key": ({"one": 'a.b = "text"'}, "one.toml: 'a' is no text; write codes in quotes"),
    "a code twice": ({"one": '"a" = "1"', "two": '"a" = "2"'}, "two.toml: 'a' has a sentence"),
}


@pytest.mark.parametrize(("sheets", "message"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_catalogue_is_named_with_its_place(package, sheets, message):
    with pytest.raises(DefinitionError, match=message):
        load(package(**sheets), "de")
