"""Checkpoints of an open box: now and then the journal swears to what is in it.

No line of the journal tells of a single ballot. Only after a number of new ones does a line say
how many there are and what root they have, so that it tells of no single voter either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import asdict, evolve, frozen

from partizipation_core.clock import Instant
from partizipation_core.kernel.context import BoxSummary, Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Procedure, World
from partizipation_core.values import Objection

__all__ = ["DECIDERS", "BoxCheckpointed", "CheckpointBox"]


@frozen(kw_only=True)
class CheckpointBox(Command):
    """Swear to what an open box held a moment ago; happens by itself.

    Args:
        vote: which vote.
        box: what was in it, read at one moment and without keeping anybody from voting.
    """

    vote: str
    box: BoxSummary


@frozen(kw_only=True)
class BoxCheckpointed(Event):
    """An open box held so many ballots a moment ago (Zwischenstand der Urne).

    Args:
        vote: which vote.
        ballots: number of ballots in the box.
        root: Merkle root over their sorted commitments, hexadecimal.
        aside: number of votes that are not in it.
        aside_root: Merkle root over what became of each of them.
        voters: number of those who are ticked off on the roll.
        roll_root: Merkle root over their sorted tags.
    """

    vote: str
    ballots: int
    root: str
    aside: int = 0
    aside_root: str = ""
    voters: int = 0
    roll_root: str = ""

    def apply(self, world: World, at: Instant) -> Iterable[Procedure]:  # noqa: ARG002
        """Remember how many ballots were sworn to."""
        before = world.opened
        yield evolve(before, sworn={**before.sworn, self.vote: self.ballots})


def _objections(command: CheckpointBox, context: Context) -> Iterator[Objection]:
    procedure = context.procedure
    if command.vote not in procedure.papers or command.vote in procedure.closed_votes:
        yield Objection("no_open_vote")


def _swear(command: CheckpointBox, _context: Context) -> tuple[Event, ...]:
    return (BoxCheckpointed(vote=command.vote, **asdict(command.box)),)


DECIDERS = (
    Decider(
        command=CheckpointBox,
        decide=_swear,
        objections=_objections,
        events=(BoxCheckpointed,),
        internal=True,
    ),
)
