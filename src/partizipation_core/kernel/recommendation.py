"""Recommendations: a second pointer into the lifecycle that the office follows, one or many.

What may be recommended is what a command does that only moves its item one step. Following is
allowed where giving each of those commands would be: no recommendation opens another door.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import attrs
from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.kernel import delivery, item, permission, review
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.finding import Recommendation
from partizipation_core.kernel.messages import Command, Event, ItemCommand
from partizipation_core.kernel.publication import each_once
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Objection

__all__ = [
    "DECIDERS",
    "FollowRecommendations",
    "RecommendStep",
    "RecommendationsFollowed",
    "StepRecommended",
]

_STEPS: Mapping[str, Decider] = MappingProxyType(
    {
        decider.trigger(None): decider
        for decider in (*item.DECIDERS, *review.DECIDERS, *delivery.DECIDERS)
        if decider.trigger is not None and decider.events == (item.ItemMoved,)
    }
)


@frozen(kw_only=True)
class RecommendStep(ItemCommand):
    """Recommend the next step of an item; a later recommendation takes the place of this one.

    Args:
        trigger: the step, such as ``shortlist`` or ``pass_over``.
        reason: why, for the public; it becomes the reason of the step that follows it.
    """

    trigger: str
    reason: str


@frozen(kw_only=True)
class FollowRecommendations(Command):
    """Take the recommended steps of some items; all of them or none.

    Args:
        items: one item or a whole block.
    """

    items: tuple[ItemRef, ...] = field(converter=each_once)


@frozen(kw_only=True)
class StepRecommended(Event):
    """Somebody recommended the next step of an item."""

    item: ItemRef
    recommendation: Recommendation

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Point to where the item should go."""
        yield evolve(world.items[self.item], recommendation=self.recommendation)


@frozen(kw_only=True)
class RecommendationsFollowed(Event):
    """Items took the steps that were recommended for them.

    Args:
        steps: item → the step it took.
    """

    steps: Mapping[ItemRef, Recommendation]

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Move every item to where its recommendation pointed."""
        for ref, step in self.steps.items():
            before = world.items[ref]
            yield evolve(before, state=step.state, reason=step.reason, recommendation=None)


def _recommend_objections(command: RecommendStep, context: Context) -> Iterator[Objection]:
    yield from item.reasoned(command, context)
    known = [trigger for trigger in context.definition.lifecycle.triggers if trigger in _STEPS]
    if command.trigger not in known:
        params = {"trigger": command.trigger, "triggers": ", ".join(known) or "-"}
        yield Objection("not_recommendable", params)
        return
    before = context.item(command.item)
    yield from permission.step_objections(command.trigger, before, command, context)


def _recommend(command: RecommendStep, context: Context) -> tuple[Event, ...]:
    step = _step(context.item(command.item), command.trigger, command.reason, context)
    return (StepRecommended(item=command.item, recommendation=step),)


def _step(before: Item, trigger: str, reason: str, context: Context) -> Recommendation:
    state = context.definition.lifecycle.next(before.state, trigger)
    return Recommendation(trigger=trigger, state=str(state), reason=reason)


def _follow_objections(command: FollowRecommendations, context: Context) -> Iterator[Objection]:
    if not command.items:
        yield Objection("no_items_named", {"command": "FollowRecommendations"})
    told: list[Objection] = []
    for objection in _against_each(command, context):
        if objection not in told:
            told.append(objection)
    yield from told


def _against_each(command: FollowRecommendations, context: Context) -> Iterator[Objection]:
    for ref in command.items:
        before = context.world.items.get(ref)
        if before is None:
            yield Objection("item_unknown", {"item": ref})
        elif before.recommendation is None:
            yield Objection("nothing_recommended", {"item": ref})
        else:
            decider = _STEPS[before.recommendation.trigger]
            wanted = _as_command(decider, ref, before.recommendation)
            yield from permission.objections(decider, wanted, context)


def _as_command(decider: Decider, ref: ItemRef, step: Recommendation) -> Command:
    """Return the command that somebody would have to give to take the step by hand."""
    asks_why = any(one.name == "reason" for one in attrs.fields(decider.command))
    return decider.command(item=ref, **({"reason": step.reason} if asks_why else {}))  # type: ignore[call-arg]


def _follow(command: FollowRecommendations, context: Context) -> tuple[Event, ...]:
    steps = {}
    for ref in command.items:
        before = context.item(ref)
        if before.recommendation is not None:
            told = before.recommendation
            steps[ref] = _step(before, told.trigger, told.reason, context)
    return (RecommendationsFollowed(steps=steps),)


DECIDERS = (
    Decider(
        command=RecommendStep,
        decide=_recommend,
        objections=_recommend_objections,
        events=(StepRecommended,),
    ),
    Decider(
        command=FollowRecommendations,
        decide=_follow,
        objections=_follow_objections,
        events=(RecommendationsFollowed,),
        needs={Need.ITEMS},
    ),
)
