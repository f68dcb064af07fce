"""Merkle tree hash of RFC 9162 §2.1.1 over SHA-256, in one pass."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

__all__ = ["leaf_hash", "root"]


def leaf_hash(entry: bytes) -> bytes:
    """Hash one entry of the list."""
    return hashlib.sha256(b"\x00" + entry).digest()


def root(leaves: Iterable[bytes]) -> str:
    """Hash a list of leaf hashes to its root.

    Args:
        leaves: leaf hashes in their order.

    Returns:
        hexadecimal; for an empty list the hash of nothing.
    """
    peaks: list[tuple[int, bytes]] = []
    for leaf in leaves:
        size, digest = 1, leaf
        while peaks and peaks[-1][0] == size:
            size, digest = size * 2, _node(peaks.pop()[1], digest)
        peaks.append((size, digest))
    if not peaks:
        return hashlib.sha256(b"").hexdigest()
    digest = peaks.pop()[1]
    while peaks:
        digest = _node(peaks.pop()[1], digest)
    return digest.hex()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
