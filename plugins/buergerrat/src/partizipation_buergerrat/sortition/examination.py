"""Looks at a draw before it is made: is there a panel, who is in none, what would help."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from partizipation_buergerrat.sortition.fair import fair_chances
from partizipation_buergerrat.sortition.kinds import Kinds
from partizipation_buergerrat.sortition.leximin import leximin
from partizipation_buergerrat.sortition.limits import Limits
from partizipation_buergerrat.sortition.panels import Panels
from partizipation_buergerrat.sortition.program import Infeasible, Unknown
from partizipation_buergerrat.sortition.relaxation import Relaxation, relax

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from partizipation_buergerrat.sortition.problem import Problem
    from partizipation_buergerrat.sortition.quotas import Quota

__all__ = ["Comparison", "Count", "Examination", "Excluded", "Finding", "examine", "what_if"]

_LARGE = 6
"""From so many persons on, an address may be a home, or words that stand for no address."""

_WORK = 50_000
"""How many steps of the solver the search for obstacles may take: a few seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that people should know before the draw.

    Args:
        code: names the sentence.
        params: fills it.
        blocking: whether the draw must not go on unless somebody answers for it.
    """

    code: str
    params: Mapping[str, Any]
    blocking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A quota and how many there are to choose from.

    Args:
        quota: the limits.
        pool: persons in the pool with this feature.
        seated: persons with this feature who are seated already.
    """

    quota: Quota
    pool: int
    seated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """Persons whom no feasible panel can seat.

    Args:
        people: their identifiers.
        quotas: what would have to change, as little as possible, to seat one of them; empty if
            not even the flexible limits allow that.
        known: whether `quotas` was found; False where the search would have taken too long.
    """

    people: tuple[str, ...]
    quotas: tuple[Quota, ...]
    known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was found.

    Args:
        counts: one for each quota.
        feasible: whether there is a panel.
        relaxation: the smallest change that helps; None if none is needed or none does.
        excluded: who is in no panel.
        findings: all of it as codes and parameters, blocking ones first.
    """

    counts: tuple[Count, ...]
    feasible: bool
    relaxation: Relaxation | None
    excluded: tuple[Excluded, ...]
    findings: tuple[Finding, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What stands against the draw."""
        return tuple(finding for finding in self.findings if finding.blocking)


def examine(problem: Problem, *, nobody: Sequence[str] | None = None) -> Examination:
    """Look at a draw before it is made.

    Args:
        problem: the draw.
        nobody: who is in no panel, if that has been computed; see `Chances.excluded`.

    Raises:
        Unknown: the solver gave no answer.
        InputError: those seated exceed a quota.
    """
    left = problem.remaining()
    counts = _counts(problem)
    feasible = _is_feasible(left)
    relaxation = None if feasible else relax(left)
    excluded = tuple(_excluded(left, nobody)) if feasible else ()
    findings = [*_shortages(problem, counts), *_sums(problem)]
    if not feasible:
        findings += _infeasible(problem, relaxation)
    findings += [_told(each) for each in excluded]
    findings += _addresses(problem)
    findings.sort(key=lambda finding: not finding.blocking)
    return Examination(
        counts=counts,
        feasible=feasible,
        relaxation=relaxation,
        excluded=excluded,
        findings=tuple(findings),
    )


def _counts(problem: Problem) -> tuple[Count, ...]:
    there = problem.categories.count(problem.drawable)
    seated = problem.categories.count(problem.seated)
    return tuple(
        Count(
            quota=quota,
            pool=there[quota.category, quota.feature],
            seated=seated[quota.category, quota.feature],
        )
        for quota in problem.categories.quotas
    )


def _is_feasible(problem: Problem) -> bool:
    limits = Limits(Kinds.of(problem))
    try:
        Panels(limits).best(np.zeros(len(limits.sizes)))
    except Infeasible:
        return False
    return True


def _excluded(problem: Problem, nobody: Sequence[str] | None) -> Iterator[Excluded]:
    """Group persons in no panel by the quotas that keep them out."""
    if not problem.pool.people:
        return
    if nobody is None:
        nobody = fair_chances(problem, exact=False).excluded
    groups: dict[tuple[Quota, ...] | None, list[str]] = defaultdict(list)
    alike = {member: kind for kind in Kinds.of(problem).items for member in kind.members}
    known: dict[tuple[str, ...], tuple[Quota, ...] | None] = {}
    work: list[int] = []
    for person in nobody:
        members = alike[person].members
        if members not in known:
            known[members] = _obstacles(problem, person, work)
        groups[known[members]].append(person)
    for quotas, people in groups.items():
        there = quotas is not None
        yield Excluded(people=tuple(sorted(people)), quotas=quotas or (), known=there)


def _obstacles(problem: Problem, person: str, work: list[int]) -> tuple[Quota, ...] | None:
    """Find the quotas that keep a person out; None once that takes too long altogether."""
    if sum(work) > _WORK:
        return None
    try:
        change = relax(problem, person=person, tally=work.append)
    except Unknown:
        return None
    return change.changed if change else ()


def _quota(quota: Quota) -> dict[str, Any]:
    return {
        "category": quota.category,
        "feature": quota.feature,
        "least": quota.least,
        "most": quota.most,
    }


def _shortages(problem: Problem, counts: Sequence[Count]) -> Iterator[Finding]:
    if len(problem.drawable) < problem.vacant:
        there = {"pool": len(problem.drawable), "seats": problem.vacant}
        yield Finding(code="draw.too_few", params=there, blocking=True)
    for count in counts:
        if count.pool + count.seated < count.quota.least:
            params = _quota(count.quota) | {"pool": count.pool + count.seated}
            yield Finding(code="draw.short", params=params, blocking=True)


def _sums(problem: Problem) -> Iterator[Finding]:
    for category in problem.categories:
        least = sum(quota.least for quota in category.quotas)
        most = sum(quota.most for quota in category.quotas)
        params = {"category": category.name, "seats": problem.seats}
        if least > problem.seats:
            yield Finding(
                code="draw.least_too_high", params=params | {"sum": least}, blocking=True
            )
        if most < problem.seats:
            yield Finding(code="draw.most_too_low", params=params | {"sum": most}, blocking=True)


def _infeasible(problem: Problem, relaxation: Relaxation | None) -> Iterator[Finding]:
    yield Finding(code="draw.infeasible", params={}, blocking=True)
    if relaxation is None:
        yield Finding(code="draw.no_relaxation", params={}, blocking=True)
        return
    old = {(q.category, q.feature): q for q in problem.remaining().categories.quotas}
    for quota in relaxation.changed:
        before = old[quota.category, quota.feature]
        if quota.least < before.least:
            params = _quota(before) | {"new": quota.least}
            yield Finding(code="draw.lower_least", params=params)
        if quota.most > before.most:
            yield Finding(code="draw.raise_most", params=_quota(before) | {"new": quota.most})


def _told(excluded: Excluded) -> Finding:
    names = [f"{quota.category} = {quota.feature}" for quota in excluded.quotas]
    params = {"people": len(excluded.people), "quotas": ", ".join(names)}
    code = "draw.excluded" if names else "draw.excluded_for_good"
    if not excluded.known:
        code = "draw.excluded_somehow"
    return Finding(code=code, params=params, blocking=True)


def _addresses(problem: Problem) -> Iterator[Finding]:
    if not problem.one_per_household:
        return
    blank = sum(not person.household for person in problem.drawable)
    if blank:
        params = {"blank": blank, "pool": len(problem.drawable)}
        yield Finding(code="draw.blank_addresses", params=params)
    beside = len(problem.beside_seated)
    if beside:
        yield Finding(code="draw.seated_household", params={"people": beside})
    for home, people in problem.drawable.households().items():
        if len(people) >= _LARGE:
            written = ", ".join(home.split("|"))
            large = {"people": len(people), "written": written}
            yield Finding(code="draw.large_household", params=large)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What other quotas would mean.

    Args:
        feasible: whether there would be a panel.
        before: the smallest chance now, by quotas and households alone.
        after: the smallest chance then.
        features: category and feature → mean chance of those who have it, now and then.
    """

    feasible: bool
    before: float
    after: float
    features: Mapping[tuple[str, str], tuple[float, float]]


def what_if(problem: Problem, changed: Sequence[Quota], *, seats: int | None = None) -> Comparison:
    """Tell who would gain and who would lose by other quotas, from the targets alone.

    Args:
        problem: the draw.
        changed: quotas that would take the place of those for the same feature.
        seats: another size of the panel.
    """
    other = replace(
        problem,
        categories=problem.categories.change(changed),
        seats=problem.seats if seats is None else seats,
    )
    now, then = _means(problem.remaining()), _means(other.remaining())
    names = [(quota.category, quota.feature) for quota in problem.categories.quotas]
    return Comparison(
        feasible=then is not None,
        before=now[0] if now else 0.0,
        after=then[0] if then else 0.0,
        features={
            name: (now[1].get(name, 0.0) if now else 0.0, then[1].get(name, 0.0) if then else 0.0)
            for name in names
        },
    )


def _means(problem: Problem) -> tuple[float, dict[tuple[str, str], float]] | None:
    """Return the smallest chance, and the mean chance of those with each feature."""
    limits = Limits(Kinds.of(problem))
    try:
        target = leximin(limits)
    except Infeasible:
        return None
    people: dict[tuple[str, str], int] = defaultdict(int)
    seats: dict[tuple[str, str], float] = defaultdict(float)
    for kind, expected in zip(limits.kinds.items, target.seats, strict=True):
        for category, feature in zip(problem.categories, kind.features, strict=True):
            people[category.name, feature] += kind.size
            seats[category.name, feature] += float(expected)
    return target.minimum, {name: seats[name] / people[name] for name in people}
