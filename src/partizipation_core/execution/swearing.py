"""Swearing: open boxes are summed up now and then, without keeping anybody from voting.

What is summed up is read at one moment and without a lock; only the short line that tells of it
is written in turn. No row is touched by a voter for it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from partizipation_core.errors import StorageError
from partizipation_core.kernel.secrecy.checkpoints import CheckpointBox
from partizipation_core.store import Connection, Scope, Unit
from partizipation_core.store.journal import Recorded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from partizipation_core.execution.execution import Execution

__all__ = ["checkpoint_box"]


def checkpoint_box(execution: Execution, scope: Scope) -> Sequence[Recorded]:
    """Swear to the box of the present vote, if enough ballots came in since the last time.

    Raises:
        StorageError: the roll and the box do not agree.
    """
    command = _due(execution, scope)
    if command is None:
        return ()
    write = partial(_write, execution, scope, command)
    done = execution.database.run_in_transaction(write, scope)
    execution.tell(scope, done)
    return done


def _due(execution: Execution, scope: Scope) -> CheckpointBox | None:
    with execution.reading(scope) as unit:
        if unit.present().body is None:
            return None
        state, pinned = execution.present(unit, scope)
        vote = state.vote
        if vote not in state.papers or vote in state.closed_votes:
            return None
        new = sum(unit.channels(vote).values()) - state.sworn.get(vote, 0)
        if new < pinned.settings.checkpoint_every:
            return None
        found, box = unit.counts.of(vote), unit.box(vote)
    if found.roll != box.ballots:
        msg = f"vote {vote!r}: {found.roll} marks on the roll for {box.ballots} ballots in the box"
        raise StorageError(msg)
    return CheckpointBox(vote=vote, box=box)


def _write(
    execution: Execution, scope: Scope, command: CheckpointBox, connection: Connection
) -> Sequence[Recorded]:
    """Write it down, unless the vote was closed meanwhile or somebody else was faster."""
    unit = Unit(connection, scope)
    state, pinned = execution.present(unit, scope)
    new = command.box.ballots - state.sworn.get(command.vote, 0)
    over = command.vote != state.vote or command.vote in state.closed_votes
    if over or new < pinned.settings.checkpoint_every:
        return ()
    return execution.unasked.of_itself(unit, scope, command, execution.now())
