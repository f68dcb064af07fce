"""What all runs of one count have in common: projects, their supporters, what rules them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from partizipation_core.counting.constraints import Candidate, Constraint, Standing
from partizipation_core.counting.shares.plain import PlainTable
from partizipation_core.counting.ties import Ties

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from partizipation_core.counting.reasons import Reason
    from partizipation_core.counting.shares.groups import Groups
    from partizipation_core.counting.shares.ledger import Part

__all__ = ["Market", "Purses", "Table", "table_of"]

_LARGE = 5_000
"""Links between groups and projects from which numpy is faster than lists."""


class Purses(Protocol):
    """The money of all voters in floating point, with a bound of its error."""

    error: float

    def offer(self, project: int, cost: int, least: float = 0.0) -> tuple[float, float] | None:
        """Return the price and how much lower it may be, None if they surely cannot pay."""

    def pay(self, project: int, price: float, doubt: float) -> bool:
        """Let the supporters pay a price that is not known exactly; return whether it is safe."""

    def poor(self, project: int, price: float) -> Part:
        """Return those supporters who surely cannot pay a price, and what they have."""

    def between(self, project: int, low: float, high: float) -> Iterable[tuple[int, int]]:
        """Yield supporters whose money for one point is between two prices, and their points."""

    def charge(self, project: int, price: float, low: float, spent: Sequence[int]) -> None:
        """Let the supporters pay."""

    def paid(self, project: int, price: float) -> float:
        """Return at least what supporters pay if each pays at most a price for a point."""

    def is_empty(self, group: int) -> bool:
        """Return whether a group has given all it had."""

    def living(self, project: int) -> int:
        """Return how many supporters still have money."""


class Table(Protocol):
    """Who supports what, kept in the way that `Purses` need."""

    totals: list[int]
    voters: list[int]

    def purses(self, starts: Sequence[Fraction]) -> Purses:
        """Return full purses."""


def table_of(groups: Groups, engine: str = "auto") -> Table:
    """Return the table that counts fastest; all give the same results.

    Args:
        groups: the voters.
        engine: ``plain`` (standard library), ``fast`` (numpy) or ``auto``: numpy where it is
            installed and the election is large.

    Raises:
        ImportError: ``fast`` is asked for and numpy is not installed.
    """
    links = sum(map(len, groups.supporters))
    if engine == "plain" or (engine == "auto" and links < _LARGE):
        return PlainTable(groups)
    try:
        from partizipation_core.counting.shares.fast import FastTable
    except ImportError as error:
        if engine == "auto":
            return PlainTable(groups)
        message = "needs numpy: pip install 'partizipation-core[fast]'"
        raise ImportError(message) from error
    return FastTable(groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """The fixed part of a count.

    Args:
        groups: the voters.
        table: the same as the purses need it.
        candidates: the projects.
        worth: for each project the utility that one point of a supporter stands for.
        constraints: what may not be funded.
        ties: the order among equals.
        able: projects that may be funded as far as they alone are concerned.
        unable: why the others may not.
    """

    groups: Groups
    table: Table
    candidates: Sequence[Candidate]
    worth: Sequence[int]
    constraints: tuple[Constraint, ...]
    ties: Ties
    able: tuple[int, ...]
    unable: Mapping[int, Reason]

    @classmethod
    def of(  # noqa: PLR0913 - the parts of a rule, all by name
        cls,
        *,
        groups: Groups,
        candidates: Sequence[Candidate],
        worth: Sequence[int],
        constraints: Sequence[Constraint],
        ties: Ties,
        engine: str = "auto",
    ) -> Market:
        """Build a market; ask all conditions that look at a project alone.

        Args:
            groups: the voters.
            candidates: the projects.
            worth: for each project the utility that one point stands for.
            constraints: what may not be funded.
            ties: the order among equals.
            engine: as `table_of` reads it.
        """
        asked = (Standing(), *constraints)
        unable = {
            number: reason
            for number, candidate in enumerate(candidates)
            if (reason := _first(asked, candidate, ()))
        }
        table = table_of(groups, engine)
        able = tuple(n for n in range(len(candidates)) if n not in unable and table.totals[n])
        return cls(
            groups=groups,
            table=table,
            candidates=candidates,
            worth=worth,
            constraints=tuple(constraints),
            ties=ties,
            able=able,
            unable=unable,
        )

    def cost(self, project: int) -> int:
        """Return what a project costs.

        Args:
            project: its number.
        """
        return self.candidates[project].project.cost

    def objection(self, project: int, bought: Sequence[int]) -> Reason | None:
        """Return why a project may not be funded beside those bought, None if it may.

        Args:
            project: its number.
            bought: numbers of the bought projects.
        """
        if not self.constraints:
            return None
        funded = tuple(self.candidates[number] for number in bought)
        return _first(self.constraints, self.candidates[project], funded)


def _first(
    constraints: Iterable[Constraint], candidate: Candidate, funded: Sequence[Candidate]
) -> Reason | None:
    for constraint in constraints:
        if reason := constraint.objection(candidate, funded):
            return reason
    return None
