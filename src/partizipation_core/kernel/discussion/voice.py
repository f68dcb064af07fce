"""Whose voice counts: what every support, rating and comment must keep to."""

from __future__ import annotations

from collections.abc import Iterator

from partizipation_core.kernel.context import Context
from partizipation_core.kernel.messages import Command, ItemCommand
from partizipation_core.kernel.state import Item
from partizipation_core.kernel.voices import Held, VoiceKind
from partizipation_core.values import STAFF, ItemRef, Objection

__all__ = ["NOT_DISCUSSED", "by_the_public", "discussed", "held", "in_staff"]

NOT_DISCUSSED = frozenset(
    {"draft", "submitted", "returned", "refused", "merged", "split", "withdrawn"}
)
"""States of items that the public cannot see yet, or that no longer stand for themselves."""


def in_staff(context: Context) -> bool:
    """Tell whether the actor runs the procedure, whatever else they are."""
    return bool(context.actor.roles & STAFF)


def by_the_public(command: Command, context: Context) -> Iterator[Objection]:
    """Keep the voice of the public apart from those who run the procedure."""
    if staff := context.actor.roles & STAFF:
        params = {"command": type(command).__name__, "roles": ", ".join(sorted(staff))}
        yield Objection("staff_does_not_vote", params)


def discussed(item: Item, context: Context) -> Iterator[Objection]:
    """Ask for an item that the public can see and that still stands for itself."""
    if item.hidden and in_staff(context):  # everybody else has been told already
        yield Objection("item_hidden", {"item": item.ref})
    elif item.state in NOT_DISCUSSED:
        yield Objection("item_not_discussed", {"item": item.ref, "state": item.state})


def held(kind: VoiceKind, command: ItemCommand, context: Context) -> Held | None:
    """Return what the actor has said of the item, or of the comment, that a command names."""
    about: tuple[ItemRef, str] = (command.item, getattr(command, "comment", ""))
    mine = (one for one in context.held if one.kind == kind)
    return next((one for one in mine if (one.item, one.comment) == about), None)
