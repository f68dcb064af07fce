"""The simplest draws: everybody from one pot, or from one pot for each group (Lostöpfe).

Standard library only, and easy to carry out by hand: slips of paper do the same. No draw of this
kind is the fairest one, and quotas over several categories may be missed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from partizipation_buergerrat.sortition.people import Person, Pool
    from partizipation_buergerrat.sortition.stream import Stream

__all__ = ["PotDraw", "allot", "draw_from_pots", "draw_simply"]

Pot = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PotDraw:
    """The outcome of a draw from pots.

    Args:
        drawn: identifiers of all who were drawn, sorted.
        reserve: pot → all others in the order in which they move up.
        short: pot → seats that could not be filled, only where there are any.
    """

    drawn: tuple[str, ...]
    reserve: Mapping[Pot, tuple[str, ...]]
    short: Mapping[Pot, int]


def draw_simply(
    pool: Pool, seats: int, stream: Stream, *, one_per_household: bool = True
) -> PotDraw:
    """Draw everybody from one pot.

    Args:
        pool: who may be drawn.
        seats: how many are drawn.
        stream: the chance.
        one_per_household: whether others of a household are passed over.
    """
    return draw_from_pots(
        pool, {(): seats}, stream, places=(), one_per_household=one_per_household
    )


def draw_from_pots(
    pool: Pool,
    seats: Mapping[Pot, int],
    stream: Stream,
    *,
    places: Sequence[int],
    one_per_household: bool = True,
) -> PotDraw:
    """Draw from one pot for each combination of features, such as women from 30 to 44.

    Args:
        pool: who may be drawn.
        seats: pot → how many are drawn from it.
        stream: the chance; pots are emptied in the order of their features.
        places: numbers of the categories that make up the pots.
        one_per_household: whether others of a household are passed over.

    Raises:
        InputError: a number of seats is negative.
    """
    if any(count < 0 for count in seats.values()):
        raise InputError("a pot cannot have fewer than no seats")
    pots: dict[Pot, list[Person]] = defaultdict(list)
    for person in pool:
        pots[tuple(person.features[place] for place in places)].append(person)
    drawn: list[str] = []
    reserve: dict[Pot, tuple[str, ...]] = {}
    short: dict[Pot, int] = {}
    homes: set[str] = set()
    for pot in sorted(pots.keys() | seats.keys()):
        order = stream.shuffled(pots[pot])
        chosen = _first(order, seats.get(pot, 0), homes if one_per_household else set())
        drawn += chosen
        reserve[pot] = tuple(person.id for person in order if person.id not in chosen)
        if len(chosen) < seats.get(pot, 0):
            short[pot] = seats[pot] - len(chosen)
    return PotDraw(drawn=tuple(sorted(drawn)), reserve=reserve, short=short)


def _first(order: Iterable[Person], seats: int, homes: set[str]) -> list[str]:
    chosen: list[str] = []
    for person in order:
        if len(chosen) < seats and person.household not in homes:
            chosen.append(person.id)
            homes |= {person.household} - {""}
    return chosen


def allot(weights: Mapping[Pot, int], seats: int) -> dict[Pot, int]:
    """Divide seats in proportion (Sainte-Laguë): each goes to the largest ``weight / (2n + 1)``.

    Args:
        weights: pot → such as inhabitants.
        seats: how many there are.

    Raises:
        InputError: nobody has any weight.
    """
    if not any(weight > 0 for weight in weights.values()):
        raise InputError("seats can be divided only where somebody lives")
    given = dict.fromkeys(sorted(weights), 0)
    for _ in range(seats):
        given[max(given, key=lambda pot: Fraction(weights[pot], 2 * given[pot] + 1))] += 1
    return given
