"""Destroying the key of a vote: afterwards nobody can tell who stands behind a tag of its roll.

While a result may still be objected to, the key is needed: with it an office can show that
somebody has voted, or has not. When that time is over (Einspruchsfrist), it has no further use.
The journal says that the key is destroyed; the key ring lets go of it once that is committed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from attrs import evolve, frozen

from partizipation_core.clock import Instant, end_of_day, to_wall
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import Objection

__all__ = ["DECIDERS", "DestroyKey", "KeyDestroyed", "kept_until", "last_day"]


@frozen(kw_only=True)
class DestroyKey(Command):
    """Destroy the key of a vote when its result can no longer be objected to.

    Args:
        vote: which vote.
        reason: why, where there is more to say than that its time is over.
    """

    vote: str
    reason: str = ""


@frozen(kw_only=True)
class KeyDestroyed(Event):
    """The key of a vote is destroyed; its tags belong to nobody any more.

    Args:
        vote: which vote.
        reason: why, empty where its time was over.
    """

    vote: str
    reason: str = ""

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Remember that nobody can be looked up in this vote."""
        before = world.opened
        yield evolve(before, keyless=(*before.keyless, self.vote))


def last_day(published: Instant, settings: ProcedureSettings) -> date:
    """Return the last day on which a result may be objected to and the key is kept.

    The day of publication is not counted, as in § 187 (1) BGB; the last day counts whole.

    Args:
        published: when the result was made known, or last corrected.
        settings: name the period in days and the zone whose days they are.
    """
    told = to_wall(published, settings.timezone).date()
    return told + timedelta(days=settings.result_objection_days)


def kept_until(
    vote: str, published: Instant | None, procedure: Procedure, settings: ProcedureSettings
) -> Instant | None:
    """Return the instant from which the key of a closed vote may be destroyed.

    A vote that was never counted waits for the end of its procedure, and its time runs from the
    day on which the last stage began.

    Args:
        vote: which vote.
        published: when its result was made known; None where it was not.
        procedure: the procedure.
        settings: its settings.

    Returns:
        None where nothing has begun that would end.
    """
    since = published
    if since is None and procedure.status == "closed":
        since = procedure.entered_at
    if since is None or vote not in procedure.closed_votes:
        return None
    return end_of_day(last_day(since, settings), settings.timezone)


def _objections(command: DestroyKey, context: Context) -> Iterator[Objection]:
    procedure, vote = context.procedure, command.vote
    if vote not in procedure.papers:
        yield Objection("vote_unknown", {"vote": vote})
    elif vote not in procedure.closed_votes:
        yield Objection("vote_still_open", {"vote": vote})
    elif vote in procedure.keyless:
        yield Objection("key_destroyed_already", {"vote": vote})
    else:
        yield from _too_early(vote, context)


def _too_early(vote: str, context: Context) -> Iterator[Objection]:
    end = kept_until(vote, context.published, context.procedure, context.settings)
    if end is None:
        days = context.settings.result_objection_days
        yield Objection("key_waits_for_result", {"vote": vote, "days": days})
    elif context.now < end:
        yield Objection("key_still_needed", {"vote": vote, "until": Instant(end - 1)}, end)


def _destroy(command: DestroyKey, _context: Context) -> tuple[Event, ...]:
    return (KeyDestroyed(vote=command.vote, reason=command.reason),)


DECIDERS = (
    Decider(
        command=DestroyKey,
        decide=_destroy,
        objections=_objections,
        events=(KeyDestroyed,),
        needs={Need.PUBLISHED},
        after_closing=True,
    ),
)
