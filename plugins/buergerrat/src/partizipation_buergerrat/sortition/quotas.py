"""What a panel must look like: categories, their features, and how many seats each may take."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from partizipation_buergerrat.texts import wrong
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Self

    from partizipation_buergerrat.sortition.people import Person

__all__ = ["Categories", "Category", "Quota"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How many seats go to persons with one feature.

    Args:
        category: such as ``Alter``.
        feature: such as ``16-29``.
        least: fewest seats.
        most: most seats.
        least_flex: how low `least` may be set if nothing else helps; by default down to 0.
        most_flex: how high `most` may be set if nothing else helps; None for any height.
    """

    category: str
    feature: str
    least: int
    most: int
    least_flex: int = 0
    most_flex: int | None = None

    def __post_init__(self) -> None:
        if self.least < 0 or self.least > self.most:
            raise InputError(f"{self}: the least must be at least 0 and at most {self.most}")
        if self.least_flex > self.least or (
            self.most_flex is not None and self.most_flex < self.most
        ):
            raise InputError(f"{self}: the flexible limits must not be narrower than the limits")

    def __str__(self) -> str:
        return f"{self.category}={self.feature} ({self.least}-{self.most})"

    def less(self, seats: int) -> Quota:
        """Return what is left of this quota once some of its seats are taken.

        Args:
            seats: how many are taken by persons with this feature.

        Raises:
            InputError: more are taken than there are.
        """
        if seats > self.most:
            params = {"category": self.category, "feature": self.feature, "most": self.most}
            raise wrong(InputError, "draw.quota_taken", seats=seats, **params)
        flex = None if self.most_flex is None else self.most_flex - seats
        return replace(
            self,
            least=max(self.least - seats, 0),
            most=self.most - seats,
            least_flex=max(self.least_flex - seats, 0),
            most_flex=flex,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One way to divide people, such as by age; everybody has exactly one of its features.

    Args:
        name: such as ``Alter``.
        quotas: one for each feature, in the order of the file.
    """

    name: str
    quotas: tuple[Quota, ...]

    def __post_init__(self) -> None:
        features = [quota.feature for quota in self.quotas]
        twice = [name for name, count in Counter(features).items() if count > 1]
        if twice:
            raise InputError(f"{self.name}: the feature {twice[0]!r} is listed twice")
        if not features:
            raise InputError(f"{self.name}: a category needs a feature")


@dataclass(frozen=True, slots=True)
class Categories:
    """All categories together.

    Args:
        items: the categories, in the order of the file.
    """

    items: tuple[Category, ...]

    @classmethod
    def of(cls, quotas: Iterable[Quota]) -> Self:
        """Group quotas by their category, in order of appearance.

        Args:
            quotas: all quotas.
        """
        grouped: dict[str, list[Quota]] = {}
        for quota in quotas:
            grouped.setdefault(quota.category, []).append(quota)
        return cls(
            tuple(Category(name=name, quotas=tuple(each)) for name, each in grouped.items())
        )

    def __iter__(self) -> Iterator[Category]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def quotas(self) -> tuple[Quota, ...]:
        """All quotas, category by category."""
        return tuple(quota for category in self.items for quota in category.quotas)

    def count(self, people: Iterable[Person]) -> Counter[tuple[str, str]]:
        """Count how many persons have each feature.

        Args:
            people: the persons, whose features are in the order of the categories.
        """
        names = [category.name for category in self.items]
        return Counter(
            pair for person in people for pair in zip(names, person.features, strict=True)
        )

    def change(self, changed: Sequence[Quota]) -> Self:
        """Return the categories with some quotas replaced.

        Args:
            changed: quotas that take the place of those for the same feature.

        Raises:
            InputError: there is no such feature.
        """
        new = {(quota.category, quota.feature): quota for quota in changed}
        known = {(quota.category, quota.feature) for quota in self.quotas}
        unknown = sorted(new.keys() - known)
        if unknown:
            raise wrong(InputError, "draw.quota_unknown", quota=" = ".join(unknown[0]))
        return self.of(new.get((quota.category, quota.feature), quota) for quota in self.quotas)

    def less(self, seated: Iterable[Person]) -> Self:
        """Return what is left of the quotas once some persons have a seat.

        Args:
            seated: those persons.

        Raises:
            InputError: a quota is exceeded already.
        """
        taken = self.count(seated)
        return self.of(quota.less(taken[quota.category, quota.feature]) for quota in self.quotas)
