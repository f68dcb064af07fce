"""Paper (Stimmzettel), ballot by ballot: two people type each one in, and both must read the same.

What the first one read lies in the database until the second one has read it, and is gone then.
The journal tells of a paper only where two people could not agree, and then only why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, field, frozen
from attrs.validators import in_

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping
from partizipation_core.identity import Strength
from partizipation_core.kernel.channels.casting import entry
from partizipation_core.kernel.channels.channel import Validity
from partizipation_core.kernel.channels.checks import (
    closed_channel,
    content_problems,
    no_open_vote,
    unwritable,
    voter_problems,
)
from partizipation_core.kernel.channels.entries import (
    NOBODY,
    CastEntry,
    PaperEntry,
    Reading,
    Typed,
    Voter,
)
from partizipation_core.kernel.channels.policy import Fate
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Fact, Need
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.kernel.steps import reasoned
from partizipation_core.values import ItemRef, Objection, ParticipantRef

__all__ = [
    "DECIDERS",
    "ConfirmPaperBallot",
    "EnterPaperBallot",
    "PaperBallotSettled",
    "PaperBallotStruck",
    "SettlePaperBallot",
    "StrikePaperBallot",
    "cast_on_paper",
    "differences",
    "reading_problems",
]


@frozen(kw_only=True)
class EnterPaperBallot(Command):
    """Type a ballot paper in, as the first of two people.

    Args:
        paper: number stamped on the paper, new in this vote.
        choices: item → points, as in `CastBallot`; empty unless the ballot is valid.
        validity: whether it is valid, blank or invalid.
        voter: pseudonym of whose it is, where the envelope says so; empty where nobody knows.
    """

    paper: str
    choices: Mapping[ItemRef, int] = field(factory=dict, converter=as_mapping, repr=False)
    validity: Validity = field(default="valid", validator=in_(("valid", "blank", "invalid")))
    voter: ParticipantRef = field(default=NOBODY, repr=False)

    @choices.validator
    def _whole(self, _: object, value: Mapping[ItemRef, object]) -> None:
        for ref, points in value.items():
            if type(points) is not int:
                msg = f"a ballot holds whole numbers, not {type(points).__name__} for {ref}"
                raise TypeError(msg)

    @property
    def reading(self) -> Reading:
        """What was read on the paper."""
        return Reading(choices=self.choices, validity=self.validity, voter=self.voter)


@frozen(kw_only=True)
class ConfirmPaperBallot(EnterPaperBallot):
    """Type the same paper in as the second person; if both read the same, it counts at once."""


@frozen(kw_only=True)
class SettlePaperBallot(EnterPaperBallot):
    """Say what stands on a paper that two people read differently.

    Args:
        reason: how they came to agree; stands in the journal, so it must not tell what was voted.
    """

    reason: str


@frozen(kw_only=True)
class PaperBallotSettled(Event):
    """Two people read a paper differently and came to agree; what it says is not told."""

    vote: str
    paper: str
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Change nothing: the ballot is in the box."""
        return ()


@frozen(kw_only=True)
class StrikePaperBallot(Command):
    """Strike a paper out that waits for a second person and should never have been entered.

    Args:
        paper: its number, which is free again then.
        reason: why; stands in the journal, so it must not tell what was voted.
    """

    paper: str
    reason: str


@frozen(kw_only=True)
class PaperBallotStruck(Event):
    """A paper that waited was struck out; it never counted."""

    vote: str
    paper: str
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Procedure | Item]:  # noqa: ARG002
        """Change nothing: it was in no box."""
        return ()


def differences(typed: Typed) -> tuple[str, ...]:
    """Name what two people read differently: items, ``validity``, ``voter``."""
    first, second = typed.first, typed.second
    if first is None or second is None:
        return ()
    refs = sorted({*first.choices, *second.choices})
    items = [ref for ref in refs if first.choices.get(ref) != second.choices.get(ref)]
    others = [
        name for name in ("validity", "voter") if getattr(first, name) != getattr(second, name)
    ]
    return (*items, *others)


def reading_problems(reading: Reading, context: Context) -> Iterator[Objection]:
    """Say what is wrong with what was read on a paper."""
    if reading.validity == "valid":
        yield from content_problems(reading.choices, context)
    elif reading.choices:
        yield Objection("choices_not_counted", {"validity": reading.validity})


def cast_on_paper(reading: Reading, paper: str, channel: str, context: Context) -> CastEntry:
    """Lay out what was read as a vote, as if there were no other of the same person."""
    return CastEntry(
        vote=context.procedure.vote,
        voter=Voter(person=reading.voter, paper="" if reading.voter else f"{channel}/{paper}"),
        channel=channel,
        choices=reading.choices,
        validity=reading.validity,
        fate=None if reading.validity == "valid" else Fate.STANDS,
        strength=context.settings.strength_of(channel) if reading.voter else Strength.NONE,
    )


def _common(command: EnterPaperBallot, context: Context) -> Iterator[Objection]:
    yield from closed_channel("paper", context)
    yield from unwritable("paper", command.paper)
    if context.procedure.vote not in context.procedure.papers:
        yield from no_open_vote(command, context)
        return
    yield from voter_problems(command.voter, "paper", context)
    yield from reading_problems(command.reading, context)


def _enter_objections(command: EnterPaperBallot, context: Context) -> Iterator[Objection]:
    yield from _common(command, context)
    if context.register.paper is not None:
        yield Objection("paper_known", {"paper": command.paper})


def _confirm_objections(command: ConfirmPaperBallot, context: Context) -> Iterator[Objection]:
    yield from _common(command, context)
    typed = context.register.paper
    if typed is None:
        yield Objection("paper_unknown", {"paper": command.paper})
    elif typed.state != "entered":
        code = "paper_done" if typed.state == "done" else "paper_differs"
        yield Objection(code, {"paper": command.paper})
    elif typed.first_by == context.actor.ref:
        yield Objection("same_person_twice", {"paper": command.paper})


def _settle_objections(command: SettlePaperBallot, context: Context) -> Iterator[Objection]:
    yield from _common(command, context)
    yield from reasoned(command, context)
    typed = context.register.paper
    if typed is None:
        yield Objection("paper_unknown", {"paper": command.paper})
    elif typed.state != "differs":
        yield Objection("paper_agrees", {"paper": command.paper})
    elif context.actor.ref not in (typed.first_by, typed.second_by):
        yield Objection("not_your_paper", {"paper": command.paper})


def _strike_objections(command: StrikePaperBallot, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    typed = context.register.paper
    if typed is None:
        yield Objection("paper_unknown", {"paper": command.paper})
    elif typed.state == "done":
        yield Objection("paper_done", {"paper": command.paper})
    elif context.actor.ref not in (typed.first_by, typed.second_by):
        yield Objection("not_your_paper", {"paper": command.paper})


def _strike(command: StrikePaperBallot, context: Context) -> tuple[Fact, ...]:
    vote = context.procedure.vote
    told = PaperBallotStruck(vote=vote, paper=command.paper, reason=command.reason)
    return (told, PaperEntry(vote=vote, paper=command.paper, channel="paper", state="struck"))


def _enter(command: EnterPaperBallot, context: Context) -> tuple[Fact, ...]:
    return (_typed(command, "entered", context),)


def _confirm(command: ConfirmPaperBallot, context: Context) -> tuple[Fact, ...]:
    typed = context.register.paper
    assert typed is not None  # noqa: S101 - narrowing, objected to before
    if typed.first != _sealed(command.reading, context):
        return (_typed(command, "differs", context),)
    return _done(command, context)


def _settle(command: SettlePaperBallot, context: Context) -> tuple[Fact, ...]:
    vote = context.procedure.vote
    told = PaperBallotSettled(vote=vote, paper=command.paper, reason=command.reason)
    return (told, *_done(command, context))


def _typed(command: EnterPaperBallot, state: str, context: Context) -> PaperEntry:
    return PaperEntry(
        vote=context.procedure.vote,
        paper=command.paper,
        channel="paper",
        state=state,
        reading=_sealed(command.reading, context),
        by=context.actor.ref,
    )


def _sealed(reading: Reading, context: Context) -> Reading:
    """Put the keyed tag in the place of the voter, so that no choice lies beside a pseudonym."""
    return evolve(reading, voter=ParticipantRef(context.register.voter))


def _done(command: EnterPaperBallot, context: Context) -> tuple[Fact, ...]:
    vote = context.procedure.vote
    by = context.actor.ref
    done = PaperEntry(vote=vote, paper=command.paper, channel="paper", state="done", by=by)
    cast = cast_on_paper(command.reading, command.paper, "paper", context)
    return (done, entry(cast, context.register.standing, context))


DECIDERS = (
    Decider(
        command=EnterPaperBallot,
        decide=_enter,
        objections=_enter_objections,
        needs={Need.REGISTER, Need.ENTITLED},
        voice=True,
    ),
    Decider(
        command=ConfirmPaperBallot,
        decide=_confirm,
        objections=_confirm_objections,
        needs={Need.REGISTER, Need.ENTITLED},
        voice=True,
    ),
    Decider(
        command=SettlePaperBallot,
        decide=_settle,
        objections=_settle_objections,
        events=(PaperBallotSettled,),
        needs={Need.REGISTER, Need.ENTITLED},
        voice=True,
    ),
    Decider(
        command=StrikePaperBallot,
        decide=_strike,
        objections=_strike_objections,
        events=(PaperBallotStruck,),
        needs={Need.REGISTER},
    ),
)
