"""Converters that freeze what callers hand in, so that a value can never change under a reader.

Their element types are stated by the fields that use them; a converter cannot carry them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

__all__ = ["as_mapping", "as_set", "as_tuple"]


def as_tuple(given: Iterable[Any]) -> tuple[Any, ...]:
    """Freeze a row of things."""
    return tuple(given)


def as_set(given: Iterable[Any]) -> frozenset[Any]:
    """Freeze a set of things."""
    return frozenset(given)


def as_mapping(given: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Freeze a mapping."""
    return MappingProxyType(dict(given))
