"""Commands ask, events tell, ballot entries go into the box.

Commands are imperative, events in the past tense. An event knows what it changes; whoever replays
a journal needs nothing but the events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.identity import Strength
from partizipation_core.values import ItemRef, ParticipantRef

if TYPE_CHECKING:
    from partizipation_core.kernel.record import Record
    from partizipation_core.kernel.state import Comment, Item, Procedure, World
    from partizipation_core.money.books import Booking

__all__ = ["BallotEntry", "BallotWithdrawal", "Command", "Event", "ItemCommand"]


@frozen(kw_only=True)
class Command:
    """Something an actor asks for. Subclasses are frozen attrs classes with keyword fields."""


@frozen(kw_only=True)
class ItemCommand(Command):
    """A command about one item."""

    item: ItemRef


@frozen(kw_only=True)
class Event:
    """Something that was decided. Written once, never changed.

    ``version`` counts the shape of an event class; old shapes are lifted when they are read.
    """

    version: ClassVar[int] = 1

    def apply(
        self, world: World, at: Instant
    ) -> Iterable[Procedure | Item | Comment | Booking | Record]:
        """Return what the event changes, as new values.

        Args:
            world: the state before, at least everything the event names.
            at: the instant the event is recorded for.
        """
        raise NotImplementedError


@frozen(kw_only=True)
class BallotEntry:
    """One ballot on its way into the box; the journal never sees it.

    Args:
        vote: names the vote.
        voter: pseudonym, turned into a keyed tag before anything is stored.
        choices: item → points; 1 is a plain vote, -1 a vote against.
        channel: how it came in.
        replaces: whether it takes the place of the voter's earlier ballot.
        strength: how strongly the voter was recognised.
    """

    vote: str
    voter: ParticipantRef = field(repr=False)
    choices: Mapping[ItemRef, int] = field(repr=False)
    channel: str
    replaces: bool
    strength: Strength = Strength.NONE


@frozen(kw_only=True)
class BallotWithdrawal:
    """One ballot on its way out of the box, and its voter off the roll; the journal never sees it.

    Args:
        vote: names the vote.
        voter: pseudonym, turned into a keyed tag before anything is looked up.
        channel: how it had come in.
    """

    vote: str
    voter: ParticipantRef = field(repr=False)
    channel: str
