"""All outcomes that some order among equals leads to, up to a limit."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from partizipation_core.counting.pots import Countable, Pots
from partizipation_core.counting.ties import Drawn, Ties, natural
from partizipation_core.errors import InputError

if TYPE_CHECKING:
    from partizipation_core.counting.constraints import Constraint
    from partizipation_core.counting.election import Election

__all__ = ["Outcomes", "ordered_by", "outcomes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What a rule can lead to.

    Args:
        sets: the different sets of funded projects.
        complete: whether all orders were tried; else there may be more.
        counts: how often was counted.
    """

    sets: frozenset[frozenset[str]]
    complete: bool
    counts: int

    @property
    def always(self) -> frozenset[str]:
        """Projects that are funded whatever the order."""
        return frozenset.intersection(*self.sets)

    @property
    def sometimes(self) -> frozenset[str]:
        """Projects whose funding depends on the order."""
        return frozenset.union(*self.sets) - self.always


def outcomes(
    rule: Countable,
    election: Election,
    constraints: Sequence[Constraint] = (),
    *,
    limit: int = 500,
) -> Outcomes:
    """Return all outcomes of a rule over the orders among equals (irresolute mode).

    One order holds for all rounds, as with a lot drawn once. Orders are only tried where the
    protocol of a run tells of a tie.

    Args:
        rule: any rule with ``ties``.
        election: what was voted.
        constraints: what may not be funded.
        limit: how often to count at most.

    Raises:
        InputError: the limit is below 1.
    """
    if limit < 1:
        raise InputError("the limit must be at least 1")
    first = tuple(sorted((project.id for project in election.projects), key=natural))
    waiting, known, sets = deque([first]), {first}, set[frozenset[str]]()
    counts = 0
    while waiting and counts < limit:
        order = waiting.popleft()
        result = ordered_by(rule, Ties(Drawn(order)))(election, constraints)
        counts += 1
        sets.add(frozenset(result.funded))
        for tie in result.ties:
            for other in _moved(order, tie.members):
                if other not in known:
                    known.add(other)
                    waiting.append(other)
    return Outcomes(sets=frozenset(sets), complete=not waiting, counts=counts)


def ordered_by(rule: Countable, ties: Ties) -> Countable:
    """Return the same rule with another order among equals.

    Args:
        rule: any rule with ``ties``; of pots the rule that each is awarded by.
        ties: the order.
    """
    if isinstance(rule, Pots):
        return replace(rule, rule=ordered_by(rule.rule, ties))
    other: Any = rule
    changed: Countable = replace(other, ties=ties)
    return changed


def _moved(order: tuple[str, ...], members: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield orders in which one of equals goes before another one that was before it."""
    for place, member in enumerate(members):
        for other in members[:place]:
            rest = [id_ for id_ in order if id_ != member]
            at = rest.index(other)
            yield (*rest[:at], member, *rest[at:])
