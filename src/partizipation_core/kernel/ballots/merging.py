"""Merging after a vote: points of merged items go to the one that goes on, if so agreed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from partizipation_core.kernel.state import Item, Procedure
from partizipation_core.values import ItemRef

__all__ = ["folded", "heirs", "merged_away", "waiting_to_be_counted"]

_ADDED = "add_points"


def heirs(paper: Iterable[ItemRef], items: Mapping[ItemRef, Item]) -> dict[ItemRef, ItemRef]:
    """Say who inherits the points of items on a paper that were merged since.

    Args:
        paper: what stands on it.
        items: all items.

    Returns:
        merged item → the one that goes on; only where both stand on the paper and points are added
        up all the way.
    """
    listed = tuple(paper)
    found = {ref: _heir(ref, items) for ref in listed if items[ref].state == "merged"}
    return {ref: heir for ref, heir in found.items() if heir != ref and heir in listed}


def _heir(ref: ItemRef, items: Mapping[ItemRef, Item]) -> ItemRef:
    while into := items[ref].lineage.merged_into:
        if items[into].lineage.sources.get(ref) != _ADDED:
            break
        ref = into
    return ref


def merged_away(paper: Iterable[ItemRef], items: Mapping[ItemRef, Item]) -> Iterator[ItemRef]:
    """Go through the items on a paper that are no longer counted as such."""
    return (ref for ref in paper if items[ref].state == "merged")


def folded(
    choices: Mapping[str, int], into: Mapping[ItemRef, ItemRef], *, pointed: bool
) -> Mapping[str, int]:
    """Give what a ballot says of merged items to those that go on.

    Args:
        choices: item → mark or points.
        into: merged item → the one that goes on.
        pointed: whether ballots give points, which add up; a mark for both stays one mark.
    """
    if not into:
        return choices
    found: dict[str, int] = {}
    for ref, mark in choices.items():
        heir = into.get(ItemRef(ref), ref)
        found[heir] = found.get(heir, 0) + mark if pointed else max(found.get(heir, mark), mark)
    return found


def waiting_to_be_counted(ref: ItemRef, procedure: Procedure) -> bool:
    """Tell whether every vote that an item stands in is over and not counted yet.

    Nobody knows a number then, and nobody can vote any more: the one moment in which items of a
    vote can be merged without harm, where a format's path of items has that step.
    """
    votes = [vote for vote, paper in procedure.papers.items() if ref in paper]
    return all(vote in procedure.closed_votes and not procedure.is_counted(vote) for vote in votes)
