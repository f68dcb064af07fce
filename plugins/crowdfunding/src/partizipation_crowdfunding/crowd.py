"""A synthetic crowd (erfundene Unterstützende): nobody in it exists, every number is made up.

It only keeps to what is public of a contest: how many entries, campaigns, successes and backers.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen

from partizipation_core.freezing import as_tuple
from partizipation_core.values import ItemRef, Money, ParticipantRef

__all__ = ["KASSEL_2019", "KASSEL_2022", "Contest", "Donation", "crowd"]

_PRIME, _STEP = 101, 37
_FEWEST_CENTS = 500


@frozen(kw_only=True)
class Contest:
    """What is public of a contest, and invented goals that fit to it.

    Args:
        name: its name.
        entries: applications.
        goals: goal of each campaign in euros; their number is public, the goals are invented.
        heads: backers of each campaign, invented; a person may back several.
        funded: how many of the first reach their goal.
        settings: of the procedure.
        people: how many different people there are at most.
    """

    name: str
    entries: int
    goals: tuple[int, ...] = field(converter=as_tuple)
    heads: tuple[int, ...] = field(converter=as_tuple)
    funded: int
    settings: dict[str, object] = field(factory=dict)
    people: int

    @property
    def campaigns(self) -> tuple[ItemRef, ...]:
        """References of the applications that the jury chooses: the first ones."""
        return self.applications[: len(self.goals)]

    @property
    def applications(self) -> tuple[ItemRef, ...]:
        """References of all applications."""
        return tuple(ItemRef(f"k{number:02d}") for number in range(1, self.entries + 1))


@frozen(kw_only=True)
class Donation:
    """One pledge of somebody who does not exist.

    Args:
        day: day of the window, from 0.
        campaign: for what.
        backer: by whom.
        amount: how much.
    """

    day: int
    campaign: ItemRef
    backer: ParticipantRef
    amount: Money


def crowd(contest: Contest, days: int) -> tuple[Donation, ...]:
    """Invent pledges that reach the goals that were reached, and miss the others.

    Args:
        contest: what is to come out.
        days: length of the window.
    """
    return tuple(sorted(_donations(contest, days), key=lambda one: one.day))


def _donations(contest: Contest, days: int) -> Iterator[Donation]:
    person = 0
    for number, (ref, heads) in enumerate(zip(contest.campaigns, contest.heads, strict=True)):
        total = contest.goals[number] * (104 if number < contest.funded else 45)
        for place, cents in enumerate(_parts(total, heads)):
            backer = ParticipantRef(f"backer-{person % contest.people + 1:03d}")
            yield Donation(
                day=place * _STEP % days, campaign=ref, backer=backer, amount=Money(cents)
            )
            person += 1


def _parts(total: int, heads: int) -> list[int]:
    """Split cents into unequal parts that add up."""
    weights = [place * _STEP % _PRIME + 10 for place in range(heads)]
    spare = total - heads * _FEWEST_CENTS
    parts = [_FEWEST_CENTS + spare * weight // sum(weights) for weight in weights]
    parts[0] += total - sum(parts)
    return parts


KASSEL_2022 = Contest(
    name="Kassel 2022",
    entries=22,
    goals=(9000, 8000, 7000, 6500, 6000, 5500, 5000, 4500, 3500, 2700, 8000, 6000, 5000, 4000),
    heads=(40, 36, 34, 30, 28, 26, 24, 22, 20, 16, 9, 7, 5, 3),
    funded=10,
    people=300,
    settings={
        "pot": "5000 EUR",
        "prizes": {"by": "jury", "prizes": ["1000 EUR"] * 5},
        "fee_permille": 40,
    },
)
"""Public: 22 entries, 14 chosen, 10 funded, about 300 backers and 60,000 euros, five special
prizes of 1,000. Goals and pledges are invented."""

KASSEL_2019 = Contest(
    name="Kassel 2019",
    entries=21,
    goals=(5000, 4000, 6000, 3000, 4500, 3500, 2500, 5500, 4000, 3000, 2000),
    heads=(41, 18, 25, 33, 12, 52, 18, 9, 29, 14, 6),
    funded=11,
    people=250,
    settings={
        "pot": "12000 EUR",
        "prizes": {"by": "heads", "prizes": ["2400 EUR"] * 5, "ties": ["raised", "shared"]},
    },
)
"""Public: 11 of more than 20 entries, and that the five with most backers share 12,000 euros. How
they share is not: equal parts are assumed here. Everything else is invented."""
