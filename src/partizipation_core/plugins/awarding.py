"""What settings add to a rule of award: a minimum, money for areas and categories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from partizipation_core.counting import (
    Budgets,
    Constraint,
    Election,
    Pot,
    Pots,
    Result,
    Threshold,
)
from partizipation_core.counting.pots import Countable
from partizipation_core.values import Money

__all__ = ["awarded", "minimum"]

_SIGNED = frozenset({"points", "pro_minus_contra"})


def minimum(settings: Any) -> list[Constraint]:
    """Return the minimum that an item must reach; below zero nobody is awarded anything.

    Args:
        settings: those of the format, with the fields of `RankingSettings`.
    """
    asked = settings.threshold or settings.rank_by in _SIGNED
    return [Threshold(settings.threshold)] if asked else []


def awarded(rule: Countable, election: Election, settings: Any) -> Result:
    """Apply a rule within the minimum and the budgets that settings name.

    Args:
        rule: what awards the money.
        election: what was voted.
        settings: those of the format, with the fields of `RankingSettings`.
    """
    budgets = list(_budgets(settings))
    if settings.budgets_as == "pots" and budgets:
        pots = [pot for by, amounts in budgets for pot in _pots(by, amounts, election.budget)]
        return Pots(pots=pots, rule=rule)(election, minimum(settings))
    limits = [
        Budgets(by=by, amounts={name: amount.cents for name, amount in amounts.items()})
        for by, amounts in budgets
    ]
    return rule(election, [*minimum(settings), *limits])


def _budgets(settings: Any) -> Iterator[tuple[str, Mapping[str, Money]]]:
    for by in ("area", "category"):
        if amounts := getattr(settings, f"{by}_budgets"):
            yield by, amounts


def _pots(by: str, amounts: Mapping[str, Money], left: int) -> Iterator[Pot]:
    """Yield a pot for each group by name; if less is left than all hold, the first are filled."""
    for name, amount in sorted(amounts.items()):
        holds = min(amount.cents, left)
        left -= holds
        yield Pot(name=name, amount=holds, by=by, groups=(name,))
