"""The account as one channel among others: what ballots by account meet on the register."""

from __future__ import annotations

from collections.abc import Iterator

from partizipation_core.kernel.channels.casting import entry
from partizipation_core.kernel.channels.checks import closed_channel, turned_away
from partizipation_core.kernel.channels.entries import CastEntry, Voter
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.messages import BallotEntry
from partizipation_core.values import Objection

__all__ = ["cast_by_account", "standing_objections", "stands_elsewhere"]


def standing_objections(channel: str, context: Context, *, replacing: bool) -> Iterator[Objection]:
    """Object where the voter's ballot cannot be cast, or replaced, for what stands already."""
    yield from closed_channel(channel, context)
    vote = context.procedure.vote
    if replacing and not context.voted:
        yield Objection("not_voted_yet", {"vote": vote})
    elif stands_elsewhere(channel, context):
        yield from turned_away(channel, context)
    elif context.voted and not replacing:
        yield Objection("already_voted", {"vote": vote})


def stands_elsewhere(channel: str, context: Context) -> bool:
    """Tell whether what stands for the voter came in by another channel, or was put aside."""
    stands = context.register.standing
    return stands is not None and (stands.channel != channel or stands.fate is not None)


def cast_by_account(ballot: BallotEntry, context: Context) -> tuple[BallotEntry | CastEntry, ...]:
    """Return what is written: the ballot, together with what becomes of the vote that stood."""
    if not stands_elsewhere(ballot.channel, context):
        return (ballot,)
    cast = CastEntry(
        vote=ballot.vote,
        voter=Voter(person=ballot.voter),
        channel=ballot.channel,
        choices=ballot.choices,
        strength=ballot.strength,
    )
    return (entry(cast, context.register.standing, context),)
