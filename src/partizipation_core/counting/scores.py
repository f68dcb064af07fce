"""What projects are ranked by."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, TypeAlias

from partizipation_core.counting.tally import Tally

if TYPE_CHECKING:
    from partizipation_core.counting.election import Project

__all__ = ["Score", "ScoreKey"]

ScoreKey: TypeAlias = tuple[int, int | Fraction]


class Score(StrEnum):
    """A number for each project; more is better.

    ``votes`` counts ballots, ``points`` adds points ("points first", Potsdam: five points),
    ``pro`` counts pro votes and shows contra only (Stuttgart: "gut"), ``pro_minus_contra`` is the
    difference (Köln), ``votes_per_cost`` divides votes by costs.
    """

    VOTES = "votes"
    POINTS = "points"
    PRO = "pro"
    PRO_MINUS_CONTRA = "pro_minus_contra"
    VOTES_PER_COST = "votes_per_cost"

    @property
    def unit(self) -> str:
        """What a voter would have to add: ``votes`` or ``points``."""
        return "points" if self is Score.POINTS else "votes"

    def of(self, tally: Tally, project: Project) -> int | Fraction:
        """Return the score of a project.

        Args:
            tally: its totals.
            project: the project itself, for its cost.
        """
        if self in {Score.POINTS, Score.PRO_MINUS_CONTRA}:
            return tally.points
        if self is Score.VOTES_PER_COST:
            return Fraction(tally.votes, project.cost or 1)
        return tally.votes

    def key(self, tally: Tally, project: Project) -> ScoreKey:
        """Return what orders projects, the largest first; for free ones votes per cost has no end.

        Args:
            tally: its totals.
            project: the project itself, for its cost.
        """
        free = self is Score.VOTES_PER_COST and not project.cost and tally.votes > 0
        return int(free), self.of(tally, project)

    def more(self, tally: Tally, added: int) -> Tally:
        """Return the totals if `added` more votes or points had been cast for the project.

        Args:
            tally: its totals.
            added: how many more, in `unit`.
        """
        votes = max(tally.votes, 1) if self is Score.POINTS else tally.votes + added
        return Tally(votes=votes, points=tally.points + added, contra=tally.contra)

    def gap(self, tally: Tally, project: Project, target: ScoreKey) -> int | None:
        """Return how many more votes or points reach `target`, None if no number does.

        Args:
            tally: totals of the project.
            project: the project itself.
            target: the key to be equalled.
        """
        free, value = target
        if self is not Score.VOTES_PER_COST:
            return ceil(value - self.of(tally, project))
        if not project.cost:
            return max(ceil(value) - tally.votes, 0) if free else int(tally.votes == 0)
        return None if free else ceil(value * project.cost) - tally.votes
