"""The proof that nobody can do better: exact arithmetic on prices that anybody may look up.

Give every limit a price. Whoever draws panels by whatever method, the chances of all persons,
each weighed with the prices of the limits it falls under, cannot add up to more than the limits
allow. So the smallest chance is at most that sum divided by the weights. Any prices prove some
bound; those of an optimum prove the optimum. Everything is a whole number until the last division.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from partizipation_buergerrat.sortition.kinds import Kinds
    from partizipation_buergerrat.sortition.limits import Cut

__all__ = ["Proof", "prove"]

_UNIT = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A bound on the smallest chance, and the prices that prove it.

    Args:
        bound: no way of drawing panels gives everybody a larger chance than this.
        prices: one whole number for each limit of the pool, in the order of its rows.
        cut_prices: one whole number for each cut.
    """

    bound: Fraction
    prices: tuple[int, ...]
    cut_prices: tuple[int, ...]


def prove(kinds: Kinds, cuts: Sequence[Cut], prices: Sequence[float]) -> Proof:
    """Turn the solver's prices into an exact bound; rounding can only make it weaker.

    Args:
        kinds: the pool.
        cuts: further limits that all panels keep.
        prices: as the solver gave them: rows of the pool first, then cuts.
    """
    whole = [round(price * _UNIT) for price in prices]
    rows = [
        max(price, 0) if row.label[0] == "" != row.label[1] else price
        for row, price in zip(kinds.rows, whole[: len(kinds.rows)], strict=True)
    ]  # a household limits only from above, and so do cuts
    extra = [max(price, 0) for price in whole[len(kinds.rows) :]]
    return Proof(
        bound=_bound(kinds, cuts, rows, extra), prices=tuple(rows), cut_prices=tuple(extra)
    )


def _bound(
    kinds: Kinds, cuts: Sequence[Cut], prices: Sequence[int], extra: Sequence[int]
) -> Fraction:
    worths = [0] * len(kinds)
    allowed = 0
    for row, price in zip(kinds.rows, prices, strict=True):
        allowed += price * (row.most if price > 0 else row.least)
        for kind in row.kinds:
            worths[kind] += price
    for cut, price in zip(cuts, extra, strict=True):
        allowed += price * cut.most
        worths = [worth + price * f for worth, f in zip(worths, cut.factors, strict=True)]
    weighed = list(zip(worths, kinds.items, strict=True))
    allowed += sum(max(-worth, 0) * kind.size for worth, kind in weighed)
    weight = sum(max(worth, 0) * kind.size for worth, kind in weighed)
    return min(Fraction(allowed, weight), Fraction(1)) if weight else Fraction(1)
