"""The words everybody uses: money, periods, references, actors, objections.

All values are frozen and compare by content. References are plain strings with a type of their
own, so that they serialise as themselves while mypy still tells a person from a proposal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NewType, Self

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping, as_set, as_tuple
from partizipation_core.identity import Strength

__all__ = [
    "NO_COMMENT",
    "NO_RECORD",
    "STAFF",
    "Actor",
    "CommentRef",
    "ItemRef",
    "Money",
    "MunicipalityRef",
    "Objection",
    "ParticipantRef",
    "Period",
    "ProcedureRef",
    "RecordRef",
    "Role",
    "is_writable",
    "municipality_ref",
    "reference",
]

MunicipalityRef = NewType("MunicipalityRef", str)
"""Eight-digit municipality key (Amtlicher Gemeindeschlüssel), districts with a suffix."""

ProcedureRef = NewType("ProcedureRef", str)
"""Names one procedure (Verfahren) within a municipality."""

ItemRef = NewType("ItemRef", str)
"""Names one idea, proposal or measure within a procedure."""

CommentRef = NewType("CommentRef", str)
"""Names one comment (Kommentar) within a procedure."""

RecordRef = NewType("RecordRef", str)
"""Names one thing that a format keeps besides items, within its kind and procedure."""

NO_RECORD = RecordRef("")
"""Stands where no record is meant."""

NO_COMMENT = CommentRef("")
"""Stands where the item itself is meant and none of its comments."""

ParticipantRef = NewType("ParticipantRef", str)
"""Pseudonym of a person; which person it is stands in no event."""

_AGS = re.compile(r"\d{8}(-[a-z0-9]+)*")
_CURRENCY = r"(?: ?(?P<currency>€|[A-Z]{3}))?"
_PLAIN = re.compile(r"(?P<sign>-?)(?P<whole>\d+)(?:[.,](?P<cents>\d\d))?" + _CURRENCY)
_GROUPED = re.compile(
    r"(?P<sign>-?)(?P<whole>\d{1,3}(?:\.\d{3})+)(?:,(?P<cents>\d\d))?" + _CURRENCY
)
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}")
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def municipality_ref(key: str) -> MunicipalityRef:
    """Check a municipality key.

    Args:
        key: eight digits, for a district followed by a suffix such as ``11000000-tk``.

    Raises:
        ValueError: the key has another form.
    """
    if not _AGS.fullmatch(key):
        msg = f"{key!r} is no municipality key: eight digits (AGS), for a district with '-suffix'"
        raise ValueError(msg)
    return MunicipalityRef(key)


def reference(text: str) -> str:
    """Check a reference that people or programs choose (procedures, items).

    Raises:
        ValueError: empty, longer than 120 characters, or with characters other than ASCII
            letters, digits and ``. _ : / -``.
    """
    if not _REFERENCE.fullmatch(text):
        msg = f"{text!r} is no reference: 1 to 120 of A-Z a-z 0-9 . _ : / -, starting alphanumeric"
        raise ValueError(msg)
    return text


def is_writable(text: str) -> bool:
    """Tell whether every database can keep a text: no NUL, and no half of a character."""
    return not _UNWRITABLE.search(text)


@frozen(order=True)
class Money:
    """An amount in integer cents of the procedure's currency (Betrag)."""

    cents: int = field()

    @cents.validator
    def _whole(self, _: object, value: object) -> None:
        if type(value) is not int:
            msg = f"money is counted in integer cents, not {value!r}"
            raise TypeError(msg)

    @classmethod
    def euro(cls, euros: int, cents: int = 0) -> Self:
        """Make an amount of whole euros and, if need be, cents."""
        return cls(euros * 100 + cents)

    @classmethod
    def total(cls, amounts: Iterable[Money]) -> Self:
        """Add up any number of amounts, none included."""
        return cls(sum(amount.cents for amount in amounts))

    @classmethod
    def parse(cls, text: str, currency: str = "EUR") -> Self:
        """Read what people write: ``"2600"``, ``"2600.50 EUR"``, ``"2.600,50 €"``.

        Args:
            text: the amount; where it names a currency, it must be this one.
            currency: three letters.

        Raises:
            ValueError: it can be read in no way or in two, or is of another currency.
        """
        match = _PLAIN.fullmatch(text.strip()) or _GROUPED.fullmatch(text.strip())
        if match is None:
            msg = f'{text!r} is no amount: write "2600", "2600.50" or "2.600,50 EUR"'
            raise ValueError(msg)
        named = {"€": "EUR"}.get(match["currency"], match["currency"]) or currency
        if named != currency:
            msg = f"{text!r} is in {named}, amounts here are in {currency}"
            raise ValueError(msg)
        whole, cents = int(match["whole"].replace(".", "")), int(match["cents"] or 0)
        return cls((whole * 100 + cents) * (-1 if match["sign"] else 1))

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - other.cents)

    def __bool__(self) -> bool:
        return self.cents != 0

    def __str__(self) -> str:
        sign = "-" if self.cents < 0 else ""
        return f"{sign}{abs(self.cents) // 100}.{abs(self.cents) % 100:02d}"


@frozen
class Period:
    """A half-open span of time: ``start`` belongs to it, ``end`` does not."""

    start: Instant
    end: Instant = field()

    @end.validator
    def _after_start(self, _: object, value: Instant) -> None:
        if value <= self.start:
            msg = "a period ends after it starts"
            raise ValueError(msg)

    def __contains__(self, instant: Instant) -> bool:
        return self.start <= instant < self.end


class Role(StrEnum):
    """Who somebody is in a procedure. Formats may name further roles as plain strings."""

    RESIDENT = "resident"
    MODERATOR = "moderator"
    REVIEWER = "reviewer"
    STEWARD = "steward"
    OFFICER = "officer"
    COUNCIL = "council"
    ASSEMBLY = "assembly"
    AUDITOR = "auditor"
    CODE_HOLDER = "code_holder"
    """Nobody's account: whoever holds a code for a vote."""
    HANDOVER = "handover"
    """No person: another procedure of the municipality that hands something over."""


STAFF = frozenset({Role.MODERATOR, Role.REVIEWER, Role.STEWARD, Role.OFFICER, Role.COUNCIL})
"""Roles that run a procedure; what they do is never counted as the public's voice."""


@frozen(kw_only=True)
class Actor:
    """Who acts, as authenticated by the host application.

    Args:
        ref: pseudonym of the person.
        roles: roles in this procedure.
        attributes: what the host asserts for eligibility rules, such as ``age`` or ``area``;
            never written to the journal.
        areas: the areas an office is competent for; empty for all. Somebody with areas may act
            only on items of these areas.
        strength: how strongly it was proved who this is.
        proven: which attributes the host has proof of; the others are declared.
    """

    ref: ParticipantRef
    roles: frozenset[str] = field(converter=as_set)

    @roles.validator
    def _has_a_name(self, _: object, value: frozenset[str]) -> None:
        if value and not self.ref.strip():
            msg = "somebody who holds a role has a pseudonym that is not empty"
            raise ValueError(msg)
        if not is_writable(self.ref):
            msg = f"no database can keep the pseudonym {self.ref!r}"
            raise ValueError(msg)

    attributes: Mapping[str, str | int | bool] = field(
        factory=dict, converter=as_mapping, repr=False
    )
    areas: frozenset[str] = field(factory=frozenset, converter=as_set)
    strength: Strength = Strength.NONE
    proven: frozenset[str] = field(factory=frozenset, converter=as_set)

    @classmethod
    def of(cls, ref: str, *roles: str, **attributes: str | int | bool) -> Self:
        """Name an actor in one line: ``Actor.of("p-1", Role.RESIDENT, age=34)``."""
        return cls(ref=ParticipantRef(ref), roles=frozenset(roles), attributes=attributes)


@frozen
class Objection:
    """One reason why something is not allowed (Hinderungsgrund).

    Args:
        code: names the sentence in the catalogues.
        params: fills the sentence; plain data only.
        allowed_from: the instant from which it would be allowed, if there is one.
        allowed_when: what is missing until then, where no instant but a condition decides.
    """

    code: str
    params: Mapping[str, object] = field(factory=dict)
    allowed_from: Instant | None = None
    allowed_when: tuple[Objection, ...] = field(default=(), converter=as_tuple)

    def __str__(self) -> str:
        inside = ", ".join(f"{name}={value!s}" for name, value in sorted(self.params.items()))
        return f"{self.code}({inside})" if inside else self.code
