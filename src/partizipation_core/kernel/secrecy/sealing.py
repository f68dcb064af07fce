"""Sealing: after a secret vote is closed, nothing may link a ballot with a person any more.

It happens by itself, in two steps that are each recorded: first the tags of voters are taken off
the ballots; then, when the database has let go of the old bytes and the box was checked, that is
sworn to. A vote whose box is sealed, or about to be, is never opened again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from partizipation_core.clock import Instant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Fact, Need
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.secrecy.seal import Seal, SealEntry
from partizipation_core.kernel.state import Procedure, World
from partizipation_core.values import Objection

__all__ = ["DECIDERS", "BoxSealed", "SealBox", "SealVerified"]


@frozen(kw_only=True)
class SealBox(Command):
    """Take the next step in sealing the box of a vote that is over; happens by itself.

    Args:
        vote: which vote.
    """

    vote: str


@frozen(kw_only=True)
class BoxSealed(Event):
    """The tags of voters were taken off the ballots of a vote; the ballots are the same.

    Args:
        vote: which vote.
        ballots: number of ballots.
        root: Merkle root over their sorted commitments, as when the vote was closed.
    """

    vote: str
    ballots: int
    root: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure]:
        """Remember that nobody can replace a ballot any more."""
        before = world.opened
        known = before.seals.get(self.vote, Seal(since=at))
        yield evolve(before, seals={**before.seals, self.vote: evolve(known, step="sealed")})


@frozen(kw_only=True)
class SealVerified(Event):
    """The database has let go of the bytes from before the seal, and the box was checked."""

    vote: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure]:  # noqa: ARG002
        """Remember that nothing is left to do."""
        before = world.opened
        done = evolve(before.seals[self.vote], step="verified")
        yield evolve(before, seals={**before.seals, self.vote: done})


def _objections(command: SealBox, context: Context) -> Iterator[Objection]:
    procedure = context.procedure
    if command.vote not in procedure.papers:
        yield Objection("vote_unknown", {"vote": command.vote})
    elif command.vote not in procedure.closed_votes:
        yield Objection("vote_still_open", {"vote": command.vote})


def _next_step(command: SealBox, context: Context) -> tuple[Fact, ...]:
    seal = context.procedure.seals.get(command.vote)
    if seal is not None and seal.step != "due":
        return (SealVerified(vote=command.vote),)
    assert context.box_count is not None  # noqa: S101 - narrowing, it is among the needs
    vote, box = command.vote, context.box_count.box
    return (
        BoxSealed(vote=vote, ballots=box.ballots, root=box.root),
        SealEntry(vote=vote, ballots=box.ballots, root=box.root),
    )


DECIDERS = (
    Decider(
        command=SealBox,
        decide=_next_step,
        objections=_objections,
        events=(BoxSealed, SealVerified),
        needs={Need.BOX_COUNT},
        internal=True,
        after_closing=True,
    ),
)
