"""Deciders: for each command what speaks against it, and what it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto
from typing import Any

from attrs import field, frozen

from partizipation_core.freezing import as_set
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.messages import BallotEntry, Command, Event
from partizipation_core.kernel.state import Item
from partizipation_core.kernel.voices import VoiceEntry
from partizipation_core.values import Objection

__all__ = ["Decider", "Fact", "Need", "nothing_against"]

Fact = Event | BallotEntry | VoiceEntry


class Need(Enum):
    """What a decision must be told beyond the procedure and the item it names."""

    ITEMS = auto()
    """All items."""
    MARK = auto()
    """Whether the actor has voted."""
    BOX = auto()
    """Summary of the present box."""
    BALLOTS = auto()
    """All ballots of the vote to be counted."""
    COMMENTS = auto()
    """The comment that the command names and the one it answers."""
    HELD = auto()
    """What the actor has supported, rated and reported."""
    REPORTS = auto()
    """How often the item or comment was reported."""
    VOICES = auto()
    """Summary of the supports and ratings that the present stage takes in."""


def nothing_against(_command: Any, _context: Context) -> Iterable[Objection]:
    """Object to nothing beyond stage, role, state and rules."""
    return ()


@frozen(kw_only=True)
class Decider:
    """How one command is decided.

    Args:
        command: its class.
        decide: pure; returns what is recorded. Called only when nobody objects.
        objections: pure; the core's own invariants, checked after all plugin code.
        events: event classes that `decide` may return.
        needs: what must be loaded for it.
        trigger: for item commands, the trigger of the lifecycle that the command pulls.
        seen: for commands that bring new content, the item as guards shall see it.
        personal: whether eligibility rules are asked about the actor.
        creates: whether the command may name an item that does not exist yet.
        asks: slots that must be filled wherever a format allows the command.
        takes_back: whether it only takes back what the actor said, which is possible also where
            the item is hidden.
        voice: whether it is one person's own voice, which no override can give or take.
    """

    command: type[Command]
    decide: Callable[[Any, Context], Sequence[Fact]]
    objections: Callable[[Any, Context], Iterable[Objection]] = nothing_against
    events: tuple[type[Event], ...] = ()
    needs: frozenset[Need] = field(factory=frozenset, converter=as_set)
    trigger: Callable[[Any], str] | None = None
    seen: Callable[[Any, Context], Item] | None = None
    personal: bool = False
    creates: bool = False
    asks: frozenset[str] = field(factory=frozenset, converter=as_set)
    takes_back: bool = False
    voice: bool = False

    @property
    def name(self) -> str:
        """The command's name."""
        return self.command.__name__
