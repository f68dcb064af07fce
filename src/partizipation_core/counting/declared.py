"""One fixed mapping from what a ``.pb`` file declares to a rule that can be applied.

``greedy``
    By score, skip what does not fit.
``greedy-no-skip``
    By score, stop at the first misfit.
``greedy-threshold``
    As ``greedy``; ``min_project_score_threshold`` is required.
``greedy-exclusive``
    As ``greedy``, one project of each ``exclusive_group``. Pabulib has no column for groups, so
    without ours no project excludes another.
``greedy-custom``
    Described in ``comment``; "at least 80% of that project" is the overrun of Poznań, any other
    description cannot be derived.
anything else
    Cannot be derived here.

The score is points for cumulative, ordinal and scoring ballots, votes otherwise.
``min_project_score_threshold`` is a minimum of that score under each of these rules.
``fully_funded = 1`` says that there was money for all, so neither minimum nor votes are asked for.
Equal scores are ordered by the smaller id, since files name no tie rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from partizipation_core.counting.constraints import Constraint, Exclusive, Threshold
from partizipation_core.counting.greedy import Greedy
from partizipation_core.counting.misfit import Misfit, Overrun, Skip, Stop
from partizipation_core.counting.reasons import Reason
from partizipation_core.counting.scores import Score
from partizipation_core.counting.ties import Ties

if TYPE_CHECKING:
    from partizipation_core.counting.election import Election
    from partizipation_core.counting.result import Result

__all__ = ["RULES", "Declared", "declared", "score_of"]

RULES = ("greedy", "greedy-no-skip", "greedy-threshold", "greedy-exclusive", "greedy-custom")
"""Declared rules that can be applied."""

_THRESHOLD = "min_project_score_threshold"
_SHARE = re.compile(r"at least ([0-9]{1,2}|100) ?% of that project")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What a file declares.

    Args:
        name: the rule as the file names it.
        rule: the rule to apply, None if it cannot be derived.
        constraints: its conditions.
        reason: why it cannot be derived, None if it can.
    """

    name: str
    rule: Greedy | None = None
    constraints: tuple[Constraint, ...] = ()
    reason: Reason | None = None

    def apply(self, election: Election) -> Result | None:
        """Return the result for an election, None if the rule cannot be derived.

        Args:
            election: what was voted; usually the one that declares the rule.
        """
        return self.rule(election, self.constraints) if self.rule else None


def score_of(election: Election) -> Score:
    """Return what projects are ranked by unless something else is said.

    Args:
        election: its ballots decide.
    """
    return Score.POINTS if election.ballot_type.pointed else Score.VOTES


def declared(
    election: Election,
    *,
    name: str | None = None,
    threshold: int | None = None,
    ties: Ties | None = None,
) -> Declared:
    """Return the rule that an election declares.

    Args:
        election: what was read from a file.
        name: apply this rule instead of the declared one.
        threshold: demand this score instead of the declared one.
        ties: order equals so instead of by id.
    """
    name = election.meta.get("rule", "unknown") if name is None else name
    full = election.meta.get("fully_funded") == "1"
    minimum = _threshold(election) if threshold is None else threshold
    misfit = _misfit(name, election)
    if isinstance(misfit, Reason):
        return Declared(name=name, reason=misfit)
    if reason := _unclear(name, election, minimum):
        return Declared(name=name, reason=reason)
    groups = (Exclusive(),) if any(project.exclusive for project in election.projects) else ()
    thresholds = (Threshold(minimum),) if minimum is not None and not full else ()
    return Declared(
        name=name,
        rule=Greedy(
            misfit=misfit, score=score_of(election), ties=ties or Ties("id"), unsupported=full
        ),
        constraints=(*thresholds, *groups),
    )


def _threshold(election: Election) -> int | None:
    text = election.meta.get(_THRESHOLD, "").removesuffix(".0")
    return int(text) if text.isdecimal() else None


def _misfit(name: str, election: Election) -> Misfit | Reason:
    if name == "greedy-custom":
        if found := _SHARE.search(election.meta.get("comment", "")):
            return Overrun(Fraction(int(found[1]), 100))
        return Reason("declared.custom")
    if name not in RULES:
        code = "declared.unknown" if name in {"unknown", ""} else "declared.not_installed"
        return Reason(code, {"rule": name})
    return Stop() if name == "greedy-no-skip" else Skip()


def _unclear(name: str, election: Election, minimum: int | None) -> Reason | None:
    if name == "greedy-threshold" and minimum is None:
        return Reason("declared.no_threshold")
    if key := next((key for key in election.meta if key.startswith("budget_per_")), None):
        return Reason("declared.sub_budgets", {"key": key})
    return None
