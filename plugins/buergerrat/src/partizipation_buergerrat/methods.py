"""Methods of drawing: rules of the slot ``draw``, of which a procedure pins one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partizipation_core.formats.rules import Rule, View, rule

if TYPE_CHECKING:
    from partizipation_buergerrat.sortition.lottery import Lottery
    from partizipation_buergerrat.sortition.problem import Problem

__all__ = ["GOLDILOCKS", "LEXIMIN", "MAXIMIN", "METHODS", "MINIMAX", "NASH"]


@rule("draw", name="buergerrat/leximin")
def leximin(problem: Problem, panels: int, _view: View) -> Lottery:
    """Raise the smallest chance, then the next smallest, and so on."""
    return _panels(problem, panels, "leximin")


@rule("draw", name="buergerrat/maximin")
def maximin(problem: Problem, panels: int, _view: View) -> Lottery:
    """Raise the smallest chance and leave the others as they come."""
    return _panels(problem, panels, "maximin")


@rule("draw", name="buergerrat/nash")
def nash(problem: Problem, panels: int, _view: View) -> Lottery:
    """Make the product of all chances as large as can be."""
    return _panels(problem, panels, "nash")


@rule("draw", name="buergerrat/goldilocks")
def goldilocks(problem: Problem, panels: int, _view: View) -> Lottery:
    """Keep the largest chance small as well, so that misreporting gains little."""
    return _panels(problem, panels, "goldilocks")


@rule("draw", name="buergerrat/minimax")
def minimax(problem: Problem, panels: int, _view: View) -> Lottery:
    """Keep the largest chance as small as can be."""
    return _panels(problem, panels, "minimax")


def _panels(problem: Problem, panels: int, objective: str) -> Lottery:
    # Imported here, since the solver is large and few commands need it.
    from partizipation_buergerrat.public.inputs import dealing_seed
    from partizipation_buergerrat.sortition.lottery import hold_lottery
    from partizipation_buergerrat.sortition.stream import Stream

    stream = Stream("deal", dealing_seed(problem))
    return hold_lottery(problem, panels=panels, stream=stream, objective=objective)


LEXIMIN: Rule = leximin
MAXIMIN: Rule = maximin
NASH: Rule = nash
GOLDILOCKS: Rule = goldilocks
MINIMAX: Rule = minimax
METHODS = (LEXIMIN, MAXIMIN, NASH, GOLDILOCKS, MINIMAX)
"""All of them; the part of the name behind the slash is what a commitment claims."""
