"""Checks that commands of several channels share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from partizipation_core.formats.channels import CHANNELS
from partizipation_core.kernel import access
from partizipation_core.kernel.ballots.content import content_objections
from partizipation_core.kernel.channels.policy import Ruling, rule_on
from partizipation_core.kernel.channels.register import Register
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.messages import Command
from partizipation_core.values import ItemRef, Objection, ParticipantRef, reference

__all__ = [
    "closed_channel",
    "content_problems",
    "no_attendance",
    "no_open_vote",
    "not_closed",
    "register_of",
    "turned_away",
    "unwritable",
    "voter_problems",
]


def register_of(vote: str, context: Context) -> Register:
    """Return the register of a vote, an empty one where nothing was put down yet."""
    return context.procedure.registers.get(vote, Register())


def closed_channel(channel: str, context: Context, vote: str = "") -> Iterator[Objection]:
    """Object where the town does not take votes in through a channel, or the vote is held outside.

    Args:
        channel: how they would come in.
        context: what the decision sees.
        vote: which vote; empty for that of the present stage.
    """
    vote, outside = vote or context.procedure.vote, context.settings.outside
    if outside is not None and context.limits(vote).secrecy == "external":
        params = {"vote": vote, "system": outside.name, "address": outside.address}
        yield Objection("vote_held_outside", params)
    taken = context.settings.channels
    if taken and channel in CHANNELS and channel not in taken:
        yield Objection("channel_closed", {"channel": channel, "channels": ", ".join(taken)})


def no_open_vote(command: Command, context: Context) -> Iterator[Objection]:
    """Object where the present stage would allow the command but holds no vote."""
    procedure, name = context.procedure, type(command).__name__
    allowed = context.definition.roles(procedure.stage, name)
    if allowed and procedure.vote not in procedure.papers:
        yield Objection("no_open_vote")


def not_closed(vote: str, context: Context) -> Iterator[Objection]:
    """Object where totals of a vote would tell a result while people still vote."""
    procedure = context.procedure
    if vote not in procedure.papers:
        yield Objection("vote_unknown", {"vote": vote})
    elif vote not in procedure.closed_votes:
        yield Objection("vote_still_open", {"vote": vote})
    if vote in procedure.counted:
        yield Objection("already_counted", {"vote": vote})


def content_problems(choices: Mapping[ItemRef, int], context: Context) -> Iterator[Objection]:
    """List every fault of a ballot's content against the paper and the rules of its vote."""
    mine = context.franchise.mine
    # Whoever types a ballot in is asked what whoever casts one is asked.
    return content_objections(choices, _AS_CAST, context, mine.area if mine else "")


class CastBallot:
    """What ballot rules see as the command, whichever way a ballot came in."""


_AS_CAST = CastBallot()


def voter_problems(voter: ParticipantRef, channel: str, context: Context) -> Iterator[Objection]:
    """Object where a vote with an electoral roll does not know whose ballot is brought in.

    Args:
        voter: whose it is; empty where nobody says so.
        channel: how it comes in.
        context: whose franchise is that of the voter.
    """
    yield from access.channel_strength(channel, context, named=bool(voter))
    if not access.by_roll(context):
        yield from access.nowhere(channel, context)
        return
    vote = context.procedure.vote
    if not voter:
        if channel not in context.settings.unnamed:
            yield Objection("voter_unnamed", {"vote": vote, "channel": channel})
    elif context.franchise.mine is None:
        yield Objection("voter_not_enrolled", {"vote": vote})
    else:
        yield from access.territory(_AS_CAST, context)


def no_attendance(channel: str, context: Context) -> Iterator[Objection]:
    """Object where an electoral roll says who may vote and nobody was ticked off on it."""
    if context.settings.electorate == "register" and channel not in context.settings.unnamed:
        yield Objection("attendance_missing", {"channel": channel})


def turned_away(channel: str, context: Context) -> Iterator[Objection]:
    """Object at the door where somebody has voted and a further vote could not count."""
    stands, policy = context.register.standing, context.settings.same_voter
    if stands is None or rule_on(policy, stands, channel) is not Ruling.REFUSED:
        return
    vote = context.procedure.vote
    if stands.channel == channel:
        yield Objection("already_voted", {"vote": vote})
    else:
        params = {"vote": vote, "channel": stands.channel, "policy": policy}
        yield Objection("voted_elsewhere", params)


def unwritable(kind: str, name: str) -> Iterator[Objection]:
    """Object to a number or name of another form than references have."""
    try:
        reference(name)
    except ValueError:
        yield Objection("name_malformed", {"kind": kind, "name": name})
