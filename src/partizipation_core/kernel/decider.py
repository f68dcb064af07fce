"""Deciders: for each command what speaks against it, and what it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto
from functools import cached_property
from typing import Any, Literal

from attrs import field, frozen

from partizipation_core.formats.permissions import Ownership
from partizipation_core.freezing import as_set, as_tuple
from partizipation_core.kernel.channels.entries import BatchEntry, CastEntry, PaperEntry
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.franchise import (
    RegisterEntry,
    RegisterErasure,
    RollEntry,
)
from partizipation_core.kernel.messages import (
    BallotEntry,
    BallotOpening,
    BallotWithdrawal,
    Command,
    Event,
    ItemCommand,
)
from partizipation_core.kernel.payee import PayeeEntry, PayeeErasure
from partizipation_core.kernel.privacy.wording import WordingChange
from partizipation_core.kernel.record import Reading
from partizipation_core.kernel.secrecy.seal import SealEntry
from partizipation_core.kernel.state import Item
from partizipation_core.kernel.voices import VoiceEntry
from partizipation_core.values import ItemRef, Objection

__all__ = ["Decider", "Fact", "Need", "Ownership", "nothing_against"]

Fact = (
    Event
    | BallotEntry
    | BallotWithdrawal
    | BallotOpening
    | CastEntry
    | PaperEntry
    | BatchEntry
    | VoiceEntry
    | RegisterEntry
    | RegisterErasure
    | RollEntry
    | PayeeEntry
    | PayeeErasure
    | WordingChange
    | SealEntry
)


class Need(Enum):
    """What a decision must be told beyond the procedure and the item it names."""

    ITEMS = auto()
    """All items."""
    MARK = auto()
    """Whether the actor has voted, and is on the electoral roll."""
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
    RESIDENTS = auto()
    """The register of people of the procedure (Melderegister)."""
    ELECTORATE = auto()
    """The electoral roll of the present vote, with the tags of everybody in the register."""
    ENTITLED = auto()
    """Whether those whom the command names, or whose code it shows, are on the electoral roll."""
    REGISTER = auto()
    """What the register says of the code, the paper or the people that the command names."""
    BOX_COUNT = auto()
    """How many ballots the vote that the command names has, counted three ways."""
    LEDGER = auto()
    """What the bookings of the procedure add up to, by pot, act, accounts and item."""
    NONCE = auto()
    """Fresh randomness, to commit to something without telling it."""
    WRITTEN = auto()
    """All texts beside the journal, all items and all comments."""
    PUBLISHED = auto()
    """When the result of the vote that the command names was made known."""


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
        records: what it is shown of the records of each kind that its events read or write: every
            one, or those that fields of the command name.
        triggers: for commands about items, the triggers of the lifecycle that it may pull.
        trigger: which of several triggers a command pulls.
        follows: further triggers that come of it by themselves or for other items.
        before: for commands that pull none, triggers of which one must still be possible.
        never_in: states in which an item is beyond the command, which says so in its own words.
        about: items that a command names besides, or in the place of, its ``item``.
        ownership: whose items it may be about.
        seen: for commands that bring new content, the item as guards shall see it.
        personal: whether eligibility rules are asked about the actor, unless it is one of the
            staff who may give it as such.
        creates: whether the command may name an item that does not exist yet.
        asks: slots that must be filled wherever a format allows the command.
        moment: in which stages that allow it it makes sense: ``any``; those from which a way
            leads on by hand (``on``); a last one (``end``); none, but ``before`` the first.
        internal: whether no format needs to name it. Every other command of a plugin is refused
            unless some loaded format says who may give it; one that only running procedures
            still pin, or that is offered to formats yet to be written, says ``internal=True``.
        takes_back: whether it only takes back what the actor said, which is possible also where
            the item is hidden.
        voice: whether it is one person's own voice, which no override can give or take.
        after_closing: whether it is still possible when the procedure is over.
    """

    command: type[Command]
    decide: Callable[[Any, Context], Sequence[Fact]]
    objections: Callable[[Any, Context], Iterable[Objection]] = nothing_against
    events: tuple[type[Event], ...] = ()
    needs: frozenset[Need] = field(factory=frozenset, converter=as_set)
    records: tuple[Reading, ...] = field(default=(), converter=as_tuple)
    triggers: tuple[str, ...] = field(default=(), converter=as_tuple)
    trigger: Callable[[Any], str] | None = None
    follows: tuple[str, ...] = field(default=(), converter=as_tuple)
    never_in: frozenset[str] = field(factory=frozenset, converter=as_set)
    before: tuple[str, ...] = field(default=(), converter=as_tuple)
    about: Callable[[Any], Iterable[ItemRef]] | None = None
    ownership: Ownership = field(default=Ownership.NONE, converter=Ownership)
    seen: Callable[[Any, Context], Item] | None = None
    personal: bool = False
    creates: bool = False
    asks: frozenset[str] = field(factory=frozenset, converter=as_set)
    moment: Literal["any", "before", "on", "end"] = "any"
    internal: bool = False
    takes_back: bool = False
    voice: bool = False
    after_closing: bool = False

    @cached_property
    def name(self) -> str:
        """The command's name."""
        return self.command.__name__

    @property
    def by_area(self) -> bool:
        """Whether actors who are confined to areas may give it only about items of these areas.

        What people do for themselves is never confined: areas belong to offices.
        """
        about_items = issubclass(self.command, ItemCommand) or self.about is not None
        own = self.ownership not in (Ownership.NONE, Ownership.AUTHOR_OR_OFFICE)
        return about_items and not (self.personal or self.voice or own)

    def pulls(self, command: Command) -> str:
        """Return the trigger that a command pulls; empty where it moves nothing."""
        if self.trigger is not None:
            return self.trigger(command)
        return self.triggers[0] if self.triggers else ""

    def items(self, command: Command) -> tuple[ItemRef, ...]:
        """Return the items that a command is about."""
        own = (command.item,) if isinstance(command, ItemCommand) else ()
        return (*own, *(self.about(command) if self.about else ()))
