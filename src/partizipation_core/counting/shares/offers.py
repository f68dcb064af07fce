"""What a project costs its supporters if the money of some may be overspent.

For a payment per point `q` the supporters give the part ``alpha`` of the cost, each at most `q`
for a point. The price of the whole at this payment is ``q / alpha``, and its price for utility
counts the missing part once more: ``q / alpha ** 2`` for each unit. It is least at a payment that
is all one supporter has, or at the one that pays for everything: between two such payments it
rises first and falls then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Offer", "best_offer"]

_NEAR = 1 + 1e-9
"""Far more than what rounding does to a sum of a million floats."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The best way to pay for a project.

    Args:
        rate: price for utility, the part that nobody has counted twice.
        price: what one point costs, in minor units; who has less gives everything.
    """

    rate: Fraction
    price: Fraction


def best_offer(
    purses: Iterable[tuple[int, int, int]], cost: int, scale: int, worth: int
) -> Offer | None:
    """Return the best offer, None if no supporter has money.

    Args:
        purses: for each supporter what it has times `scale`, the points it gives, and its weight.
        cost: what the project costs.
        scale: by what money is multiplied.
        worth: utility of one point.
    """
    if not cost:
        return Offer(Fraction(0), Fraction(0))
    whole = cost * scale
    levels = list(_levels(_stacked(purses), whole))
    if not levels:
        return None
    floats = [_about(level, whole) for level in levels]
    limit = min(floats) * _NEAR
    near = [level for level, value in zip(levels, floats, strict=True) if value <= limit]
    money, points, given = min(near, key=_loss)
    rate = Fraction(money * points * whole * whole, given * given * scale * worth)
    return Offer(rate, Fraction(money * whole, given * scale))


def _stacked(purses: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Order purses by what they have for a point; those without money stay away."""
    full = [purse for purse in purses if purse[0]]
    if all(points == 1 for _, points, _ in full):
        return sorted(full)
    return sorted(full, key=lambda purse: Fraction(purse[0], purse[1]))


def _levels(purses: list[tuple[int, int, int]], whole: int) -> Iterator[tuple[int, int, int]]:
    """Yield payments that may be best: money, for so many points, and what all give, times those.

    The last one pays for the whole, if all of them together can.
    """
    poor, rich = 0, sum(points * weight for _, points, weight in purses)
    last: tuple[int, int] | None = None
    for money, points, weight in purses:
        given = poor * points + rich * money
        if given >= whole * points:
            yield whole - poor, rich, whole * rich
            return
        if last is None or last[0] * points != money * last[1]:
            yield money, points, given
        last = money, points
        poor, rich = poor + money * weight, rich - points * weight


def _about(level: tuple[int, int, int], whole: int) -> float:
    money, points, given = level
    alpha = given / (whole * points)
    return money / (whole * points) / alpha / alpha


def _loss(level: tuple[int, int, int]) -> Fraction:
    money, points, given = level
    return Fraction(money * points, given * given)
