"""How many letters to send so that enough people answer (Rücklaufplanung)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from partizipation_buergerrat.texts import wrong
from partizipation_core.errors import InputError

__all__ = ["LetterPlan", "plan_letters"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPlan:
    """How many letters, and what they should bring.

    Args:
        letters: to be sent.
        replies: expected persons who are willing.
        seats: to be filled from them.
    """

    letters: int
    replies: int
    seats: int


def plan_letters(
    seats: int,
    rate: Fraction,
    *,
    choice: Fraction = Fraction(1),
    delivered: Fraction = Fraction(1),
) -> LetterPlan:
    """Plan letters for a hoped-for rate of replies.

    Published rates: 3 to 6 per cent in small towns, 11.5 per cent for the assembly of the
    Bundestag in 2023.

    Args:
        seats: to be filled.
        rate: share of those reached who are willing.
        choice: how many willing persons there should be for each seat.
        delivered: share of letters that reach somebody.

    Raises:
        InputError: a share is not between 0 and 1.
    """
    if not (0 < rate <= 1 and 0 < delivered <= 1 and choice >= 1 and seats >= 1):
        raise wrong(InputError, "draw.letters_shares")
    letters = ceil(seats * choice / (rate * delivered))
    return LetterPlan(letters=letters, replies=int(letters * rate * delivered), seats=seats)
