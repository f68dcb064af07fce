"""Replay: the present state once more, from the journal alone, and the proof that it agrees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from partizipation_core.counting import Result
from partizipation_core.errors import NotFound, PartizipationError, StorageError
from partizipation_core.execution.rebuilding import definition_of, due_after, replay, write_anew
from partizipation_core.formats.definition import Definition
from partizipation_core.freezing import as_tuple
from partizipation_core.kernel.ballot import BallotsCounted, CountBallots
from partizipation_core.kernel.calendar import BallotClosed
from partizipation_core.kernel.channels.register import Register
from partizipation_core.kernel.discussion.counts import open_kinds
from partizipation_core.kernel.results.correction import ResultCorrected, with_hands
from partizipation_core.kernel.state import World
from partizipation_core.kernel.voices import PUBLIC_KINDS, Sealed
from partizipation_core.store import Scope, Unit, casting
from partizipation_core.store.journal import START, Line, Recorded, check_chain
from partizipation_core.store.ledger import Entry, booked
from partizipation_core.store.merkle import root
from partizipation_core.store.wordings import wording_faults

if TYPE_CHECKING:
    from partizipation_core.execution import Execution

__all__ = [
    "Check",
    "as_counted",
    "audit",
    "audit_unit",
    "definition_of",
    "rebuild",
    "rebuild_unit",
    "replay",
]


_NONE = Sealed(entries=0, root=root(()))
"""What a kind that no stage ever took in must be."""


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
    faults: tuple[str, ...] = field(default=(), converter=as_tuple)

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


def rebuild(execution: Execution, scope: Scope) -> int:
    """Drop the present state of a procedure and bring it back from its journal.

    Returns:
        the number of events replayed.

    Raises:
        NotFound: there is no journal.
        StorageError: the journal or its texts were changed; nothing was dropped.
    """
    with execution.database.writing(scope) as connection:
        done = rebuild_unit(execution, scope, Unit(connection, scope))
    execution.forget(scope)
    return done


def rebuild_unit(execution: Execution, scope: Scope, unit: Unit) -> int:
    """Bring the present state back within a transaction; see `rebuild`."""
    lines = _lines(unit, scope)
    if faults := [*_chain(lines, unit), *wording_faults(lines)]:
        raise StorageError(f"{scope.procedure!r} cannot be rebuilt: " + "; ".join(faults))
    return write_anew(unit, execution.codec, lines)


def audit(execution: Execution, scope: Scope) -> tuple[Check, ...]:
    """Check a procedure against itself.

    The journal's chain holds and ends at the head, and the texts beside it are those that it is
    committed to, but for those that it says were erased; replayed, it gives the present state; the
    books balance in every pot; every
    ballot is the one that was committed to and its voter is ticked on the roll; every closed box
    holds what its checkpoint says, and so do supports and ratings once their stage is over; every
    electoral roll is the one in the journal, and nobody has voted without being on it; every
    count, done again, gives the published result. Where the journal itself does not hold, nothing
    can be checked against it and only that is reported.

    Raises:
        NotFound: there is no such procedure.
    """
    with execution.reading(scope) as unit:
        return audit_unit(execution, scope, unit)


def audit_unit(execution: Execution, scope: Scope, unit: Unit) -> tuple[Check, ...]:
    """Check a procedure as it stands within a transaction; see `audit`."""
    lines = _lines(unit, scope)
    if faults := list(_chain(lines, unit)):
        return (Check("chain", len(lines), faults),)
    try:
        recorded = [execution.codec.read(line) for line in lines]
        world, definition = replay(recorded), definition_of(recorded)
    except StorageError as error:
        return (Check("chain", len(lines), (str(error),)),)
    entries = _booked(recorded)
    due = due_after(world, definition)
    state = unit.state_faults(world, definition, lines[-1], due, entries)
    counts = _counts(recorded)
    return (
        Check("chain", len(lines)),
        Check("texts", sum(len(line.wordings) for line in lines), wording_faults(lines)),
        Check("state", len(recorded), state),
        Check("books", len(entries), unit.books.faults()),
        Check("box", len(world.opened.papers), _boxes(recorded, world, unit)),
        Check("voices", _said(unit), _voices(world, definition, unit)),
        Check(
            "electorate",
            len(world.opened.electorates),
            _electorates(world, unit, execution, scope),
        ),
        Check("result", len(counts), _results(counts, recorded, unit, execution, scope)),
    )


def _lines(unit: Unit, scope: Scope) -> list[Line]:
    lines = list(unit.lines())
    if not lines and unit.present().body is None:
        msg = f"municipality {scope.municipality} has no procedure {scope.procedure!r}"
        raise NotFound(msg)
    return lines


def _chain(lines: Sequence[Line], unit: Unit) -> Iterator[str]:
    """Check the journal in itself and against its head, which tells whether the end is there."""
    yield from check_chain(lines)
    last = lines[-1] if lines else Line(0, b"", START)
    known = unit.present()
    if known.body is not None and (known.seq, known.head) != (last.seq, last.digest):
        yield (
            f"the journal ends with line {last.seq} ({last.digest.hex()[:16]}…), "
            f"its head is line {known.seq} ({known.head.hex()[:16]}…)"
        )


def _booked(recorded: Iterable[Recorded]) -> list[Entry]:
    return booked((one.seq, one.event) for one in recorded)


def _counts(recorded: Iterable[Recorded]) -> list[tuple[int, BallotsCounted | ResultCorrected]]:
    kinds = (BallotsCounted, ResultCorrected)
    return [(one.seq, one.event) for one in recorded if isinstance(one.event, kinds)]


def as_counted(told: BallotsCounted | ResultCorrected, before: World) -> World:
    """Return the world that a result was counted in: with the hands that it corrected."""
    if isinstance(told, BallotsCounted):
        return before
    right = with_hands(before.opened, told.vote, told.hands)
    return evolve(before, procedure=right)


def _boxes(recorded: Iterable[Recorded], world: World, unit: Unit) -> Iterator[str]:
    closed = {one.event.vote: one.event for one in recorded if isinstance(one.event, BallotClosed)}
    for vote in world.opened.papers:
        yield from (f"vote {vote}: {fault}" for fault in unit.box_faults(vote))
        if vote in world.opened.seals and world.opened.seals[vote].step != "due":
            yield from (f"vote {vote}: {fault}" for fault in unit.seals.unsealed(vote))
        found = unit.box(vote)
        told = closed.get(vote) if vote in world.opened.closed_votes else None
        if told is not None and (found.ballots, found.root) != (told.ballots, told.root):
            yield (
                f"vote {vote}: {found.ballots} ballots with root {found.root[:16]}…, "
                f"the checkpoint says {told.ballots} with {told.root[:16]}…"
            )
        if told is not None and told.roll_root and found.roll_root != told.roll_root:
            yield (
                f"vote {vote}: {found.voters} on the roll with root {found.roll_root[:16]}…, "
                f"the checkpoint says {told.voters} with {told.roll_root[:16]}…"
            )
        if told is not None and (found.aside, found.aside_root) != (told.aside, told.aside_root):
            yield (
                f"vote {vote}: {found.aside} votes beside the box with root "
                f"{found.aside_root[:16]}…, the checkpoint says {told.aside} with "
                f"{told.aside_root[:16]}…"
            )


def _said(unit: Unit) -> int:
    return sum(unit.voices.sealed(kind).entries for kind in PUBLIC_KINDS)


def _voices(world: World, definition: Definition, unit: Unit) -> Iterator[str]:
    """Check every voice by itself, and all of those that nobody could have changed since."""
    yield from unit.voices.faults(world.items)
    still_open = open_kinds(world.opened, definition)
    for kind in PUBLIC_KINDS:
        found, sworn = unit.voices.sealed(kind), world.opened.voices.get(kind, _NONE)
        if kind not in still_open and found != sworn:
            yield (
                f"{kind}: {found.entries} entries with root {found.root[:16]}…, "
                f"the checkpoint says {sworn.entries} with {sworn.root[:16]}…"
            )


def _electorates(world: World, unit: Unit, execution: Execution, scope: Scope) -> Iterator[str]:
    """Check every electoral roll, and that nobody has voted without being on it."""
    for vote, told in world.opened.electorates.items():
        found = unit.electorate.sealed(vote)
        if found != told:
            yield (
                f"vote {vote}: {found.entries} on the electoral roll with root "
                f"{found.root[:16]}…, the journal says {told.entries} with {told.root[:16]}…"
            )
        batches = world.opened.registers.get(vote, Register()).batches
        addressed = {name for name, batch in batches.items() if batch.addressed}
        nameless = frozenset(casting.unnamed(unit, execution.keys, scope, vote, addressed))
        strangers = unit.electorate.strangers(vote) - nameless
        # Without the key of the vote, nobody can tell which marks are those of papers.
        known = execution.keys.has(scope, vote)
        if len(strangers) > (0 if known else len(list(unit.registers.papers(vote)))):
            yield f"vote {vote}: {len(strangers)} have voted without being on the electoral roll"


def _results(
    counts: Iterable[tuple[int, BallotsCounted | ResultCorrected]],
    recorded: Sequence[Recorded],
    unit: Unit,
    execution: Execution,
    scope: Scope,
) -> Iterator[str]:
    for seq, told in counts:
        before = as_counted(told, replay(recorded[: seq - 1]))
        command = CountBallots(vote=told.vote, seed=told.seed)
        try:
            again = execution.recount(unit, scope, command, before)
        except PartizipationError as error:
            yield f"vote {told.vote}: cannot be counted again: {error}"
            continue
        if Result.from_data(again.result) != Result.from_data(told.result):
            yield f"vote {told.vote}: counted again, the result is another one"
