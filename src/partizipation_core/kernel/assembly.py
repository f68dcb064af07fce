"""Assemblies: a meeting shows hands item by item and fixes the sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, field, frozen
from attrs.validators import ge

from partizipation_core.clock import Instant
from partizipation_core.kernel.award import money_objections
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Hands, Item, Procedure, World
from partizipation_core.values import ItemRef, Money, Objection

__all__ = ["DECIDERS", "AssemblyRecorded", "RecordAssembly"]


@frozen(kw_only=True)
class RecordAssembly(Command):
    """Put down what an assembly decided (Niederschrift).

    Args:
        present: people entitled to vote who were there.
        hands: item → show of hands.
        sums: item → amount that the assembly fixed for it; only for items it agreed to.
    """

    present: int = field(validator=ge(0))
    hands: Mapping[ItemRef, Hands] = field(factory=dict)
    sums: Mapping[ItemRef, Money] = field(factory=dict)


@frozen(kw_only=True)
class AssemblyRecorded(Event):
    """An assembly decided."""

    present: int
    hands: Mapping[ItemRef, Hands]
    sums: Mapping[ItemRef, Money]

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Keep the hands with each item and the sums as the proposal."""
        before = world.opened
        counted = (*before.counted, before.vote)
        yield evolve(before, present=self.present, proposed=self.sums, counted=counted)
        for ref, hands in self.hands.items():
            yield evolve(world.items[ref], hands=hands)


def _objections(command: RecordAssembly, context: Context) -> Iterator[Objection]:
    paper = context.procedure.papers.get(context.procedure.vote)
    if paper is None:
        if context.definition.roles(context.procedure.stage, type(command).__name__):
            yield Objection("no_open_vote")
    elif strangers := sorted({*command.hands, *command.sums} - set(paper)):
        yield Objection("not_on_ballot", {"items": ", ".join(strangers)})
    if context.procedure.vote in context.procedure.counted:
        yield Objection("already_counted", {"vote": context.procedure.vote})
    for ref, hands in command.hands.items():
        yield from _plausible(ref, hands, command.present)
    for ref in command.sums:
        yield from _agreed(ref, command, context)
    yield from money_objections(command.sums, context)


def _plausible(ref: ItemRef, hands: Hands, present: int) -> Iterator[Objection]:
    shown = (hands.yes, hands.no, hands.abstain)
    if min(shown) < 0 or sum(shown) > present:
        params = {"item": ref, "hands": sum(shown), "present": present}
        yield Objection("hands_exceed_present", params)


def _agreed(ref: ItemRef, command: RecordAssembly, context: Context) -> Iterator[Objection]:
    hands = command.hands.get(ref)
    if hands is None:
        yield Objection("no_hands", {"item": ref})
        return
    view = context.view(command)
    agreed = context.rules.one("majority", context.procedure.stage)
    for objection in agreed(hands.yes, hands.no, command.present, view):
        yield evolve(objection, params={"item": ref, **objection.params})


def _decide(command: RecordAssembly, _context: Context) -> tuple[Event, ...]:
    return (AssemblyRecorded(present=command.present, hands=command.hands, sums=command.sums),)


DECIDERS = (
    Decider(
        command=RecordAssembly,
        decide=_decide,
        objections=_objections,
        events=(AssemblyRecorded,),
        needs={Need.ITEMS, Need.LEDGER},
        about=lambda command: (*command.hands, *command.sums),
        asks={"majority"},
    ),
)
