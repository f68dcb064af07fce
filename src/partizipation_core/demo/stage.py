"""The scene on which a story is played: a real platform under a clock that obeys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from attrs import define, field, frozen

from partizipation_core.clock import FrozenClock, Instant, from_wall
from partizipation_core.counting import Election
from partizipation_core.errors import PartizipationError, Refused
from partizipation_core.formats.stages import Timing
from partizipation_core.kernel.messages import Command
from partizipation_core.kernel.record import Record
from partizipation_core.kernel.state import Item, Procedure
from partizipation_core.money.books import Ledger
from partizipation_core.platform import Municipality, ProcedureHandle
from partizipation_core.values import Actor, ItemRef, Objection, RecordRef, Role

__all__ = ["Denial", "LiveScene", "ProgressBar", "start_of_story"]

T = TypeVar("T")
R = TypeVar("R", bound=Record)


class ProgressBar(Protocol):
    """Shows how far a long task is."""

    def __call__(self, things: Iterable[T], label: str, /) -> Iterable[T]:
        """Pass things on, one by one."""
        ...


class StoryError(PartizipationError):
    """A command that a story says is refused was accepted."""


def start_of_story() -> Instant:
    """Return the morning on which every story begins."""
    return from_wall(datetime(2027, 3, 1, 9, 0), ZoneInfo("Europe/Berlin"))  # noqa: DTZ001


@frozen(kw_only=True)
class Denial:
    """A command that was refused on the way, with every reason."""

    at: Instant
    actor: Actor
    command: str
    objections: tuple[Objection, ...]


@define
class LiveScene:
    """Plays a story and keeps what the report needs.

    Args:
        town: where the procedure is opened.
        clock: the clock of the platform.
        election: where ideas, costs and ballots come from.
        progress: shows how far a long task is.
    """

    town: Municipality
    clock: FrozenClock
    election: Election
    progress: ProgressBar
    handle: ProcedureHandle = field(init=False)
    denials: list[Denial] = field(factory=list)
    notes: list[tuple[str, Mapping[str, object]]] = field(factory=list)

    def open(
        self,
        format: str,  # noqa: A002 - the word of the field
        *,
        settings: Mapping[str, object],
        schedule: Mapping[str, Timing],
        rules: Mapping[str, str | list[str]] | None = None,
    ) -> None:
        """Open the procedure ``demo``."""
        self.handle = self.town.open(
            "demo",
            format,
            actor=Actor.of("officer-1", Role.OFFICER),
            settings=settings,
            rules=rules or {},
            schedule=schedule,
        )

    def do(self, command: Command, actor: Actor) -> None:
        """Give a command that is accepted."""
        self.handle.execute(command, actor=actor)

    def is_refused(self, command: Command, actor: Actor) -> tuple[Objection, ...]:
        """Give a command that must be refused.

        Raises:
            StoryError: it was accepted.
        """
        found = self.attempt(command, actor)
        if not found:
            msg = f"{type(command).__name__} was accepted, the story says it is refused"
            raise StoryError(msg)
        name = type(command).__name__
        self.denials.append(
            Denial(at=self.clock.now(), actor=actor, command=name, objections=found)
        )
        return found

    def attempt(self, command: Command, actor: Actor) -> tuple[Objection, ...]:
        """Give a command that may be refused; returns the reasons."""
        try:
            self.handle.execute(command, actor=actor)
        except Refused as refusal:
            return refusal.objections
        return ()

    def pass_days(self, days: int) -> None:
        """Let time go by; stages that have become due are entered."""
        self.clock.advance(days=days)
        self.handle.tick()

    def each(self, things: Iterable[T], label: str) -> Iterable[T]:
        """Go through many things, with a progress bar."""
        return self.progress(things, label)

    def note(self, code: str, **params: object) -> None:
        """Keep something for the report."""
        self.notes.append((code, params))

    def items(self) -> Mapping[ItemRef, Item]:
        """Return the items as they are now."""
        return {item.ref: item for item in self.handle.items()}

    def records(self, kind: type[R]) -> Mapping[RecordRef, R]:
        """Return what is kept of a kind besides items, as it is now."""
        return self.handle.records(kind)

    def state(self) -> Procedure:
        """Return the procedure as it is now."""
        return self.handle.state()

    def ledger(self) -> Ledger:
        """Return the books as they are now."""
        return self.handle.ledger()
