"""Inclusion: the proof that one entry is among those that a Merkle root stands for."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from attrs import field, frozen

from partizipation_core.freezing import as_tuple
from partizipation_core.store.merkle import root

__all__ = ["Inclusion", "inclusion"]


@frozen(kw_only=True)
class Inclusion:
    """The proof (RFC 9162 §2.1.3) that a ballot lies in a closed box, without opening it.

    Args:
        commitment: what the voter's receipt says, hexadecimal.
        place: its place among the sorted commitments, from 0; it tells nothing of the order in
            which ballots came in.
        size: number of ballots.
        path: hashes of the neighbouring branches, from the leaf upwards, hexadecimal.
        checkpoint: the size of the journal whose checkpoint holds the root: the line that closed
            the vote. A proof against a checkpoint that moves on would soon prove nothing.
    """

    commitment: str
    place: int
    size: int
    path: tuple[str, ...] = field(converter=as_tuple)
    checkpoint: int = 0

    @property
    def root(self) -> str:
        """The root that this proof leads to; that of the checkpoint, if the ballot is in it."""
        place, last = self.place, self.size - 1
        digest = bytes.fromhex(self.commitment)
        for branch in map(bytes.fromhex, self.path):
            if place & 1 or place == last:
                digest = _node(branch, digest)
                while place and not place & 1:
                    place, last = place >> 1, last >> 1
            else:
                digest = _node(digest, branch)
            place, last = place >> 1, last >> 1
        return digest.hex()


def inclusion(leaves: Sequence[bytes], place: int) -> Inclusion:
    """Prove that an entry is among others.

    Args:
        leaves: leaf hashes of all of them, sorted.
        place: which one, from 0.
    """
    path: list[str] = []
    rest, at = leaves, place
    while len(rest) > 1:
        half = 1 << (len(rest) - 1).bit_length() - 1
        left, right = rest[:half], rest[half:]
        rest, other = (left, right) if at < half else (right, left)
        at -= 0 if rest is left else half
        path.append(root(other))
    return Inclusion(
        commitment=leaves[place].hex(), place=place, size=len(leaves), path=reversed(path)
    )


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
