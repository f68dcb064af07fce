"""Recognising: people under pseudonyms of one procedure, which only its key can make again."""

from __future__ import annotations

import hashlib
import unicodedata

from partizipation_core.identity import Strength
from partizipation_core.kernel.messages import BallotEntry
from partizipation_core.store.keys import KeyRing, voter_tag
from partizipation_core.store.unit import Scope, Unit
from partizipation_core.values import ParticipantRef

__all__ = ["PEOPLE", "fingerprint", "pseudonym", "put"]

PEOPLE = "people/"
"""Name of the key for pseudonyms of a procedure; no vote can have it."""


def pseudonym(keys: KeyRing, scope: Scope, identity: str) -> ParticipantRef:
    """Turn what a person is recognised by into the person's pseudonym in one procedure.

    Spelling counts as far as it can tell people apart: letters in upper or lower case and runs of
    spaces do not.

    Args:
        keys: the keys.
        scope: the procedure; the same person has another pseudonym in every other one.
        identity: what is lasting, its parts separated by NUL.

    Returns:
        32 hexadecimal digits.
    """
    parts = (" ".join(part.split()) for part in identity.split("\0"))
    plain = unicodedata.normalize("NFKC", "\0".join(parts)).casefold()
    return ParticipantRef(_keyed(keys, scope, plain.encode(), b"person", 16))


def fingerprint(keys: KeyRing, scope: Scope, data: bytes) -> str:
    """Hash a file under the procedure's key, since a bare hash of a short file can be guessed."""
    return _keyed(keys, scope, data, b"file", 32)


def _keyed(keys: KeyRing, scope: Scope, data: bytes, person: bytes, size: int) -> str:
    key = keys.key(scope, PEOPLE)
    return hashlib.blake2b(data, key=key, digest_size=size, person=person).hexdigest()


def put(unit: Unit, keys: KeyRing, scope: Scope, entry: BallotEntry) -> None:
    """Keep how strongly somebody was recognised whose ballot was just put into the box.

    Of those of whom nothing was known nothing is written; they are what is missing to all.
    """
    if entry.strength is Strength.NONE and not entry.replaces:
        return
    tag = voter_tag(keys, scope, entry.vote, entry.voter)
    unit.electorate.recognise(entry.vote, tag, entry.strength.value)
