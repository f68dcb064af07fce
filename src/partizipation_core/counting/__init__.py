"""Counting and awarding: an election goes in, one explained result comes out.

Needs the standard library only; with the extra ``fast`` equal shares of a city is sooner, with the
same result. Everything is a value, every rule a plain callable:
``Greedy(misfit="skip", ties=Ties("cost", Lot("2026-05-17")))(Election.from_pb(path))``.
"""

from partizipation_core.counting.ballots import Ballot, BallotType, Choices, Voters
from partizipation_core.counting.constraints import Candidate, Constraint, Exclusive, Threshold
from partizipation_core.counting.election import Election, NeedsBallots, Project
from partizipation_core.counting.greedy import Greedy
from partizipation_core.counting.knapsack import Knapsack
from partizipation_core.counting.limits import Budgets, Cap, Laminar
from partizipation_core.counting.lot import Draw, Lot
from partizipation_core.counting.misfit import (
    Assembly,
    Misfit,
    Overrun,
    Partial,
    Skip,
    Stop,
    misfit,
)
from partizipation_core.counting.phragmen import Phragmen
from partizipation_core.counting.pots import Pot, Pots
from partizipation_core.counting.ranking import RankedList
from partizipation_core.counting.reasons import Finding, Reason
from partizipation_core.counting.result import Fate, Margin, Result, Tie
from partizipation_core.counting.rounds import Round
from partizipation_core.counting.scores import Score
from partizipation_core.counting.shares import (
    Add1,
    Add1U,
    BoundedOverspending,
    Comparison,
    Endowments,
    EqualShares,
    ExactEqualShares,
    Utilitarian,
    Utility,
)
from partizipation_core.counting.shortlist import Selection, Shortlist
from partizipation_core.counting.tally import Tally, borda
from partizipation_core.counting.ties import Drawn, Ties, UndecidedTie, natural
from partizipation_core.counting.verify import verify

__all__ = [
    "Add1",
    "Add1U",
    "Assembly",
    "Ballot",
    "BallotType",
    "BoundedOverspending",
    "Budgets",
    "Candidate",
    "Cap",
    "Choices",
    "Comparison",
    "Constraint",
    "Draw",
    "Drawn",
    "Election",
    "Endowments",
    "EqualShares",
    "ExactEqualShares",
    "Exclusive",
    "Fate",
    "Finding",
    "Greedy",
    "Knapsack",
    "Laminar",
    "Lot",
    "Margin",
    "Misfit",
    "NeedsBallots",
    "Overrun",
    "Partial",
    "Phragmen",
    "Pot",
    "Pots",
    "Project",
    "RankedList",
    "Reason",
    "Result",
    "Round",
    "Score",
    "Selection",
    "Shortlist",
    "Skip",
    "Stop",
    "Tally",
    "Threshold",
    "Tie",
    "Ties",
    "UndecidedTie",
    "Utilitarian",
    "Utility",
    "Voters",
    "borda",
    "misfit",
    "natural",
    "verify",
]
