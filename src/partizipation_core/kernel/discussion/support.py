"""Supports: residents say which ideas they want to go on, within the caps of the town."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.discussion.counts import in_force
from partizipation_core.kernel.discussion.voice import (
    NOT_DISCUSSED,
    by_the_public,
    discussed,
    held,
)
from partizipation_core.kernel.messages import ItemCommand
from partizipation_core.kernel.voices import VoiceEntry
from partizipation_core.values import Objection

__all__ = ["DECIDERS", "ConfirmSupport", "RetractSupport", "SupportItem"]


@frozen(kw_only=True)
class SupportItem(ItemCommand):
    """Support an item (Unterstützung), as its text reads now."""


@frozen(kw_only=True)
class ConfirmSupport(ItemCommand):
    """Stand by a support after the item's text was revised."""


@frozen(kw_only=True)
class RetractSupport(ItemCommand):
    """Take a support back, which makes room for another one."""


def _support_objections(command: SupportItem, context: Context) -> Iterator[Objection]:
    yield from by_the_public(command, context)
    yield from discussed(context.item(command.item), context)
    mine, params = held("support", command, context), {"item": command.item}
    if mine is None:
        yield from _caps(command, context)
    elif in_force(mine.revision, context.item(command.item), context.settings):
        yield Objection("already_supported", params)
    elif context.settings.support_policy == "ask":
        yield Objection("support_unconfirmed", params)
    else:
        yield from _caps(command, context)


def _caps(command: SupportItem, context: Context) -> Iterator[Objection]:
    """Compare with the caps what the person holds, the item itself left out.

    A support takes up its place until it is taken back, whether or not it still counts.
    """
    settings, area = context.settings, context.item(command.item).area
    others = [
        one.area for one in context.held if one.kind == "support" and one.item != command.item
    ]
    if settings.max_supports is not None and len(others) >= settings.max_supports:
        yield Objection("too_many_supports", {"max": settings.max_supports})
    most = settings.max_supports_per_area
    if most is not None and others.count(area) >= most:
        yield Objection("too_many_supports_in_area", {"max": most, "area": area})


def _confirm_objections(command: ConfirmSupport, context: Context) -> Iterator[Objection]:
    item, mine = context.item(command.item), held("support", command, context)
    yield from by_the_public(command, context)
    yield from discussed(item, context)
    asked = context.settings.support_policy == "ask"
    if mine is None:
        yield Objection("not_supported", {"item": command.item})
    elif not asked or in_force(mine.revision, item, context.settings):
        yield Objection("nothing_to_confirm", {"item": command.item})


def _retract_objections(command: RetractSupport, context: Context) -> Iterator[Objection]:
    if held("support", command, context) is None:
        yield Objection("not_supported", {"item": command.item})


def _support(command: SupportItem | ConfirmSupport, context: Context) -> tuple[VoiceEntry, ...]:
    item = context.item(command.item)
    return (
        VoiceEntry(
            act="put" if held("support", command, context) is None else "replace",
            kind="support",
            person=context.actor.ref,
            item=item.ref,
            revision=item.revision,
            area=item.area,
        ),
    )


def _retract(command: RetractSupport, context: Context) -> tuple[VoiceEntry, ...]:
    person = context.actor.ref
    return (VoiceEntry(act="remove", kind="support", person=person, item=command.item),)


DECIDERS = (
    Decider(
        command=SupportItem,
        decide=_support,
        objections=_support_objections,
        needs={Need.HELD},
        never_in=NOT_DISCUSSED,
        personal=True,
        voice=True,
    ),
    Decider(
        command=ConfirmSupport,
        decide=_support,
        objections=_confirm_objections,
        needs={Need.HELD},
        never_in=NOT_DISCUSSED,
        personal=True,
        voice=True,
    ),
    Decider(
        command=RetractSupport,
        decide=_retract,
        objections=_retract_objections,
        takes_back=True,
        needs={Need.HELD},
        voice=True,
    ),
)
