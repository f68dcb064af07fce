"""Lineage: items are merged or split, and each can tell what it came from and became."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from attrs import field, frozen
from attrs.validators import in_

from partizipation_core.clock import Instant
from partizipation_core.evolving import evolve
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.ballots.merging import waiting_to_be_counted
from partizipation_core.kernel.content import reference_faults, text_faults
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.dossier import Lineage, Part, VotePolicy
from partizipation_core.kernel.messages import Command, Event, ItemCommand
from partizipation_core.kernel.numbering import counted, next_numbers
from partizipation_core.kernel.permission import step_objections
from partizipation_core.kernel.revision import frozen_on_paper
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.kernel.steps import reasoned
from partizipation_core.values import ItemRef, Objection, ParticipantRef

__all__ = [
    "DECIDERS",
    "ItemSplit",
    "ItemsMerged",
    "MergeItems",
    "SplitItem",
    "merged_points",
    "merged_supporters",
]

T = TypeVar("T")

FEWEST_PARTS = 2


@frozen(kw_only=True)
class MergeItems(Command):
    """Merge items into another one that goes on in their place.

    Args:
        into: the item that goes on.
        sources: the items that end here; they keep everything they have.
        vote_policy: what becomes of the support they were given; by default nobody's support
            is moved to something they did not support.
        reason: why, for their authors and the public.
    """

    into: ItemRef
    sources: tuple[ItemRef, ...] = field(converter=as_tuple)
    vote_policy: VotePolicy = field(
        default="never", validator=in_(("never", "union", "add_points"))
    )
    reason: str


@frozen(kw_only=True)
class SplitItem(ItemCommand):
    """Split an item into parts that each go their own way.

    Args:
        parts: at least two new items; they keep the author, area and category of the whole.
        reason: why, for the author and the public.
    """

    parts: tuple[Part, ...] = field(converter=as_tuple)
    reason: str


@frozen(kw_only=True)
class ItemsMerged(Event):
    """Items were merged into another one."""

    into: ItemRef
    sources: tuple[ItemRef, ...]
    vote_policy: VotePolicy
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """End the sources and let both sides know of each other."""
        target = world.items[self.into]
        sources = {**target.lineage.sources, **dict.fromkeys(self.sources, self.vote_policy)}
        yield evolve(target, lineage=evolve(target.lineage, sources=sources))
        for ref in self.sources:
            source = world.items[ref]
            lineage = evolve(source.lineage, merged_into=self.into)
            yield evolve(source, state="merged", reason=self.reason, lineage=lineage)


@frozen(kw_only=True)
class ItemSplit(Event):
    """An item was split.

    Args:
        item: the whole, which ends here.
        parts: what it became.
        numbers: reference number of each part, in their order.
        submitted_by: who split it.
        reason: why.
    """

    item: ItemRef
    parts: tuple[Part, ...]
    numbers: tuple[str, ...]
    submitted_by: ParticipantRef
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """End the whole and begin its parts; nothing that was counted goes over to them."""
        whole = world.items[self.item]
        refs = tuple(part.item for part in self.parts)
        lineage = evolve(whole.lineage, parts=refs)
        yield evolve(whole, state="split", reason=self.reason, lineage=lineage)
        for part, number in zip(self.parts, self.numbers, strict=True):
            yield self._begun(part, number, whole)
        yield from counted(world, *self.numbers)

    def _begun(self, part: Part, number: str, whole: Item) -> Item:
        return Item(
            ref=part.item,
            author=whole.author,
            coauthors=whole.coauthors,
            title=part.title.strip(),
            text=part.text,
            cost=part.cost,
            area=whole.area,
            category=whole.category,
            state="published",
            published=True,
            number=number,
            revision=1,
            channel=whole.channel,
            submitted_by=self.submitted_by,
            lineage=Lineage(split_from=whole.ref),
        )


# --- merging


def _merge_objections(command: MergeItems, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    if not command.sources:
        yield Objection("nothing_to_merge")
    if command.into in command.sources:
        yield Objection("merged_into_itself", {"item": command.into})
    concerned = sorted({command.into, *command.sources})
    for ref in concerned:
        yield from _mergeable(ref, command, context)
    free = {ref for ref in concerned if waiting_to_be_counted(ref, context.procedure)}
    adds_up = command.vote_policy == "add_points"
    yield from frozen_on_paper(set(concerned) - free if adds_up else concerned, context)


def _mergeable(ref: ItemRef, command: MergeItems, context: Context) -> Iterator[Objection]:
    item = context.world.items.get(ref)
    if item is None or item.state == context.definition.lifecycle.initial:
        yield Objection("item_unknown", {"item": ref})
    else:
        yield from step_objections("merge", item, command, context)


def _merge(command: MergeItems, _context: Context) -> tuple[Event, ...]:
    return (
        ItemsMerged(
            into=command.into,
            sources=tuple(dict.fromkeys(command.sources)),
            vote_policy=command.vote_policy,
            reason=command.reason,
        ),
    )


def merged_points(
    items: Mapping[ItemRef, Item], points: Mapping[ItemRef, int]
) -> dict[ItemRef, int]:
    """Give the points of merged items to those that go on, where that was the policy.

    Args:
        items: all items, merged ones included.
        points: item → points it was given itself.

    Returns:
        points of every item that was not merged into another one. Points of items merged under
        another policy than ``add_points`` stay with them and count for nothing else.
    """
    mergers = _mergers(items, "add_points")
    return {
        ref: sum(points.get(one, 0) for one in _with_sources(ref, mergers))
        for ref in _going_on(items)
    }


def merged_supporters(
    items: Mapping[ItemRef, Item], supporters: Mapping[ItemRef, Iterable[T]]
) -> dict[ItemRef, frozenset[T]]:
    """Unite who supported merged items with those of the one that goes on, where that was agreed.

    Args:
        items: all items, merged ones included.
        supporters: item → persons who supported it itself.

    Returns:
        for every item that was not merged into another one the distinct persons; nobody counts
        twice. Only items merged under the policy ``union`` bring theirs along.
    """
    mergers = _mergers(items, "union")
    nobody: frozenset[T] = frozenset()
    return {
        ref: nobody.union(*(supporters.get(one, nobody) for one in _with_sources(ref, mergers)))
        for ref in _going_on(items)
    }


def _going_on(items: Mapping[ItemRef, Item]) -> Iterator[ItemRef]:
    return (ref for ref, item in items.items() if not item.lineage.merged_into)


def _mergers(
    items: Mapping[ItemRef, Item], policy: VotePolicy
) -> dict[ItemRef, tuple[ItemRef, ...]]:
    return {
        ref: tuple(source for source, agreed in item.lineage.sources.items() if agreed == policy)
        for ref, item in items.items()
    }


def _with_sources(
    ref: ItemRef, mergers: Mapping[ItemRef, tuple[ItemRef, ...]]
) -> Iterator[ItemRef]:
    """Go through an item and everything that was merged into it, step by step."""
    yield ref
    for source in mergers.get(ref, ()):
        yield from _with_sources(source, mergers)


# --- splitting


def _split_objections(command: SplitItem, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    if len(command.parts) < FEWEST_PARTS:
        yield Objection("too_few_parts", {"min": FEWEST_PARTS, "given": len(command.parts)})
    times = Counter(part.item for part in command.parts)
    for part in command.parts:
        yield from reference_faults(part.item)
        yield from text_faults(part)
        if part.item in context.world.items or times[part.item] > 1:
            yield Objection("reference_taken", {"item": part.item})
    yield from frozen_on_paper((command.item,), context)


def _split(command: SplitItem, context: Context) -> tuple[Event, ...]:
    return (
        ItemSplit(
            item=command.item,
            parts=command.parts,
            numbers=next_numbers(context, len(command.parts)),
            submitted_by=context.actor.ref,
            reason=command.reason,
        ),
    )


DECIDERS = (
    Decider(
        command=MergeItems,
        decide=_merge,
        objections=_merge_objections,
        events=(ItemsMerged,),
        needs={Need.ITEMS},
        triggers=("merge",),
        about=lambda command: (command.into, *command.sources),
    ),
    Decider(
        command=SplitItem,
        decide=_split,
        objections=_split_objections,
        events=(ItemSplit,),
        needs={Need.ITEMS},
        triggers=("split",),
    ),
)
