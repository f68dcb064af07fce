"""Shortlisting by vote (Vorauswahl): the best of a preliminary vote go on, whatever they cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.counting import Selection, UndecidedTie
from partizipation_core.errors import Refused
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.ballot import counting_objections, election_of, stage_of
from partizipation_core.kernel.ballots.merging import merged_away
from partizipation_core.kernel.channels.counting import counted_ballots, needing_ballots
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Objection

__all__ = ["DECIDERS", "ShortlistByVote", "VoteShortlisted"]


@frozen(kw_only=True)
class ShortlistByVote(Command):
    """Count a preliminary vote and put the best on the list for the next one.

    Args:
        vote: which vote.
        seed: digits drawn in public, where equals at the edge are ordered by lot.
    """

    vote: str
    seed: str = ""


@frozen(kw_only=True)
class VoteShortlisted(Event):
    """A preliminary vote was counted: one event, however many items.

    Args:
        vote: which vote.
        ballots: number of ballots counted.
        seed: the public seed, empty where no lot was needed.
        shortlisted: who goes on, the best first.
        passed_over: who does not.
        reasons: item → code and parameters of why.
        ties: every tie at an edge, and how it was decided.
    """

    vote: str
    ballots: int
    seed: str
    shortlisted: tuple[ItemRef, ...] = field(converter=as_tuple)
    passed_over: tuple[ItemRef, ...] = field(converter=as_tuple)
    reasons: Mapping[str, Any]
    ties: tuple[Any, ...] = field(converter=as_tuple)

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Move every item that stood on the ballot."""
        before = world.opened
        yield evolve(before, counted=(*before.counted, self.vote))
        for ref in self.shortlisted:
            yield evolve(world.items[ref], state="shortlisted")
        for ref in self.passed_over:
            yield evolve(world.items[ref], state="not_shortlisted")


def _decide(command: ShortlistByVote, context: Context) -> tuple[Event, ...]:
    view, stage = context.view(command, seed=command.seed), stage_of(command.vote)
    ties = tuple(rule(view) for rule in context.rules.all("tie", stage))
    paper, items = context.procedure.papers[command.vote], context.world.items
    gone = set(merged_away(paper, items))
    areas = {ref: context.item(ref).area for ref in paper if ref not in gone}
    count = context.rules.one("shortlist", stage)
    try:
        with needing_ballots(command, command.vote):
            selection: Selection = count(election_of(command.vote, context), areas, ties, view)
    except UndecidedTie as tie:
        objection = Objection("tie_undecided", {"items": ", ".join(tie.members)})
        raise Refused(type(command).__name__, [objection]) from tie
    chosen = set(selection.chosen)
    return (
        VoteShortlisted(
            vote=command.vote,
            ballots=counted_ballots(command.vote, context.procedure),
            seed=command.seed,
            shortlisted=selection.chosen,
            passed_over=sorted(ref for ref in areas if ref not in chosen),
            reasons={ref: reason.to_data() for ref, reason in selection.reasons.items()},
            ties=tuple(tie.to_data() for tie in selection.ties),
        ),
    )


DECIDERS = (
    Decider(
        command=ShortlistByVote,
        decide=_decide,
        objections=counting_objections,
        events=(VoteShortlisted,),
        needs={Need.ITEMS, Need.BALLOTS, Need.LEDGER},
        asks={"shortlist"},
        follows=("go_on", "drop_out"),
    ),
)
