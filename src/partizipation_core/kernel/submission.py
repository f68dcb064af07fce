"""Submission: drafts, handing in by one's own account or through an office, taking back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import field, frozen
from attrs.validators import in_

from partizipation_core.clock import Instant
from partizipation_core.evolving import evolve
from partizipation_core.kernel.content import (
    ContentCommand,
    place_faults,
    reference_faults,
    text_faults,
)
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Ownership
from partizipation_core.kernel.dossier import CHANNELS, NOBODY, Attachment, Channel, Link
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.numbering import counted, next_numbers
from partizipation_core.kernel.permission import step_objections
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.kernel.steps import ItemMoved, step
from partizipation_core.values import ItemRef, Money, Objection, ParticipantRef

__all__ = [
    "DECIDERS",
    "DraftSaved",
    "EnterItem",
    "ItemSubmitted",
    "ResubmitItem",
    "SaveDraft",
    "SubmitItem",
    "WithdrawItem",
]


@frozen(kw_only=True)
class SaveDraft(ContentCommand):
    """Keep an idea that is not handed in yet (Entwurf); its authors alone see it.

    Args:
        title: at most 200 characters; may be missing until the idea is handed in.
    """

    title: str = ""


@frozen(kw_only=True)
class SubmitItem(ContentCommand):
    """Hand in an idea (Vorschlag), or hand it in again after it was returned."""


@frozen(kw_only=True)
class ResubmitItem(SubmitItem):
    """Hand in an idea that was returned once more, also where no new ones are taken."""


@frozen(kw_only=True)
class EnterItem(SubmitItem):
    """Put down an idea that reached an office on paper, by e-mail or in a meeting.

    Whether the person may take part is for the office to see; eligibility rules ask people with
    an account.

    Args:
        channel: how it came in.
        author: pseudonym of whose idea it is; empty where it is the office's own.
        origin: the item of another procedure that it comes from.
    """

    channel: Channel = field(validator=in_(CHANNELS))
    author: ParticipantRef = NOBODY
    origin: Link | None = None


@frozen(kw_only=True)
class WithdrawItem(ItemCommand):
    """Take one's own idea back."""

    reason: str = ""


@frozen(kw_only=True)
class DraftSaved(Event):
    """A draft was begun or changed."""

    item: ItemRef
    author: ParticipantRef
    title: str
    text: str
    cost: Money | None
    area: str
    category: str
    attachments: tuple[Attachment, ...] = ()

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Keep the draft."""
        yield evolve(_known(self, world), **_content(self), state="draft")


@frozen(kw_only=True)
class ItemSubmitted(Event):
    """An idea was handed in.

    Args:
        item: which.
        author: whose idea it is.
        title: as handed in, like everything up to ``category``.
        number: its reference number; the same when it is handed in again.
        revision: number of this text.
        channel: how it came in.
        submitted_by: who put it down, the author or an office.
        attachments: files that belong to it.
        origin: the item of another procedure that it comes from.
    """

    item: ItemRef
    author: ParticipantRef
    title: str
    text: str
    cost: Money | None
    area: str
    category: str
    number: str = ""
    revision: int = 1
    channel: Channel = "online"
    submitted_by: ParticipantRef = NOBODY
    attachments: tuple[Attachment, ...] = ()
    origin: Link | None = None

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Put the idea down as submitted; what is kept with it stays."""
        before = _known(self, world)
        yield evolve(
            before,
            **_content(self),
            state="submitted",
            reason="",
            number=self.number,
            revision=self.revision,
            channel=self.channel,
            submitted_by=self.submitted_by,
            links=(*before.links, *filter(None, (self.origin,))),
        )
        yield from counted(world, self.number)


def _known(event: DraftSaved | ItemSubmitted, world: World) -> Item:
    new = Item(ref=event.item, author=event.author, title="", state="draft")
    return world.items.get(event.item, new)


def _content(source: ContentCommand | DraftSaved | ItemSubmitted) -> dict[str, Any]:
    return {
        "title": source.title.strip(),
        "text": source.text,
        "cost": source.cost,
        "area": source.area,
        "category": source.category,
        "attachments": source.attachments,
    }


# --- drafts


def _draft_objections(command: SaveDraft, context: Context) -> Iterator[Objection]:
    yield from reference_faults(command.item)
    yield from (one for one in text_faults(command) if one.code != "title_missing")
    yield from place_faults(command.area, command.category, context.settings)


def _save_draft(command: SaveDraft, context: Context) -> tuple[Event, ...]:
    before = context.world.items.get(command.item)
    author = before.author if before else context.actor.ref
    return (DraftSaved(item=command.item, author=author, **_content(command)),)


# --- handing in


def _author(command: ContentCommand, context: Context) -> ParticipantRef:
    return getattr(command, "author", NOBODY) or context.actor.ref


def _as_guards_see_it(command: ContentCommand, context: Context) -> Item:
    """Return the item with what the command brings, before anything is recorded."""
    initial = context.definition.lifecycle.initial
    new = Item(ref=command.item, author=_author(command, context), title="", state=initial)
    return evolve(context.world.items.get(command.item, new), **_content(command))


def _submit_objections(command: SubmitItem, context: Context) -> Iterator[Objection]:
    yield from reference_faults(command.item)
    yield from text_faults(command)
    yield from place_faults(command.area, command.category, context.settings)
    if not context.settings.screening:
        submitted = evolve(_as_guards_see_it(command, context), state="submitted")
        yield from step_objections("publish", submitted, command, context)


def _enter_objections(command: EnterItem, context: Context) -> Iterator[Objection]:
    """Let nobody but its author hand in a draft, not even an office on the author's behalf."""
    before = context.world.items.get(command.item)
    if before is not None:
        whose = context.actor.ref if before.number == "" else _author(command, context)
        if before.author != whose:
            yield Objection("not_the_author", {"item": command.item})
    yield from _submit_objections(command, context)


def _resubmit_objections(command: ResubmitItem, context: Context) -> Iterator[Objection]:
    if context.item(command.item).state == context.definition.lifecycle.initial:
        yield Objection("never_handed_in", {"item": command.item})
    yield from _submit_objections(command, context)


def _submit(command: SubmitItem, context: Context) -> tuple[Event, ...]:
    before = context.world.items.get(command.item)
    submitted = ItemSubmitted(
        item=command.item,
        author=_author(command, context),
        **_content(command),
        number=(before.number if before else "") or next_numbers(context)[0],
        revision=before.revision + 1 if before else 1,
        channel=getattr(command, "channel", "online"),
        submitted_by=context.actor.ref,
        origin=getattr(command, "origin", None),
    )
    if context.settings.screening:
        return (submitted,)
    return (submitted, ItemMoved(item=command.item, trigger="publish", state="published"))


DECIDERS = (
    Decider(
        command=SaveDraft,
        decide=_save_draft,
        objections=_draft_objections,
        events=(DraftSaved,),
        triggers=("save",),
        ownership=Ownership.AUTHORS,
        seen=_as_guards_see_it,
        personal=True,
        creates=True,
    ),
    *(
        Decider(
            command=command,
            decide=_submit,
            objections=objections,
            events=(ItemSubmitted, ItemMoved),
            triggers=("submit",),
            follows=("publish",),
            ownership=ownership,
            seen=_as_guards_see_it,
            personal=command is not EnterItem,
            creates=command is not ResubmitItem,
            never_in={"draft"} if command is ResubmitItem else (),
        )
        for command, objections, ownership in (
            (SubmitItem, _submit_objections, Ownership.AUTHOR),
            (ResubmitItem, _resubmit_objections, Ownership.AUTHOR),
            (EnterItem, _enter_objections, Ownership.NONE),
        )
    ),
    step(WithdrawItem, "withdraw", ownership=Ownership.AUTHOR),
)
