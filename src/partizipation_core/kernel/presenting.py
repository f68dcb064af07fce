"""Presenting (Vorstellung): who speaks for an idea in the assembly if its author cannot come.

Whoever handed an idea in names a substitute beforehand, or the assembly finds somebody on the
spot. Which of both it was stands in the minutes; who it is, only as a pseudonym.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from partizipation_core.clock import Instant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Ownership
from partizipation_core.kernel.dossier import Presenter
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Objection, ParticipantRef

__all__ = ["DECIDERS", "NamePresenter", "PresenterNamed"]


@frozen(kw_only=True)
class NamePresenter(ItemCommand):
    """Say who presents an idea in the assembly in the place of its author (Vertretung).

    Authors name somebody for their own ideas; who leads the assembly puts down whom it named.

    Args:
        person: pseudonym of who presents it.
    """

    person: ParticipantRef


@frozen(kw_only=True)
class PresenterNamed(Event):
    """A substitute was named who presents an idea."""

    item: ItemRef
    person: ParticipantRef
    named_by: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Keep who presents it, and who said so."""
        presenter = Presenter(person=self.person, named_by=self.named_by)
        yield evolve(world.items[self.item], presenter=presenter)


UNDECIDED = ("publish", "take_up", "admit", "approve", "shortlist", "put_on_ballot", "decline")
"""Steps of which one must be possible for as long as an idea can be presented."""


def _objections(command: NamePresenter, context: Context) -> Iterator[Objection]:
    item = context.item(command.item)
    if command.person == item.author:
        yield Objection("author_presents", {"item": item.ref})
    possible = set(UNDECIDED) & set(context.definition.lifecycle.moves[item.state])
    voted = item.hands is not None or context.procedure.is_counted(context.procedure.vote)
    if voted or not possible:
        yield Objection("presented_already", {"item": item.ref})


def _name(command: NamePresenter, context: Context) -> tuple[Event, ...]:
    own = context.actor.ref == context.item(command.item).author
    named_by = "author" if own else "assembly"
    return (PresenterNamed(item=command.item, person=command.person, named_by=named_by),)


DECIDERS = (
    Decider(
        command=NamePresenter,
        decide=_name,
        objections=_objections,
        events=(PresenterNamed,),
        before=UNDECIDED,
        ownership=Ownership.AUTHOR_OR_OFFICE,
    ),
)
