"""Invented pools for tests, benchmarks and demonstrations: nobody in them exists.

Features hang together as in a population (a Gaussian copula: one normal number for each category,
correlated, cut at the shares), those willing to come differ from it (self-selection, multiplied
over categories), and quotas are the shares of the population, five per cent to either side.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from partizipation_buergerrat.sortition.people import Person, Pool
from partizipation_buergerrat.sortition.problem import Problem
from partizipation_buergerrat.sortition.quotas import Categories, Quota
from partizipation_buergerrat.texts import wrong
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Recipe", "invent"]

_NORMAL = NormalDist()
_Drawn = tuple[tuple[int, ...], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to invent a pool.

    Args:
        people: size of the pool.
        seats: size of the panel.
        features: number of features of each category.
        households: per cent of the pool that lives with another one.
        slack: width of the quotas to either side of the exact share, in per cent of it.
        likeness: correlation between any two categories, in per cent.
        bias: how far willingness differs between features; 0 for not at all.
        seed: anything; the same seed gives the same pool everywhere.
    """

    people: int
    seats: int
    features: tuple[int, ...] = (2, 4, 5, 3)
    households: int = 20
    slack: int = 5
    likeness: int = 20
    bias: float = 0.6
    seed: int = 1


def invent(recipe: Recipe) -> Problem:
    """Invent a pool with quotas that some panel meets.

    Args:
        recipe: how.

    Raises:
        InputError: so many seats cannot be filled with one person of each household.
    """
    rng = random.Random(recipe.seed)  # noqa: S311 - invents people, draws no lot
    shares = [_shares(rng, count) for count in recipe.features]
    pull = [[math.exp(rng.gauss(0, recipe.bias)) for _ in each] for each in shares]
    drawn = _willing(rng, recipe, shares, pull)
    homes = _homes(rng, recipe)
    living = [homes.get(number, "") for number in range(recipe.people)]
    people = (
        Person(
            id=f"p{number:05d}",
            features=tuple(_name(place, value) for place, value in enumerate(values)),
            household=living[number],
        )
        for number, values in enumerate(drawn)
    )
    return Problem(
        seats=recipe.seats,
        categories=_categories(rng, recipe, shares, list(zip(drawn, living, strict=True))),
        pool=Pool.of(people),
    )


def _name(place: int, value: int) -> str:
    return f"{'ABCDEFGHIJKLMNOP'[place]}{value + 1}"


def _shares(rng: random.Random, count: int) -> list[float]:
    raw = [0.5 + rng.random() for _ in range(count)]
    return [each / sum(raw) for each in raw]


def _willing(
    rng: random.Random,
    recipe: Recipe,
    shares: Sequence[Sequence[float]],
    pull: Sequence[Sequence[float]],
) -> list[tuple[int, ...]]:
    """Accept persons of the population with a chance that multiplies over their features."""
    likeness = recipe.likeness / 100
    strongest = math.prod(max(each) for each in pull)
    found: list[tuple[int, ...]] = []
    while len(found) < recipe.people:
        common = rng.gauss(0, 1)
        values = tuple(
            _cut(math.sqrt(likeness) * common + math.sqrt(1 - likeness) * rng.gauss(0, 1), each)
            for each in shares
        )
        chance = math.prod(each[value] for each, value in zip(pull, values, strict=True))
        if rng.random() < max(chance / strongest, 0.002):
            found.append(values)
    return found


def _cut(normal: float, shares: Sequence[float]) -> int:
    place = _NORMAL.cdf(normal)
    for value, share in enumerate(shares):
        place -= share
        if place < 0:
            return value
    return len(shares) - 1


def _homes(rng: random.Random, recipe: Recipe) -> dict[int, str]:
    shared = rng.sample(range(recipe.people), recipe.people * recipe.households // 100)
    homes: dict[int, str] = {}
    start, number = 0, 0
    while start + 1 < len(shared):
        size = rng.choice((2, 2, 2, 3, 4))
        homes |= dict.fromkeys(shared[start : start + size], f"h{number:05d}")
        start, number = start + size, number + 1
    return homes


def _categories(
    rng: random.Random,
    recipe: Recipe,
    shares: Sequence[Sequence[float]],
    drawn: Sequence[_Drawn],
) -> Categories:
    """Set quotas around the shares, but never so that no panel is left: one is drawn to prove it.

    The witness takes persons by chance with the weight that leads to the shares of the population.
    """
    chosen = _witness(rng, recipe, shares, drawn)
    quotas = []
    for place, each in enumerate(shares):
        for value, share in enumerate(each):
            seats, width = recipe.seats * share, recipe.seats * share * recipe.slack / 100
            there = sum(values[place] == value for values in chosen)
            least = min(math.floor(seats - width), there)
            most = max(math.ceil(seats + width), there)
            quotas.append(
                Quota(
                    category=f"K{place + 1}", feature=_name(place, value), least=least, most=most
                )
            )
    return Categories.of(quotas)


def _witness(
    rng: random.Random,
    recipe: Recipe,
    shares: Sequence[Sequence[float]],
    drawn: Sequence[_Drawn],
) -> list[tuple[int, ...]]:
    left = list(drawn)
    chosen: list[tuple[int, ...]] = []
    missing = [[share * recipe.seats for share in each] for each in shares]
    rng.shuffle(left)
    for _ in range(recipe.seats):
        if not left:
            raise wrong(InputError, "draw.more_seats_than_households")
        values, home = max(left, key=lambda one: _use(missing, one[0]))
        chosen.append(values)
        left.remove((values, home))
        if home:
            left = [one for one in left if one[1] != home]
        for place, value in enumerate(values):
            missing[place][value] -= 1
    return chosen


def _use(missing: Sequence[Sequence[float]], values: tuple[int, ...]) -> float:
    return sum(missing[place][value] for place, value in enumerate(values))
