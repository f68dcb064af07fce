"""The booth: one ballot, taken in at the least cost if all is as the caller believes it to be.

Whoever puts a ballot in has decided on a state of the procedure that was read a moment ago. What
makes that safe is a guard in the same transaction: the head of the journal must still be the one
that was decided on. Every close, every change of a rule moves the head, so after it nothing goes
in. On PostgreSQL the guard, the tick on the roll, the ballot and the answer to its request are ONE
statement, and the guard shares a lock that a change needs alone; on SQLite they are one
transaction of the only writer, who takes along the ballots of all that wait in the same process.
No row is written by two voters.

The statements are built of the same tables as all others and compiled once; then they go to the
driver as they are, since running them through the toolkit costs more than the database itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import bindparam, exists, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or_not

from partizipation_core.store.backends import ContentionError, Database
from partizipation_core.store.lending import Lent
from partizipation_core.store.schema import box, procedure, request, roll
from partizipation_core.store.scope import Scope
from partizipation_core.store.statements import Compiled, bound, prepared, within
from partizipation_core.store.together import Slip, Together

__all__ = ["Answered", "Booth"]

_CONTENT = ("channel", "body", "nonce", "commitment")


@frozen
class Answered:
    """What is kept of a request with an idempotency key."""

    key: str
    payload: bytes
    receipt: bytes


def _bound(table: Any, *names: str) -> list[Any]:
    return [bindparam(f"{name}_", type_=table.c[name].type).label(name) for name in names]


def _row(table: Any, names: Sequence[str], source: Any) -> tuple[list[str], Any]:
    """Select values given by the caller, once where the source has a row and never otherwise."""
    return list(names), select(*_bound(table, *names)).select_from(source)


_HEAD = procedure.c.head == bindparam("head_", type_=procedure.c.head.type)
_KEY = ("municipality", "procedure", "vote", "tag")
_BOX = (*_KEY, *_CONTENT)
_ASKED = ("municipality", "procedure", "key", "payload", "receipt")


def _one_statement(*, asked: bool) -> Any:
    """Guard, tick, ballot and answer in one; it writes a row into the box, or nothing at all."""
    guard = (
        select(procedure.c.head)
        .where(within(procedure), _HEAD)
        .with_for_update(read=True)
        .cte("guard")
    )
    ticked = (
        insert_or_not(roll)
        .from_select(*_row(roll, _KEY, guard))
        .on_conflict_do_nothing()
        .returning(roll.c.tag)
        .cte("ticked")
    )
    put = insert(box).from_select(*_row(box, _BOX, ticked))
    if asked:  # a key that was used raises an error, which undoes all of it
        answer = insert(request).from_select(*_row(request, _ASKED, ticked))
        put = put.add_cte(answer.returning(request.c.key).cte("answered"))
    return put


def _tick() -> Any:
    """Tick the roll where the guard holds and the tag is new."""
    held = exists(select(procedure.c.head).where(within(procedure), _HEAD))
    row = select(*_bound(roll, *_KEY)).where(held)
    return insert_or_not(roll).from_select(list(_KEY), row).on_conflict_do_nothing()


def _plain(table: Any, names: Sequence[str]) -> Any:
    values: dict[str, Any] = {name: bindparam(f"{name}_") for name in names}
    return insert_or_not(table).values(values).on_conflict_do_nothing()


class Booth:
    """Takes ballots in.

    Args:
        database: where to.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._together = Together(self._write)
        self._is_one = database.dialect.name == "postgresql"
        if self._is_one:
            steps = {asked: [_one_statement(asked=asked)] for asked in (False, True)}
        else:
            steps = {False: [_tick(), _plain(box, _BOX)]}
            steps[True] = [*steps[False], _plain(request, _ASKED)]
        words = prepared(database.dialect)
        self._steps = {
            asked: [Compiled(one, words) for one in statements]
            for asked, statements in steps.items()
        }

    def put(
        self,
        scope: Scope,
        head: bytes,
        ballot: Mapping[str, Any],
        answered: Answered | None = None,
    ) -> bool:
        """Put a ballot in, if nothing has changed and the voter is not on the roll.

        Args:
            scope: the procedure.
            head: digest of the last journal line that was decided on.
            ballot: the row as it is stored, with the vote and the voter's keyed tag.
            answered: what to keep of the request.

        Returns:
            whether it is in, committed; where it is not, nothing at all was written, and what
            stands in the way is to be found out in another way.
        """
        values: dict[str, Any] = {
            "municipality_": scope.municipality,
            "procedure_": scope.procedure,
            "head_": head,
            **bound(ballot),
        }
        if answered is not None:
            values |= {
                "key_": answered.key,
                "payload_": answered.payload,
                "receipt_": answered.receipt,
            }
        asked = answered is not None
        try:
            if self._is_one:
                return self._at_once(self._steps[asked][0], values)
            return self._together.put(Slip(asked, values))
        except ContentionError:
            return False

    def _at_once(self, step: Compiled, values: Mapping[str, Any]) -> bool:
        with self._database.lending() as lent:
            return bool(lent.run(step, values))

    def _write(self, slips: Sequence[Slip]) -> None:
        """Write the ballots of several voters in one transaction."""
        with self._database.lending() as lent:
            lent.driver.execute(self._database.begin)
            if len(slips) == 1:
                taken = [self._steps_done(lent, slips[0])]
            else:
                taken = [self._take(lent, slip) for slip in slips]
            if any(taken):
                lent.driver.commit()
        for slip, is_in in zip(slips, taken, strict=True):
            slip.taken = is_in

    def _take(self, lent: Lent, slip: Slip) -> bool:
        """Write one ballot of several, or leave no trace of it."""
        lent.driver.execute("SAVEPOINT ballot")
        done = self._steps_done(lent, slip)
        lent.driver.execute("RELEASE ballot" if done else "ROLLBACK TO ballot")
        return done

    def _steps_done(self, lent: Lent, slip: Slip) -> bool:
        return all(lent.run(step, slip.values) == 1 for step in self._steps[slip.asked])
