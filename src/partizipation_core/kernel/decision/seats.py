"""Seats: who belongs to a body, who steps in, and who is at a sitting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.publication import each_once
from partizipation_core.kernel.sitting import Body, Sitting
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import Objection, ParticipantRef

__all__ = [
    "DECIDERS",
    "BodySeated",
    "CloseSitting",
    "MemberReplaced",
    "OpenSitting",
    "ReplaceMember",
    "SeatBody",
    "SittingClosed",
    "SittingOpened",
]


@frozen(kw_only=True)
class SeatBody(Command):
    """Seat the body that decides: a jury, a neighbourhood council (Quartiersrat).

    Args:
        members: pseudonyms of those who hold a seat.
        substitutes: who steps in, the first one first (Nachrückliste).
    """

    members: tuple[ParticipantRef, ...] = field(converter=each_once)
    substitutes: tuple[ParticipantRef, ...] = field(default=(), converter=each_once)


@frozen(kw_only=True)
class ReplaceMember(Command):
    """Let the next substitute take the seat of a member who leaves.

    Args:
        member: who leaves.
        reason: why, without anything personal.
    """

    member: ParticipantRef
    reason: str


@frozen(kw_only=True)
class OpenSitting(Command):
    """Open a sitting of the body on the present vote; opened again, it takes new attendance.

    Args:
        present: members who are there, and substitutes who sit in for absent ones.
    """

    present: tuple[ParticipantRef, ...] = field(converter=each_once)


@frozen(kw_only=True)
class CloseSitting(Command):
    """Close the sitting: what was agreed is what the body proposes to award."""


@frozen(kw_only=True)
class BodySeated(Event):
    """A body was seated."""

    members: tuple[ParticipantRef, ...] = field(converter=as_tuple)
    substitutes: tuple[ParticipantRef, ...] = field(converter=as_tuple)

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Keep who holds a seat."""
        body = Body(members=self.members, substitutes=self.substitutes)
        yield evolve(world.opened, body=body)


@frozen(kw_only=True)
class MemberReplaced(Event):
    """A substitute took a seat."""

    member: ParticipantRef
    successor: ParticipantRef
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Give the seat to the successor."""
        before = world.opened.body or Body()
        seats = [self.successor if one == self.member else one for one in before.members]
        waiting = [one for one in before.substitutes if one != self.successor]
        yield evolve(world.opened, body=Body(members=seats, substitutes=waiting))


@frozen(kw_only=True)
class SittingOpened(Event):
    """A sitting was opened."""

    vote: str
    present: tuple[ParticipantRef, ...] = field(converter=as_tuple)

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Take attendance; what an earlier sitting decided on the same vote stays decided."""
        before = world.opened.sitting
        same = before if before is not None and before.vote == self.vote else None
        sitting = evolve(same or Sitting(vote=self.vote), present=self.present)
        yield evolve(world.opened, sitting=sitting, present=len(self.present))


@frozen(kw_only=True)
class SittingClosed(Event):
    """A sitting is over, and what it agreed on is proposed to be awarded."""

    vote: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Take the sums as the proposal."""
        before = world.opened
        sums = before.sitting.sums if before.sitting else {}
        yield evolve(before, counted=(*before.counted, self.vote), proposed=sums)


def _seat_objections(command: SeatBody, context: Context) -> Iterator[Objection]:
    if not command.members:
        yield Objection("no_members")
    if both := set(command.members) & set(command.substitutes):
        yield Objection("member_and_substitute", {"number": len(both)})
    if context.procedure.sitting is not None:
        yield Objection("body_has_sat")


def _replace_objections(command: ReplaceMember, context: Context) -> Iterator[Objection]:
    body = context.procedure.body or Body()
    if not command.reason.strip():
        yield Objection("reason_missing", {"command": "ReplaceMember"})
    if command.member not in body.members:
        yield Objection("not_a_member", {"number": 1})
    if not body.substitutes:
        yield Objection("no_substitute")


def _open_objections(command: OpenSitting, context: Context) -> Iterator[Objection]:
    procedure = context.procedure
    if procedure.vote not in procedure.papers:
        yield Objection("no_open_vote")
    if procedure.is_counted(procedure.vote):
        yield Objection("already_counted", {"vote": procedure.vote})
    if procedure.body is None:
        yield Objection("no_body")
        return
    members, substitutes = set(procedure.body.members), set(procedure.body.substitutes)
    if strangers := set(command.present) - members - substitutes:
        yield Objection("not_a_member", {"number": len(strangers)})
    absent = len(members - set(command.present))
    if (sitting_in := len(substitutes & set(command.present))) > absent:
        yield Objection("too_many_substitutes", {"number": sitting_in, "absent": absent})


def _close_objections(_command: CloseSitting, context: Context) -> Iterator[Objection]:
    procedure = context.procedure
    if procedure.sitting is None or procedure.sitting.vote != procedure.vote:
        yield Objection("no_sitting")
    if procedure.is_counted(procedure.vote):
        yield Objection("already_counted", {"vote": procedure.vote})


def _seat(command: SeatBody, _context: Context) -> tuple[Event, ...]:
    return (BodySeated(members=command.members, substitutes=command.substitutes),)


def _replace(command: ReplaceMember, context: Context) -> tuple[Event, ...]:
    successor = (context.procedure.body or Body()).substitutes[0]
    return (MemberReplaced(member=command.member, successor=successor, reason=command.reason),)


def _open(command: OpenSitting, context: Context) -> tuple[Event, ...]:
    return (SittingOpened(vote=context.procedure.vote, present=command.present),)


def _close(_command: CloseSitting, context: Context) -> tuple[Event, ...]:
    return (SittingClosed(vote=context.procedure.vote),)


DECIDERS = (
    Decider(
        command=SeatBody,
        decide=_seat,
        objections=_seat_objections,
        events=(BodySeated,),
        internal=True,
    ),
    Decider(
        command=ReplaceMember,
        decide=_replace,
        objections=_replace_objections,
        events=(MemberReplaced,),
        internal=True,
    ),
    Decider(
        command=OpenSitting,
        decide=_open,
        objections=_open_objections,
        events=(SittingOpened,),
        internal=True,
    ),
    Decider(
        command=CloseSitting,
        decide=_close,
        objections=_close_objections,
        events=(SittingClosed,),
        internal=True,
    ),
)
