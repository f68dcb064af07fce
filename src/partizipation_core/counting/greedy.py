"""Award by rank: the best score first, as long as the money lasts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar

from partizipation_core.counting.award import Award, State, Turn
from partizipation_core.counting.constraints import Candidate, Constraint, Standing
from partizipation_core.counting.margins import Margins
from partizipation_core.counting.misfit import Misfit, misfit
from partizipation_core.counting.result import Fate, Result, Tie
from partizipation_core.counting.scores import Score
from partizipation_core.counting.ties import Resolved, Ties, UndecidedTie, natural

if TYPE_CHECKING:
    from partizipation_core.counting.election import Election

__all__ = ["Greedy", "RankedRun"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Greedy:
    """Fund projects in the order of their score (Rangfolge) until the money is used.

    Args:
        misfit: what happens to a project that costs more than is left; has no default, since
            towns differ and most do not say. A text is read as `misfit` reads it.
        score: what projects are ranked by.
        ties: the order among equals.
        unsupported: fund projects without a single vote if they fit.
    """

    name: ClassVar[str] = "greedy"
    version: ClassVar[int] = 1
    needs: ClassVar[str] = "totals"

    misfit: Misfit | str
    score: Score | str = Score.VOTES
    ties: Ties = field(default_factory=Ties)
    unsupported: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "score", Score(self.score))
        if isinstance(self.misfit, str):
            object.__setattr__(self, "misfit", misfit(self.misfit))

    @property
    def parameters(self) -> dict[str, object]:
        """The settings as plain data."""
        return {
            "misfit": str(self.misfit),
            "score": str(self.score),
            "ties": self.ties.to_data(),
            "unsupported": self.unsupported,
        }

    def __call__(self, election: Election, constraints: Sequence[Constraint] = ()) -> Result:
        """Apply the rule.

        Args:
            election: what was voted.
            constraints: further conditions.

        Raises:
            UndecidedTie: equal projects compete for money and the tie order leaves them equal.
        """
        election.require(self.needs, self.name)
        standing = Standing(unsupported=self.unsupported)
        award = Award(misfit=_treatment(self.misfit), constraints=(standing, *constraints))
        run = RankedRun(award, self.ties, State(rest=election.budget))
        for _, equals in groupby(self._ranking(election), key=attrgetter("key")):
            run.treat(tuple(equals))
        conditions = [constraint.to_data() for constraint in constraints]
        ids = [project.id for project in election.projects]
        return Result(
            rule=self.name,
            version=self.version,
            parameters={**self.parameters, "constraints": conditions},
            budget=election.budget,
            unit=election.unit,
            currency=election.currency,
            funded=tuple(candidate.project.id for candidate in run.state.funded),
            rest=run.state.rest,
            fates={fate.id: fate for fate in run.fates()},
            ties=tuple(run.ties),
            lot=self.ties.lot.draw(ids) if self.ties.lot else None,
            findings=election.findings,
        )

    def _ranking(self, election: Election) -> list[Candidate]:
        paired = zip(election.projects, election.tallies(), strict=True)
        score = Score(self.score)
        candidates = [Candidate(project=p, tally=tally, score=score) for p, tally in paired]
        return sorted(candidates, key=attrgetter("key"), reverse=True)


def _treatment(value: Misfit | str) -> Misfit:
    return misfit(value) if isinstance(value, str) else value


class RankedRun:
    """The only thing here that changes while it works; it never leaves a rule.

    Args:
        award: the conditions.
        order: the order among equals.
        start: what is left, and what is funded already.
    """

    def __init__(self, award: Award, order: Ties, start: State) -> None:
        self._award, self._order, self.state = award, order, start
        self._turns: list[Turn] = []
        self.ties: list[Tie] = []

    def treat(self, equals: tuple[Candidate, ...]) -> None:
        """Treat all projects of one score.

        Args:
            equals: the projects.
        """
        judged = [(candidate, self._award.standing(candidate)) for candidate in equals]
        able = [candidate for candidate, reason in judged if reason is None]
        unable = [candidate for candidate, reason in judged if reason is not None]
        resolved = self._order.resolve(able)
        if len(able) > 1:
            self._record(resolved)
        rest = sorted(unable, key=lambda candidate: natural(candidate.project.id))
        turns = list(self._award.turns(self.state, (*resolved.order, *rest)))
        self._turns += turns
        self.state = turns[-1].after

    def fates(self) -> Iterator[Fate]:
        """Tell what became of each project."""
        margins = Margins(self._award, self._order, self._turns)
        rank, last = 0, None
        for place, turn in enumerate(self._turns):
            if turn.candidate.key != last:
                rank, last = place + 1, turn.candidate.key
            yield _fate(turn, rank=rank, place=place, margins=margins)

    def _record(self, resolved: Resolved) -> None:
        order = resolved.order
        for block in resolved.open_:
            before = self._after(order[: order.index(block[0])])
            if self._matters(before, block):
                raise UndecidedTie([candidate.project.id for candidate in block])
        self.ties.append(
            Tie(
                members=tuple(candidate.project.id for candidate in order),
                score=order[0].value,
                decided_by=resolved.decided_by,
                mattered=self._matters(self.state, order),
            )
        )

    def _after(self, head: tuple[Candidate, ...]) -> State:
        state = self.state
        for turn in self._award.turns(state, head):
            state = turn.after
        return state

    def _matters(self, state: State, equals: tuple[Candidate, ...]) -> bool:
        """Tell whether the order among equals changes who is funded.

        It is enough to move each member to the front and to the end, whatever the misfit: a
        member that fits alone is funded at the front, one that costs too much stops the others
        there, and only who comes last can be the one that overruns. Most ties end before that:
        nobody is funded even alone, or everybody is.
        """
        if not any(self._award.turn(state, candidate).funded for candidate in equals):
            return False
        usual = self._funded(state, equals)
        if len(usual) == len(equals) and sum(c.project.cost for c in equals) <= state.rest:
            return False
        return any(self._funded(state, other) != usual for other in _moved(equals))

    def _funded(self, state: State, order: tuple[Candidate, ...]) -> frozenset[tuple[str, int]]:
        """Return who is funded, and with how much."""
        funded = [turn for turn in self._award.turns(state, order) if turn.funded]
        return frozenset(
            (turn.candidate.project.id, turn.before.rest - turn.after.rest) for turn in funded
        )


def _moved(equals: tuple[Candidate, ...]) -> Iterator[tuple[Candidate, ...]]:
    for place, member in enumerate(equals):
        others = equals[:place] + equals[place + 1 :]
        yield (member, *others)
        yield (*others, member)


def _fate(turn: Turn, *, rank: int, place: int, margins: Margins) -> Fate:
    project, tally = turn.candidate.project, turn.candidate.tally
    return Fate(
        id=project.id,
        name=project.name,
        cost=project.cost,
        votes=tally.votes,
        points=tally.points,
        contra=tally.contra,
        score=turn.candidate.value,
        rank=rank,
        turn=place + 1,
        rest=turn.before.rest,
        outcome="funded" if turn.funded else "rejected",
        reason=turn.reason,
        margin=margins.of(place),
    )
