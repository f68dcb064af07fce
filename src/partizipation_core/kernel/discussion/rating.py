"""Ratings: residents say whether they are for an item or against it."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen
from attrs.validators import in_

from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.discussion.voice import (
    NOT_DISCUSSED,
    by_the_public,
    discussed,
    held,
)
from partizipation_core.kernel.messages import ItemCommand
from partizipation_core.kernel.voices import VoiceEntry
from partizipation_core.values import Objection

__all__ = ["DECIDERS", "RateItem", "RetractRating"]


@frozen(kw_only=True)
class RateItem(ItemCommand):
    """Rate an item (Bewertung), or rate it otherwise than before.

    Args:
        value: 1 for it, -1 against it.
    """

    value: int = field(validator=in_((1, -1)))


@frozen(kw_only=True)
class RetractRating(ItemCommand):
    """Take a rating back."""


def _rate_objections(command: RateItem, context: Context) -> Iterator[Objection]:
    item, mine = context.item(command.item), held("rating", command, context)
    yield from by_the_public(command, context)
    yield from discussed(item, context)
    if mine and (mine.value, mine.revision) == (command.value, item.revision):
        yield Objection("already_rated", {"item": command.item})


def _retract_objections(command: RetractRating, context: Context) -> Iterator[Objection]:
    if held("rating", command, context) is None:
        yield Objection("not_rated", {"item": command.item})


def _rate(command: RateItem, context: Context) -> tuple[VoiceEntry, ...]:
    item = context.item(command.item)
    return (
        VoiceEntry(
            act="put" if held("rating", command, context) is None else "replace",
            kind="rating",
            person=context.actor.ref,
            item=item.ref,
            revision=item.revision,
            value=command.value,
            area=item.area,
        ),
    )


def _retract(command: RetractRating, context: Context) -> tuple[VoiceEntry, ...]:
    person = context.actor.ref
    return (VoiceEntry(act="remove", kind="rating", person=person, item=command.item),)


DECIDERS = (
    Decider(
        command=RateItem,
        decide=_rate,
        objections=_rate_objections,
        needs={Need.HELD},
        never_in=NOT_DISCUSSED,
        personal=True,
        voice=True,
    ),
    Decider(
        command=RetractRating,
        decide=_retract,
        objections=_retract_objections,
        takes_back=True,
        needs={Need.HELD},
        voice=True,
    ),
)
