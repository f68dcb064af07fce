"""Invented elections from a seed, the same on every machine: for tests, teaching and research.

Chance comes from SHA-256 of the seed and a running number, since the generators of Python's
``random`` promise the same numbers only within one version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, TypeVar

from partizipation_core.counting.election import Election, Project
from partizipation_core.errors import InputError

__all__ = ["Chance", "Culture", "synthetic"]

_T = TypeVar("_T")
Culture = Literal["impartial", "euclidean", "districts"]


class Chance:
    """Numbers that look random and follow from a seed.

    Args:
        seed: any text.
    """

    def __init__(self, seed: str) -> None:
        self._seed, self._turn = seed, 0

    def below(self, limit: int) -> int:
        """Return a whole number from 0 up to, but without, the limit; all equally likely.

        Args:
            limit: at least 1 and at most 2**64.
        """
        top = (1 << 64) - (1 << 64) % limit
        while (number := self._next()) >= top:
            pass
        return number % limit

    def between(self, low: int, high: int) -> int:
        """Return a whole number between two, both included.

        Args:
            low: the least.
            high: the most.
        """
        return low + self.below(high - low + 1)

    def sample(self, population: Sequence[_T], size: int) -> list[_T]:
        """Return different members in a drawn order.

        Args:
            population: what is drawn from.
            size: how many.
        """
        left = list(population)
        for place in range(size):
            other = self.between(place, len(left) - 1)
            left[place], left[other] = left[other], left[place]
        return left[:size]

    def _next(self) -> int:
        self._turn += 1
        digest = sha256(f"{self._seed}\0{self._turn}".encode()).digest()
        return int.from_bytes(digest[:8], "big")


@dataclass(frozen=True, slots=True)
class _Scene:
    """What all cultures share."""

    chance: Chance
    voters: int
    projects: Sequence[Project]
    approvals: int


def synthetic(  # noqa: PLR0913 - the parameters of an experiment, all by name
    seed: str,
    *,
    voters: int = 300,
    projects: int = 20,
    budget: int = 100_000,
    culture: Culture = "impartial",
    approvals: int = 5,
) -> Election:
    """Return an invented approval election; the same arguments give the same election.

    Args:
        seed: any text.
        voters: how many voters.
        projects: how many projects; they cost between 2 and 40 percent of the budget.
        budget: money to award, in minor units.
        culture: ``impartial`` draws every ballot from all projects; ``euclidean`` places voters
            and projects on a map and lets voters approve what is near; ``districts`` divides both
            into five districts of different size, and three of four votes stay at home.
        approvals: votes on the average ballot.

    Raises:
        InputError: a number is below 1 or the culture is not known.
    """
    if min(voters, projects, budget, approvals) < 1:
        raise InputError("an invented election needs at least one of everything")
    chance = Chance(f"{seed}\0{culture}")
    listed = [
        Project(
            id=str(number),
            cost=max(budget * chance.between(20, 400) // 1000, 1),
            name=f"Projekt {number}",
            meta={"district": f"Bezirk {_district(chance)}"},
        )
        for number in range(1, projects + 1)
    ]
    scene = _Scene(chance, voters, listed, min(approvals, projects))
    cultures = {"impartial": _impartial, "euclidean": _euclidean, "districts": _districts}
    if culture not in cultures:
        raise InputError(f"culture {culture!r} is none of {', '.join(cultures)}")
    return Election.from_ballots(
        projects=listed,
        budget=budget,
        ballots=list(cultures[culture](scene)),
        meta={"description": f"{culture} {seed}", "currency": "EUR"},
    )


_SIZES = (40, 25, 15, 12, 8)
"""Percent of the people in each district."""


def _district(chance: Chance) -> int:
    drawn, number = chance.below(100), 0
    for number, size in enumerate(_SIZES, start=1):
        if drawn < size:
            return number
        drawn -= size
    return number


def _length(scene: _Scene) -> int:
    most = min(2 * scene.approvals - 1, len(scene.projects))
    return scene.chance.between(1, max(most, 1))


def _impartial(scene: _Scene) -> Iterator[list[str]]:
    ids = [project.id for project in scene.projects]
    for _ in range(scene.voters):
        yield scene.chance.sample(ids, _length(scene))


def _euclidean(scene: _Scene) -> Iterator[list[str]]:
    chance = scene.chance
    sites = [(p.id, chance.below(1000), chance.below(1000)) for p in scene.projects]
    for _ in range(scene.voters):
        x, y = chance.below(1000), chance.below(1000)
        near = sorted(sites, key=lambda site: ((site[1] - x) ** 2 + (site[2] - y) ** 2, site[0]))
        yield [id_ for id_, _, _ in near[: _length(scene)]]


def _districts(scene: _Scene) -> Iterator[list[str]]:
    chance = scene.chance
    everywhere = [project.id for project in scene.projects]
    for _ in range(scene.voters):
        home = f"Bezirk {_district(chance)}"
        own = [p.id for p in scene.projects if p.meta["district"] == home]
        length = _length(scene)
        near = chance.sample(own, min(len(own), -(-length * 3 // 4)))
        rest = [id_ for id_ in everywhere if id_ not in near]
        yield [*near, *chance.sample(rest, min(len(rest), length - len(near)))]
