"""What must have been done before a stage is left: rules of the slot ``condition``.

The format asks for the draw before sessions begin, and for every vote before the report. Towns
bind the others where they want them, such as ``conditions={"answer.advance": ALL_ANSWERED}``.
"""

from __future__ import annotations

from collections.abc import Iterator

from partizipation_buergerrat.procedure.lots import Drawing
from partizipation_buergerrat.procedure.report import REPORT, Report, unanswered
from partizipation_buergerrat.procedure.seat import Seat
from partizipation_buergerrat.procedure.session import Session
from partizipation_buergerrat.settings import BuergerratSettings
from partizipation_core.formats.rules import Progress, Rule, View, rule
from partizipation_core.values import Objection

__all__ = ["ALL_ANSWERED", "ALL_VOTED", "CONDITIONS", "DRAWN", "SEATS_TAKEN", "SESSIONS_HELD"]


@rule("condition", name="buergerrat/drawn", records=[Drawing])
def drawn(progress: Progress, _view: View) -> Iterator[Objection]:
    """Ask for a draw that was held, and for none that waits."""
    draws = progress.records.all(Drawing).values()
    for one in draws:
        if one.state == "committed":
            yield Objection("draw_committed", {"drawing": one.ref})
    if all(one.state == "cancelled" for one in draws):
        yield Objection("draw_missing")


@rule("condition", name="buergerrat/seats_taken", records=[Seat])
def seats_taken(progress: Progress, view: View) -> Iterator[Objection]:
    """Ask for a confirmation of every seat that is drawn by lot."""
    seats = view.settings_as(BuergerratSettings).seats
    lot = [seat for seat in progress.records.all(Seat).values() if seat.group == "lot"]
    confirmed = sum(seat.state == "confirmed" for seat in lot)
    if confirmed < seats:
        yield Objection("seats_open", {"seats": seats, "confirmed": confirmed})


@rule("condition", name="buergerrat/sessions_held", records=[Session])
def sessions_held(progress: Progress, _view: View) -> Iterator[Objection]:
    """Ask for one session at least, and for a record of every session that was planned."""
    sessions = progress.records.all(Session)
    if not sessions:
        yield Objection("sessions_missing")
    for ref, one in sorted(sessions.items()):
        if not one.held:
            yield Objection("session_open", {"session": ref})


@rule("condition", name="buergerrat/all_voted")
def all_voted(progress: Progress, _view: View) -> Iterator[Objection]:
    """Ask for a vote on every recommendation that waits for one."""
    waiting = sorted(item.ref for item in progress.items if item.state == "on_ballot")
    if waiting:
        yield Objection("not_voted_on", {"items": ", ".join(waiting)})


@rule("condition", name="buergerrat/all_answered", records=[Report])
def all_answered(progress: Progress, _view: View) -> Iterator[Objection]:
    """Ask for the report to be handed over, and for an answer to every recommendation."""
    if REPORT not in progress.records.all(Report):
        yield Objection("report_missing")
    waiting = unanswered(progress.items)
    if waiting:
        yield Objection("answers_missing", {"items": ", ".join(sorted(waiting))})


DRAWN: Rule = drawn
SEATS_TAKEN: Rule = seats_taken
SESSIONS_HELD: Rule = sessions_held
ALL_VOTED: Rule = all_voted
ALL_ANSWERED: Rule = all_answered
CONDITIONS = (DRAWN, SEATS_TAKEN, SESSIONS_HELD, ALL_VOTED, ALL_ANSWERED)
"""All of them."""
