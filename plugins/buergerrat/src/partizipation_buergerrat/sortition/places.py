"""The first of two stages: which municipalities are drawn, and how many letters each sends.

A municipality is drawn with a chance in proportion to its inhabitants (PPS), and sends letters in
proportion to inhabitants by chance. So every inhabitant gets a letter with the same chance,
wherever they live; one that is large enough takes part for certain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING

from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from partizipation_buergerrat.sortition.stream import Stream

__all__ = ["PlaceDraw", "chances", "draw_places", "share_letters"]

_GRID = 1 << 64
"""Number of places at which a systematic draw may start; finer than any population."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDraw:
    """Municipalities that were drawn.

    Args:
        letters: municipality → letters it sends, in the order of their names.
        reserve: all others in the order in which they take the place of one that cannot.
    """

    letters: Mapping[str, int]
    reserve: tuple[str, ...]


def chances(inhabitants: Mapping[str, int], count: int) -> dict[str, Fraction]:
    """Return the chance of each municipality to be drawn.

    Args:
        inhabitants: municipality → inhabitants who may be invited.
        count: how many are drawn.

    Raises:
        InputError: more are to be drawn than there are, or one has no inhabitants.
    """
    if not 0 < count <= len(inhabitants):
        raise InputError(f"{count} of {len(inhabitants)} municipalities cannot be drawn")
    if any(people < 1 for people in inhabitants.values()):
        raise InputError("a municipality without inhabitants cannot be drawn")
    certain: set[str] = set()
    while True:
        left = {name: people for name, people in inhabitants.items() if name not in certain}
        seats, total = count - len(certain), sum(left.values())
        grown = {name for name, people in left.items() if people * seats >= total > 0}
        if not grown:
            break
        certain |= grown
    return {
        name: Fraction(1) if name in certain else Fraction(people * seats, total)
        for name, people in sorted(inhabitants.items())
    }


def draw_places(
    inhabitants: Mapping[str, int], count: int, letters: int, stream: Stream
) -> PlaceDraw:
    """Draw municipalities and share the letters among them.

    They stand in the order of their names, each as long as its chance; a grid with one line per
    seat is laid over them at a place that chance decides (systematic draw).

    Args:
        inhabitants: municipality → inhabitants who may be invited.
        count: how many are drawn.
        letters: how many letters all of them send together.
        stream: the chance.
    """
    chance = chances(inhabitants, count)
    start = Fraction(stream.below(_GRID), _GRID)
    ends = list(accumulate(chance.values()))
    drawn = [
        name
        for name, end in zip(chance, ends, strict=True)
        if _lines(end, start) > _lines(end - chance[name], start)
    ]
    others = {name: people for name, people in inhabitants.items() if name not in drawn}
    return PlaceDraw(
        letters=share_letters({name: inhabitants[name] / chance[name] for name in drawn}, letters),
        reserve=tuple(_in_turn(others, stream)),
    )


def _lines(end: Fraction, start: Fraction) -> int:
    """Count the lines ``start``, ``start + 1``, ... before a point."""
    return max(0, -((start - end) // 1))


def _in_turn(inhabitants: Mapping[str, int], stream: Stream) -> list[str]:
    """Put municipalities into a row, each next one by chance in proportion to inhabitants."""
    left, row = dict(sorted(inhabitants.items())), list[str]()
    while left:
        place = stream.below(sum(left.values()))
        name = next(
            one for one, end in zip(left, accumulate(left.values()), strict=True) if place < end
        )
        row.append(name)
        del left[name]
    return row


def share_letters(weights: Mapping[str, Fraction], letters: int) -> dict[str, int]:
    """Divide letters in proportion (Sainte-Laguë).

    Args:
        weights: municipality → what its letters shall be in proportion to.
        letters: how many there are.
    """
    total = sum(weights.values())
    # Rounding moves the divisor by at most half a letter per place, so nobody ends below this.
    sure = (letters - Fraction(len(weights), 2)) / total
    given = {name: max(0, int(one * sure - Fraction(1, 2))) for name, one in weights.items()}
    for _ in range(letters - sum(given.values())):
        given[max(sorted(given), key=lambda name: weights[name] / (2 * given[name] + 1))] += 1
    return given
