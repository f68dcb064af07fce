"""Draws as they stand: what was committed to, cancelled or drawn, with the Losprotokoll."""

from __future__ import annotations

from typing import ClassVar, Literal

from attrs import frozen

from partizipation_buergerrat.public.protocol import Protocol
from partizipation_core.kernel.record import Record

__all__ = ["Drawing", "State", "protocol_of"]

State = Literal["committed", "cancelled", "drawn"]


@frozen(kw_only=True)
class Drawing(Record):
    """A draw (Auslosung) with its Losprotokoll.

    Args:
        state: whether a commitment waits, was cancelled, or was drawn from.
        lines: the Losprotokoll, which anybody can check with one file.
    """

    kind: ClassVar[str] = "buergerrat/drawing"

    state: State = "committed"
    lines: tuple[str, ...] = ()


def protocol_of(drawing: Drawing | None) -> Protocol:
    """Return the Losprotokoll of a draw; an empty one before the first commitment."""
    return Protocol(drawing.lines if drawing else ())
