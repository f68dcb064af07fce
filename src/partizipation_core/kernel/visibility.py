"""Visibility: the one gate for every reader, be it a page, an export or a feed."""

from __future__ import annotations

from partizipation_core.kernel.state import Item
from partizipation_core.values import Actor, Role

__all__ = ["public", "visible_to"]


def public(item: Item) -> bool:
    """Tell whether everybody may see an item: it was published and is not hidden."""
    return item.published and not item.hidden


def visible_to(actor: Actor, item: Item) -> bool:
    """Tell whether somebody may see an item.

    Its authors and those they invited see it always. An office sees everything that was handed
    in, and no drafts.

    Args:
        actor: who looks.
        item: at what.
    """
    if public(item) or actor.ref in (item.author, *item.coauthors, *item.invited):
        return True
    return bool(item.number) and bool(actor.roles - {Role.RESIDENT})
