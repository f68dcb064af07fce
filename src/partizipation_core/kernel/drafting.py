"""Drafts: a vote was counted and nobody may know yet how it went.

A draft fixes what the numbers follow from, the box and the seed, and holds none of them. So no
reader of the journal, no hook and no export can tell them too early.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve, frozen

from partizipation_core.clock import Instant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.ledger.drawing import funding
from partizipation_core.kernel.messages import Event
from partizipation_core.kernel.standing import Standing
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Money, ParticipantRef

__all__ = ["ResultDrafted", "drafted", "published"]


@frozen(kw_only=True)
class ResultDrafted(Event):
    """A vote was counted; its result waits for certification and publication.

    Args:
        vote: which.
        ballots: number of ballots counted.
        seed: the public seed, empty where no lot was needed.
        budget: money that could be spent then; the result never depends on what is awarded later.
        by: pseudonym of who counted.
    """

    vote: str
    ballots: int
    seed: str
    budget: Money
    by: ParticipantRef

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Fix what the result follows from."""
        before = world.opened
        standing = Standing(status="draft", seed=self.seed, budget=self.budget, counted_by=self.by)
        yield evolve(before, standings={**before.standings, self.vote: standing})


def drafted(vote: str, seed: str, context: Context) -> ResultDrafted:
    """Return the event that a vote was counted, without its numbers."""
    return ResultDrafted(
        vote=vote,
        ballots=context.procedure.closed_votes[vote],
        seed=seed,
        budget=funding(vote, context),
        by=context.actor.ref,
    )


def published(
    before: Procedure,
    vote: str,
    seed: str,
    proposed: Mapping[ItemRef, Money],
    budget: Money,
) -> Mapping[str, Standing]:
    """Return the standings once the result of a vote is known, for the first time or anew."""
    fresh = Standing(status="draft", budget=budget)
    standing = before.standings.get(vote, fresh)
    told = evolve(
        standing,
        status="published",
        seed=seed,
        revision=standing.revision + 1,
        proposed=proposed,
    )
    return {**before.standings, vote: told}
