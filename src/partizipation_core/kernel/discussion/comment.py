"""Comments: what residents and offices write below an item, flat or in threads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from partizipation_core.clock import Instant
from partizipation_core.evolving import evolve
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.discussion.voice import NOT_DISCUSSED, discussed, in_staff
from partizipation_core.kernel.messages import Event, ItemCommand
from partizipation_core.kernel.state import Comment, World
from partizipation_core.values import (
    NO_COMMENT,
    CommentRef,
    ItemRef,
    Objection,
    ParticipantRef,
    reference,
)

__all__ = [
    "DECIDERS",
    "AddComment",
    "CommentAdded",
    "CommentCommand",
    "CommentEdited",
    "CommentRetracted",
    "EditComment",
    "RetractComment",
    "known_comment",
]

COMMENT_LENGTH = 4_000


@frozen(kw_only=True)
class CommentCommand(ItemCommand):
    """A command about one comment on one item."""

    comment: CommentRef


@frozen(kw_only=True)
class AddComment(CommentCommand):
    """Write a comment (Kommentar).

    Args:
        comment: its reference, new in the procedure.
        text: plain text of at most 4,000 characters.
        parent: the comment it answers; empty for the item itself.
    """

    text: str
    parent: CommentRef = NO_COMMENT


@frozen(kw_only=True)
class EditComment(CommentCommand):
    """Write one's own comment anew.

    Args:
        text: the whole new text.
    """

    text: str


@frozen(kw_only=True)
class RetractComment(CommentCommand):
    """Take one's own comment back; what answers it stays."""


@frozen(kw_only=True)
class CommentAdded(Event):
    """Somebody wrote a comment."""

    item: ItemRef
    comment: CommentRef
    author: ParticipantRef
    text: str
    parent: CommentRef
    depth: int
    official: bool

    def apply(self, world: World, at: Instant) -> Iterable[Comment]:  # noqa: ARG002
        """Publish it."""
        yield Comment(
            ref=self.comment,
            item=self.item,
            author=self.author,
            at=at,
            text=self.text,
            parent=self.parent,
            depth=self.depth,
            official=self.official,
        )


@frozen(kw_only=True)
class CommentEdited(Event):
    """A comment was written anew by its author."""

    item: ItemRef
    comment: CommentRef
    text: str

    def apply(self, world: World, at: Instant) -> Iterable[Comment]:  # noqa: ARG002
        """Show the new text."""
        yield evolve(world.comments[self.comment], text=self.text)


@frozen(kw_only=True)
class CommentRetracted(Event):
    """A comment was taken back by its author."""

    item: ItemRef
    comment: CommentRef

    def apply(self, world: World, at: Instant) -> Iterable[Comment]:  # noqa: ARG002
        """Let go of the text."""
        yield evolve(world.comments[self.comment], state="retracted", text="", reason="")


def known_comment(command: CommentCommand, context: Context) -> Comment | None:
    """Return the comment that a command names, if it is one on the item that it names."""
    return _below(command.item, command.comment, context)


def _below(item: ItemRef, ref: CommentRef, context: Context) -> Comment | None:
    found = context.world.comments.get(ref)
    return found if found is not None and found.item == item else None


def comment_unknown(command: CommentCommand) -> Objection:
    """Say that an item has no such comment."""
    return Objection("comment_unknown", {"item": command.item, "comment": command.comment})


def _add_objections(command: AddComment, context: Context) -> Iterator[Objection]:
    if context.settings.comments == "off":
        yield Objection("comments_off")
    yield from discussed(context.item(command.item), context)
    yield from _text(command.text)
    try:
        reference(command.comment)
    except ValueError:
        yield Objection("reference_malformed", {"item": command.comment})
    if command.comment in context.world.comments:
        yield Objection("comment_exists", {"comment": command.comment})
    if command.parent:
        yield from _reply(command, context)


def _text(text: str) -> Iterator[Objection]:
    if not text.strip():
        yield Objection("comment_empty")
    if len(text) > COMMENT_LENGTH:
        yield Objection("text_too_long", {"field": "comment", "limit": COMMENT_LENGTH})


def _reply(command: AddComment, context: Context) -> Iterator[Objection]:
    parent = _below(command.item, command.parent, context)
    params = {"item": command.item, "comment": command.parent}
    if context.settings.comments == "flat":
        yield Objection("replies_off")
    if parent is None:
        yield Objection("comment_unknown", params)
    elif parent.state != "published":
        yield Objection("comment_not_public", {"comment": parent.ref, "state": parent.state})
    elif parent.depth >= context.settings.max_comment_depth:
        yield Objection("reply_too_deep", {"max": context.settings.max_comment_depth})


def _edit_objections(command: EditComment, context: Context) -> Iterator[Objection]:
    yield from discussed(context.item(command.item), context)
    yield from _own(command, context, "published")
    yield from _text(command.text)


def _retract_objections(command: RetractComment, context: Context) -> Iterator[Objection]:
    yield from _own(command, context, "published", "hidden")


def _own(command: CommentCommand, context: Context, *states: str) -> Iterator[Objection]:
    comment = known_comment(command, context)
    if comment is None:
        yield comment_unknown(command)
        return
    if comment.author != context.actor.ref:
        yield Objection("not_the_comment_author", {"comment": comment.ref})
    if comment.state not in states:
        yield Objection("comment_not_public", {"comment": comment.ref, "state": comment.state})


def _add(command: AddComment, context: Context) -> tuple[Event, ...]:
    parent = context.world.comments.get(command.parent)
    return (
        CommentAdded(
            item=command.item,
            comment=command.comment,
            author=context.actor.ref,
            text=command.text.strip(),
            parent=command.parent,
            depth=parent.depth + 1 if parent else 0,
            official=in_staff(context),
        ),
    )


def _edit(command: EditComment, _context: Context) -> tuple[Event, ...]:
    text = command.text.strip()
    return (CommentEdited(item=command.item, comment=command.comment, text=text),)


def _retract(command: RetractComment, _context: Context) -> tuple[Event, ...]:
    return (CommentRetracted(item=command.item, comment=command.comment),)


DECIDERS = (
    Decider(
        command=AddComment,
        decide=_add,
        objections=_add_objections,
        events=(CommentAdded,),
        needs={Need.COMMENTS},
        never_in=NOT_DISCUSSED,
        personal=True,
    ),
    Decider(
        command=EditComment,
        decide=_edit,
        objections=_edit_objections,
        events=(CommentEdited,),
        needs={Need.COMMENTS},
        never_in=NOT_DISCUSSED,
        ownership="commenter",
    ),
    Decider(
        command=RetractComment,
        decide=_retract,
        objections=_retract_objections,
        takes_back=True,
        events=(CommentRetracted,),
        needs={Need.COMMENTS},
        ownership="commenter",
    ),
)
