"""IBAN (ISO 13616): whether an account number can be right, before anybody orders a payment.

The check digits (ISO 7064, MOD 97-10) and the length find typing errors; they cannot tell whether
the account exists or whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from partizipation_core.values import Objection

__all__ = ["LENGTHS", "iban_objections", "masked_iban", "plain_iban", "printed_iban"]

LENGTHS: Mapping[str, int] = MappingProxyType(
    {
        "AD": 24,
        "AT": 20,
        "BE": 16,
        "BG": 22,
        "CH": 21,
        "CY": 28,
        "CZ": 24,
        "DE": 22,
        "DK": 18,
        "EE": 20,
        "ES": 24,
        "FI": 18,
        "FR": 27,
        "GB": 22,
        "GI": 23,
        "GR": 27,
        "HR": 21,
        "HU": 28,
        "IE": 22,
        "IS": 26,
        "IT": 27,
        "LI": 21,
        "LT": 20,
        "LU": 20,
        "LV": 21,
        "MC": 27,
        "MT": 31,
        "NL": 18,
        "NO": 15,
        "PL": 28,
        "PT": 25,
        "RO": 24,
        "SE": 24,
        "SI": 19,
        "SK": 24,
        "SM": 27,
        "VA": 22,
    }
)
"""Country (ISO 3166-1) → length of its IBAN, for the countries of the euro payments area (SEPA).

Source: IBAN registry of SWIFT, ISO 13616.
"""

_FORM = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}")
_CHECKED = 1


def plain_iban(text: str) -> str:
    """Take out what people write for reading: blanks and small letters."""
    return "".join(text.split()).upper()


def printed_iban(iban: str) -> str:
    """Write it in groups of four."""
    plain = plain_iban(iban)
    return " ".join(plain[place : place + 4] for place in range(0, len(plain), 4))


def masked_iban(iban: str) -> str:
    """Show the country and the last four signs only, enough to recognise one's own."""
    plain = plain_iban(iban)
    return f"{plain[:2]}…{plain[-4:]}"


def iban_objections(text: str) -> Iterator[Objection]:
    """Say what is wrong with an account number; never repeats the number itself.

    Args:
        text: as it was written, with or without blanks.
    """
    plain = plain_iban(text)
    if not _FORM.fullmatch(plain):
        yield Objection("iban_malformed")
        return
    country, expected = plain[:2], LENGTHS.get(plain[:2])
    if expected is None:
        yield Objection("iban_country", {"country": country})
    elif len(plain) != expected:
        params = {"country": country, "length": len(plain), "expected": expected}
        yield Objection("iban_length", params)
    elif _remainder(plain) != _CHECKED:
        yield Objection("iban_check_digits")


def _remainder(plain: str) -> int:
    """Move the first four signs to the end, read letters as 10 to 35, and divide by 97."""
    digits = "".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])
    return int(digits) % 97
