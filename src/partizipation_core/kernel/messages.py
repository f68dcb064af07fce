"""Commands ask, events tell, ballot entries go into the box.

Commands are imperative, events in the past tense. An event knows what it changes; whoever replays
a journal needs nothing but the events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import field, fields, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import read_only
from partizipation_core.identity import Strength
from partizipation_core.kernel.privacy.kinds import Kind
from partizipation_core.values import ItemRef, ParticipantRef

if TYPE_CHECKING:
    from partizipation_core.kernel.record import Record
    from partizipation_core.kernel.state import Comment, Item, Procedure, World
    from partizipation_core.money.books import Booking

__all__ = [
    "BallotEntry",
    "BallotOpening",
    "BallotWithdrawal",
    "Command",
    "Event",
    "ItemCommand",
]


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def _freeze_fields(thing: Any) -> None:
    kind: Any = type(thing)
    for name in _names(kind):
        given = getattr(thing, name)
        if isinstance(given, dict):
            object.__setattr__(thing, name, read_only(given))


@frozen(kw_only=True)
class Command:
    """Something an actor asks for. Subclasses are frozen attrs classes with keyword fields."""

    def __attrs_post_init__(self) -> None:
        """Freeze what the fields hold."""
        _freeze_fields(self)


@frozen(kw_only=True)
class ItemCommand(Command):
    """A command about one item."""

    item: ItemRef


@frozen(kw_only=True)
class Event:
    """Something that was decided. Written once, never changed.

    ``version`` counts the shape of an event class; `lifted` reads the earlier ones.
    ``privacy`` says of a plugin's event which field holds what kind of personal data.
    """

    version: ClassVar[int] = 1
    privacy: ClassVar[Mapping[str, Kind]] = {}

    def __attrs_post_init__(self) -> None:
        """Freeze what the fields hold: observers are handed the very event."""
        _freeze_fields(self)

    @classmethod
    def lifted(cls, version: int, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Bring what an earlier release wrote into the present shape; the stored bytes stay.

        Args:
            version: the count of the shape in which it was written.
            data: what was written, as plain JSON; not to be changed.

        Raises:
            LookupError: there is no way from that shape to this one.
        """
        if version != cls.version:
            msg = f"{cls.__name__} version {version} cannot be read here"
            raise LookupError(msg)
        return data

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


@frozen(kw_only=True)
class BallotOpening:
    """One ballot on its way out of the box, opened for its voter; the journal never sees it.

    Args:
        vote: names the vote.
        voter: pseudonym, turned into a keyed tag before anything is looked up.
        commitment: which ballot, as its receipt says; another one stays where it is.
    """

    vote: str
    voter: ParticipantRef = field(repr=False)
    commitment: str = field(repr=False)
