"""Totals (Niederschrift): polling places report numbers, not ballots.

Sums that disagree need a note, not a block: a place that lost a ballot must be able to say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, field, frozen
from attrs.validators import ge

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping
from partizipation_core.kernel.channels.checks import (
    closed_channel,
    no_attendance,
    not_closed,
    register_of,
    unwritable,
)
from partizipation_core.kernel.channels.register import ItemTotals, PlaceTotals, Register
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Objection

__all__ = ["DECIDERS", "EnterTotals", "TotalsEntered"]


@frozen(kw_only=True)
class EnterTotals(Command):
    """Put down the totals of a polling place, or those of a recount there.

    Args:
        vote: which vote; it must be over, or the totals would tell a result.
        place: name of the polling place.
        ballots: ballots in the urn.
        valid: those that were filled in as the rules ask.
        blank: those that were left empty.
        invalid: all others.
        votes: item → what it got.
        note: why some sums do not agree, or why the place was counted again.
    """

    vote: str
    place: str
    ballots: int = field(validator=ge(0))
    valid: int = field(validator=ge(0))
    blank: int = field(default=0, validator=ge(0))
    invalid: int = field(default=0, validator=ge(0))
    votes: Mapping[ItemRef, ItemTotals] = field(factory=dict, converter=as_mapping)
    note: str = ""

    @property
    def totals(self) -> PlaceTotals:
        """What is put down."""
        names = ("ballots", "valid", "blank", "invalid", "votes", "note")
        return PlaceTotals(**{name: getattr(self, name) for name in names})


@frozen(kw_only=True)
class TotalsEntered(Event):
    """A polling place reported; a later report of the same place takes its place."""

    vote: str
    place: str
    totals: PlaceTotals

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Keep the totals."""
        before = world.opened
        register = before.registers.get(self.vote, Register())
        register = evolve(register, places={**register.places, self.place: self.totals})
        yield evolve(before, registers={**before.registers, self.vote: register})


def _objections(command: EnterTotals, context: Context) -> Iterator[Objection]:
    yield from closed_channel("urn", context, command.vote)
    yield from unwritable("place", command.place)
    yield from not_closed(command.vote, context)
    paper = context.procedure.papers.get(command.vote, {})
    if paper and (strangers := sorted(set(command.votes) - set(paper))):
        yield Objection("not_on_ballot", {"items": ", ".join(strangers)})
    if not command.note.strip():
        yield from _to_be_explained(command, context)


def _to_be_explained(command: EnterTotals, context: Context) -> Iterator[Objection]:
    """Say what needs a note; with one, none of it stands in the way."""
    register, place = register_of(command.vote, context), command.place
    if place in register.places and register.places[place] != command.totals:
        yield Objection("recount_unexplained", {"place": place})
    sorted_out = command.valid + command.blank + command.invalid
    if sorted_out != command.ballots:
        params = {"place": place, "ballots": command.ballots, "sum": sorted_out}
        yield Objection("ballots_unexplained", params)
    handed_out = register.admitted.get(place)
    if handed_out is None:
        yield from no_attendance("urn", context)
    elif handed_out != command.ballots:
        params = {"place": place, "ballots": command.ballots, "handed_out": handed_out}
        yield Objection("voters_unexplained", params)
    for ref, got in sorted(command.votes.items()):
        if got.votes + got.contra > command.valid:
            params = {"item": ref, "votes": got.votes + got.contra, "valid": command.valid}
            yield Objection("votes_unexplained", params)


def _enter(command: EnterTotals, _context: Context) -> tuple[Event, ...]:
    return (TotalsEntered(vote=command.vote, place=command.place, totals=command.totals),)


DECIDERS = (
    Decider(
        command=EnterTotals,
        decide=_enter,
        objections=_objections,
        events=(TotalsEntered,),
    ),
)
