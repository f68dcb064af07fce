"""The calendar: what stages and votes record, and what time and conditions do by themselves.

A stage change is a few events, however many items there are: what follows for an item is
computed from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import asdict, evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.rules import Progress
from partizipation_core.formats.stages import Mover, Stage, Window
from partizipation_core.kernel.ballots.sheet import Sheet
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.discussion.closing import closing
from partizipation_core.kernel.ledger.drawing import left_for
from partizipation_core.kernel.messages import Event
from partizipation_core.kernel.secrecy.seal import Seal
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Money, Objection

__all__ = [
    "BallotClosed",
    "BallotOpened",
    "ByItself",
    "Due",
    "StageEnded",
    "StageEntered",
    "StageReopened",
    "WindowSet",
    "advance",
    "come_true",
    "end",
    "next_due",
    "opens_vote",
    "unmet",
    "wakes_at",
]


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
    """A vote began; text and price of what stands on the ballot are frozen from here on.

    Args:
        vote: which.
        paper: item → price.
        revisions: item → number of the revision whose text is voted on.
        areas: item → where it belongs, as far as it belongs somewhere.
        categories: item → what kind it is, as far as it is of one.
        budget: the money that is left for them; None where the procedure has none.
    """

    vote: str
    paper: Mapping[ItemRef, Money | None]
    revisions: Mapping[ItemRef, int] = field(factory=dict)
    areas: Mapping[ItemRef, str] = field(factory=dict)
    categories: Mapping[ItemRef, str] = field(factory=dict)
    budget: Money | None = None

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Print the ballot paper and put its items on the ballot."""
        before = world.opened
        sheet = Sheet(areas=self.areas, categories=self.categories, budget=self.budget)
        yield evolve(
            before,
            papers={**before.papers, self.vote: self.paper},
            revisions={**before.revisions, self.vote: self.revisions},
            sheets={**before.sheets, self.vote: sheet},
        )
        for ref in self.paper:
            yield evolve(world.items[ref], state="on_ballot")


@frozen(kw_only=True)
class BallotClosed(Event):
    """A vote ended; the checkpoint says what was in the box.

    Args:
        vote: which.
        ballots: number of ballots in the box.
        root: Merkle root over their sorted commitments, hexadecimal.
        aside: number of votes that are not in it: hands and urns, blank and void ones, doubles.
        aside_root: Merkle root over what became of each of them.
        voters: number of those who are ticked off on the roll.
        roll_root: Merkle root over their sorted tags; empty in old journals.
        secrecy: how secret the vote was, see `Secrecy`; empty in old journals.
    """

    vote: str
    ballots: int
    root: str
    aside: int = 0
    aside_root: str = ""
    voters: int = 0
    roll_root: str = ""
    secrecy: str = ""

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:
        """Remember how many ballots there were, and that a secret box is to be sealed."""
        before = world.opened
        closed = {**before.closed_votes, self.vote: self.ballots}
        to_seal = {self.vote: Seal(since=at)} if self.secrecy == "secret" else {}
        yield evolve(before, closed_votes=closed, seals={**before.seals, **to_seal})


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


def opens_vote(due: Due, procedure: Procedure, definition: Definition) -> bool:
    """Tell whether a vote begins with what the schedule will do."""
    edge = definition.edges(procedure.stage).get(due.edge)
    return edge is not None and bool(definition.stage(edge.to).puts_on_ballot)


def wakes_at(procedure: Procedure, definition: Definition) -> Instant | None:
    """Tell when somebody has to look at a procedure again; None where nothing happens by itself.

    Its calendar moves on, or a box that was closed is not sealed through yet.
    """
    due = next_due(procedure, definition)
    found = [seal.since for seal in procedure.seals.values() if seal.step != "verified"]
    return min([*found, *([due.at] if due else [])], default=None)


def advance(context: Context, *, edge: str = "advance", reason: str = "") -> tuple[Event, ...]:
    """Leave the present stage along an edge; closes and opens ballots on the way."""
    procedure, definition = context.procedure, context.definition
    target = definition.stage(definition.edges(procedure.stage)[edge].to)
    entered = StageEntered(stage=target.key, edge=edge, reason=reason)
    moved = context.world.with_changes(entered.apply(context.world, context.now))
    return (*_closing(context), entered, *_opening(target, evolve(context, world=moved)))


def end(context: Context, *, reason: str = "") -> tuple[Event, ...]:
    """End the present stage without beginning another."""
    return (*_closing(context), StageEnded(stage=context.procedure.stage, reason=reason))


def _closing(context: Context) -> Iterator[Event]:
    vote, procedure = context.procedure.vote, context.procedure
    on = vote in procedure.papers and vote not in procedure.closed_votes
    if on and context.box is not None:
        secrecy = context.limits(vote).secrecy
        yield BallotClosed(vote=vote, **asdict(context.box), secrecy=secrecy)
    yield from closing(context)


def _opening(stage: Stage, context: Context) -> Iterator[Event]:
    if not stage.puts_on_ballot:
        return
    world, pot = context.world, context.settings.pot
    items = sorted(world.items.values(), key=lambda item: item.ref)
    listed = [item for item in items if item.state == stage.puts_on_ballot and not item.hidden]
    yield BallotOpened(
        vote=world.opened.vote,
        paper={item.ref: item.cost for item in listed},
        revisions={item.ref: item.revision for item in listed},
        areas={item.ref: item.area for item in listed if item.area},
        categories={item.ref: item.category for item in listed if item.category},
        budget=None if pot is None else left_for(listed, context),
    )


# --- what conditions do


@frozen
class ByItself:
    """What rules see as the command when nobody gave one."""


def unmet(edge: str, command: object, context: Context) -> Iterator[Objection]:
    """Say what is still missing before an edge may be taken."""
    rules = context.rules.conditions.get(f"{context.procedure.stage}.{edge}", ())
    ballots = context.box.ballots if context.box else 0
    progress = Progress(
        items=tuple(context.world.items.values()),
        ballots=ballots,
        available=context.world.ledger.available() if context.settings.pot is not None else None,
        records=context.world.records,
    )
    for rule in rules:
        yield from rule(progress, context.view(command))


def come_true(context: Context) -> str:
    """Return the edge whose conditions have come true and that moves by itself; empty if none."""
    for name, edge in context.definition.edges(context.procedure.stage).items():
        moves = Mover.CONDITION in edge.by and not context.procedure.ended
        if moves and not any(unmet(name, ByItself(), context)):
            return name
    return ""
