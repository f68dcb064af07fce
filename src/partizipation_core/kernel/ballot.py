"""Counting what is in the box; what goes in and out of it is the business of `ballots`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Protocol

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.counting import Election, Project, Result, UndecidedTie
from partizipation_core.errors import Refused
from partizipation_core.formats.ballots import BallotLimits
from partizipation_core.kernel.ballots import casting
from partizipation_core.kernel.ballots.casting import CastBallot, ReplaceBallot, RevokeBallot
from partizipation_core.kernel.ballots.merging import folded, heirs, merged_away
from partizipation_core.kernel.ballots.reading import COUNTED_AS, abstentions, as_counted, blank
from partizipation_core.kernel.channels.counting import (
    counted_ballots,
    joined,
    needing_ballots,
)
from partizipation_core.kernel.channels.register import Register
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.decision.mixing import mixed
from partizipation_core.kernel.drafting import (
    ResultDrafted,
    drafted,
    published,
)
from partizipation_core.kernel.ledger.drawing import funding
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Item, Procedure, World, stage_of
from partizipation_core.values import ItemRef, Money, Objection

__all__ = [
    "DECIDERS",
    "BallotsCounted",
    "CastBallot",
    "CountBallots",
    "Counting",
    "ReplaceBallot",
    "RevokeBallot",
    "counted",
    "counting_objections",
    "election_of",
    "seed_objections",
    "stage_of",
]


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
    """A vote was counted, and the result is known from here on.

    Where results are certified first, it is written when they are published: before that no line
    of the journal holds a number of the vote.

    Args:
        vote: which vote.
        ballots: number of ballots counted.
        seed: the public seed, empty where no lot was needed.
        result: the result as plain data, with the fate of every item.
        proposed: what the count proposes to award.
        blank: how many of the ballots name nothing; they count as ballots and for no item.
        abstained: item → ballots that abstain from it in so many words.
    """

    vote: str
    ballots: int
    seed: str
    result: Mapping[str, Any]
    proposed: Mapping[ItemRef, Money]
    blank: int = 0
    abstained: Mapping[ItemRef, int] = field(factory=dict)

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Remember the proposal."""
        before = world.opened
        yield evolve(
            before,
            counted=(*before.counted, self.vote),
            proposed=self.proposed,
            standings=published(
                before, self.vote, self.seed, self.proposed, Money(int(self.result["budget"]))
            ),
        )


class Counting(Protocol):
    """A command that counts a vote."""

    @property
    def vote(self) -> str: ...  # noqa: D102
    @property
    def seed(self) -> str: ...  # noqa: D102


def counting_objections(command: Counting, context: Context) -> Iterator[Objection]:
    """Say what speaks against counting a vote now."""
    procedure = context.procedure
    if command.vote not in procedure.papers:
        yield Objection("vote_unknown", {"vote": command.vote})
    elif command.vote not in procedure.closed_votes:
        yield Objection("vote_still_open", {"vote": command.vote})
    elif not procedure.papers[command.vote]:
        yield Objection("nothing_on_ballot", {"vote": command.vote})
    elif context.limits(command.vote).secrecy == "external":
        yield from _reported(command.vote, context)
    if procedure.is_counted(command.vote):
        yield Objection("already_counted", {"vote": command.vote})
    yield from seed_objections(command, context)


def _reported(vote: str, context: Context) -> Iterator[Objection]:
    """Say that nothing can be counted before the system outside has reported its result."""
    register, outside = context.procedure.registers.get(vote, Register()), context.settings.outside
    if register.outside is None and outside is not None:
        yield Objection("outside_result_missing", {"vote": vote, "system": outside.name})


def seed_objections(command: Counting, context: Context) -> Iterator[Objection]:
    """Say that a lot would have to be drawn and no public seed was named."""
    drawing = any(
        getattr(rule, "needs_seed", False)
        for rule in context.rules.all("tie", stage_of(command.vote))
    )
    if drawing and not command.seed.strip():
        yield Objection("seed_missing", {"vote": command.vote})


def _count(command: CountBallots, context: Context) -> tuple[Event, ...]:
    found = counted(command, context)
    if context.settings.results == "certified":
        return (drafted(command.vote, command.seed, context),)
    return (found,)


def counted(command: CountBallots, context: Context) -> BallotsCounted:
    """Count a vote from what is in its box and what its assembly showed.

    However often and whenever it is asked, the same box and the same seed give the same result.

    Raises:
        Refused: the rules for ties leave equals undecided.
    """
    view = context.view(command, seed=command.seed)
    stage = stage_of(command.vote)
    ties = tuple(rule(view) for rule in context.rules.all("tie", stage))
    election = mixed(command.vote, election_of(command.vote, context), context)
    try:
        with needing_ballots(command, command.vote):
            result: Result = context.rules.one("count", stage)(election, ties, view)
    except UndecidedTie as tie:
        objection = Objection("tie_undecided", {"items": ", ".join(tie.members)})
        raise Refused(type(command).__name__, [objection]) from tie
    proposed = {ItemRef(ref): Money(result.fates[ref].amount) for ref in result.funded}
    return BallotsCounted(
        vote=command.vote,
        ballots=counted_ballots(command.vote, context.procedure),
        seed=command.seed,
        result=result.to_data(),
        proposed=proposed,
        blank=blank(context.ballots),
        abstained=abstentions(context.ballots),
    )


def election_of(vote: str, context: Context) -> Election:
    """Lay out paper and ballots of a vote as the counting room reads them, in cents.

    The budget is what is left of the pot, so that a second vote cannot propose money that the
    first one has awarded.
    """
    items, paper, limits = context.world.items, context.paper(vote), context.limits(vote)
    assert paper is not None  # noqa: S101 - narrowing, objections have seen to it
    into, gone = heirs(paper, items), set(merged_away(paper, items))
    pointed = limits.ballot_type == "cumulative"
    ballots = Election.from_ballots(
        projects=[
            Project(
                id=ref,
                cost=price.cents if price is not None else 0,
                name=items[ref].title,
                categories=tuple(filter(None, (paper.categories.get(ref),))),
                meta={"area": paper.areas.get(ref, "")},
            )
            for ref, price in paper.items()
            if ref not in gone
        ],
        budget=funding(vote, context).cents,
        ballots=(
            as_counted(_counting(choices, into, gone, pointed=pointed), limits.ballot_type)
            for choices in context.ballots
        ),
        ballot_type=COUNTED_AS[limits.ballot_type],
        unit=100,
        meta={"currency": context.settings.currency, **_first_place(limits)},
    )
    return joined(ballots, context.procedure.registers.get(vote, Register()), into)


def _counting(
    choices: Mapping[str, int],
    into: Mapping[ItemRef, ItemRef],
    gone: Collection[str],
    *,
    pointed: bool,
) -> Mapping[str, int]:
    """Return what of a ballot is counted: nothing for what was merged away without its points."""
    if not gone:
        return choices
    kept = folded(choices, into, pointed=pointed)
    return {ref: mark for ref, mark in kept.items() if ref not in gone}


def _first_place(limits: BallotLimits) -> dict[str, str]:
    """Say what the first place of a ranking is worth where not all items can be ranked."""
    most = limits.max_choices if limits.ballot_type == "ranking" else None
    return {} if most is None else {"max_length": str(most)}


DECIDERS = (
    *casting.DECIDERS,
    Decider(
        command=CountBallots,
        decide=_count,
        objections=counting_objections,
        events=(BallotsCounted, ResultDrafted),
        needs={Need.ITEMS, Need.BALLOTS, Need.LEDGER},
        asks={"count"},
    ),
)
