"""From a result back to the rule that gave it: what a protocol says is enough to count again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from partizipation_core.counting.greedy import Greedy
from partizipation_core.counting.knapsack import Knapsack
from partizipation_core.counting.lot import Lot
from partizipation_core.counting.phragmen import Phragmen
from partizipation_core.counting.pots import Countable, Pot, Pots
from partizipation_core.counting.ranking import RankedList
from partizipation_core.counting.shares import (
    Add1,
    BoundedOverspending,
    Comparison,
    Completion,
    Endowments,
    EqualShares,
    ExactEqualShares,
    Utilitarian,
)
from partizipation_core.counting.ties import Criterion, Drawn, Ties
from partizipation_core.errors import InputError

__all__ = ["rule_named", "ties_from"]


def ties_from(data: Sequence[Any]) -> Ties:
    """Return the order among equals that `Ties.to_data` wrote.

    Args:
        data: the criteria as plain data.
    """
    return Ties(*map(_criterion, data))


def rule_named(name: str, settings: Mapping[str, Any]) -> Countable:
    """Return the rule that a result names, with its settings.

    Args:
        name: of the rule, as in `Result.rule`.
        settings: as in `Result.parameters`.

    Raises:
        InputError: the rule is not one of this package.
    """
    if name not in _RULES:
        raise InputError(f"the rule {name!r} is none of {', '.join(_RULES)}")
    return _RULES[name](settings)


def _criterion(data: Any) -> Criterion:
    if isinstance(data, str):
        return data
    return Lot(data["lot"]) if "lot" in data else Drawn(tuple(data["drawn"]))


def _fields(settings: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**{name: settings[name] for name in names}, "ties": ties_from(settings["ties"])}


def _shares(settings: Mapping[str, Any]) -> EqualShares:
    money = settings.get("endowments")
    return EqualShares(
        **_fields(settings, "utility"),
        completion=[_completion(step) for step in settings["completion"]],
        endowments=Endowments(**money) if money else None,
    )


def _completion(data: Mapping[str, Any]) -> Completion:
    ((name, step),) = data.items()
    if name == "add1":
        return Add1(**step)
    if name == "utilitarian":
        return Utilitarian(score=step["score"])
    rule = _greedy(step["rule"]) if step["rule"] else None
    return Comparison(by=step["by"], rule=rule)


def _greedy(settings: Mapping[str, Any]) -> Greedy:
    return Greedy(**_fields(settings, "misfit", "score", "unsupported"))


def _pots(settings: Mapping[str, Any]) -> Pots:
    inner = settings["rule"]
    pots = [Pot(**{**pot, "groups": tuple(pot["groups"])}) for pot in settings["pots"]]
    rule = rule_named(inner["name"], inner)
    return Pots(pots=pots, rule=rule, carry=settings["carry"], rest=settings["rest"])


_LIST = ("size", "minimum", "include_all", "score")
_RULES: dict[str, Callable[[Mapping[str, Any]], Countable]] = {
    "greedy": _greedy,
    "knapsack": lambda s: Knapsack(**_fields(s, "score")),
    "ranked_list": lambda s: RankedList(**_fields(s, *_LIST)),
    "phragmen": lambda s: Phragmen(**_fields(s, "misfit")),
    "equal_shares": _shares,
    "exact_equal_shares": lambda s: ExactEqualShares(**_fields(s, "utility")),
    "bounded_overspending": lambda s: BoundedOverspending(**_fields(s, "utility")),
    "pots": _pots,
}
