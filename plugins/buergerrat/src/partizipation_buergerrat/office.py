"""The office at work: what is computed outside a procedure before a command is given."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from partizipation_buergerrat.desk import Desk
from partizipation_buergerrat.letters import LetterPlan, plan_letters
from partizipation_buergerrat.procedure.deletion import Deletion, due
from partizipation_buergerrat.procedure.invitation import Letter
from partizipation_buergerrat.procedure.lots import Drawing, protocol_of
from partizipation_buergerrat.procedure.mandate import FRAME, Frame
from partizipation_buergerrat.procedure.report import REPORT, Report, unanswered
from partizipation_buergerrat.public.protocol import Protocol
from partizipation_buergerrat.public.publication import Publication
from partizipation_buergerrat.settings import BuergerratSettings
from partizipation_buergerrat.sortition.problem import Problem
from partizipation_core.clock import Instant
from partizipation_core.formats.rules import View
from partizipation_core.handle import ProcedureHandle
from partizipation_core.kernel.calendar import StageEntered
from partizipation_core.values import ItemRef, RecordRef

__all__ = [
    "deletions",
    "letters_needed",
    "make_panels",
    "overdue",
    "protocol",
    "registered",
    "warnings",
]


def letters_needed(settings: BuergerratSettings) -> LetterPlan:
    """Plan how many letters to send for the seats of a procedure and the replies it hopes for.

    Args:
        settings: of the procedure.
    """
    return plan_letters(settings.seats, Fraction(settings.reply_permille, 1000))


def registered(letters: Mapping[RecordRef, Letter]) -> tuple[RecordRef, ...]:
    """Name the letters whose people registered for the draw.

    Args:
        letters: all of them.
    """
    return tuple(ref for ref, letter in letters.items() if letter.outcome == "registered")


def warnings(handle: ProcedureHandle, desk: Desk) -> tuple[str, ...]:
    """Say what stands against a draw before it is committed to; somebody must answer for it.

    Args:
        handle: the procedure.
        desk: knows the answers of those who registered.
    """
    from partizipation_buergerrat.sortition.examination import examine
    from partizipation_buergerrat.texts import say

    return tuple(say(one.code, one.params) for one in examine(_problem(handle, desk)).blocking)


def make_panels(handle: ProcedureHandle, desk: Desk) -> Publication:
    """Make the numbered panels of a draw by the method that the procedure pinned.

    Args:
        handle: the procedure.
        desk: knows the answers of those who registered; keeps the nonces from now on.
    """
    settings, state = handle.settings(), handle.state()
    assert isinstance(settings, BuergerratSettings)  # noqa: S101 - the format says so
    problem = _problem(handle, desk)
    view = View(now=state.entered_at, command="CommitToDraw", stage=state.stage, settings=settings)
    method = handle.rules().one("draw", state.stage)
    return desk.publish(method(problem, settings.panels, view))


def _problem(handle: ProcedureHandle, desk: Desk) -> Problem:
    settings = handle.settings()
    assert isinstance(settings, BuergerratSettings)  # noqa: S101 - the format says so
    letters = registered(handle.records(Letter))
    return desk.problem(handle.records(Frame)[FRAME], settings.seats, letters)


def protocol(handle: ProcedureHandle, drawing: str) -> Protocol:
    """Return the Losprotokoll of a draw, for everybody to check.

    Args:
        handle: the procedure.
        drawing: reference of the draw.
    """
    return protocol_of(handle.records(Drawing).get(RecordRef(drawing)))


def overdue(handle: ProcedureHandle, now: Instant) -> tuple[ItemRef, ...]:
    """Name the recommendations whose answer should be there and is not.

    Args:
        handle: the procedure.
        now: the present instant.
    """
    report = handle.records(Report).get(REPORT)
    if report is None or now < report.answer_by:
        return ()
    return tuple(unanswered(handle.items()))


def deletions(handle: ProcedureHandle) -> dict[str, Instant]:
    """Say what the office still has to delete, and by when.

    Args:
        handle: the procedure.

    Returns:
        kind of data → instant from which it must not be kept any more.
    """
    entered = {
        one.event.stage: one.at
        for one in reversed(handle.journal())
        if isinstance(one.event, StageEntered)
    }
    done = handle.records(Deletion)
    return {what: at for what, at in due(entered, handle.settings()).items() if what not in done}
