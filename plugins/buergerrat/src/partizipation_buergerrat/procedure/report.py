"""The report: handed over, answered recommendation by recommendation, with a date to keep."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, Literal, get_args

from attrs import evolve, field, frozen

from partizipation_buergerrat.procedure.mandate import MANDATE, Mandate
from partizipation_core.clock import Instant
from partizipation_core.formats.rules import ItemView
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Need
from partizipation_core.kernel.messages import Command, Event, ItemCommand
from partizipation_core.kernel.privacy.kinds import NOTHING, STATE, STATEMENT, Kind
from partizipation_core.kernel.record import Every, Record
from partizipation_core.kernel.state import Item, World
from partizipation_core.values import ItemRef, Objection, RecordRef

__all__ = [
    "DECIDERS",
    "REPORT",
    "Answer",
    "AnswerRecommendation",
    "HandOverReport",
    "Outcome",
    "RecommendationAnswered",
    "RemindAddressee",
    "Report",
    "ReportHandedOver",
    "unanswered",
]

REPORT = RecordRef("report")
"""A procedure has one."""

Outcome = Literal["adopted", "modified", "turned_down", "noted", "passed_on"]

_TRIGGERS = MappingProxyType(
    {
        "adopted": "adopt",
        "modified": "modify",
        "turned_down": "turn_down",
        "noted": "note",
        "passed_on": "pass_on",
    }
)
_SHA256 = re.compile(r"[0-9a-f]{64}")


@frozen(kw_only=True)
class Report(Record):
    """The report of a Bürgerrat (Bürgergutachten) on its way.

    Args:
        sha256: digest of the document.
        addressee: who has to answer.
        handed_over: when it was handed over.
        answer_by: until when every recommendation has to be answered.
        reminded: when the addressee was reminded.
    """

    privacy: ClassVar[Mapping[str, Kind]] = {"addressee": NOTHING, "sha256": NOTHING}

    kind: ClassVar[str] = "buergerrat/report"

    sha256: str
    addressee: str
    handed_over: Instant
    answer_by: Instant
    reminded: tuple[Instant, ...] = ()


@frozen(kw_only=True)
class Answer(Record):
    """What the addressee says to a recommendation; its reference is that of the item.

    Args:
        outcome: what becomes of it.
        statement: why; the public reads it.
        paper: the council's paper (Drucksache).
        at: when it was given.
        late: whether that was after the date.
    """

    privacy: ClassVar[Mapping[str, Kind]] = {"statement": STATE}

    kind: ClassVar[str] = "buergerrat/answer"

    outcome: Outcome
    statement: str
    paper: str
    at: Instant
    late: bool


@frozen(kw_only=True)
class HandOverReport(Command):
    """Hand the report and all carried recommendations over to the addressee.

    Args:
        sha256: digest of the document, in hexadecimal.
    """

    sha256: str


@frozen(kw_only=True)
class AnswerRecommendation(ItemCommand):
    """Answer one recommendation (Beschluss über eine Empfehlung).

    Args:
        outcome: adopted, modified, turned down, noted, or passed on to who is competent.
        statement: why; needed for everything but a plain adoption.
        paper: number of the council's paper.
    """

    outcome: Outcome
    statement: str = ""
    paper: str = ""


@frozen(kw_only=True)
class RemindAddressee(Command):
    """Remind the addressee, publicly, that answers are overdue."""


@frozen(kw_only=True)
class ReportHandedOver(Event):
    """The report was handed over."""

    privacy: ClassVar[Mapping[str, Kind]] = {"addressee": NOTHING, "sha256": NOTHING}

    sha256: str
    addressee: str
    answer_by: Instant
    items: tuple[ItemRef, ...]

    def apply(self, world: World, at: Instant) -> Iterable[Item | Record]:
        """Keep it and move its recommendations on."""
        yield Report(
            ref=REPORT,
            sha256=self.sha256,
            addressee=self.addressee,
            handed_over=at,
            answer_by=self.answer_by,
        )
        for ref in self.items:
            yield evolve(world.items[ref], state="handed_over")


@frozen(kw_only=True)
class RecommendationAnswered(Event):
    """The addressee answered a recommendation."""

    privacy: ClassVar[Mapping[str, Kind]] = {"statement": STATEMENT}

    item: ItemRef
    outcome: Outcome
    statement: str
    paper: str

    def apply(self, world: World, at: Instant) -> Iterable[Item | Record]:
        """Keep the answer, and whether it came in time."""
        report = world.records.one(Report, REPORT)
        yield evolve(world.items[self.item], state=self.outcome, reason=self.statement)
        yield Answer(
            ref=RecordRef(self.item),
            outcome=self.outcome,
            statement=self.statement,
            paper=self.paper,
            at=at,
            late=at >= report.answer_by,
        )


@frozen(kw_only=True)
class AddresseeReminded(Event):
    """The addressee was reminded."""

    items: tuple[ItemRef, ...] = field(converter=as_tuple)

    def apply(self, world: World, at: Instant) -> Iterable[Record]:
        """Keep when."""
        report = world.records.one(Report, REPORT)
        yield evolve(report, reminded=(*report.reminded, at))


def unanswered(items: Mapping[ItemRef, Item] | Iterable[ItemView]) -> Sequence[ItemRef]:
    """Name the recommendations that were handed over and not answered."""
    listed = items.values() if isinstance(items, Mapping) else items
    return sorted(item.ref for item in listed if item.state == "handed_over")


def _hand_objections(command: HandOverReport, context: Context) -> Iterator[Objection]:
    records = context.world.records
    if records.get(Mandate, MANDATE) is None:
        yield Objection("mandate_missing")
    handed_over = records.get(Report, REPORT) is not None
    if handed_over:
        yield Objection("report_exists")
    if not _SHA256.fullmatch(command.sha256):
        yield Objection("digest_wrong")
    items = context.world.items.values()
    if waiting := sorted(item.ref for item in items if item.state == "on_ballot"):
        yield Objection("not_voted_on", {"items": ", ".join(waiting)})
    if not handed_over and not any(item.state == "carried" for item in items):
        yield Objection("nothing_carried")


def _hand(command: HandOverReport, context: Context) -> tuple[Event, ...]:
    mandate = context.world.records.one(Mandate, MANDATE)
    items = context.world.items.values()
    return (
        ReportHandedOver(
            sha256=command.sha256,
            addressee=mandate.addressee,
            answer_by=mandate.answer_by,
            items=tuple(sorted(item.ref for item in items if item.state == "carried")),
        ),
    )


def _answer_objections(command: AnswerRecommendation, _context: Context) -> Iterator[Objection]:
    if command.outcome != "adopted" and not command.statement.strip():
        yield Objection("answer_unexplained", {"item": command.item})


def _answer(command: AnswerRecommendation, _context: Context) -> tuple[Event, ...]:
    return (
        RecommendationAnswered(
            item=command.item,
            outcome=command.outcome,
            statement=command.statement.strip(),
            paper=command.paper.strip(),
        ),
    )


def _remind_objections(_command: RemindAddressee, context: Context) -> Iterator[Objection]:
    report = context.world.records.get(Report, REPORT)
    if report is None:
        yield Objection("report_missing")
        return
    if context.now < report.answer_by:
        yield Objection("answer_not_due", {"answer_by": report.answer_by}, report.answer_by)
    if not unanswered(context.world.items):
        yield Objection("all_answered")


def _remind(_command: RemindAddressee, context: Context) -> tuple[Event, ...]:
    return (AddresseeReminded(items=tuple(unanswered(context.world.items))),)


def _pulls(command: AnswerRecommendation) -> str:
    return _TRIGGERS.get(command.outcome, "note")


DECIDERS = (
    Decider(
        command=HandOverReport,
        decide=_hand,
        objections=_hand_objections,
        events=(ReportHandedOver,),
        needs={Need.ITEMS},
        records=(Every(Mandate), Every(Report)),
        follows=("hand_over",),
    ),
    Decider(
        command=AnswerRecommendation,
        decide=_answer,
        objections=_answer_objections,
        events=(RecommendationAnswered,),
        records=(Every(Report), Every(Answer)),
        triggers=tuple(_TRIGGERS[outcome] for outcome in get_args(Outcome)),
        trigger=_pulls,
    ),
    Decider(
        command=RemindAddressee,
        decide=_remind,
        objections=_remind_objections,
        events=(AddresseeReminded,),
        needs={Need.ITEMS},
        records=(Every(Report),),
    ),
)
