"""Rules of German towns that the core does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from partizipation_core.counting import Election, Selection, Shortlist, Ties
from partizipation_core.counting.ties import Criterion
from partizipation_core.formats.rules import ItemView, Progress, Rule, View, rule
from partizipation_core.values import Objection

__all__ = ["RULES", "best_of_each_area", "event_has_chosen", "ready_for_ballot", "within_cap"]


@rule("shortlist", name="buergerhaushalt/best_of_each_area")
def best_of_each_area(
    election: Election, areas: Mapping[str, str], ties: Sequence[Criterion], view: View
) -> Selection:
    """Let the best of each area go on and no others; what is for everywhere is one area more."""
    settings = view.settings
    select = Shortlist(
        size=0,
        include_all=settings.shortlist_ties == "include_all",
        score=settings.rank_by,
        ties=Ties(*ties),
        minimum=settings.shortlist_minimum,
        reserved=settings.shortlist_per_area,
        areas=areas,
    )
    return select(election)


@rule("guard", name="buergerhaushalt/within_cap")
def within_cap(item: ItemView, view: View) -> Iterator[Objection]:
    """Ask for a cost within the cap, where there are both."""
    cap = view.settings.cap
    if item.cost is not None and cap is not None and item.cost > cap:
        params = {"item": item.ref, "amount": item.cost.cents, "cap": cap.cents}
        yield Objection("over_the_cap", params)


@rule("condition", name="buergerhaushalt/event_has_chosen")
def event_has_chosen(progress: Progress, view: View) -> Iterator[Objection]:
    """Wait until the event (Gemeinwohlcheck) has left no more than there are places."""
    left = sum(item.state == "shortlisted" for item in progress.items)
    places = view.settings.event_places
    if left > places:
        yield Objection("event_has_not_chosen", {"left": left, "places": places})


@rule("condition", name="buergerhaushalt/ready_for_ballot")
def ready_for_ballot(progress: Progress, view: View) -> Iterator[Objection]:
    """Wait until everything that goes on the ballot has a cost, within the cap."""
    for item in progress.items:
        if item.state == "feasible" and item.cost is None:
            yield Objection("cost_missing", {"item": item.ref})
        elif item.state == "feasible":
            yield from within_cap(item, view)


RULES: tuple[Rule, ...] = (best_of_each_area, within_cap, event_has_chosen, ready_for_ballot)
