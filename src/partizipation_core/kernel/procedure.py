"""The procedure itself: opening, moving through its stages, closing.

A stage change is a few events, however many items there are: what follows for an item is
computed from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.stages import Stage
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Money, Objection, ProcedureRef, Role

__all__ = [
    "DECIDERS",
    "AdvanceStage",
    "BallotClosed",
    "BallotOpened",
    "CloseProcedure",
    "OpenProcedure",
    "ProcedureClosed",
    "ProcedureOpened",
    "StageEntered",
    "advance",
    "next_due",
    "opening_objections",
]


@frozen(kw_only=True)
class OpenProcedure(Command):
    """Open a procedure and pin everything it is made of.

    Args:
        ref: its reference, new in the municipality.
        definition: the resolved format.
        schedule: stage → instant at which it is entered by itself.
    """

    ref: ProcedureRef
    definition: Definition
    schedule: Mapping[str, Instant] = field(factory=dict)


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
class CloseProcedure(Command):
    """End a procedure that has reached its last stage."""


@frozen(kw_only=True)
class ProcedureOpened(Event):
    """A procedure began, with everything it pinned."""

    ref: ProcedureRef
    definition: Definition
    schedule: Mapping[str, Instant]

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Start in the first stage."""
        first = self.definition.first.key
        yield Procedure(ref=self.ref, stage=first, visits={first: 1}, schedule=self.schedule)


@frozen(kw_only=True)
class StageEntered(Event):
    """The procedure is in another stage now.

    ``edge`` is the way it took; ``reason`` is empty where time or custom moved it.
    """

    stage: str
    edge: str
    reason: str = ""

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Move, and count the visit."""
        before = world.opened
        visits = {**before.visits, self.stage: before.visits.get(self.stage, 0) + 1}
        yield evolve(before, stage=self.stage, visits=visits)


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


@frozen(kw_only=True)
class ProcedureClosed(Event):
    """The procedure is over; nothing can be done in it any more."""

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Close."""
        yield evolve(world.opened, status="closed")


def opening_objections(command: OpenProcedure, context: Context) -> Iterator[Objection]:
    """Say what speaks against opening: no permission can come from a procedure that is not."""
    definition = command.definition
    roles = definition.anytime.get("OpenProcedure", frozenset({Role.OFFICER}))
    if context.world.procedure is not None:
        yield Objection("procedure_exists", {"procedure": command.ref})
    if not roles & context.actor.roles:
        names = ", ".join(sorted(roles))
        yield Objection("role_forbids", {"command": "OpenProcedure", "roles": names})
    if context.rules.missing:
        yield Objection("rule_missing", {"rules": ", ".join(context.rules.missing)})
    known = {stage.key for stage in definition.stages}
    for key in sorted(set(command.schedule) - known):
        yield Objection("schedule_unknown_stage", {"stage": key})
    order = [stage.key for stage in definition.stages if stage.key in command.schedule]
    for earlier, later in pairwise(order):
        if command.schedule[earlier] >= command.schedule[later]:
            yield Objection("schedule_out_of_order", {"stage": later, "earlier": earlier})


def _open(command: OpenProcedure, _context: Context) -> tuple[Event, ...]:
    return (
        ProcedureOpened(ref=command.ref, definition=command.definition, schedule=command.schedule),
    )


def _advance_objections(command: AdvanceStage, context: Context) -> Iterator[Objection]:
    ways = context.definition.edges(context.procedure.stage)
    if command.edge not in ways:
        yield Objection(
            "no_such_edge",
            {
                "edge": command.edge,
                "stage": context.procedure.stage,
                "edges": ", ".join(ways) or "-",
            },
        )
    if command.edge != "advance" and not command.reason.strip():
        yield Objection("reason_missing", {"command": "AdvanceStage"})


def _advance(command: AdvanceStage, context: Context) -> tuple[Event, ...]:
    return advance(context, edge=command.edge, reason=command.reason)


def advance(context: Context, *, edge: str = "advance", reason: str = "") -> tuple[Event, ...]:
    """Leave the present stage along an edge; closes and opens ballots on the way."""
    procedure, definition = context.procedure, context.definition
    target = definition.stage(definition.edges(procedure.stage)[edge])
    entered = StageEntered(stage=target.key, edge=edge, reason=reason)
    moved = context.world.with_changes(entered.apply(context.world, context.now))
    return (*_closing(context), entered, *_opening(target, moved))


def _closing(context: Context) -> Iterator[Event]:
    vote = context.procedure.vote
    if vote in context.procedure.papers and context.box is not None:
        yield BallotClosed(vote=vote, ballots=context.box.ballots, root=context.box.root)


def _opening(stage: Stage, world: World) -> Iterator[Event]:
    if not stage.puts_on_ballot:
        return
    items = sorted(world.items.values(), key=lambda item: item.ref)
    paper = {item.ref: item.cost for item in items if item.state == stage.puts_on_ballot}
    yield BallotOpened(vote=world.opened.vote, paper=paper)


def next_due(procedure: Procedure, definition: Definition) -> Instant | None:
    """Tell at which instant the procedure will move on by itself; None if it will not.

    A stage that is entered again (a remainder round) was given its time only once; from there on
    somebody moves the procedure by hand.
    """
    following = definition.edges(procedure.stage).get("advance")
    if following is None or procedure.status == "closed" or following in procedure.visits:
        return None
    return procedure.schedule.get(following)


def _close_objections(_command: CloseProcedure, context: Context) -> Iterator[Objection]:
    ways = context.definition.edges(context.procedure.stage)
    if "advance" in ways:
        yield Objection("stages_left", {"later": ways["advance"]})


def _close(_command: CloseProcedure, _context: Context) -> tuple[Event, ...]:
    return (ProcedureClosed(),)


DECIDERS = (
    Decider(command=OpenProcedure, decide=_open, events=(ProcedureOpened,)),
    Decider(
        command=AdvanceStage,
        decide=_advance,
        objections=_advance_objections,
        events=(BallotClosed, StageEntered, BallotOpened),
        needs={Need.ITEMS, Need.BOX},
    ),
    Decider(
        command=CloseProcedure,
        decide=_close,
        objections=_close_objections,
        events=(ProcedureClosed,),
    ),
)
