"""Figures: numbers that may be absent, and percentages with one base and one rounding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Literal

from attrs import frozen

__all__ = ["Absence", "Figure", "Rounding", "Shares", "largest_remainder", "plain", "shares"]

Rounding = Literal["half_up", "largest_remainder"]
"""``half_up`` for shares of voters; ``largest_remainder`` for parts of one whole."""

_THOUSAND = 1000


class Absence(StrEnum):
    """Why there is no number. It can be taken for none: nothing can be counted with it."""

    NOT_RECORDED = "not_recorded"
    """Nobody put it down."""
    NOT_APPLICABLE = "not_applicable"
    """There is nothing that it could be the number of."""
    SUPPRESSED = "suppressed"
    """It stands for so few that it would tell who voted how."""


Figure = int | Absence
"""A number, or why there is none."""


@frozen(kw_only=True)
class Shares:
    """Percentages of one whole.

    Args:
        base: what they are taken of: ``valid``, ``cast``, ``eligible`` or ``present``.
        whole: the number of it.
        rounding: how they were rounded; nowhere is a percentage rounded again.
        tenths: name → tenths of a percent, so 417 is 41.7 %.
    """

    base: str
    whole: Figure
    rounding: Rounding
    tenths: Mapping[str, Figure]


def shares(parts: Mapping[str, Figure], base: str, whole: Figure) -> Shares:
    """Take percentages of voters: parts that need not add up, each rounded half up.

    Args:
        parts: name → number.
        base: what the whole is called.
        whole: the whole; without one there are no percentages.
    """
    tenths = {name: _half_up(part, whole) for name, part in parts.items()}
    return Shares(base=base, whole=whole, rounding="half_up", tenths=tenths)


def _half_up(part: Figure, whole: Figure) -> Figure:
    if isinstance(part, Absence):
        return part
    if isinstance(whole, Absence):
        return whole
    if whole <= 0:
        return Absence.NOT_APPLICABLE
    return (2 * _THOUSAND * part + whole) // (2 * whole)


def largest_remainder(parts: Sequence[int], total: int) -> list[int]:
    """Round the parts of one whole so that they add up (Hare/Niemeyer).

    What is left over goes to the largest remainders, of equal ones to the earlier part.

    Args:
        parts: numbers that make up the whole, none negative.
        total: what the rounded ones add up to, such as 100.

    Raises:
        ValueError: a part is negative.
    """
    whole = sum(parts)
    if any(part < 0 for part in parts):
        msg = f"parts of a whole are not negative: {list(parts)}"
        raise ValueError(msg)
    if whole == 0:
        return [0] * len(parts)
    rounded = [part * total // whole for part in parts]
    order = sorted(range(len(parts)), key=lambda at: (-(parts[at] * total % whole), at))
    for at in order[: total - sum(rounded)]:
        rounded[at] += 1
    return rounded


def plain(figure: Figure) -> int | dict[str, str]:
    """Return a figure as plain data; an absence says so and cannot be read as a number."""
    return {"absent": str(figure)} if isinstance(figure, Absence) else figure
