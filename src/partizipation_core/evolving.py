"""Evolving: a frozen value once more with some fields changed, at the cost of the change.

`attrs.evolve` asks for every field by name and freezes each anew. What an event changes is an item
of thirty fields, two of which become others; here the way through the fields of a class is laid
out once, and what was frozen before is taken over as it is.
"""

from __future__ import annotations

from collections import deque
from functools import cache
from inspect import ismemberdescriptor
from itertools import repeat
from operator import attrgetter, call
from typing import TYPE_CHECKING, Any

import attrs

__all__ = ["evolve"]

if TYPE_CHECKING:
    # Type checkers know what fields this one takes.
    from attrs import evolve
else:

    def evolve(value: Any, /, **changes: Any) -> Any:
        """Return a frozen value with some fields changed.

        Args:
            value: an instance of an attrs class.
            changes: field → what it holds instead, converted and checked as in a new value.

        Raises:
            TypeError: there is no such field.
        """
        kind = type(value)
        way = _way(kind)
        if way is None or not changes.keys() <= way.fields.keys():
            return attrs.evolve(value, **changes)
        changed = kind.__new__(kind)
        _for_each(call, way.setters, repeat(changed), way.read(value))
        for name, given in changes.items():
            way.put(changed, name, given)
        for name in changes.keys() & way.validated:
            one = way.fields[name]
            one.validator(changed, one, getattr(changed, name))
        return changed


class _Way:
    """The way through the fields of one class, which has at least two."""

    def __init__(self, kind: type, fields: tuple[Any, ...]) -> None:
        names = [one.name for one in fields]
        self.fields = dict(zip(names, fields, strict=True))
        self.validated = {one.name for one in fields if one.validator is not None}
        self.setters = [getattr(kind, name).__set__ for name in names]
        self.read = attrgetter(*names)
        self._setter = dict(zip(names, self.setters, strict=True))

    def put(self, changed: Any, name: str, given: object) -> None:
        """Put a value into a field as the class would."""
        converter = self.fields[name].converter
        self._setter[name](changed, given if converter is None else converter(given))


@cache
def _way(kind: type) -> _Way | None:
    """Lay the way out; None for a class that does more than take its fields."""
    fields = attrs.fields(kind)
    simple = len(fields) > 1 and not hasattr(kind, "__attrs_post_init__")
    return _Way(kind, fields) if simple and all(_is_simple(kind, one) for one in fields) else None


def _is_simple(kind: type, one: Any) -> bool:
    takes_more = isinstance(one.converter, attrs.Converter)
    return one.init and not takes_more and ismemberdescriptor(getattr(kind, one.name, None))


def _for_each(*asked: Any) -> None:
    deque(map(*asked), maxlen=0)
