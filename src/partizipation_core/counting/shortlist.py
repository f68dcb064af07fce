"""Shortlists (Vorauswahl): the best go on, whatever they cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar

from partizipation_core.counting.constraints import Candidate
from partizipation_core.counting.reasons import Reason
from partizipation_core.counting.result import Tie
from partizipation_core.counting.scores import Score
from partizipation_core.counting.ties import Ties, UndecidedTie, natural

if TYPE_CHECKING:
    from partizipation_core.counting.election import Election

__all__ = ["Selection", "Shortlist"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Who goes on.

    Args:
        chosen: ids, the best first.
        reasons: for every project why it goes on or not.
        ties: the ties at a cutoff.
    """

    chosen: tuple[str, ...]
    reasons: Mapping[str, Reason]
    ties: tuple[Tie, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortlist:
    """The best `size` projects go on.

    Wuppertal: 100, a tie at the edge is decided by lot. Stuttgart: 100 by ``pro``, first the two
    best of each of 23 districts, equals of the last one are added. Neukölln: 25 with at least 10.

    Args:
        size: how many go on.
        include_all: add everybody equal to the last one instead of asking `ties`.
        score: what projects are ranked by.
        ties: the order among equals at a cutoff.
        minimum: score that is needed to go on.
        reserved: places kept for the best of each area, filled before the others.
        areas: area of each project id; needed where places are reserved.
    """

    name: ClassVar[str] = "shortlist"
    version: ClassVar[int] = 1
    needs: ClassVar[str] = "totals"

    size: int
    include_all: bool
    score: Score | str = Score.VOTES
    ties: Ties = field(default_factory=Ties)
    minimum: int = 1
    reserved: int = 0
    areas: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, election: Election) -> Selection:
        """Apply the rule.

        Args:
            election: what was voted.

        Raises:
            UndecidedTie: equals compete for the last place and nothing separates them.
        """
        election.require(self.needs, self.name)
        paired = zip(election.projects, election.tallies(), strict=True)
        able = [Candidate(project=p, tally=t, score=Score(self.score)) for p, t in paired]
        able.sort(key=lambda candidate: natural(candidate.project.id))
        able.sort(key=attrgetter("key"), reverse=True)
        reasons = {c.project.id: self._refusal(c) for c in able}
        ranked = [c for c in able if c.value >= self.minimum and not c.project.withdrawn]
        ties: list[Tie] = []
        for group in self._by_area(ranked):
            for candidate in self._best(group, self.reserved, ties):
                reasons[candidate.project.id] = Reason("shortlist.reserved")
        kept = [c for c in ranked if reasons[c.project.id].code == "shortlist.reserved"]
        rest = [c for c in ranked if c not in kept]
        for candidate in self._best(rest, self.size - len(kept), ties):
            reasons[candidate.project.id] = Reason("shortlist.rank")
        chosen = [c.project.id for c in ranked if reasons[c.project.id].code in _CHOSEN]
        return Selection(chosen=tuple(chosen), reasons=reasons, ties=tuple(ties))

    def _refusal(self, candidate: Candidate) -> Reason:
        if candidate.project.withdrawn:
            return Reason("fate.withdrawn")
        if candidate.value < self.minimum:
            return Reason("shortlist.minimum", {"minimum": self.minimum})
        return Reason("shortlist.cut", {"size": self.size})

    def _by_area(self, ranked: Sequence[Candidate]) -> Iterator[list[Candidate]]:
        if not self.reserved:
            return

        def area(candidate: Candidate) -> str:
            return self.areas[candidate.project.id]

        for _, group in groupby(sorted(ranked, key=area), key=area):
            yield list(group)

    def _best(
        self, ranked: Iterable[Candidate], places: int, ties: list[Tie]
    ) -> Iterator[Candidate]:
        for _, group in groupby(ranked, key=attrgetter("key")):
            equals = list(group)
            if places <= 0:
                return
            if len(equals) > places:
                equals = self._cutoff(equals, places, ties)
            yield from equals
            places -= len(equals)

    def _cutoff(self, equals: list[Candidate], places: int, ties: list[Tie]) -> list[Candidate]:
        resolved = self.ties.resolve(equals)
        members = tuple(candidate.project.id for candidate in resolved.order)
        decided = ("include_all",) if self.include_all else resolved.decided_by
        ties.append(Tie(members=members, score=equals[0].value, decided_by=decided, mattered=True))
        if self.include_all:
            return equals
        last, first_out = resolved.order[places - 1], resolved.order[places]
        if self.ties.key(last) == self.ties.key(first_out):
            raise UndecidedTie(members)
        return list(resolved.order[:places])


_CHOSEN = {"shortlist.reserved", "shortlist.rank"}
