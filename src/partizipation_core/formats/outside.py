"""Settings of votes that are held outside: in which system, where, and who signs its result."""

from __future__ import annotations

import re
from typing import Any

from attrs import Attribute, field, frozen

__all__ = ["OutsideSettings", "named_where_external"]

_KEY = re.compile(r"[0-9a-f]{64}")


def _written(_: object, attribute: Attribute[str], value: str) -> None:
    if not value.strip():
        msg = f"{attribute.name} must be named; people are told it"
        raise ValueError(msg)


def _public_key(_: object, __: Attribute[str], value: str) -> None:
    if not _KEY.fullmatch(value):
        msg = "a public Ed25519 key as 64 hexadecimal digits in lower case"
        raise ValueError(msg)


@frozen(kw_only=True)
class OutsideSettings:
    """The voting system outside in which a vote of the secrecy ``external`` is held.

    Args:
        name: what people call it, such as ``Belenios``; every result names it.
        address: where people vote, such as ``https://wahl.example``.
        key: public Ed25519 key of whoever signs its result, 64 hexadecimal digits.
    """

    name: str = field(validator=_written)
    address: str = field(validator=_written)
    key: str = field(validator=_public_key)


def named_where_external(
    settings: Any, _: Attribute[Any], outside: OutsideSettings | None
) -> None:
    """Refuse a vote outside without a system, or without a roll that could be handed over."""
    limits = (settings, *settings.votes.values())
    if not any(one.secrecy == "external" for one in limits):
        return
    if outside is None:
        msg = "secrecy is 'external': name the system outside, its address and its key"
        raise ValueError(msg)
    if settings.electorate != "register":
        msg = "secrecy is 'external': only an electorate from a 'register' has a roll to hand over"
        raise ValueError(msg)
