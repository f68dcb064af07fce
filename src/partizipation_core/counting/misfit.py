"""What happens when the next project in line costs more than is left (mandatory setting)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from partizipation_core.errors import InputError

__all__ = ["Assembly", "Misfit", "Overrun", "Partial", "Skip", "Stop", "misfit"]

_OVERRUN = re.compile(r"overrun\((\d+)/(\d+)\)")


class Misfit(Protocol):
    """How to treat a project that does not fit; its ``str`` names it in settings and protocols."""

    @property
    def stops(self) -> bool:
        """Whether awarding ends with the first misfit."""

    def covers(self, rest: int, cost: int) -> bool:
        """Return whether a project that does not fit is funded all the same.

        Args:
            rest: money left, in minor units.
            cost: cost of the project, in minor units.
        """


@dataclass(frozen=True, slots=True)
class Skip:
    """Pass over it and go on with the next one that fits."""

    stops: bool = False

    def covers(self, rest: int, cost: int) -> bool:  # noqa: ARG002 - the protocol's signature
        """Return False: what does not fit is not funded."""
        return False

    def __str__(self) -> str:
        return "skip"


@dataclass(frozen=True, slots=True)
class Stop:
    """End there, even if a cheaper project further down would fit."""

    stops: bool = True

    def covers(self, rest: int, cost: int) -> bool:  # noqa: ARG002 - the protocol's signature
        """Return False: what does not fit is not funded."""
        return False

    def __str__(self) -> str:
        return "stop"


@dataclass(frozen=True, slots=True)
class Overrun:
    """Fund it if the rest covers at least `share` of its cost, then end (Poznań: 4/5).

    What is missing has to come from elsewhere; `Result.rest` is then negative.

    Args:
        share: part of the cost that must be covered, above 0 and at most 1.
    """

    share: Fraction
    stops: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise InputError(f"overrun needs a share above 0 and at most 1, not {self.share}")

    def covers(self, rest: int, cost: int) -> bool:
        """Return whether `rest` is at least the share of `cost`.

        Args:
            rest: money left, in minor units.
            cost: cost of the project, in minor units.
        """
        return rest * self.share.denominator >= cost * self.share.numerator

    def __str__(self) -> str:
        return f"overrun({self.share.numerator}/{self.share.denominator})"


@dataclass(frozen=True, slots=True)
class Partial:
    """Give it what is left, if those who carry it out agree to that, then end.

    A count can only propose: whether they agree is for the body to find out that awards.
    """

    stops: bool = True

    def covers(self, rest: int, cost: int) -> bool:  # noqa: ARG002 - the protocol's signature
        """Return whether there is anything left to give."""
        return rest > 0

    def __str__(self) -> str:
        return "partial"


@dataclass(frozen=True, slots=True)
class Assembly:
    """End there, and leave it to an assembly what becomes of the rest."""

    stops: bool = True

    def covers(self, rest: int, cost: int) -> bool:  # noqa: ARG002 - the protocol's signature
        """Return False: the assembly decides, not the count."""
        return False

    def __str__(self) -> str:
        return "assembly"


_NAMED: dict[str, Callable[[], Misfit]] = {
    "skip": Skip,
    "stop": Stop,
    "partial": Partial,
    "assembly": Assembly,
}


def misfit(text: str) -> Misfit:
    """Return the treatment that a text names.

    ``skip``, ``stop``, ``partial``, ``assembly`` or ``overrun(4/5)``.

    Args:
        text: as settings and protocols write it.

    Raises:
        InputError: it names none.
    """
    if text in _NAMED:
        return _NAMED[text]()
    if (found := _OVERRUN.fullmatch(text)) and int(found[2]):
        return Overrun(Fraction(int(found[1]), int(found[2])))
    raise InputError(f"misfit {text!r} is none of {', '.join(_NAMED)}, overrun(4/5)")
