"""Age on a day: birthdays as German law counts them, and birth dates that are known roughly.

A year of life is complete at the end of the day before the birthday (§ 187 II 2, § 188 II BGB).
Whoever was born on 29 February is a year older on 1 March of a year that has no such day.
"""

from __future__ import annotations

from datetime import date, timedelta

from attrs import field, frozen

__all__ = ["Born", "age_on", "birthday"]

_MONTHS = 12


def age_on(birth: date, day: date) -> int:
    """Return the completed years of life on a day; negative before the birth.

    Args:
        birth: date of birth.
        day: the day, which counts from its first instant.
    """
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def birthday(birth: date, age: int) -> date:
    """Return the first day on which somebody is of an age."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:  # 29 February in a year without one
        return date(birth.year + age, 3, 1)


@frozen
class Born:
    """When somebody was born, as exactly as it is known.

    Args:
        earliest: the first day it may have been.
        latest: the last one.
    """

    earliest: date
    latest: date = field()

    @latest.validator
    def _in_order(self, _: object, value: date) -> None:
        if value < self.earliest:
            msg = f"{value} lies before {self.earliest}"
            raise ValueError(msg)

    @classmethod
    def read(cls, text: str) -> Born:
        """Read a day (``2011-05-17``), a year (``2011``) or a span of days (with ``/``).

        Raises:
            ValueError: it is none of these.
        """
        first, _, last = text.partition("/")
        if not last and len(first) == len("2011"):
            year = int(first)
            return cls(date(year, 1, 1), date(year, _MONTHS, 31))
        return cls(date.fromisoformat(first), date.fromisoformat(last or first))

    @classmethod
    def of_age(cls, age: int, day: date) -> Born:
        """Tell when somebody was born who is of an age on a day."""
        return cls(_back(day, age + 1) + timedelta(days=1), _back(day, age))

    def __str__(self) -> str:
        whole_year = (date(self.earliest.year, 1, 1), date(self.earliest.year, _MONTHS, 31))
        if (self.earliest, self.latest) == whole_year:
            return f"{self.earliest.year:04d}"
        if self.earliest == self.latest:
            return self.earliest.isoformat()
        return f"{self.earliest}/{self.latest}"

    def ages(self, day: date) -> tuple[int, int]:
        """Return the least and the greatest age that the person may have on a day."""
        return age_on(self.latest, day), age_on(self.earliest, day)

    def coarse(self, ages: frozenset[int], first: date, last: date) -> Born:
        """Keep no more than the year where the day of birth can make no difference.

        Args:
            ages: ages at which an answer changes.
            first: the first day on which somebody may ask.
            last: the last one.
        """
        if self.earliest.year != self.latest.year:
            return self
        reached = (self.earliest.year + age for age in ages)
        matters = any(first.year <= year <= last.year for year in reached)
        return self if matters else Born.read(f"{self.earliest.year:04d}")


def _back(day: date, years: int) -> date:
    """Return the latest date of birth of somebody who is so old on a day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February, and born in a year without one
        return date(day.year - years, 2, 28)
