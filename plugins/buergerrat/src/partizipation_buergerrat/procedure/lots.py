"""Draws as they stand: what was committed to, cancelled or drawn, with the Losprotokoll."""

from __future__ import annotations

from typing import ClassVar, Literal

from attrs import frozen

from partizipation_buergerrat.public import ceremony
from partizipation_buergerrat.public.protocol import Protocol
from partizipation_core.kernel.record import Record

__all__ = ["Answer", "Drawing", "State", "answer_of", "protocol_of"]

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


@frozen(kw_only=True)
class Answer:
    """What a draw has to say to any procedure, whichever method was pinned.

    Args:
        members: pseudonyms of those who have a seat now, after all replacements, in order.
        alternates: pseudonyms of those who may still move up (Ersatzliste), in the drawn order.
        protocol: the Losprotokoll.
    """

    members: tuple[str, ...]
    alternates: tuple[str, ...]
    protocol: Protocol


def answer_of(drawing: Drawing) -> Answer:
    """Return members, alternates and protocol of a draw that was held.

    Args:
        drawing: the draw.

    Raises:
        NotFound: it was not held yet.
    """
    protocol = protocol_of(drawing)
    return Answer(
        members=ceremony.sitting(protocol),
        alternates=ceremony.waiting(protocol),
        protocol=protocol,
    )
