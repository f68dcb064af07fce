"""Replay: the present state once more, from the journal alone; and the proof that it is the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from attrs import field, frozen

from partizipation_core.counting import Result
from partizipation_core.kernel.ballot import BallotsCounted, CountBallots
from partizipation_core.kernel.procedure import BallotClosed, ProcedureOpened
from partizipation_core.kernel.state import Item, Procedure, World
from partizipation_core.store import Scope, Unit
from partizipation_core.store.journal import Recorded, check_chain
from partizipation_core.values import ItemRef

if TYPE_CHECKING:
    from partizipation_core.execution import Execution

__all__ = ["Check", "audit", "rebuild", "replay"]


@frozen
class Check:
    """One thing that was checked.

    Args:
        name: code of the check.
        faults: what does not agree; empty if all does.
        counted: how many things were looked at.
    """

    name: str
    counted: int
    faults: tuple[str, ...] = field(default=(), converter=tuple)

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


def replay(recorded: Iterable[Recorded]) -> World:
    """Add up events to the state they lead to."""
    procedure: Procedure | None = None
    items: dict[ItemRef, Item] = {}
    for one in recorded:
        for change in tuple(one.event.apply(World(procedure=procedure, items=items), one.at)):
            if isinstance(change, Procedure):
                procedure = change
            else:
                items[change.ref] = change
    return World(procedure=procedure, items=items)


def rebuild(execution: Execution, scope: Scope) -> int:
    """Drop the present state of a procedure and bring it back from its journal.

    Returns:
        the number of events replayed.
    """
    with execution.database.writing() as connection:
        unit = Unit(connection, scope, execution.serializer)
        lines = list(unit.lines())
        recorded = [execution.codec.read(line) for line in lines]
        world, opened = replay(recorded), recorded[0].event
        assert isinstance(opened, ProcedureOpened)  # noqa: S101 - the first line always is
        due = unit.head()[2]
        unit.clear_state()
        unit.pin(opened.definition)
        unit.save(world.opened, lines[-1], due)
        unit.save_items(world.items.values())
    return len(recorded)


def audit(execution: Execution, scope: Scope) -> tuple[Check, ...]:
    """Check a procedure against itself.

    The journal's chain holds; replayed, it gives the present state; every closed box holds what
    its checkpoint says; every count, done again, gives the published result.
    """
    with execution.reading(scope) as unit:
        lines = list(unit.lines())
        recorded = [execution.codec.read(line) for line in lines]
        return (
            Check("chain", len(lines), check_chain(lines)),
            Check("state", len(recorded), _state(replay(recorded), unit)),
            Check("box", len(_closed(recorded)), _boxes(recorded, unit)),
            Check("result", len(_counts(recorded)), _results(recorded, unit, execution, scope)),
        )


def _state(world: World, unit: Unit) -> Iterator[str]:
    if world.procedure != unit.procedure():
        yield "the procedure's state differs from its journal"
    stored = {item.ref: item for item in unit.items()}
    for ref in sorted({*stored, *world.items}):
        if stored.get(ref) != world.items.get(ref):
            yield f"item {ref} differs from its journal"


def _closed(recorded: Iterable[Recorded]) -> list[BallotClosed]:
    return [one.event for one in recorded if isinstance(one.event, BallotClosed)]


def _counts(recorded: Iterable[Recorded]) -> list[Recorded]:
    return [one for one in recorded if isinstance(one.event, BallotsCounted)]


def _boxes(recorded: Iterable[Recorded], unit: Unit) -> Iterator[str]:
    for closed in _closed(recorded):
        found = unit.box(closed.vote)
        if (found.ballots, found.root) != (closed.ballots, closed.root):
            yield (
                f"vote {closed.vote}: {found.ballots} ballots with root {found.root[:16]}…, "
                f"the checkpoint says {closed.ballots} with {closed.root[:16]}…"
            )


def _results(
    recorded: list[Recorded], unit: Unit, execution: Execution, scope: Scope
) -> Iterator[str]:
    for one in _counts(recorded):
        told = one.event
        assert isinstance(told, BallotsCounted)  # noqa: S101 - narrowing
        before = replay(earlier for earlier in recorded if earlier.seq < one.seq)
        command = CountBallots(vote=told.vote, seed=told.seed)
        again = execution.recount(unit, scope, command, before)
        if Result.from_data(again.result) != Result.from_data(told.result):
            yield f"vote {told.vote}: counted again, the result is another one"
