"""One fixed mapping from what a ``.pb`` file declares to a rule that can be applied.

``greedy``
    By score, skip what does not fit.
``greedy-no-skip``
    By score, stop at the first misfit.
``greedy-threshold``
    As ``greedy``; ``min_project_score_threshold`` is required.
``greedy-exclusive``
    As ``greedy``, one project of each ``exclusive_group``; projects that a column ``conflicts``
    names exclude each other, too. Without either no project excludes another.
``greedy-custom``
    Described in ``comment``; "at least 80% of that project" is the overrun of Poznań, any other
    description cannot be derived.
``equalshares``, followed by any of ``/add1``, ``/add1u``, ``/utilitarian``, ``/comparison``
    Equal shares; the details are those of `equal_shares_of`.
``votes-per-cost``, ``phragmen``, ``knapsack``, ``exact-equalshares``, ``bos-equalshares``
    As their names say; the last one is equal shares with bounded overspending.
anything else
    Cannot be derived here.

The score is points for cumulative, ordinal and scoring ballots, votes otherwise.
``min_project_score_threshold`` is a minimum of that score under each of these rules.
``budget_per_category`` and the like are upper bounds for each group. ``fully_funded = 1`` says
that there was money for all, so neither minimum nor votes are asked for. Equal scores are ordered
by the smaller id, since files name no tie rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from partizipation_core.counting.cells import whole
from partizipation_core.counting.constraints import Constraint, Exclusive, Threshold
from partizipation_core.counting.greedy import Greedy
from partizipation_core.counting.knapsack import Knapsack
from partizipation_core.counting.limits import Budgets
from partizipation_core.counting.misfit import Misfit, Overrun, Skip, Stop
from partizipation_core.counting.phragmen import Phragmen
from partizipation_core.counting.pots import Countable
from partizipation_core.counting.reasons import Reason
from partizipation_core.counting.scores import Score
from partizipation_core.counting.shares import (
    Add1,
    BoundedOverspending,
    Comparison,
    EqualShares,
    ExactEqualShares,
    Utilitarian,
)
from partizipation_core.counting.ties import Ties

if TYPE_CHECKING:
    from partizipation_core.counting.election import Election
    from partizipation_core.counting.result import Result
    from partizipation_core.counting.shares import Completion

__all__ = ["RULES", "Declared", "declared", "equal_shares_of", "is_rule", "score_of"]

RULES = (
    "greedy",
    "greedy-no-skip",
    "greedy-threshold",
    "greedy-exclusive",
    "greedy-custom",
    "votes-per-cost",
    "equalshares",
    "equalshares/add1",
    "equalshares/add1u",
    "equalshares/add1/comparison",
    "equalshares/utilitarian",
    "phragmen",
    "knapsack",
    "exact-equalshares",
    "bos-equalshares",
)
"""Rules that can be applied by name; ``equalshares`` takes more parts than are listed."""

_THRESHOLD = re.compile(r"min_project_(score|votes?|points?)_threshold")
_SHARE = re.compile(
    r"at least ([0-9]{1,2}|100) ?% of (?:that|the|its) (?:project|cost|remaining project)"
)
_NUMBER = re.compile(r"([0-9]{1,18})(?:[.]0+)?")
_PERCENT = re.compile(r"([0-9]{1,3})(?:[.]([0-9]{1,6}))? ?%")
_EQUAL_SHARES = re.compile(r"(?:method-of-)?equal-?shares|mes")
_UTILITIES = ("cost", "cardinality", "score", "score-cost")
_CONFLICTS = ("conflicts", "conflict", "conflicting_projects", "excludes")
_SUB_BUDGET = "budget_per_"
_PLURALS = {"category": "categories", "city": "cities", "target": "beneficiaries"}


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
    rule: Countable | None = None
    constraints: tuple[Constraint, ...] = ()
    reason: Reason | None = None

    @property
    def needs(self) -> str:
        """What the rule needs: ``ballots`` or ``totals``."""
        return str(getattr(self.rule, "needs", "totals"))

    def apply(self, election: Election) -> Result | None:
        """Return the result for an election, None if the rule cannot be derived.

        Args:
            election: what was voted; usually the one that declares the rule.
        """
        return self.rule(election, self.constraints) if self.rule else None


def is_rule(name: str) -> bool:
    """Return whether a rule can be applied by this name.

    Args:
        name: as in `RULES`, or ``equalshares`` with its parts.
    """
    return name in RULES or equal_shares_of(name, Ties("id")) is not None


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
    full = whole(election.meta.get("fully_funded", "")) == "1"
    thresholds = list(_thresholds(election)) if threshold is None else [Threshold(threshold)]
    rule = _rule(name, election, ties or Ties("id"), unsupported=full)
    if isinstance(rule, Reason):
        return Declared(name=name, reason=rule)
    if name == "greedy-threshold" and not thresholds:
        return Declared(name=name, reason=Reason("declared.no_threshold"))
    budgets = list(_sub_budgets(election))
    if reason := next((each for each in budgets if isinstance(each, Reason)), None):
        return Declared(name=name, reason=reason)
    limits = [each for each in budgets if isinstance(each, Budgets)]
    conditions: tuple[Constraint, ...] = (
        *([] if full else thresholds),
        *limits,
        *_exclusive(election),
    )
    return Declared(name=name, rule=rule, constraints=conditions)


def equal_shares_of(name: str, ties: Ties) -> EqualShares | None:
    """Return equal shares as a name spells it, None if a part is not known.

    ``equalshares`` alone is the cost-utility variant that cities use, with votes as utility even
    where ballots give points. Parts are divided by ``/`` or ``+``: ``cardinality``, ``score`` or
    ``score_cost`` choose another utility; ``add1`` raises the shares until an outcome costs too
    much, ``add1e`` or ``exhaustive`` only until no further project fits; ``utilitarian`` fills up
    by score; ``add1u`` and ``add1eu`` are both; ``comparison`` compares with the award by rank.

    Args:
        name: such as ``equalshares/add1``.
        ties: the order among equals.
    """
    head, *parts = filter(
        None, re.split(r"[/+ ]", (name.strip() or "?").lower().replace("_", "-"))
    )
    if not _EQUAL_SHARES.fullmatch(head):
        return None
    early = {"exhaustive", "add1e", "add1eu"} & set(parts)
    add1 = Add1(stop="exhaustive" if early else "overrun")
    known: dict[str, tuple[Completion, ...]] = {
        **dict.fromkeys(("add1", "add1e"), (add1,)),
        **dict.fromkeys(("add1u", "add1eu"), (add1, Utilitarian())),
        "utilitarian": (Utilitarian(),),
        "comparison": (Comparison(),),
        **dict.fromkeys(("exhaustive", "overrun", *_UTILITIES), ()),
    }
    if not set(parts) <= set(known):
        return None
    steps = [step for part in parts for step in known[part]]
    utility = next((part for part in parts if part in _UTILITIES), "cost")
    return EqualShares(utility=utility.replace("-", "_"), completion=steps, ties=ties)


def _rule(name: str, election: Election, ties: Ties, *, unsupported: bool) -> Countable | Reason:
    score, spelled = score_of(election), name.strip().lower()
    misfit = _misfit(spelled, election)
    if isinstance(misfit, Reason):
        return misfit
    if misfit is not None:
        return Greedy(misfit=misfit, score=score, ties=ties, unsupported=unsupported)
    others: dict[str, Countable] = {
        "votes-per-cost": Greedy(misfit=Skip(), score=Score.VOTES_PER_COST, ties=ties),
        "phragmen": Phragmen(ties=ties),
        "knapsack": Knapsack(score=score, ties=ties),
        "exact-equalshares": ExactEqualShares(ties=ties),
        "bos-equalshares": BoundedOverspending(ties=ties),
    }
    code = "declared.unknown" if spelled in {"unknown", ""} else "declared.not_installed"
    known = others.get(spelled) or equal_shares_of(spelled, ties)
    return known or Reason(code, {"rule": name})


def _misfit(spelled: str, election: Election) -> Misfit | Reason | None:
    """Return what a rule of award by rank does with misfits, None if it is another rule."""
    if spelled in {"greedy", "greedy-threshold", "greedy-exclusive"}:
        return Skip()
    if spelled == "greedy-custom":
        found = _SHARE.search(election.meta.get("comment", ""))
        return Overrun(Fraction(int(found[1]), 100)) if found else Reason("declared.custom")
    return Stop() if spelled == "greedy-no-skip" else None


def _thresholds(election: Election) -> Iterator[Threshold]:
    for key, text in election.meta.items():
        found = _THRESHOLD.fullmatch(key)
        minimum = _minimum(text, election.num_votes) if found else None
        if found and minimum is not None:
            yield Threshold(minimum, "votes" if found[1].startswith("vote") else "score")


def _minimum(text: str, voters: int) -> int | None:
    if found := _NUMBER.fullmatch(text):
        return int(found[1])
    if found := _PERCENT.fullmatch(text):
        decimals = found[2] or ""
        return ceil(Fraction(int(found[1] + decimals), 100 * 10 ** len(decimals)) * voters)
    return None


def _sub_budgets(election: Election) -> Iterator[Budgets | Reason]:
    """Read ``budget_per_<group>``: amounts in the order in which META names the groups."""
    for key, text in election.meta.items():
        if not key.startswith(_SUB_BUDGET):
            continue
        by = key.removeprefix(_SUB_BUDGET)
        listed = election.meta.get(_PLURALS.get(by, f"{by}s"), election.meta.get(by, ""))
        names = [name.strip() for name in listed.split(",") if name.strip()]
        amounts = [_NUMBER.fullmatch(amount.strip()) for amount in text.split(",")]
        if len(names) == len(amounts) and all(amounts):
            whole = [int(found[1]) * election.unit for found in amounts if found]
            yield Budgets(by=by, amounts=dict(zip(names, whole, strict=True)))
        else:
            yield Reason("declared.sub_budgets", {"key": key})


def _exclusive(election: Election) -> Iterator[Exclusive]:
    if any(project.exclusive for project in election.projects):
        yield Exclusive()
    known = {project.id for project in election.projects}
    pairs = [
        frozenset((project.id, other.strip()))
        for project in election.projects
        for column in _CONFLICTS
        for other in re.split(r"[,|]", project.meta.get(column, ""))
        if other.strip() in known - {project.id}
    ]
    if pairs:
        yield Exclusive(tuple(dict.fromkeys(pairs)))
