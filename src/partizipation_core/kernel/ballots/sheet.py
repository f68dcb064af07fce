"""The sheet of a vote: what was printed on its ballot paper besides the prices."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, field, frozen

from partizipation_core.freezing import as_mapping
from partizipation_core.values import ItemRef, Money

__all__ = ["Sheet"]


@frozen(kw_only=True)
class Sheet:
    """Area and kind of the items, and the money, as they were when the vote began.

    Args:
        areas: item → where it belongs; items for everywhere are left out.
        categories: item → what kind it is; items of none are left out.
        budget: the money that was left for them; None where the procedure has none.
    """

    areas: Mapping[ItemRef, str] = field(factory=dict, converter=as_mapping)
    categories: Mapping[ItemRef, str] = field(factory=dict, converter=as_mapping)
    budget: Money | None = None

    def with_item(self, item: ItemRef, area: str, category: str) -> Sheet:
        """Return the sheet with one more item on it."""
        areas = {**self.areas, item: area} if area else self.areas
        categories = {**self.categories, item: category} if category else self.categories
        return evolve(self, areas=areas, categories=categories)
