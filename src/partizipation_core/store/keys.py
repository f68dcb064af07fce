"""Keys that turn pseudonyms into tags; they live outside the database.

A tag on the roll says that somebody has voted. Without the key of that vote nobody can tell who,
and when the key is destroyed the tags are noise.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from partizipation_core.errors import StorageError
from partizipation_core.store.scope import Scope
from partizipation_core.values import ParticipantRef

__all__ = [
    "VOICES",
    "FileKeys",
    "KeyRing",
    "MemoryKeys",
    "bearer_tag",
    "code_digest",
    "paper_tag",
    "voter_tag",
    "voter_tagger",
]

KEY_BYTES = 32

VOICES = "voices/"
"""Name of the key for all supports, ratings and reports of a procedure; no vote can have it."""


class KeyRing(Protocol):
    """Whatever keeps one key per vote."""

    def has(self, scope: Scope, vote: str) -> bool:
        """Tell whether the key of a vote was made already."""
        ...

    def key(self, scope: Scope, vote: str) -> bytes:
        """Return the key of a vote; the first call makes it."""
        ...


def voter_tag(keys: KeyRing, scope: Scope, vote: str, voter: ParticipantRef) -> bytes:
    """Turn a pseudonym into the tag of one vote (keyed BLAKE2b, 32 bytes)."""
    key = keys.key(scope, vote)
    return hashlib.blake2b(voter.encode(), key=key, digest_size=32, person=b"roll").digest()


def voter_tagger(keys: KeyRing, scope: Scope, vote: str) -> Callable[[ParticipantRef], bytes]:
    """Return what makes the tags of one vote, for many voters; see `voter_tag`."""
    begun = hashlib.blake2b(key=keys.key(scope, vote), digest_size=32, person=b"roll")

    def tag(voter: ParticipantRef) -> bytes:
        one = begun.copy()
        one.update(voter.encode())
        return one.digest()

    return tag


def code_digest(keys: KeyRing, scope: Scope, vote: str, code: str) -> bytes:
    """Hash a code of one vote, so that nobody without its key can try codes out."""
    return _keyed(keys, scope, vote, code.encode(), b"code")


def bearer_tag(keys: KeyRing, scope: Scope, vote: str, digest: bytes) -> bytes:
    """Return the tag of whoever holds a code that belongs to nobody on the register."""
    return _keyed(keys, scope, vote, digest, b"bearer")


def paper_tag(keys: KeyRing, scope: Scope, vote: str, paper: str) -> bytes:
    """Return the tag of a paper whose voter nobody knows."""
    return _keyed(keys, scope, vote, paper.encode(), b"paper")


def _keyed(keys: KeyRing, scope: Scope, vote: str, what: bytes, person: bytes) -> bytes:
    key = keys.key(scope, vote)
    return hashlib.blake2b(what, key=key, digest_size=32, person=person).digest()


class MemoryKeys:
    """Keys that are gone with the process: for tests and simulations."""

    def __init__(self) -> None:
        self._keys: dict[tuple[Scope, str], bytes] = {}

    def has(self, scope: Scope, vote: str) -> bool:
        """Tell whether the key of a vote was made already."""
        return (scope, vote) in self._keys

    def key(self, scope: Scope, vote: str) -> bytes:
        """Return the key of a vote."""
        return self._keys.setdefault((scope, vote), secrets.token_bytes(KEY_BYTES))


class FileKeys:
    """Keys in a folder, one file each, readable by the owner only.

    Args:
        folder: made when the first key is.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[tuple[Scope, str], bytes] = {}

    def has(self, scope: Scope, vote: str) -> bool:
        """Tell whether the key of a vote was made already."""
        return (scope, vote) in self._known or self._path(scope, vote).exists()

    def key(self, scope: Scope, vote: str) -> bytes:
        """Return the key of a vote.

        Raises:
            StorageError: its file is damaged; a new key would let everybody vote again.
        """
        if (scope, vote) not in self._known:
            self._known[scope, vote] = self._read_or_make(scope, vote)
        return self._known[scope, vote]

    def _read_or_make(self, scope: Scope, vote: str) -> bytes:
        path = self._path(scope, vote)
        if not path.exists():
            self._make(path)
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            msg = f"{path}: a key has {KEY_BYTES} bytes, this file has {len(key)}"
            raise StorageError(msg)
        return key

    def _path(self, scope: Scope, vote: str) -> Path:
        name = f"{scope.municipality}\0{scope.procedure}\0{vote}".encode()
        return self._folder / f"{hashlib.sha256(name).hexdigest()}.key"

    def _make(self, path: Path) -> None:
        """Write a key so that it is there whole or not at all, and only the first one counts.

        Raises:
            StorageError: the disk is full, or nobody may write there.
        """
        draft = path.with_suffix(f".{secrets.token_hex(8)}")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._link(draft, path)
        except OSError as error:
            raise StorageError(f"{path}: a key cannot be written: {error.strerror}") from error
        finally:
            draft.unlink(missing_ok=True)

    def _link(self, draft: Path, path: Path) -> None:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        if os.name == "posix":  # elsewhere a folder cannot be opened, and needs no flushing
            folder = os.open(self._folder, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
