"""Recommendations: a second pointer into the lifecycle that the office follows, one or many.

What may be recommended is what a command does that only moves its item one step. Following is
allowed where giving each of those commands would be: no recommendation opens another door.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import attrs
from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.evolving import evolve
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel import delivery, item, permission, review
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Fact, Need, Ownership
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
        decider.triggers[0]: decider
        for decider in (*item.DECIDERS, *review.DECIDERS, *delivery.DECIDERS)
        if decider.triggers and decider.events == (item.ItemMoved,)
        if decider.ownership is not Ownership.AUTHOR  # nobody is told to give up what is theirs
    }
)


@frozen(kw_only=True)
class RecommendStep(ItemCommand):
    """Recommend the next step of an item; a later recommendation takes the place of this one.

    Args:
        trigger: the step, such as ``shortlist`` or ``pass_over``.
        reason: why, for the public; also the reason of the step where that asks for one.
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
        moves: what each step would have been recorded as by hand.
    """

    moves: tuple[item.ItemMoved, ...] = field(converter=as_tuple)

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:
        """Move every item just as by hand, and take the pointers away."""
        for move in self.moves:
            after = world.with_changes(move.apply(world, at)).items[move.item]
            yield evolve(after, recommendation=None)


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
    before = context.item(command.item).state
    state = context.definition.lifecycle.next(before, command.trigger)
    step = Recommendation(trigger=command.trigger, state=str(state), reason=command.reason)
    return (StepRecommended(item=command.item, recommendation=step),)


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
            decider, by_hand = _by_hand(ref, before.recommendation)
            yield from permission.objections(decider, by_hand, context)


def _by_hand(ref: ItemRef, step: Recommendation) -> tuple[Decider, Command]:
    """Return the command that somebody would have to give, and who decides it."""
    decider = _STEPS[step.trigger]
    asks_why = any(one.name == "reason" for one in attrs.fields(decider.command))
    given = {"item": ref, **({"reason": step.reason} if asks_why else {})}
    return decider, decider.command(**given)


def _follow(command: FollowRecommendations, context: Context) -> tuple[Event, ...]:
    moves: list[Fact] = []
    for ref in command.items:
        if (step := context.item(ref).recommendation) is not None:
            decider, by_hand = _by_hand(ref, step)
            moves += decider.decide(by_hand, context)
    return (RecommendationsFollowed(moves=moves),)


DECIDERS = (
    Decider(
        command=RecommendStep,
        decide=_recommend,
        objections=_recommend_objections,
        events=(StepRecommended,),
        before=tuple(_STEPS),
    ),
    Decider(
        command=FollowRecommendations,
        decide=_follow,
        objections=_follow_objections,
        events=(RecommendationsFollowed,),
        needs={Need.ITEMS},
        before=tuple(_STEPS),  # it takes only steps whose own commands are allowed
        about=lambda command: command.items,
    ),
)
