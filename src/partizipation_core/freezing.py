"""Converters that freeze what callers hand in, so that a value can never change under a reader.

Their element types are stated by the fields that use them; a converter cannot carry them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

__all__ = ["as_mapping", "as_mappings", "as_set", "as_tuple", "frozen_through", "read_only"]


_NOTHING: Mapping[Any, Any] = MappingProxyType({})
"""What is empty and never changes need be there but once."""


def as_tuple(given: Iterable[Any]) -> tuple[Any, ...]:
    """Freeze a row of things."""
    return tuple(given)


def as_set(given: Iterable[Any]) -> frozenset[Any]:
    """Freeze a set of things."""
    return frozenset(given)


def as_mapping(given: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Freeze a mapping."""
    return MappingProxyType(dict(given)) if given else _NOTHING


def as_mappings(given: Mapping[Any, Mapping[Any, Any]]) -> Mapping[Any, Mapping[Any, Any]]:
    """Freeze a mapping of mappings."""
    return MappingProxyType({key: read_only(inner) for key, inner in given.items()})


def read_only(given: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Cover a mapping that nobody else writes to; unlike `as_mapping` this copies nothing."""
    return given if isinstance(given, MappingProxyType) else MappingProxyType(given)


def frozen_through(given: Any) -> Any:
    """Freeze plain data to the bottom: mappings, lists and sets; everything else stays."""
    if isinstance(given, Mapping):
        return MappingProxyType({key: frozen_through(value) for key, value in given.items()})
    if isinstance(given, list | tuple):
        return tuple(map(frozen_through, given))
    return frozenset(given) if isinstance(given, set) else given
