"""Bundles: several files as a folder or as one archive, with a manifest of their digests, read.

What is read was made by somebody else: nothing is unpacked to the disk, every name must be one
that the manifest lists, and nothing is believed before all bytes have been compared with it.
"""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from partizipation_core.errors import InputError
from partizipation_core.serialization import canonical, parse

__all__ = ["MANIFEST", "Bundle"]

MANIFEST = "manifest.json"

_LONGEST_LINE = 2**26
_BLOCK = 2**20

# What the readers of archives raise when a byte is not as it should be.
_UNREADABLE = (
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)


class Bundle:
    """A bundle that is read; made by `Bundle.opened`.

    Args:
        place: where it is, for errors.
        names: of its files.
        open_: opens one of them.
    """

    def __init__(
        self, place: Path, names: Iterable[str], open_: Callable[[str], IO[bytes]]
    ) -> None:
        self._place = place
        self._open = open_
        self._names = set(names)
        self.manifest: Mapping[str, Any] = {}

    @classmethod
    @contextmanager
    def opened(cls, place: Path, form: str) -> Iterator[Bundle]:
        """Open a bundle and compare every byte of it with its manifest.

        Args:
            place: a folder, or a file ``.zip`` or ``.tar``.
            form: name and version of the form that it must have.

        Raises:
            InputError: it is of another form, or damaged; names the file.
        """
        with ExitStack() as stack:
            bundle = cls(place, *_contents(place, stack))
            bundle._read_manifest(form)
            for name, told in bundle.files.items():
                bundle._compare(name, told)
            yield bundle

    @property
    def files(self) -> Mapping[str, Mapping[str, Any]]:
        """Name → what the manifest says of the file."""
        told: Mapping[str, Mapping[str, Any]] = self.manifest["files"]
        return told

    def lines(self, name: str) -> Iterator[bytes]:
        """Read a file line by line, without their ends; one that is not there has none.

        Raises:
            InputError: a line has no end.
        """
        if name not in self._names:
            return
        with self._reading(name) as stream:
            number = 0
            while line := stream.readline(_LONGEST_LINE):
                number += 1
                if not line.endswith(b"\n"):
                    self.refuse("the line has no end", name, number)
                yield line[:-1]

    def refuse(self, message: str, name: str = "", line: int = 0) -> None:
        """Refuse the bundle, naming the place.

        Raises:
            InputError: always.
        """
        source = f"{self._place}: {name}" if name else str(self._place)
        raise InputError(message, source=source, line=line)

    def source(self, name: str) -> str:
        """Name a file for people."""
        return f"{self._place}: {name}"

    @contextmanager
    def _reading(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self._open(name) as stream:
                yield stream
        except _UNREADABLE as error:
            raise InputError(f"it cannot be read: {error}", source=self.source(name)) from error

    def _read_manifest(self, form: str) -> None:
        if MANIFEST not in self._names:
            self.refuse("there is no manifest", MANIFEST)
        body = b"\n".join(self.lines(MANIFEST))
        try:
            told = parse(body)
            sound = isinstance(told, dict) and canonical(told) == body
        except (ValueError, TypeError):
            sound = False
        if not sound:
            self.refuse("the manifest is damaged", MANIFEST)
        if told.get("form") != form:
            self.refuse(f"it is of the form {told.get('form')!r}, not {form!r}", MANIFEST)
        self.manifest = told
        listed = told.get("files")
        if not isinstance(listed, dict) or not all(map(_is_listed, listed.values())):
            self.refuse("the manifest is damaged: it lists no files", MANIFEST)
        for name in sorted(self._names - {MANIFEST} - set(listed)):
            self.refuse("the manifest does not list this file", name)
        for name in sorted(set(listed) - self._names):
            self.refuse("this file is missing", name)

    def _compare(self, name: str, told: Mapping[str, Any]) -> None:
        digest, size = sha256(), 0
        with self._reading(name) as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
                size += len(block)
                if size > told["bytes"]:
                    break
        if (size, digest.hexdigest()) != (told["bytes"], told["sha256"]):
            self.refuse("it was changed or damaged: its bytes are not those of the manifest", name)


def _is_listed(told: object) -> bool:
    return (
        isinstance(told, dict)
        and type(told.get("bytes")) is int
        and isinstance(told.get("sha256"), str)
    )


def _contents(place: Path, stack: ExitStack) -> tuple[list[str], Callable[[str], IO[bytes]]]:
    try:
        if place.is_dir():
            files = (file for file in place.rglob("*") if file.is_file())
            return [f.relative_to(place).as_posix() for f in files], lambda n: (place / n).open(
                "rb"
            )
        if zipfile.is_zipfile(place) or place.suffix == ".zip":
            packed = stack.enter_context(zipfile.ZipFile(place))
            return packed.namelist(), packed.open
        archive = stack.enter_context(tarfile.open(place))  # noqa: SIM115 - the stack closes it
        members = {one.name: one for one in archive.getmembers() if one.isfile()}
        return list(members), partial(_stream, archive, members)
    except _UNREADABLE as error:
        told = str(error).partition(":\n")[0]  # then come the ways that were tried
        msg = f"it is no folder, .zip or .tar that can be read: {told}"
        raise InputError(msg, source=str(place)) from error


def _open_in(folder: Path, name: str) -> IO[bytes]:
    return (folder / name).open("rb")


def _stream(
    archive: tarfile.TarFile, members: Mapping[str, tarfile.TarInfo], name: str
) -> IO[bytes]:
    stream = archive.extractfile(members[name])
    if stream is None:  # pragma: no cover - only files were listed
        raise EOFError(name)
    return stream
