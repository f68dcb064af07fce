"""What is asked of a draw: seats, quotas, who may be drawn, who is seated already."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from partizipation_buergerrat.sortition.people import Person, Pool
from partizipation_buergerrat.texts import wrong
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Self

    from partizipation_buergerrat.sortition.quotas import Categories

__all__ = ["Problem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A draw that is yet to be made.

    Args:
        seats: size of the panel, those already seated included.
        categories: what the panel must look like, those already seated included.
        pool: who may be drawn.
        seated: who has a seat without being drawn: fixed seats, or those who stay when others are
            replaced. They count for quotas, and nobody else of their household is drawn.
        one_per_household: whether at most one person of a household gets a seat.
    """

    seats: int
    categories: Categories
    pool: Pool
    seated: tuple[Person, ...] = ()
    one_per_household: bool = True

    def __post_init__(self) -> None:
        if self.seats < 1:
            raise InputError("a panel needs at least one seat")
        for person in (*self.pool, *self.seated):
            self._check(person)
        if len(self.seated) > self.seats:
            seated = len(self.seated)
            raise wrong(InputError, "draw.seats_taken", seated=seated, seats=self.seats)

    def _check(self, person: Person) -> None:
        if len(person.features) != len(self.categories):
            raise InputError(f"{person.id}: one feature for each category is needed")
        for category, feature in zip(self.categories, person.features, strict=True):
            if all(quota.feature != feature for quota in category.quotas):
                raise InputError(f"{person.id}: {category.name} has no quota for {feature!r}")

    @property
    def vacant(self) -> int:
        """Seats to be drawn."""
        return self.seats - len(self.seated)

    @property
    def drawable(self) -> Pool:
        """Those who may be drawn now: neither seated nor, if that matters, in such a household."""
        return self.pool.without([*(person.id for person in self.seated), *self.beside_seated])

    @property
    def beside_seated(self) -> tuple[str, ...]:
        """Those who cannot be drawn, since somebody of their household is seated already."""
        ids = {person.id for person in self.seated}
        taken = {person.household for person in self.seated} - {""}
        return tuple(
            person.id
            for person in self.pool
            if self.one_per_household and person.household in taken and person.id not in ids
        )

    def remaining(self) -> Self:
        """Return the problem that is left for the lot: nobody seated, all quotas reduced.

        Raises:
            InputError: those seated exceed a quota, or take all seats.
        """
        if not self.seated:
            return self
        if not self.vacant:
            raise wrong(InputError, "draw.no_vacant_seat")
        return replace(
            self,
            seats=self.vacant,
            categories=self.categories.less(self.seated),
            pool=self.drawable,
            seated=(),
        )

    def faults(self, panel: Sequence[str]) -> list[str]:
        """List what is wrong with a panel, counted in whole persons; nothing means it is valid.

        Args:
            panel: identifiers of all persons drawn, without those seated before.
        """
        people = (*self.pool.find(panel), *self.seated)
        faults = [f"{id_} sits twice" for id_, n in Counter(panel).items() if n > 1]
        if len(people) != self.seats:
            faults.append(f"{len(people)} persons on {self.seats} seats")
        counted = self.categories.count(people)
        faults += [
            f"{quota}: {counted[quota.category, quota.feature]} drawn"
            for quota in self.categories.quotas
            if not quota.least <= counted[quota.category, quota.feature] <= quota.most
        ]
        return faults + (self._shared(people) if self.one_per_household else [])

    @staticmethod
    def _shared(people: Iterable[Person]) -> list[str]:
        homes = Counter(person.household for person in people if person.household)
        return [f"{n} persons share a household" for n in homes.values() if n > 1]
