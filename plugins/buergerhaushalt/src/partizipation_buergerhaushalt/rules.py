"""Rules of German towns that the core does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from partizipation_core.counting import (
    Candidate,
    Election,
    Fate,
    Greedy,
    RankedList,
    Reason,
    Result,
    Selection,
    Shortlist,
    Threshold,
    Ties,
)
from partizipation_core.counting.ties import Criterion
from partizipation_core.formats.rules import ItemView, Progress, Rule, View, rule
from partizipation_core.plugins.standard import within_cap
from partizipation_core.values import Objection

__all__ = [
    "RULES",
    "best_of_each_area",
    "binding_only",
    "event_has_chosen",
    "lists_in_order",
    "one_list_each",
    "ready_for_ballot",
]


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


@rule("condition", name="buergerhaushalt/lists_in_order")
def lists_in_order(progress: Progress, view: View) -> Iterator[Objection]:
    """Wait until no list of the second vote is longer than it has places."""
    for category, places in view.settings.list_places.items():
        listed = [item for item in progress.items if item.category == category]
        given = sum(item.state == "shortlisted" for item in listed)
        if given > places:
            params = {"category": category, "given": given, "places": places}
            yield Objection("list_too_long", params)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpTo:
    """Only what costs so much at most is awarded by votes; as a condition of counting.

    Args:
        cost: the most, in minor units.
        binding: False turns it round: only what costs more is advised.
    """

    cost: int
    binding: bool = True

    def objection(self, candidate: Candidate, funded: Sequence[Candidate]) -> Reason | None:  # noqa: ARG002 - the protocol's signature
        """Return ``advice_only`` or ``binding`` where the other list is meant."""
        if (candidate.project.cost <= self.cost) == self.binding:
            return None
        code = "fate.advice_only" if self.binding else "fate.binding"
        return Reason(code, {"most": self.cost})

    def to_data(self) -> dict[str, object]:
        """Return the condition as plain data."""
        return {"up_to": {"cost": self.cost, "binding": self.binding}}


@rule("count", name="buergerhaushalt/one_list_each")
def one_list_each(election: Election, ties: Sequence[Criterion], view: View) -> Result:
    """Award what is small and bind by it; put what is large in order for those who decide."""
    settings, order = view.settings, Ties(*ties)
    most = settings.binding_up_to.cents
    signed = settings.rank_by in {"points", "pro_minus_contra"}
    floor = [Threshold(settings.threshold)] if settings.threshold or signed else []
    award = Greedy(misfit=settings.misfit, score=settings.rank_by, ties=order)
    small = award(election, [UpTo(cost=most), *floor])
    put_in_order = RankedList(
        size=settings.advice_size, minimum=settings.threshold, score=settings.rank_by, ties=order
    )
    large = put_in_order(election, [UpTo(cost=most, binding=False)])
    return replace(
        small,
        rule="one_list_each",
        fates=_numbered(
            [
                *(fate for fate in small.steps if fate.cost <= most),
                *(fate for fate in large.steps if fate.cost > most),
            ],
            most,
        ),
        ties=(*small.ties, *(tie for tie in large.ties if tie not in small.ties)),
    )


def _numbered(fates: Sequence[Fate], most: int) -> dict[str, Fate]:
    """Give each project its rank within its own list; equals share one."""
    found: dict[str, Fate] = {}
    for turn, fate in enumerate(fates, start=1):
        own = [one for one in fates if (one.cost <= most) == (fate.cost <= most)]
        better = sum(one.score > fate.score for one in own)
        found[fate.id] = replace(fate, turn=turn, rank=better + 1)
    return found


@rule("guard", name="buergerhaushalt/binding_only")
def binding_only(item: ItemView, view: View) -> Iterator[Objection]:
    """Refuse to award money to what the vote only advises on."""
    most = view.settings.binding_up_to
    if item.cost is not None and item.cost > most:
        yield Objection("advice_only", {"item": item.ref, "most": most.cents})


RULES: tuple[Rule, ...] = (
    best_of_each_area,
    event_has_chosen,
    ready_for_ballot,
    lists_in_order,
    one_list_each,
    binding_only,
)
