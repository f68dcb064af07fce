"""Register and electoral roll in their tables, within one transaction.

The register can be erased row by row; roll and identification hold keyed tags and nothing else
that could be a person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import delete, func, insert, select

from partizipation_core.kernel.electorate.roll import sealed
from partizipation_core.kernel.franchise import (
    Enrolled,
    Registered,
    RegisterEntry,
    RegisterErasure,
    RollEntry,
)
from partizipation_core.kernel.voices import Sealed
from partizipation_core.serialization import canonical, parse
from partizipation_core.store import schema
from partizipation_core.store.placed import Placed
from partizipation_core.store.statements import Compiled, columns, upsert, within
from partizipation_core.values import ParticipantRef

__all__ = ["ElectorateTables"]

Tagger = Callable[[ParticipantRef], bytes]

_register, _roll, _known = schema.register, schema.electorate, schema.identification

_FEW = 200
"""Up to so many people are looked up one by one; for more the whole table is read once."""

_ROWS = (
    select(*columns(_register, "person", "gone", "body"))
    .where(within(_register))
    .order_by(_register.c.person)
)
_ROW = select(*columns(_register, "person", "gone", "body")).where(within(_register, "person"))
_KEEP = upsert(_register)
_KNOWN_TO_IT = select(_register.c.person).where(within(_register), _register.c.gone == 0)
_FORGET = delete(_register).where(within(_register, "person"))
_FORGET_ALL = delete(_register).where(within(_register))
_ENROLLED = select(_roll.c.area).where(within(_roll, "vote", "tag"))
_VOTED = (
    (schema.roll.c.municipality == _roll.c.municipality)
    & (schema.roll.c.procedure == _roll.c.procedure)
    & (schema.roll.c.vote == _roll.c.vote)
    & (schema.roll.c.tag == _roll.c.tag)
)
_WHOLE = (
    select(*columns(_roll, "tag", "area"), schema.roll.c.tag.label("voted"))
    .select_from(_roll.outerjoin(schema.roll, _VOTED))
    .where(within(_roll, "vote"))
    .order_by(_roll.c.tag)
)
_TAGS = select(_roll.c.tag).where(within(_roll, "vote"))
_STRANGERS = (
    select(schema.roll.c.tag)
    .select_from(schema.roll.outerjoin(_roll, _VOTED))
    .where(within(schema.roll, "vote"), _roll.c.tag.is_(None))
)
_PUT = insert(_roll)
_REMOVE = delete(_roll).where(within(_roll, "vote", "tag"))
_RECOGNISE = upsert(_known)
_UNRECOGNISE = delete(_known).where(within(_known, "vote", "tag"))
_STRENGTHS = (
    select(_known.c.strength, func.count())
    .where(within(_known, "vote"))
    .group_by(_known.c.strength)
    .order_by(_known.c.strength)
)


class ElectorateTables(Placed):
    """Register and electoral rolls of one procedure."""

    # --- register

    def register(self, tag: Tagger | None = None) -> tuple[Registered, ...]:
        """Read everybody in the register, in an order that tells nothing.

        Args:
            tag: gives people the tags that stand for them in a vote, where these are needed.
        """
        rows = self._run(_ROWS)
        # Few facts are kept, so many people have the same ones: each row of them is read once.
        facts: dict[bytes, Mapping[str, str]] = {}
        found = []
        for person, gone, body in rows:
            if body not in facts:
                facts[body] = MappingProxyType(parse(body))
            mine = tag(person) if tag else b""
            found.append(Registered(person=person, facts=facts[body], left=bool(gone), tag=mine))
        return tuple(found)

    def registered(self, person: ParticipantRef) -> Registered | None:
        """Read one person; None where the register does not know the person."""
        row = self._run(_ROW, person_=person).one_or_none()
        return _registered(row) if row else None

    def known(self, people: Collection[ParticipantRef]) -> frozenset[ParticipantRef]:
        """Return those of some people whom the register knows and who have not left."""
        if len(people) <= _FEW:
            found = ((one, self.registered(one)) for one in people)
            return frozenset(one for one, row in found if row is not None and not row.left)
        rows = self._run(_KNOWN_TO_IT)
        return frozenset(people) & {ParticipantRef(row.person) for row in rows}

    def keep(self, entries: Iterable[RegisterEntry]) -> None:
        """Write rows, in the place of what was known of the same people."""
        rows = [
            {
                **self._place,
                "person": one.person,
                "gone": int(one.left),
                "body": canonical(dict(one.facts)),
            }
            for one in entries
        ]
        if rows:
            self._connection.execute(_KEEP, rows)

    def forget(self, erasure: RegisterErasure) -> None:
        """Delete one row, or all."""
        if erasure.person is not None:
            self._run(_FORGET, person_=erasure.person)
        else:
            self._run(_FORGET_ALL)

    # --- electoral roll

    def enrolled(self, vote: str, tag: bytes) -> Enrolled | None:
        """Look for one tag on the roll of a vote."""
        where = {**self._where, "vote_": vote, "tag_": tag}
        row = self._connection.execute(_ENROLLED, where).one_or_none()
        return Enrolled(area=row.area) if row else None

    def enrolled_among(self, vote: str, tags: Collection[bytes]) -> dict[bytes, Enrolled]:
        """Look for some tags on the roll of a vote."""
        if len(tags) <= _FEW:
            found = ((tag, self.enrolled(vote, tag)) for tag in tags)
            return {tag: one for tag, one in found if one is not None}
        whole = self.roll(vote)
        return {tag: whole[tag] for tag in tags if tag in whole}

    def roll(self, vote: str) -> dict[bytes, Enrolled]:
        """Read the whole roll of a vote."""
        rows = self._run(_WHOLE, vote_=vote)
        return {row.tag: Enrolled(area=row.area, voted=row.voted is not None) for row in rows}

    def change(self, entries: Iterable[RollEntry]) -> None:
        """Put tags on rolls and take others off."""
        put, remove = [], []
        for one in entries:
            if one.act == "put":
                put.append({**self._place, "vote": one.vote, "tag": one.tag, "area": one.area})
            else:
                remove.append({**self._where, "vote_": one.vote, "tag_": one.tag})
        if put:  # a whole town at once: to the driver as they are
            statement = Compiled(_PUT, self._connection.dialect)
            rows = [statement.values(row) for row in put]
            self._connection.exec_driver_sql(statement.sql, rows)
        if remove:
            self._connection.execute(_REMOVE, remove)

    def sealed(self, vote: str) -> Sealed:
        """Add up the roll of a vote."""
        rows = self._run(_TAGS, vote_=vote)
        return sealed(row.tag for row in rows)

    def strangers(self, vote: str) -> frozenset[bytes]:
        """Return the tags that were ticked off without being on the roll."""
        where = {**self._where, "vote_": vote}
        return frozenset(row.tag for row in self._connection.execute(_STRANGERS, where))

    # --- identification

    def recognise(self, vote: str, tag: bytes, strength: str) -> None:
        """Keep how strongly somebody was recognised who has voted."""
        row = {**self._place, "vote": vote, "tag": tag, "strength": strength}
        self._connection.execute(_RECOGNISE, row)

    def unrecognise(self, vote: str, tag: bytes) -> None:
        """Forget how strongly somebody was recognised whose ballot left the box."""
        self._run(_UNRECOGNISE, vote_=vote, tag_=tag)

    def strengths(self, vote: str) -> dict[str, int]:
        """Count voters by how strongly they were recognised."""
        rows = self._run(_STRENGTHS, vote_=vote)
        return {row[0]: row[1] for row in rows}


def _registered(row: Any) -> Registered:
    return Registered(
        person=ParticipantRef(row.person), facts=parse(row.body), left=bool(row.gone)
    )
