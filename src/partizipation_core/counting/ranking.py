"""Ranked lists (Rangliste): the order in which a vote advises those who decide; no money in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar

from partizipation_core.counting.fates import (
    EXCLUDED,
    MISSED,
    by_rank,
    candidates_of,
    fate_of,
    result_of,
    turns,
)
from partizipation_core.counting.margins import least_enough, overtaking
from partizipation_core.counting.reasons import Reason
from partizipation_core.counting.result import Margin, Tie
from partizipation_core.counting.scores import Score
from partizipation_core.counting.ties import Resolved, Ties, UndecidedTie

if TYPE_CHECKING:
    from partizipation_core.counting.constraints import Candidate, Constraint
    from partizipation_core.counting.election import Election
    from partizipation_core.counting.result import Fate, Result

__all__ = ["RankedList"]

_NO_MONEY = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edge:
    """The end of a list: whether all places are taken, and who stands there."""

    full: bool
    last: Candidate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedList:
    """Put projects in the order of their score, whatever they cost, and fund none.

    Potsdam sends the 20 best to the council, Neukölln the 25 best that have at least 10 votes.
    Equals that nothing separates share a rank; only at the end of the list they must be separated.

    Args:
        size: how many stand on the list; None for all that reach the minimum.
        minimum: score that is needed to stand on it.
        include_all: add everybody equal to the last one instead of asking `ties`.
        score: what projects are ranked by.
        ties: the order among equals.
    """

    name: ClassVar[str] = "ranked_list"
    version: ClassVar[int] = 1
    needs: ClassVar[str] = "totals"

    size: int | None = None
    minimum: int = 0
    include_all: bool = False
    score: Score | str = Score.VOTES
    ties: Ties = field(default_factory=Ties)

    @property
    def parameters(self) -> dict[str, object]:
        """The settings as plain data."""
        return {
            "size": self.size,
            "minimum": self.minimum,
            "include_all": self.include_all,
            "score": str(self.score),
            "ties": self.ties.to_data(),
        }

    def __call__(self, election: Election, constraints: Sequence[Constraint] = ()) -> Result:
        """Apply the rule.

        Args:
            election: what was voted.
            constraints: further conditions.

        Raises:
            UndecidedTie: equals compete for the last place and nothing separates them.
        """
        election.require(self.needs, self.name)
        ranked = by_rank(candidates_of(election, Score(self.score)))
        fates: list[Fate] = []
        ties: list[Tie] = []
        places = len(ranked) if self.size is None else self.size
        for _, group in groupby(ranked, key=attrgetter("key")):
            resolved = self.ties.resolve(tuple(group))
            able = [c for c in resolved.order if self._refusal(c, constraints) is None]
            ties += self._ties(able, resolved, places)
            taken = len(able) if self.include_all and places > 0 else max(places, 0)
            listed = {candidate.project.id for candidate in able[:taken]}
            fates += (self._fate(c, listed, constraints) for c in resolved.order)
            places -= len(listed)
        found = {candidate.project.id: candidate for candidate in ranked}
        listed_ = [found[fate.id] for fate in fates if fate.outcome == "advised"]
        edge = _Edge(full=places <= 0, last=listed_[-1] if listed_ else None)
        fates = [self._missing(fate, found[fate.id], edge, constraints) for fate in fates]
        told = turns(fates, ranked)
        return result_of(self, election, constraints, told, funded=(), ties=tuple(ties))

    def _refusal(self, candidate: Candidate, constraints: Sequence[Constraint]) -> Reason | None:
        if candidate.project.withdrawn:
            return Reason("fate.withdrawn")
        if candidate.value < self.minimum:
            return Reason("ranked.minimum", {"minimum": self.minimum})
        found = (constraint.objection(candidate, ()) for constraint in constraints)
        return next((reason for reason in found if reason is not None), None)

    def _fate(
        self, candidate: Candidate, listed: set[str], constraints: Sequence[Constraint]
    ) -> Fate:
        if candidate.project.id in listed:
            fate = fate_of(candidate, _NO_MONEY, Reason("ranked.listed"), MISSED)
            return replace(fate, outcome="advised", margin=_LISTED)
        refusal = self._refusal(candidate, constraints)
        return fate_of(
            candidate, _NO_MONEY, refusal or Reason("ranked.cut", {"size": self.size or 0}), MISSED
        )

    def _missing(
        self,
        fate: Fate,
        candidate: Candidate,
        edge: _Edge,
        constraints: Sequence[Constraint],
    ) -> Fate:
        """Say how much more would have put a project on the list, before the last one if full."""
        if fate.outcome == "advised":
            return fate
        if candidate.project.withdrawn:
            return replace(fate, margin=_WITHDRAWN)
        admitted = least_enough(
            lambda more: (
                self._refusal(candidate.plus(more) if more else candidate, constraints) is None
            )
        )
        climbed = self._climb(candidate, edge.last) if edge.full else 0
        if admitted is None or climbed is None:
            return replace(fate, margin=EXCLUDED)
        missing = max(admitted, climbed)
        reason = Reason(f"margin.{candidate.score.unit}", {"missing": missing})
        return replace(fate, margin=Margin(missing=missing, reason=reason))

    def _climb(self, candidate: Candidate, last: Candidate | None) -> int | None:
        if last is None:
            return None
        if self.include_all:
            return candidate.score.gap(candidate.tally, candidate.project, last.key)
        return overtaking(candidate, last, self.ties)

    def _ties(self, able: list[Candidate], resolved: Resolved, places: int) -> Iterator[Tie]:
        if len(able) < 2:  # noqa: PLR2004 - two make a tie
            return
        members = tuple(candidate.project.id for candidate in able)
        at_the_edge = 0 < places < len(able)
        if at_the_edge and not self.include_all:
            last, first_out = able[places - 1], able[places]
            if self.ties.key(last) == self.ties.key(first_out):
                raise UndecidedTie(members)
        decided = ("include_all",) if at_the_edge and self.include_all else resolved.decided_by
        yield Tie(members=members, score=able[0].value, decided_by=decided, mattered=at_the_edge)


_WITHDRAWN = Margin(missing=None, reason=Reason("margin.withdrawn"))
_LISTED = Margin(missing=None, reason=Reason("margin.listed"))
