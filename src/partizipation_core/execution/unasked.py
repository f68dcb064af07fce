"""Unasked: what is written that nobody gave a command for.

What time and conditions bring, and what a command leads to by itself: an electorate that is
settled when its vote opens, a box that is sealed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from partizipation_core.clock import Instant
from partizipation_core.execution.loading import Loader
from partizipation_core.execution.naming import during
from partizipation_core.execution.recording import Recorder
from partizipation_core.execution.request import TIME, Request
from partizipation_core.kernel import permission
from partizipation_core.kernel.calendar import (
    BallotOpened,
    Due,
    advance,
    come_true,
    end,
    next_due,
    opens_vote,
)
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.electorate.roll import FreezeElectorate, freezes
from partizipation_core.kernel.messages import Command
from partizipation_core.kernel.stage import AdvanceStage
from partizipation_core.store import Scope, Unit
from partizipation_core.store.journal import Recorded
from partizipation_core.values import Objection

__all__ = ["Unasked"]


class Unasked:
    """Writes what follows, within the transaction of whoever notices.

    Args:
        loader: reads what deciders need.
        recorder: writes what they decide.
        decider: finds who decides a command.
    """

    def __init__(
        self, loader: Loader, recorder: Recorder, decider: Callable[[Command], Decider]
    ) -> None:
        self._loader = loader
        self._recorder = recorder
        self._decider = decider

    def catch_up(self, unit: Unit, scope: Scope, now: Instant) -> list[Recorded]:
        """Do what the schedule says, each thing at the instant it was due."""
        moved: list[Recorded] = []
        while (due := self._due(unit, scope, now)) is not None:
            context = self._of_time(unit, scope, due.at)
            facts = advance(context, edge=due.edge) if due.edge else end(context)
            done = self._recorder.write(unit, scope, facts, context).recorded
            moved += (*done, *self.after(done, unit, scope, due.at))
        return moved

    def lacking(self, unit: Unit, scope: Scope, now: Instant) -> tuple[Objection, ...]:
        """Return what is missing here to open a vote that ought to be open."""
        return self._called(unit, scope, now)[1]

    def after(
        self, done: Sequence[Recorded], unit: Unit, scope: Scope, at: Instant
    ) -> list[Recorded]:
        """Write what follows from what was just done: who may vote, which edges are taken."""
        frozen = self._freeze_electorate(done, unit, scope, at)
        return [*frozen, *self._follow_conditions(unit, scope, at)]

    def of_itself(
        self, unit: Unit, scope: Scope, command: Command, at: Instant
    ) -> Sequence[Recorded]:
        """Write what a command leads to that nobody gave, since it follows from another."""
        request = self._request(unit, scope, command, at)
        return self._decided(request, self._loader.context(request))

    def _due(self, unit: Unit, scope: Scope, now: Instant) -> Due | None:
        """Return what the calendar does now; a box that waits for its seal is none of it."""
        due, lacking = self._called(unit, scope, now)
        return None if lacking else due

    def _called(
        self, unit: Unit, scope: Scope, now: Instant
    ) -> tuple[Due | None, tuple[Objection, ...]]:
        """Return what the calendar asks for, and what is missing to open a vote here."""
        wakes = unit.present().due
        if wakes is None or wakes > now:
            return None, ()
        procedure, pinned = self._loader.present(unit, scope)
        due = next_due(procedure, pinned.definition)
        if due is None or due.at > now:
            return None, ()
        opens = opens_vote(due, procedure, pinned.definition)
        return due, permission.missing_parts(pinned.rules) if opens else ()

    def _follow_conditions(self, unit: Unit, scope: Scope, now: Instant) -> list[Recorded]:
        """Take every edge whose conditions have come true, one after the other."""
        moved: list[Recorded] = []
        procedure, pinned = self._loader.present(unit, scope)
        if pinned.rules.missing:
            return moved  # a condition that cannot be asked has not come true
        while pinned.definition.moves_by_condition(procedure.stage):
            context = self._of_time(unit, scope, now)
            with during("AdvanceStage"):
                edge = come_true(context)
            if not edge:
                break
            facts = advance(context, edge=edge)
            done = self._recorder.write(unit, scope, facts, context).recorded
            moved += (*done, *self._freeze_electorate(done, unit, scope, now))
            procedure, pinned = self._loader.present(unit, scope)
        return moved

    def _freeze_electorate(
        self, done: Sequence[Recorded], unit: Unit, scope: Scope, at: Instant
    ) -> Sequence[Recorded]:
        """Settle who may vote in a vote that has just opened."""
        if not any(isinstance(one.event, BallotOpened) for one in done):
            return ()
        request = self._request(unit, scope, FreezeElectorate(), at)
        context = self._loader.context(request)
        if context.rules.missing or not freezes(context):
            return ()
        return self._decided(request, context)

    def _of_time(self, unit: Unit, scope: Scope, at: Instant) -> Context:
        return self._loader.context(self._request(unit, scope, AdvanceStage(), at))

    def _request(self, unit: Unit, scope: Scope, command: Command, at: Instant) -> Request:
        return Request(unit, scope, self._decider(command), command, TIME, at)

    def _decided(self, request: Request, context: Context) -> Sequence[Recorded]:
        with during(request.decider.name):
            facts = request.decider.decide(request.command, context)
        return self._recorder.write(request.unit, request.scope, facts, context).recorded
