"""Register and electoral roll as plain values: what a decision may see, and what it writes.

The register (Melderegisterauszug) holds people with the few facts that rules need, in a table
that can be erased row by row. The electoral roll (Abstimmungsverzeichnis) of a vote holds keyed
tags: who may vote, told to nobody but the holder of the vote's key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from attrs import field, frozen

from partizipation_core.freezing import as_mapping, read_only
from partizipation_core.values import ParticipantRef

__all__ = ["Enrolled", "Franchise", "RegisterEntry", "RegisterErasure", "Registered", "RollEntry"]


@frozen(kw_only=True)
class Registered:
    """One person in the register.

    Args:
        person: keyed pseudonym, the same for one person in one procedure.
        facts: what is kept of the person.
        left: whether the last extract did not name the person any more.
        tag: the person's tag in the present vote, where that is needed.
    """

    person: ParticipantRef
    facts: Mapping[str, str] = field(factory=dict, repr=False, converter=read_only)
    left: bool = False
    tag: bytes = b""


@frozen(kw_only=True)
class Enrolled:
    """One person on the electoral roll of a vote.

    Args:
        area: where the person belongs, if a rule needs it.
        voted: whether there is a ballot, where the whole roll is looked at.
    """

    area: str = ""
    voted: bool = False


@frozen(kw_only=True)
class Franchise:
    """What a decision may see of register and electoral roll.

    Args:
        register: everybody in the register.
        roll: tag → who is on the electoral roll of the present vote.
        mine: the voter on it, who is the person that the command names, whose code is shown, or
            else the actor; None where the voter is not.
        named: tag of the person that the command names.
        entitled: those of the people whom the command names who are on the electoral roll, or in
            the register as long as the vote has no roll.
        areas: areas of the items that the command chooses or that the actor has spoken about.
    """

    register: Sequence[Registered] = ()
    roll: Mapping[bytes, Enrolled] = field(factory=dict, converter=read_only, repr=False)
    mine: Enrolled | None = None
    named: bytes = b""
    entitled: Mapping[ParticipantRef, Enrolled] = field(
        factory=dict, converter=read_only, repr=False
    )
    areas: frozenset[str] = frozenset()


@frozen(kw_only=True)
class RegisterEntry:
    """A row of the register on its way into the table; the journal never sees it."""

    person: ParticipantRef
    facts: Mapping[str, str] = field(factory=dict, repr=False, converter=as_mapping)
    left: bool = False


@frozen(kw_only=True)
class RegisterErasure:
    """Rows of the register on their way out; afterwards no byte of them is left.

    Args:
        person: whose row; None for all rows.
    """

    person: ParticipantRef | None = None


@frozen(kw_only=True)
class RollEntry:
    """A tag on its way onto the electoral roll of a vote, or off it."""

    vote: str
    tag: bytes
    area: str = ""
    act: Literal["put", "remove"] = "put"
