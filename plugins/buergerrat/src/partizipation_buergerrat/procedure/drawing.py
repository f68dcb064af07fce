"""The public draw as part of a procedure: committed to, drawn once, never drawn again.

The panels are made outside, where a solver and secret nonces are at hand; the procedure is shown
what was published. It writes the lines of the Losprotokoll itself, from its own clock, and takes a
list only if its hash is the one committed to. Chance comes in as the value of the public event.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen

from partizipation_buergerrat.procedure.invitation import Letter
from partizipation_buergerrat.procedure.lots import Drawing, State, protocol_of
from partizipation_buergerrat.procedure.mandate import FRAME, Frame
from partizipation_buergerrat.procedure.seat import LOT, Seat
from partizipation_buergerrat.public import ceremony
from partizipation_buergerrat.public.canonical import digest
from partizipation_buergerrat.public.instants import from_seconds
from partizipation_buergerrat.public.protocol import Protocol
from partizipation_buergerrat.public.publication import Publication
from partizipation_buergerrat.public.sources import announce, value_of
from partizipation_core.clock import Instant
from partizipation_core.errors import InputError
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.record import Every, Named, Record
from partizipation_core.kernel.state import World
from partizipation_core.values import Objection, RecordRef

__all__ = [
    "DECIDERS",
    "CancelDraw",
    "CommitToDraw",
    "DrawCancelled",
    "DrawCommitted",
    "DrawHeld",
    "HoldDraw",
    "Written",
    "data_of",
    "drawing_of",
    "instant_of",
    "new_lines",
    "state_objections",
]

_SECOND = 1_000_000


@frozen(kw_only=True)
class CommitToDraw(Command):
    """Commit to the published panels and to the event that will choose one (Festlegung).

    Args:
        drawing: reference of the draw.
        claims: what is promised about the lists, as canonical JSON; `publish` returns it.
        source: the announced source of chance, as JSON.
        tool: what made the panels, with its version.
        warnings: what `examine` warned of, in sentences.
        reason: why the warnings were overridden; needed where there are any.
    """

    drawing: RecordRef
    claims: str
    source: str
    tool: str
    warnings: tuple[str, ...] = field(default=(), converter=as_tuple)
    reason: str = ""


@frozen(kw_only=True)
class CancelDraw(Command):
    """Take a commitment back; it stays in the protocol, and so does the reason."""

    drawing: RecordRef
    reason: str


@frozen(kw_only=True)
class HoldDraw(Command):
    """Draw: the value of the announced event chooses one of the panels.

    Args:
        drawing: which.
        value: what the event brought, such as three digits; for secrets that several parties
            reveal, JSON.
        panels: the published list, as it was published.
        witnesses: who saw it, by function.
    """

    drawing: RecordRef
    value: str
    panels: str = field(repr=False)
    witnesses: tuple[str, ...] = field(converter=as_tuple)


@frozen(kw_only=True)
class Written(Event):
    """Something that writes lines of a Losprotokoll."""

    drawing: RecordRef
    lines: tuple[str, ...]

    def written(self, world: World, state: State | None = None) -> Drawing:
        """Return the draw with these lines more."""
        before = world.records.get(Drawing, self.drawing) or Drawing(ref=self.drawing)
        lines = (*before.lines, *self.lines)
        return evolve(before, lines=lines, state=state or before.state)


@frozen(kw_only=True)
class DrawCommitted(Written):
    """A commitment was made."""

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Write it down."""
        yield self.written(world, "committed")


@frozen(kw_only=True)
class DrawCancelled(Written):
    """A commitment was taken back."""

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Write it down."""
        yield self.written(world, "cancelled")


@frozen(kw_only=True)
class DrawHeld(Written):
    """A panel was drawn, and the alternates put in order."""

    panel: tuple[RecordRef, ...]

    def apply(self, world: World, at: Instant) -> Iterable[Record]:
        """Write it down and give the seats."""
        yield self.written(world, "drawn")
        for ref in self.panel:
            yield Seat(ref=ref, group=LOT, drawing=self.drawing, since=at)


def instant_of(context: Context) -> str:
    """Write the instant of the decision as protocols do."""
    return from_seconds(context.now // _SECOND)


def data_of(text: str) -> Any:
    """Read JSON, None where it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _instant(text: str) -> Instant:
    return Instant(int(datetime.fromisoformat(text).timestamp()) * _SECOND)


def drawing_of(command: Any, context: Context) -> Drawing | None:
    """Return the draw that a command is about."""
    return context.world.records.get(Drawing, command.drawing)


def state_objections(command: Any, context: Context, wanted: str) -> Iterator[Objection]:
    """Ask for a draw in a state."""
    drawing = drawing_of(command, context)
    if drawing is None or drawing.state != wanted:
        yield Objection(f"draw_not_{wanted}", {"drawing": command.drawing})


# --- committing


def _commit_objections(command: CommitToDraw, context: Context) -> Iterator[Objection]:
    drawing = drawing_of(command, context)
    if drawing is not None and drawing.state != "cancelled":
        yield Objection(f"draw_{drawing.state}", {"drawing": command.drawing})
    if not command.tool.strip():
        yield Objection("draw_tool_missing")
    if command.warnings and not command.reason.strip():
        yield Objection("reason_missing", {"command": "CommitToDraw"})
    claims, source = data_of(command.claims), data_of(command.source)
    if not isinstance(claims, dict) or not set(_CLAIMED) <= claims.keys():
        yield Objection("draw_claims_incomplete")
        return
    if not isinstance(source, dict) or not _announced(source, claims, context):
        yield Objection("draw_source_incomplete")
    yield from _frame_objections(claims, context)
    yield from _method_objections(claims, context)


_CLAIMED = (
    "seats",
    "quotas",
    "people",
    "panels",
    "panels_sha256",
    "pool_sha256",
    "one_per_household",
    "objective",
)


def _announced(source: dict[str, Any], claims: Mapping[str, Any], context: Context) -> bool:
    try:
        announce(source, panels=claims["panels"], now=instant_of(context))
    except (InputError, KeyError, TypeError, ValueError):
        return False
    return True


def _frame_objections(claims: Mapping[str, Any], context: Context) -> Iterator[Objection]:
    """Ask for the seats, quotas and people of the procedure, where it has said what they are."""
    frame = context.world.records.get(Frame, FRAME)
    if frame is not None:
        quotas = [[q.category, q.feature, q.least, q.most] for q in frame.quotas]
        if [quotas, frame.one_per_household] != [claims["quotas"], claims["one_per_household"]]:
            yield Objection("draw_quotas_differ")
    seats = getattr(context.settings, "seats", None)
    if seats is not None and claims["seats"] != seats:
        yield Objection("draw_seats_differ", {"seats": seats, "claimed": claims["seats"]})
    letters = context.world.records.all(Letter).values()
    registered = sum(letter.outcome == "registered" for letter in letters)
    if letters and claims["people"] != registered:
        params = {"people": claims["people"], "registered": registered}
        yield Objection("draw_pool_differs", params)


def _method_objections(claims: Mapping[str, Any], context: Context) -> Iterator[Objection]:
    """Ask for the method that the procedure pinned in the slot ``draw``."""
    rules = context.definition.rules
    for ref in rules.get(f"{context.procedure.stage}.draw", rules.get("draw", ())):
        method = ref.partition("/")[2].partition("@")[0]
        if claims["objective"] != method:
            params = {"method": str(claims["objective"]), "pinned": method}
            yield Objection("draw_method_differs", params)


def _commit(command: CommitToDraw, context: Context) -> tuple[Event, ...]:
    before = protocol_of(drawing_of(command, context))
    after = ceremony.commit(
        before,
        Publication(panels="", pool={}, claims=json.loads(command.claims)),
        procedure=str(context.procedure.ref),
        now=instant_of(context),
        source=json.loads(command.source),
        tool={"name": command.tool.strip()},
        overridden=[
            {"code": "", "text": text, "reason": command.reason.strip()}
            for text in command.warnings
        ],
    )
    return (DrawCommitted(drawing=command.drawing, lines=new_lines(before, after)),)


def new_lines(before: Protocol, after: Protocol) -> tuple[str, ...]:
    """Return what was written behind a protocol."""
    return after.lines[len(before.lines) :]


# --- drawing


def _cancel_objections(command: CancelDraw, context: Context) -> Iterator[Objection]:
    yield from state_objections(command, context, "committed")
    if not command.reason.strip():
        yield Objection("reason_missing", {"command": "CancelDraw"})


def _cancel(command: CancelDraw, context: Context) -> tuple[Event, ...]:
    before = protocol_of(drawing_of(command, context))
    after = ceremony.cancel(before, reason=command.reason, now=instant_of(context))
    return (DrawCancelled(drawing=command.drawing, lines=new_lines(before, after)),)


def _hold_objections(command: HoldDraw, context: Context) -> Iterator[Objection]:
    yield from state_objections(command, context, "committed")
    if not any(one.strip() for one in command.witnesses):
        yield Objection("draw_witnesses_missing")
    drawing = drawing_of(command, context)
    if drawing is None or drawing.state != "committed":
        return
    _, said = protocol_of(drawing).open_commitment()
    if instant_of(context) < said["source"]["at"]:
        at = _instant(said["source"]["at"])
        yield Objection("draw_too_early", {"at": at}, at)
    if digest(command.panels) != said["panels_sha256"]:
        yield Objection("draw_list_differs")
    try:
        value_of(said["source"], _raw(said["source"], command.value))
    except (InputError, AttributeError, KeyError, TypeError, ValueError):
        yield Objection("draw_value_differs", {"kind": said["source"]["kind"]})


def _raw(source: Mapping[str, Any], value: str) -> Any:
    return data_of(value) if source["kind"] == "reveal" else value


def _hold(command: HoldDraw, context: Context) -> tuple[Event, ...]:
    before = protocol_of(drawing_of(command, context))
    listed = json.loads(command.panels)
    _, said = before.open_commitment()
    drawn = ceremony.draw(
        before,
        listed,
        raw=_raw(said["source"], command.value),
        now=instant_of(context),
        witnesses=[one.strip() for one in command.witnesses if one.strip()],
    )
    after = ceremony.alternates(drawn, listed)
    panel = tuple(RecordRef(name) for name in after.last("draw")[1]["panel"])
    return (DrawHeld(drawing=command.drawing, lines=new_lines(before, after), panel=panel),)


_DRAWING = Named(Drawing, "drawing")

DECIDERS = (
    Decider(
        command=CommitToDraw,
        decide=_commit,
        objections=_commit_objections,
        events=(DrawCommitted,),
        records=(_DRAWING, Every(Frame), Every(Letter)),
    ),
    Decider(
        command=CancelDraw,
        decide=_cancel,
        objections=_cancel_objections,
        events=(DrawCancelled,),
        records=(_DRAWING,),
    ),
    Decider(
        command=HoldDraw,
        decide=_hold,
        objections=_hold_objections,
        events=(DrawHeld,),
        records=(_DRAWING, Every(Seat)),
    ),
)
