"""Lint: contradictions in a format, found before anybody relies on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from partizipation_core.formats.rules import SLOTS, Rule
from partizipation_core.formats.stages import Stage, StageKind

if TYPE_CHECKING:
    from partizipation_core.formats.format import ProcedureFormat

__all__ = ["edges", "findings"]


def edges(stages: Iterable[Stage]) -> Mapping[str, Mapping[str, str]]:
    """Return every way from every stage, the implied ``advance`` to the next one included."""
    row = tuple(stages)
    following = [*(stage.key for stage in row[1:]), ""]
    return {
        stage.key: {**({"advance": after} if after else {}), **stage.edges}
        for stage, after in zip(row, following, strict=True)
    }


def findings(form: ProcedureFormat) -> list[str]:
    """List every contradiction, each led by its place."""
    found = [*_stages(form), *_ballots(form), *_rules(form), *_guards(form)]
    return [f"format {form.key}.{finding}" for finding in found]


def _stages(form: ProcedureFormat) -> Iterator[str]:
    if not form.stages:
        yield "stages: at least one is needed"
        return
    counted = Counter(stage.key for stage in form.stages)
    yield from (f"stages.{key}: the key is used {n} times" for key, n in counted.items() if n > 1)
    graph = edges(form.stages)
    for key, out in graph.items():
        yield from (
            f"stages.{key}.edges.{name}: leads to unknown stage {dest!r}"
            for name, dest in out.items()
            if dest not in graph
        )
    reached = _reachable(graph, form.stages[0].key)
    yield from (f"stages.{key}: no edge leads here" for key in graph if key not in reached)
    if all(graph.values()):
        yield "stages: none is the last, the procedure could never end"
    for stage in form.stages:
        if not stage.allows:
            yield f"stages.{stage.key}: allows nothing to anybody"
        yield from (
            f"stages.{stage.key}.allows.{command}: no role may give it"
            for command, roles in stage.allows.items()
            if not roles
        )


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


def _rules(form: ProcedureFormat) -> Iterator[str]:
    for slot, rules in form.rules.items():
        if slot not in SLOTS or slot == "guard":
            yield f"rules.{slot}: unknown slot; slots are {', '.join(sorted(SLOTS))}"
            continue
        if not SLOTS[slot].many and len(rules) != 1:
            yield f"rules.{slot}: takes one rule, not {len(rules)}"
        yield from _of_slot(f"rules.{slot}", slot, rules)


def _guards(form: ProcedureFormat) -> Iterator[str]:
    for trigger, rules in form.guards.items():
        if trigger not in form.lifecycle.triggers:
            yield f"guards.{trigger}: lifecycle {form.lifecycle.key} has no such trigger"
        yield from _of_slot(f"guards.{trigger}", "guard", rules)


def _of_slot(place: str, slot: str, rules: Iterable[Rule | str]) -> Iterator[str]:
    for one in rules:
        if isinstance(one, Rule) and one.slot != slot:
            yield f"{place}: {one.ref} answers slot {one.slot!r}, not {slot!r}"
