"""Table plans (Tischpläne): everybody meets as many others as possible over several rounds.

Local search: two persons of a round swap tables if that leaves fewer people meeting twice, or the
tables better mixed. The search counts steps and not seconds, so that a plan can be made again.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from partizipation_core.errors import InputError

__all__ = ["STEPS", "Seating", "plan_tables"]

STEPS = 450_000
"""About three seconds for a hundred people."""

_MIXED = 1_000
_WATCH = 1 << 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """A plan.

    Args:
        rounds: for each round the tables, each with its persons.
        met: how many different pairs meet.
        possible: how many could at best.
        imbalance: by how many persons tables are off an even mix of features, added up.
    """

    rounds: tuple[tuple[tuple[str, ...], ...], ...]
    met: int
    possible: int
    imbalance: int


def plan_tables(  # noqa: PLR0913 - each is a wish
    people: Sequence[str],
    *,
    size: int,
    rounds: int,
    features: Sequence[Sequence[str]] = (),
    seed: int = 1,
    steps: int = STEPS,
    watch: Callable[[int, int], None] = lambda _done, _all: None,
) -> Seating:
    """Plan tables for several rounds; sizes differ by one at most.

    Args:
        people: who takes part.
        size: most persons at a table.
        rounds: how often tables change.
        features: of each person, if tables should be mixed by them.
        seed: another seed, another plan.
        steps: how many swaps are tried.
        watch: told how many steps of how many are done.

    Raises:
        InputError: there is nobody, or no room at a table.
    """
    if not people or size < 1 or rounds < 1:
        raise InputError("a plan needs people, tables and rounds")
    search = _Search(len(people), size, rounds, features, random.Random(seed))  # noqa: S311
    for step in range(steps if search.tables > 1 else 0):
        if step % _WATCH == 0:
            watch(step, steps)
            if search.perfect():
                break
        search.step()
    named = tuple(
        tuple(tuple(people[one] for one in sorted(table)) for table in each)
        for each in search.plan
    )
    return Seating(
        rounds=named, met=search.met(), possible=search.possible, imbalance=search.imbalance()
    )


class _Search:
    def __init__(
        self,
        count: int,
        size: int,
        rounds: int,
        features: Sequence[Sequence[str]],
        rng: random.Random,
    ) -> None:
        self.rng, self.count = rng, count
        self.tables = -(-count // size)
        self.marks = [tuple(enumerate(each)) for each in features] or [()] * count
        totals = Counter(mark for marks in self.marks for mark in marks)
        self.even = {mark: divmod(total, self.tables) for mark, total in totals.items()}
        self.plan = [self._dealt() for _ in range(rounds)]
        self.at = [self._places(tables) for tables in self.plan]
        self.mix = [
            [Counter(mark for one in table for mark in self.marks[one]) for table in tables]
            for tables in self.plan
        ]
        self.meets = [[0] * count for _ in range(count)]
        for one, other in self._pairs():
            self.meets[one][other] += 1
            self.meets[other][one] += 1
        seats = sum(len(t) * (len(t) - 1) // 2 for tables in self.plan for t in tables)
        self.possible = min(seats, count * (count - 1) // 2)

    def _dealt(self) -> list[list[int]]:
        """Deal persons in turn, those alike one after the other, so that tables start mixed."""
        order = list(range(self.count))
        self.rng.shuffle(order)
        order.sort(key=lambda one: self.marks[one])
        return [order[table :: self.tables] for table in range(self.tables)]

    def _places(self, tables: Sequence[Sequence[int]]) -> list[int]:
        places = [0] * self.count
        for number, table in enumerate(tables):
            for one in table:
                places[one] = number
        return places

    def _pairs(self) -> list[tuple[int, int]]:
        return [pair for tables in self.plan for t in tables for pair in combinations(t, 2)]

    def met(self) -> int:
        return sum(n > 0 for row in self.meets for n in row) // 2

    def imbalance(self) -> int:
        return sum(
            self._off(mark, mix[mark]) for each in self.mix for mix in each for mark in self.even
        )

    def perfect(self) -> bool:
        return self.met() == self.possible and not self.imbalance()

    def _off(self, mark: tuple[int, str], there: int) -> int:
        whole, rest = self.even[mark]
        return max(whole - there, there - whole - bool(rest), 0)

    def step(self) -> None:
        """Try one swap; keep it unless it makes things worse."""
        rng = self.rng
        number = int(rng.random() * len(self.plan))
        places, tables = self.at[number], self.plan[number]
        one, other = int(rng.random() * self.count), int(rng.random() * self.count)
        left, right = places[one], places[other]
        if left == right:
            return
        worse = self._meeting(one, other, tables[left], tables[right])
        if self.even:
            worse += _MIXED * self._mixing(number, one, other)
        if worse <= 0:
            self._swap(number, one, other)

    def _meeting(self, one: int, other: int, mine: list[int], yours: list[int]) -> int:
        """Tell how many more repeated encounters a swap would bring."""
        meets_one, meets_other, worse = self.meets[one], self.meets[other], 0
        for person in mine:
            if person != one:
                worse += (meets_other[person] > 0) - (meets_one[person] > 1)
        for person in yours:
            if person != other:
                worse += (meets_one[person] > 0) - (meets_other[person] > 1)
        return worse

    def _mixing(self, number: int, one: int, other: int) -> int:
        left, right = (self.mix[number][self.at[number][each]] for each in (one, other))
        worse = 0
        for mark, other_mark in zip(self.marks[one], self.marks[other], strict=True):
            if mark != other_mark:
                for mix, gone, come in ((left, mark, other_mark), (right, other_mark, mark)):
                    worse += self._off(gone, mix[gone] - 1) - self._off(gone, mix[gone])
                    worse += self._off(come, mix[come] + 1) - self._off(come, mix[come])
        return worse

    def _swap(self, number: int, one: int, other: int) -> None:
        places, tables, mixes = self.at[number], self.plan[number], self.mix[number]
        for leaver, comer in ((one, other), (other, one)):
            table = tables[places[leaver]]
            for person in table:
                if person != leaver:
                    self._meet(leaver, person, -1)
            mixes[places[leaver]].subtract(self.marks[leaver])
            mixes[places[leaver]].update(self.marks[comer])
        tables[places[one]][tables[places[one]].index(one)] = -1
        tables[places[other]][tables[places[other]].index(other)] = one
        tables[places[one]][tables[places[one]].index(-1)] = other
        places[one], places[other] = places[other], places[one]
        for comer in (one, other):
            for person in tables[places[comer]]:
                if person != comer:
                    self._meet(comer, person, 1)

    def _meet(self, one: int, other: int, step: int) -> None:
        self.meets[one][other] += step
        self.meets[other][one] += step
