"""Letters: sent, followed by reminders and home visits, answered by a registration or a refusal.

A letter bears a random code. Who got it, and what people say of themselves when they register,
stays with the office; the journal holds the code and a seal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Literal

from attrs import evolve, field, frozen

from partizipation_buergerrat.procedure.mandate import FRAME, Frame
from partizipation_buergerrat.procedure.owning import acts_for
from partizipation_buergerrat.procedure.sample import Sample
from partizipation_buergerrat.procedure.seal import SALT_DIGITS, seal
from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.privacy.kinds import NOTHING, Kind
from partizipation_core.kernel.record import Every, Named, Record
from partizipation_core.kernel.state import World
from partizipation_core.values import NO_RECORD, Objection, RecordRef

__all__ = [
    "DECIDERS",
    "CloseLetters",
    "FollowUpLetters",
    "Letter",
    "LettersClosed",
    "LettersFollowedUp",
    "LettersSent",
    "RegisterForDraw",
    "Registered",
    "SendLetters",
]

Outcome = Literal["open", "registered", "declined", "undeliverable"]

_SALT = re.compile(rf"[0-9a-f]{{{SALT_DIGITS}}}")


@frozen(kw_only=True)
class Letter(Record):
    """An invitation (Einladung), under its code.

    Args:
        sample: the sample it belongs to.
        sent: when it was sent.
        instead_of: the letter in whose place it was sent, to somebody of the same group.
        reminded: how many reminders were sent.
        visited: how often somebody called at the door.
        outcome: what became of it; one that stays open was never answered.
        seal: commits to what the person declared; empty unless registered.
    """

    privacy: ClassVar[Mapping[str, Kind]] = {"seal": NOTHING}

    kind: ClassVar[str] = "buergerrat/letter"

    sample: RecordRef
    sent: Instant
    instead_of: RecordRef = NO_RECORD
    reminded: int = 0
    visited: int = 0
    outcome: Outcome = "open"
    seal: str = ""


@frozen(kw_only=True)
class SendLetters(Command):
    """Put down that letters were sent.

    Args:
        sample: to people of which sample.
        letters: their codes.
        instead_of: code → letter that was refused or came back, where somebody of the same group
            is invited in the place of another (Nachziehung).
    """

    sample: RecordRef
    letters: tuple[RecordRef, ...] = field(converter=as_tuple)
    instead_of: Mapping[RecordRef, RecordRef] = field(factory=dict, converter=as_mapping)


@frozen(kw_only=True)
class FollowUpLetters(Command):
    """Put down that people who have not answered were asked again.

    Args:
        letters: their codes.
        by: with a reminder, or at their door (aufsuchend).
    """

    letters: tuple[RecordRef, ...] = field(converter=as_tuple)
    by: Literal["reminder", "visit"] = "reminder"


@frozen(kw_only=True)
class CloseLetters(Command):
    """Put down that letters will not be answered any more.

    Args:
        letters: their codes.
        outcome: refused, or never delivered.
    """

    letters: tuple[RecordRef, ...] = field(converter=as_tuple)
    outcome: Literal["declined", "undeliverable"] = "declined"


@frozen(kw_only=True)
class RegisterForDraw(Command):
    """Register for the draw, with what one declares about oneself (Anmeldung).

    The answers are looked at and sealed; neither they nor the salt are written anywhere. The
    office keeps both until they have served.

    Args:
        letter: code of the letter.
        answers: category of the frame → feature.
        salt: 32 random bytes of this person alone, in hexadecimal.
    """

    letter: RecordRef
    answers: Mapping[str, str] = field(converter=as_mapping, repr=False)
    salt: str = field(repr=False)


@frozen(kw_only=True)
class LettersSent(Event):
    """Letters were sent."""

    sample: RecordRef
    letters: tuple[RecordRef, ...]
    instead_of: Mapping[RecordRef, RecordRef]

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Keep each of them."""
        for ref in self.letters:
            instead = self.instead_of.get(ref, NO_RECORD)
            yield Letter(ref=ref, sample=self.sample, sent=at, instead_of=instead)


@frozen(kw_only=True)
class LettersFollowedUp(Event):
    """People were asked again."""

    letters: tuple[RecordRef, ...]
    by: Literal["reminder", "visit"]

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Count it."""
        for ref in self.letters:
            before = world.records.one(Letter, ref)
            if self.by == "visit":
                yield evolve(before, visited=before.visited + 1)
            else:
                yield evolve(before, reminded=before.reminded + 1)


@frozen(kw_only=True)
class LettersClosed(Event):
    """Letters will not be answered any more."""

    letters: tuple[RecordRef, ...]
    outcome: Literal["declined", "undeliverable"]

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Close them; a registration is taken back with it."""
        for ref in self.letters:
            yield evolve(world.records.one(Letter, ref), outcome=self.outcome, seal="")


@frozen(kw_only=True)
class Registered(Event):
    """Somebody registered for the draw."""

    privacy: ClassVar[Mapping[str, Kind]] = {"seal": NOTHING}

    letter: RecordRef
    seal: str

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Keep the seal."""
        before = world.records.one(Letter, self.letter)
        yield evolve(before, outcome="registered", seal=self.seal)


def _send_objections(command: SendLetters, context: Context) -> Iterator[Objection]:
    records = context.world.records
    sample = records.get(Sample, command.sample)
    if sample is None:
        yield Objection("sample_unknown", {"sample": command.sample})
    elif missing := sorted(set(sample.letters) - set(sample.received)):
        yield Objection("sample_incomplete", {"places": ", ".join(missing)})
    if not command.letters:
        yield Objection("letters_missing")
    taken = sum(records.get(Letter, ref) is not None for ref in command.letters)
    if taken or len(set(command.letters)) < len(command.letters):
        yield Objection("code_taken")
    if strangers := set(command.instead_of) - set(command.letters):
        yield Objection("letter_unknown", {"letters": len(strangers)})
    yield from _replaceable(command, context)


def _replaceable(command: SendLetters, context: Context) -> Iterator[Objection]:
    gone = [context.world.records.get(Letter, ref) for ref in command.instead_of.values()]
    if unknown := sum(one is None for one in gone):
        yield Objection("letter_unknown", {"letters": unknown})
    waiting = sum(one is not None and one.outcome in ("open", "registered") for one in gone)
    if waiting:
        yield Objection("letter_still_open", {"letters": waiting})


def _known(letters: Iterable[RecordRef], context: Context) -> Iterator[Objection]:
    listed = tuple(letters)
    if not listed:
        yield Objection("letters_missing")
    unknown = sum(context.world.records.get(Letter, ref) is None for ref in listed)
    if unknown:
        yield Objection("letter_unknown", {"letters": unknown})


def _follow_objections(command: FollowUpLetters, context: Context) -> Iterator[Objection]:
    yield from _known(command.letters, context)
    found = (context.world.records.get(Letter, ref) for ref in command.letters)
    if done := sum(one is not None and one.outcome != "open" for one in found):
        yield Objection("letter_answered", {"letters": done})


def _close_objections(command: CloseLetters, context: Context) -> Iterator[Objection]:
    yield from _known(command.letters, context)
    found = (context.world.records.get(Letter, ref) for ref in command.letters)
    closed = sum(one is not None and one.outcome not in ("open", "registered") for one in found)
    if closed:
        yield Objection("letter_answered", {"letters": closed})
    if not all(acts_for(ref, command, context) for ref in command.letters):
        yield Objection("not_your_letter")


def _register_objections(command: RegisterForDraw, context: Context) -> Iterator[Objection]:
    letter = context.world.records.get(Letter, command.letter)
    if letter is None:
        yield Objection("letter_unknown", {"letters": 1})
    elif letter.outcome != "open":
        yield Objection("letter_answered", {"letters": 1})
    if not acts_for(command.letter, command, context):
        yield Objection("not_your_letter")
    if not _SALT.fullmatch(command.salt):
        yield Objection("salt_wrong", {"digits": SALT_DIGITS})
    yield from _answer_objections(command, context)


def _answer_objections(command: RegisterForDraw, context: Context) -> Iterator[Objection]:
    """Compare answers with the frame; a refusal names the category, never the answer."""
    frame = context.world.records.get(Frame, FRAME)
    if frame is None:
        yield Objection("frame_missing")
        return
    features: dict[str, set[str]] = {}
    for quota in frame.quotas:
        features.setdefault(quota.category, set()).add(quota.feature)
    for category, known in features.items():
        if command.answers.get(category) not in known:
            params = {"category": category, "known": ", ".join(sorted(known))}
            yield Objection("answer_unknown", params)
    if strange := sorted(set(command.answers) - set(features)):
        yield Objection("category_unknown", {"categories": ", ".join(strange)})


def _send(command: SendLetters, _context: Context) -> tuple[Event, ...]:
    return (
        LettersSent(sample=command.sample, letters=command.letters, instead_of=command.instead_of),
    )


def _follow(command: FollowUpLetters, _context: Context) -> tuple[Event, ...]:
    return (LettersFollowedUp(letters=command.letters, by=command.by),)


def _close(command: CloseLetters, _context: Context) -> tuple[Event, ...]:
    return (LettersClosed(letters=command.letters, outcome=command.outcome),)


def _register(command: RegisterForDraw, _context: Context) -> tuple[Event, ...]:
    return (Registered(letter=command.letter, seal=seal(command.salt, command.answers)),)


_LETTERS = Named(Letter, "letters")

DECIDERS = (
    Decider(
        command=SendLetters,
        decide=_send,
        objections=_send_objections,
        events=(LettersSent,),
        records=(Named(Sample, "sample"), Every(Letter)),
    ),
    Decider(
        command=FollowUpLetters,
        decide=_follow,
        objections=_follow_objections,
        events=(LettersFollowedUp,),
        records=(_LETTERS,),
    ),
    Decider(
        command=CloseLetters,
        decide=_close,
        objections=_close_objections,
        events=(LettersClosed,),
        records=(_LETTERS,),
    ),
    Decider(
        command=RegisterForDraw,
        decide=_register,
        objections=_register_objections,
        events=(Registered,),
        records=(Every(Frame), Named(Letter, "letter")),
    ),
)
