"""Keys that turn pseudonyms into tags; they live outside the database.

A tag on the roll says that somebody has voted. Without the key of that vote nobody can tell who,
and when the key is destroyed the tags are noise. A destroyed key leaves a tombstone behind, so
that nobody makes another one in its place.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from partizipation_core.errors import InputError, StorageError
from partizipation_core.files import write
from partizipation_core.store.scope import Scope
from partizipation_core.values import ParticipantRef

__all__ = [
    "VOICES",
    "FileKeys",
    "KeyRing",
    "MemoryKeys",
    "bearer_tag",
    "code_digest",
    "lost",
    "paper_tag",
    "voter_tag",
    "voter_tagger",
]

KEY_BYTES = 32
_TOMBSTONE = ".destroyed"

VOICES = "voices/"
"""Name of the key for all supports, ratings and reports of a procedure; no vote can have it."""


class KeyRing(Protocol):
    """Whatever keeps one key per vote."""

    def has(self, scope: Scope, vote: str) -> bool:
        """Tell whether the key of a vote was made already, and not destroyed since."""
        ...

    def key(self, scope: Scope, vote: str) -> bytes:
        """Return the key of a vote; the first call makes it.

        Raises:
            StorageError: it was destroyed; another one is never made.
        """
        ...

    def destroy(self, scope: Scope, vote: str) -> None:
        """Destroy the key of a vote for good, whether or not there is one.

        May be asked again at any time: after a crash it finishes what was begun.
        """
        ...

    def destroyed(self, scope: Scope, vote: str) -> bool:
        """Tell whether the key of a vote was destroyed, with nothing left of it."""
        ...


def lost(keys: KeyRing, scope: Scope, vote: str) -> StorageError:
    """Say why a key is not there although something was written under it."""
    name = "of supports and ratings" if vote == VOICES else f"of vote {vote!r}"
    if keys.destroyed(scope, vote):
        return _gone(name)
    again = "support" if vote == VOICES else "vote"
    return StorageError(
        f"the key {name} is missing; bring it back from a backup, since with a new one everybody "
        f"could {again} again"
    )


def _gone(name: str) -> StorageError:
    return StorageError(
        f"the key {name} was destroyed when its time was over; nobody can tell any more who "
        "stands behind a tag"
    )


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
        self._destroyed: set[tuple[Scope, str]] = set()

    def has(self, scope: Scope, vote: str) -> bool:
        """Tell whether the key of a vote was made already, and not destroyed since."""
        return (scope, vote) in self._keys

    def key(self, scope: Scope, vote: str) -> bytes:
        """Return the key of a vote; raises as `KeyRing.key` does."""
        if (scope, vote) in self._destroyed:
            raise _gone(f"of vote {vote!r}")
        return self._keys.setdefault((scope, vote), secrets.token_bytes(KEY_BYTES))

    def destroy(self, scope: Scope, vote: str) -> None:
        """Destroy the key of a vote for good."""
        self._destroyed.add((scope, vote))
        self._keys.pop((scope, vote), None)

    def destroyed(self, scope: Scope, vote: str) -> bool:
        """Tell whether the key of a vote was destroyed."""
        return (scope, vote) in self._destroyed


class FileKeys:
    """Keys in a folder, one file each, readable by the owner only.

    Args:
        folder: made when the first key is.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[tuple[Scope, str], bytes] = {}
        self._names: dict[tuple[Scope, str], str] = {}

    def has(self, scope: Scope, vote: str) -> bool:
        """Tell whether the key of a vote was made already, and not destroyed since."""
        if self._is_buried(scope, vote):
            return False
        return (scope, vote) in self._known or self._path(scope, vote).exists()

    def key(self, scope: Scope, vote: str) -> bytes:
        """Return the key of a vote.

        Raises:
            StorageError: its file is damaged, and a new key would let everybody vote again; or it
                was destroyed.
        """
        if self._is_buried(scope, vote):
            raise _gone(f"of vote {vote!r}")
        if (scope, vote) not in self._known:
            self._known[scope, vote] = self._read_or_make(scope, vote)
        return self._known[scope, vote]

    def destroy(self, scope: Scope, vote: str) -> None:
        """Overwrite and remove the key of a vote, and leave a tombstone in its place.

        The tombstone comes first: from then on no process uses the key or makes another one.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        tombstone = Path(self._tombstone(scope, vote))
        tombstone.touch(mode=0o600)
        self._flush_folder()
        for one in self._remains(tombstone):
            _overwrite(one)
            one.unlink(missing_ok=True)
        self._flush_folder()
        self._known.pop((scope, vote), None)

    def destroyed(self, scope: Scope, vote: str) -> bool:
        """Tell whether the key of a vote was destroyed, with no file of it left."""
        buried = self._is_buried(scope, vote)
        return buried and not self._remains(Path(self._tombstone(scope, vote)))

    def _is_buried(self, scope: Scope, vote: str) -> bool:
        """Tell whether there is a tombstone; another process may have set it."""
        # Asked for every ballot, so the name is kept, no path is made and no error is raised.
        if not os.access(self._tombstone(scope, vote), os.F_OK):
            return False
        self._known.pop((scope, vote), None)
        return True

    def _tombstone(self, scope: Scope, vote: str) -> str:
        name = self._names.get((scope, vote))
        if name is None:
            name = str(self._path(scope, vote).with_suffix(_TOMBSTONE))
            self._names[scope, vote] = name
        return name

    def _remains(self, tombstone: Path) -> list[Path]:
        """List the files of a key: itself, and drafts of it that a crash left behind."""
        found = self._folder.glob(f"{tombstone.stem}.*")
        return sorted(one for one in found if one != tombstone)

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
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"{path}: a key cannot be written: {error.strerror}") from error
        with contextlib.suppress(InputError):  # another process was the first
            write(path, secrets.token_bytes(KEY_BYTES), private=True)

    def _flush_folder(self) -> None:
        if os.name == "posix":  # elsewhere a folder cannot be opened, and needs no flushing
            folder = os.open(self._folder, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)


def _overwrite(file: Path) -> None:
    """Put other bytes in the place of those of a key, where the disk lets us."""
    with contextlib.suppress(FileNotFoundError), file.open("r+b") as opened:
        opened.write(secrets.token_bytes(KEY_BYTES))
        opened.flush()
        os.fsync(opened.fileno())
