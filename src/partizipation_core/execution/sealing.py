"""Sealing the boxes of votes that are over, and proving to voters that their ballot is in one.

The box of a secret vote is sealed right after its vote was closed, in a transaction of its own.
Whatever comes between, `Execution.tick` does what is left: the state of the procedure says how far
the seal has come, and each step can be taken again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from attrs import evolve

from partizipation_core.errors import NotFound, PartizipationError, Refused, StorageError
from partizipation_core.kernel.calendar import BallotClosed
from partizipation_core.kernel.secrecy.sealing import SealBox
from partizipation_core.store import Connection, Scope, Unit
from partizipation_core.store.checkpoint import closings
from partizipation_core.store.inclusion import Inclusion, inclusion
from partizipation_core.store.journal import Recorded
from partizipation_core.values import Objection

if TYPE_CHECKING:
    from partizipation_core.execution.execution import Execution

__all__ = ["follow", "included", "seal", "seal_closed"]

SEALED_TABLES = ("box", "request", "roll")
"""Tables in which something stood that linked a ballot with a person."""


def follow(execution: Execution, scope: Scope, recorded: Sequence[Recorded]) -> None:
    """Seal what was just closed; what fails is kept, undoes nothing, and waits for a tick."""
    if not any(isinstance(one.event, BallotClosed) for one in recorded):
        return
    try:
        seal_closed(execution, scope)
    except PartizipationError as error:
        told = f"SealBox: {error}"
        execution.database.run_in_transaction(partial(_note, execution, scope, told), scope)


def seal_closed(execution: Execution, scope: Scope) -> list[Recorded]:
    """Seal every box that waits for it.

    Raises:
        StorageError: somebody else uses the database, so that its files keep their old bytes, or
            a box is not what it was; what was done stays done, and the rest is done next time.
    """
    with execution.reading(scope) as unit:
        if unit.present().body is None:
            return []
        state, _ = execution.present(unit, scope)
    waiting = [vote for vote, seal in state.seals.items() if seal.step != "verified"]
    return [one for vote in sorted(waiting) for one in _seal_through(execution, scope, vote)]


def seal(execution: Execution, scope: Scope, vote: str) -> int:
    """Seal a box, and leave no byte of what linked its ballots with people in the database.

    Returns:
        the number of ballots in it.

    Raises:
        NotFound: there is no such procedure or vote.
        Refused: the vote is not over.
        StorageError: the box is not what it was before, and nothing was changed; or it was sealed
            and somebody else uses the database, so that its files keep their old bytes until this
            is done again.
    """
    with execution.reading(scope) as unit:
        _closed(execution, unit, scope, vote, "SealBox")
    _seal_through(execution, scope, vote)
    with execution.reading(scope) as unit:
        return unit.box(vote).ballots


def _seal_through(execution: Execution, scope: Scope, vote: str) -> list[Recorded]:
    step = partial(_step, execution, scope, vote)
    done = execution.database.run_in_transaction(partial(step, "sealed"), scope)
    execution.forget(scope)
    execution.tell(scope, done)
    execution.database.scrub(SEALED_TABLES)
    checked = execution.database.run_in_transaction(partial(step, "verified"), scope)
    execution.tell(scope, checked)
    return [*done, *checked]


def _step(
    execution: Execution, scope: Scope, vote: str, step: str, connection: Connection
) -> Sequence[Recorded]:
    """Take a step towards the seal, unless somebody else has."""
    unit = Unit(connection, scope)
    state, _ = execution.present(unit, scope)
    before = state.seals.get(vote)
    due = before is None or before.step == "due"
    if vote not in state.closed_votes or due is not (step == "sealed"):
        return ()
    if before is not None and before.step == "verified":
        return ()
    if step == "verified" and (faults := [*unit.box_faults(vote), *unit.seals.unsealed(vote)]):
        raise StorageError(f"the seal of vote {vote!r} does not hold: " + "; ".join(faults))
    return execution.unasked.of_itself(unit, scope, SealBox(vote=vote), execution.now())


def _note(execution: Execution, scope: Scope, told: str, connection: Connection) -> None:
    Unit(connection, scope).note_failure(execution.now(), told)


def included(execution: Execution, scope: Scope, commitment: str, vote: str) -> Inclusion:
    """Prove that the ballot of a receipt lies in a closed box; nobody learns what it says.

    Raises:
        NotFound: there is no such procedure or vote, or no ballot with this commitment: it was
            replaced, put aside, or never in the box.
        Refused: the vote is not over.
    """
    with execution.reading(scope) as unit:
        _closed(execution, unit, scope, vote, "ProveInclusion")
        leaves = [bytes.fromhex(row.decode()) for row in unit.contents.commitments(vote)]
        named = max(closings(unit.lines(), vote))
    try:
        wanted = bytes.fromhex(commitment)
    except ValueError:
        wanted = b""
    place = bisect_left(leaves, wanted)
    if leaves[place : place + 1] != [wanted]:
        raise NotFound(f"no ballot in the box of vote {vote!r} has the commitment {commitment!r}")
    return evolve(inclusion(leaves, place), checkpoint=named)


def _closed(execution: Execution, unit: Unit, scope: Scope, vote: str, asked: str) -> None:
    state, _ = execution.present(unit, scope)
    if vote not in state.papers:
        raise NotFound(f"there is no vote {vote!r} in procedure {scope.procedure!r}")
    if vote not in state.closed_votes:
        raise Refused(asked, [Objection("vote_still_open", {"vote": vote})])
