"""Advice: what is questionable about a format, though nothing in it contradicts itself.

Contradictions are refused when a format is made (`lint`). What is found here can be opened, and
will probably disappoint: a vote without anything to vote on, a step nobody may take.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

from attrs import field, frozen

from partizipation_core.formats.definition import Definition
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.lifecycle import Lifecycle
from partizipation_core.formats.lint import edges
from partizipation_core.formats.permissions import CommandFacts
from partizipation_core.formats.rules import ItemView
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.formats.stages import Edge, Mover, Stage
from partizipation_core.freezing import as_mapping

__all__ = ["Finding", "Level", "advice", "money_advice"]

Described = ProcedureFormat | Definition
Facts = Mapping[str, CommandFacts]

NOTHING: Mapping[str, object] = MappingProxyType({})


class Level(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """It cannot work as it is."""
    WARNING = "warning"
    """It works, and somebody will regret it."""
    NOTE = "note"
    """Something could not be checked."""


@frozen(kw_only=True)
class Finding:
    """Something questionable, as code and parameters.

    Args:
        place: path of the place, such as ``stages.vote``.
        level: how bad it is.
        code: names the sentence in the catalogues (``lint.<code>``).
        params: fills the sentence.
    """

    place: str
    level: Level
    code: str
    params: Mapping[str, object] = field(default=NOTHING, converter=as_mapping)


def advice(form: Described, facts: Facts, *, screening: bool = False) -> tuple[Finding, ...]:
    """List what is questionable about the stages, rights and ways of a format.

    Args:
        form: the format, or what a procedure pinned.
        facts: name of each command → what its decider says of itself.
        screening: whether ideas wait for the office before they are public.
    """
    walk = Walk(form, facts, screening=screening)
    found = (_commands(form, facts), _votes(form, walk), _dead_stages(form, walk), _ways(form))
    return tuple(finding for one in found for finding in one)


def money_advice(
    settings: ProcedureSettings, items: Iterable[ItemView], lifecycle: Lifecycle
) -> Iterator[Finding]:
    """Say whether the pot is too small for any item that could still be awarded money."""
    if settings.pot is None:
        return
    hopeful = _states_before("awarded", lifecycle)
    costs = [(i.cost, i.ref) for i in items if i.cost is not None and i.state in hopeful]
    if costs and min(costs)[0] > settings.pot:
        cost, ref = min(costs)
        params = {"pot": settings.pot.cents, "cost": cost.cents, "item": ref}
        yield Finding(
            place="settings.pot", level=Level.WARNING, code="pot_below_cheapest", params=params
        )


def _states_before(goal: str, lifecycle: Lifecycle) -> set[str]:
    """Return the states from which a state can be reached."""
    seen: set[str] = set()
    new = {goal}
    while new:
        sources = {s for s, out in lifecycle.moves.items() if new & set(out.values())}
        new = sources - seen
        seen |= new
    return seen - {goal}


# --- what can happen


class Walk:
    """Which states items can be in when a stage is entered, and when it is left.

    The graph is walked until nothing new turns up; every step that somebody may take is taken.
    """

    def __init__(self, form: Described, facts: Facts, *, screening: bool) -> None:
        self._form, self.facts, self._screening = form, facts, screening
        self.entering: dict[str, set[str]] = {stage.key: set() for stage in form.stages}
        self.leaving: dict[str, set[str]] = {stage.key: set() for stage in form.stages}
        graph, by_key = edges(form.stages), {stage.key: stage for stage in form.stages}
        first = form.stages[0].key
        self.entering[first] = {form.lifecycle.initial}
        waiting = [first]
        while waiting:
            key = waiting.pop()
            self.leaving[key] = self._possible(by_key[key], self.entering[key])
            for edge in graph[key].values():
                if not self.leaving[key] <= self.entering[edge.to]:
                    self.entering[edge.to] |= self.leaving[key]
                    waiting.append(edge.to)

    def triggers(self, stage: Stage) -> set[str]:
        """Return the steps that somebody may take, or that follow, in a stage."""
        allowed = {*stage.allows, *self._form.anytime} & set(self.facts)
        return {
            trigger
            for command in allowed
            for trigger in (*self.facts[command].triggers, *self.facts[command].follows)
            if not (self._screening and trigger in self.facts[command].follows)
        }

    def _possible(self, stage: Stage, entering: set[str]) -> set[str]:
        states, lifecycle = set(entering), self._form.lifecycle
        if stage.puts_on_ballot in states:
            states.add(str(lifecycle.next(stage.puts_on_ballot, "put_on_ballot")))
        triggers = self.triggers(stage)
        while True:
            reached = {lifecycle.next(state, t) for state in states for t in triggers} - {None}
            if reached <= states:
                return states
            states |= {str(state) for state in reached}


def _commands(form: Described, facts: Facts) -> Iterator[Finding]:
    """Find commands that nobody decides, so that a right to give them is worth nothing."""
    places = {f"stages.{stage.key}.allows": stage.allows for stage in form.stages}
    for place, allows in {**places, "anytime": form.anytime}.items():
        for command in allows:
            if command not in facts:
                yield Finding(
                    place=f"{place}.{command}",
                    level=Level.ERROR,
                    code="command_unknown",
                    params={"command": command},
                )


def _votes(form: Described, walk: Walk) -> Iterator[Finding]:
    """Find votes on whose ballot nothing can ever stand, and the steps that are missing."""
    for stage in form.stages:
        wanted = stage.puts_on_ballot
        if not wanted or wanted in walk.entering[stage.key]:
            continue
        on_ballot = form.lifecycle.next(wanted, "put_on_ballot")
        if on_ballot in walk.leaving[stage.key] - walk.entering[stage.key]:
            continue  # walk-ins are put on it while it is open
        params = {"stage": stage.key, "state": wanted}
        place = f"stages.{stage.key}"
        yield Finding(place=place, level=Level.ERROR, code="vote_without_items", params=params)
        for state, trigger in _missing_steps(form.lifecycle, walk.entering[stage.key], wanted):
            params = {"stage": stage.key, "state": state, "trigger": trigger}
            yield Finding(
                place=f"lifecycle.{state}.{trigger}",
                level=Level.ERROR,
                code="step_nobody",
                params=params,
            )


def _missing_steps(
    lifecycle: Lifecycle, reached: set[str], goal: str
) -> tuple[tuple[str, str], ...]:
    """Return the shortest row of steps, as state and trigger, from what is reached to a goal."""
    rows: dict[str, tuple[tuple[str, str], ...]] = dict.fromkeys(sorted(reached), ())
    waiting = list(rows)
    for state in waiting:
        for trigger, dest in lifecycle.moves[state].items():
            if dest not in rows:
                rows[dest] = (*rows[state], (state, trigger))
                waiting.append(dest)
    return rows.get(goal, ())


def _dead_stages(form: Described, walk: Walk) -> Iterator[Finding]:
    """Find stages in which nothing of what they allow can ever happen."""
    for stage in form.stages:
        possible = walk.leaving[stage.key]
        if not any(_alive(command, form, walk, possible) for command in stage.allows):
            params = {"stage": stage.key}
            place = f"stages.{stage.key}.allows"
            yield Finding(place=place, level=Level.WARNING, code="stage_dead", params=params)


def _alive(command: str, form: Described, walk: Walk, possible: set[str]) -> bool:
    facts = walk.facts.get(command)
    if facts is None:
        return False
    steps = (*facts.triggers, *facts.before)
    sources = {state for trigger in steps for state in form.lifecycle.sources(trigger)}
    return not sources or bool(sources & possible)


def _ways(form: Described) -> Iterator[Finding]:
    """Find ways that nothing and nobody can move a procedure along."""
    for key, out in edges(form.stages).items():
        stage = next(one for one in form.stages if one.key == key)
        by_hand = "AdvanceStage" in {**stage.allows, **form.anytime}
        for name, edge in out.items():
            if not _is_taken(edge, by_hand=by_hand):
                params = {"stage": key, "edge": name}
                place = f"stages.{key}.edges.{name}"
                yield Finding(place=place, level=Level.ERROR, code="way_nobody", params=params)


def _is_taken(edge: Edge, *, by_hand: bool) -> bool:
    return bool(edge.by - {Mover.COMMAND}) or (by_hand and Mover.COMMAND in edge.by)
