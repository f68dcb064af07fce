"""Whole numbers in cells, which tables write as ``1.0`` once a cell of the column was empty."""

from __future__ import annotations

import re

__all__ = ["whole"]

_ZEROS = re.compile(r"(-?[0-9]+)\.0+")


def whole(text: str) -> str:
    """Return a cell without blanks around it and, if it is a whole number, without decimals.

    Args:
        text: the cell.
    """
    plain = text.strip()
    found = _ZEROS.fullmatch(plain)
    return found[1] if found else plain
