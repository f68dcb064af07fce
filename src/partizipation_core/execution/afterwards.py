"""Afterwards: observers are told and other procedures handed to, when nothing can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from partizipation_core.clock import Clock
from partizipation_core.errors import PartizipationError
from partizipation_core.execution.outbox import Outbox
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
        host: the plugins.
        clock: when they failed.
        outbox: tells the observers.
        hand_over: gives a command to another procedure.
    """

    def __init__(
        self,
        database: Database,
        host: PluginHost,
        clock: Clock,
        outbox: Outbox,
        hand_over: Callable[[Scope, FollowUp], object],
    ) -> None:
        self._database = database
        self._host = host
        self._clock = clock
        self._outbox = outbox
        self._hand_over = hand_over

    def tell(self, scope: Scope, recorded: Sequence[Recorded]) -> None:
        """Notify observers and hand over."""
        if not recorded:
            return
        self._outbox.deliver(scope, after=recorded[0].seq - 1)
        place = (scope.municipality, scope.procedure, recorded)
        failures: list[PartizipationError] = []
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

    def _handed_over(self, scope: Scope, one: FollowUp) -> Iterator[PartizipationError]:
        try:
            self._hand_over(Scope(scope.municipality, one.procedure), one)
        except PartizipationError as error:
            yield error
        except Exception as error:  # noqa: BLE001 - what is committed was already answered
            what = f"{type(one.command).__name__} for {one.procedure!r}"
            reason = f"{type(error).__name__}: {error}"
            yield PartizipationError(f"{what} could not be handed over: {reason}")
