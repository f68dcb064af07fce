"""Assemblies: a meeting shows hands item by item and fixes the sums.

Where hands are one channel of a vote that people also take part in elsewhere, nothing is fixed by
the meeting alone; see `partizipation_core.kernel.channels.hands`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, field, frozen
from attrs.validators import ge

from partizipation_core.clock import Instant
from partizipation_core.kernel.award import money_objections
from partizipation_core.kernel.channels.method import method_of
from partizipation_core.kernel.channels.register import ItemTotals, Meeting, Register
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Hands, Item, Procedure, World
from partizipation_core.values import ItemRef, Money, Objection

__all__ = [
    "DECIDERS",
    "AssemblyRecorded",
    "RecordAssembly",
    "hands_objections",
    "implausible",
    "quorum_objections",
]


@frozen(kw_only=True)
class RecordAssembly(Command):
    """Put down what an assembly decided (Niederschrift).

    Args:
        present: people entitled to vote who were there.
        hands: item → show of hands.
        points: item → points it was given, where the assembly chose to count points.
        sums: item → amount that the assembly fixed for it; only for items it agreed to.
        note: why the number present is not that of the voting cards.
    """

    present: int = field(validator=ge(0))
    hands: Mapping[ItemRef, Hands] = field(factory=dict)
    sums: Mapping[ItemRef, Money] = field(factory=dict)
    note: str = ""
    points: Mapping[ItemRef, int] = field(factory=dict)


@frozen(kw_only=True)
class AssemblyRecorded(Event):
    """An assembly decided."""

    present: int
    hands: Mapping[ItemRef, Hands]
    sums: Mapping[ItemRef, Money]
    note: str = ""
    points: Mapping[ItemRef, int] = field(factory=dict)

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Keep the hands with each item and the sums as the proposal."""
        before = world.opened
        counted = (*before.counted, before.vote)
        votes = {ref: ItemTotals(votes=one.yes, contra=one.no) for ref, one in self.hands.items()}
        votes |= {ref: ItemTotals(points=number) for ref, number in self.points.items()}
        register = evolve(
            before.registers.get(before.vote, Register()),
            meeting=Meeting(present=self.present, votes=votes, note=self.note),
        )
        yield evolve(
            before,
            present=self.present,
            proposed=self.sums,
            counted=counted,
            registers={**before.registers, before.vote: register},
        )
        for ref, hands in self.hands.items():
            yield evolve(world.items[ref], hands=hands)


def _objections(command: RecordAssembly, context: Context) -> Iterator[Objection]:
    paper = context.procedure.papers.get(context.procedure.vote)
    if paper is None:
        if context.definition.roles(context.procedure.stage, type(command).__name__):
            yield Objection("no_open_vote")
    elif strangers := sorted({*command.hands, *command.points, *command.sums} - set(paper)):
        yield Objection("not_on_ballot", {"items": ", ".join(strangers)})
    if context.procedure.is_counted(context.procedure.vote):
        yield Objection("already_counted", {"vote": context.procedure.vote})
    yield from _other_channels(context)
    yield from _cards(command, context)
    yield from quorum_objections(command.present, context)
    yield from hands_objections(command.hands, command.present)
    yield from _points(command, context)
    for ref in command.sums:
        yield from _agreed(ref, command, context)
    yield from money_objections(command.sums, context)


def _other_channels(context: Context) -> Iterator[Objection]:
    """Object where ballots of other channels would be left out of the decision."""
    register = context.procedure.registers.get(context.procedure.vote, Register())
    ballots = (context.box.ballots if context.box else 0) + len(register.places)
    if ballots:
        yield Objection("other_channels_used", {"vote": context.procedure.vote})


def _cards(command: RecordAssembly, context: Context) -> Iterator[Objection]:
    register = context.procedure.registers.get(context.procedure.vote, Register())
    cards = register.cards
    if cards is not None and cards != command.present and not command.note.strip():
        params = {"present": command.present, "cards": cards}
        yield Objection("present_unexplained", params)


def quorum_objections(present: int, context: Context) -> Iterator[Objection]:
    """Object where fewer people were there than an assembly needs to decide anything."""
    quorum = context.settings.quorum
    if quorum is not None and present < quorum:
        yield Objection("quorum_missed", {"present": present, "quorum": quorum})


def hands_objections(shown: Mapping[ItemRef, Hands], present: int) -> Iterator[Objection]:
    """Object where more hands were shown than people were there, or fewer than none."""
    for ref, hands in shown.items():
        yield from implausible(ref, hands, present)


def implausible(ref: ItemRef, hands: Hands, present: int) -> Iterator[Objection]:
    """Say that more hands were shown than people were there."""
    shown = (hands.yes, hands.no, hands.abstain)
    if min(shown) < 0 or sum(shown) > present:
        params = {"item": ref, "hands": sum(shown), "present": present}
        yield Objection("hands_exceed_present", params)


def _points(command: RecordAssembly, context: Context) -> Iterator[Objection]:
    """Object where votes were counted in another way than the assembly chose."""
    method = method_of(context.procedure.vote, context)
    if command.hands if method.name == "points" else command.points:
        yield Objection("other_method", {"method": method.name})
    given, most = sum(command.points.values()), command.present * (method.points or 0)
    if min(command.points.values(), default=0) < 0 or given > most:
        yield Objection("points_exceed_present", {"points": given, "most": most})


def _agreed(ref: ItemRef, command: RecordAssembly, context: Context) -> Iterator[Objection]:
    hands = command.hands.get(ref)
    if ref in command.points:
        hands = Hands(yes=command.points[ref], no=0)
    if hands is None:
        yield Objection("no_hands", {"item": ref})
        return
    view = context.view(command)
    agreed = context.rules.one("majority", context.procedure.stage)
    for objection in agreed(hands.yes, hands.no, command.present, view):
        yield evolve(objection, params={"item": ref, **objection.params})


def _decide(command: RecordAssembly, _context: Context) -> tuple[Event, ...]:
    return (
        AssemblyRecorded(
            present=command.present,
            hands=command.hands,
            sums=command.sums,
            note=command.note,
            points=command.points,
        ),
    )


DECIDERS = (
    Decider(
        command=RecordAssembly,
        decide=_decide,
        objections=_objections,
        events=(AssemblyRecorded,),
        needs={Need.ITEMS, Need.BOX, Need.LEDGER},
        about=lambda command: (*command.hands, *command.points, *command.sums),
        asks={"majority"},
    ),
)
