"""Payees: who is paid a grant and on which account, apart from everything that is published.

The journal holds a commitment to them and nothing else. It shows later that the account on a
payment order is the one that was applied with, and when the data are erased, it tells nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from attrs import field, frozen

from partizipation_core.money.iban import iban_objections, plain_iban
from partizipation_core.values import Objection

__all__ = ["Payee", "PayeeEntry", "PayeeErasure", "committed", "payee_objections"]


@frozen(kw_only=True)
class Payee:
    """Who is paid (Zahlungsempfänger:in): personal data, never written to the journal.

    Args:
        name: of the person or association that holds the account.
        iban: the account, with or without blanks.
        address: where notices are sent, lines separated by line breaks.
    """

    name: str = field(repr=False)
    iban: str = field(repr=False, converter=plain_iban)
    address: str = field(default="", repr=False)


@frozen(kw_only=True)
class PayeeEntry:
    """A payee on the way into the table that can be erased.

    Args:
        ref: the commitment, hexadecimal.
        nonce: what keeps the commitment from being guessed, hexadecimal.
        payee: the data.
    """

    ref: str
    nonce: str = field(repr=False)
    payee: Payee = field(repr=False)


@frozen(kw_only=True)
class PayeeErasure:
    """That the data of a payee are to be erased."""

    ref: str


def committed(payee: Payee, nonce: str) -> str:
    """Commit to a payee: SHA-256 over nonce and data, hexadecimal."""
    body = json.dumps([nonce, payee.name, payee.iban, payee.address], ensure_ascii=True)
    return hashlib.sha256(body.encode()).hexdigest()


def payee_objections(payee: Payee) -> Iterator[Objection]:
    """Say what is missing or wrong; never repeats what was written."""
    if not payee.name.strip():
        yield Objection("payee_nameless")
    yield from iban_objections(payee.iban)
