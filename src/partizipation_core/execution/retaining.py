"""Retaining: what is kept beyond its time, named and erased."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from attrs import frozen

from partizipation_core.clock import end_of_day
from partizipation_core.execution.destroying import carry_out, due_keys
from partizipation_core.kernel.electorate.register import EraseRegister
from partizipation_core.kernel.grant.payment import ErasePayee
from partizipation_core.kernel.secrecy.destroying import DestroyKey
from partizipation_core.kernel.state import Item
from partizipation_core.store import Connection, Scope
from partizipation_core.store.retention import PASSING, passing, remove
from partizipation_core.values import Actor, ItemRef

if TYPE_CHECKING:
    from partizipation_core.execution.execution import Execution

__all__ = ["Overdue", "erase_overdue", "overdue"]

_CLOSED = "closed"


@frozen
class Overdue:
    """Rows that are kept beyond their time.

    Args:
        table: in which table; ``key`` for the key of a vote, which is in none.
        rows: how many.
        since: the last day on which it was needed (ISO); empty where the procedure's end was the
            limit.
    """

    table: str
    rows: int
    since: str = ""


def overdue(execution: Execution, scope: Scope) -> tuple[Overdue, ...]:
    """List what a procedure keeps beyond its time: register, keys, payees, answers, failures.

    Raises:
        NotFound: there is no such procedure.
    """
    found = []
    with execution.database.reading() as connection:
        rows = passing(connection, scope)
    with execution.reading(scope) as unit:
        present, pinned = execution.present(unit, scope)
        people, settings = len(unit.electorate.register()), pinned.settings
        items = tuple(unit.items())
    if people and settings.register_until:
        last = date.fromisoformat(settings.register_until)
        if end_of_day(last, settings.timezone) <= execution.now():
            found.append(Overdue("register", people, settings.register_until))
    found += [Overdue("key", 1, since) for _, since, _ in due_keys(execution, scope)]
    if present.status == _CLOSED:
        if payees := len(_paid(items)):
            found.append(Overdue("payee", payees))
        found += [Overdue(table, number) for table, number in rows.items() if number]
    return tuple(found)


def erase_overdue(execution: Execution, scope: Scope, actor: Actor) -> tuple[Overdue, ...]:
    """Erase what a procedure keeps beyond its time; returns what was erased.

    Raises:
        NotFound: there is no such procedure.
        Refused: the actor may not erase its register or its payees, or destroy its keys.
        StorageError: the files could not be cleared of deleted bytes, since somebody is reading.
    """
    found = overdue(execution, scope)
    tables = {one.table for one in found}
    if "register" in tables:
        execution.execute(scope, EraseRegister(), actor)
    for vote, _, recorded in list(due_keys(execution, scope)):
        if not recorded:
            execution.execute(scope, DestroyKey(vote=vote), actor)
    carry_out(execution, scope)
    if "payee" in tables:
        with execution.reading(scope) as unit:
            paid = _paid(unit.items())
        for item in paid:
            execution.execute(scope, ErasePayee(item=item), actor)
    if tables - {"register", "key", "payee"}:
        execution.database.run_in_transaction(partial(_remove, scope), scope)
        execution.database.scrub(PASSING)
    execution.database.cut_log()
    return found


def _paid(items: Iterable[Item]) -> list[ItemRef]:
    """Name the items whose grant has ended and whose payee is still kept."""
    cases = ((one.ref, one.grant) for one in items)
    return [ref for ref, grant in cases if grant is not None and grant.ended and grant.payee]


def _remove(scope: Scope, connection: Connection) -> None:
    remove(connection, scope)
