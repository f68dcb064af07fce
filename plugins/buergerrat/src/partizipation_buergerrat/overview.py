"""Where a Bürgerrat stands, in numbers and dates, for the office that runs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from attrs import frozen

from partizipation_buergerrat.office import deletions, overdue
from partizipation_buergerrat.procedure.invitation import Letter
from partizipation_buergerrat.procedure.mandate import MANDATE, Mandate
from partizipation_buergerrat.procedure.report import REPORT, Report
from partizipation_buergerrat.procedure.seat import Seat
from partizipation_buergerrat.procedure.session import Session
from partizipation_core.clock import Instant
from partizipation_core.handle import ProcedureHandle

__all__ = ["Overview", "overview"]


@frozen(kw_only=True)
class Overview:
    """Where a Bürgerrat stands.

    Args:
        stage: the present one.
        letters: outcome → how many; those that are ``open`` can be asked again.
        seats: state → how many.
        sessions: how many were planned, and how many of them held.
        recommendations: state → how many.
        answer_by: until when the addressee has to answer; None without a mandate.
        overdue: how many answers should be there and are not.
        deletions: kind of data → instant from which it must not be kept any more.
    """

    stage: str
    letters: Mapping[str, int]
    seats: Mapping[str, int]
    sessions: tuple[int, int]
    recommendations: Mapping[str, int]
    answer_by: Instant | None
    overdue: int
    deletions: Mapping[str, Instant]


def overview(handle: ProcedureHandle, now: Instant) -> Overview:
    """Look at a Bürgerrat without changing it.

    Args:
        handle: the procedure.
        now: the present instant.
    """
    mandate = handle.records(Mandate).get(MANDATE)
    report = handle.records(Report).get(REPORT)
    due = report or mandate
    sessions = handle.records(Session).values()
    return Overview(
        stage=handle.state().stage,
        letters=_counted(letter.outcome for letter in handle.records(Letter).values()),
        seats=_counted(seat.state for seat in handle.records(Seat).values()),
        sessions=(len(sessions), sum(one.held for one in sessions)),
        recommendations=_counted(item.state for item in handle.items()),
        answer_by=due.answer_by if due else None,
        overdue=len(overdue(handle, now)),
        deletions=deletions(handle),
    )


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))
