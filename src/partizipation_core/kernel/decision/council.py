"""Council: adopts, changes, rejects, notes or passes on, item by item or the list as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping
from partizipation_core.kernel import award
from partizipation_core.kernel.award import ItemsAwarded, bookings_for
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.permission import step_objections
from partizipation_core.kernel.sitting import Resolution
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Money, Objection

__all__ = ["DECIDERS", "ResolutionsTaken", "ResolveItems"]

_STEPS: Mapping[str, str] = MappingProxyType(
    {
        "adopted": "adopt",
        "modified": "adopt",
        "rejected": "decline",
        "noted": "note",
        "passed_on": "pass_on",
    }
)
_STATES: Mapping[str, str] = MappingProxyType(
    {
        "adopted": "adopted",
        "modified": "adopted",
        "rejected": "not_awarded",
        "noted": "noted",
        "passed_on": "passed_on",
    }
)


@frozen(kw_only=True)
class ResolveItems(Command):
    """Decide as a council on what was voted (Ratsbeschluss, Bestätigung durch die BVV).

    Items that are named in neither way stay as they are, for a later sitting.

    Args:
        each: item → what was decided on it.
        whole: what was decided on all other items that still wait, where the council takes the
            list as a whole.
    """

    each: Mapping[ItemRef, Resolution] = field(factory=dict, converter=as_mapping)
    whole: Resolution | None = None


@frozen(kw_only=True)
class ResolutionsTaken(Event):
    """A council decided on items; those that get money are awarded by the event beside it."""

    resolutions: Mapping[ItemRef, Resolution]

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Move what gets no money, and keep with each item what was decided."""
        for ref, one in self.resolutions.items():
            state = world.items[ref].state if one.amount else _STATES[one.outcome]
            yield evolve(world.items[ref], state=state, resolution=one, reason=one.reason)


def _resolutions(command: ResolveItems, context: Context) -> dict[ItemRef, Resolution]:
    """Return what is decided on each item; the proposed sum is adopted where none is named."""
    found = dict(command.each)
    if command.whole is not None:
        waiting = (ref for ref, item in context.world.items.items() if item.state == "on_ballot")
        found = {**dict.fromkeys(sorted(waiting), command.whole), **found}
    return {ref: _with_sum(ref, one, context) for ref, one in found.items()}


def _with_sum(ref: ItemRef, one: Resolution, context: Context) -> Resolution:
    if one.outcome == "adopted" and one.amount is None:
        return evolve(one, amount=context.procedure.proposed.get(ref))
    return one


def _amounts(resolutions: Mapping[ItemRef, Resolution]) -> dict[ItemRef, Money]:
    return {ref: one.amount for ref, one in resolutions.items() if one.amount is not None}


def _why(resolutions: Mapping[ItemRef, Resolution], items: Iterable[ItemRef]) -> str:
    """Return the reasons of some resolutions, each once."""
    return " ".join(dict.fromkeys(resolutions[ref].reason for ref in items))


def _objections(command: ResolveItems, context: Context) -> Iterator[Objection]:
    procedure, resolutions = context.procedure, _resolutions(command, context)
    if not resolutions:
        yield Objection("no_items_named", {"command": "ResolveItems"})
    for ref, one in resolutions.items():
        yield from _item_objections(ref, one, command, context)
    if waiting := sorted(set(resolutions) & _uncounted(procedure)):
        yield Objection("nothing_counted", {"items": ", ".join(waiting)})
    amounts = _amounts(resolutions)
    yield from award.money_objections(amounts, context)
    if amounts:
        proposed = {ref: sum_ for ref, sum_ in procedure.proposed.items() if ref in resolutions}
        for rule in context.rules.all("award"):
            yield from rule(amounts, proposed, _why(resolutions, amounts), context.view(command))


def _item_objections(
    ref: ItemRef, one: Resolution, command: ResolveItems, context: Context
) -> Iterator[Objection]:
    item = context.world.items.get(ref)
    if item is None:
        yield Objection("item_unknown", {"item": ref})
        return
    if not one.reason.strip():
        yield Objection("resolution_without_reason", {"item": ref})
    if one.outcome == "passed_on" and not one.to.strip():
        yield Objection("addressee_missing", {"item": ref})
    if one.amount is not None and one.outcome not in ("adopted", "modified"):
        yield Objection("sum_without_adoption", {"item": ref})
    if one.amount is None and one.outcome == "modified" and context.settings.pot is not None:
        yield Objection("sum_missing", {"item": ref})
    trigger = "award" if one.amount is not None else _STEPS[one.outcome]
    yield from step_objections(trigger, item, command, context)


def _uncounted(procedure: Procedure) -> set[ItemRef]:
    papers, counted = procedure.papers, procedure.counted
    return {ref for vote, paper in papers.items() if vote not in counted for ref in paper}


def _decide(command: ResolveItems, context: Context) -> tuple[Event, ...]:
    resolutions = _resolutions(command, context)
    amounts = _amounts(resolutions)
    taken = ResolutionsTaken(resolutions=resolutions)
    if not amounts:
        return (taken,)
    why = _why(resolutions, amounts)
    awarded = ItemsAwarded(
        amounts=amounts,
        reserve=(),
        declined=(),
        reason=why,
        bookings=bookings_for(amounts, why, context),
    )
    return (taken, awarded)


DECIDERS = (
    Decider(
        command=ResolveItems,
        decide=_decide,
        objections=_objections,
        events=(ResolutionsTaken, ItemsAwarded),
        needs={Need.ITEMS, Need.LEDGER},
        triggers=("adopt", "award", "note", "pass_on", "decline"),
        about=lambda command: tuple(command.each),
    ),
)
