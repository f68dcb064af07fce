"""Afterwards: observers are told and other procedures handed to, when nothing can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from partizipation_core.clock import Clock
from partizipation_core.errors import PartizipationError
from partizipation_core.kernel.followup import FollowUp
from partizipation_core.plugins.host import PluginHost
from partizipation_core.serialization import Serializer
from partizipation_core.store import Database, Scope, Unit
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
        failures: list[PartizipationError] = list(self._host.after_commit(*place))
        for one in self._host.follow_ups(*place):
            if isinstance(one, FollowUp):
                failures += self._handed_over(scope, one)
            else:
                failures.append(one)
        if failures:
            with self._database.writing() as connection:
                unit = Unit(connection, scope, Serializer())
                for failure in failures:
                    unit.note_failure(self._clock.now(), str(failure))

    def _handed_over(self, scope: Scope, one: FollowUp) -> Iterator[PartizipationError]:
        try:
            self._hand_over(Scope(scope.municipality, one.procedure), one)
        except PartizipationError as error:
            yield error
