"""Addresses: which persons live together, though each writes it in their own way."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

__all__ = ["household", "spellings"]

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_STREET = re.compile(r"(strasse|str\.?)(?=[^a-z]|$)")
_NUMBER = re.compile(r"(\d+)\s+([a-z])\b")
_SIGNS = re.compile(r"[\W_]+")
_UNKNOWN = frozenset(
    (
        "unbekannt", "unknown", "keine angabe", "ohne angabe", "k a", "ka", "n a", "nicht bekannt",
        "ohne festen wohnsitz", "ofw", "wohnungslos", "obdachlos", "entfaellt", "none", "null",
    )
)  # fmt: skip


def household(parts: Iterable[str]) -> str:
    """Write an address so that different spellings of one are equal.

    A blank in the first part, which tells street or address, means that it is unknown, and so do
    words for that: persons without an address do not live together.

    Args:
        parts: cells of the address, the street first.
    """
    cells = list(parts)
    if not cells or _normal(cells[0]) in {"", *_UNKNOWN}:
        return ""
    return "|".join(filter(None, map(_normal, cells)))


def _normal(text: str) -> str:
    folded = unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS)
    folded = "".join(
        sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign)
    )
    folded = _NUMBER.sub(r"\1\2", _STREET.sub("str ", folded))
    return " ".join(_SIGNS.sub(" ", folded).split())


def spellings(written: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """List the addresses that were taken for one though written differently, for review.

    Args:
        written: household and how its address was written.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for home, text in written:
        if home:
            found[home].add(text)
    return {home: tuple(sorted(texts)) for home, texts in sorted(found.items()) if len(texts) > 1}
