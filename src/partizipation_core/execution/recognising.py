"""Recognising people: from what an issuer or an extract says to one pseudonym per procedure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from partizipation_core.errors import NotFound
from partizipation_core.execution.execution import Execution
from partizipation_core.formats.settings import ProcedureSettings
from partizipation_core.freezing import as_mapping, as_tuple
from partizipation_core.identity import Assertion
from partizipation_core.kernel.electorate.register import ImportRegister, RegisterLine
from partizipation_core.store import Scope, recognising
from partizipation_core.values import Actor

__all__ = ["Extract", "ExtractLine", "import_of", "recognise", "register_identity"]

_PARTS: Mapping[str, tuple[str, ...]] = {
    "reference": ("reference",),
    "name_birth": ("family_name", "given_names", "birth"),
    "name_address": ("family_name", "given_names", "address"),
}


@frozen(kw_only=True)
class ExtractLine:
    """One person of an extract: what the person is recognised by, and what is said."""

    identity: str = field(repr=False)
    facts: Mapping[str, str] = field(repr=False, converter=as_mapping)


@frozen(kw_only=True)
class Extract:
    """An extract that was read.

    Args:
        lines: the people.
        data: the file as it came.
    """

    lines: Sequence[ExtractLine] = field(converter=as_tuple)
    data: bytes = field(repr=False)


def register_identity(facts: Mapping[str, object], key: str) -> str:
    """Put together what somebody is recognised by in the register; empty where a part is missing.

    Args:
        facts: what is known.
        key: the setting ``register_key``.
    """
    parts = [str(facts.get(name, "")).strip() for name in _PARTS[key]]
    return "\0".join(("register", *parts)) if all(parts) else ""


def recognise(
    execution: Execution, scope: Scope, assertion: Assertion, roles: Sequence[str]
) -> Actor:
    """Turn an assertion into an actor; raises as `ProcedureHandle.recognise` does."""
    with execution.reading(scope) as unit:
        _, pinned = execution.present(unit, scope)
        identity = _identity(assertion, pinned.settings)
        ref = recognising.pseudonym(execution.keys, scope, identity)
        found = unit.electorate.registered(ref)
    registered = found.facts if found and not found.left else {}
    claims = {"ref": ref, "roles": roles, "assertion": assertion, "registered": registered}
    actor = execution.host.identify(claims)
    if actor is None:
        msg = "no plugin can tell who this is"
        raise NotFound(msg)
    return actor


def _identity(assertion: Assertion, settings: ProcedureSettings) -> str:
    """Recognise people as the register does where there is one, else by their issuer's name.

    Nobody becomes a person of the register by a mere declaration.
    """
    if settings.electorate != "register":
        return assertion.identity
    proven = {name: assertion.facts[name] for name in assertion.proven & set(assertion.facts)}
    return register_identity(proven, settings.register_key) or assertion.identity


def import_of(
    execution: Execution, scope: Scope, extract: Extract, *, complete: bool
) -> ImportRegister:
    """Make the command that takes an extract in; names become pseudonyms here."""
    return ImportRegister(
        lines=[
            RegisterLine(
                person=recognising.pseudonym(execution.keys, scope, line.identity),
                facts=line.facts,
            )
            for line in extract.lines
        ],
        fingerprint=recognising.fingerprint(execution.keys, scope, extract.data),
        complete=complete,
    )
