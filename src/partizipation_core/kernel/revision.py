"""Revision: another text of an item, or another place for it, until it is on a ballot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from partizipation_core.clock import Instant
from partizipation_core.evolving import evolve
from partizipation_core.kernel.content import TextCommand, place_faults, text_faults
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Ownership
from partizipation_core.kernel.dossier import Attachment
from partizipation_core.kernel.messages import Command, Event, ItemCommand
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.kernel.steps import reasoned
from partizipation_core.kernel.submission import ItemSubmitted
from partizipation_core.values import ItemRef, Money, Objection

__all__ = [
    "DECIDERS",
    "CorrectItem",
    "ItemReclassified",
    "ItemRevised",
    "ReclassifyItem",
    "ReviseItem",
    "Revision",
    "revisions",
]


@frozen(kw_only=True)
class ReviseItem(TextCommand):
    """Give one's own idea another text: its author and co-authors may, until it is on a ballot.

    The text is given as a whole; what is left out is gone from the new revision.
    """


@frozen(kw_only=True)
class CorrectItem(ReviseItem):
    """Give somebody's idea another text in the name of an office, with a reason for the public."""

    reason: str


@frozen(kw_only=True)
class ReclassifyItem(ItemCommand):
    """Move an item to another area or category.

    Args:
        area: where it belongs; None to leave it where it is.
        category: what kind it is; None to leave it as it is.
        reason: why, for the public.
    """

    area: str | None = None
    category: str | None = None
    reason: str


@frozen(kw_only=True)
class ItemRevised(Event):
    """An item got another text; the earlier ones stay in the journal."""

    item: ItemRef
    revision: int
    title: str
    text: str
    cost: Money | None
    attachments: tuple[Attachment, ...] = ()
    reason: str = ""

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Put the new text in the place of the old one."""
        yield evolve(
            world.items[self.item],
            revision=self.revision,
            title=self.title,
            text=self.text,
            cost=self.cost,
            attachments=self.attachments,
        )


@frozen(kw_only=True)
class ItemReclassified(Event):
    """An item moved to another area or category.

    Args:
        item: which.
        area: where it belongs now.
        category: what kind it is now.
        reason: why.
        conflicts: codes of what speaks, after the move, against steps it has taken.
    """

    item: ItemRef
    area: str
    category: str
    reason: str
    conflicts: tuple[str, ...] = ()

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Move it, and keep what it no longer meets in sight."""
        before = world.items[self.item]
        yield evolve(before, area=self.area, category=self.category, conflicts=self.conflicts)


# --- another text


def _revised(command: ReviseItem, context: Context) -> Item:
    return evolve(
        context.item(command.item),
        title=command.title.strip(),
        text=command.text,
        cost=command.cost,
        attachments=command.attachments,
    )


def _text_objections(command: ReviseItem, context: Context) -> Iterator[Objection]:
    yield from text_faults(command)
    before, after = context.item(command.item), _revised(command, context)
    if before == after:
        yield Objection("nothing_changes", {"item": command.item})
    yield from frozen_on_paper((command.item,), context)
    yield from _now_unmet(before, after, command, context)


def _revise_objections(command: ReviseItem, context: Context) -> Iterator[Objection]:
    yield from _text_objections(command, context)
    before = context.item(command.item)
    if before.review is not None and command.cost != before.cost:
        yield Objection("cost_reviewed", {"item": command.item})


def _correct_objections(command: CorrectItem, context: Context) -> Iterator[Objection]:
    yield from _text_objections(command, context)
    yield from reasoned(command, context)


def _revise(command: ReviseItem, context: Context) -> tuple[Event, ...]:
    after = _revised(command, context)
    return (
        ItemRevised(
            item=after.ref,
            revision=after.revision + 1,
            title=after.title,
            text=after.text,
            cost=after.cost,
            attachments=after.attachments,
            reason=getattr(command, "reason", ""),
        ),
    )


def _unmet(item: Item, command: Command, context: Context) -> Iterator[Objection]:
    """Ask the guards of every step that the item must have taken once more."""
    view = context.view(command)
    for trigger in context.definition.lifecycle.passed(item.state):
        for guard in context.rules.guards.get(trigger, ()):
            yield from guard(item, view)


def _now_unmet(
    before: Item, after: Item, command: Command, context: Context
) -> Iterator[Objection]:
    """Say what an item met as it was and no longer meets as it will be."""
    known = {one.code for one in _unmet(before, command, context)}
    yield from (one for one in _unmet(after, command, context) if one.code not in known)


# --- another place


def _reclassified(command: ReclassifyItem, context: Context) -> Item:
    before = context.item(command.item)
    area = before.area if command.area is None else command.area
    category = before.category if command.category is None else command.category
    return evolve(before, area=area, category=category)


def _reclassify_objections(command: ReclassifyItem, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    yield from place_faults(command.area or "", command.category or "", context.settings)
    if _reclassified(command, context) == context.item(command.item):
        yield Objection("nothing_changes", {"item": command.item})
    yield from frozen_on_paper((command.item,), context)


def frozen_on_paper(items: Iterable[ItemRef], context: Context) -> Iterator[Objection]:
    """Refuse to touch what people have voted on, or are voting on."""
    printed = {ref for paper in context.procedure.papers.values() for ref in paper}
    for ref in sorted(printed & set(items)):
        yield Objection("frozen_on_ballot", {"item": ref})


def _reclassify(command: ReclassifyItem, context: Context) -> tuple[Event, ...]:
    before, after = context.item(command.item), _reclassified(command, context)
    now = {one.code for one in _now_unmet(before, after, command, context)}
    still = {one.code for one in _unmet(after, command, context)} & set(before.conflicts)
    return (
        ItemReclassified(
            item=after.ref,
            area=after.area,
            category=after.category,
            reason=command.reason,
            conflicts=tuple(sorted(now | still)),
        ),
    )


# --- reading them again


@frozen(kw_only=True)
class Revision:
    """One text that an item had.

    Args:
        revision: its number.
        title: its title.
        text: its text.
        cost: what it was expected to cost by whoever wrote it.
        attachments: the files that belonged to it.
        reason: why an office wrote it; empty where its authors did.
    """

    revision: int
    title: str
    text: str
    cost: Money | None
    attachments: tuple[Attachment, ...] = ()
    reason: str = ""


def revisions(events: Iterable[Event], item: ItemRef) -> tuple[Revision, ...]:
    """Read every text an item ever had from the events of its procedure.

    Args:
        events: what was decided, in order.
        item: which.
    """
    return tuple(
        Revision(
            revision=event.revision,
            title=event.title,
            text=event.text,
            cost=event.cost,
            attachments=event.attachments,
            reason=getattr(event, "reason", ""),
        )
        for event in events
        if isinstance(event, ItemSubmitted | ItemRevised) and event.item == item
    )


DECIDERS = (
    Decider(
        command=ReviseItem,
        decide=_revise,
        objections=_revise_objections,
        events=(ItemRevised,),
        triggers=("revise",),
        ownership=Ownership.AUTHORS,
        seen=_revised,
        personal=True,
    ),
    Decider(
        command=CorrectItem,
        decide=_revise,
        objections=_correct_objections,
        events=(ItemRevised,),
        triggers=("revise",),
        seen=_revised,
    ),
    Decider(
        command=ReclassifyItem,
        decide=_reclassify,
        objections=_reclassify_objections,
        events=(ItemReclassified,),
    ),
)
