"""Handing over: the commands that one procedure gives to another, each carried out once.

What follows from a line is asked anew whenever it is not certain that it was given. So the hook is
pure, and each command has an idempotency key: the other procedure answers it a second time with
the receipt of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from partizipation_core.clock import Clock
from partizipation_core.errors import Conflict, NotFound, PartizipationError, Refused
from partizipation_core.kernel.followup import FollowUp
from partizipation_core.plugins.host import PluginHost
from partizipation_core.store import Connection, Database, Scope, Unit
from partizipation_core.store.journal import Recorded

__all__ = ["Give", "Handing"]

Give = Callable[[Scope, FollowUp], object]

_ANSWERS = (Refused, Conflict, NotFound)
"""What comes of a command that was understood; asking again would change nothing."""


class Handing:
    """Gives what plugins hand over.

    Args:
        database: where refusals are kept.
        host: the plugins.
        clock: when something was refused.
        give: gives a command to a procedure.
    """

    def __init__(self, database: Database, host: PluginHost, clock: Clock, give: Give) -> None:
        self._database = database
        self._host = host
        self._clock = clock
        self._give = give

    def follows(self, scope: Scope, recorded: Sequence[Recorded], plugin: str) -> bool:
        """Tell whether a plugin hands anything over, or fails to say so."""
        place = (scope.municipality, scope.procedure, recorded)
        return any(True for _ in self._host.follow_ups(*place, only=plugin))

    def hand_over(self, scope: Scope, recorded: Sequence[Recorded], plugin: str) -> str:
        """Hand over what a plugin says; returns what is to be tried again, and why."""
        answers: list[str] = []
        failures = list(self._failures(scope, recorded, plugin, answers))
        if answers and not failures:  # otherwise they are told when the lines come again
            self._database.run_in_transaction(partial(self._note, scope, answers))
        return "; ".join(failures)

    def _failures(
        self, scope: Scope, recorded: Sequence[Recorded], plugin: str, answers: list[str]
    ) -> Iterator[str]:
        place = (scope.municipality, scope.procedure, recorded)
        for one in self._host.follow_ups(*place, only=plugin):
            if not isinstance(one, FollowUp):
                yield str(one)
                continue
            try:
                self._give(Scope(scope.municipality, one.procedure), one)
            except _ANSWERS as error:
                answers.append(str(error))
            except PartizipationError as error:
                yield str(error)
            except Exception as error:  # noqa: BLE001 - what is committed was already answered
                what = f"{type(one.command).__name__} for {one.procedure!r}"
                yield f"{what} could not be handed over: {type(error).__name__}: {error}"

    def _note(self, scope: Scope, answers: Sequence[str], connection: Connection) -> None:
        unit = Unit(connection, scope)
        for answer in answers:
            unit.note_failure(self._clock.now(), answer)
