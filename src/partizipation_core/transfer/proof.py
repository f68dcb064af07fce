"""Proof: what a database holds, in numbers that two databases can be compared by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import field, frozen

from partizipation_core.errors import StorageError
from partizipation_core.execution.execution import Execution
from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.replay import audit_unit
from partizipation_core.store import Connection, Scope, Unit, directory, dump
from partizipation_core.store.directory import Head
from partizipation_core.store.dump import Measure, Measured

__all__ = ["Proof", "all_lines", "faults", "measured", "open_votes", "require_same"]


@frozen
class Proof:
    """What two databases were compared by, and were equal in.

    Args:
        tables: name → number of rows and digest over them, in the order of their keys.
        heads: the head of every journal.
        audited: how many procedures were checked against themselves, without a fault.
        left_out: votes whose ballots were left out on purpose.
    """

    tables: Mapping[str, Measure] = field(converter=as_mapping)
    heads: tuple[Head, ...] = field(converter=as_tuple)
    audited: int
    left_out: tuple[tuple[Scope, str], ...] = ()

    @property
    def rows(self) -> int:
        """Number of rows of all tables."""
        return sum(one.rows for one in self.tables.values())


def all_lines(connection: Connection, table: str, towns: Iterable[str]) -> Iterator[bytes]:
    """Write the rows of several municipalities, in their order."""
    for town in towns:
        yield from dump.lines(connection, table, town)


def measured(connection: Connection, towns: Sequence[str]) -> dict[str, Measure]:
    """Measure every table, with the rows of some municipalities."""
    return {name: Measured(all_lines(connection, name, towns)).done() for name in dump.NAMES}


def require_same(told: Mapping[str, Measure], found: Mapping[str, Measure], where: str) -> None:
    """Compare the measures of two databases.

    Args:
        told: table → what it must be.
        found: table → what it is.
        where: which database or file was found to differ, for people.

    Raises:
        StorageError: they are not equal; names the tables.
    """
    wrong = [
        f"table {name} has {found[name].rows} rows ({found[name].sha256[:16]}…), "
        f"and not {told[name].rows} ({told[name].sha256[:16]}…)"
        for name in told
        if told[name] != found[name]
    ]
    if wrong:
        raise StorageError(f"{where}: " + "; ".join(wrong))


def faults(execution: Execution, connection: Connection, scopes: Iterable[Scope]) -> Iterator[str]:
    """Check procedures against themselves within a transaction; see `replay.audit`."""
    for scope in scopes:
        for check in audit_unit(execution, scope, Unit(connection, scope)):
            for fault in check.faults:
                yield f"{scope.municipality} {scope.procedure}, {check.name}: {fault}"


def open_votes(connection: Connection, towns: Iterable[str]) -> list[tuple[Scope, str]]:
    """List the votes that have begun and are not closed."""
    return [
        (scope, vote)
        for town in towns
        for scope in directory.procedures(connection, town)
        for state in [Unit(connection, scope).procedure()]
        if state is not None
        for vote in sorted(state.papers)
        if vote not in state.closed_votes
    ]
