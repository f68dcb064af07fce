"""Sealing a box that is closed, and proving to voters that their ballot lies in it."""

from __future__ import annotations

from bisect import bisect_left

from partizipation_core.errors import NotFound, Refused, StorageError
from partizipation_core.execution.execution import Execution
from partizipation_core.store import Scope, Unit
from partizipation_core.store.inclusion import Inclusion, inclusion
from partizipation_core.values import Objection

__all__ = ["included", "seal"]


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
    with execution.database.writing(scope) as connection:
        unit = Unit(connection, scope, execution.serializer)
        _closed(execution, unit, scope, vote, "SealBox")
        before = unit.box(vote)
        number = unit.seals.seal(vote)
        if unit.box(vote) != before:
            raise StorageError(f"the box of vote {vote!r} would be another one once it is sealed")
    execution.forget(scope)
    execution.database.scrub()
    return number


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
    try:
        wanted = bytes.fromhex(commitment)
    except ValueError:
        wanted = b""
    place = bisect_left(leaves, wanted)
    if leaves[place : place + 1] != [wanted]:
        raise NotFound(f"no ballot in the box of vote {vote!r} has the commitment {commitment!r}")
    return inclusion(leaves, place)


def _closed(execution: Execution, unit: Unit, scope: Scope, vote: str, asked: str) -> None:
    state, _ = execution.present(unit, scope)
    if vote not in state.papers:
        raise NotFound(f"there is no vote {vote!r} in procedure {scope.procedure!r}")
    if vote not in state.closed_votes:
        raise Refused(asked, [Objection("vote_still_open", {"vote": vote})])
