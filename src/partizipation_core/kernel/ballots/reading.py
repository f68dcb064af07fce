"""Reading ballots: what a voter wrote, as the counting room takes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from partizipation_core.counting import BallotType
from partizipation_core.values import ItemRef

__all__ = ["COUNTED_AS", "abstentions", "as_counted", "blank"]

COUNTED_AS: Mapping[str, BallotType] = MappingProxyType(
    {
        "support": BallotType.APPROVAL,
        "approval": BallotType.APPROVAL,
        "knapsack": BallotType.APPROVAL,
        "yes_no": BallotType.PRO_CONTRA,
        "pro_contra": BallotType.PRO_CONTRA,
        "cumulative": BallotType.CUMULATIVE,
        "ranking": BallotType.ORDINAL,
    }
)
"""Ballot type of a vote → ballot type of the counting room."""


def as_counted(choices: Mapping[str, int], kind: str) -> Mapping[str, int] | tuple[str, ...]:
    """Turn what stands on a ballot into what is counted.

    A ranking becomes a row with the best first. An abstention is said, and counts for neither
    side: it is taken off, so that no code is ever used as a number.

    Args:
        choices: item → mark, points or place.
        kind: ballot type of the vote.
    """
    if kind == "ranking":
        return tuple(sorted(choices, key=lambda ref: choices[ref]))
    return {ref: mark for ref, mark in choices.items() if mark != 0}


def blank(ballots: Iterable[Mapping[str, int]]) -> int:
    """Count the ballots that name nothing at all (leere Stimmzettel)."""
    return sum(not choices for choices in ballots)


def abstentions(ballots: Iterable[Mapping[str, int]]) -> dict[ItemRef, int]:
    """Count, item by item, the ballots that abstain from it in so many words.

    Items from which nobody abstains are left out; a ballot that does not name an item says
    nothing of it, which is no abstention.
    """
    said = Counter(ref for choices in ballots for ref, mark in choices.items() if mark == 0)
    return {ItemRef(ref): number for ref, number in sorted(said.items())}
