"""Caps: the least and the usual most of a project, as the settings of a fund say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import field, frozen

from partizipation_core.formats.ballots import positive
from partizipation_core.formats.rules import ItemView, Progress, View, rule
from partizipation_core.values import ItemRef, Money, Objection
from partizipation_kiezkasse import KiezkasseSettings

__all__ = ["FundSettings", "least_cost", "pot_used_up", "soft_cap"]


@frozen(kw_only=True)
class FundSettings(KiezkasseSettings):
    """Settings of a fund whose body decides.

    Args:
        least: the least that an item may cost; None for any amount.
        soft_cap: what is awarded without a reason (Regelobergrenze); None for any amount.
    """

    least: Money | None = field(default=None, validator=positive)
    soft_cap: Money | None = field(default=None, validator=positive)


@rule("guard", name="kiezkasse/least_cost")
def least_cost(item: ItemView, view: View) -> Iterator[Objection]:
    """Refuse items that cost less than the fund is for."""
    least = view.settings_as(FundSettings).least
    if least is not None and item.cost is not None and item.cost < least:
        params = {"item": item.ref, "cost": item.cost.cents, "least": least.cents}
        yield Objection("below_the_least", params)


@rule("award", name="kiezkasse/soft_cap")
def soft_cap(
    amounts: Mapping[ItemRef, Money],
    _proposed: Mapping[ItemRef, Money],
    reason: str,
    view: View,
) -> Iterator[Objection]:
    """Award more than is usual for one project only with a reason."""
    cap = view.settings_as(FundSettings).soft_cap
    if cap is None or reason.strip():
        return
    for item, amount in sorted(amounts.items()):
        if amount > cap:
            params = {"item": item, "amount": amount.cents, "cap": cap.cents}
            yield Objection("over_the_soft_cap", params)


@rule("condition", name="kiezkasse/pot_used_up")
def pot_used_up(progress: Progress, _view: View) -> Iterator[Objection]:
    """Wait until nothing is left in the pot (bis der Topf leer ist)."""
    if progress.available is not None and progress.available.cents > 0:
        yield Objection("pot_not_used_up", {"available": progress.available.cents})
