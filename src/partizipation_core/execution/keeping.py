"""Keeping: what a handle tells of the things and rules that a format brought along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from partizipation_core.execution.execution import Execution
from partizipation_core.kernel.context import RuleBook
from partizipation_core.kernel.record import Record
from partizipation_core.store import Scope
from partizipation_core.values import RecordRef

__all__ = ["Keeping"]

R = TypeVar("R", bound=Record)


class Keeping:
    """The part of a handle that is about records and pinned rules.

    Args:
        execution: runs commands and reads.
        scope: the procedure.
    """

    def __init__(self, execution: Execution, scope: Scope) -> None:
        self._execution = execution
        self._scope = scope

    def rules(self) -> RuleBook:
        """Return its pinned rules, for what is computed outside, such as panels of a draw."""
        with self._execution.reading(self._scope) as unit:
            return self._execution.present(unit, self._scope)[1].rules

    def records(self, kind: type[R]) -> Mapping[RecordRef, R]:
        """Return what the procedure keeps of a kind besides items: reference → record."""
        with self._execution.reading(self._scope) as unit:
            return unit.records.all(kind)

    def record(self, kind: type[R], ref: str) -> R | None:
        """Return one record of a kind; None where there is none of that reference."""
        with self._execution.reading(self._scope) as unit:
            return unit.records.some(kind, [RecordRef(ref)]).get(RecordRef(ref))

    def record_refs(self) -> Mapping[str, tuple[RecordRef, ...]]:
        """Name everything that the procedure keeps besides items: kind → references."""
        with self._execution.reading(self._scope) as unit:
            return unit.records.refs()
