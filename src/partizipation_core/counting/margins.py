"""How many more votes were missing: exact, since more support never harms a project here.

A rejected project leaves no trace in the states before its turn. So if it were moved up, it would
find exactly the state that stood at that place; and the higher the place, the more money and the
fewer conflicts it finds. The lowest place where it would be funded is found by bisection.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from partizipation_core.counting.reasons import Reason
from partizipation_core.counting.result import Margin

if TYPE_CHECKING:
    from partizipation_core.counting.award import Award, Turn
    from partizipation_core.counting.constraints import Candidate
    from partizipation_core.counting.ties import Ties

__all__ = ["Margins", "least_enough", "overtaking"]

_ENOUGH = 1 << 62


class Margins:
    """Margins of one finished run.

    Args:
        award: its conditions.
        ties: its order among equals.
        turns: its turns.
    """

    def __init__(self, award: Award, ties: Ties, turns: Sequence[Turn]) -> None:
        self._award, self._ties, self._turns = award, ties, turns

    def of(self, place: int) -> Margin:
        """Return the margin of the project whose turn was at `place`.

        Args:
            place: position in the turns, from 0.
        """
        turn = self._turns[place]
        if turn.funded:
            return Margin(missing=None, reason=Reason("margin.funded"))
        project = turn.candidate.project
        if project.withdrawn:
            return Margin(missing=None, reason=Reason("margin.withdrawn"))
        admitted = self._admission(turn.candidate)
        if admitted is None:
            return Margin(missing=None, reason=Reason("margin.excluded"))
        climbed = self._climb(place, turn.candidate.plus(admitted))
        if climbed is None:
            params = {"cost": project.cost, "budget": self._turns[0].before.rest}
            return Margin(missing=None, reason=Reason("margin.exceeds_budget", params))
        missing = max(admitted, climbed)
        code = f"margin.{turn.candidate.score.unit}"
        return Margin(missing=missing, reason=Reason(code, {"missing": missing}))

    def _admission(self, candidate: Candidate) -> int | None:
        """Return how many more satisfy the conditions that look at the project alone."""

        def admitted(added: int) -> bool:
            return self._award.standing(candidate.plus(added) if added else candidate) is None

        return least_enough(admitted)

    def _climb(self, place: int, candidate: Candidate) -> int | None:
        """Return how many more lift it to the lowest place where it would be funded."""

        def refused(at: int) -> bool:
            return not self._award.turn(self._turns[at].before, candidate).funded

        lowest = bisect_left(range(place + 1), 1, key=refused) - 1
        if lowest < 0:
            return None
        if lowest == place:
            return 0
        here, there = self._turns[place].candidate, self._turns[lowest].candidate
        return overtaking(here, there, self._ties)


def overtaking(candidate: Candidate, other: Candidate, ties: Ties) -> int | None:
    """Return how many more put a project before another one, None if no number does.

    Args:
        candidate: the project.
        other: the other one.
        ties: the order among equals.
    """
    needed = candidate.score.gap(candidate.tally, candidate.project, other.key)
    if needed is None:
        return None
    return needed if _before(candidate.plus(needed), other, ties) else needed + 1


def _before(candidate: Candidate, other: Candidate, ties: Ties) -> bool:
    if candidate.key != other.key:
        return candidate.key > other.key
    return ties.key(candidate) < ties.key(other)


def least_enough(enough: Callable[[int], bool]) -> int | None:
    """Return the least number that is enough, None if none is.

    Args:
        enough: tells of a number; larger ones must be enough, too.
    """
    if enough(0):
        return 0
    top = 1
    while not enough(top):
        top *= 2
        if top > _ENOUGH:
            return None
    return bisect_left(range(top), 1, key=enough)
