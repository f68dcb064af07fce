"""Sealing: what a ballot looks like in the box."""

from __future__ import annotations

import secrets
from typing import Any

from partizipation_core.kernel.messages import BallotEntry
from partizipation_core.serialization import canonical
from partizipation_core.store.merkle import leaf_hash

__all__ = ["sealed"]


def sealed(entry: BallotEntry) -> dict[str, Any]:
    """Lay a ballot out as it is stored: its bytes, a nonce, and what commits to both."""
    body = canonical(dict(entry.choices))
    nonce = secrets.token_bytes(32)
    commitment = leaf_hash(nonce + body)
    return {"channel": entry.channel, "body": body, "nonce": nonce, "commitment": commitment}
