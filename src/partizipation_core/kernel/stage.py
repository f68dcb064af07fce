"""Stages by hand: moving on, ending, extending, re-opening, and new dates.

Whatever departs from the schedule is an act with a reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from attrs import evolve, frozen

from partizipation_core.clock import Instant
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.stages import Mover, Window
from partizipation_core.kernel.calendar import (
    BallotClosed,
    BallotOpened,
    StageEnded,
    StageEntered,
    StageReopened,
    WindowSet,
    advance,
    end,
    unmet,
)
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.discussion.closing import VoicesClosed
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Procedure
from partizipation_core.values import Objection

__all__ = [
    "DECIDERS",
    "AdvanceStage",
    "EndStage",
    "ExtendStage",
    "ReopenStage",
    "SetWindow",
    "schedule_objections",
]


@frozen(kw_only=True)
class AdvanceStage(Command):
    """Move on by hand along a named edge.

    Args:
        edge: name of the way out of the present stage.
        reason: why, for ways other than ``advance``.
    """

    edge: str = "advance"
    reason: str = ""


@frozen(kw_only=True)
class EndStage(Command):
    """End the present stage before its time; the next one begins when it is due."""

    reason: str


@frozen(kw_only=True)
class ExtendStage(Command):
    """Let the present stage last longer.

    Args:
        until: the instant at which it shall end; for a last day, `clock.end_of_day`.
        reason: why, for the public.
    """

    until: Instant
    reason: str


@frozen(kw_only=True)
class ReopenStage(Command):
    """Open the stage that is over once more, or go back to the one before.

    Args:
        until: the instant at which it shall end; None for by hand.
        reason: why, for the public.
    """

    until: Instant | None = None
    reason: str


@frozen(kw_only=True)
class SetWindow(Command):
    """Change when a later stage is on.

    Args:
        stage: a stage that has not begun.
        window: when it shall be on.
        reason: why, for the public.
    """

    stage: str
    window: Window
    reason: str


def schedule_objections(
    schedule: Mapping[str, Window], definition: Definition, overlap: str
) -> Iterator[Objection]:
    """Say where a schedule contradicts the stages, itself, or the policy for overlaps."""
    known = [stage.key for stage in definition.stages]
    for key in sorted(set(schedule) - set(known)):
        yield Objection("schedule_unknown_stage", {"stage": key})
    order = [key for key in known if key in schedule and schedule[key] != Window()]
    for earlier, later in pairwise(order):
        first, second = schedule[earlier], schedule[later]
        params = {"stage": later, "earlier": earlier}
        if first.start is not None and second.start is not None and first.start >= second.start:
            yield Objection("schedule_out_of_order", params)
        elif overlap == "refuse" and _reaches_into(first, second):
            yield Objection("windows_overlap", params)


def _reaches_into(first: Window, second: Window) -> bool:
    return first.end is not None and second.start is not None and first.end > second.start


def _reason(
    command: AdvanceStage | EndStage | ExtendStage | ReopenStage | SetWindow,
) -> Iterator[Objection]:
    if not command.reason.strip():
        yield Objection("reason_missing", {"command": type(command).__name__})


def _advance_objections(command: AdvanceStage, context: Context) -> Iterator[Objection]:
    stage = context.procedure.stage
    ways = context.definition.edges(stage)
    if command.edge not in ways:
        params = {"edge": command.edge, "stage": stage, "edges": ", ".join(ways) or "-"}
        yield Objection("no_such_edge", params)
    elif Mover.COMMAND not in ways[command.edge].by:
        yield Objection("edge_not_by_hand", {"edge": command.edge, "stage": stage})
    if command.edge != "advance":
        yield from _reason(command)
    yield from unmet(command.edge, command, context)


def _end_objections(command: EndStage, context: Context) -> Iterator[Objection]:
    yield from _reason(command)
    if context.procedure.ended:
        yield Objection("stage_ended_already", {"stage": context.procedure.stage})


def _extend_objections(command: ExtendStage, context: Context) -> Iterator[Objection]:
    procedure = context.procedure
    yield from _reason(command)
    if procedure.ended:
        yield Objection("stage_ended_already", {"stage": procedure.stage})
    window = procedure.schedule.get(procedure.stage, Window())
    if command.until <= max(context.now, window.end or context.now):
        yield Objection("not_an_extension", {"stage": procedure.stage, "until": command.until})
    yield from _before_the_next(command.until, context)


def _before_the_next(until: Instant | None, context: Context) -> Iterator[Objection]:
    following = context.definition.following(context.procedure.stage)
    start = context.procedure.schedule.get(following, Window()).start
    entered = following in context.procedure.visits
    if until is not None and start is not None and not entered and until > start:
        yield Objection("next_stage_begins", {"stage": following, "start": start})


def _reopen_objections(command: ReopenStage, context: Context) -> Iterator[Objection]:
    procedure = context.procedure
    yield from _reason(command)
    if command.until is not None and command.until <= context.now:
        yield Objection("in_the_past", {"instant": command.until})
    if not _reopened(procedure):
        yield Objection("nothing_to_reopen", {"stage": procedure.stage})
        return
    vote = evolve(procedure, stage=_reopened(procedure)).vote
    if procedure.is_counted(vote):
        yield Objection("already_counted", {"vote": vote})
    if vote in procedure.seals:
        yield Objection("vote_sealed", {"vote": vote})
    if procedure.ended:
        yield from _before_the_next(command.until, context)


def _reopened(procedure: Procedure) -> str:
    return procedure.stage if procedure.ended else procedure.previous


def _window_objections(command: SetWindow, context: Context) -> Iterator[Objection]:
    procedure = context.procedure
    yield from _reason(command)
    if command.stage == procedure.stage:
        yield Objection("stage_has_begun", {"stage": command.stage})
    for instant in (command.window.start, command.window.end):
        if instant is not None and instant <= context.now:
            yield Objection("in_the_past", {"instant": instant})
    changed = {**procedure.schedule, command.stage: command.window}
    ahead = {key: one for key, one in changed.items() if _is_ahead(key, command, procedure)}
    yield from schedule_objections(ahead, context.definition, context.settings.overlap)


def _is_ahead(key: str, command: SetWindow, procedure: Procedure) -> bool:
    return key in (procedure.stage, command.stage) or key not in procedure.visits


def _extend(command: ExtendStage, context: Context) -> tuple[Event, ...]:
    stage = context.procedure.stage
    window = evolve(context.procedure.schedule.get(stage, Window()), end=command.until)
    return (WindowSet(stage=stage, window=window, reason=command.reason),)


def _reopen(command: ReopenStage, context: Context) -> tuple[Event, ...]:
    stage = _reopened(context.procedure)
    return (StageReopened(stage=stage, until=command.until, reason=command.reason),)


def _set_window(command: SetWindow, _context: Context) -> tuple[Event, ...]:
    return (WindowSet(stage=command.stage, window=command.window, reason=command.reason),)


DECIDERS = (
    Decider(
        command=AdvanceStage,
        decide=lambda command, context: advance(context, edge=command.edge, reason=command.reason),
        objections=_advance_objections,
        events=(BallotClosed, VoicesClosed, StageEntered, BallotOpened),
        needs={Need.ITEMS, Need.BOX, Need.VOICES, Need.LEDGER},
        moment="on",
    ),
    Decider(
        command=EndStage,
        decide=lambda command, context: end(context, reason=command.reason),
        objections=_end_objections,
        events=(BallotClosed, VoicesClosed, StageEnded),
        needs={Need.ITEMS, Need.BOX, Need.VOICES},
    ),
    Decider(
        command=ExtendStage, decide=_extend, objections=_extend_objections, events=(WindowSet,)
    ),
    Decider(
        command=ReopenStage,
        decide=_reopen,
        objections=_reopen_objections,
        events=(StageReopened,),
    ),
    Decider(
        command=SetWindow,
        decide=_set_window,
        objections=_window_objections,
        events=(WindowSet,),
    ),
)
