"""Steps of a grant: what all its commands ask first, and what all its events do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import evolve, frozen

from partizipation_core.clock import Instant
from partizipation_core.formats.cases import GRANT_LIFECYCLE
from partizipation_core.formats.items import ITEM_LIFECYCLE
from partizipation_core.kernel.case import Grant
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.ledger.event import MoneyEvent
from partizipation_core.kernel.messages import ItemCommand
from partizipation_core.kernel.state import Comment, Item, Procedure, World
from partizipation_core.money.books import Booking
from partizipation_core.values import ItemRef, Objection, ParticipantRef

__all__ = [
    "FUNDED",
    "NOT_FUNDED",
    "GrantEvent",
    "grant_of",
    "led_to",
    "other_officer",
    "step_objections",
]

FUNDED = frozenset({"awarded", "in_progress", "changed", "done"})
"""States of an item in which there can be a grant."""

NOT_FUNDED = frozenset(ITEM_LIFECYCLE.states) - FUNDED


@frozen(kw_only=True)
class GrantEvent(MoneyEvent):
    """A grant took a step.

    Args:
        item: whose grant.
        state: where the grant is now.
    """

    item: ItemRef
    state: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item | Comment | Booking]:
        """Book, move the grant and change what the step changes."""
        yield from super().apply(world, at)
        before = world.items[self.item]
        assert before.grant is not None  # noqa: S101 - narrowing, objections saw to it
        changes = self.changes(before.grant, at)
        yield evolve(before, grant=evolve(before.grant, state=self.state, **changes))

    def changes(self, grant: Grant, at: Instant) -> dict[str, Any]:  # noqa: ARG002
        """Return what changes besides the state: field → value."""
        return {}


def grant_of(command: ItemCommand, context: Context) -> Grant:
    """Return the grant of a command's item, where it is known to exist."""
    grant = context.item(command.item).grant
    assert grant is not None  # noqa: S101 - narrowing, objections saw to it
    return grant


def led_to(trigger: str, command: ItemCommand, context: Context) -> str:
    """Return where a trigger leads."""
    return str(GRANT_LIFECYCLE.next(grant_of(command, context).state, trigger))


def step_objections(
    triggers: Iterable[str], command: ItemCommand, context: Context, *, office: bool = True
) -> Iterator[Objection]:
    """Say what speaks against a step: no application, another state, one's own case.

    Args:
        triggers: of `GRANT_LIFECYCLE`; one of them must be possible.
        command: what is asked.
        context: the moment.
        office: whether an office decides something, which nobody may do in a case of their own.
    """
    item = context.item(command.item)
    if item.state not in FUNDED:
        yield Objection("not_awarded_yet", {"item": item.ref, "state": item.state})
    if item.grant is None:
        yield Objection("no_application", {"item": item.ref})
        return
    state = item.grant.state
    if not any(GRANT_LIFECYCLE.next(state, trigger) for trigger in triggers):
        sources = dict.fromkeys(s for one in triggers for s in GRANT_LIFECYCLE.sources(one))
        params = {"item": item.ref, "state": state, "sources": ", ".join(sources)}
        yield Objection("grant_state_forbids", params)
    if office and context.actor.ref in (item.author, *item.coauthors):
        yield Objection("own_case", {"item": item.ref})


def other_officer(first: ParticipantRef, context: Context) -> Iterator[Objection]:
    """Ask for another person than the one who acted before (Vier-Augen-Prinzip)."""
    if context.actor.ref == first:
        yield Objection("four_eyes")
