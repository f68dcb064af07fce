"""Feedback: what the administration says to an item in public."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from partizipation_core.clock import Instant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.discussion.voice import in_staff
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.state import Item, World
from partizipation_core.values import ItemRef, Objection

__all__ = ["DECIDERS", "FeedbackGiven", "GiveFeedback"]

FEEDBACK_LENGTH = 10_000


@frozen(kw_only=True)
class GiveFeedback(ItemCommand):
    """Say something to an item in public, in the name of the administration (Rückmeldung).

    Args:
        text: plain text of at most 10,000 characters; takes the place of the one before.
    """

    text: str


@frozen(kw_only=True)
class FeedbackGiven(Event):
    """The administration said something to an item."""

    item: ItemRef
    text: str

    def apply(self, world: World, at: Instant) -> Iterable[Item]:  # noqa: ARG002
        """Keep it with the item; what was said before stays in the journal."""
        yield evolve(world.items[self.item], feedback=self.text)


def _objections(command: GiveFeedback, context: Context) -> Iterator[Objection]:
    if not in_staff(context):
        yield Objection("feedback_is_official", {"item": command.item})
    if not command.text.strip():
        yield Objection("feedback_empty", {"item": command.item})
    if len(command.text) > FEEDBACK_LENGTH:
        yield Objection("text_too_long", {"field": "feedback", "limit": FEEDBACK_LENGTH})


def _decide(command: GiveFeedback, _context: Context) -> tuple[Event, ...]:
    return (FeedbackGiven(item=command.item, text=command.text.strip()),)


DECIDERS = (
    Decider(command=GiveFeedback, decide=_decide, objections=_objections, events=(FeedbackGiven,)),
)
