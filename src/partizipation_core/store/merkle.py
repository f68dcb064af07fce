"""Merkle trees, where the store has always offered them."""

from partizipation_core.merkle import leaf_hash, root

__all__ = ["leaf_hash", "root"]
