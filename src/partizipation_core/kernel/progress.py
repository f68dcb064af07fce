"""Progress (Umsetzungsstand): milestones, delays, and the one way a percentage is worked out."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen
from attrs.validators import ge

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_tuple
from partizipation_core.values import Money

__all__ = ["WHOLE", "Delay", "Delivery", "Milestone", "weighted_percent"]

WHOLE = 100


def weighted_percent(parts: Iterable[tuple[int, int]]) -> int | None:
    """Return the weighted mean of percentages, rounded down once.

    Rounding down keeps 100 for what is complete in all its parts.

    Args:
        parts: weight and percentage of each part; every weight counts as what it is.

    Returns:
        0 to 100; None where there is nothing to speak of, which is not the same as nothing done.
    """
    listed = tuple(parts)
    whole = sum(weight for weight, _ in listed)
    return sum(weight * percent for weight, percent in listed) // whole if whole else None


@frozen(kw_only=True)
class Milestone:
    """A step of a delivery that can be told to be reached (Meilenstein).

    Args:
        key: its name within the item.
        title: its name for people.
        weight: how much it counts among the others, from 1.
        due: the instant by which it shall be reached; None where no day was told.
        percent: how far it has come, 0 to 100.
        reached: when it was told to be complete.
    """

    key: str
    title: str
    weight: int = field(default=1, validator=ge(1))
    due: Instant | None = None
    percent: int = 0
    reached: Instant | None = None


@frozen(kw_only=True)
class Delay:
    """That something will be ready later than was told (Verzug).

    Args:
        milestone: key of the milestone; empty where the whole item is meant.
        was: when it should have been ready; None where nothing was told.
        until: when it will be ready now.
        reason: why, for the public.
        told: when that was said.
    """

    milestone: str
    was: Instant | None
    until: Instant
    reason: str
    told: Instant


@frozen(kw_only=True)
class Delivery:
    """How far an awarded item has come.

    Args:
        percent: 0 to 100; None where nobody has said anything.
        spent: money spent so far.
        note: what the public is told.
        milestones: its steps, in their order; the percentage follows from them.
        due: when the whole is to be ready; None where nothing was told.
        delays: every delay that was told, in their order.
    """

    percent: int | None = None
    spent: Money = Money(0)
    note: str = ""
    milestones: tuple[Milestone, ...] = field(default=(), converter=as_tuple)
    due: Instant | None = None
    delays: tuple[Delay, ...] = field(default=(), converter=as_tuple)
