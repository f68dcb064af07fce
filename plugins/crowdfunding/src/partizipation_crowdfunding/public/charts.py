"""Pictures (SVG) of figures, with the same numbers in a title that screen readers read."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from partizipation_core.values import Money
from partizipation_crowdfunding.public.figures import Day, Progress

__all__ = ["bar", "curve"]

_WIDTH, _HEIGHT, _LEAST = 640, 240, 2


def bar(title: str, figures: Progress) -> str:
    """Draw how far a campaign has come, and the line that it needs to reach.

    Args:
        title: its name; also said to screen readers, with the numbers.
        figures: how far it is.
    """
    top = max(figures.goal, figures.pledged + figures.added).cents
    pledged, added = (part.cents * _WIDTH // top for part in (figures.pledged, figures.added))
    line = min(figures.needed, figures.goal).cents * _WIDTH // top
    told = f"{title}: {figures.pledged} + {figures.added} / {figures.goal} ({figures.percent} %)"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} 24" role="img">'
        f"<title>{escape(told)}</title>"
        f'<rect width="{_WIDTH}" height="24" fill="#e6e6e6"/>'
        f'<rect width="{pledged}" height="24" fill="#1d5f8a"/>'
        f'<rect x="{pledged}" width="{added}" height="24" fill="#7ab317"/>'
        f'<path d="M{line} 0V24" stroke="#000" stroke-width="2"/></svg>'
    )


def curve(title: str, days: Sequence[Day], goal: Money) -> str:
    """Draw the sums day by day, and the goal.

    Args:
        title: said to screen readers, with the last sum.
        days: at least one.
        goal: where the line is drawn.
    """
    top = max(goal, days[-1].pledged).cents
    first, span = days[0].day, max(1, (days[-1].day - days[0].day).days)
    points = " ".join(
        f"{(one.day - first).days * _WIDTH // span},{_y(one.pledged, top)}" for one in days
    )
    told = f"{title}: {days[-1].day} {days[-1].pledged} ({days[-1].heads})"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
        f"<title>{escape(told)}</title>"
        f'<path d="M0 {_y(goal, top)}H{_WIDTH}" stroke="#000" stroke-dasharray="6 4"/>'
        f'<polyline points="{points}" fill="none" stroke="#1d5f8a" stroke-width="3"/></svg>'
    )


def _y(amount: Money, top: int) -> int:
    return _HEIGHT - _LEAST - amount.cents * (_HEIGHT - 2 * _LEAST) // top
