"""Diagrams: they show every way once, and drawing programs can read them."""

import csv
import html
import io
import json
import re
import shutil

import pytest

from partizipation_core import NotFound
from partizipation_core.cli.main import _run
from partizipation_core.exchange.diagram import (
    Arrow,
    Graph,
    graph_of,
    to_dot,
    to_mermaid,
    to_rows,
    to_svg,
)
from partizipation_core.texts.wording import Wording

FORMATS = ("buergerhaushalt", "kiezkasse")
SMALL = Graph(
    first="a",
    nodes={"a": 'Anfang "neu"', "b": "Ende: gut"},
    arrows=(Arrow(start="a", name="go", to="b", by=("command", "time"), rules=("core/x",)),),
    labels={"go": "weiter; los"},
    ends=("b",),
)


@pytest.fixture
def drawn(registry):
    facts = {name: offer.thing for name, offer in registry.deciders.items()}
    return lambda key, kind: graph_of(registry.format(key).thing, kind, facts, Wording())


def test_it_is_drawn_as_mermaid():
    assert to_mermaid(SMALL) == (
        "stateDiagram-v2\n"
        '    a: Anfang "neu"\n'
        "    b: Ende  gut\n"
        "    [*] --> a\n"
        "    a --> b: weiter  los\n"
        "    b --> [*]\n"
    )


def test_it_is_drawn_as_dot():
    lines = to_dot(SMALL).splitlines()
    assert r'  "a" [label="Anfang \"neu\""];' in lines
    assert '  "b" [label="Ende: gut", peripheries=2];' in lines
    assert '  "a" -> "b" [label="weiter; los"];' in lines


def test_it_is_a_table():
    assert to_rows(SMALL) == [
        {"start": "a", "name": "go", "to": "b", "by": "command time", "rules": "core/x"}
    ]


@pytest.mark.parametrize("key", FORMATS)
def test_every_move_of_an_item_is_drawn_once(drawn, registry, key):
    moves = registry.format(key).thing.lifecycle.moves
    told = [(s, name, to) for s, out in moves.items() for name, to in out.items()]
    assert [(a.start, a.name, a.to) for a in drawn(key, "items").arrows] == told


@pytest.mark.parametrize("key", FORMATS)
def test_every_stage_is_drawn_with_its_ways(drawn, registry, key):
    graph = drawn(key, "stages")
    stages = registry.format(key).thing.stages
    assert list(graph.nodes) == [stage.key for stage in stages]
    assert graph.ends == (stages[-1].key,)


def test_a_step_names_the_commands_that_take_it_and_its_guards(drawn):
    steps = {(a.start, a.name): a for a in drawn("buergerhaushalt", "items").arrows}
    assert "WithdrawItem" in steps["published", "withdraw"].by
    assert steps["feasible", "shortlist"].rules == ("core/cost_known",)


@pytest.mark.parametrize("kind", ["stages", "items"])
def test_graphviz_draws_it(drawn, kind):
    if shutil.which("dot") is None:
        pytest.skip("Graphviz is not installed")
    graph = drawn("kiezkasse", kind)
    texts = {html.unescape(one) for one in re.findall("<text[^>]*>([^<]*)<", to_svg(graph))}
    assert set(graph.nodes.values()) <= texts


def test_without_graphviz_it_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotFound, match="Graphviz is not installed"):
        to_svg(SMALL)


def test_on_the_command_line(capsys):
    assert _run(["formats", "diagram", "kiezkasse"]) == 0
    assert "    ideas: Ideen" in capsys.readouterr().out
    assert _run(["formats", "diagram", "kiezkasse", "--of", "items", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert _run(["formats", "diagram", "kiezkasse", "--of", "items", "--as", "csv"]) == 0
    assert list(csv.DictReader(io.StringIO(capsys.readouterr().out))) == rows
    assert _run(["formats", "diagram", "waldkasse"]) == 4
