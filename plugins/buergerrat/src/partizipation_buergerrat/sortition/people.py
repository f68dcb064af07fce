"""Who may be drawn: persons with their features, as files or registers give them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from partizipation_buergerrat.texts import wrong
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Self

__all__ = ["Person", "Pool"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person in the pool.

    Args:
        id: the only thing by which this person is told from others.
        features: one for each category, in the order of the categories.
        household: what persons at one address share; empty if the address is unknown.
    """

    id: str
    features: tuple[str, ...]
    household: str = ""


@dataclass(frozen=True, slots=True)
class Pool:
    """All who may be drawn (Lostopf), ordered by identifier so that no file order matters.

    Args:
        people: the persons, in any order.
    """

    people: tuple[Person, ...] = field()

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.people, key=lambda person: person.id))
        object.__setattr__(self, "people", ordered)
        for one, other in pairwise(ordered):
            if one.id == other.id:
                raise InputError(f"the identifier {one.id!r} occurs twice in the pool")

    @classmethod
    def of(cls, people: Iterable[Person]) -> Self:
        """Make a pool of persons in any order.

        Args:
            people: the persons.
        """
        return cls(tuple(people))

    def __len__(self) -> int:
        return len(self.people)

    def __iter__(self) -> Iterator[Person]:
        return iter(self.people)

    def without(self, ids: Iterable[str]) -> Self:
        """Leave out persons, such as those who opted out (Widerspruch).

        Args:
            ids: their identifiers; unknown ones are ignored.
        """
        gone = frozenset(ids)
        return type(self)(tuple(person for person in self.people if person.id not in gone))

    def find(self, ids: Iterable[str]) -> tuple[Person, ...]:
        """Return persons by identifier, in the order asked for.

        Args:
            ids: their identifiers.

        Raises:
            InputError: nobody in the pool has such an identifier.
        """
        known = {person.id: person for person in self.people}
        asked = tuple(ids)
        missing = [one for one in asked if one not in known]
        if missing:
            raise wrong(InputError, "draw.person_unknown", people=", ".join(missing))
        return tuple(known[one] for one in asked)

    def households(self) -> Mapping[str, tuple[Person, ...]]:
        """Group those who share an address with somebody; an unknown address is no household."""
        groups: dict[str, list[Person]] = defaultdict(list)
        for person in self.people:
            if person.household:
                groups[person.household].append(person)
        return {name: tuple(members) for name, members in groups.items() if len(members) > 1}
