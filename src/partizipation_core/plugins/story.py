"""Stories: a plugin shows its format at work, from the first idea to the last invoice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol, TypeVar

from partizipation_core.counting import Election
from partizipation_core.formats.stages import Timing
from partizipation_core.kernel.messages import Command
from partizipation_core.kernel.record import Record
from partizipation_core.kernel.state import Item, Procedure
from partizipation_core.money.books import Ledger
from partizipation_core.values import Actor, ItemRef, Objection, RecordRef

__all__ = ["Scene", "Story"]

T = TypeVar("T")
R = TypeVar("R", bound=Record)


class Scene(Protocol):
    """What a story plays on: a procedure on a real platform, with a clock that it moves."""

    @property
    def election(self) -> Election:
        """Where ideas, costs and ballots come from."""
        ...

    def open(
        self,
        format: str,  # noqa: A002 - the word of the field
        *,
        settings: Mapping[str, object],
        schedule: Mapping[str, Timing],
        rules: Mapping[str, str | list[str]] | None = None,
    ) -> None:
        """Open the procedure."""

    def do(self, command: Command, actor: Actor) -> None:
        """Give a command that is accepted."""

    def is_refused(self, command: Command, actor: Actor) -> tuple[Objection, ...]:
        """Give a command that must be refused, and keep the reasons for the report."""

    def attempt(self, command: Command, actor: Actor) -> tuple[Objection, ...]:
        """Give a command that may be refused; returns the reasons, none if it was accepted."""

    def pass_days(self, days: int) -> None:
        """Let time go by."""

    def each(self, things: Iterable[T], label: str) -> Iterable[T]:
        """Go through many things, with a progress bar."""

    def note(self, code: str, **params: object) -> None:
        """Tell something in the report, by the code of its sentence."""

    def items(self) -> Mapping[ItemRef, Item]:
        """Return the items as they are now."""
        ...

    def records(self, kind: type[R]) -> Mapping[RecordRef, R]:
        """Return what is kept of a kind besides items, as it is now."""
        ...

    def state(self) -> Procedure:
        """Return the procedure as it is now."""
        ...

    def ledger(self) -> Ledger:
        """Return the books as they are now."""
        ...


Story = Callable[[Scene], None]
"""Plays a whole procedure on a scene."""
