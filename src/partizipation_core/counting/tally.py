"""What the ballots add up to, project by project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from partizipation_core.counting.ballots import Ballot

__all__ = ["Tally", "borda", "tally"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The total of one project (Auszählung).

    Args:
        votes: ballots that support it; for pro/contra the pro votes alone.
        points: points it received; approval gives one each, pro/contra gives pro minus contra.
        contra: ballots against it, only for pro/contra.
    """

    votes: int = 0
    points: int = 0
    contra: int = 0


def borda(length: int, first: int) -> tuple[int, ...]:
    """Return the points of a ranking: `first` for the top place, one less for each next one.

    Pabulib scores ordinal ballots so, with ``max_length`` (else the number of projects) for
    the top place; a short ranking does not raise the points of its lower places.

    Args:
        length: how many projects the ballot ranks.
        first: points of the top place.
    """
    return tuple(max(first - place, 0) for place in range(length))


def tally(
    ballots: Iterable[Ballot], projects: int, *, signed: bool = False, unlisted: int = 0
) -> tuple[Tally, ...]:
    """Add up ballots; a project named twice on one ballot counts twice, as officially.

    Args:
        ballots: the ballots, each with its weight.
        projects: number of projects; ballots name them by position.
        signed: negative points are votes against (pro/contra), not support.
        unlisted: points that a ballot gives to each project it does not name (``default_score``).
    """
    points, named, against = [0] * projects, [0] * projects, [0] * projects
    voters = 0
    for ballot in ballots:
        weight = ballot.weight
        voters += weight
        if not ballot.points:  # nearly all ballots of a large vote are as plain as this
            for project in ballot.choices:
                points[project] += weight
                named[project] += weight
            continue
        for project, given in ballot:
            points[project] += given * weight
            named[project] += weight
            if signed and given < 0:
                against[project] += weight
    return tuple(
        Tally(votes=all_ - contra, points=sum_ + unlisted * (voters - all_), contra=contra)
        for all_, sum_, contra in zip(named, points, against, strict=True)
    )
