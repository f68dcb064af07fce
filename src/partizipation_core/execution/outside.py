"""Votes held outside: the port to a voting system, and what goes through it.

The library speaks to no such system itself. An adapter writes the roll in the form that its system
reads, and reads the result that came back after checking who signed it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Protocol

from attrs import field, frozen

from partizipation_core.errors import InputError, NotFound, Refused
from partizipation_core.execution.execution import Execution
from partizipation_core.execution.request import Receipt
from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.kernel.channels.outside import (
    HandOutRoll,
    TakeOutsideResult,
    election_id,
)
from partizipation_core.kernel.channels.register import ItemTotals
from partizipation_core.store import Scope
from partizipation_core.store.keys import voter_tag
from partizipation_core.values import Actor, ItemRef, Objection, ParticipantRef

__all__ = [
    "HandedOut",
    "OutsideReport",
    "OutsideVoting",
    "hand_out_roll",
    "outside_number",
    "take_result",
]


@frozen(kw_only=True)
class HandedOut:
    """What a system outside is told, and no more.

    Args:
        election: names the vote; the result must name it too.
        voters: a pseudonym of everybody who may vote, sorted; the key of the vote tells whose.
        root: Merkle root over them, which the journal holds.
        options: item → title on the ballot paper.
    """

    election: str
    voters: tuple[str, ...] = field(converter=as_tuple, repr=False)
    root: str
    options: Mapping[ItemRef, str] = field(converter=as_mapping)


@frozen(kw_only=True)
class OutsideReport:
    """What a system outside reports.

    Args:
        election: which vote it means.
        ballots: ballots in its box.
        valid: those that were filled in as the rules ask.
        blank: those that were left empty.
        invalid: all others.
        votes: item → what it got.
        proof: SHA-256 of what proves its numbers, hexadecimal.
    """

    election: str
    ballots: int
    valid: int
    blank: int = 0
    invalid: int = 0
    votes: Mapping[ItemRef, ItemTotals] = field(factory=dict, converter=as_mapping)
    proof: str


class OutsideVoting(Protocol):
    """An adapter to a voting system outside, such as Belenios or Helios."""

    def roll(self, told: HandedOut, /) -> bytes:
        """Write what the system reads to let people vote."""
        ...

    def result(self, report: bytes, key: bytes, /) -> OutsideReport:
        """Read a result.

        Args:
            report: as it came back.
            key: public key (Ed25519, 32 bytes) of whoever must have signed it.

        Raises:
            InputError: it is not signed by this key, or cannot be read.
        """
        ...


def hand_out_roll(  # noqa: PLR0913, PLR0917 - whose roll, to whom, by whom, and where it is kept
    execution: Execution,
    scope: Scope,
    vote: str,
    system: OutsideVoting,
    actor: Actor,
    keep: Callable[[bytes], object] | None = None,
) -> bytes:
    """Write the roll of a vote for a system outside, and put down what went out.

    Args:
        execution: the house.
        scope: the procedure.
        vote: which vote.
        system: the adapter.
        actor: who hands it over.
        keep: takes the file to a safe place before the journal says that it went out.

    Raises:
        Refused: the vote is not held outside, is over, or its roll has just changed.
        NotFound: there is no such procedure.
    """
    with execution.reading(scope) as unit:
        present, _ = execution.present(unit, scope)
        tags = sorted(tag.hex() for tag in unit.electorate.roll(vote))
        paper = present.papers.get(vote, {})
        options = {item.ref: item.title for item in unit.items() if item.ref in paper}
    roll = present.electorates.get(vote)
    root = roll.root if roll is not None else ""
    election = election_id(scope.municipality, scope.procedure, vote)
    told = HandedOut(election=election, voters=tags, root=root, options=options)
    file = system.roll(told)
    digest = sha256(file).hexdigest()
    command = HandOutRoll(vote=vote, people=len(tags), root=root, document=digest)
    if keep is not None and not execution.why(scope, command, actor, attested=digest):
        keep(file)
    execution.execute(scope, command, actor, attested=digest)
    return file


def outside_number(execution: Execution, scope: Scope, vote: str, person: ParticipantRef) -> str:
    """Return the pseudonym under which somebody is on the roll that went out.

    Raises:
        NotFound: the person is not on the roll of this vote.
        StorageError: the key of the vote was destroyed; nobody can tell any more.
    """
    keys = execution.keys
    with execution.reading(scope) as unit:
        present, _ = execution.present(unit, scope)
        if vote in present.electorates:
            tag = voter_tag(keys, scope, vote, person)
            if unit.electorate.enrolled(vote, tag) is not None:
                return tag.hex()
    raise NotFound(f"this person is not on the electoral roll of vote {vote!r}")


def take_result(  # noqa: PLR0913, PLR0917 - what came, from where, and who takes it in
    execution: Execution,
    scope: Scope,
    vote: str,
    report: bytes,
    system: OutsideVoting,
    actor: Actor,
) -> Receipt:
    """Take in the result of a vote that was held outside, once its signature holds.

    Raises:
        Refused: with every reason; nothing was written.
        InputError: the report is not signed as it must be, or cannot be read.
        NotFound: there is no such procedure.
    """
    with execution.reading(scope) as unit:
        _, pinned = execution.present(unit, scope)
    if pinned.settings.outside is None:
        raise Refused("TakeOutsideResult", [Objection("vote_held_here", {"vote": vote})])
    found = system.result(report, bytes.fromhex(pinned.settings.outside.key))
    digest = sha256(report).hexdigest()
    try:
        command = TakeOutsideResult(
            vote=vote,
            election=found.election,
            ballots=found.ballots,
            valid=found.valid,
            blank=found.blank,
            invalid=found.invalid,
            votes=found.votes,
            document=digest,
            proof=found.proof,
        )
    except ValueError as error:
        raise InputError(f"the report holds a number that cannot be: {error}") from error
    return execution.execute(scope, command, actor, attested=digest)
