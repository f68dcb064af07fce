"""Counting and awarding: an election goes in, one explained result comes out.

Needs the standard library only. Everything is a value, every rule a plain callable:
``Greedy(misfit="skip", ties=Ties("cost", Lot("2026-05-17")))(Election.from_pb(path))``.
"""

from partizipation_core.counting.ballots import Ballot, BallotType, Choices, Voters
from partizipation_core.counting.constraints import Candidate, Constraint, Exclusive, Threshold
from partizipation_core.counting.election import Election, NeedsBallots, Project
from partizipation_core.counting.greedy import Greedy
from partizipation_core.counting.lot import Draw, Lot
from partizipation_core.counting.misfit import Misfit, Overrun, Skip, Stop, misfit
from partizipation_core.counting.reasons import Finding, Reason
from partizipation_core.counting.result import Fate, Margin, Result, Tie
from partizipation_core.counting.scores import Score
from partizipation_core.counting.shortlist import Selection, Shortlist
from partizipation_core.counting.tally import Tally, borda
from partizipation_core.counting.ties import Drawn, Ties, UndecidedTie, natural

__all__ = [
    "Ballot",
    "BallotType",
    "Candidate",
    "Choices",
    "Constraint",
    "Draw",
    "Drawn",
    "Election",
    "Exclusive",
    "Fate",
    "Finding",
    "Greedy",
    "Lot",
    "Margin",
    "Misfit",
    "NeedsBallots",
    "Overrun",
    "Project",
    "Reason",
    "Result",
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
    "Voters",
    "borda",
    "misfit",
    "natural",
]
