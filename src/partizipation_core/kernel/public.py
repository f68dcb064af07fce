"""Public: what of an item and of an event may leave the administration.

Fields named ``internal`` and ``assignee`` are emptied wherever they stand, and what was decided
but not published is not there at all. Every export and report goes through here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import attrs
from attrs import evolve

from partizipation_core.kernel.assignment import ReviewUnassigned
from partizipation_core.kernel.messages import Event
from partizipation_core.kernel.review import ItemReviewed
from partizipation_core.kernel.state import Item

__all__ = ["WITHHELD", "public_event", "public_view"]

T = TypeVar("T")

WITHHELD = frozenset({"internal", "assignee"})
"""Names of the text fields that are for the administration only, in whatever value."""


def public_view(item: Item) -> Item:
    """Return an item as the public may see it: published outcomes, and nothing internal."""
    told = {office: one for office, one in item.reviews.items() if one.published is not None}
    return _bared(evolve(item, reviews=told, pending=None))


def public_event(event: Event) -> Event | None:
    """Return an event as the public may see it, or None where there is nothing to see.

    A statement that waits for other offices or for its publication is not told; what it came to
    is told by the event that publishes it.
    """
    if isinstance(event, ItemReviewed) and not event.published:
        return None
    if isinstance(event, ReviewUnassigned) and not event.published:
        return _bared(evolve(event, outcome=None))
    return _bared(event)


def _bared(value: T) -> T:
    bared: Any = value
    if attrs.has(type(value)):
        bared = _bared_fields(value)
    elif isinstance(value, Mapping):
        bared = {key: _bared(one) for key, one in value.items()}
    elif isinstance(value, tuple):
        bared = tuple(map(_bared, value))
    kept: T = bared
    return kept


def _bared_fields(value: Any) -> Any:
    fields = (one for one in attrs.fields(type(value)) if one.init)
    before = {one.alias: getattr(value, one.name) for one in fields}
    after = {key: "" if key in WITHHELD else _bared(one) for key, one in before.items()}
    changed = {key: one for key, one in after.items() if one != before[key]}
    return evolve(value, **changed) if changed else value
