"""The register of a vote: what every channel brought in that is not a ballot in the box.

It is part of the procedure's state, so everything here is public and stands in the journal. No
number tells what people voted before the vote is closed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve, field, frozen
from attrs.validators import ge, in_

from partizipation_core.formats.channels import METHODS, Method
from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.values import ItemRef

__all__ = [
    "ASSEMBLY",
    "EXTERNAL",
    "Batch",
    "CountingMethod",
    "ItemTotals",
    "Meeting",
    "OutsideRoll",
    "OutsideTotals",
    "PlaceTotals",
    "Register",
]

ASSEMBLY = "assembly"
"""The place at which hands are shown."""

EXTERNAL = "external"
"""What the votes of a system outside are called among the channels; no ballot here has it."""


@frozen(kw_only=True)
class ItemTotals:
    """What one item got where nobody knows the single ballots.

    Args:
        votes: people who voted for it.
        contra: people who voted against it.
        points: points it was given; as many as votes where nothing else is said.
    """

    votes: int = field(default=0, validator=ge(0))
    contra: int = field(default=0, validator=ge(0))
    points: int | None = None

    def __add__(self, other: ItemTotals) -> ItemTotals:
        return ItemTotals(
            votes=self.votes + other.votes,
            contra=self.contra + other.contra,
            points=self.given + other.given,
        )

    @property
    def given(self) -> int:
        """Points, whether or not they were counted apart."""
        return self.votes if self.points is None else self.points


@frozen(kw_only=True)
class PlaceTotals:
    """What a polling place reports of its urn (Abstimmungsniederschrift).

    Args:
        ballots: ballots in the urn.
        valid: those that were filled in as the rules ask.
        blank: those that were left empty.
        invalid: all others.
        votes: item → what it got.
        note: why some sums do not agree; empty where all do.
    """

    ballots: int = field(validator=ge(0))
    valid: int = field(validator=ge(0))
    blank: int = field(default=0, validator=ge(0))
    invalid: int = field(default=0, validator=ge(0))
    votes: Mapping[ItemRef, ItemTotals] = field(factory=dict, converter=as_mapping)
    note: str = ""


@frozen(kw_only=True)
class OutsideRoll:
    """An electoral roll that went to a system outside.

    Args:
        people: how many stand on it.
        root: Merkle root over their sorted tags.
        document: SHA-256 of the file, hexadecimal.
    """

    people: int
    root: str
    document: str


@frozen(kw_only=True)
class OutsideTotals:
    """What a system outside reports of a vote; nobody has counted it here.

    Args:
        ballots: ballots in its box.
        valid: those that were filled in as the rules ask.
        blank: those that were left empty.
        invalid: all others.
        votes: item → what it got.
        document: SHA-256 of the signed report, hexadecimal.
        proof: SHA-256 of what proves the numbers to whoever checks the system outside.
    """

    ballots: int = field(validator=ge(0))
    valid: int = field(validator=ge(0))
    blank: int = field(default=0, validator=ge(0))
    invalid: int = field(default=0, validator=ge(0))
    votes: Mapping[ItemRef, ItemTotals] = field(factory=dict, converter=as_mapping)
    document: str
    proof: str


@frozen(kw_only=True)
class CountingMethod:
    """How an assembly counts (Abstimmungsverfahren), as it chose on the spot.

    Args:
        name: ``hands``, ``cards``, ``paper`` or ``points``.
        points: how many points each person hands out; with ``points`` only.
    """

    name: Method = field(validator=in_(METHODS))
    points: int | None = None


@frozen(kw_only=True)
class Meeting:
    """What an assembly showed by hands, as one channel among others.

    Args:
        present: people entitled to vote who were there.
        votes: item → hands for and against it.
        note: why the number present is another one than that of the voting cards.
    """

    present: int
    votes: Mapping[ItemRef, ItemTotals] = field(factory=dict, converter=as_mapping)
    note: str = ""


@frozen(kw_only=True)
class Batch:
    """Codes that were issued together.

    Args:
        count: how many.
        purpose: what they are for, in the words of the office.
        test: whether ballots cast with them never count.
        addressed: whether each belongs to somebody on the register.
        void: whether none of them is good any more.
        void_numbers: single ones that are not.
    """

    count: int
    purpose: str = ""
    test: bool = False
    addressed: bool = False
    void: bool = False
    void_numbers: tuple[int, ...] = field(default=(), converter=as_tuple)

    @property
    def withdrawn(self) -> int:
        """How many of them are not good any more."""
        return self.count if self.void else len(self.void_numbers)

    def is_void(self, number: int) -> bool:
        """Tell whether one of them is not good any more."""
        return self.void or number in self.void_numbers


@frozen(kw_only=True)
class Register:
    """What is known of one vote besides its box.

    Args:
        batches: name → codes issued.
        admitted: place → voting cards or ballot papers handed out, for hands and urns.
        places: polling place → totals of its urn.
        meeting: the show of hands, if there was one.
        method: how the assembly counts, where it chose a way of its own.
        outside_roll: the electoral roll that went to a system outside.
        outside: what that system reported.
    """

    batches: Mapping[str, Batch] = field(factory=dict, converter=as_mapping)
    admitted: Mapping[str, int] = field(factory=dict, converter=as_mapping)
    places: Mapping[str, PlaceTotals] = field(factory=dict, converter=as_mapping)
    meeting: Meeting | None = None
    method: CountingMethod | None = None
    outside_roll: OutsideRoll | None = None
    outside: OutsideTotals | None = None

    def admitting(self, place: str, people: int) -> Register:
        """Return it with more people let in at a place."""
        before = self.admitted.get(place, 0)
        return evolve(self, admitted={**self.admitted, place: before + people})

    @property
    def cards(self) -> int | None:
        """Voting cards handed out in the assembly; None where no attendance was taken."""
        return self.admitted.get(ASSEMBLY)

    @property
    def unticked(self) -> frozenset[str]:
        """Channels with votes of people whom no attendance list names."""
        hands = self.meeting is not None and self.cards is None
        found = {"hands": hands, "urn": not self.places.keys() <= self.admitted.keys()}
        return frozenset(name for name, is_so in found.items() if is_so)

    def totals(self) -> Iterator[tuple[str, Mapping[ItemRef, ItemTotals]]]:
        """Yield channel and votes of everything of which only totals are known."""
        if self.meeting is not None:
            yield "hands", self.meeting.votes
        for place in self.places.values():
            yield "urn", place.votes
        if self.outside is not None:
            yield EXTERNAL, self.outside.votes

    @property
    def counted(self) -> int:
        """How many people's votes its totals hold."""
        hands = self.meeting.present if self.meeting else 0
        outside = self.outside.valid if self.outside else 0
        return hands + outside + sum(place.valid for place in self.places.values())
