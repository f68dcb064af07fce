"""Methods (Abstimmungsverfahren): an assembly says on the spot how it will count.

It chooses among the ways that the town offers, before the first vote in the room is put down, so
that nobody chooses the way that suits a result. What was chosen, and how clearly, stands in the
minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, field, frozen
from attrs.validators import ge, in_, optional

from partizipation_core.clock import Instant
from partizipation_core.formats.channels import METHODS, Method
from partizipation_core.kernel.channels.checks import no_open_vote, register_of
from partizipation_core.kernel.channels.register import CountingMethod, Register
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Hands, Item, Procedure, World
from partizipation_core.values import Objection

__all__ = ["DECIDERS", "ChooseMethod", "MethodChosen", "method_of"]


@frozen(kw_only=True)
class ChooseMethod(Command):
    """Put down how an assembly will count its votes, as it chose on the spot.

    Args:
        method: ``hands``, ``cards``, ``paper`` or ``points``.
        points: how many points each person hands out; with ``points`` only.
        hands: how the assembly voted on the method; None where nobody was against it.
        note: what the minutes should say besides.
    """

    method: Method = field(validator=in_(METHODS))
    points: int | None = field(default=None, validator=optional(ge(1)))
    hands: Hands | None = None
    note: str = ""


@frozen(kw_only=True)
class MethodChosen(Event):
    """An assembly chose how it counts."""

    vote: str
    method: Method
    points: int | None = None
    hands: Hands | None = None
    note: str = ""

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Keep the method with the vote."""
        before = world.opened
        method = CountingMethod(name=self.method, points=self.points)
        register = evolve(before.registers.get(self.vote, Register()), method=method)
        yield evolve(before, registers={**before.registers, self.vote: register})


def method_of(vote: str, context: Context) -> CountingMethod:
    """Return how the assembly of a vote counts: as it chose, or else as the town does at first."""
    usual = CountingMethod(name=context.settings.assembly_methods[0])
    return register_of(vote, context).method or usual


def _objections(command: ChooseMethod, context: Context) -> Iterator[Objection]:
    vote, offered = context.procedure.vote, context.settings.assembly_methods
    yield from no_open_vote(command, context)
    if register_of(vote, context).meeting is not None or context.procedure.is_counted(vote):
        yield Objection("method_too_late", {"vote": vote})
    if command.method not in offered:
        params = {"method": command.method, "offered": ", ".join(offered)}
        yield Objection("method_not_offered", params)
    if (command.method == "points") != (command.points is not None):
        yield Objection("method_points", {"method": command.method})
    if command.method == "points" and context.settings.channels != ("hands",):
        yield Objection("method_unfit", {"method": command.method})
    if command.hands is not None and command.hands.yes <= command.hands.no:
        against = {"yes": command.hands.yes, "no": command.hands.no}
        yield Objection("method_not_agreed", against)


def _choose(command: ChooseMethod, context: Context) -> tuple[Event, ...]:
    return (
        MethodChosen(
            vote=context.procedure.vote,
            method=command.method,
            points=command.points,
            hands=command.hands,
            note=command.note,
        ),
    )


DECIDERS = (
    Decider(
        command=ChooseMethod,
        decide=_choose,
        objections=_objections,
        events=(MethodChosen,),
    ),
)
