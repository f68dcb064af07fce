"""Ballots as a town sets them: what stands on one, and which limits it keeps.

Limits combine freely: each one is checked by itself, and a ballot has to meet them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from attrs import Attribute, field, frozen
from attrs.validators import ge, optional

from partizipation_core.freezing import as_mapping
from partizipation_core.values import ItemRef, Money

__all__ = ["BallotKind", "BallotLimits", "BallotPaper", "Quota", "Secrecy", "positive"]

BallotKind = Literal[
    "support", "approval", "yes_no", "pro_contra", "cumulative", "ranking", "knapsack"
]
"""What stands beside each item that a ballot names.

``support`` (Unterstützung), ``approval`` (Ankreuzen) and ``knapsack`` (Warenkorb) take 1;
``yes_no`` takes 1 for yes, -1 for no and 0 for an abstention that is said (Enthaltung), which is
another thing than not naming the item; ``pro_contra`` takes 1 and -1; ``cumulative`` (Kumulieren)
takes points from 1; ``ranking`` (Rangfolge) takes places, 1 for the best.
"""


Secrecy = Literal["open", "pseudonymous", "secret", "external"]
"""Who can learn what a ballot says.

``open`` (offen): everybody may see how votes stand. ``pseudonymous`` (pseudonym): nobody sees any
number before the end, and whoever has the database and the key of the vote can look a ballot up.
``secret`` (geheim): as before until the vote is closed; then the box is sealed, and nobody can.
``external`` (extern): no ballot is cast here; people vote in a system outside, which reports a
result.
"""


def positive(_: object, __: Attribute[Any], value: Money | None) -> None:
    """Validate an amount of money: above zero, or none."""
    if value is not None and value.cents <= 0:
        msg = f"an amount above zero, not {value}"
        raise ValueError(msg)


def _not_below(fewest: str) -> Callable[[Any, Attribute[Any], Any], None]:
    """Compare the most of something with the fewest of it."""

    def validate(limits: object, attribute: Attribute[Any], most: Any) -> None:
        least = getattr(limits, fewest)
        if most is not None and least is not None and most < least:
            msg = f"{attribute.name} is {most} and {fewest} is {least}; no ballot could be cast"
            raise ValueError(msg)

    return validate


@frozen(kw_only=True)
class Quota:
    """How many items of one area or category a ballot names.

    Args:
        min: the fewest.
        max: the most; None for any number.
    """

    min: int = field(default=0, validator=ge(0))
    max: int | None = field(default=None, validator=[optional(ge(0)), _not_below("min")])


def _can_be_met(limits: Any, attribute: Attribute[Any], quotas: Mapping[str, Quota]) -> None:
    most, needed = limits.max_choices, sum(quota.min for quota in quotas.values())
    if most is not None and needed > most:
        msg = f"{attribute.name} need {needed} items, but max_choices is {most}"
        raise ValueError(msg)


def _where_points_are_given(limits: Any, attribute: Attribute[Any], most: int | None) -> None:
    if most is not None and limits.ballot_type != "cumulative":
        msg = (
            f"{attribute.name} is for cumulative ballots, and ballot_type is {limits.ballot_type}"
        )
        raise ValueError(msg)


def _where_there_is_a_total(limits: Any, _: Attribute[Any], overshoot: str) -> None:
    limited = limits.max_total is not None or limits.ballot_type == "knapsack"
    if overshoot == "once" and not limited:
        msg = "overshoot is for ballots with a max_total and for those of the type knapsack"
        raise ValueError(msg)


@frozen(kw_only=True)
class BallotLimits:
    """What a valid ballot of one vote is (Stimmzettel); every limit counts the items it names.

    Args:
        ballot_type: what stands beside an item, see `BallotKind`.
        blank_ballots: whether a ballot that names nothing is valid (leerer Stimmzettel); it then
            meets every limit.
        min_choices: the fewest items a ballot may name.
        max_choices: the most items a ballot may name; None for any number.
        max_points: the points a ballot may give away, where points are given.
        max_points_per_item: the most of them that one item may get; None for all.
        min_total: what the items a ballot is in favour of must cost together at least.
        max_total: what they may cost together; None for no limit, in a ``knapsack`` for what was
            left of the pot when the vote began.
        overshoot: whether the last item may go beyond ``max_total``: ``none``, or ``once``.
        max_per_area: the most items of one area; items for everywhere count as an area of their
            own, as for supports.
        max_per_category: the most items of one category, those without one among themselves.
        area_quotas: area → how many of its items a ballot names.
        category_quotas: category → how many of its items a ballot names.
        min_own_area: the fewest items of the area in which the voter lives.
        max_other_areas: in how many other areas a ballot may name items; None for all of them.
        secrecy: who can learn what a ballot says, see `Secrecy`.
    """

    ballot_type: BallotKind = "approval"
    blank_ballots: bool = False
    min_choices: int = field(default=1, validator=ge(0))
    max_choices: int | None = field(
        default=None, validator=[optional(ge(1)), _not_below("min_choices")]
    )
    max_points: int | None = field(
        default=None, validator=[optional(ge(1)), _where_points_are_given]
    )
    max_points_per_item: int | None = field(
        default=None, validator=[optional(ge(1)), _where_points_are_given]
    )
    min_total: Money | None = field(default=None, validator=positive)
    max_total: Money | None = field(default=None, validator=[positive, _not_below("min_total")])
    overshoot: Literal["none", "once"] = field(default="none", validator=_where_there_is_a_total)
    max_per_area: int | None = field(default=None, validator=optional(ge(1)))
    max_per_category: int | None = field(default=None, validator=optional(ge(1)))
    area_quotas: Mapping[str, Quota] = field(
        factory=dict, converter=as_mapping, validator=_can_be_met
    )
    category_quotas: Mapping[str, Quota] = field(
        factory=dict, converter=as_mapping, validator=_can_be_met
    )
    min_own_area: int = field(default=0, validator=ge(0))
    max_other_areas: int | None = field(default=None, validator=optional(ge(0)))
    secrecy: Secrecy = "secret"


@frozen(kw_only=True, eq=False)
class BallotPaper(Mapping[ItemRef, Money | None]):
    """The ballot paper as it was printed: items with the price they had when the vote began.

    Args:
        prices: item → price; None where it is not known.
        areas: item → where it belongs; items for everywhere are left out.
        categories: item → what kind it is; items of none are left out.
        budget: what was left of the pot; None where there is no pot.
    """

    prices: Mapping[ItemRef, Money | None] = field(converter=as_mapping)
    areas: Mapping[ItemRef, str] = field(factory=dict, converter=as_mapping)
    categories: Mapping[ItemRef, str] = field(factory=dict, converter=as_mapping)
    budget: Money | None = None

    def __getitem__(self, item: ItemRef) -> Money | None:
        return self.prices[item]

    def __contains__(self, item: object) -> bool:
        return item in self.prices

    def __iter__(self) -> Iterator[ItemRef]:
        return iter(self.prices)

    def __len__(self) -> int:
        return len(self.prices)
