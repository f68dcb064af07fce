"""Files that are whole or not there: the one place that writes to the disk what people asked for.

A file is written under another name beside its place, flushed to the disk, and only then given its
name. So a full disk or a kill leaves no half file that somebody takes for a whole one; at worst
something whose name begins with ``.draft-``, which may be deleted. Nothing that exists is written
over, unless a program replaces what it keeps for itself.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from attrs import define, field

from partizipation_core.errors import InputError, StorageError

__all__ = ["Content", "Drafts", "filling", "together", "write", "write_lines"]

Content = str | bytes | Iterable[bytes]
"""A text, which becomes UTF-8 with its ends of lines as they are, or bytes, or parts of them."""

_DRAFT = ".draft-"
_ARCHIVES = (".tar", ".zip")
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def write(file: Path, content: Content, *, private: bool = False, replacing: bool = False) -> None:
    """Write a file so that it is there whole or not at all, whatever happens meanwhile.

    Args:
        file: where it is to be; its folder exists.
        content: what stands in it.
        private: let its owner alone read it.
        replacing: take the place of an earlier one, which stays until then.

    Raises:
        InputError: there is something already, and it is not to be replaced.
        StorageError: the disk is full, or nobody may write there.
    """
    with together(replacing=replacing) as drafts:
        drafts.put(file, content, private=private)


@contextmanager
def together(*, replacing: bool = False) -> Iterator[Drafts]:
    """Lend what writes several files, none of which is there before all are on the disk.

    Files take their places in the order in which they were put, when the block ends well. What can
    happen once only is therefore done inside the block, after the last `Drafts.put`.

    Args:
        replacing: take the places of earlier ones, which stay until then.

    Raises:
        InputError: there is something already, and it is not to be replaced.
        StorageError: the disk is full, or nobody may write there.
    """
    drafts = Drafts(replacing=replacing)
    try:
        yield drafts
        drafts.place()
    finally:
        drafts.drop()


@define
class Drafts:
    """Files on their way; made by `together`."""

    _replacing: bool
    _waiting: list[tuple[Path, Path]] = field(factory=list)

    def put(self, file: Path, content: Content, *, private: bool = False) -> None:
        """Write a draft of a file and flush it to the disk.

        Args:
            file: where it is to be; its folder exists.
            content: what stands in it.
            private: let its owner alone read it.

        Raises:
            InputError: there is something already, and it is not to be replaced.
            StorageError: the disk is full, or nobody may write there.
        """
        if not self._replacing:
            _require_free(file)
        draft = file.with_name(f"{_DRAFT}{secrets.token_hex(8)}")
        self._waiting.append((draft, file))
        with _told(file):
            _fill(draft, content, 0o600 if private else 0o666)

    def place(self) -> None:
        """Give every draft its name; where that is refused, those before it are taken back."""
        placed: list[Path] = []
        for draft, file in self._waiting:
            try:
                with _told(file):
                    draft.replace(file) if self._replacing else _name(draft, file)
            except BaseException:
                for one in placed if not self._replacing else ():
                    one.unlink(missing_ok=True)
                raise
            placed.append(file)
        for folder in {file.parent for file in placed}:
            _flush(folder)

    def drop(self) -> None:
        """Remove what has found no place."""
        for draft, _ in self._waiting:
            draft.unlink(missing_ok=True)


@contextmanager
def filling(into: Path, *, last: str = "", private: bool = False) -> Iterator[Path]:
    """Lend a folder to write to; what ends in ``.tar`` or ``.zip`` is packed at the end.

    Whatever fails in between, nothing is left where it was to be written.

    Args:
        into: where it is to be; a folder that is there must be empty.
        last: the file that comes last into a folder that is there already, which cannot be made
            in one go; without it nobody takes the folder for a whole one.
        private: let its owner alone read a folder that is made, or the archive.

    Raises:
        InputError: there is something already where it is to be written.
        StorageError: the disk is full, or nobody may write there.
    """
    if into.exists() and (into.is_file() or any(into.iterdir())):
        raise InputError("there is something already", source=str(into))
    with _told(into), _way(into, last, 0o700 if private else 0o777) as folder:
        yield folder


def _way(into: Path, last: str, mode: int) -> AbstractContextManager[Path]:
    if into.suffix in _ARCHIVES:
        return _packed(into, mode & 0o666)
    return _moved_in(into, last) if into.exists() else _renamed(into, mode)


@contextmanager
def _renamed(into: Path, mode: int) -> Iterator[Path]:
    # Beside its place, so that what is secret never lies on a disk that nobody thought of.
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into.parent, prefix=_DRAFT) as draft:
        folder = Path(draft) / "content"
        folder.mkdir(mode=mode)
        yield folder
        folder.rename(into)
    _flush(into.parent)


@contextmanager
def _moved_in(into: Path, last: str) -> Iterator[Path]:
    """Fill a folder that is there, which may be a disk of its own and cannot be renamed."""
    moved: list[Path] = []
    try:
        with tempfile.TemporaryDirectory(dir=into, prefix=_DRAFT) as draft:
            yield Path(draft)
            for one in sorted(Path(draft).iterdir(), key=lambda one: (one.name == last, one.name)):
                one.rename(place := into / one.name)
                moved.append(place)
    except BaseException:
        for one in moved:
            shutil.rmtree(one) if one.is_dir() else one.unlink()
        raise
    _flush(into)


@contextmanager
def _packed(into: Path, mode: int) -> Iterator[Path]:
    if not into.parent.is_dir():
        raise InputError(f"there is no folder {into.parent}", source=str(into))
    with tempfile.TemporaryDirectory(dir=into.parent, prefix=_DRAFT) as draft:
        folder, archive = Path(draft) / "content", Path(draft) / "packed"
        folder.mkdir()
        yield folder
        files = (file for file in folder.rglob("*") if file.is_file())
        names = sorted(file.relative_to(folder).as_posix() for file in files)
        _pack(folder, archive, names, mode, zipped=into.suffix == ".zip")
        _name(archive, into)
    _flush(into.parent)


def write_lines(file: Path, lines: Iterable[bytes]) -> dict[str, Any]:
    """Write lines into a folder that `filling` lends, each with its end.

    Returns:
        Number of bytes and SHA-256 of what was written.
    """
    digest, size = sha256(), 0

    def ended() -> Iterator[bytes]:
        nonlocal size
        for line in lines:
            written = line + b"\n"
            digest.update(written)
            size += len(written)
            yield written

    file.parent.mkdir(parents=True, exist_ok=True)
    _fill(file, ended(), 0o666)
    return {"bytes": size, "sha256": digest.hexdigest()}


def _fill(file: Path, content: Content, mode: int) -> None:
    data = content.encode() if isinstance(content, str) else content
    with _kept(file, mode) as stream:
        stream.writelines([data] if isinstance(data, bytes) else data)


@contextmanager
def _kept(file: Path, mode: int) -> Iterator[IO[bytes]]:
    """Open a new file whose bytes are on the disk when the block ends."""
    # Where there is such a flag, lines would get other ends without it.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(file, flags, mode), "wb") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


def _name(draft: Path, file: Path) -> None:
    """Give a draft its name, unless something has taken it meanwhile."""
    try:
        os.link(draft, file)
    except FileExistsError:
        _require_free(file)
        raise
    except OSError:  # a disk without such links; the name was free a moment ago
        _require_free(file)
        draft.replace(file)


def _require_free(file: Path) -> None:
    if os.path.lexists(file):
        raise InputError("there is something already", source=str(file))


@contextmanager
def _told(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        error.filename = str(place)  # nobody knows the name of the draft
        raise StorageError(f"{place} cannot be written: {error.strerror or error}") from error


def _flush(folder: Path) -> None:
    """Let the names of a folder reach the disk too, where a folder can be opened."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _pack(folder: Path, archive: Path, names: Iterable[str], mode: int, *, zipped: bool) -> None:
    """Pack files so that the same files make the same archive: without times and owners."""
    with _kept(archive, mode) as stream:
        (_zip if zipped else _tar)(folder, stream, names)


def _zip(folder: Path, stream: IO[bytes], names: Iterable[str]) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with (folder / name).open("rb") as content, packed.open(entry, "w") as target:
                shutil.copyfileobj(content, target)


def _tar(folder: Path, stream: IO[bytes], names: Iterable[str]) -> None:
    with tarfile.open(fileobj=stream, mode="w") as bundle:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = (folder / name).stat().st_size
            with (folder / name).open("rb") as content:
                bundle.addfile(member, content)
