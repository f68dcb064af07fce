"""Ticking: everything that is due in all procedures, in the order in which it was due.

There is no watermark to lose: each procedure keeps the instant of its next move, and whatever lies
before the present one is made up for, however long nobody looked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.errors import PartizipationError
from partizipation_core.execution.execution import Execution
from partizipation_core.execution.swearing import checkpoint_box
from partizipation_core.freezing import as_tuple
from partizipation_core.store import Scope, directory
from partizipation_core.store.journal import Recorded
from partizipation_core.values import MunicipalityRef, ProcedureRef

__all__ = ["Ticked", "tick_all"]


@frozen(kw_only=True)
class Ticked:
    """What a procedure did because its time had come.

    Args:
        municipality: where.
        procedure: which.
        recorded: what it recorded.
        failure: why it could not move; empty where it did.
    """

    municipality: MunicipalityRef
    procedure: ProcedureRef
    recorded: Sequence[Recorded] = field(default=(), converter=as_tuple)
    failure: str = ""


def tick_all(execution: Execution, municipality: str = "") -> Iterator[Ticked]:
    """Let every procedure do what is due, one instant after the other.

    Each move is a transaction of its own. A procedure that fails is named and passed over; the
    others go on.

    Args:
        execution: the house.
        municipality: whose procedures; empty for all.
    """
    failed: set[Scope] = set()
    now = execution.now()
    while found := _next(execution, now, municipality, failed):
        scope, at = found
        town, procedure = scope.municipality, scope.procedure
        try:
            recorded = execution.tick(scope, until=at)
        except PartizipationError as error:
            failed.add(scope)
            yield Ticked(municipality=town, procedure=procedure, failure=str(error))
        else:
            if not recorded:  # the clock ran backwards meanwhile; its time will come again
                failed.add(scope)
            yield Ticked(municipality=town, procedure=procedure, recorded=recorded)
    yield from _swear(execution, municipality, but=failed)
    yield from _tell(execution, municipality)


def _swear(execution: Execution, municipality: str, *, but: set[Scope]) -> Iterator[Ticked]:
    """Let every open box be sworn to that has taken in enough since the last time."""
    with execution.database.reading() as connection:
        running = directory.running(connection, municipality)
    for scope in (one for one in running if one not in but):
        told = partial(Ticked, municipality=scope.municipality, procedure=scope.procedure)
        try:
            recorded = checkpoint_box(execution, scope)
        except PartizipationError as error:
            yield told(failure=str(error))
        else:
            if recorded:
                yield told(recorded=recorded)


def _tell(execution: Execution, municipality: str) -> Iterator[Ticked]:
    """Tell observers what they were not told yet."""
    for scope in execution.outbox.behind(municipality):
        try:
            execution.outbox.owe_nothing(scope)
        except PartizipationError as error:
            town, procedure = scope.municipality, scope.procedure
            yield Ticked(municipality=town, procedure=procedure, failure=str(error))


def _next(
    execution: Execution, now: Instant, municipality: str, failed: set[Scope]
) -> tuple[Scope, Instant] | None:
    with execution.database.reading() as connection:
        return directory.due(connection, now, municipality, but=failed)
