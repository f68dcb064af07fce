"""Deletion: what is known of people goes when it has served, stage by stage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar, Literal

from attrs import field, frozen
from attrs.validators import ge

from partizipation_core.clock import Instant, end_of_day, to_wall
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.record import Every, Record
from partizipation_core.kernel.state import World
from partizipation_core.values import Objection, RecordRef

__all__ = [
    "DECIDERS",
    "ENTERED",
    "DataDeleted",
    "Deletion",
    "RecordDeletion",
    "due",
]

Kind = Literal["sample", "replies", "contacts"]

ENTERED: Mapping[str, str] = MappingProxyType(
    {"sample": "sessions", "replies": "vote", "contacts": "implement"}
)
"""What is deleted → the stage whose beginning starts the timer.

``sample``: names and addresses of those who did not register. ``replies``: what those declared who
were not drawn, with the auditors' file. ``contacts``: all that is left, and the nonces.
"""


@frozen(kw_only=True)
class Deletion(Record):
    """Something that was deleted; its reference says what.

    Args:
        at: when.
        people: of how many people.
    """

    kind: ClassVar[str] = "buergerrat/deletion"

    at: Instant
    people: int


@frozen(kw_only=True)
class RecordDeletion(Command):
    """Put down that the office deleted what it knew (Löschprotokoll).

    Args:
        what: which of its data.
        people: of how many people.
    """

    what: Kind
    people: int = field(validator=ge(0))


@frozen(kw_only=True)
class DataDeleted(Event):
    """The office deleted what it knew."""

    what: Kind
    people: int

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Keep that it did."""
        yield Deletion(ref=RecordRef(self.what), at=at, people=self.people)


def due(entered: Mapping[str, Instant], settings: ProcedureSettings) -> dict[str, Instant]:
    """Say when which data have to be gone.

    Args:
        entered: stage → when it was entered, as far as it was.
        settings: name days for each kind, such as ``keep_sample_days``; the last day counts whole.

    Returns:
        kind → instant from which it must not be kept any more.
    """
    zone = settings.timezone
    found = {}
    for what, stage in ENTERED.items():
        days: int | None = getattr(settings, f"keep_{what}_days", None)
        if stage in entered and days is not None:
            begun = to_wall(entered[stage], zone).date()
            found[what] = end_of_day(begun + timedelta(days=days), zone)
    return found


def _objections(command: RecordDeletion, context: Context) -> Iterator[Objection]:
    if context.world.records.get(Deletion, command.what) is not None:
        yield Objection("deleted_already", {"what": command.what})


def _decide(command: RecordDeletion, _context: Context) -> tuple[Event, ...]:
    return (DataDeleted(what=command.what, people=command.people),)


DECIDERS = (
    Decider(
        command=RecordDeletion,
        decide=_decide,
        objections=_objections,
        events=(DataDeleted,),
        after_closing=True,
        records=(Every(Deletion),),
    ),
)
