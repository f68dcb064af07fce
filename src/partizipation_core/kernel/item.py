"""Items: handing in, screening, admitting, shortlisting, withdrawing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from attrs import evolve, frozen

from partizipation_core.clock import Instant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Ownership, nothing_against
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.permission import step_objections
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Money, Objection, ParticipantRef, reference

__all__ = [
    "DECIDERS",
    "AdmitItem",
    "ItemMoved",
    "ItemPutOnBallot",
    "ItemSubmitted",
    "PassOverItem",
    "PublishItem",
    "PutOnBallot",
    "RefuseItem",
    "ReturnItem",
    "ShortlistItem",
    "SubmitItem",
    "WithdrawItem",
]

TITLE_LENGTH = 200
TEXT_LENGTH = 10_000


@frozen(kw_only=True)
class SubmitItem(ItemCommand):
    """Hand in an idea (Vorschlag), or hand it in again after it was returned.

    Args:
        title: at most 200 characters.
        text: at most 10,000 characters.
        cost: what the author expects it to cost, if known.
        area: where it belongs.
        category: what kind it is.
    """

    title: str
    text: str = ""
    cost: Money | None = None
    area: str = ""
    category: str = ""


@frozen(kw_only=True)
class PublishItem(ItemCommand):
    """Let the public see a screened idea."""


@frozen(kw_only=True)
class ReturnItem(ItemCommand):
    """Give an idea back for completion."""

    reason: str


@frozen(kw_only=True)
class RefuseItem(ItemCommand):
    """Refuse an idea that breaks the rules of the platform."""

    reason: str


@frozen(kw_only=True)
class AdmitItem(ItemCommand):
    """Take an idea as feasible without a formal review, where the format has none."""


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
class WithdrawItem(ItemCommand):
    """Take one's own idea back."""

    reason: str = ""


@frozen(kw_only=True)
class ItemSubmitted(Event):
    """An idea was handed in."""

    item: ItemRef
    author: ParticipantRef
    title: str
    text: str
    cost: Money | None
    area: str
    category: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Put the idea down as submitted."""
        yield Item(
            ref=self.item,
            author=self.author,
            title=self.title,
            text=self.text,
            cost=self.cost,
            area=self.area,
            category=self.category,
            state="submitted",
        )


@frozen(kw_only=True)
class ItemMoved(Event):
    """An item took one step of its lifecycle.

    Args:
        item: which.
        trigger: what moved it.
        state: where it is now.
        reason: why, where one was given.
    """

    item: ItemRef
    trigger: str
    state: str
    reason: str = ""

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Move it."""
        yield evolve(world.items[self.item], state=self.state, reason=self.reason)


@frozen(kw_only=True)
class ItemPutOnBallot(Event):
    """An item was added to an open ballot."""

    item: ItemRef
    vote: str
    cost: Money | None

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Add it to the paper."""
        before = world.opened
        paper = {**before.papers.get(self.vote, {}), self.item: self.cost}
        yield evolve(before, papers={**before.papers, self.vote: paper})
        yield evolve(world.items[self.item], state="on_ballot")


def moved(context: Context, item: ItemRef, trigger: str, reason: str = "") -> ItemMoved:
    """Tell of one step, in the words of the procedure's lifecycle."""
    state = context.definition.lifecycle.next(context.item(item).state, trigger)
    return ItemMoved(item=item, trigger=trigger, state=str(state), reason=reason)


def _submit_objections(command: SubmitItem, context: Context) -> Iterator[Objection]:
    try:
        reference(command.item)
    except ValueError:
        yield Objection("reference_malformed", {"item": command.item})
    if not command.title.strip():
        yield Objection("title_missing")
    if len(command.title) > TITLE_LENGTH:
        yield Objection("text_too_long", {"field": "title", "limit": TITLE_LENGTH})
    if len(command.text) > TEXT_LENGTH:
        yield Objection("text_too_long", {"field": "text", "limit": TEXT_LENGTH})
    if command.cost is not None and command.cost.cents <= 0:
        yield Objection("cost_not_positive", {"item": command.item})
    draft = _handed_in(command, context)
    if command.item not in context.world.items:
        yield from step_objections("submit", draft, command, context)
    if not context.settings.screening:
        yield from step_objections("publish", evolve(draft, state="submitted"), command, context)


def _handed_in(command: SubmitItem, context: Context) -> Item:
    """Return the item as guards see it before anything is recorded."""
    return Item(
        ref=command.item,
        author=context.actor.ref,
        title=command.title,
        text=command.text,
        cost=command.cost,
        area=command.area,
        category=command.category,
        state=context.definition.lifecycle.initial,
    )


def _submit(command: SubmitItem, context: Context) -> tuple[Event, ...]:
    submitted = ItemSubmitted(
        item=command.item,
        author=context.actor.ref,
        title=command.title.strip(),
        text=command.text,
        cost=command.cost,
        area=command.area,
        category=command.category,
    )
    if context.settings.screening:
        return (submitted,)
    return (submitted, ItemMoved(item=command.item, trigger="publish", state="published"))


def _put_on_ballot_objections(command: PutOnBallot, context: Context) -> Iterator[Objection]:
    vote = context.procedure.vote
    if vote not in context.procedure.papers:
        yield Objection("no_open_vote", {"item": command.item})
    if vote in context.procedure.counted:
        yield Objection("already_counted", {"vote": vote})


def _put_on_ballot(command: PutOnBallot, context: Context) -> tuple[Event, ...]:
    cost = context.item(command.item).cost
    return (ItemPutOnBallot(item=command.item, vote=context.procedure.vote, cost=cost),)


def reasoned(command: ItemCommand, _context: Context) -> Iterator[Objection]:
    """Ask for the reason that the command must carry."""
    if not str(getattr(command, "reason", "")).strip():
        yield Objection("reason_missing", {"command": type(command).__name__})


def step(
    command: type[ItemCommand],
    trigger: str,
    objections: Callable[[Any, Context], Iterable[Objection]] = nothing_against,
    *,
    ownership: Ownership = Ownership.NONE,
) -> Decider:
    """Make the decider of a command that does nothing but move its item one step."""

    def decide(given: ItemCommand, context: Context) -> tuple[Event, ...]:
        return (moved(context, given.item, trigger, getattr(given, "reason", "")),)

    return Decider(
        command=command,
        decide=decide,
        objections=objections,
        events=(ItemMoved,),
        triggers=(trigger,),
        ownership=ownership,
    )


DECIDERS = (
    Decider(
        command=SubmitItem,
        decide=_submit,
        objections=_submit_objections,
        events=(ItemSubmitted, ItemMoved),
        triggers=("submit",),
        follows=("publish",),
        ownership=Ownership.AUTHOR,
        personal=True,
        creates=True,
    ),
    step(PublishItem, "publish"),
    step(ReturnItem, "return", reasoned),
    step(RefuseItem, "refuse", reasoned),
    step(AdmitItem, "admit"),
    step(ShortlistItem, "shortlist"),
    step(PassOverItem, "pass_over", reasoned),
    Decider(
        command=PutOnBallot,
        decide=_put_on_ballot,
        objections=_put_on_ballot_objections,
        events=(ItemPutOnBallot,),
        triggers=("put_on_ballot",),
    ),
    step(WithdrawItem, "withdraw", ownership=Ownership.AUTHOR),
)
