"""What every rule tells in the same way: fates with ranks and turns, and the frame of a result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from partizipation_core.counting.constraints import Candidate
from partizipation_core.counting.reasons import Reason
from partizipation_core.counting.result import Fate, Margin, Result
from partizipation_core.counting.ties import Ties, natural

if TYPE_CHECKING:
    from partizipation_core.counting.constraints import Constraint
    from partizipation_core.counting.election import Election
    from partizipation_core.counting.scores import Score

__all__ = [
    "EXCLUDED",
    "MISSED",
    "NEEDLESS",
    "Rule",
    "by_rank",
    "candidates_of",
    "fate_of",
    "result_of",
    "turns",
]

NEEDLESS = Margin(missing=None, reason=Reason("margin.funded"))
"""The margin of a funded project."""

MISSED = Margin(missing=None, reason=Reason("margin.not_told"))
"""The margin where none is worked out."""


EXCLUDED = Margin(missing=None, reason=Reason("margin.excluded"))
"""The margin where no number of votes helps."""


class Rule(Protocol):
    """What a result says about the rule that gave it."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def version(self) -> int:
        """Its version."""

    @property
    def parameters(self) -> dict[str, object]:
        """Its settings as plain data."""

    @property
    def ties(self) -> Ties:
        """Its order among equals."""


def candidates_of(election: Election, score: Score) -> list[Candidate]:
    """Return the projects with their totals, in the order of the election.

    Args:
        election: what was voted.
        score: what is told as their score.
    """
    paired = zip(election.projects, election.tallies(), strict=True)
    return [Candidate(project=p, tally=t, score=score) for p, t in paired]


def by_rank(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return projects with the best score first, equal ones by their ids.

    Args:
        candidates: the projects.
    """
    ordered = sorted(candidates, key=lambda candidate: natural(candidate.project.id))
    return sorted(ordered, key=lambda candidate: candidate.key, reverse=True)


def fate_of(candidate: Candidate, rest: int, reason: Reason, margin: Margin | None = None) -> Fate:
    """Return the fate of a project, its rank and turn still open; without a margin it is funded.

    Args:
        candidate: the project.
        rest: money left when its turn came.
        reason: why.
        margin: how much more support it would have needed.
    """
    project, tally = candidate.project, candidate.tally
    return Fate(
        id=project.id,
        name=project.name,
        cost=project.cost,
        votes=tally.votes,
        points=tally.points,
        contra=tally.contra,
        score=candidate.value,
        rank=0,
        turn=0,
        rest=rest,
        outcome="rejected" if margin else "funded",
        reason=reason,
        margin=margin or NEEDLESS,
    )


def turns(fates: Iterable[Fate], candidates: Iterable[Candidate]) -> dict[str, Fate]:
    """Return fates by id, with their turns in the order given and their ranks by score.

    Args:
        fates: the fates in the order of their turns.
        candidates: all projects.
    """
    ranks: dict[str, int] = {}
    last, rank = None, 0
    for place, candidate in enumerate(by_rank(candidates), start=1):
        if candidate.key != last:
            last, rank = candidate.key, place
        ranks[candidate.project.id] = rank
    return {
        fate.id: replace(fate, turn=turn, rank=ranks[fate.id])
        for turn, fate in enumerate(fates, start=1)
    }


def result_of(
    rule: Rule,
    election: Election,
    constraints: Sequence[Constraint],
    fates: Mapping[str, Fate],
    **more: Any,
) -> Result:
    """Return the result that fates make.

    Args:
        rule: the rule that was applied.
        election: what was voted.
        constraints: what could not be funded.
        fates: what became of each project.
        more: further fields of the result; ``funded`` where another order than that of the turns
            is meant.
    """
    funded = more.pop("funded", tuple(id_ for id_, f in fates.items() if f.outcome == "funded"))
    conditions = [constraint.to_data() for constraint in constraints]
    ids = [project.id for project in election.projects]
    return Result(
        rule=rule.name,
        version=rule.version,
        parameters={**rule.parameters, "constraints": conditions},
        budget=election.budget,
        unit=election.unit,
        currency=election.currency,
        funded=funded,
        rest=election.budget - sum(fates[id_].amount for id_ in funded),
        fates=fates,
        lot=rule.ties.lot.draw(ids) if rule.ties.lot else None,
        findings=election.findings,
        **more,
    )
