"""Answers: a request with an idempotency key that comes again gets the first answer again."""

from __future__ import annotations

from hashlib import blake2b

from partizipation_core.errors import Conflict
from partizipation_core.execution.naming import writable
from partizipation_core.execution.request import Receipt
from partizipation_core.kernel.messages import Command
from partizipation_core.kernel.override import asked
from partizipation_core.serialization import STORED, canonical, parse
from partizipation_core.store import Scope
from partizipation_core.store.keys import KeyRing
from partizipation_core.values import Actor

__all__ = ["Answers"]

REQUESTS = "requests/"
"""Name of the key for fingerprints; no vote can have it."""


class Answers:
    """Tells requests from each other without keeping what they asked.

    Args:
        keys: keys for fingerprints.
    """

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def fingerprint(self, scope: Scope, command: Command, actor: Actor, name: str) -> bytes:
        """Fingerprint a request under a key, since a bare hash of a ballot can be guessed.

        Raises:
            Refused: it holds what cannot be written down.
        """
        inner = asked(command)
        parts = [name, actor.ref, STORED.dump(command)]
        if inner is not command:
            parts += [type(inner).__name__, STORED.dump(inner)]
        with writable(name):
            body = canonical(parts)
        key = self._keys.key(scope, REQUESTS)
        return blake2b(body, key=key, digest_size=32).digest()

    def kept(self, receipt: Receipt) -> bytes:
        """Lay a receipt out as it is kept."""
        return canonical(STORED.dump(receipt))

    def again(self, before: tuple[bytes, bytes], payload: bytes, key: str) -> Receipt:
        """Return what a request with the same key was answered.

        Args:
            before: its fingerprint and the receipt that was kept.
            payload: the fingerprint of the present one.
            key: their idempotency key.

        Raises:
            Conflict: the two ask for different things.
        """
        if before[0] != payload:
            msg = f"idempotency key {key!r} was used for another command"
            raise Conflict(msg)
        return STORED.load(parse(before[1]), Receipt)
