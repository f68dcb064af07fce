"""Correction: a published result was wrong; the old one stays readable beside the new one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.kernel.ballot import CountBallots, counted, seed_objections
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.decision.assembly_votes import hands_objections
from partizipation_core.kernel.drafting import published
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.results.certification import reconciled
from partizipation_core.kernel.state import Hands, Item, Procedure, World
from partizipation_core.values import ItemRef, Money, Objection

__all__ = ["DECIDERS", "CorrectResult", "ResultCorrected"]


@frozen(kw_only=True)
class CorrectResult(Command):
    """Count a published vote again, because something it was counted from was put down wrongly.

    Args:
        vote: which vote.
        reason: what was wrong, for the public.
        seed: the digits that were really drawn; empty where they were right.
        hands: item → hands that were really shown; only what was wrong.
    """

    vote: str
    reason: str
    seed: str = ""
    hands: Mapping[ItemRef, Hands] = field(factory=dict, converter=as_mapping)


@frozen(kw_only=True)
class ResultCorrected(Event):
    """A published result was replaced; the earlier one stays in the journal.

    Args:
        vote: which vote.
        ballots: number of ballots counted.
        seed: the public seed.
        result: the result as plain data.
        proposed: what the count proposes to award now.
        hands: item → hands that were corrected.
        reason: what was wrong.
        awards: items of this vote that were decided on before; their awards rest on the earlier
            result.
        affected: those of them that the new result proposes another amount for, or none.
    """

    vote: str
    ballots: int
    seed: str
    result: Mapping[str, Any]
    proposed: Mapping[ItemRef, Money]
    hands: Mapping[ItemRef, Hands]
    reason: str
    awards: tuple[ItemRef, ...] = field(converter=as_tuple)
    affected: tuple[ItemRef, ...] = field(converter=as_tuple)

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Put the new proposal in the place of the old one; awards stay as they are."""
        before = with_hands(world.opened, self.vote, self.hands)
        others = {ref: sum_ for ref, sum_ in before.proposed.items() if not self._own(ref, before)}
        yield evolve(
            before,
            proposed={**others, **self.proposed},
            standings=published(
                before, self.vote, self.seed, self.proposed, Money(int(self.result["budget"]))
            ),
        )

    def _own(self, ref: ItemRef, procedure: Procedure) -> bool:
        return ref in procedure.papers[self.vote]


def with_hands(procedure: Procedure, vote: str, hands: Mapping[ItemRef, Hands]) -> Procedure:
    """Return a procedure with some hands of a vote put right."""
    if not hands:
        return procedure
    right = {**procedure.hands.get(vote, {}), **hands}
    return evolve(procedure, hands={**procedure.hands, vote: right})


def _objections(command: CorrectResult, context: Context) -> Iterator[Objection]:
    procedure = context.procedure
    standing = procedure.standings.get(command.vote)
    if not command.reason.strip():
        yield Objection("reason_missing", {"command": "CorrectResult"})
    if standing is None or standing.status != "published":
        yield Objection("nothing_published", {"vote": command.vote})
        return
    if not command.hands and command.seed.strip() in ("", standing.seed):
        yield Objection("nothing_to_correct", {"vote": command.vote})
    if context.settings.certify_by_another and context.actor.ref == standing.counted_by:
        yield Objection("same_person_counted", {"vote": command.vote})
    present = procedure.attendance.get(command.vote, 0)
    yield from hands_objections(command.vote, command.hands, present, context)
    yield from seed_objections(_again(command, context), context)
    yield from reconciled(command.vote, context)


def _again(command: CorrectResult, context: Context) -> CountBallots:
    seed = command.seed.strip() or context.procedure.standings[command.vote].seed
    return CountBallots(vote=command.vote, seed=seed)


def _decide(command: CorrectResult, context: Context) -> tuple[Event, ...]:
    vote = command.vote
    right = with_hands(context.procedure, vote, command.hands)
    world = evolve(context.world, procedure=right)
    found = counted(_again(command, context), evolve(context, world=world))
    awards = sorted(_decided(vote, context))
    before = context.procedure.standings[vote].proposed
    affected = [ref for ref in awards if before.get(ref) != found.proposed.get(ref)]
    return (
        ResultCorrected(
            vote=vote,
            ballots=found.ballots,
            seed=found.seed,
            result=found.result,
            proposed=found.proposed,
            hands=command.hands,
            reason=command.reason,
            awards=awards,
            affected=affected,
        ),
    )


def _decided(vote: str, context: Context) -> Iterator[ItemRef]:
    """Name the items of a vote that a body has decided on already."""
    for ref in context.procedure.papers[vote]:
        if context.item(ref).state != "on_ballot":
            yield ref


DECIDERS = (
    Decider(
        command=CorrectResult,
        decide=_decide,
        objections=_objections,
        events=(ResultCorrected,),
        needs={Need.ITEMS, Need.BALLOTS, Need.BOX_COUNT},
    ),
)
