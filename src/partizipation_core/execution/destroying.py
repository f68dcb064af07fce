"""Destroying keys: what the journal has said is done to the key ring, after the commit.

First the line, then the key: who dies in between leaves a key that nobody may use any more, and
the next retention run destroys it. The other way round a crash would leave a roll whose key is
gone without a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from partizipation_core.clock import Instant, to_wall
from partizipation_core.kernel.secrecy.destroying import KeyDestroyed, kept_until
from partizipation_core.serialization import parse
from partizipation_core.store import Connection, Scope, Unit
from partizipation_core.store.journal import Recorded

if TYPE_CHECKING:
    from partizipation_core.execution.execution import Execution

__all__ = ["carry_out", "due_keys", "follow", "published_at"]

_PUBLISHING = (b"BallotsCounted", b"ResultCorrected")


def published_at(unit: Unit, vote: str) -> Instant | None:
    """Tell when the valid result of a vote was made known; None where it was not."""
    published = None
    for line in unit.lines():
        if any(kind in line.body for kind in _PUBLISHING):
            told = parse(line.body)
            if told["kind"].encode() in _PUBLISHING and told["data"]["vote"] == vote:
                published = Instant(told["at"])
    return published


def due_keys(execution: Execution, scope: Scope) -> Iterator[tuple[str, str, bool]]:
    """List the keys that are kept beyond their time.

    Yields:
        the vote, the last local day on which its key was needed (ISO), and whether the journal
        says already that it is destroyed.
    """
    keys = execution.keys
    with execution.reading(scope) as unit:
        present, pinned = execution.present(unit, scope)
        zone = pinned.settings.timezone
        for vote in sorted(present.closed_votes):
            recorded = vote in present.keyless
            if keys.destroyed(scope, vote) if recorded else not keys.has(scope, vote):
                continue
            until = kept_until(vote, published_at(unit, vote), present, pinned.settings)
            if until is not None and until <= execution.now():
                yield vote, to_wall(Instant(until - 1), zone).date().isoformat(), recorded


def carry_out(execution: Execution, scope: Scope) -> None:
    """Destroy every key of which the journal says that it is; may be asked again at any time."""
    with execution.reading(scope) as unit:
        present, _ = execution.present(unit, scope)
    for vote in present.keyless:
        if not execution.keys.destroyed(scope, vote):
            execution.keys.destroy(scope, vote)


def follow(execution: Execution, scope: Scope, recorded: Sequence[Recorded]) -> None:
    """Destroy the key that was just said to be; what fails is kept and done by a retention run."""
    for one in recorded:
        if isinstance(one.event, KeyDestroyed):
            try:
                execution.keys.destroy(scope, one.event.vote)
            except Exception as error:  # noqa: BLE001 - a key ring of the host may raise anything
                told = f"DestroyKey: {type(error).__name__}: {error}"
                execution.database.run_in_transaction(partial(_note, execution, scope, told))


def _note(execution: Execution, scope: Scope, told: str, connection: Connection) -> None:
    Unit(connection, scope).note_failure(execution.now(), told)
