"""Telling: who is to be told of what was committed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from partizipation_core.kernel.discussion.notices import Notice, concerned, notices
from partizipation_core.kernel.state import Item
from partizipation_core.store import Unit
from partizipation_core.store.journal import Recorded
from partizipation_core.values import ItemRef

__all__ = ["items_of", "told"]


def told(unit: Unit, recorded: Sequence[Recorded]) -> tuple[Notice, ...]:
    """Say who is to be told of some journal lines; reads nothing but what they speak of."""
    refs, written = concerned(one.event for one in recorded)
    return notices(recorded, items_of(unit, refs), unit.comments.some(written))


def items_of(unit: Unit, refs: Iterable[ItemRef]) -> dict[ItemRef, Item]:
    """Read those that exist of some items."""
    found = (unit.item(ref) for ref in set(refs))
    return {item.ref: item for item in found if item is not None}
