"""Webhooks: what a provider sends by itself, believed only if it signed it, and only once.

A message carries ``t=<seconds>,v1=<hex>``: the time it was sent, and an HMAC-SHA256 over time and
body with a secret that both sides know. Several secrets may hold at a time, so that they can be
changed without a pause.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, MutableSet

from attrs import frozen

from partizipation_core.values import Money
from partizipation_crowdfunding.payments.facts import Fact, Notice

__all__ = ["TOLERANCE", "Message", "Untrusted", "pack", "read", "sign"]

TOLERANCE = 300
"""Seconds that a message may be old, or ahead of our clock."""

_HEADER = re.compile(r"t=(?P<at>\d{1,15}),v1=(?P<digest>[0-9a-f]{64})")


class Untrusted(Exception):  # noqa: N818 - says what the message is
    """A message is not believed; the text says why and repeats nothing of it."""


@frozen(kw_only=True)
class Message:
    """A message that was believed.

    Args:
        id: the provider's number of it; one that was seen before is a repetition.
        notice: what it tells.
        repeated: whether it was seen before.
    """

    id: str
    notice: Notice
    repeated: bool


def sign(secret: bytes, body: bytes, at: int) -> str:
    """Return the header of a message.

    Args:
        secret: at least 16 bytes that both sides know.
        body: the message.
        at: seconds since 1970 in UTC.
    """
    return f"t={at},v1={_digest(secret, body, at)}"


def _digest(secret: bytes, body: bytes, at: int) -> str:
    return hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def pack(number: str, notice: Notice) -> bytes:
    """Write a message."""
    told = {
        "id": number,
        "payment": notice.payment,
        "fact": notice.fact,
        "cents": notice.amount.cents,
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


def read(
    header: str,
    body: bytes,
    *,
    secrets: Iterable[bytes],
    now: int,
    seen: MutableSet[str],
) -> Message:
    """Believe a message or refuse it.

    Args:
        header: as sent beside it.
        body: the message, byte by byte as it came.
        secrets: any of which may have signed it.
        now: seconds since 1970 in UTC.
        seen: numbers of messages seen so far; this one's is added. It may forget what is older
            than `TOLERANCE`, since a repetition of that is refused by its age. Whoever handles a
            message keeps its fact before confirming it: a fact kept twice is kept once.

    Raises:
        Untrusted: not signed, too old, or no message of ours.
    """
    match = _HEADER.fullmatch(header)
    if match is None:
        raise Untrusted("the header is no signature")
    at = int(match["at"])
    # Every secret is tried, so that the time taken tells nothing about which one fits.
    fitting = [hmac.compare_digest(_digest(one, body, at), match["digest"]) for one in secrets]
    if not any(fitting):
        raise Untrusted("the signature does not fit")
    if abs(now - at) > TOLERANCE:
        raise Untrusted("the message is too old or from the future")
    number, notice = _unpack(body)
    repeated = number in seen
    seen.add(number)
    return Message(id=number, notice=notice, repeated=repeated)


def _unpack(body: bytes) -> tuple[str, Notice]:
    try:
        told = json.loads(body)
        notice = Notice(
            payment=str(told["payment"]), fact=Fact(told["fact"]), amount=Money(told["cents"])
        )
        return str(told["id"]), notice
    except (ValueError, KeyError, TypeError) as error:
        raise Untrusted("the message cannot be read") from error
