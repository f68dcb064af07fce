"""Afterwards: observers are told and other procedures handed to, when nothing can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from partizipation_core.clock import Clock
from partizipation_core.errors import PartizipationError
from partizipation_core.execution.telling import told
from partizipation_core.kernel.discussion.notices import Notice
from partizipation_core.kernel.followup import FollowUp
from partizipation_core.plugins.host import PluginHost
from partizipation_core.serialization import Serializer
from partizipation_core.store import Connection, Database, Scope, Unit
from partizipation_core.store.journal import Recorded

__all__ = ["Afterwards"]


class Afterwards:
    """Tells what was committed; what fails here is kept and undoes nothing.

    Args:
        database: where failures are kept.
        host: whose observers are told.
        clock: when they failed.
        hand_over: gives a command to another procedure.
    """

    def __init__(
        self,
        database: Database,
        host: PluginHost,
        clock: Clock,
        hand_over: Callable[[Scope, FollowUp], object],
    ) -> None:
        self._database = database
        self._host = host
        self._clock = clock
        self._hand_over = hand_over

    def tell(self, scope: Scope, recorded: Sequence[Recorded]) -> None:
        """Notify observers and hand over."""
        if not recorded:
            return
        place = (scope.municipality, scope.procedure, recorded)
        notices = self._notices(scope, recorded)
        failures: list[PartizipationError] = list(self._host.after_commit(*place, notices))
        for one in self._host.follow_ups(*place):
            if isinstance(one, FollowUp):
                failures += self._handed_over(scope, one)
            else:
                failures.append(one)
        if failures:
            self._database.run_in_transaction(partial(self._note, scope, failures))

    def _note(
        self, scope: Scope, failures: Sequence[PartizipationError], connection: Connection
    ) -> None:
        unit = Unit(connection, scope, Serializer())
        for failure in failures:
            unit.note_failure(self._clock.now(), str(failure))

    def _notices(self, scope: Scope, recorded: Sequence[Recorded]) -> tuple[Notice, ...]:
        if not self._host.has("after_commit"):
            return ()
        with self._database.reading() as connection:
            return told(Unit(connection, scope, Serializer()), recorded)

    def _handed_over(self, scope: Scope, one: FollowUp) -> Iterator[PartizipationError]:
        try:
            self._hand_over(Scope(scope.municipality, one.procedure), one)
        except PartizipationError as error:
            yield error
