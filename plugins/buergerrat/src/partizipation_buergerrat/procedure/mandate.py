"""The mandate: what is asked, who answers until when, and whom the body shall look like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from attrs import evolve, field, frozen
from attrs.validators import ge

from partizipation_buergerrat.procedure.lots import Drawing
from partizipation_core.clock import Instant
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.privacy.kinds import NOTHING, STATE, STATEMENT, Kind
from partizipation_core.kernel.record import Every, Record
from partizipation_core.kernel.state import World
from partizipation_core.values import Objection, RecordRef

__all__ = [
    "DECIDERS",
    "FRAME",
    "MANDATE",
    "DefineFrame",
    "Frame",
    "FrameDefined",
    "GiveMandate",
    "Mandate",
    "MandateGiven",
    "SeatQuota",
]

MANDATE, FRAME = RecordRef("mandate"), RecordRef("frame")
"""A procedure has one of each."""


@frozen(kw_only=True)
class SeatQuota:
    """How many seats go to people with one feature.

    Args:
        category: such as ``Alter``.
        feature: such as ``16-29``.
        least: fewest seats.
        most: most seats.
    """

    category: str
    feature: str
    least: int = field(validator=ge(0))
    most: int = field(validator=ge(0))


@frozen(kw_only=True)
class Mandate(Record):
    """What a body was asked to advise on (Auftrag).

    Args:
        question: the question, as the public reads it.
        body: who asks.
        addressee: who has to answer each recommendation.
        answer_by: until when.
    """

    privacy: ClassVar[Mapping[str, Kind]] = {
        "addressee": NOTHING,
        "body": NOTHING,
        "question": STATE,
    }

    kind: ClassVar[str] = "buergerrat/mandate"

    question: str
    body: str
    addressee: str
    answer_by: Instant


@frozen(kw_only=True)
class Frame(Record):
    """Whom the drawn seats shall look like.

    Args:
        quotas: for each category all its features.
        one_per_household: whether a household gets at most one seat.
        revision: how often it was defined.
        reason: why it was changed.
    """

    privacy: ClassVar[Mapping[str, Kind]] = {"quotas": NOTHING}

    kind: ClassVar[str] = "buergerrat/frame"

    quotas: tuple[SeatQuota, ...]
    one_per_household: bool
    revision: int = 1
    reason: str = ""


@frozen(kw_only=True)
class GiveMandate(Command):
    """Give a Bürgerrat its mandate (Auftrag); arguments as for `Mandate`."""

    question: str
    body: str
    addressee: str
    answer_by: Instant


@frozen(kw_only=True)
class DefineFrame(Command):
    """Say whom the drawn seats shall look like, or change it while nothing is committed to.

    Args:
        quotas: for each category all its features.
        one_per_household: whether a household gets at most one seat.
        reason: why it is changed; needed from the second time on.
    """

    quotas: tuple[SeatQuota, ...] = field(converter=as_tuple)
    one_per_household: bool = True
    reason: str = ""


@frozen(kw_only=True)
class MandateGiven(Event):
    """A mandate was given."""

    privacy: ClassVar[Mapping[str, Kind]] = {
        "addressee": NOTHING,
        "body": NOTHING,
        "question": STATEMENT,
    }

    question: str
    body: str
    addressee: str
    answer_by: Instant

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Keep it."""
        yield Mandate(
            ref=MANDATE,
            question=self.question,
            body=self.body,
            addressee=self.addressee,
            answer_by=self.answer_by,
        )


@frozen(kw_only=True)
class FrameDefined(Event):
    """It was said whom the drawn seats shall look like."""

    privacy: ClassVar[Mapping[str, Kind]] = {"quotas": NOTHING}

    quotas: tuple[SeatQuota, ...]
    one_per_household: bool
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Record]:  # noqa: ARG002
        """Keep it, with the number of its revision."""
        frame = Frame(
            ref=FRAME,
            quotas=self.quotas,
            one_per_household=self.one_per_household,
            reason=self.reason,
        )
        before = world.records.get(Frame, FRAME)
        yield frame if before is None else evolve(frame, revision=before.revision + 1)


def _mandate_objections(command: GiveMandate, context: Context) -> Iterator[Objection]:
    if context.world.records.get(Mandate, MANDATE) is not None:
        yield Objection("mandate_exists")
    for name in ("question", "body", "addressee"):
        if not getattr(command, name).strip():
            yield Objection("mandate_incomplete", {"part": name})
    if command.answer_by <= context.now:
        yield Objection("answer_date_past", {"answer_by": command.answer_by})


def _give(command: GiveMandate, _context: Context) -> tuple[Event, ...]:
    return (
        MandateGiven(
            question=command.question.strip(),
            body=command.body.strip(),
            addressee=command.addressee.strip(),
            answer_by=command.answer_by,
        ),
    )


def _frame_objections(command: DefineFrame, context: Context) -> Iterator[Objection]:
    seats: int = getattr(context.settings, "seats", 0)
    counted = Counter((quota.category, quota.feature) for quota in command.quotas)
    for (category, feature), times in counted.items():
        if times > 1:
            yield Objection("quota_twice", {"category": category, "feature": feature})
    for category in dict.fromkeys(quota.category for quota in command.quotas):
        rows = [quota for quota in command.quotas if quota.category == category]
        least, most = sum(row.least for row in rows), sum(row.most for row in rows)
        if any(row.least > row.most for row in rows) or not least <= seats <= most:
            params = {"category": category, "least": least, "most": most, "seats": seats}
            yield Objection("quotas_impossible", params)
    if not command.quotas:
        yield Objection("quotas_missing")
    for ref, drawing in context.world.records.all(Drawing).items():
        if drawing.state != "cancelled":
            yield Objection(f"draw_{drawing.state}", {"drawing": ref})
    known = context.world.records.get(Frame, FRAME)
    if known is not None and not command.reason.strip():
        yield Objection("reason_missing", {"command": "DefineFrame"})


def _define(command: DefineFrame, _context: Context) -> tuple[Event, ...]:
    return (
        FrameDefined(
            quotas=command.quotas,
            one_per_household=command.one_per_household,
            reason=command.reason.strip(),
        ),
    )


DECIDERS = (
    Decider(
        command=GiveMandate,
        decide=_give,
        objections=_mandate_objections,
        events=(MandateGiven,),
        records=(Every(Mandate),),
    ),
    Decider(
        command=DefineFrame,
        decide=_define,
        objections=_frame_objections,
        events=(FrameDefined,),
        records=(Every(Frame), Every(Drawing)),
    ),
)
