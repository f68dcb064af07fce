"""Votes held outside: the roll goes out, and a result that somebody else has counted comes in.

Nothing here looks into a ballot. What is checked is that the numbers can be: no more ballots than
people on the roll that was handed over, nothing but what stood on the ballot paper, sums that
agree, the election that was meant, and one result. That they are right, the system outside has to
prove; its proof is kept by its digest. Whether the result was signed by whom the settings name is
for the adapter that reads it; so neither command is taken from anybody but the adapter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, field, frozen
from attrs.validators import ge

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping
from partizipation_core.kernel.channels.checks import not_closed, register_of
from partizipation_core.kernel.channels.register import (
    ItemTotals,
    OutsideRoll,
    OutsideTotals,
    Register,
)
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.values import ItemRef, Objection

__all__ = [
    "DECIDERS",
    "HandOutRoll",
    "OutsideResultTaken",
    "RollHandedOut",
    "TakeOutsideResult",
    "election_id",
]

_DIGEST = re.compile(r"[0-9a-f]{64}")


def election_id(municipality: str, procedure: str, vote: str) -> str:
    """Name a vote as a system outside knows it."""
    return f"{municipality}/{procedure}/{vote}"


@frozen(kw_only=True)
class HandOutRoll(Command):
    """Hand the electoral roll of a vote over to the system outside in which it is held.

    `ProcedureHandle.hand_out_roll` writes the file and gives this command.

    Args:
        vote: which vote.
        people: how many stand on the roll that is handed over.
        root: Merkle root over their sorted tags.
        document: SHA-256 of the file, hexadecimal.
    """

    vote: str
    people: int
    root: str
    document: str


@frozen(kw_only=True)
class TakeOutsideResult(Command):
    """Take in the result that a system outside reports and has signed.

    `ProcedureHandle.take_outside_result` checks the signature and gives this command.

    Args:
        vote: which vote.
        election: which election the report names.
        ballots: ballots in the box outside.
        valid: those that were filled in as the rules ask.
        blank: those that were left empty.
        invalid: all others.
        votes: item → what it got.
        document: SHA-256 of the report, hexadecimal.
        proof: SHA-256 of what proves its numbers to whoever checks the system outside.
    """

    vote: str
    election: str
    ballots: int = field(validator=ge(0))
    valid: int = field(validator=ge(0))
    blank: int = field(default=0, validator=ge(0))
    invalid: int = field(default=0, validator=ge(0))
    votes: Mapping[ItemRef, ItemTotals] = field(factory=dict, converter=as_mapping)
    document: str
    proof: str

    @property
    def totals(self) -> OutsideTotals:
        """What is put down."""
        names = ("ballots", "valid", "blank", "invalid", "votes", "document", "proof")
        return OutsideTotals(**{name: getattr(self, name) for name in names})


@frozen(kw_only=True)
class RollHandedOut(Event):
    """The electoral roll of a vote went to the system outside.

    Args:
        vote: which vote.
        people: how many stand on it.
        root: Merkle root over their sorted tags, as in `ElectorateFrozen`.
        document: SHA-256 of the file.
    """

    vote: str
    people: int
    root: str
    document: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Keep what went out; a later roll takes its place."""
        roll = OutsideRoll(people=self.people, root=self.root, document=self.document)
        register = world.opened.registers.get(self.vote, Register())
        yield _with(world.opened, self.vote, evolve(register, outside_roll=roll))


@frozen(kw_only=True)
class OutsideResultTaken(Event):
    """A system outside reported the result of a vote; nobody has counted it here.

    Args:
        vote: which vote.
        system: name of the system, as in the settings.
        outside: the numbers, and the digests of report and proof.
        signer: public key under which the adapter found the report signed; empty in lines of
            earlier releases, which did not say it.
    """

    vote: str
    system: str
    outside: OutsideTotals
    signer: str = ""

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Keep the numbers beside those of the other channels."""
        register = world.opened.registers.get(self.vote, Register())
        yield _with(world.opened, self.vote, evolve(register, outside=self.outside))


def _with(before: Procedure, vote: str, register: Register) -> Procedure:
    return evolve(before, registers={**before.registers, vote: register})


def _through_the_port(document: str, context: Context) -> Iterator[Objection]:
    """Refuse what somebody only says of a document that no adapter has written or checked."""
    if context.attested != document:
        yield Objection("outside_by_hand")


def _is_outside(vote: str, context: Context) -> Iterator[Objection]:
    if context.limits(vote).secrecy != "external":
        yield Objection("vote_held_here", {"vote": vote})


def _roll_objections(command: HandOutRoll, context: Context) -> Iterator[Objection]:
    procedure, vote = context.procedure, command.vote
    yield from _through_the_port(command.document, context)
    if vote not in procedure.papers:
        yield Objection("vote_unknown", {"vote": vote})
        return
    yield from _is_outside(vote, context)
    if vote in procedure.closed_votes:
        yield Objection("vote_closed", {"vote": vote})
    roll = procedure.electorates.get(vote)
    if roll is None:
        yield Objection("electorate_missing", {"vote": vote})
    elif (roll.entries, roll.root) != (command.people, command.root):
        yield Objection("roll_has_changed", {"vote": vote})


def _hand_out(command: HandOutRoll, _context: Context) -> tuple[Event, ...]:
    return (
        RollHandedOut(
            vote=command.vote,
            people=command.people,
            root=command.root,
            document=command.document,
        ),
    )


def _result_objections(command: TakeOutsideResult, context: Context) -> Iterator[Objection]:
    vote = command.vote
    yield from _through_the_port(command.document, context)
    yield from not_closed(vote, context)
    if vote not in context.procedure.closed_votes:
        return
    yield from _is_outside(vote, context)
    meant = election_id(context.municipality, context.procedure.ref, vote)
    if command.election != meant:
        yield Objection("outside_other_election", {"election": command.election, "meant": meant})
    if register_of(vote, context).outside is not None:
        yield Objection("outside_result_there", {"vote": vote})
    if not (_DIGEST.fullmatch(command.document) and _DIGEST.fullmatch(command.proof)):
        yield Objection("outside_digest_malformed")
    yield from _people(command, context)
    yield from _sums(command, context)


def _people(command: TakeOutsideResult, context: Context) -> Iterator[Objection]:
    """Compare the ballots with the roll that went out, and that one with the roll at the end."""
    sent = register_of(command.vote, context).outside_roll
    roll = context.procedure.electorates.get(command.vote)
    if sent is None or roll is None or roll.root != sent.root:
        yield Objection("outside_roll_other", {"vote": command.vote})
    elif command.ballots > sent.people:
        params = {"ballots": command.ballots, "people": sent.people}
        yield Objection("outside_too_many_ballots", params)


def _sums(command: TakeOutsideResult, context: Context) -> Iterator[Objection]:
    paper, limits = context.procedure.papers[command.vote], context.limits(command.vote)
    if strangers := sorted(set(command.votes) - set(paper)):
        yield Objection("not_on_ballot", {"items": ", ".join(strangers)})
    sum_ = command.valid + command.blank + command.invalid
    if sum_ != command.ballots:
        yield Objection("outside_sums_differ", {"ballots": command.ballots, "sum": sum_})
    for ref, got in sorted(command.votes.items()):
        if got.votes + got.contra > command.valid:
            params = {"item": ref, "votes": got.votes + got.contra, "valid": command.valid}
            yield Objection("outside_too_many_votes", params)
    marks = sum(got.votes + got.contra for got in command.votes.values())
    if limits.max_choices is not None and marks > limits.max_choices * command.valid:
        params = {"votes": marks, "most": limits.max_choices * command.valid}
        yield Objection("outside_too_many_choices", params)
    points = sum(got.given for got in command.votes.values())
    most = None if limits.max_points is None else limits.max_points * command.valid
    if most is not None and points > most:
        params = {"points": points, "most": most}
        yield Objection("outside_too_many_points", params)


def _take(command: TakeOutsideResult, context: Context) -> tuple[Event, ...]:
    outside = context.settings.outside
    assert outside is not None  # noqa: S101 - narrowing, the settings see to it
    return (
        OutsideResultTaken(
            vote=command.vote,
            system=outside.name,
            outside=command.totals,
            signer=outside.key,
        ),
    )


DECIDERS = (
    Decider(
        command=HandOutRoll,
        decide=_hand_out,
        objections=_roll_objections,
        events=(RollHandedOut,),
    ),
    Decider(
        command=TakeOutsideResult,
        decide=_take,
        objections=_result_objections,
        events=(OutsideResultTaken,),
    ),
)
