"""The VOTES section: rows to distinct ballots, read once for each different cell."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from partizipation_core.counting.ballots import Ballot, BallotType, Voters, pointed
from partizipation_core.counting.pb.sections import items
from partizipation_core.counting.tally import borda

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from partizipation_core.counting.pb.columns import Columns

_Key: TypeAlias = str | tuple[str, str]
_Marks: TypeAlias = tuple[tuple[int, ...], tuple[int, ...]]

__all__ = ["Ballots"]

_NEEDS_POINTS = {BallotType.CUMULATIVE, BallotType.SCORING, BallotType.PRO_CONTRA}


class _Row:
    """The first row in which a vote stands; looked for only where it is refused."""

    def __init__(self, columns: Columns, keys: Sequence[_Key], key: _Key) -> None:
        self._columns, self._keys, self._key = columns, keys, key

    def refuse(self, cell: int, message: str, offset: int = 0) -> NoReturn:
        self._columns.refuse(self._keys.index(self._key), cell, message, offset)


class Ballots:
    """Reads the rows of one VOTES section.

    Args:
        columns: the rows of the section.
        ballot_type: what voters could write.
        place: position of each project id.
        first: points of the top place of a ranking that gives no points itself.
    """

    def __init__(
        self, columns: Columns, ballot_type: BallotType, place: Mapping[str, int], first: int
    ) -> None:
        self._columns, self._type, self._place, self._first = columns, ballot_type, place, first
        self._vote = columns.section.at("vote")
        self._points = columns.section.at("points") if ballot_type.pointed else -1

    @staticmethod
    def required(ballot_type: BallotType) -> tuple[str, ...]:
        """Return the columns that VOTES must have.

        Args:
            ballot_type: what voters could write.
        """
        points = ("points",) if ballot_type in _NEEDS_POINTS else ()
        return ("voter_id", "vote", *points)

    def read(self) -> tuple[tuple[Ballot, ...], Voters]:
        """Return the distinct ballots and who cast which.

        Raises:
            InputError: a vote names an unknown project, points do not match, or a voter occurs
                twice.
        """
        columns, voter = self._columns, self._columns.section.at("voter_id")
        votes = columns.cells[self._vote]
        keys: Sequence[_Key] = votes
        if self._points >= 0:
            keys = list(zip(votes, columns.cells[self._points], strict=True))
        distinct: dict[_Marks, int] = {}
        places: dict[_Key, int] = {}
        for key in dict.fromkeys(keys):
            self._row = _Row(columns, keys, key)
            marks = self._marks(key) if isinstance(key, str) else self._marks(*key)
            places[key] = distinct.setdefault(marks, len(distinct))
        order = tuple(map(places.__getitem__, keys))
        del keys, places, votes
        weights = Counter(order)
        ballots = tuple(Ballot(*marks, weights[n]) for n, marks in enumerate(distinct))
        ids = tuple(columns.unique(voter, "voter"))
        return ballots, Voters(ids=ids, ballots=order, columns=self._others(voter))

    def _others(self, voter: int) -> dict[str, tuple[str, ...]]:
        own = {self._vote, self._points, voter}
        named = enumerate(self._columns.section.header)
        return {name: tuple(self._columns.cells[n]) for n, name in named if n not in own}

    def _marks(self, vote: str, points: str = "") -> _Marks:
        """Return the projects that a ballot names, and what it gives them."""
        if self._points < 0 and self._type is not BallotType.ORDINAL:
            return tuple(sorted(self._chosen(vote))), ()
        chosen = tuple(self._chosen(vote))
        if self._points < 0:
            return chosen, borda(len(chosen), self._first)
        given = tuple(self._number(*item) for item in items(points))
        if len(given) != len(chosen):
            message = f"{len(given)} points for {len(chosen)} projects"
            self._row.refuse(self._points, message)
        if self._type is BallotType.ORDINAL:
            return chosen, given
        ballot = pointed(zip(chosen, given, strict=True))
        return ballot.choices, ballot.points

    def _chosen(self, vote: str) -> Sequence[int]:
        try:  # nearly every cell is as plain as this, and this is where the time goes
            return list(map(self._place.__getitem__, vote.split(",")))
        except KeyError:
            return [self._project(*item) for item in items(vote)]

    def _project(self, offset: int, id_: str) -> int:
        place = self._place.get(id_)
        if place is None:
            message = f"vote for the unknown project {id_!r}"
            self._row.refuse(self._vote, message, offset)
        return place

    def _number(self, offset: int, text: str) -> int:
        whole = text.removesuffix(".0")
        if not (whole.removeprefix("-").isdecimal() and whole.isascii()):
            message = f"points {text!r} are not a whole number"
            self._row.refuse(self._points, message, offset)
        points = int(whole)
        if self._type is not BallotType.ORDINAL and not self._type.allows(points):
            message = f"{points} points are not possible in {self._type} votes"
            self._row.refuse(self._points, message, offset)
        return points
