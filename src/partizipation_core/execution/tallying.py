"""Live tallies: how an open vote stands, where everybody may know.

There is no counter that voters would queue for. Whoever asks first counts the box and remembers
the numbers for two seconds; all others get what was counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.errors import NotFound, Refused
from partizipation_core.freezing import as_mapping
from partizipation_core.kernel.results.gate import not_yet_known
from partizipation_core.kernel.state import stage_of
from partizipation_core.store import Scope
from partizipation_core.values import ItemRef

if TYPE_CHECKING:
    from partizipation_core.execution.execution import Execution

__all__ = ["FRESH", "LiveTally", "Tallies"]

FRESH = 2_000_000
"""How long a live tally is shown before the box is counted anew, in microseconds."""


@frozen(kw_only=True)
class LiveTally:
    """How a vote stood a moment ago; what is official is its result.

    Args:
        at: when the box was counted.
        ballots: number of ballots.
        marks: item → sum of what ballots say: marks or points for it, less those against it.
    """

    at: Instant
    ballots: int
    marks: Mapping[ItemRef, int] = field(converter=as_mapping)


class Tallies:
    """Counts open boxes, each at most once in two seconds.

    Args:
        execution: the house.
    """

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._known: dict[tuple[Scope, str], LiveTally] = {}

    def of(self, scope: Scope, vote: str) -> LiveTally:
        """Tell how a vote stands.

        Raises:
            NotFound: there is no such procedure or vote.
            Refused: its numbers are not public yet.
        """
        execution = self._execution
        with execution.reading(scope) as unit:
            state, pinned = execution.present(unit, scope)
            if vote not in state.papers:
                raise NotFound(f"there is no vote {vote!r} in procedure {scope.procedure!r}")
            if pinned.settings.limits(stage_of(vote)).secrecy != "open":
                found = list(not_yet_known(vote, state, pinned.definition))
                if found:
                    raise Refused("ReadResult", found)
            now, known = execution.now(), self._known.get((scope, vote))
            if known is not None and 0 <= now - known.at < FRESH:
                return known
            equal = list(unit.counts.equals(vote))
        sums: Counter[ItemRef] = Counter()
        for choices, number in equal:
            for ref, mark in choices.items():
                sums[ItemRef(ref)] += mark * number
        told = LiveTally(at=now, ballots=sum(number for _, number in equal), marks=sums)
        self._known = {key: one for key, one in self._known.items() if now - one.at < FRESH}
        self._known[scope, vote] = told
        return told
