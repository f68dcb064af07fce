"""What is wrong with a ballot: every fault at once, whichever way it came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from partizipation_core.formats.ballots import BallotLimits, BallotPaper, Quota
from partizipation_core.values import ItemRef, Money, Objection

__all__ = ["ballot_problems"]

_MARKS: Mapping[str, tuple[int, ...]] = {
    "support": (1,),
    "approval": (1,),
    "knapsack": (1,),
    "yes_no": (1, -1, 0),
    "pro_contra": (1, -1),
}
"""What may stand beside an item, where it is one of a few marks."""

Choices = Mapping[ItemRef, int]


def ballot_problems(
    choices: Choices, paper: BallotPaper, limits: BallotLimits, home: str = ""
) -> tuple[Objection, ...]:
    """List everything that is wrong with what stands on a ballot.

    Whoever takes in ballots asks this: an account, a code, a paper that is typed in, a file. Where
    the paper holds fewer items than a ballot has to name, of an area or at all, those are enough.

    Args:
        choices: item → mark, points or place, as the ballot type has it.
        paper: what the vote is about, as it was printed.
        limits: the limits of the vote.
        home: the area in which the voter lives; empty where nobody knows.
    """
    if limits.blank_ballots and not choices:
        return ()
    return (
        *_strangers(choices, paper),
        *_marks(choices, limits),
        *_number(choices, paper, limits),
        *_total(choices, paper, limits),
        *_places(choices, paper, limits),
        *_home(choices, paper, limits, home),
    )


def _strangers(choices: Choices, paper: BallotPaper) -> Iterator[Objection]:
    if strangers := sorted(ref for ref in choices if ref not in paper):
        yield Objection("not_on_ballot", {"items": ", ".join(strangers)})


# --- marks


def _marks(choices: Choices, limits: BallotLimits) -> Iterator[Objection]:
    if limits.ballot_type == "cumulative":
        yield from _points(choices, limits)
    elif limits.ballot_type == "ranking":
        yield from _ranks(choices)
    else:
        possible = _MARKS[limits.ballot_type]
        for ref in sorted(ref for ref, mark in choices.items() if mark not in possible):
            yield Objection("choice_not_plain", {"item": ref})


def _points(choices: Choices, limits: BallotLimits) -> Iterator[Objection]:
    most, per_item, given = limits.max_points, limits.max_points_per_item, sum(choices.values())
    for ref, points in sorted(choices.items()):
        if points < 0:
            yield Objection("points_negative", {"item": ref})
        elif points == 0:
            yield Objection("points_none", {"item": ref})
        if per_item is not None and points > per_item:
            params = {"item": ref, "max": per_item, "given": points}
            yield Objection("points_per_item_over", params)
    if most is not None and given > most:
        yield Objection("points_over", {"max": most, "given": given})


def _ranks(choices: Choices) -> Iterator[Objection]:
    taken: dict[int, list[ItemRef]] = {}
    for ref, place in sorted(choices.items()):
        taken.setdefault(place, []).append(ref)
    for place, items in sorted(taken.items()):
        if place < 1:
            yield Objection("place_impossible", {"place": place, "items": ", ".join(items)})
        elif len(items) > 1:
            yield Objection("place_shared", {"place": place, "items": ", ".join(items)})
    last = min(max(taken, default=0), len(choices))
    if skipped := [place for place in range(1, last + 1) if place not in taken]:
        yield Objection("places_skipped", {"places": ", ".join(map(str, skipped))})


# --- number and price


def _number(choices: Choices, paper: BallotPaper, limits: BallotLimits) -> Iterator[Objection]:
    # A limit that nobody could meet would leave everybody without a vote.
    # Fewer on the paper ask for fewer on a ballot, but never for none.
    fewest = min(limits.min_choices, max(1, len(paper)))
    most, given = limits.max_choices, len(choices)
    if given < fewest:
        yield Objection("too_few_choices", {"min": fewest, "given": given})
    if most is not None and given > most:
        yield Objection("too_many_choices", {"max": most, "given": given})


def _total(choices: Choices, paper: BallotPaper, limits: BallotLimits) -> Iterator[Objection]:
    fewest, most = limits.min_total, limits.max_total
    if most is None and limits.ballot_type == "knapsack":
        most = paper.budget
    if fewest is None and most is None:
        return
    wanted = {ref: paper[ref] for ref in sorted(choices) if choices[ref] > 0 and ref in paper}
    for ref, price in wanted.items():
        if price is None:
            yield Objection("price_missing", {"item": ref})
    prices = [price for price in wanted.values() if price is not None]
    given = Money.total(prices)
    if fewest is not None and given < fewest:
        yield Objection("under_the_total", {"min": fewest.cents, "given": given.cents})
    if most is not None and given > most:
        yield from _overshot(given, max(prices), most, limits)


def _overshot(
    given: Money, dearest: Money, most: Money, limits: BallotLimits
) -> Iterator[Objection]:
    """Let one item go beyond the limit if all others stay within it, in whatever order chosen."""
    params = {"max": most.cents, "given": given.cents, "over": (given - most).cents}
    if limits.overshoot == "none":
        yield Objection("over_the_total", params)
    elif given - dearest > most:
        yield Objection("overshot_twice", params)


# --- areas and categories


def _places(choices: Choices, paper: BallotPaper, limits: BallotLimits) -> Iterator[Objection]:
    areas = _quotas(paper.areas, choices, paper, limits.area_quotas, limits.max_per_area)
    for area, given, quota in areas:
        params = {"area": area, "given": given}
        if given < quota.min:
            yield Objection("too_few_in_area", {**params, "min": quota.min})
        if quota.max is not None and given > quota.max:
            yield Objection("too_many_in_area", {**params, "max": quota.max})
    kinds = paper.categories, choices, paper, limits.category_quotas, limits.max_per_category
    for kind, given, quota in _quotas(*kinds):
        params = {"category": kind, "given": given}
        if given < quota.min:
            yield Objection("too_few_in_category", {**params, "min": quota.min})
        if quota.max is not None and given > quota.max:
            yield Objection("too_many_in_category", {**params, "max": quota.max})


def _quotas(
    belonging: Mapping[ItemRef, str],
    choices: Choices,
    paper: BallotPaper,
    own: Mapping[str, Quota],
    most: int | None,
) -> Iterator[tuple[str, int, Quota]]:
    """Yield each place with how many of its items are named and how many may be.

    A place without a quota of its own has the one for all. Where there is none, nothing is
    counted: most ballots are taken in there, and each would be for nothing.
    """
    if not own and most is None:
        return
    printed = Counter(belonging.get(ref, "") for ref in paper)
    named = Counter(belonging.get(ref, "") for ref in choices if ref in paper)
    for place in sorted({*named, *own}):
        quota = own.get(place, Quota(max=most))
        yield place, named[place], Quota(min=min(quota.min, printed[place]), max=quota.max)


def _home(
    choices: Choices, paper: BallotPaper, limits: BallotLimits, home: str
) -> Iterator[Objection]:
    fewest, most = limits.min_own_area, limits.max_other_areas
    if not fewest and most is None:
        return
    if not home:
        yield Objection("home_unknown")
        return
    areas = Counter(paper.areas[ref] for ref in choices if ref in paper.areas)
    fewest = min(fewest, list(paper.areas.values()).count(home))
    if areas[home] < fewest:
        params = {"area": home, "min": fewest, "given": areas[home]}
        yield Objection("too_few_in_own_area", params)
    others = sorted(set(areas) - {home})
    if most is not None and len(others) > most:
        params = {"area": home, "max": most, "given": len(others), "areas": ", ".join(others)}
        yield Objection("too_many_other_areas", params)
