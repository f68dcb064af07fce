"""A made-up district: so many residents in each region, and nobody in it exists.

Published are 27,925 residents of Altglienicke and 273,689 of the district, at the end of 2019; the
numbers of Grünau and Müggelheim are round ones, and what is left is spread over the others.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["AT_THE_FLOOR", "LARGEST", "residents"]

LARGEST = "090309"
"""Altglienicke, which had the highest share (10,100 of 100,000)."""

AT_THE_FLOOR = ("090311", "090416")
"""Grünau and Müggelheim, whose share was the floor."""

_KNOWN = {LARGEST: 27_925, AT_THE_FLOOR[0]: 6_000, AT_THE_FLOOR[1]: 6_600}
_DISTRICT = 273_689
_APART = 240
"""By how much one of the other regions is larger than the one before."""


def residents(areas: Sequence[str]) -> dict[str, int]:
    """Return how many people live in each region of the made-up district.

    Args:
        areas: keys of the 20 regions; the order of the result.
    """
    others = [area for area in areas if area not in _KNOWN]
    middle = (_DISTRICT - sum(_KNOWN.values())) // len(others)
    sizes = {
        area: middle + _APART * (place - len(others) // 2) for place, area in enumerate(others)
    }
    return {area: (sizes | _KNOWN)[area] for area in areas}
