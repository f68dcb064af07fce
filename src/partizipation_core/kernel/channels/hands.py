"""Hands (Handzeichen): an assembly as one channel of a vote, and who is let in to it or to an urn.

The attendance list ticks the register before hands are shown or papers handed out, so that the
policy is applied while somebody can still be turned away. Where an assembly alone decides and
fixes the sums, see `partizipation_core.kernel.assembly`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from attrs import evolve, field, frozen
from attrs.validators import ge, in_

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.kernel import access
from partizipation_core.kernel.assembly import hands_objections, quorum_objections
from partizipation_core.kernel.channels.casting import entry
from partizipation_core.kernel.channels.checks import (
    closed_channel,
    no_attendance,
    no_open_vote,
    not_closed,
    register_of,
    unwritable,
)
from partizipation_core.kernel.channels.entries import CastEntry, Voter
from partizipation_core.kernel.channels.method import method_of
from partizipation_core.kernel.channels.policy import Fate, Ruling, rule_on
from partizipation_core.kernel.channels.register import (
    ASSEMBLY,
    ItemTotals,
    Meeting,
    Register,
)
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Fact, Need
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Hands, Item, Procedure, World
from partizipation_core.values import ItemRef, Objection, ParticipantRef

__all__ = [
    "DECIDERS",
    "AdmitVoters",
    "HandsRecorded",
    "RecordHands",
    "VotersAdmitted",
]


@frozen(kw_only=True)
class AdmitVoters(Command):
    """Let people vote by hands or at a polling place: tick them on the attendance list.

    Who has voted already and could not vote once more is not let in; the answer names them.

    Args:
        people: pseudonyms of those who came.
        channel: ``hands`` or ``urn``.
        place: the polling place; for hands there is only one.
    """

    people: tuple[ParticipantRef, ...] = field(converter=as_tuple, repr=False)
    channel: Literal["hands", "urn"] = field(default="hands", validator=in_(("hands", "urn")))
    place: str = ASSEMBLY


@frozen(kw_only=True)
class VotersAdmitted(Event):
    """People were let in to vote; who, only the holder of the vote's key can tell."""

    vote: str
    channel: str
    place: str
    people: int

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Count the voting cards."""
        before = world.opened
        register = before.registers.get(self.vote, Register()).admitting(self.place, self.people)
        yield evolve(before, registers={**before.registers, self.vote: register})


@frozen(kw_only=True)
class RecordHands(Command):
    """Put down what an assembly showed by hands, as one channel of a vote that is over.

    Args:
        vote: which vote.
        present: people entitled to vote who were there.
        hands: item → show of hands.
        note: why the number present is not that of the voting cards.
    """

    vote: str
    present: int = field(validator=ge(0))
    hands: Mapping[ItemRef, Hands] = field(factory=dict, converter=as_mapping)
    note: str = ""


@frozen(kw_only=True)
class HandsRecorded(Event):
    """An assembly showed hands, as one channel of a vote."""

    vote: str
    present: int
    hands: Mapping[ItemRef, Hands]
    note: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Keep the hands with each item and with the vote."""
        before = world.opened
        votes = {ref: ItemTotals(votes=one.yes, contra=one.no) for ref, one in self.hands.items()}
        meeting = Meeting(present=self.present, votes=votes, note=self.note)
        register = evolve(before.registers.get(self.vote, Register()), meeting=meeting)
        yield evolve(
            before,
            present=self.present,
            registers={**before.registers, self.vote: register},
        )
        for ref, hands in self.hands.items():
            yield evolve(world.items[ref], hands=hands)


def _admit_objections(command: AdmitVoters, context: Context) -> Iterator[Objection]:
    yield from closed_channel(command.channel, context)
    yield from unwritable("place", command.place)
    if (command.channel == "hands") != (command.place == ASSEMBLY):
        yield Objection("place_unfit", {"place": command.place, "channel": command.channel})
    yield from no_open_vote(command, context)
    yield from access.channel_strength(command.channel, context, named=True)
    if len(set(command.people)) != len(command.people) or not all(command.people):
        yield Objection("attendance_repeats")
    policy, by_roll = context.settings.same_voter, access.by_roll(context)
    for person in command.people:
        if by_roll and person not in context.franchise.entitled:
            yield Objection("not_enrolled_here", {"person": person})
        stands = context.register.standings.get(person)
        if rule_on(policy, stands, command.channel) is Ruling.REFUSED and stands is not None:
            params = {"person": person, "channel": stands.channel, "policy": policy}
            yield Objection("not_admitted", params)


def _admit(command: AdmitVoters, context: Context) -> tuple[Fact, ...]:
    vote = context.procedure.vote
    told = VotersAdmitted(
        vote=vote, channel=command.channel, place=command.place, people=len(command.people)
    )
    casts = (
        entry(
            CastEntry(
                vote=vote,
                voter=Voter(person=person),
                channel=command.channel,
                fate=Fate.STANDS,
            ),
            context.register.standings.get(person),
            context,
        )
        for person in command.people
    )
    return (told, *casts)


def _record_objections(command: RecordHands, context: Context) -> Iterator[Objection]:
    yield from closed_channel("hands", context, command.vote)
    yield from not_closed(command.vote, context)
    register = register_of(command.vote, context)
    if register.meeting is not None:
        yield Objection("hands_recorded", {"vote": command.vote})
    if method_of(command.vote, context).name == "points":
        yield Objection("other_method", {"method": "points"})
    paper = context.procedure.papers.get(command.vote, {})
    if paper and (strangers := sorted(set(command.hands) - set(paper))):
        yield Objection("not_on_ballot", {"items": ", ".join(strangers)})
    yield from hands_objections(command.hands, command.present)
    yield from quorum_objections(command.present, context)
    if not command.note.strip():
        yield from _to_be_explained(command.present, register.cards, context)


def _to_be_explained(present: int, cards: int | None, context: Context) -> Iterator[Objection]:
    if cards is None:
        yield from no_attendance("hands", context)
    elif cards != present:
        params = {"present": present, "cards": cards}
        yield Objection("present_unexplained", params)


def _record(command: RecordHands, _context: Context) -> tuple[Event, ...]:
    return (
        HandsRecorded(
            vote=command.vote, present=command.present, hands=command.hands, note=command.note
        ),
    )


DECIDERS = (
    Decider(
        command=AdmitVoters,
        decide=_admit,
        objections=_admit_objections,
        events=(VotersAdmitted,),
        needs={Need.REGISTER, Need.ENTITLED},
        voice=True,
    ),
    Decider(
        command=RecordHands,
        decide=_record,
        objections=_record_objections,
        events=(HandsRecorded,),
        needs={Need.ITEMS},
        about=lambda command: tuple(command.hands),
    ),
)
