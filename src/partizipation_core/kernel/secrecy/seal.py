"""The seal of a ballot box: how far it has come, and what goes to the box to be sealed."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from partizipation_core.clock import Instant

__all__ = ["Seal", "SealEntry"]


@frozen(kw_only=True)
class Seal:
    """What became of a box since its vote was closed (Versiegelung).

    Args:
        since: when the vote was closed, or sealed by hand.
        step: ``due``: it is still to be sealed; ``sealed``: no ballot bears a voter's tag any
            more; ``verified``: the old bytes are gone as well, and the box was checked.
    """

    since: Instant
    step: Literal["due", "sealed", "verified"] = "due"


@frozen(kw_only=True)
class SealEntry:
    """The order to take the tags of voters off all ballots of a vote; no line tells of a person.

    Args:
        vote: names the vote.
        ballots: how many ballots there must be, before and after.
        root: Merkle root that they must have, before and after.
    """

    vote: str
    ballots: int
    root: str
