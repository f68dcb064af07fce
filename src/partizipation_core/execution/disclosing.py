"""Disclosing: everything that a procedure holds of one person (Auskunft, Art. 15 DSGVO)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from partizipation_core.serialization import STORED
from partizipation_core.store import Scope, Unit, roll, speaking
from partizipation_core.store.journal import plain
from partizipation_core.store.keys import voter_tag
from partizipation_core.values import ParticipantRef

if TYPE_CHECKING:
    from partizipation_core.execution.execution import Execution

__all__ = ["about"]


def about(execution: Execution, scope: Scope, person: ParticipantRef) -> dict[str, Any]:
    """Collect what is kept of a person as plain data that JSON can hold.

    What a ballot says is left out: whoever could have it handed out could prove it to others.

    Raises:
        NotFound: there is no such procedure.
        StorageError: a key is missing without which nobody can tell.
    """
    with execution.reading(scope) as unit:
        present, _ = execution.present(unit, scope)
        known = unit.electorate.registered(person)
        dump = STORED.dump
        mine = [item for item in unit.items() if item.author == person]
        return {
            "person": person,
            "register": dict(known.facts) if known else {},
            "items": [dump(item) for item in unit.items() if _named(dump(item), person)],
            "comments": [dump(one) for one in unit.comments.all() if one.author == person],
            "voices": [dump(one) for one in speaking.held(unit, execution.keys, scope, person)],
            "votes": {
                vote: _unknown()
                if vote in present.keyless
                else _vote(execution, unit, scope, vote, person)
                for vote in present.papers
            },
            "payees": [dump(payee) for payee in _payees(unit, mine)],
            "journal": [
                data
                for data in map(plain, unit.lines())
                if data["actor"] == person or _named(data["data"], person)
            ],
        }


def _vote(
    execution: Execution, unit: Unit, scope: Scope, vote: str, person: ParticipantRef
) -> dict[str, Any]:
    keys = execution.keys
    voted = roll.has_voted(unit, keys, scope, vote, person)
    if not keys.has(scope, vote):
        return {"voted": voted, "on_the_roll": False, "area": ""}
    enrolled = unit.electorate.enrolled(vote, voter_tag(keys, scope, vote, person))
    return {
        "voted": voted,
        "on_the_roll": enrolled is not None,
        "area": enrolled.area if enrolled else "",
    }


def _unknown() -> dict[str, Any]:
    """Say of a vote whose key is destroyed that nobody can tell any more."""
    return {"voted": None, "on_the_roll": None, "area": ""}


def _payees(unit: Unit, items: list[Any]) -> list[Any]:
    refs = [item.grant.payee for item in items if item.grant is not None]
    return [payee for payee in map(unit.payees.get, refs) if payee is not None]


def _named(data: object, person: str) -> bool:
    """Tell whether a person's pseudonym stands anywhere in plain data."""
    if isinstance(data, dict):
        return any(key == person or _named(value, person) for key, value in data.items())
    if isinstance(data, list | tuple):
        return any(_named(one, person) for one in data)
    return data == person
