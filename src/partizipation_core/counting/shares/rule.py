"""The Method of Equal Shares (Methode der gleichen Anteile), exact.

Every voter has an equal part of the budget. A project can be bought if its supporters can pay for
it; they share the cost as equally as their money allows, and the project with the lowest price
for utility is bought next. Peters, Pierczyński, Skowron: Proportional participatory budgeting
with additive utilities (2021).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from partizipation_core.counting.fates import candidates_of
from partizipation_core.counting.scores import Score
from partizipation_core.counting.shares.completions import Completion, Count, Outcome
from partizipation_core.counting.shares.glance import Glance, glance
from partizipation_core.counting.shares.groups import Endowments, grouped
from partizipation_core.counting.shares.market import Market
from partizipation_core.counting.shares.run import Run
from partizipation_core.counting.shares.telling import tell
from partizipation_core.counting.ties import Ties
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from partizipation_core.counting.constraints import Constraint
    from partizipation_core.counting.election import Election
    from partizipation_core.counting.result import Result

__all__ = ["EqualShares", "Utility"]


class Utility(StrEnum):
    """What a funded project is worth to a voter who supports it.

    ``cost`` its cost: the most effective votes are bought first, which is what cities use.
    ``cardinality`` one, whatever it costs, as in the first papers. ``score`` the points that the
    ballot gives it. ``score_cost`` those points times its cost.
    """

    COST = "cost"
    CARDINALITY = "cardinality"
    SCORE = "score"
    SCORE_COST = "score_cost"

    @property
    def pointed(self) -> bool:
        """Whether the points of a ballot matter."""
        return self in {Utility.SCORE, Utility.SCORE_COST}

    def worth(self, cost: int) -> int:
        """Return the utility of one point.

        Args:
            cost: what the project costs; free ones are bought first in any case.
        """
        return (cost or 1) if self in {Utility.COST, Utility.SCORE_COST} else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualShares:
    """Fund what groups of voters can pay for from their equal shares.

    Args:
        utility: what a project is worth to its supporters.
        completion: what follows if money is left: one step or several.
        ties: the order among projects at the same price for utility.
        endowments: money of each voter; without them all have the same.
        margins: tell for each rejected project how many more votes were missing.
        engine: ``plain``, ``fast`` (numpy) or ``auto``; the result is the same.
    """

    name: ClassVar[str] = "equal_shares"
    version: ClassVar[int] = 1
    needs: ClassVar[str] = "ballots"

    utility: Utility | str = Utility.COST
    completion: Completion | Sequence[Completion] = ()
    ties: Ties = field(default_factory=Ties)
    endowments: Endowments | None = None
    margins: bool = True
    engine: str = "auto"

    def __post_init__(self) -> None:
        if self.utility not in set(Utility):
            raise InputError(f"utility {self.utility!r} is none of {', '.join(Utility)}")
        object.__setattr__(self, "utility", Utility(self.utility))
        steps = self.completion if isinstance(self.completion, Sequence) else (self.completion,)
        object.__setattr__(self, "completion", tuple(steps))

    @property
    def steps(self) -> tuple[Completion, ...]:
        """The completion, step by step."""
        return tuple(self.completion) if isinstance(self.completion, Sequence) else ()

    @property
    def parameters(self) -> dict[str, object]:
        """The settings as plain data."""
        return {
            "utility": str(self.utility),
            "completion": [step.to_data() for step in self.steps],
            "ties": self.ties.to_data(),
            "endowments": self.endowments.to_data() if self.endowments else None,
            "score": str(Score.POINTS if Utility(self.utility).pointed else Score.VOTES),
        }

    def __call__(self, election: Election, constraints: Sequence[Constraint] = ()) -> Result:
        """Apply the rule.

        Args:
            election: what was voted, ballot by ballot.
            constraints: what may not be funded.

        Raises:
            NeedsBallots: only totals are known.
            UndecidedTie: equal projects compete and the tie order leaves them equal.
        """
        election.require(self.needs, self.name)
        count = self.count(election, constraints)
        outcome = Outcome(run=count.run(Fraction(0)))
        for step in self.steps:
            outcome = step.complete(count, outcome)
        return tell(self, count, outcome)

    def count(self, election: Election, constraints: Sequence[Constraint] = ()) -> Count:
        """Return what all runs of one count share.

        Args:
            election: what was voted, ballot by ballot.
            constraints: what may not be funded.
        """
        market = self.market(election, constraints)
        starts = market.groups.starts

        def run(added: Fraction, forced: Mapping[int, int] | None = None) -> Run:
            return Run(market, [start + added for start in starts], forced or {})

        def sight(added: Fraction) -> Glance | None:
            return glance(market, [start + added for start in starts])

        return Count(election=election, market=market, ties=self.ties, run=run, glance=sight)

    def market(self, election: Election, constraints: Sequence[Constraint] = ()) -> Market:
        """Return the projects and voters of an election as this rule sees them.

        Args:
            election: what was voted, ballot by ballot.
            constraints: what may not be funded.
        """
        utility = Utility(self.utility)
        candidates = candidates_of(election, Score.POINTS if utility.pointed else Score.VOTES)
        return Market.of(
            groups=grouped(election, points=utility.pointed, endowments=self.endowments),
            candidates=candidates,
            worth=[utility.worth(candidate.project.cost) for candidate in candidates],
            constraints=constraints,
            ties=self.ties,
            engine=self.engine,
        )
