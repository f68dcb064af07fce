"""One award as a fold: a state, the next project in line, the state after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from partizipation_core.counting.misfit import Assembly, Partial
from partizipation_core.counting.reasons import Reason

if TYPE_CHECKING:
    from partizipation_core.counting.constraints import Candidate, Constraint
    from partizipation_core.counting.misfit import Misfit

__all__ = ["Award", "State", "Turn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where an award stands between two projects.

    Args:
        rest: money left, in minor units.
        funded: what is funded so far.
        stopper: the project that ended the award, None while it goes on.
    """

    rest: int
    funded: tuple[Candidate, ...] = ()
    stopper: Candidate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One project's turn.

    Args:
        candidate: whose turn it is.
        before: the state it found.
        after: the state it left.
        reason: what became of it.
    """

    candidate: Candidate
    before: State
    after: State
    reason: Reason

    @property
    def funded(self) -> bool:
        """Whether the project is funded."""
        return len(self.after.funded) > len(self.before.funded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """The conditions of an award.

    Args:
        misfit: what happens to a project that does not fit.
        constraints: what may not be funded.
    """

    misfit: Misfit
    constraints: tuple[Constraint, ...]

    def turn(self, state: State, candidate: Candidate) -> Turn:
        """Decide on one project.

        Args:
            state: what was left by those before it.
            candidate: the project.
        """
        reason, after = self._decide(state, candidate)
        return Turn(candidate=candidate, before=state, after=after, reason=reason)

    def turns(self, state: State, order: Iterable[Candidate]) -> Iterator[Turn]:
        """Decide on one project after the other.

        Args:
            state: where to start.
            order: the projects, the preferred one first.
        """
        for candidate in order:
            turn = self.turn(state, candidate)
            yield turn
            state = turn.after

    def standing(self, candidate: Candidate) -> Reason | None:
        """Return what excludes a project whatever the others do, None if nothing does.

        Args:
            candidate: the project.
        """
        return self._objection(candidate, ())

    def _objection(self, candidate: Candidate, funded: tuple[Candidate, ...]) -> Reason | None:
        for constraint in self.constraints:
            if reason := constraint.objection(candidate, funded):
                return reason
        return None

    def _decide(self, state: State, candidate: Candidate) -> tuple[Reason, State]:
        if reason := self._objection(candidate, state.funded):
            return reason, state
        if state.stopper:
            last = state.stopper.project
            params = {"stopper": last.id, "stopper_name": last.name or last.id}
            return Reason("fate.after_stop", params), state
        return self._spend(state, candidate)

    def _spend(self, state: State, candidate: Candidate) -> tuple[Reason, State]:
        cost, rest = candidate.project.cost, state.rest
        spent = State(rest=rest - cost, funded=(*state.funded, candidate))
        if cost <= rest:
            return Reason("fate.funded", {"cost": cost, "rest": rest}), spent
        params = {"cost": cost, "rest": rest, "missing": cost - rest}
        if self.misfit.covers(rest, cost):
            if isinstance(self.misfit, Partial):
                part = replace(spent, rest=0, stopper=candidate)
                return Reason("fate.partial", params), part
            return Reason("fate.overrun", params), replace(spent, stopper=candidate)
        left = isinstance(self.misfit, Assembly)
        code = "fate.left_to_assembly" if left else "fate.does_not_fit"
        ended = candidate if self.misfit.stops else None
        return Reason(code, params), replace(state, stopper=ended)
