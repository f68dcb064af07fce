"""Compare what the declared rule gives with the outcome that a file states."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from partizipation_core.counting.ballots import BallotType, Voters
from partizipation_core.counting.cells import whole
from partizipation_core.counting.declared import Declared, declared, equal_shares_of
from partizipation_core.counting.election import Election
from partizipation_core.counting.greedy import Greedy
from partizipation_core.counting.misfit import Skip, Stop
from partizipation_core.counting.reasons import Reason
from partizipation_core.counting.shares import EqualShares
from partizipation_core.counting.tally import Tally
from partizipation_core.counting.ties import Drawn, Ties

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from partizipation_core.counting.result import Result

__all__ = ["Agreement", "Official", "Verdict", "check", "official", "official_totals"]


class Agreement(StrEnum):
    """Whether the declared rule leads to the official outcome."""

    REPRODUCED = "reproduced"
    DEVIATES = "deviates"
    NOT_DERIVABLE = "not_derivable"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """The outcome that a file states.

    Args:
        selected: funded by the rule (``selected`` is 1).
        otherwise: funded for another reason (2 or 3); a rule may fund them or not.
    """

    selected: frozenset[str]
    otherwise: frozenset[str]

    def agrees(self, result: Result) -> bool:
        """Return whether a result funds exactly what the rule officially funded.

        Args:
            result: the result.
        """
        return frozenset(result.funded) - self.otherwise == self.selected


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer to ``count check``.

    Args:
        rule: the rule that the file declares.
        agreement: whether it leads to the official outcome.
        reasons: why not, with the projects; empty only if it does.
    """

    rule: str
    agreement: Agreement
    reasons: tuple[Reason, ...] = ()


def official(election: Election) -> Official | None:
    """Return the outcome that a file states, None if it states none.

    Args:
        election: what was read from the file.
    """
    selected = {p.id: whole(p.meta.get("selected", "")) for p in election.projects}
    if not any(selected.values()):
        return None
    return Official(
        selected=frozenset(id_ for id_, mark in selected.items() if mark == "1"),
        otherwise=frozenset(id_ for id_, mark in selected.items() if mark in {"2", "3"}),
    )


def official_totals(election: Election) -> Election:
    """Return the election with the totals that the file states, where it states them for all.

    A city decides on its published totals. They can differ from the sum of the published ballots
    (invalid or weighted ballots), which is reported as a finding.

    Args:
        election: what was read from the file.
    """
    column = "score" if election.ballot_type.pointed else "votes"
    stated = [whole(project.meta.get(column, "")) for project in election.projects]
    if not all(text.isdecimal() for text in stated):
        return election
    numbers, tallies = list(map(int, stated)), election.tallies()
    if numbers == [t.points if election.ballot_type.pointed else t.votes for t in tallies]:
        return election
    votes = _votes(election, numbers)
    totals = (Tally(votes=v, points=n) for v, n in zip(votes, numbers, strict=True))
    return replace(
        election,
        ballot_type=BallotType.TOTALS,
        ballots=(),
        voters=Voters(),
        totals=tuple(totals),
    )


def _votes(election: Election, numbers: list[int]) -> list[int]:
    if election.ballot_type.pointed:
        return [tally.votes for tally in election.tallies()]
    return numbers


def check(election: Election) -> Verdict:
    """Apply the declared rule to the official totals and compare with the official outcome.

    Args:
        election: what was read from a file.
    """
    rule, outcome = declared(election), official(election)
    if outcome is None:
        return Verdict(
            rule=rule.name, agreement=Agreement.NONE, reasons=(Reason("official.none"),)
        )
    totals = official_totals(election) if rule.needs == "totals" else election
    result = rule.apply(totals)
    if result is None:
        reasons = (rule.reason,) if rule.reason else ()
        return Verdict(rule=rule.name, agreement=Agreement.NOT_DERIVABLE, reasons=reasons)
    if outcome.agrees(result):
        return Verdict(rule=rule.name, agreement=Agreement.REPRODUCED)
    causes = _causes(rule, election, totals, outcome)
    return Verdict(
        rule=rule.name,
        agreement=Agreement.DEVIATES,
        reasons=(*_difference(outcome, result), *causes),
    )


def _difference(outcome: Official, result: Result) -> Iterator[Reason]:
    funded = frozenset(result.funded)
    if extra := funded - outcome.selected - outcome.otherwise:
        yield Reason("official.extra", {"projects": _named(extra, result)})
    if missing := outcome.selected - funded:
        yield Reason("official.missing", {"projects": _named(missing, result)})


def _named(ids: Iterable[str], result: Result) -> str:
    """Name projects in the order of their ranks, each with its title."""
    fates = sorted((result.fates[id_] for id_ in ids), key=lambda fate: fate.turn)
    return ", ".join(f"{fate.id} ({fate.name})" if fate.name else fate.id for fate in fates)


def _causes(
    rule: Declared, election: Election, totals: Election, outcome: Official
) -> Iterator[Reason]:
    """Yield each single change of the rule that would lead to the official outcome."""
    found = False
    for reason, other, counted in _variants(rule, election, totals, outcome):
        result = other.apply(counted)
        if result and outcome.agrees(result):
            found = True
            yield reason
    if not found:
        yield from _overspent(election, outcome)


def _variants(
    rule: Declared, election: Election, totals: Election, outcome: Official
) -> Iterator[tuple[Reason, Declared, Election]]:
    if isinstance(rule.rule, EqualShares):
        yield from _other_shares(rule, rule.rule, election, outcome)
    if not isinstance(rule.rule, Greedy):
        return
    order = Drawn(tuple(sorted(outcome.selected)))
    tied = replace(rule, rule=replace(rule.rule, ties=Ties(order, "id")))
    yield _tie(rule, totals, outcome), tied, totals
    swapped = Stop() if isinstance(rule.rule.misfit, Skip) else Skip()
    other = replace(rule, rule=replace(rule.rule, misfit=swapped))
    yield Reason("official.cause_misfit", {"misfit": str(swapped)}), other, totals
    if rule.constraints:
        yield Reason("official.cause_constraints"), replace(rule, constraints=()), totals
    if totals is not election:
        yield Reason("official.cause_ballots"), rule, election


_SPELLED = (
    *("equalshares", "equalshares/add1", "equalshares/add1e", "equalshares/utilitarian"),
    *("equalshares/add1u", "equalshares/add1eu", "equalshares/add1/comparison"),
)


def _other_shares(
    rule: Declared, shares: EqualShares, election: Election, outcome: Official
) -> Iterator[tuple[Reason, Declared, Election]]:
    """Try other ties, completions and utilities of equal shares, one at a time."""
    order = Drawn(tuple(sorted(outcome.selected)))
    tied = replace(rule, rule=replace(shares, ties=Ties(order, "id")))
    yield _tie(rule, election, outcome), tied, election
    for utility in ("cost", "cardinality"):
        for name in _SPELLED:
            other = equal_shares_of(f"{name}/{utility}", shares.ties)
            if other and other != shares:
                cause = Reason("official.cause_variant", {"rule": f"{name}/{utility}"})
                yield cause, replace(rule, rule=other), election


def _tie(rule: Declared, totals: Election, outcome: Official) -> Reason:
    """Name the ties between a project that the rule funds and one that was funded officially."""
    result = rule.apply(totals)
    if result is None:
        return Reason("official.cause_unknown")
    differs = frozenset(result.funded) ^ outcome.selected
    ties = [tie for tie in result.ties if tie.mattered and differs & set(tie.members)]
    named = "; ".join(", ".join(tie.members) for tie in ties)
    return Reason("official.cause_tie", {"projects": named})


def _overspent(election: Election, outcome: Official) -> Iterator[Reason]:
    spent = sum(p.cost for p in election.projects if p.id in outcome.selected)
    if spent > election.budget:
        yield Reason("official.cause_budget", {"spent": spent, "budget": election.budget})
    elif election.meta.get("rule") == "greedy-exclusive":
        yield Reason("official.cause_groups")
    else:
        yield Reason("official.cause_unknown")
