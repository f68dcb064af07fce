"""People: a made-up town, the same for the same seed; nobody in it exists."""

from __future__ import annotations

from random import Random

from attrs import field, frozen

from partizipation_core.values import STAFF, Actor, Role

__all__ = ["Population"]

_OLDEST = 95


@frozen(kw_only=True)
class Population:
    """The people of a made-up town.

    Args:
        seed: of chance.
        size: number of residents.
        areas: where they live, in turns.
    """

    seed: int = 1
    size: int = 12
    areas: tuple[str, ...] = ("",)
    residents: tuple[Actor, ...] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        random = Random(self.seed)  # noqa: S311 - a play
        people = tuple(self._resident(number, random) for number in range(self.size))
        object.__setattr__(self, "residents", people)

    def _resident(self, number: int, random: Random) -> Actor:
        area = self.areas[number % len(self.areas)]
        age = random.randrange(5, _OLDEST)
        return Actor.of(f"person-{number + 1}", Role.RESIDENT, age=age, area=area)

    def office(self, role: str) -> Actor:
        """Return the one person who acts in a role of the administration."""
        return Actor.of(f"{role}-1", role)

    def somebody(self, role: str, random: Random) -> Actor:
        """Return somebody who acts in a role: one of the residents, or who holds the office."""
        if role == Role.RESIDENT:
            return random.choice(self.residents)
        if role in STAFF:
            return self.office(role)
        resident = random.choice(self.residents)
        return Actor.of(resident.ref, role, **resident.attributes)
