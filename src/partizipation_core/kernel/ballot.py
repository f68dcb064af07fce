"""Ballots: casting, replacing, and counting what is in the box."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.counting import BallotType, Election, Project, Result, UndecidedTie
from partizipation_core.errors import Refused
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.ledger.drawing import funding
from partizipation_core.kernel.messages import BallotEntry, Command, Event
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Money, Objection

__all__ = [
    "DECIDERS",
    "BallotsCounted",
    "CastBallot",
    "CountBallots",
    "Counting",
    "ReplaceBallot",
    "counting_objections",
    "election_of",
    "stage_of",
]


@frozen(kw_only=True)
class CastBallot(Command):
    """Cast a ballot in the vote that is held in the present stage.

    Args:
        choices: item → points; 1 is a plain vote, -1 a vote against.
        channel: how it comes in.
    """

    choices: Mapping[ItemRef, int] = field(repr=False)
    channel: str = "online"

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
class CountBallots(Command):
    """Count a vote that is over.

    Args:
        vote: which vote.
        seed: digits drawn in public, where equals are ordered by lot.
    """

    vote: str
    seed: str = ""


@frozen(kw_only=True)
class BallotsCounted(Event):
    """A vote was counted.

    Args:
        vote: which vote.
        ballots: number of ballots counted.
        seed: the public seed, empty where no lot was needed.
        result: the result as plain data, with the fate of every item.
        proposed: what the count proposes to award.
    """

    vote: str
    ballots: int
    seed: str
    result: Mapping[str, Any]
    proposed: Mapping[ItemRef, Money]

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Remember the proposal."""
        before = world.opened
        yield evolve(before, counted=(*before.counted, self.vote), proposed=self.proposed)


def _cast_objections(command: CastBallot, context: Context) -> Iterator[Objection]:
    vote = context.procedure.vote
    paper = context.procedure.papers.get(vote)
    if paper is None:
        if context.definition.roles(context.procedure.stage, type(command).__name__):
            yield Objection("no_open_vote")
        return
    if strangers := sorted(set(command.choices) - set(paper)):
        yield Objection("not_on_ballot", {"items": ", ".join(strangers)})
    for ref in sorted(set(command.choices) & set(context.procedure.hidden)):
        yield Objection("item_hidden", {"item": ref})
    view = context.view(command)
    for rule in context.rules.all("ballot", context.procedure.stage):
        yield from rule(command.choices, paper, view)
    replacing = isinstance(command, ReplaceBallot)
    if context.voted and not replacing:
        yield Objection("already_voted", {"vote": vote})
    if replacing and not context.voted:
        yield Objection("not_voted_yet", {"vote": vote})


def _cast(command: CastBallot, context: Context) -> tuple[BallotEntry, ...]:
    return (
        BallotEntry(
            vote=context.procedure.vote,
            voter=context.actor.ref,
            choices=command.choices,
            channel=command.channel,
            replaces=isinstance(command, ReplaceBallot),
        ),
    )


class Counting(Protocol):
    """A command that counts a vote."""

    @property
    def vote(self) -> str: ...  # noqa: D102
    @property
    def seed(self) -> str: ...  # noqa: D102


def stage_of(vote: str) -> str:
    """Return the stage in which a vote is held; a repeated one is numbered."""
    return vote.partition(".")[0]


def counting_objections(command: Counting, context: Context) -> Iterator[Objection]:
    """Say what speaks against counting a vote now."""
    procedure = context.procedure
    if command.vote not in procedure.papers:
        yield Objection("vote_unknown", {"vote": command.vote})
    elif command.vote not in procedure.closed_votes:
        yield Objection("vote_still_open", {"vote": command.vote})
    elif not procedure.papers[command.vote]:
        yield Objection("nothing_on_ballot", {"vote": command.vote})
    if command.vote in procedure.counted:
        yield Objection("already_counted", {"vote": command.vote})
    drawing = any(
        getattr(rule, "needs_seed", False)
        for rule in context.rules.all("tie", stage_of(command.vote))
    )
    if drawing and not command.seed.strip():
        yield Objection("seed_missing", {"vote": command.vote})


def _count(command: CountBallots, context: Context) -> tuple[Event, ...]:
    view = context.view(command, seed=command.seed)
    stage = stage_of(command.vote)
    ties = [rule(view) for rule in context.rules.all("tie", stage)]
    election = election_of(command.vote, context)
    try:
        result: Result = context.rules.one("count", stage)(election, ties, view)
    except UndecidedTie as tie:
        objection = Objection("tie_undecided", {"items": ", ".join(tie.members)})
        raise Refused(type(command).__name__, [objection]) from tie
    proposed = {ItemRef(ref): Money(result.fates[ref].cost) for ref in result.funded}
    return (
        BallotsCounted(
            vote=command.vote,
            ballots=context.procedure.closed_votes[command.vote],
            seed=command.seed,
            result=result.to_data(),
            proposed=proposed,
        ),
    )


def election_of(vote: str, context: Context) -> Election:
    """Lay out paper and ballots of a vote as the counting room reads them, in cents.

    The budget is what is left of the pot, so that a second vote cannot propose money that the
    first one has awarded.
    """
    items, paper = context.world.items, context.procedure.papers[vote]
    return Election.from_ballots(
        projects=[
            Project(
                id=ref,
                cost=price.cents if price is not None else 0,
                name=items[ref].title,
                categories=tuple(filter(None, (items[ref].category,))),
            )
            for ref, price in paper.items()
        ],
        budget=funding(vote, context).cents,
        ballots=context.ballots,
        ballot_type=BallotType(context.settings.ballot_type),
        unit=100,
        meta={"currency": context.settings.currency},
    )


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
    Decider(
        command=CountBallots,
        decide=_count,
        objections=counting_objections,
        events=(BallotsCounted,),
        needs={Need.ITEMS, Need.BALLOTS, Need.LEDGER},
        asks={"count"},
    ),
)
