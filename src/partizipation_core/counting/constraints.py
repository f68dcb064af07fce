"""Conditions that compose with every rule: what may not be funded, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

from partizipation_core.counting.reasons import Reason
from partizipation_core.counting.scores import Score, ScoreKey

if TYPE_CHECKING:
    from fractions import Fraction

    from partizipation_core.counting.election import Project
    from partizipation_core.counting.tally import Tally

__all__ = ["Candidate", "Constraint", "Exclusive", "Standing", "Threshold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A project on its way through a rule.

    Args:
        project: the project.
        tally: its totals.
        score: what it is ranked by.
    """

    project: Project
    tally: Tally
    score: Score

    @property
    def key(self) -> ScoreKey:
        """What orders candidates, the largest first."""
        return self.score.key(self.tally, self.project)

    @property
    def value(self) -> int | Fraction:
        """Its score."""
        return self.score.of(self.tally, self.project)

    def plus(self, added: int) -> Candidate:
        """Return the candidate as if it had received more.

        Args:
            added: votes or points, in the unit of the score.
        """
        return replace(self, tally=self.score.more(self.tally, added))


class Constraint(Protocol):
    """A condition; asked when it is the candidate's turn."""

    def objection(self, candidate: Candidate, funded: Sequence[Candidate]) -> Reason | None:
        """Return why the candidate may not be funded, None if it may.

        Args:
            candidate: whose turn it is.
            funded: what is funded so far; empty when only the candidate itself is judged.
        """

    def to_data(self) -> dict[str, object]:
        """Return the condition as plain data, for the protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Nothing withdrawn and, unless allowed, nothing without a single vote is funded.

    Args:
        unsupported: allow projects that nobody voted for.
    """

    unsupported: bool = False

    def objection(self, candidate: Candidate, funded: Sequence[Candidate]) -> Reason | None:  # noqa: ARG002 - the protocol's signature
        """Return ``withdrawn`` or ``no_support`` where that is so."""
        if candidate.project.withdrawn:
            return Reason("fate.withdrawn")
        if candidate.tally.votes > 0 or self.unsupported:
            return None
        return Reason("fate.no_support")

    def to_data(self) -> dict[str, object]:
        """Return the condition as plain data."""
        return {"standing": {"unsupported": self.unsupported}}


@dataclass(frozen=True, slots=True)
class Threshold:
    """A minimum (Mindestzahl) that a project must reach; reaching it exactly is enough.

    Args:
        minimum: the number.
        of: ``score`` as the rule ranks, or ``votes`` or ``points``.
    """

    minimum: int
    of: Literal["score", "votes", "points"] = "score"

    def objection(self, candidate: Candidate, funded: Sequence[Candidate]) -> Reason | None:  # noqa: ARG002 - the protocol's signature
        """Return ``below_threshold`` where that is so."""
        has = self._reached(candidate)
        if has >= self.minimum:
            return None
        unit = candidate.score.unit if self.of == "score" else self.of
        reached = has if isinstance(has, int) else str(has)
        return Reason(f"fate.below_threshold_{unit}", {"has": reached, "minimum": self.minimum})

    def _reached(self, candidate: Candidate) -> int | Fraction:
        if self.of == "score":
            return candidate.value
        return candidate.tally.votes if self.of == "votes" else candidate.tally.points

    def to_data(self) -> dict[str, object]:
        """Return the condition as plain data."""
        return {"threshold": {"minimum": self.minimum, "of": self.of}}


@dataclass(frozen=True, slots=True)
class Exclusive:
    """At most one project of a group is funded (one project per site).

    Args:
        groups: sets of ids; empty means the groups that the projects name themselves.
    """

    groups: Sequence[Collection[str]] = ()

    def objection(self, candidate: Candidate, funded: Sequence[Candidate]) -> Reason | None:
        """Return ``exclusive_with`` if another one of its group is funded."""
        for other in funded:
            if self._share(candidate.project, other.project):
                params = {
                    "other": other.project.id,
                    "other_name": other.project.name or other.project.id,
                }
                return Reason("fate.exclusive_with", params)
        return None

    def to_data(self) -> dict[str, object]:
        """Return the condition as plain data; no groups means those the projects name."""
        return {"exclusive": [sorted(group) for group in self.groups]}

    def _share(self, one: Project, other: Project) -> bool:
        if self.groups:
            return any(one.id in group and other.id in group for group in self.groups)
        return bool(one.exclusive) and one.exclusive == other.exclusive
