"""Certification: another person than the counter confirms a result, if its numbers agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from partizipation_core.clock import Instant
from partizipation_core.kernel.ballot import CountBallots, counted
from partizipation_core.kernel.context import BoxCount, Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import Objection, ParticipantRef

__all__ = [
    "DECIDERS",
    "CertifyResult",
    "PublishResult",
    "ResultCertified",
    "ResultPublished",
    "discrepancies",
]


@frozen(kw_only=True)
class CertifyResult(Command):
    """Certify the counted result of a vote (Feststellung des Ergebnisses)."""

    vote: str


@frozen(kw_only=True)
class PublishResult(Command):
    """Publish the certified result of a vote (Bekanntmachung)."""

    vote: str


@frozen(kw_only=True)
class ResultCertified(Event):
    """Somebody confirmed that the numbers of a vote agree with each other."""

    vote: str
    by: ParticipantRef

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Remember who certified."""
        before = world.opened
        standing = evolve(before.standings[self.vote], status="certified", certified_by=self.by)
        yield evolve(before, standings={**before.standings, self.vote: standing})


@frozen(kw_only=True)
class ResultPublished(Event):
    """The result of a vote was made known; the line before holds its numbers."""

    vote: str
    by: ParticipantRef

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Change nothing: the numbers themselves have done so."""
        yield world.opened


def discrepancies(vote: str, ballots: int, count: BoxCount, context: Context) -> list[str]:
    """Name every pair of numbers of a vote that should be equal and are not.

    Args:
        vote: which vote.
        ballots: number of ballots that were read out of the box.
        count: the box, counted in other ways.
        context: what the decision may see.
    """
    closed = context.procedure.closed_votes.get(vote, 0)
    sums = {
        "read": ballots,
        "box": count.box.ballots,
        "roll": count.roll,
        "channels": sum(count.channels.values()),
    }
    return [name for name, found in sums.items() if found != closed]


def _certify_objections(command: CertifyResult, context: Context) -> Iterator[Objection]:
    standing = context.procedure.standings.get(command.vote)
    if standing is None:
        yield Objection("result_not_counted", {"vote": command.vote})
        return
    if standing.status != "draft":
        params = {"vote": command.vote, "result_status": standing.status}
        yield Objection("result_certified_already", params)
    if context.settings.certify_by_another and context.actor.ref == standing.counted_by:
        yield Objection("same_person_counted", {"vote": command.vote})
    yield from reconciled(command.vote, context)


def reconciled(vote: str, context: Context) -> Iterator[Objection]:
    """Say which numbers of a vote do not agree with what was closed, without the numbers."""
    if context.box_count is None:
        return
    odd = discrepancies(vote, len(tuple(context.ballots)), context.box_count, context)
    if odd:
        yield Objection("result_not_reconciled", {"vote": vote, "sums": ", ".join(odd)})


def _certify(command: CertifyResult, context: Context) -> tuple[Event, ...]:
    return (ResultCertified(vote=command.vote, by=context.actor.ref),)


def _publish_objections(command: PublishResult, context: Context) -> Iterator[Objection]:
    standing = context.procedure.standings.get(command.vote)
    if standing is None:
        yield Objection("result_not_counted", {"vote": command.vote})
    elif standing.status == "draft":
        yield Objection("result_not_certified", {"vote": command.vote})
    elif standing.status == "published":
        yield Objection("result_published_already", {"vote": command.vote})
    yield from reconciled(command.vote, context)


def _publish(command: PublishResult, context: Context) -> tuple[Event, ...]:
    seed = context.procedure.standings[command.vote].seed
    found = counted(CountBallots(vote=command.vote, seed=seed), context)
    return (found, ResultPublished(vote=command.vote, by=context.actor.ref))


DECIDERS = (
    Decider(
        command=CertifyResult,
        decide=_certify,
        objections=_certify_objections,
        events=(ResultCertified,),
        needs={Need.BALLOTS, Need.BOX_COUNT},
    ),
    Decider(
        command=PublishResult,
        decide=_publish,
        objections=_publish_objections,
        events=(ResultPublished,),
        needs={Need.ITEMS, Need.BALLOTS, Need.BOX_COUNT},
    ),
)
