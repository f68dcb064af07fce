"""Stages in time: moving on, ending, extending, re-opening.

A stage change is a few events, however many items there are: what follows for an item is
computed from them. Whatever departs from the schedule is an act with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from attrs import evolve, frozen

from partizipation_core.clock import Instant
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.rules import Progress
from partizipation_core.formats.stages import Mover, Stage, Window
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Money, Objection

__all__ = [
    "DECIDERS",
    "AdvanceStage",
    "BallotClosed",
    "BallotOpened",
    "Due",
    "EndStage",
    "ExtendStage",
    "ReopenStage",
    "SetWindow",
    "StageEnded",
    "StageEntered",
    "StageReopened",
    "WindowSet",
    "advance",
    "come_true",
    "end",
    "next_due",
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


@frozen(kw_only=True)
class StageEntered(Event):
    """The procedure is in another stage now.

    ``edge`` is the way it took; ``reason`` is empty where time or custom moved it.
    """

    stage: str
    edge: str
    reason: str = ""

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:
        """Move, and count the visit."""
        before = world.opened
        visits = {**before.visits, self.stage: before.visits.get(self.stage, 0) + 1}
        yield evolve(
            before,
            stage=self.stage,
            previous=before.stage,
            entered_at=at,
            ended=False,
            visits=visits,
        )


@frozen(kw_only=True)
class StageEnded(Event):
    """The present stage is over, and the next one has not begun."""

    stage: str
    reason: str = ""

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Stop what the stage allowed."""
        yield evolve(world.opened, ended=True)


@frozen(kw_only=True)
class StageReopened(Event):
    """A stage that was over is on again; a vote in it counts on with the ballots it had."""

    stage: str
    until: Instant | None
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:
        """Go back, and open the box again."""
        before = world.opened
        after = evolve(
            before,
            stage=self.stage,
            entered_at=at,
            ended=False,
            schedule={**before.schedule, self.stage: Window(end=self.until)},
        )
        closed = {vote: n for vote, n in before.closed_votes.items() if vote != after.vote}
        yield evolve(after, closed_votes=closed)


@frozen(kw_only=True)
class WindowSet(Event):
    """A stage is on at another time than was announced."""

    stage: str
    window: Window
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Keep the new window."""
        before = world.opened
        yield evolve(before, schedule={**before.schedule, self.stage: self.window})


@frozen(kw_only=True)
class BallotOpened(Event):
    """A vote began; text and price of what stands on the ballot are frozen from here on."""

    vote: str
    paper: Mapping[ItemRef, Money | None]

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Print the ballot paper and put its items on the ballot."""
        before = world.opened
        yield evolve(before, papers={**before.papers, self.vote: self.paper})
        for ref in self.paper:
            yield evolve(world.items[ref], state="on_ballot")


@frozen(kw_only=True)
class BallotClosed(Event):
    """A vote ended; the checkpoint says what was in the box.

    Args:
        vote: which.
        ballots: number of ballots in the box.
        root: Merkle root over their sorted commitments, hexadecimal.
    """

    vote: str
    ballots: int
    root: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Remember how many ballots there were."""
        before = world.opened
        yield evolve(before, closed_votes={**before.closed_votes, self.vote: self.ballots})


# --- what time does


@frozen(kw_only=True)
class Due:
    """What the schedule will do next.

    Args:
        at: when.
        edge: the way it will take; empty where the present stage merely ends.
    """

    at: Instant
    edge: str = ""


def next_due(procedure: Procedure, definition: Definition) -> Due | None:
    """Tell what the schedule will do next; None where somebody has to act.

    Where the present stage ends just when another begins, it goes over into that one at once. A
    stage that is entered again (a remainder round) was given its time only once, unless it has
    been given another since.
    """
    if procedure.status == "closed":
        return None
    window = procedure.schedule.get(procedure.stage, Window())
    found = [
        Due(at=start, edge=name)
        for name, edge in definition.edges(procedure.stage).items()
        if Mover.TIME in edge.by
        and (start := procedure.schedule.get(edge.to, Window()).start) is not None
        and (edge.to not in procedure.visits or start >= procedure.entered_at)
    ]
    if window.end is not None and not procedure.ended and window.end > procedure.entered_at:
        found.append(Due(at=window.end))
    return min(found, key=lambda due: (due.at, not due.edge), default=None)


def advance(context: Context, *, edge: str = "advance", reason: str = "") -> tuple[Event, ...]:
    """Leave the present stage along an edge; closes and opens ballots on the way."""
    procedure, definition = context.procedure, context.definition
    target = definition.stage(definition.edges(procedure.stage)[edge].to)
    entered = StageEntered(stage=target.key, edge=edge, reason=reason)
    moved = context.world.with_changes(entered.apply(context.world, context.now))
    return (*_closing(context), entered, *_opening(target, moved))


def end(context: Context, *, reason: str = "") -> tuple[Event, ...]:
    """End the present stage without beginning another."""
    return (*_closing(context), StageEnded(stage=context.procedure.stage, reason=reason))


def _closing(context: Context) -> Iterator[Event]:
    vote, procedure = context.procedure.vote, context.procedure
    on = vote in procedure.papers and vote not in procedure.closed_votes
    if on and context.box is not None:
        yield BallotClosed(vote=vote, ballots=context.box.ballots, root=context.box.root)


def _opening(stage: Stage, world: World) -> Iterator[Event]:
    if not stage.puts_on_ballot:
        return
    items = sorted(world.items.values(), key=lambda item: item.ref)
    paper = {item.ref: item.cost for item in items if item.state == stage.puts_on_ballot}
    yield BallotOpened(vote=world.opened.vote, paper=paper)


# --- what conditions do


def _unmet(edge: str, command: Command, context: Context) -> Iterator[Objection]:
    rules = context.rules.conditions.get(f"{context.procedure.stage}.{edge}", ())
    ballots = context.box.ballots if context.box else 0
    progress = Progress(items=tuple(context.world.items.values()), ballots=ballots)
    for rule in rules:
        yield from rule(progress, context.view(command))


def come_true(context: Context) -> str:
    """Return the edge whose conditions have come true and that moves by itself; empty if none."""
    for name, edge in context.definition.edges(context.procedure.stage).items():
        moves = Mover.CONDITION in edge.by and not context.procedure.ended
        if moves and not any(_unmet(name, AdvanceStage(edge=name), context)):
            return name
    return ""


# --- what people do


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
        return
    if Mover.COMMAND not in ways[command.edge].by:
        yield Objection("edge_not_by_hand", {"edge": command.edge, "stage": stage})
    if command.edge != "advance":
        yield from _reason(command)
    yield from _unmet(command.edge, command, context)


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
    if vote in procedure.counted:
        yield Objection("already_counted", {"vote": vote})
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
        events=(BallotClosed, StageEntered, BallotOpened),
        needs={Need.ITEMS, Need.BOX},
    ),
    Decider(
        command=EndStage,
        decide=lambda command, context: end(context, reason=command.reason),
        objections=_end_objections,
        events=(BallotClosed, StageEnded),
        needs={Need.BOX},
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
