"""The first of equals where voters pay, and what the protocol says of the tie."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from partizipation_core.counting.result import Tie
from partizipation_core.counting.ties import UndecidedTie

if TYPE_CHECKING:
    from partizipation_core.counting.shares.market import Market

__all__ = ["first_of"]


def first_of(
    market: Market, equal: Sequence[int], rate: Fraction, *, scarce: bool = False
) -> tuple[int, Tie | None]:
    """Return the project that is bought first, and the tie if there are several.

    Args:
        market: projects and voters.
        equal: numbers of the projects at the lowest price for utility.
        rate: that price.
        scarce: whether buying one may leave too little money for another.

    Raises:
        UndecidedTie: the order may matter and the tie order leaves it open.
    """
    if len(equal) == 1:
        return equal[0], None
    candidates = market.candidates
    named = {candidates[number].project.id: number for number in equal}
    resolved = market.ties.resolve([candidates[number] for number in equal])
    mattered = scarce or _compete(market, equal)
    block = next((b for b in resolved.open_ if resolved.order[0] in b), ())
    if mattered and block:
        raise UndecidedTie([candidate.project.id for candidate in block])
    members = tuple(candidate.project.id for candidate in resolved.order)
    tie = Tie(members=members, score=rate, decided_by=resolved.decided_by, mattered=mattered)
    return named[members[0]], tie


def _compete(market: Market, equal: Sequence[int]) -> bool:
    """Tell whether the order may matter: not if no voter supports two of them."""
    voters = [set(market.groups.supporters[number]) for number in equal]
    apart = len(set.union(*voters)) == sum(map(len, voters))
    return not apart or bool(market.constraints)
