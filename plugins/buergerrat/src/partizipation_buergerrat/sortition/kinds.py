"""Persons whom no quota can tell apart are one kind, and an optimum treats them alike.

Two persons are of one kind if they have the same features and their households look the same. That
shrinks most pools, and every count stays a whole number.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from partizipation_buergerrat.sortition.people import Person
    from partizipation_buergerrat.sortition.problem import Problem

__all__ = ["Kind", "Kinds", "Row"]

Signature = tuple[tuple[str, ...], ...]
_ALONE: Signature = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Persons who are interchangeable.

    Args:
        features: what they have in common.
        signature: the features of all members of their households, empty for who lives alone.
        members: their identifiers, in order.
        most: how many of them can have a seat at once.
    """

    features: tuple[str, ...]
    signature: Signature
    members: tuple[str, ...]
    most: int

    @property
    def size(self) -> int:
        """Number of persons."""
        return len(self.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A sum of seats with limits.

    Args:
        label: category and feature, ``("", "")`` for all seats, or ``("", n)`` for households.
        kinds: numbers of the kinds summed up, each once.
        least: fewest seats.
        most: most seats.
    """

    label: tuple[str, str]
    kinds: tuple[int, ...]
    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """The pool in kinds, with everything that limits their seats.

    Args:
        seats: how many are to be filled.
        items: the kinds, in an order that depends on their features alone.
        rows: the limits; the first one is the number of seats.
        homes: signature → the households that look so, each as its members.
    """

    seats: int
    items: tuple[Kind, ...]
    rows: tuple[Row, ...]
    homes: Mapping[Signature, tuple[tuple[Person, ...], ...]]

    def __len__(self) -> int:
        return len(self.items)

    @classmethod
    def of(cls, problem: Problem) -> Kinds:
        """Sort a pool into kinds.

        Args:
            problem: the draw, with nobody seated; see `Problem.remaining`.
        """
        if problem.seated:
            raise InputError("seated persons must be taken off first, see Problem.remaining")
        homes = _homes(problem)
        looks = {
            person.id: look for look, group in homes.items() for home in group for person in home
        }
        grouped: dict[tuple[tuple[str, ...], Signature], list[str]] = defaultdict(list)
        for person in problem.pool:
            grouped[person.features, looks.get(person.id, _ALONE)].append(person.id)
        items = tuple(
            Kind(
                features=features,
                signature=look,
                members=tuple(members),
                most=min(len(members), len(homes[look])) if look else len(members),
            )
            for (features, look), members in sorted(grouped.items())
        )
        return cls(
            seats=problem.seats, items=items, rows=_rows(problem, items, homes), homes=homes
        )


def _homes(problem: Problem) -> dict[Signature, tuple[tuple[Person, ...], ...]]:
    if not problem.one_per_household:
        return {}
    groups: dict[Signature, list[tuple[Person, ...]]] = defaultdict(list)
    for members in problem.pool.households().values():
        groups[tuple(sorted(person.features for person in members))].append(members)
    return {
        look: tuple(sorted(homes, key=lambda home: home[0].id))
        for look, homes in sorted(groups.items())
    }


def _rows(
    problem: Problem, items: tuple[Kind, ...], homes: Mapping[Signature, Sequence[object]]
) -> tuple[Row, ...]:
    rows = [
        Row(
            label=("", ""), kinds=tuple(range(len(items))), least=problem.seats, most=problem.seats
        )
    ]
    having: dict[tuple[int, str], list[int]] = defaultdict(list)
    living: dict[Signature, list[int]] = defaultdict(list)
    for number, kind in enumerate(items):
        living[kind.signature].append(number)
        for place, feature in enumerate(kind.features):
            having[place, feature].append(number)
    for place, category in enumerate(problem.categories):
        for quota in category.quotas:
            kinds = tuple(having[place, quota.feature])
            rows.append(
                Row(
                    label=(quota.category, quota.feature),
                    kinds=kinds,
                    least=quota.least,
                    most=min(quota.most, problem.seats),
                )
            )
    for number, (look, group) in enumerate(homes.items()):
        kinds = tuple(living[look])
        rows.append(Row(label=("", str(number)), kinds=kinds, least=0, most=len(group)))
    return tuple(rows)
