"""Standing: how far the result of a vote has come, and what it was counted from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

from partizipation_core.freezing import as_mapping
from partizipation_core.kernel.dossier import NOBODY
from partizipation_core.values import ItemRef, Money, ParticipantRef

__all__ = ["Standing", "Status"]

Status = Literal["draft", "certified", "published"]
"""How far a result has come; a corrected one stays published and counts its revisions."""


@frozen(kw_only=True)
class Standing:
    """How far the result of one vote has come (Stand des Ergebnisses).

    Args:
        status: how far; only a published result has numbers that anybody may see.
        seed: digits drawn in public, fixed by whoever counted first.
        budget: money that a count could propose to spend when the vote was counted first; what
            is awarded later must not change what a recount gives.
        counted_by: pseudonym of who counted; empty where counting published at once.
        certified_by: pseudonym of who certified.
        revision: 1 for the first published result, one more for each correction, 0 before.
        proposed: what the published result proposes: item → amount.
    """

    status: Status
    seed: str = ""
    budget: Money | None = None
    counted_by: ParticipantRef = NOBODY
    certified_by: ParticipantRef = NOBODY
    revision: int = 0
    proposed: Mapping[ItemRef, Money] = field(factory=dict, converter=as_mapping)
