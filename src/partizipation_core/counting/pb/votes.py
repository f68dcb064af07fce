"""The VOTES section: rows to distinct ballots, read once for each different cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partizipation_core.counting.ballots import Ballot, BallotType, Voters, pointed, weighted
from partizipation_core.counting.pb.sections import items
from partizipation_core.counting.tally import borda

if TYPE_CHECKING:
    from collections.abc import Mapping

    from partizipation_core.counting.pb.records import Record
    from partizipation_core.counting.pb.sections import Section

__all__ = ["Ballots"]

_NEEDS_POINTS = {BallotType.CUMULATIVE, BallotType.SCORING, BallotType.PRO_CONTRA}


class Ballots:
    """Reads the rows of one VOTES section.

    Args:
        section: the section.
        ballot_type: what voters could write.
        place: position of each project id.
        first: points of the top place of a ranking that gives no points itself.
    """

    def __init__(
        self, section: Section, ballot_type: BallotType, place: Mapping[str, int], first: int
    ) -> None:
        self._section, self._type, self._place, self._first = section, ballot_type, place, first
        self._vote = section.at("vote")
        self._points = section.at("points") if ballot_type.pointed else -1

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
        section, vote, points = self._section, self._vote, self._points
        seen: dict[tuple[str, str], int] = {}
        distinct: dict[Ballot, int] = {}
        order: list[int] = []
        for row in section.rows:
            cells = row.cells
            key = (cells[vote], cells[points] if points >= 0 else "")
            number = seen.get(key)
            if number is None:
                number = seen[key] = distinct.setdefault(self._ballot(row, *key), len(distinct))
            order.append(number)
        ids = section.unique(section.at("voter_id"), "voter")
        voters = Voters(ids=tuple(ids), ballots=tuple(order), columns=self._columns())
        return weighted(distinct, order), voters

    def _columns(self) -> dict[str, tuple[str, ...]]:
        """Return the other columns; equal texts are kept once."""
        own = {self._vote, self._points, self._section.at("voter_id")}
        texts: dict[str, str] = {}
        return {
            name: tuple(texts.setdefault(row.cells[n], row.cells[n]) for row in self._section.rows)
            for n, name in enumerate(self._section.header)
            if n not in own
        }

    def _ballot(self, row: Record, vote: str, points: str) -> Ballot:
        chosen = self._chosen(row, vote)
        if self._points < 0:
            if self._type is BallotType.ORDINAL:
                return Ballot(tuple(chosen), borda(len(chosen), self._first))
            return Ballot(tuple(sorted(chosen)))
        given = [self._number(row, *item) for item in items(points)]
        if len(given) != len(chosen):
            message = f"{len(given)} points for {len(chosen)} projects"
            self._section.refuse(row, self._points, message)
        if self._type is BallotType.ORDINAL:
            return Ballot(tuple(chosen), tuple(given))
        return pointed(zip(chosen, given, strict=True))

    def _chosen(self, row: Record, vote: str) -> list[int]:
        try:  # nearly every cell is as plain as this, and this is where the time goes
            return [self._place[id_] for id_ in vote.split(",")]
        except KeyError:
            return [self._project(row, *item) for item in items(vote)]

    def _project(self, row: Record, offset: int, id_: str) -> int:
        place = self._place.get(id_)
        if place is None:
            message = f"vote for the unknown project {id_!r}"
            self._section.refuse(row, self._vote, message, offset)
        return place

    def _number(self, row: Record, offset: int, text: str) -> int:
        whole = text.removesuffix(".0")
        if not (whole.removeprefix("-").isdecimal() and whole.isascii()):
            message = f"points {text!r} are not a whole number"
            self._section.refuse(row, self._points, message, offset)
        points = int(whole)
        if self._type is not BallotType.ORDINAL and not self._type.allows(points):
            message = f"{points} points are not possible in {self._type} votes"
            self._section.refuse(row, self._points, message, offset)
        return points
