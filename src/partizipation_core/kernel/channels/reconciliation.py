"""Reconciliation (Abgleich): what came in by which channel, and what became of it.

Every number of turnout is taken from here, so that no two of them can disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import asdict, field, frozen

from partizipation_core.counting import Tally
from partizipation_core.formats.channels import CHANNELS
from partizipation_core.freezing import as_mapping
from partizipation_core.kernel.channels.policy import Fate
from partizipation_core.kernel.channels.register import EXTERNAL, OutsideTotals, Register
from partizipation_core.values import ItemRef

__all__ = ["Aside", "Line", "Reconciliation", "reconciled", "shown"]

FEWEST = 5
"""Fewest votes of a channel whose choices may be told apart from those of others."""


@frozen(kw_only=True)
class Aside:
    """Votes of one kind that are not in the box.

    Args:
        channel: how they came in.
        fate: what became of them.
        validity: valid, blank or invalid.
        number: how many.
    """

    channel: str
    fate: str
    validity: str
    number: int


@frozen(kw_only=True)
class Line:
    """The numbers of one channel, or of all together.

    ``cast = valid + blank + invalid + pending + missing`` and
    ``counted = valid - double - void`` always hold.

    Args:
        issued: codes, voting cards or ballot papers handed out; 0 where nothing is.
        withdrawn: codes that were withdrawn.
        test: ballots cast with test codes; they are no part of anything else.
        cast: votes that came in.
        valid: those that were filled in as the rules ask.
        blank: those that were left empty.
        invalid: those that cannot be counted as they are filled in.
        pending: papers that wait for a second person.
        missing: ballots of an urn that its place could not sort; less than none where it sorted
            more than it counted. A note tells why.
        double: valid ones that do not count, since another vote of the same person does.
        void: valid ones that do not count, since none of that person's does.
        counted: votes that count.
        voters: people whose vote stands, whatever it says: the turnout.
    """

    issued: int = 0
    withdrawn: int = 0
    test: int = 0
    cast: int = 0
    valid: int = 0
    blank: int = 0
    invalid: int = 0
    pending: int = 0
    missing: int = 0
    double: int = 0
    void: int = 0
    counted: int = 0
    voters: int = 0

    def __add__(self, other: Line) -> Line:
        added, one, two = {}, asdict(self), asdict(other)
        for name in one:
            added[name] = one[name] + two[name]
        return Line(**added)


@frozen(kw_only=True)
class Reconciliation:
    """What came in to one vote.

    Args:
        vote: which.
        channels: channel → its numbers, those in which anything happened.
        total: all of them.
        notes: place → why its sums do not agree.
        beside: the votes that are not in the box.
    """

    vote: str
    channels: Mapping[str, Line] = field(converter=as_mapping)
    total: Line
    notes: Mapping[str, str] = field(factory=dict, converter=as_mapping)
    beside: tuple[Aside, ...] = ()

    @property
    def turnout(self) -> Mapping[str, int]:
        """Channel → people whose vote stands (Beteiligung)."""
        return {name: line.voters for name, line in self.channels.items() if line.voters}

    @property
    def problems(self) -> tuple[str, ...]:
        """Identities that do not hold; empty if the numbers were taken from here."""
        lines = {**self.channels, "total": self.total}
        return tuple(name for name, line in lines.items() if not _agrees(line))


def _agrees(line: Line) -> bool:
    sorted_ = line.valid + line.blank + line.invalid + line.pending + line.missing
    return line.cast == sorted_ and line.counted == line.valid - line.double - line.void


def reconciled(
    vote: str,
    box: Mapping[str, int],
    aside: Iterable[Aside],
    pending: Mapping[str, int],
    register: Register,
) -> Reconciliation:
    """Add up what came in.

    Args:
        vote: which vote.
        box: channel → ballots in the box.
        aside: votes that are not in the box.
        pending: channel → papers that wait for a second person.
        register: totals and codes.
    """
    beside, lines = tuple(aside), dict[str, Line]()
    for channel, line in (
        *((channel, _in_the_box(number)) for channel, number in box.items()),
        *((one.channel, _beside_it(one)) for one in beside),
        *((channel, Line(cast=number, pending=number)) for channel, number in pending.items()),
        *_totals(register),
    ):
        lines[channel] = lines.get(channel, Line()) + line
    order = (*CHANNELS, *sorted(set(lines) - set(CHANNELS)))
    used = {name: lines[name] for name in order if lines.get(name, Line()) != Line()}
    return Reconciliation(
        vote=vote,
        channels=used,
        total=sum(used.values(), start=Line()),
        notes=_notes(register),
        beside=beside,
    )


def _in_the_box(number: int) -> Line:
    return Line(cast=number, valid=number, counted=number, voters=number)


def _beside_it(one: Aside) -> Line:
    number, valid = one.number, one.validity == "valid"
    if one.fate == Fate.TEST:
        return Line(test=number)
    if one.channel in ("hands", "urn"):
        return Line(issued=number)  # what was handed out; how it was used the totals tell
    stands = number if one.fate == Fate.STANDS else 0
    came: dict[str, Any] = {"cast": number, one.validity: number, "voters": stands}
    if valid and one.fate in (Fate.DOUBLE, Fate.VOID):
        came[str(one.fate)] = number
    return Line(**came)


def _totals(register: Register) -> Iterable[tuple[str, Line]]:
    for batch in register.batches.values():
        if not batch.test:
            yield "code", Line(issued=batch.count, withdrawn=batch.withdrawn)
    if register.meeting is not None:
        yield "hands", _in_the_box(register.meeting.present)
    for place in register.places.values():
        sorted_out = place.valid + place.blank + place.invalid
        yield (
            "urn",
            Line(
                cast=place.ballots,
                valid=place.valid,
                blank=place.blank,
                invalid=place.invalid,
                missing=place.ballots - sorted_out,
                counted=place.valid,
                voters=sorted_out,
            ),
        )
    if register.outside is not None:
        yield EXTERNAL, _outside(register.outside)


def _outside(one: OutsideTotals) -> Line:
    return Line(
        cast=one.ballots,
        valid=one.valid,
        blank=one.blank,
        invalid=one.invalid,
        counted=one.valid,
        voters=one.ballots,
    )


def _notes(register: Register) -> dict[str, str]:
    notes = {name: place.note for name, place in register.places.items() if place.note}
    if register.meeting is not None and register.meeting.note:
        notes["assembly"] = register.meeting.note
    return notes


def shown(
    votes: Mapping[str, Mapping[ItemRef, Tally]], counted: Mapping[str, int]
) -> dict[str, Mapping[ItemRef, Tally] | None]:
    """Withhold the votes of channels so small that they would tell what single people voted.

    Where the channels withheld are still few together, the next smallest is withheld as well, so
    that nobody can subtract.

    Args:
        votes: channel → item → its totals.
        counted: channel → votes counted.
    """
    withheld: set[str] = set()
    for channel in sorted(votes, key=lambda name: (counted.get(name, 0), name)):
        together = sum(counted.get(name, 0) for name in withheld)
        if counted.get(channel, 0) < FEWEST or 0 < together < FEWEST:
            withheld.add(channel)
    return {channel: None if channel in withheld else votes[channel] for channel in votes}
