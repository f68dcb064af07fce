"""Sealing: what a ballot looks like in the box."""

from __future__ import annotations

import secrets
from typing import Any

from partizipation_core.kernel.messages import BallotEntry
from partizipation_core.serialization import canonical
from partizipation_core.store.merkle import leaf_hash

__all__ = ["NONCE_BYTES", "sealed"]


NONCE_BYTES = 32


def sealed(entry: BallotEntry, nonce: bytes = b"") -> dict[str, Any]:
    """Lay a ballot out as it is stored: its bytes, a nonce, and what commits to both.

    Args:
        entry: the ballot.
        nonce: drawn at random for this ballot alone; empty to draw one here.
    """
    body = canonical(dict(entry.choices))
    nonce = nonce or secrets.token_bytes(NONCE_BYTES)
    commitment = leaf_hash(nonce + body)
    return {"channel": entry.channel, "body": body, "nonce": nonce, "commitment": commitment}
