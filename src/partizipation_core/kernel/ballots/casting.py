"""Casting: a ballot goes into the box, is exchanged for another, or is taken out again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import field, frozen
from attrs.validators import in_

from partizipation_core.formats.channels import CHANNELS, OWN_CHANNELS, Channel
from partizipation_core.kernel import access
from partizipation_core.kernel.ballots.content import content_objections
from partizipation_core.kernel.channels.account import (
    cast_by_account,
    standing_objections,
    stands_elsewhere,
)
from partizipation_core.kernel.channels.entries import CastEntry
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.messages import BallotEntry, BallotWithdrawal, Command
from partizipation_core.values import ItemRef, Objection

__all__ = ["DECIDERS", "CastBallot", "ReplaceBallot", "RevokeBallot", "content_objections"]


@frozen(kw_only=True)
class CastBallot(Command):
    """Cast a ballot in the vote that is held in the present stage.

    Args:
        choices: item → mark, points or place, as the ballot type of the vote has it; what stands
            for an abstention is said, and an item that is left out is not named at all.
        channel: how it comes in: ``online``. Whoever brings ballots of others in has commands for
            it, which say by whom it was done and how often it was checked.
    """

    choices: Mapping[ItemRef, int] = field(repr=False)
    channel: Channel = field(default="online", validator=in_(CHANNELS))

    @choices.validator
    def _whole(self, _: object, value: Mapping[ItemRef, object]) -> None:
        for ref, points in value.items():
            if type(points) is not int:
                msg = f"a ballot holds whole numbers, not {points!r} for {ref}"
                raise TypeError(msg)


@frozen(kw_only=True)
class ReplaceBallot(CastBallot):
    """Put another ballot in the place of the one cast before, as a whole."""


@frozen(kw_only=True)
class RevokeBallot(Command):
    """Take one's ballot out of the box again, as if it had never been cast (Widerruf).

    Args:
        channel: how it had come in: ``online``; what lies in an urn cannot be taken back from a
            desk.
    """

    channel: Channel = field(default="online", validator=in_(CHANNELS))


def _no_open_vote(command: Command, context: Context) -> Iterator[Objection]:
    """Say that the stage holds no vote, where nothing else has said that it is the wrong one."""
    procedure = context.procedure
    allowed = context.definition.roles(procedure.stage, type(command).__name__)
    if allowed and procedure.vote not in procedure.papers:
        yield Objection("no_open_vote")


def _not_ones_own(channel: str) -> Iterator[Objection]:
    """Object where somebody claims a channel that others answer for."""
    if channel not in OWN_CHANNELS:
        params = {"channel": channel, "channels": ", ".join(sorted(OWN_CHANNELS))}
        yield Objection("channel_not_own", params)


def _cast_objections(command: CastBallot, context: Context) -> Iterator[Objection]:
    yield from _no_open_vote(command, context)
    yield from _not_ones_own(command.channel)
    vote = context.procedure.vote
    if vote not in context.procedure.papers:
        return
    yield from content_objections(command.choices, command, context, access.home(context))
    replacing = isinstance(command, ReplaceBallot)
    yield from standing_objections(command.channel, context, replacing=replacing)


def _revoke_objections(command: RevokeBallot, context: Context) -> Iterator[Objection]:
    yield from _no_open_vote(command, context)
    yield from _not_ones_own(command.channel)
    vote = context.procedure.vote
    there = context.voted and not stands_elsewhere(command.channel, context)
    if vote in context.procedure.papers and not there:
        yield Objection("no_ballot_to_revoke", {"vote": vote})


def _cast(command: CastBallot, context: Context) -> tuple[BallotEntry | CastEntry, ...]:
    return cast_by_account(
        BallotEntry(
            vote=context.procedure.vote,
            voter=context.actor.ref,
            choices=command.choices,
            channel=command.channel,
            replaces=isinstance(command, ReplaceBallot),
            strength=context.actor.strength,
        ),
        context,
    )


def _revoke(command: RevokeBallot, context: Context) -> tuple[BallotWithdrawal, ...]:
    vote, voter = context.procedure.vote, context.actor.ref
    return (BallotWithdrawal(vote=vote, voter=voter, channel=command.channel),)


DECIDERS = (
    *(
        Decider(
            command=command,
            decide=_cast,
            objections=_cast_objections,
            needs={Need.MARK},
            personal=True,
            voice=True,
        )
        for command in (CastBallot, ReplaceBallot)
    ),
    # Who has moved away since may still take back what was said before.
    Decider(
        command=RevokeBallot,
        decide=_revoke,
        objections=_revoke_objections,
        needs={Need.MARK},
        takes_back=True,
        voice=True,
    ),
)
