"""Reference numbers (Aktenzeichen): ``2027-00001``, without gaps per procedure and year."""

from __future__ import annotations

from collections.abc import Iterator

from partizipation_core.clock import to_wall
from partizipation_core.evolving import evolve
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.state import Procedure, World

__all__ = ["counted", "next_numbers"]


def next_numbers(context: Context, how_many: int = 1) -> tuple[str, ...]:
    """Return the numbers that come next in the present year of the procedure's zone."""
    year = to_wall(context.now, context.settings.timezone).year
    last = context.procedure.numbers.get(str(year), 0)
    return tuple(f"{year:04d}-{last + step:05d}" for step in range(1, how_many + 1))


def counted(world: World, *numbers: str) -> Iterator[Procedure]:
    """Remember numbers that were given; one that an item brought along is remembered already."""
    given = dict(world.opened.numbers)
    for number in filter(None, numbers):
        year, _, count = number.partition("-")
        given[year] = max(given.get(year, 0), int(count))
    if given != world.opened.numbers:
        yield evolve(world.opened, numbers=given)
