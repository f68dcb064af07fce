"""Selection: which items people will vote on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from partizipation_core.clock import Instant
from partizipation_core.evolving import evolve
from partizipation_core.kernel.ballots.sheet import Sheet
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.kernel.steps import reasoned, step
from partizipation_core.values import ItemRef, Money, Objection

__all__ = [
    "DECIDERS",
    "ItemPutOnBallot",
    "PassOverItem",
    "PutOnBallot",
    "ShortlistItem",
    "unbiased",
]


@frozen(kw_only=True)
class ShortlistItem(ItemCommand):
    """Put an item on the list for the vote."""


@frozen(kw_only=True)
class PassOverItem(ItemCommand):
    """Leave an item off the list for the vote."""

    reason: str


@frozen(kw_only=True)
class PutOnBallot(ItemCommand):
    """Add an item to a ballot that is already open: a walk-in presented in the assembly."""


@frozen(kw_only=True)
class ItemPutOnBallot(Event):
    """An item was added to an open ballot, as it was: price, revision of its text, place."""

    item: ItemRef
    vote: str
    cost: Money | None
    revision: int = 1
    area: str = ""
    category: str = ""

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Add it to the paper."""
        before = world.opened
        paper = {**before.papers.get(self.vote, {}), self.item: self.cost}
        revisions = {**before.revisions.get(self.vote, {}), self.item: self.revision}
        sheet = before.sheets.get(self.vote, Sheet())
        sheet = sheet.with_item(self.item, self.area, self.category)
        yield evolve(
            before,
            papers={**before.papers, self.vote: paper},
            revisions={**before.revisions, self.vote: revisions},
            sheets={**before.sheets, self.vote: sheet},
        )
        yield evolve(world.items[self.item], state="on_ballot")


def _objections(command: PutOnBallot, context: Context) -> Iterator[Objection]:
    vote = context.procedure.vote
    if vote not in context.procedure.papers:
        yield Objection("no_open_vote", {"item": command.item})
    if context.procedure.is_counted(vote):
        yield Objection("already_counted", {"vote": vote})
    if context.item(command.item).hidden:
        yield Objection("item_hidden", {"item": command.item})


def unbiased(command: ItemCommand, context: Context) -> Iterator[Objection]:
    """Object where a rule takes the actor as biased in the item (Befangenheit)."""
    view = context.view(command)
    for rule in context.rules.all("conflict", context.procedure.stage):
        yield from rule(context.item(command.item), context.actor.ref, view)


def _passing_over(command: PassOverItem, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    yield from unbiased(command, context)


def _put_on_ballot(command: PutOnBallot, context: Context) -> tuple[Event, ...]:
    item = context.item(command.item)
    return (
        ItemPutOnBallot(
            item=item.ref,
            vote=context.procedure.vote,
            cost=item.cost,
            revision=item.revision,
            area=item.area,
            category=item.category,
        ),
    )


DECIDERS = (
    step(ShortlistItem, "shortlist", unbiased),
    step(PassOverItem, "pass_over", _passing_over),
    Decider(
        command=PutOnBallot,
        decide=_put_on_ballot,
        objections=_objections,
        events=(ItemPutOnBallot,),
        triggers=("put_on_ballot",),
    ),
)
