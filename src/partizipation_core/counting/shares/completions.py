"""What follows equal shares where money is left: values that compose, applied one by one.

Equal shares often leaves money unspent. ``Add1`` gives all voters more and counts again,
`Utilitarian` fills up by score, `Comparison` asks whether more voters would be better served by
another rule. "Add1" is not one rule in practice, so what ends it has no default.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from partizipation_core.counting.award import Award, State
from partizipation_core.counting.constraints import Candidate, Standing
from partizipation_core.counting.greedy import Greedy, RankedRun
from partizipation_core.counting.misfit import Skip
from partizipation_core.counting.reasons import Reason
from partizipation_core.counting.scores import Score
from partizipation_core.counting.shares.sweep import Sweep
from partizipation_core.counting.ties import Ties
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from partizipation_core.counting.election import Election
    from partizipation_core.counting.result import Fate, Result, Tie
    from partizipation_core.counting.shares.glance import Glance
    from partizipation_core.counting.shares.market import Market
    from partizipation_core.counting.shares.run import Run

__all__ = [
    "Add1",
    "Add1U",
    "Comparison",
    "Completion",
    "Count",
    "Outcome",
    "Utilitarian",
    "is_exhaustive",
]

Stop: TypeAlias = Literal["exhaustive", "overrun"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What completions may use.

    Args:
        election: what was voted.
        market: its projects and voters.
        ties: the order among equals.
        run: applies equal shares with so much more money for each voter.
        glance: the same without prices, None if only an exact run can tell.
    """

    election: Election
    market: Market
    ties: Ties
    run: Callable[[Fraction], Run]
    glance: Callable[[Fraction], Glance | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How far a count has come.

    Args:
        run: the run that decides.
        added: how much more each voter had in it than at first.
        filled: fates of the projects treated after it, in their order.
        ties: ties outside the run that decides.
        notes: what happened.
        other: the result that took the place of all this.
    """

    run: Run
    added: Fraction = Fraction(0)
    filled: tuple[Fate, ...] = ()
    ties: tuple[Tie, ...] = ()
    notes: tuple[Reason, ...] = ()
    other: Result | None = None

    @property
    def funded(self) -> tuple[str, ...]:
        """The ids of the funded projects in the order of funding."""
        if self.other:
            return self.other.funded
        bought = (self.run.market.candidates[number].project.id for number in self.run.bought)
        return (*bought, *(fate.id for fate in self.filled if fate.outcome == "funded"))


class Completion(Protocol):
    """One step after equal shares."""

    def complete(self, count: Count, outcome: Outcome) -> Outcome:
        """Return the outcome after this step.

        Args:
            count: what was voted.
            outcome: how far the count has come.
        """

    def to_data(self) -> dict[str, object]:
        """Return the step as plain data, for the protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Add1:
    """Give every voter more and count again, from the start.

    Args:
        stop: ``exhaustive`` ends with the first outcome that leaves no money for any further
            project; ``overrun`` goes on until an outcome costs more than there is. Both take the
            last outcome that the budget covers.
        step: by how much more money each voter has, in units of the currency.
    """

    stop: Stop
    step: int = 1

    def __post_init__(self) -> None:
        if self.step < 1 or self.stop not in {"exhaustive", "overrun"}:
            raise InputError("Add1 needs stop exhaustive or overrun and a step of at least 1")

    def complete(self, count: Count, outcome: Outcome) -> Outcome:
        """Return the last outcome that the budget covers.

        Args:
            count: what was voted.
            outcome: how far the count has come.
        """
        step = Fraction(self.step * count.election.unit)
        sweep = Sweep(count, outcome.added, step)
        steps, cause = 0, self._ended(count, outcome.run)
        while not cause:
            steps += sweep.alike(steps)
            more = sweep.after(steps + 1)
            if more.cost > count.election.budget:
                cause = "shares.add1_overrun"
            else:
                steps, cause = steps + 1, self._ended(count, more)
        added = outcome.added + steps * step
        note = Reason(cause, {"steps": steps, "added": int(added)})
        run = count.run(added) if steps else outcome.run
        return replace(outcome, run=run, added=added, notes=(*outcome.notes, note))

    def _ended(self, count: Count, seen: Run | Glance) -> str:
        if not seen.short:
            return "shares.add1_all"
        if self.stop == "exhaustive" and is_exhaustive(count, seen.bought):
            return "shares.add1_exhaustive"
        return ""

    def to_data(self) -> dict[str, object]:
        """Return the step as plain data."""
        return {"add1": {"stop": self.stop, "step": self.step}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilitarian:
    """Fill up by score with whatever fits.

    Args:
        score: what projects are ranked by; without one points where ballots give points, else
            votes.
    """

    score: Score | str | None = None

    def complete(self, count: Count, outcome: Outcome) -> Outcome:
        """Return the outcome with more projects funded.

        Args:
            count: what was voted.
            outcome: how far the count has come.
        """
        market, bought = count.market, set(outcome.run.bought)
        pointed = count.election.ballot_type.pointed
        score = Score(self.score or (Score.POINTS if pointed else Score.VOTES))
        funded = tuple(market.candidates[number] for number in outcome.run.bought)
        rest = count.election.budget - sum(candidate.project.cost for candidate in funded)
        left = [
            replace(c, score=score) for n, c in enumerate(market.candidates) if n not in bought
        ]
        award = Award(misfit=Skip(), constraints=(Standing(), *market.constraints))
        ranked = RankedRun(award, count.ties, State(rest=rest, funded=funded))
        for equals in _ranked(left):
            ranked.treat(equals)
        fates = tuple(ranked.fates()) if left else ()
        params = {"rest": rest, "filled": sum(fate.outcome == "funded" for fate in fates)}
        return replace(
            outcome,
            filled=fates,
            ties=(*outcome.ties, *ranked.ties),
            notes=(*outcome.notes, Reason("shares.filled", params)),
        )

    def to_data(self) -> dict[str, object]:
        """Return the step as plain data."""
        return {"utilitarian": {"score": str(self.score) if self.score else None}}


def Add1U(*, stop: Stop, step: int = 1) -> tuple[Completion, ...]:  # noqa: N802 - the rule's name
    """Return ``Add1`` followed by ``Utilitarian``.

    Args:
        stop: as for `Add1`.
        step: as for `Add1`.
    """
    return (Add1(stop=stop, step=step), Utilitarian())


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Take the outcome of another rule if more voters prefer it (Vergleichsschritt).

    Args:
        by: ``satisfaction`` prefers the outcome that funds more of the projects one voted for;
            ``exclusion`` prefers one that funds at least one of them to one that funds none.
        rule: the other rule; without one by votes, skipping what does not fit.
    """

    by: Literal["satisfaction", "exclusion"] = "satisfaction"
    rule: Greedy | None = field(default=None)

    def complete(self, count: Count, outcome: Outcome) -> Outcome:
        """Return the outcome that more voters prefer; the given one if as many prefer either.

        Args:
            count: what was voted.
            outcome: how far the count has come.
        """
        rule = self.rule or Greedy(misfit="skip", ties=count.ties)
        other = rule(count.election, count.market.constraints)
        ours, theirs = self._preferring(count, outcome.funded, other.funded)
        code = "shares.comparison_lost" if theirs > ours else "shares.comparison_held"
        note = Reason(code, {"ours": ours, "theirs": theirs})
        notes = (*outcome.notes, note)
        return replace(outcome, notes=notes, other=other if theirs > ours else outcome.other)

    def _preferring(
        self, count: Count, ours: Sequence[str], theirs: Sequence[str]
    ) -> tuple[int, int]:
        place = {p.id: number for number, p in enumerate(count.election.projects)}
        sets = [{place[id_] for id_ in funded} for funded in (ours, theirs)]
        groups, votes = count.market.groups, [0, 0]
        for choices, weight in zip(groups.choices, groups.weights, strict=True):
            mine, yours = (len(funded.intersection(choices)) for funded in sets)
            if self.by == "exclusion":
                mine, yours = min(mine, 1), min(yours, 1)
            votes[0] += weight * (mine > yours)
            votes[1] += weight * (yours > mine)
        return votes[0], votes[1]

    def to_data(self) -> dict[str, object]:
        """Return the step as plain data."""
        rule = {"rule": self.rule.name, **self.rule.parameters} if self.rule else None
        return {"comparison": {"by": self.by, "rule": rule}}


def is_exhaustive(count: Count, bought: Sequence[int]) -> bool:
    """Return whether the money left is not enough for any project that may still be funded.

    Args:
        count: what was voted.
        bought: numbers of the funded projects.
    """
    market = count.market
    rest = count.election.budget - sum(map(market.cost, bought))
    return not any(
        market.cost(number) <= rest and market.objection(number, bought) is None
        for number in set(market.able) - set(bought)
    )


def _ranked(candidates: Sequence[Candidate]) -> list[tuple[Candidate, ...]]:
    ordered = sorted(candidates, key=attrgetter("key"), reverse=True)
    return [tuple(equals) for _, equals in groupby(ordered, key=attrgetter("key"))]
