"""Soft caps (Regelobergrenze): more than that only with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from partizipation_core.formats.rules import Rule, rule
from partizipation_core.values import ItemRef, Money, Objection

__all__ = ["soft_cap"]


def soft_cap(cap: Money) -> Rule:
    """Make the rule that asks for a reason where an award is higher than a sum.

    Its name holds the sum, so that a procedure pins both: ``kiezkasse/soft_cap_1000``.

    Args:
        cap: what is awarded without a reason; whole euros.
    """

    @rule("award", name=f"kiezkasse/soft_cap_{cap.cents // 100}")
    def within(
        amounts: Mapping[ItemRef, Money], _proposed: Mapping[ItemRef, Money], reason: str, /
    ) -> Iterator[Objection]:
        """Award more than is usual for one project only with a reason."""
        if reason.strip():
            return
        for item, amount in sorted(amounts.items()):
            if amount > cap:
                params = {"item": item, "amount": amount.cents, "cap": cap.cents}
                yield Objection("over_the_soft_cap", params)

    return within
