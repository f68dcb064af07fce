"""Charts of a draw as SVG: who has which chance, and how the pool differs from the town."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from partizipation_core.reports.chart import LONGEST, Bar, bars

if TYPE_CHECKING:
    from partizipation_buergerrat.sortition.examination import Count

__all__ = ["chance_curve", "pool_bars", "stacked"]

_HEIGHT = re.compile(r' height="(\d+)"')
_WIDE, _HIGH, _EDGE = 640, 320, 48


def chance_curve(chances: Mapping[str, float], *, even: float, bound: float) -> str:
    """Draw all chances in ascending order, beside the even chance and the proven bound.

    Args:
        chances: person → chance.
        even: seats divided by persons.
        bound: what the smallest chance cannot exceed.
    """
    values = sorted(chances.values())
    top = max([*values, even, bound]) or 1.0
    told = (
        f"{len(values)} Personen, von der kleinsten Chance {_per_cent(values[0])} bis zur größten "
        f"{_per_cent(values[-1])}. Gleiche Chance für alle wäre {_per_cent(even)}, bewiesene "
        f"Obergrenze der kleinsten {_per_cent(bound)}."
    )
    points = [
        f"{_EDGE + number * (_WIDE - 2 * _EDGE) / max(len(values) - 1, 1):.1f},{_y(value, top)}"
        for number, value in enumerate(values)
    ]
    lines = _level(even, top, "gleiche Chance", "6 4") + _level(bound, top, "Obergrenze", "2 3")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDE} {_HIGH}" '
        f'aria-labelledby="chances-title chances-desc"><title id="chances-title">'
        f'Auswahlchancen</title><desc id="chances-desc">{escape(told)}</desc>'
        f'<line x1="{_EDGE}" y1="{_y(0, top)}" x2="{_WIDE - _EDGE}" y2="{_y(0, top)}" '
        f'stroke="#000"/>{lines}<polyline fill="none" stroke="#0b4f9e" stroke-width="2.5" '
        f'points="{" ".join(points)}"/><text x="{_EDGE}" y="{_HIGH - 12}" font-size="14">'
        f"{escape(told.partition('.')[0])}</text></svg>"
    )


def _y(value: float, top: float) -> str:
    return f"{_HIGH - _EDGE - value / top * (_HIGH - 2 * _EDGE):.1f}"


def _level(value: float, top: float, name: str, dashes: str) -> str:
    y = _y(value, top)
    return (
        f'<line x1="{_EDGE}" y1="{y}" x2="{_WIDE - _EDGE}" y2="{y}" stroke="#555" '
        f'stroke-dasharray="{dashes}"/><text x="{_WIDE - _EDGE}" y="{float(y) - 5:.1f}" '
        f'font-size="13" text-anchor="end">{name} {_per_cent(value)}</text>'
    )


def _per_cent(share: float) -> str:
    return f"{100 * share:.2f} %".replace(".", ",")


def pool_bars(counts: Sequence[Count], *, seats: int) -> list[str]:
    """Draw what each feature has of the pool beside what it is to have of the panel.

    The share of the panel is the middle of the quota, which stands for the population.

    Args:
        counts: quotas with their pool.
        seats: size of the panel.

    Returns:
        Drawings of as many bars as people still read, in order.
    """
    categories = dict.fromkeys(count.quota.category for count in counts)
    people = {name: sum(c.pool for c in counts if c.quota.category == name) for name in categories}
    rows = [row for count in counts for row in _pair(count, people[count.quota.category], seats)]
    pages = [rows[start : start + LONGEST] for start in range(0, len(rows), LONGEST)]
    return [
        bars(
            page,
            ident=f"pool{number}",
            title="Lostopf und Zielanteile",
            description="Je Merkmal zwei Balken: der Anteil, den die Tafel haben soll, und der "
            "Anteil im Lostopf.",
        )
        for number, page in enumerate(pages, start=1)
    ]


def stacked(drawings: Sequence[str]) -> str:
    """Put drawings under each other in one, since a file holds a single one.

    Args:
        drawings: each with its height.
    """
    parts, below = [], 0
    for drawing in drawings:
        parts.append(drawing.replace("<svg ", f'<svg y="{below}" ', 1))
        found = _HEIGHT.search(drawing)
        below += int(found[1]) if found else _HIGH
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="{below}">'
        f"{''.join(parts)}</svg>\n"
    )


def _pair(count: Count, people: int, seats: int) -> tuple[Bar, Bar]:
    quota = count.quota
    wanted = (quota.least + min(quota.most, seats)) / (2 * seats)
    there = count.pool / people if people else 0.0
    name = f"{quota.category} = {quota.feature}"
    return (
        Bar(
            label=name,
            value=round(10_000 * wanted),
            told=_per_cent(wanted),
            note="Ziel",
            marked=True,
        ),
        Bar(label=name, value=round(10_000 * there), told=_per_cent(there), note="Lostopf"),
    )
