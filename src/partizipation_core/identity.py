"""Identity: how sure a host application is of who somebody is, and what it knows of them.

The library logs nobody in. Whoever does hands over an assertion: who it is about, how strongly
that was proved, and which facts come with it. The account that somebody used is no part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping, as_set

__all__ = ["Assertion", "Strength"]


class Strength(StrEnum):
    """How somebody was recognised, the weakest first (Vertrauensniveau)."""

    NONE = "none"
    """Nothing is known: a guest."""
    DECLARED = "declared"
    """The person said so."""
    EMAIL = "email"
    """An address for e-mail was confirmed."""
    SMS = "sms"
    """A telephone number was confirmed."""
    POST = "post"
    """A code came by letter to the registered address."""
    EID = "eid"
    """An electronic identity card, or an account that was opened with one."""
    IN_PERSON = "in_person"
    """Somebody of the office has seen the identity card."""

    @property
    def rank(self) -> int:
        """Place in the order, from 0 for the weakest."""
        return _RANKS[self]

    def reaches(self, least: Strength) -> bool:
        """Tell whether this is as strong as something asked for, or stronger."""
        return least is Strength.NONE or self.rank >= least.rank


_RANKS = {strength: rank for rank, strength in enumerate(Strength)}


@frozen(kw_only=True)
class Assertion:
    """What an issuer says of a person (Identitätsnachweis).

    Args:
        issuer: who says it, such as ``bundid``; two issuers may use one subject for two people.
        subject: the issuer's lasting name for the person, the same after an account was deleted
            and made anew. It is turned into a keyed pseudonym before anything is stored.
        strength: how it was proved.
        facts: what is known, such as ``birth``, ``residence``, ``area``, ``works_here``.
        proven: which of the facts the issuer has proof of; the others are declared.
        at: when it was established; None where that was not told.
    """

    issuer: str = field()
    subject: str = field(repr=False)
    strength: Strength
    facts: Mapping[str, str | int | bool] = field(factory=dict, repr=False, converter=as_mapping)
    proven: frozenset[str] = field(factory=frozenset, converter=as_set)
    at: Instant | None = None

    @issuer.validator
    @subject.validator
    def _named(self, _: object, value: str) -> None:
        if not value.strip():
            msg = "an assertion names its issuer and its subject"
            raise ValueError(msg)

    @property
    def identity(self) -> str:
        """The lasting name, together with whose name it is."""
        return f"{self.issuer}\0{self.subject}"
