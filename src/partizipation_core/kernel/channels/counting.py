"""Counting: totals join the ballots, so that every channel flows into one election."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from partizipation_core.counting import BallotType, Election, NeedsBallots, Tally
from partizipation_core.errors import Refused
from partizipation_core.kernel.channels.register import ItemTotals, Register
from partizipation_core.kernel.state import Procedure
from partizipation_core.values import ItemRef, Objection

NOTHING_MERGED: Mapping[ItemRef, ItemRef] = MappingProxyType({})

__all__ = ["counted_ballots", "joined", "needing_ballots", "tally_of"]


def joined(
    election: Election, register: Register, into: Mapping[ItemRef, ItemRef] = NOTHING_MERGED
) -> Election:
    """Add what only totals are known of to an election of ballots.

    Where there is any, the election knows totals only, and rules that need ballots say so.

    Args:
        election: the ballots in the box.
        register: the register of its vote.
        into: merged item → the one that goes on with its votes.
    """
    extra = _added_up(register, into)
    if not list(register.totals()):
        return election
    signed = election.ballot_type is BallotType.PRO_CONTRA
    tallies = {
        project.id: _sum(tally, tally_of(extra.get(ItemRef(project.id)), signed=signed))
        for project, tally in zip(election.projects, election.tallies(), strict=True)
    }
    return Election.from_tallies(
        projects=election.projects,
        budget=election.budget,
        tallies=tallies,
        unit=election.unit,
        meta=election.meta,
    )


def _added_up(register: Register, into: Mapping[ItemRef, ItemRef]) -> Mapping[ItemRef, ItemTotals]:
    added: dict[ItemRef, ItemTotals] = {}
    for _, votes in register.totals():
        for ref, got in votes.items():
            heir = into.get(ref, ref)
            added[heir] = added[heir] + got if heir in added else got
    return added


def tally_of(got: ItemTotals | None, *, signed: bool) -> Tally:
    """Return the totals of one item as the counting room reads them.

    Args:
        got: what it got; None for nothing.
        signed: whether the vote knows votes against; elsewhere hands against are not counted.
    """
    if got is None:
        return Tally()
    if signed:
        return Tally(votes=got.votes, points=got.votes - got.contra, contra=got.contra)
    return Tally(votes=got.votes, points=got.given)


def _sum(one: Tally, other: Tally) -> Tally:
    return Tally(
        votes=one.votes + other.votes,
        points=one.points + other.points,
        contra=one.contra + other.contra,
    )


def counted_ballots(vote: str, procedure: Procedure) -> int:
    """Return how many people's votes a count takes in: the box and all totals."""
    totals = procedure.registers.get(vote, Register()).counted
    return procedure.closed_votes[vote] + totals


@contextmanager
def needing_ballots(command: object, vote: str) -> Iterator[None]:
    """Refuse a count whose rule needs single ballots where only totals are known."""
    try:
        yield
    except NeedsBallots as error:
        objection = Objection("rule_needs_ballots", {"vote": vote, "problem": str(error)})
        raise Refused(type(command).__name__, [objection]) from error
