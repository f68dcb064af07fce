"""Split (Aufteilung): one sum over several areas by their residents, exact to the cent.

Every area gets at least the floor. What is left is shared by weight among those whose share is
above the floor, in whole steps; the steps that remain go to the largest remainders (Hare's
quota, Hamilton's method). So each of them gets its exact share, rounded down or up to a step. The
Kiezkassen of Treptow-Köpenick are split so: by residents, a floor of 2,600, steps of 100.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import frozen

from partizipation_core.counting.lot import Lot
from partizipation_core.errors import PartizipationError
from partizipation_core.values import Money, Objection

__all__ = ["AreaShare", "Split", "SplitTie", "Unsplittable", "split", "split_objections"]

SplitTie: TypeAlias = Literal["larger_weight", "listed_first", "lot"]
"""Which of two equal remainders gets the last step: the one of the larger area, the one that was
listed first, or the one that a lot with a public seed draws first."""

By: TypeAlias = Literal["floor", "exact", "rounded_down", "remainder", "tie"]

_CENT = Money(1)


class Unsplittable(PartizipationError):  # noqa: N818 - names the situation
    """A sum cannot be split as was asked.

    Args:
        objections: every reason.
    """

    def __init__(self, objections: Sequence[Objection]) -> None:
        self.objections = tuple(objections)
        super().__init__("; ".join(map(str, self.objections)))


@frozen(kw_only=True)
class AreaShare:
    """What one area gets, and why.

    Args:
        area: which.
        weight: its residents, or whatever is shared by.
        exact: its exact share in cents, before rounding to steps; for areas at the floor what
            its weight alone would have given it.
        amount: what it gets.
        by: ``floor`` where the weight would have given less; ``rounded_down``; ``remainder``
            where it got one of the steps that remained; ``tie`` where an equal remainder went
            without; ``exact`` where nothing had to be rounded.
    """

    area: str
    weight: int
    exact: Fraction
    amount: Money
    by: By


@frozen(kw_only=True)
class Split:
    """A sum and its shares; they always add up to it.

    Args:
        total: the sum.
        floor: the least that each area gets.
        step: what all shares are multiples of.
        tie: the rule for equal remainders.
        shares: in the order in which the areas were listed.
    """

    total: Money
    floor: Money
    step: Money
    tie: SplitTie
    shares: tuple[AreaShare, ...]

    @property
    def amounts(self) -> Mapping[str, Money]:
        """Area → amount."""
        return {share.area: share.amount for share in self.shares}


def split_objections(
    total: Money, weights: Mapping[str, int], floor: Money, step: Money
) -> Iterator[Objection]:
    """Say why a sum cannot be split, every reason at once.

    Args:
        total: the sum.
        weights: area → its residents.
        floor: the least that each area gets.
        step: what all shares are multiples of.
    """
    needed = floor.cents * len(weights)
    if not weights:
        yield Objection("split_without_areas")
    for area in sorted(area for area, weight in weights.items() if weight < 0):
        yield Objection("split_weight_negative", {"area": area, "weight": weights[area]})
    if step.cents <= 0 or floor.cents < 0 or total.cents < 0:
        params = {"total": total.cents, "floor": floor.cents, "step": step.cents}
        yield Objection("split_amount_negative", params)
        return
    for name, amount in (("total", total), ("floor", floor)):
        if amount.cents % step.cents:
            steps = {"amount": amount.cents, "step": step.cents}
            yield Objection("split_not_in_steps", {"name": name, **steps})
    if needed > total.cents:
        params = {"areas": len(weights), "needed": needed, "total": total.cents}
        yield Objection("split_below_floor", params)
    elif weights and needed < total.cents and not any(weights.values()):
        yield Objection("split_without_weight", {"areas": len(weights)})


def split(  # noqa: PLR0913 - each is something in which towns differ
    total: Money,
    weights: Mapping[str, int],
    *,
    floor: Money = Money(0),
    step: Money = _CENT,
    tie: SplitTie = "larger_weight",
    seed: str = "",
) -> Split:
    """Split a sum over areas.

    Args:
        total: the sum; a multiple of the step.
        weights: area → its residents, in the order in which the areas are listed.
        floor: the least that each area gets; a multiple of the step.
        step: what all shares are multiples of.
        tie: which of several equal remainders gets the last step. After ``larger_weight``, equal
            areas are taken in the order in which they are listed.
        seed: the public seed where ties are decided by ``lot``.

    Raises:
        Unsplittable: with every reason.
    """
    found = list(split_objections(total, weights, floor, step))
    if tie == "lot" and not seed.strip():
        found.append(Objection("split_without_seed"))
    if found:
        raise Unsplittable(found)
    kept = _at_the_floor(total, weights, floor)
    above = {area: weight for area, weight in weights.items() if area not in kept}
    exact = _exact_shares(total.cents - floor.cents * len(kept), above)
    rounded = _in_steps(exact, step.cents, _order(tie, weights, seed))
    alone = _exact_shares(total.cents, weights)
    shares = tuple(
        AreaShare(
            area=area,
            weight=weight,
            exact=exact.get(area, alone.get(area, Fraction(0))),
            amount=floor if area in kept else Money(rounded[area][0]),
            by="floor" if area in kept else rounded[area][1],
        )
        for area, weight in weights.items()
    )
    return Split(total=total, floor=floor, step=step, tie=tie, shares=shares)


def _exact_shares(total: int, weights: Mapping[str, int]) -> dict[str, Fraction]:
    whole = sum(weights.values())
    if not whole:
        return {}
    return {area: Fraction(total * weight, whole) for area, weight in weights.items()}


def _at_the_floor(total: Money, weights: Mapping[str, int], floor: Money) -> frozenset[str]:
    """Find the areas whose weight alone gives less than the floor.

    Each of them makes the rest smaller for the others, until nobody else falls below.
    """
    kept: frozenset[str] = frozenset()
    while True:
        above = {area: weight for area, weight in weights.items() if area not in kept}
        exact = _exact_shares(total.cents - floor.cents * len(kept), above)
        below = {area for area in above if exact.get(area, Fraction(0)) < floor.cents}
        if not exact:
            return frozenset(weights)
        if not below:
            return kept
        kept |= below


def _order(tie: SplitTie, weights: Mapping[str, int], seed: str) -> dict[str, tuple[object, ...]]:
    """Say how equals are put in order: area → what is compared."""
    listed = {area: place for place, area in enumerate(weights)}
    if tie == "lot":
        lot = Lot(seed)
        return {area: (lot.key(area),) for area in weights}
    if tie == "listed_first":
        return {area: (place,) for area, place in listed.items()}
    return {area: (-weights[area], place) for area, place in listed.items()}


def _in_steps(
    exact: Mapping[str, Fraction], step: int, order: Mapping[str, tuple[object, ...]]
) -> dict[str, tuple[int, By]]:
    """Round to whole steps and give the steps that remain to the largest remainders."""
    down = {area: int(share // step) for area, share in exact.items()}
    left = {area: exact[area] - down[area] * step for area in exact}
    steps = int(sum(exact.values()) // step) - sum(down.values())
    ranked = sorted(left, key=lambda area: (-left[area], order[area]))
    lucky, others = ranked[:steps], ranked[steps:]
    edge = left[lucky[-1]] if lucky and others and left[lucky[-1]] == left[others[0]] else None
    return {
        area: ((down[area] + (area in lucky)) * step, _reason(left[area], edge, area in lucky))
        for area in exact
    }


def _reason(left: Fraction, edge: Fraction | None, lucky: bool) -> By:  # noqa: FBT001 - a fact
    if lucky:
        return "tie" if left == edge else "remainder"
    return "rounded_down" if left else "exact"
