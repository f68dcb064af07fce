"""Ballots: what voters could write, what they wrote, and who wrote it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from partizipation_core.counting.reasons import frozen
from partizipation_core.counting.tally import borda
from partizipation_core.errors import InputError

__all__ = [
    "Ballot",
    "BallotType",
    "Choices",
    "Voters",
    "ballot_of",
    "named",
    "pointed",
    "weighted",
]

Choices: TypeAlias = Mapping[str, int] | Sequence[str]
VOTER_COLUMNS = frozenset({"voter_id", "vote"})


class BallotType(StrEnum):
    """What voters could write on their ballot; the first five as Pabulib names them."""

    APPROVAL = "approval"
    CHOOSE_1 = "choose-1"
    CUMULATIVE = "cumulative"
    ORDINAL = "ordinal"
    SCORING = "scoring"
    PRO_CONTRA = "pro_contra"
    TOTALS = "totals"

    @property
    def pointed(self) -> bool:
        """Whether a ballot gives points rather than mere support."""
        return self in {
            BallotType.CUMULATIVE,
            BallotType.ORDINAL,
            BallotType.SCORING,
            BallotType.PRO_CONTRA,
        }

    def allows(self, points: int) -> bool:
        """Return whether one project may receive so many points on a ballot.

        Args:
            points: what the voter gave.
        """
        if self is BallotType.SCORING:
            return True
        if self is BallotType.CUMULATIVE:
            return points >= 0
        return points in ((1, -1) if self is BallotType.PRO_CONTRA else (1,))


@dataclass(frozen=True, slots=True)
class Ballot:
    """Equal ballots (Stimmzettel) as one; iterating gives (project position, points).

    Args:
        choices: positions of the projects in the election; ranked if ordinal, else sorted.
        points: what each of them receives, empty if each receives one.
        weight: how many voters cast exactly this ballot.
    """

    choices: tuple[int, ...]
    points: tuple[int, ...] = ()
    weight: int = 1

    def __iter__(self) -> Iterator[tuple[int, int]]:
        given = self.points or (1,) * len(self.choices)
        return zip(self.choices, given, strict=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voters:
    """Who cast which ballot, in the order of the file, kept column by column.

    Args:
        ids: one identifier a voter.
        ballots: for each voter the position of the ballot in `Election.ballots`.
        columns: further columns (age, voting_method ...), one text a voter.
    """

    ids: tuple[str, ...] = ()
    ballots: tuple[int, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ids", tuple(map(str.strip, self.ids)))
        object.__setattr__(self, "columns", frozen(named(self.columns, VOTER_COLUMNS)))
        if len(set(self.ids)) < len(self.ids) or "" in self.ids:
            raise InputError("a voter id is empty or occurs twice")
        if any(len(c) != len(self.ids) for c in (self.ballots, *self.columns.values())):
            raise InputError(f"each column needs one entry for each of {len(self.ids)} voters")


def named(columns: Mapping[str, Any], taken: Collection[str]) -> dict[str, Any]:
    """Return columns with their names trimmed.

    Args:
        columns: what is named.
        taken: names with a meaning of their own, which have their own place.

    Raises:
        InputError: a name is empty, taken or occurs twice.
    """
    trimmed = {name.strip(): value for name, value in columns.items()}
    if len(trimmed) < len(columns) or "" in trimmed:
        raise InputError("a column or key has no name of its own")
    if wrong := sorted(set(trimmed) & set(taken)):
        raise InputError(f"{wrong[0]} has a field of its own and may not be in meta")
    return trimmed


def weighted(distinct: Iterable[Ballot], order: Iterable[int]) -> tuple[Ballot, ...]:
    """Return each distinct ballot with the number of voters who cast it.

    Args:
        distinct: the distinct ballots.
        order: for each voter the position of the ballot cast.
    """
    distinct = tuple(distinct)
    weights = Counter(order)
    return tuple(
        Ballot(ballot.choices, ballot.points, weights[place])
        for place, ballot in enumerate(distinct)
    )


def ballot_of(
    choices: Choices, place: Mapping[str, int], ballot_type: BallotType, first: int
) -> Ballot:
    """Return the ballot that a voter's choices make.

    Args:
        choices: project ids, the best first if ranked, or a mapping of project id to points.
        place: position of each project id.
        ballot_type: what voters could write.
        first: points of the top place of a ranking.

    Raises:
        InputError: a project is unknown or named twice, or the points are not possible.
    """
    given = choices if isinstance(choices, Mapping) else dict.fromkeys(choices, 1)
    if len(given) < len(choices):
        raise InputError("a project is named twice")
    if unknown := [project for project in given if project not in place]:
        raise InputError(f"the project {unknown[0]} is not known")
    if wrong := [points for points in given.values() if not ballot_type.allows(points)]:
        raise InputError(f"{wrong[0]} points are not possible in {ballot_type} votes")
    if ballot_type is BallotType.CHOOSE_1 and len(given) > 1:
        raise InputError(f"{len(given)} projects are named; one is allowed")
    if ballot_type is BallotType.ORDINAL:
        return Ballot(tuple(place[project] for project in choices), borda(len(choices), first))
    if ballot_type.pointed:
        return pointed((place[project], points) for project, points in given.items())
    return Ballot(tuple(sorted(place[project] for project in given)))


def pointed(pairs: Iterable[tuple[int, int]]) -> Ballot:
    """Return the ballot that gives points to projects, in one form for equal ballots.

    Args:
        pairs: project position and points.
    """
    pairs = sorted(pairs)
    return Ballot(tuple(place for place, _ in pairs), tuple(points for _, points in pairs))
