"""Charts: plain SVG text, readable from a phone to a poster and without colours.

Bars are measured in percent and writing in pixels, so that a narrow screen squeezes the bars and
never the letters. Colours come from the page; the attributes here serve where there is none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from html import escape

from attrs import frozen

from partizipation_core.texts import one_line

__all__ = ["LONGEST", "Bar", "Part", "bars", "shorten", "stacked", "swatch"]

LONGEST = 40
"""How many bars fit into a chart that people still read."""

_WIDE, _NARROW = 80, 27
_ROW, _BAR, _STACK = 76, 18, 44
_REACH = 64  # percent; the rest is room for what is written at a bar's end


@frozen(kw_only=True)
class Bar:
    """One bar of a chart.

    Args:
        label: what it stands for.
        value: its length; below zero it has none.
        told: the value with its unit, written at its end.
        note: what is written under it.
        marked: whether it stands out: drawn full and with a tick, others hatched.
    """

    label: str
    value: int
    told: str = ""
    note: str = ""
    marked: bool = False


@frozen(kw_only=True)
class Part:
    """One part of a whole.

    Args:
        label: what it stands for.
        value: its size.
        look: ``full``, ``hatched`` or ``open``.
    """

    label: str
    value: int
    look: str = "full"


def bars(rows: Sequence[Bar], *, ident: str, title: str, description: str) -> str:
    """Draw horizontal bars, at most `LONGEST` of them.

    Args:
        rows: the bars, longest first if they are to look like a ranking.
        ident: prefix of the ids in the drawing, unique in the page.
        title: name of the drawing.
        description: what there is to be seen, for those who do not see it.
    """
    shown = rows[:LONGEST]
    longest = max((row.value for row in shown), default=0)
    drawn = [
        _bar(row, number * _ROW, _percent(row.value, longest, _REACH), ident)
        for number, row in enumerate(shown)
    ]
    return _svg(drawn, height=max(len(shown), 1) * _ROW, names=(ident, title, description))


def stacked(parts: Sequence[Part], *, ident: str, title: str, description: str) -> str:
    """Draw one bar that shows how a whole is divided.

    Args:
        parts: from left to right; those of no size are left out.
        ident: prefix of the ids in the drawing, unique in the page.
        title: name of the drawing.
        description: what there is to be seen, for those who do not see it.
    """
    whole = sum(max(part.value, 0) for part in parts)
    drawn, left = [], 0
    for part in parts:
        width = max(part.value, 0)
        if width:
            place = (_percent(left, whole), 2, _percent(width, whole), _STACK - 4)
            drawn.append(
                f"<g><title>{_safe(part.label)}</title>{_rect(place, part.look, ident)}</g>"
            )
        left += width
    return _svg(drawn, height=_STACK, names=(ident, title, description))


def swatch(look: str, *, ident: str) -> str:
    """Draw the small square that explains a look in a legend; readers of the text skip it.

    Args:
        look: ``full``, ``hatched`` or ``open``.
        ident: prefix of the ids in the drawing, unique in the page.
    """
    inside = _hatching(ident) + _rect(("0%", 1, "100%", 14), look, ident)
    return f'<svg class="swatch" width="16" height="16" aria-hidden="true">{inside}</svg>'


def shorten(text: str, columns: int) -> str:
    """Cut a text so that it fits, wide letters counting twice.

    Args:
        text: any text.
        columns: how many narrow letters there is room for.
    """
    used = 0
    for at, letter in enumerate(text):
        used += _width(letter)
        if used > columns:
            return f"{text[: max(at - 1, 0)].rstrip()}…"
    return text


def _width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _bar(row: Bar, top: int, width: str, ident: str) -> str:
    look = "full" if row.marked else "hatched"
    return (
        f"<g><title>{_safe(row.label)}</title>{_name(row, top + 15)}"
        f"{_rect(('0%', top + 22, width, _BAR), look, ident)}"
        f'<text class="told" x="{width}" dx="8" y="{top + 36}">{_safe(row.told)}</text>'
        f'<text class="note" x="0" y="{top + 56}">{_safe(row.note)}</text></g>'
    )


def _name(row: Bar, y: int) -> str:
    """Write the label twice where it is long: the page shows the one there is room for."""
    tick = "✓ " if row.marked else ""
    wide, narrow = (_safe(tick + shorten(row.label, room)) for room in (_WIDE, _NARROW))
    if wide == narrow:
        return f'<text class="name" x="0" y="{y}">{wide}</text>'
    return (
        f'<text class="name wide" x="0" y="{y}">{wide}</text>'
        f'<text class="name narrow" display="none" x="0" y="{y}">{narrow}</text>'
    )


def _rect(place: tuple[str, int, str, int], look: str, ident: str) -> str:
    x, y, width, height = place
    fill = {"full": "#0b4f9e", "hatched": f"url(#{ident}-hatch)"}.get(look, "none")
    return (
        f'<rect class="{look}" x="{x}" y="{y}" width="{width}" height="{height}" '
        f'fill="{fill}" stroke="#0b4f9e"/>'
    )


def _hatching(ident: str) -> str:
    return (
        f'<defs><pattern id="{ident}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line class="hatch" x1="1" y1="0" x2="1" y2="6" '
        'stroke="#0b4f9e" stroke-width="1.5"/></pattern></defs>'
    )


def _svg(drawn: Iterable[str], *, height: int, names: tuple[str, str, str]) -> str:
    ident, title, description = names
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="100%" height="{height}" '
        f'aria-labelledby="{ident}-title {ident}-desc">'
        f'<title id="{ident}-title">{_safe(title)}</title>'
        f'<desc id="{ident}-desc">{_safe(description)}</desc>'
        f"{_hatching(ident)}{''.join(drawn)}</svg>"
    )


def _percent(value: int, whole: int, reach: int = 100) -> str:
    """Write a share of the drawing's width, in integers: no figure here ever was a float."""
    if value <= 0 or whole <= 0:
        return "0%"
    hundredths = value * reach * 100 // whole
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def _safe(text: str) -> str:
    return escape(one_line(text))
