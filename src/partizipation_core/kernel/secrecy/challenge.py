"""Challenging: a voter has the own ballot opened to see that it says what was chosen.

Whoever can be shown what a ballot says can show it to others. So a ballot that is opened is
spoiled in the same act: it leaves the box, and its voter votes again, with a new one that nobody
opens. Software that wrote something else into ballots would have to guess which of them will be
challenged (cast-as-intended, after J. Benaloh).
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen

from partizipation_core.kernel.channels.account import stands_elsewhere
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.messages import BallotOpening, Command
from partizipation_core.values import Objection

__all__ = ["DECIDERS", "ChallengeBallot"]


@frozen(kw_only=True)
class ChallengeBallot(Command):
    """Have one's ballot opened and spoiled, to check it; afterwards one may vote again.

    Args:
        commitment: what the receipt of the ballot says, hexadecimal.
    """

    commitment: str = field(repr=False)


def _objections(_command: ChallengeBallot, context: Context) -> Iterator[Objection]:
    vote = context.procedure.vote
    if vote not in context.procedure.papers:
        yield Objection("no_open_vote")
        return
    if context.limits(vote).secrecy != "secret":
        yield Objection("challenge_only_where_secret", {"vote": vote})
    if not context.voted or stands_elsewhere("online", context):
        yield Objection("no_ballot_to_challenge", {"vote": vote})


def _challenge(command: ChallengeBallot, context: Context) -> tuple[BallotOpening, ...]:
    vote, voter = context.procedure.vote, context.actor.ref
    return (BallotOpening(vote=vote, voter=voter, commitment=command.commitment),)


DECIDERS = (
    Decider(
        command=ChallengeBallot,
        decide=_challenge,
        objections=_objections,
        needs={Need.MARK},
        takes_back=True,
        voice=True,
    ),
)
