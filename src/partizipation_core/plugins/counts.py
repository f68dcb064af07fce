"""The core's further rules for counting; awarding by rank is in `standard`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from partizipation_core.counting import (
    Add1,
    BoundedOverspending,
    Election,
    EqualShares,
    ExactEqualShares,
    Knapsack,
    Phragmen,
    RankedList,
    Result,
    Ties,
    Utilitarian,
)
from partizipation_core.counting.shares.completions import Completion
from partizipation_core.counting.ties import Criterion
from partizipation_core.formats.rules import Rule, View, rule
from partizipation_core.plugins.awarding import awarded

__all__ = ["RULES"]

_COMPLETIONS: Mapping[str, Completion] = MappingProxyType(
    {
        "add1_exhaustive": Add1(stop="exhaustive"),
        "add1_overrun": Add1(stop="overrun"),
        "utilitarian": Utilitarian(),
    }
)


@rule("count", name="core/ranked_list")
def ranked_list(election: Election, ties: Sequence[Criterion], view: View) -> Result:
    """Put the items in order for those who decide; no money is awarded."""
    settings = view.settings
    put_in_order = RankedList(
        size=settings.advice_size,
        minimum=settings.threshold,
        include_all=settings.shortlist_ties == "include_all",
        score=settings.rank_by,
        ties=Ties(*ties),
    )
    return put_in_order(election)


@rule("count", name="core/equal_shares")
def equal_shares(election: Election, ties: Sequence[Criterion], view: View) -> Result:
    """Award what groups of voters can pay for from equal shares of the money."""
    settings = view.settings
    share = EqualShares(
        utility=settings.shares_utility,
        completion=[_COMPLETIONS[name] for name in settings.shares_completion],
        ties=Ties(*ties),
    )
    return awarded(share, election, settings)


@rule("count", name="core/phragmen")
def phragmen(election: Election, ties: Sequence[Criterion], view: View) -> Result:
    """Award as soon as the voters of an item have earned it, all earning alike."""
    return awarded(Phragmen(ties=Ties(*ties)), election, view.settings)


@rule("count", name="core/knapsack")
def knapsack(election: Election, ties: Sequence[Criterion], view: View) -> Result:
    """Award the affordable set that has the most votes or points together."""
    settings = view.settings
    return awarded(Knapsack(score=settings.rank_by, ties=Ties(*ties)), election, settings)


@rule("count", name="core/exact_equal_shares")
def exact_equal_shares(election: Election, ties: Sequence[Criterion], view: View) -> Result:
    """Award what supporters can pay for in exactly equal parts."""
    settings = view.settings
    share = ExactEqualShares(utility=settings.shares_utility, ties=Ties(*ties))
    return awarded(share, election, settings)


@rule("count", name="core/bounded_overspending")
def bounded_overspending(election: Election, ties: Sequence[Criterion], view: View) -> Result:
    """Award what groups of voters can nearly pay for; the rest of the pot covers the gap."""
    settings = view.settings
    share = BoundedOverspending(utility=settings.shares_utility, ties=Ties(*ties))
    return awarded(share, election, settings)


RULES: tuple[Rule, ...] = (
    ranked_list,
    equal_shares,
    phragmen,
    knapsack,
    exact_equal_shares,
    bounded_overspending,
)
