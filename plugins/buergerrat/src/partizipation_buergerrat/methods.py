"""Methods of drawing: rules of the slot ``draw``, of which a procedure pins one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partizipation_core.formats.rules import Rule, View, rule

if TYPE_CHECKING:
    from partizipation_buergerrat.sortition.lottery import Lottery
    from partizipation_buergerrat.sortition.plain import PlainLottery
    from partizipation_buergerrat.sortition.problem import Problem
    from partizipation_buergerrat.sortition.stream import Stream

__all__ = ["GOLDILOCKS", "LEXIMIN", "MAXIMIN", "METHODS", "MINIMAX", "NASH", "POTS", "SIMPLE"]


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


@rule("draw", name="buergerrat/pots")
def pots(problem: Problem, panels: int, _view: View) -> PlainLottery:
    """Draw from one pot for each combination of features; needs the standard library only."""
    from partizipation_buergerrat.sortition.plain import from_pots

    return from_pots(problem, panels=panels, stream=_dealing(problem))


@rule("draw", name="buergerrat/simple")
def simple(problem: Problem, panels: int, _view: View) -> PlainLottery:
    """Draw from one pot until the quotas are met; needs the standard library only."""
    from partizipation_buergerrat.sortition.plain import from_one_pot

    return from_one_pot(problem, panels=panels, stream=_dealing(problem))


def _dealing(problem: Problem) -> Stream:
    from partizipation_buergerrat.public.inputs import dealing_seed
    from partizipation_buergerrat.sortition.stream import Stream

    return Stream("deal", dealing_seed(problem))


def _panels(problem: Problem, panels: int, objective: str) -> Lottery:
    # Imported here, since the solver is large and few commands need it.
    from partizipation_buergerrat.sortition.lottery import hold_lottery

    return hold_lottery(problem, panels=panels, stream=_dealing(problem), objective=objective)


LEXIMIN: Rule = leximin
MAXIMIN: Rule = maximin
NASH: Rule = nash
GOLDILOCKS: Rule = goldilocks
MINIMAX: Rule = minimax
POTS: Rule = pots
SIMPLE: Rule = simple
METHODS = (LEXIMIN, MAXIMIN, NASH, GOLDILOCKS, MINIMAX, POTS, SIMPLE)
"""All of them; the part of the name behind the slash is what a commitment claims."""
