"""What is wrong with a ballot is said in every language, plain German included."""

import ast
import inspect

import pytest

from partizipation_core.kernel.ballots import casting, problems
from partizipation_core.texts import load, objection_text
from partizipation_core.texts.catalogue import OWN
from partizipation_core.values import Objection


def codes():
    for module in (problems, casting):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Objection":
                yield node.args[0].value


@pytest.mark.parametrize("language", ["de", "en", "de-x-leicht"])
def test_every_fault_has_its_sentence(language):
    known = load(OWN, language)
    assert [code for code in codes() if f"objection.{code}" not in known] == []


SENTENCES = (
    (
        "over_the_total",
        {"given": 110000, "max": 100000, "over": 10000},
        "Erlaubt sind höchstens 1.000,00 €, das sind 100,00 € zu viel.",
    ),
    (
        "too_many_in_area",
        {"area": "", "given": 2, "max": 1},
        "2 Vorschläge aus dem Gebiet „gesamtes Gebiet“.",
    ),
    (
        "places_skipped",
        {"places": "2, 4"},
        "In der Rangfolge ist eine Lücke: Platz 2, 4 fehlt.",
    ),
    (
        "too_many_other_areas",
        {"area": "Nord", "given": 2, "max": 1, "areas": "Süd, West"},
        "außer dem eigenen Gebiet „Nord“ noch 2 andere: Süd, West. Erlaubt sind höchstens 1.",
    ),
)


@pytest.mark.parametrize(("code", "params", "told"), SENTENCES, ids=lambda one: str(one)[:20])
def test_people_read_amounts_areas_and_places(code, params, told):
    assert told in objection_text(Objection(code, params)).replace("\u00a0", " ")
