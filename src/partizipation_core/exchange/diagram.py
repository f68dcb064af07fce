"""Diagrams: a format's stages and the path of its items, as text that drawing programs read.

Mermaid is drawn by many web pages, DOT by Graphviz. The tables hold the same as rows.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from typing import Literal

from attrs import asdict, frozen

from partizipation_core.errors import NotFound
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.permissions import CommandFacts, ways
from partizipation_core.texts.wording import Wording

__all__ = ["Arrow", "Graph", "graph_of", "to_dot", "to_mermaid", "to_rows", "to_svg"]

Kind = Literal["stages", "items"]


@frozen(kw_only=True)
class Arrow:
    """One way in a diagram.

    Args:
        start: key of the node it leaves.
        name: name of the edge or trigger.
        to: key of the node it leads to.
        by: what takes it: ``command``, ``time`` or ``condition`` for stages, commands for items.
        rules: rules that may object.
    """

    start: str
    name: str
    to: str
    by: tuple[str, ...]
    rules: tuple[str, ...]


@frozen(kw_only=True)
class Graph:
    """What a diagram shows: nodes with their names for people, the ways between them, the ends."""

    first: str
    nodes: Mapping[str, str]
    arrows: tuple[Arrow, ...]
    labels: Mapping[str, str]
    ends: tuple[str, ...]


def graph_of(
    form: ProcedureFormat, kind: Kind, facts: Mapping[str, CommandFacts], wording: Wording
) -> Graph:
    """Read the graph of a format's stages or items off its data.

    Args:
        form: the format.
        kind: ``stages`` or ``items``.
        facts: name of each command → what its decider says of itself.
        wording: the words for states, steps and ways.
    """
    if kind == "stages":
        nodes = {one.key: one.title or wording.label("stage", one.key) for one in form.stages}
        arrows, first, label = tuple(_ways(form)), form.stages[0].key, "edge"
        going_on = {arrow.start for arrow in arrows if arrow.name == "advance"}
    else:
        nodes = {state: wording.label("state", state) for state in form.lifecycle.states}
        arrows, first, label = tuple(_moves(form, facts)), form.lifecycle.initial, "trigger"
        going_on = {arrow.start for arrow in arrows}
    names = {arrow.name: wording.label(label, arrow.name) for arrow in arrows}
    ends = tuple(node for node in nodes if node not in going_on)
    return Graph(first=first, nodes=nodes, arrows=arrows, labels=names, ends=ends)


def _ways(form: ProcedureFormat) -> Iterator[Arrow]:
    for way in ways(form):
        yield Arrow(
            start=way.stage,
            name=way.edge,
            to=way.to,
            by=tuple(way.by.split()),
            rules=tuple(way.conditions.split()),
        )


def _moves(form: ProcedureFormat, facts: Mapping[str, CommandFacts]) -> Iterator[Arrow]:
    for state, out in form.lifecycle.moves.items():
        for trigger, to in out.items():
            pulling = (name for name in sorted(form.commands) if name in facts)
            yield Arrow(
                start=state,
                name=trigger,
                to=to,
                by=tuple(one for one in pulling if trigger in _pulled(facts[one])),
                rules=tuple(str(getattr(r, "ref", r)) for r in form.guards.get(trigger, ())),
            )


def _pulled(facts: CommandFacts) -> tuple[str, ...]:
    return (*facts.triggers, *facts.follows)


# --- as text


def to_mermaid(graph: Graph) -> str:
    """Write a graph as Mermaid (stateDiagram-v2)."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {node}: {_plain(name)}" for node, name in graph.nodes.items()]
    lines += [f"    [*] --> {graph.first}"]
    lines += [f"    {a.start} --> {a.to}: {_plain(graph.labels[a.name])}" for a in graph.arrows]
    lines += [f"    {node} --> [*]" for node in graph.ends]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Take out what Mermaid would read as its own."""
    return text.translate({ord(one): " " for one in ":;#\n"})


def to_dot(graph: Graph) -> str:
    """Write a graph as DOT, for Graphviz."""
    ends = set(graph.ends)
    nodes = [
        f"  {_quoted(node)} [label={_quoted(name)}{', peripheries=2' if node in ends else ''}];"
        for node, name in graph.nodes.items()
    ]
    arrows = [
        f"  {_quoted(a.start)} -> {_quoted(a.to)} [label={_quoted(graph.labels[a.name])}];"
        for a in graph.arrows
    ]
    head = "digraph {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n  start [shape=point];\n"
    return "\n".join([f"{head}  start -> {_quoted(graph.first)};", *nodes, *arrows, "}"]) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def to_rows(graph: Graph) -> list[dict[str, str]]:
    """Turn a graph into the rows of a table: start, name, to, by, rules."""
    return [
        {key: one if isinstance(one, str) else " ".join(one) for key, one in asdict(arrow).items()}
        for arrow in graph.arrows
    ]


def to_svg(graph: Graph) -> str:
    """Draw a graph with Graphviz.

    Raises:
        NotFound: the program ``dot`` is not installed.
    """
    program = shutil.which("dot")
    if program is None:
        raise NotFound("Graphviz is not installed: there is no program dot on the path")
    drawn = subprocess.run(  # noqa: S603 - a fixed program, its input is data
        [program, "-Tsvg"], input=to_dot(graph), capture_output=True, text=True, check=True
    )
    return drawn.stdout
