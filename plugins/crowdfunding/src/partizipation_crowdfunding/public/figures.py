"""Public figures (Kennzahlen): progress, heads, days, forecast; counted from pledges each time.

Nothing here tells who pledged. A day on which too few people pledged could do so, and is added to
the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

from partizipation_core.clock import to_wall
from partizipation_core.values import ItemRef, Money
from partizipation_crowdfunding.contest.records import SECURED, Campaign, Pledge

__all__ = ["Day", "Progress", "daily", "forecast", "progress"]


@frozen(kw_only=True)
class Progress:
    """How far a campaign has come.

    Args:
        campaign: its reference.
        goal: what it wants to raise.
        needed: what it needs to succeed.
        pledged: what was pledged and is secured.
        added: what the town's pots add, prizes included.
        waiting: pledges whose payment is under way.
        heads: distinct people who back it.
        pledges: pledges that are secured.
        taken: reward → how many are taken.
    """

    campaign: str
    goal: Money
    needed: Money
    pledged: Money
    added: Money
    waiting: int
    heads: int
    pledges: int
    taken: Mapping[str, int]

    @property
    def percent(self) -> int:
        """Part of the goal in hundredths, rounded down: 99.9 % is never shown as reached."""
        return (self.pledged + self.added).cents * 100 // self.goal.cents


def progress(campaign: Campaign, pledges: Iterable[Pledge]) -> Progress:
    """Count how far a campaign has come.

    Args:
        campaign: with its terms, its lump and its prize.
        pledges: of the whole contest.
    """
    mine = [one for one in pledges if one.campaign == ItemRef(campaign.ref)]
    secured = [one for one in mine if one.status in SECURED]
    return Progress(
        campaign=campaign.ref,
        goal=campaign.terms.goal,
        needed=campaign.terms.needed,
        pledged=Money.total(one.amount for one in secured),
        added=Money.total(one.matched for one in secured) + campaign.lump + campaign.prize,
        waiting=sum(one.status == "waiting" for one in mine),
        heads=len({one.backer for one in secured}),
        pledges=len(secured),
        taken=dict(campaign.taken),
    )


@frozen(kw_only=True)
class Day:
    """What had come together by the end of a day.

    Args:
        day: which.
        pledged: secured pledges up to then, in sum.
        heads: distinct people up to then.
    """

    day: date
    pledged: Money
    heads: int


def daily(pledges: Iterable[Pledge], zone: ZoneInfo, *, fewest: int = 3) -> tuple[Day, ...]:
    """Return the series of days on which pledges arrived, each with the sums up to then.

    Args:
        pledges: of one campaign, or of all.
        zone: where days begin and end.
        fewest: a day with fewer people than that is told together with the next; the last days
            stay untold until there are enough. 1 tells every day.
    """
    row = sorted((one for one in pledges if one.status in SECURED), key=lambda one: one.at)
    days: list[Day] = []
    people: set[str] = set()
    since: set[str] = set()
    total = Money(0)
    for number, one in enumerate(row):
        day = to_wall(one.at, zone).date()
        people, since, total = people | {one.backer}, since | {one.backer}, total + one.amount
        last = number + 1 == len(row) or to_wall(row[number + 1].at, zone).date() != day
        if last and len(since) >= fewest:
            days.append(Day(day=day, pledged=total, heads=len(people)))
            since = set()
    return tuple(days)


def forecast(days: Iterable[Day], until: date, *, window: int = 7) -> Money | None:
    """Say what will have come together if it goes on as in the last days (lineare Fortschreibung).

    Args:
        days: what was told so far.
        until: last day of the window.
        window: how many days back the pace is taken from.

    Returns:
        The sum, rounded down to the cent; None while there are not two days to compare.
    """
    row = tuple(days)
    begin = row[-1].day - timedelta(days=window) if row else until
    recent = [one for one in row if one.day >= begin]
    if len(recent) <= 1:
        return None
    first, last = recent[0], recent[-1]
    gained = (last.pledged - first.pledged).cents
    ahead = max(0, (until - last.day).days)
    return last.pledged + Money(gained * ahead // (last.day - first.day).days)
