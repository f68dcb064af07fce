"""What goes through a transaction, and what comes out of it."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command
from partizipation_core.merkle import leaf_hash
from partizipation_core.store import Scope, Unit
from partizipation_core.store.journal import Recorded
from partizipation_core.values import Actor, ParticipantRef

__all__ = ["TIME", "Opening", "Outcome", "Receipt", "Request"]

TIME = Actor(ref=ParticipantRef(""), roles=frozenset())
"""Who acts when a stage is entered because its time has come or its condition is met."""


@frozen(kw_only=True)
class Opening:
    """A ballot that was challenged: what it said, and what proves that it did.

    Args:
        body: what it said, canonical JSON of item → mark.
        nonce: what its commitment was made with, hexadecimal.
    """

    body: str = field(repr=False)
    nonce: str = field(repr=False)

    @property
    def commitment(self) -> str:
        """The commitment that follows from both; that of the receipt, if nobody cheated."""
        return leaf_hash(bytes.fromhex(self.nonce) + self.body.encode()).hex()


@frozen(kw_only=True)
class Receipt:
    """What an accepted command was answered.

    Args:
        at: the instant it was decided.
        first: number of the first journal line it wrote, 0 if it wrote none.
        last: number of the last one.
        commitment: for ballots, the commitment (hexadecimal) that the closing checkpoint holds.
        opening: for a ballot that was challenged, what it said; it was spoiled.
    """

    at: Instant
    first: int = 0
    last: int = 0
    commitment: str = ""
    opening: Opening | None = None


@frozen
class Request:
    """A command on its way through a transaction; what was attested, see `Context`."""

    unit: Unit
    scope: Scope
    decider: Decider
    command: Command
    actor: Actor
    now: Instant
    attested: str = ""


@frozen
class Outcome:
    """What a transaction recorded, and its answer; None where time had to move first.

    ``erased`` tells whether it deleted rows for good.
    """

    receipt: Receipt | None
    recorded: Sequence[Recorded] = ()
    erased: bool = field(default=False, kw_only=True)
