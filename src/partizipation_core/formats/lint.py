"""Lint: contradictions in a format, found before anybody relies on it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from partizipation_core.formats.items import RECORDED
from partizipation_core.formats.rules import SLOTS, Rule, slot_of
from partizipation_core.formats.stages import Edge, Mover, Stage, StageKind
from partizipation_core.values import STAFF

if TYPE_CHECKING:
    from partizipation_core.formats.format import ProcedureFormat

__all__ = ["edges", "findings", "slot_problem"]

_BOUND = {
    "guard": "guards are bound to triggers: guards={trigger: rule}",
    "condition": "conditions are bound to edges: conditions={'stage.edge': rule}",
}
_KEY = re.compile(r"[a-z][a-z0-9_]*")


def edges(stages: Iterable[Stage]) -> Mapping[str, Mapping[str, Edge]]:
    """Return every way from every stage, the implied ``advance`` to the next one included."""
    row = tuple(stages)
    following = [*(stage.key for stage in row[1:]), ""]
    return {
        stage.key: {**({"advance": Edge(after)} if after else {}), **stage.edges}
        for stage, after in zip(row, following, strict=True)
    }


def findings(form: ProcedureFormat) -> list[str]:
    """List every contradiction, each led by its place."""
    if not form.stages:
        return [f"format {form.key}.stages: at least one is needed"]
    checks = (_graph, _stages, _ballots, _lifecycle, _rules, _guards, _conditions, _overrides)
    found = [finding for check in checks for finding in check(form)]
    return [f"format {form.key}.{finding}" for finding in found]


def _graph(form: ProcedureFormat) -> Iterator[str]:
    counted = Counter(stage.key for stage in form.stages)
    yield from (f"stages.{key}: the key is used {n} times" for key, n in counted.items() if n > 1)
    graph = _ways(form)
    for key, out in graph.items():
        yield from (
            f"stages.{key}.edges.{name}: leads to unknown stage {dest!r}"
            for name, dest in out.items()
            if dest not in graph
        )
    reached = _reachable(graph, form.stages[0].key)
    yield from (f"stages.{key}: no edge leads here" for key in graph if key not in reached)
    ends = {key for key, out in graph.items() if "advance" not in out}
    if not ends:
        yield "stages: none is the last, the procedure could never end"
        return
    yield from (
        f"stages.{key}: no way leads from here to a last stage"
        for key in graph
        if not ends & _reachable(graph, key)
    )


def _stages(form: ProcedureFormat) -> Iterator[str]:
    for stage in form.stages:
        if not _KEY.fullmatch(stage.key):
            yield f"stages.{stage.key}: a key is made of a-z, 0-9 and _, such as 'second_vote'"
        if not stage.allows:
            yield f"stages.{stage.key}: allows nothing to anybody"
        yield from (
            f"stages.{stage.key}.allows.{command}: no role may give it"
            for command, roles in stage.allows.items()
            if not roles
        )


def _ways(form: ProcedureFormat) -> dict[str, dict[str, str]]:
    return {
        key: {name: edge.to for name, edge in out.items()}
        for key, out in edges(form.stages).items()
    }


def _reachable(graph: Mapping[str, Mapping[str, str]], start: str) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        new = set(graph.get(waiting.pop(), {}).values()) - seen
        seen |= new
        waiting += new
    return seen


def _ballots(form: ProcedureFormat) -> Iterator[str]:
    for stage in form.stages:
        place = f"stages.{stage.key}.puts_on_ballot"
        state = stage.puts_on_ballot
        if state and stage.kind is not StageKind.VOTE:
            yield f"{place}: only a stage of kind vote has a ballot"
        if state and form.lifecycle.next(state, "put_on_ballot") is None:
            yield f"{place}: items in state {state!r} cannot be put on a ballot"
        if stage.kind is StageKind.VOTE and not state:
            yield f"{place}: a stage of kind vote says which items stand on its ballot"
    kinds = [stage.kind for stage in form.stages]
    if StageKind.VOTE in kinds and StageKind.IDEA not in kinds[: kinds.index(StageKind.VOTE)]:
        yield "stages: a vote comes before any stage in which items can be handed in"


def _lifecycle(form: ProcedureFormat) -> Iterator[str]:
    for state, out in form.lifecycle.moves.items():
        for trigger, dest in out.items():
            told = RECORDED.get(trigger, dest)
            if told != dest:
                place = f"lifecycle.{state}.{trigger}"
                yield f"{place}: leads to {dest!r}, but what it records is always {told!r}"


def slot_problem(key: str, stages: Collection[str]) -> str:
    """Say why a slot cannot be filled under ``rules``; empty if it can.

    Args:
        key: a slot, or ``stage.slot`` for what is answered otherwise in one stage.
        stages: keys of the stages.
    """
    stage, _, slot = key.rpartition(".")
    if slot in _BOUND:
        return _BOUND[slot]
    if stage and stage not in stages:
        return f"unknown stage {stage!r}; stages are {', '.join(stages)}"
    known = ", ".join(sorted(SLOTS.keys() - _BOUND.keys()))
    return "" if slot in SLOTS else f"unknown slot; slots are {known}"


def _rules(form: ProcedureFormat) -> Iterator[str]:
    for slot, rules in form.rules.items():
        if problem := slot_problem(slot, [stage.key for stage in form.stages]):
            yield f"rules.{slot}: {problem}"
            continue
        if not SLOTS[slot_of(slot)].many and len(rules) != 1:
            yield f"rules.{slot}: takes one rule, not {len(rules)}"
        yield from _of_slot(f"rules.{slot}", slot_of(slot), rules)


def _guards(form: ProcedureFormat) -> Iterator[str]:
    for trigger, rules in form.guards.items():
        if trigger not in form.lifecycle.triggers:
            yield f"guards.{trigger}: lifecycle {form.lifecycle.key} has no such trigger"
        yield from _of_slot(f"guards.{trigger}", "guard", rules)


def _conditions(form: ProcedureFormat) -> Iterator[str]:
    ways = {
        f"{key}.{name}": edge
        for key, out in edges(form.stages).items()
        for name, edge in out.items()
    }
    for place, rules in form.conditions.items():
        if place not in ways:
            yield f"conditions.{place}: there is no such way; write it 'stage.edge'"
        yield from _of_slot(f"conditions.{place}", "condition", rules)
    for place, edge in ways.items():
        if Mover.CONDITION in edge.by and not form.conditions.get(place):
            yield f"stages.{place}: is moved by a condition, but conditions names none"


def _overrides(form: ProcedureFormat) -> Iterator[str]:
    for command, roles in form.overrides.items():
        for role in sorted(roles - STAFF):
            yield f"overrides.{command}: {role!r} is no role of staff; only staff may override"
        if not roles:
            yield f"overrides.{command}: no role may give it"


def _of_slot(place: str, slot: str, rules: Iterable[Rule | str]) -> Iterator[str]:
    for one in rules:
        if isinstance(one, Rule) and one.slot != slot:
            yield f"{place}: {one.ref} answers slot {one.slot!r}, not {slot!r}"
