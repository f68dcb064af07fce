"""The procedure itself: opening, amending, closing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.formats.definition import Definition
from partizipation_core.formats.stages import Window
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.discussion.closing import VoicesClosed, closing
from partizipation_core.kernel.ledger.event import MoneyEvent
from partizipation_core.kernel.ledger.pots import pots_amended, pots_opened
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.stage import schedule_objections
from partizipation_core.kernel.state import Comment, Item, Procedure, World
from partizipation_core.money.books import Account, Booking
from partizipation_core.values import Objection, ProcedureRef, Role

__all__ = [
    "DECIDERS",
    "AmendProcedure",
    "CloseProcedure",
    "OpenProcedure",
    "ProcedureAmended",
    "ProcedureClosed",
    "ProcedureOpened",
    "opening_objections",
]


@frozen(kw_only=True)
class OpenProcedure(Command):
    """Open a procedure and pin everything it is made of.

    Args:
        ref: its reference, new in the municipality.
        definition: the resolved format.
        schedule: stage → window in which it is on.
    """

    ref: ProcedureRef
    definition: Definition
    schedule: Mapping[str, Window] = field(factory=dict)


@frozen(kw_only=True)
class AmendProcedure(Command):
    """Change what a procedure is made of, as long as nobody has voted.

    Args:
        definition: the resolved format as it shall be from now on.
        reason: why, for the public.
    """

    definition: Definition
    reason: str


@frozen(kw_only=True)
class CloseProcedure(Command):
    """End a procedure that has reached its last stage."""


@frozen(kw_only=True)
class ProcedureOpened(MoneyEvent):
    """A procedure began, with everything it pinned and the money it is about."""

    ref: ProcedureRef
    definition: Definition
    schedule: Mapping[str, Window]

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item | Comment | Booking]:
        """Start in the first stage, and fill the pots."""
        yield from super().apply(world, at)
        first = self.definition.first.key
        yield Procedure(
            ref=self.ref, stage=first, entered_at=at, visits={first: 1}, schedule=self.schedule
        )


@frozen(kw_only=True)
class ProcedureAmended(MoneyEvent):
    """A procedure was changed before anybody voted."""

    definition: Definition
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item | Comment | Booking]:
        """Change nothing but pots and the definition, which is kept beside the state."""
        yield from super().apply(world, at)
        yield world.opened


@frozen(kw_only=True)
class ProcedureClosed(Event):
    """The procedure is over; nothing can be done in it any more."""

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Close."""
        yield evolve(world.opened, status="closed")


def opening_objections(command: OpenProcedure, context: Context) -> Iterator[Objection]:
    """Say what speaks against opening: no permission can come from a procedure that is not."""
    definition = command.definition
    roles = definition.anytime.get("OpenProcedure", frozenset({Role.OFFICER}))
    if context.world.procedure is not None:
        yield Objection("procedure_exists", {"procedure": command.ref})
    if not roles & context.actor.roles:
        names = ", ".join(sorted(roles))
        yield Objection("role_forbids", {"command": "OpenProcedure", "roles": names})
    if context.rules.missing:
        yield Objection("rule_missing", {"rules": ", ".join(context.rules.missing)})
    yield from schedule_objections(command.schedule, definition, context.settings.overlap)


def _open(command: OpenProcedure, _context: Context) -> tuple[Event, ...]:
    return (
        ProcedureOpened(
            ref=command.ref,
            definition=command.definition,
            schedule=command.schedule,
            bookings=pots_opened(command.definition.settings),
        ),
    )


def _amend_objections(command: AmendProcedure, context: Context) -> Iterator[Objection]:
    procedure, definition = context.procedure, command.definition
    if not command.reason.strip():
        yield Objection("reason_missing", {"command": "AmendProcedure"})
    totals = any(register.counted for register in procedure.registers.values())
    cast = context.box is not None and (context.box.ballots or context.box.aside)
    if any(procedure.closed_votes.values()) or totals or cast:
        yield Objection("ballots_cast")
    known = {stage.key for stage in definition.stages}
    for key in sorted({procedure.stage, *procedure.visits} - known):
        yield Objection("amendment_drops_stage", {"stage": key})
    states = {item.state for item in context.world.items.values()}
    for state in sorted(states - set(definition.lifecycle.states)):
        yield Objection("amendment_drops_state", {"state": state})
    if definition.format != context.definition.format:
        yield Objection("amendment_changes_format", {"format": definition.format})
    bookings = _repotted(command, context)
    vote = procedure.vote
    if bookings and vote in procedure.papers and vote not in procedure.closed_votes:
        pots = ", ".join(dict.fromkeys(booking.pot for booking in bookings))
        yield Objection("pot_on_ballot", {"vote": vote, "pots": pots})
    for booking in bookings:
        left = context.ledger.available(booking.pot)
        if booking.source is Account.AVAILABLE and booking.amount > left:
            params = {"pot": booking.pot, "amount": booking.amount.cents, "left": left.cents}
            yield Objection("pot_holds_less", params)


def _repotted(command: AmendProcedure, context: Context) -> tuple[Booking, ...]:
    before, after = context.definition.settings, command.definition.settings
    return pots_amended(before, after, command.reason)


def _amend(command: AmendProcedure, context: Context) -> tuple[Event, ...]:
    return (
        ProcedureAmended(
            definition=command.definition,
            reason=command.reason,
            bookings=_repotted(command, context),
        ),
    )


def _close(_command: CloseProcedure, context: Context) -> tuple[Event, ...]:
    return (*closing(context), ProcedureClosed())


DECIDERS = (
    Decider(command=OpenProcedure, decide=_open, events=(ProcedureOpened,), moment="before"),
    Decider(
        command=AmendProcedure,
        decide=_amend,
        objections=_amend_objections,
        events=(ProcedureAmended,),
        needs={Need.ITEMS, Need.BOX, Need.LEDGER},
    ),
    Decider(
        command=CloseProcedure,
        decide=_close,
        events=(VoicesClosed, ProcedureClosed),
        needs={Need.ITEMS, Need.VOICES},
        moment="end",
    ),
)
