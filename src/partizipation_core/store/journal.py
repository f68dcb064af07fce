"""The journal: canonical bytes, stored and hashed as they are, chained per procedure.

Texts that people wrote stand beside it. The line holds a salted commitment to each, by its place;
so a text can be erased, and every line goes on fitting to the next.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.errors import DefinitionError, StorageError
from partizipation_core.kernel.messages import Event
from partizipation_core.kernel.privacy.kinds import GONE
from partizipation_core.kernel.privacy.places import (
    Path,
    commitment,
    items_at,
    kind_at,
    paths,
    put,
    withhold,
)
from partizipation_core.kernel.privacy.wording import Written
from partizipation_core.serialization import STORED, canonical, parse
from partizipation_core.values import NO_COMMENT, ItemRef, ParticipantRef

__all__ = [
    "BEGINNING",
    "FORMAT",
    "START",
    "Codec",
    "Line",
    "LineUnknownError",
    "Recorded",
    "Wording",
    "check_chain",
    "digest_of",
    "instant_of",
    "plain",
]

FORMAT = 2
"""Version of the line format. Lines of the first one, which held their texts, are read too."""

_READ = (1, FORMAT)
_SALT_BYTES = 32

START = b""
"""Digest before the first line."""

BEGINNING = 1024
"""So many bytes of a line nearly always hold the instant it counts for; it may be a megabyte."""

_AT = re.compile(rb'\{"actor":"(?:[^"\\]|\\.)*","at":(-?\d+),')


class LineUnknownError(StorageError):
    """A line was written by a distribution, or a version of one, that is not installed here."""


@frozen(kw_only=True)
class Recorded:
    """An event as it stands in the journal.

    Args:
        seq: number within the procedure, from 1.
        at: the instant it counts for.
        actor: pseudonym of who caused it, empty where time did.
        event: what happened.
    """

    seq: int
    at: Instant
    actor: str
    event: Event


@frozen
class Wording:
    """A text that a line is committed to, with the salt that keeps it from being guessed.

    Args:
        place: where in the event it stands.
        salt: 32 random bytes.
        text: as it was written, in NFC.
    """

    place: str
    salt: bytes = field(repr=False)
    text: str = field(repr=False)


@frozen
class Line:
    """One line of the journal.

    Args:
        seq: its number.
        body: its bytes.
        digest: SHA-256(0x00 ‖ bytes).
        wordings: what is there of the texts it is committed to; they are not part of its bytes.
    """

    seq: int
    body: bytes
    digest: bytes
    wordings: tuple[Wording, ...] = field(default=(), repr=False, eq=False)


class Codec:
    """Writes events as lines and reads them back.

    Args:
        kinds: every event class that may occur.
        installed: who brought them, to be named where a line is of somebody else.
    """

    def __init__(self, kinds: Iterable[type[Event]], installed: Iterable[str] = ()) -> None:
        self._installed = ", ".join(installed)
        self._kinds: Mapping[str, type[Event]] = {kind.__name__: kind for kind in kinds}
        self._paths: dict[type[Event], tuple[Path, ...]] = {}

    def write(
        self,
        events: Iterable[Event],
        *,
        after: tuple[int, bytes],
        at: Instant,
        actor: ParticipantRef | str,
    ) -> list[Line]:
        """Chain events onto a head.

        Args:
            events: in their order.
            after: number and digest of the line before.
            at: the instant they count for.
            actor: who caused them.
        """
        lines: list[Line] = []
        seq, previous = after
        for event in events:
            seq += 1
            data, texts = withhold(STORED.dump(event), self._texts(type(event)))
            said = tuple(_salted(place, text) for place, text in texts.items())
            body = canonical(
                {
                    "v": FORMAT,
                    "seq": seq,
                    "at": at,
                    "actor": actor,
                    "kind": type(event).__name__,
                    "kv": event.version,
                    "data": data,
                    "texts": {one.place: commitment(one.salt, one.text) for one in said},
                    "prev": previous.hex(),
                }
            )
            previous = digest_of(body)
            lines.append(Line(seq, body, previous, said))
        return lines

    def _texts(self, kind: type[Event]) -> tuple[Path, ...]:
        if kind not in self._paths:
            self._paths[kind] = paths(kind)
        return self._paths[kind]

    def read(self, line: Line) -> Recorded:
        """Read one line; a text that is gone reads as ``[…]``.

        Raises:
            LineUnknownError: the line's kind or version is not known here.
            StorageError: it is damaged.
        """
        place = f"journal line {line.seq}"
        try:
            data = plain(line)
            kind = self._kinds.get(data["kind"])
            if data["v"] not in _READ or kind is None or data["kv"] > kind.version:
                held = f"{data['kind']} version {data['kv']} in format {data['v']}"
                raise LineUnknownError(f"{place} holds {held}, {self._unread(kind)}")
            event = STORED.load(kind.lifted(data["kv"], data["data"]), kind)
            return Recorded(seq=data["seq"], at=data["at"], actor=data["actor"], event=event)
        except (ValueError, LookupError, TypeError, DefinitionError) as error:
            raise StorageError(f"{place} is damaged: {error}") from error

    def _unread(self, kind: type[Event] | None) -> str:
        here = f"; installed here: {self._installed}" if self._installed else ""
        known = f" and version {kind.version} is the last one known" if kind else ""
        return f"which no installed distribution reads{known}{here}"

    def written(self, line: Line) -> Iterator[Written]:
        """Tell of every text of a line whose it is and what it is about.

        Raises:
            StorageError: the line cannot be read.
        """
        if not line.wordings:
            return
        recorded = self.read(line)
        event, data = recorded.event, STORED.dump(recorded.event)
        for one in line.wordings:
            yield Written(
                place=f"{line.seq}/{one.place}",
                forgets=kind_at(type(event), one.place).forgets,
                writer=ParticipantRef(recorded.actor),
                author=getattr(event, "author", ParticipantRef("")),
                items=frozenset(map(ItemRef, items_at(type(event), data, one.place))),
                comment=getattr(event, "comment", NO_COMMENT),
                text=one.text,
            )


def plain(line: Line) -> dict[str, Any]:
    """Return what a line says as plain data, its texts in their places.

    Raises:
        ValueError: it is damaged.
        LookupError: it is damaged.
        TypeError: it is damaged.
    """
    data: dict[str, Any] = parse(line.body)
    there = {one.place: one.text for one in line.wordings}
    for place in data.pop("texts", ()):
        put(data["data"], place, there.get(place, GONE))
    return data


def _salted(place: str, text: str) -> Wording:
    return Wording(place, secrets.token_bytes(_SALT_BYTES), text)


def instant_of(beginning: bytes) -> Instant | None:
    """Return the instant that a line counts for; None where it stands beyond these bytes."""
    found = _AT.match(beginning)
    return Instant(int(found[1])) if found else None


def digest_of(body: bytes) -> bytes:
    """Return the digest that chains a line to the next one."""
    return hashlib.sha256(b"\x00" + body).digest()


def check_chain(lines: Sequence[Line]) -> Iterator[str]:
    """Say where a journal was changed: one sentence for each line that does not fit."""
    previous = START
    for expected, line in enumerate(lines, start=1):
        if line.seq != expected:
            yield f"line {expected} is missing, line {line.seq} stands there"
            return
        if digest_of(line.body) != line.digest:
            yield f"line {line.seq}: its bytes do not match its hash"
        elif _continues(line.body) != (line.seq, previous.hex()):
            yield f"line {line.seq}: does not continue the line before"
        previous = line.digest


def _continues(body: bytes) -> tuple[object, object]:
    """Read number and predecessor of a line, even if somebody wrote nonsense and hashed it."""
    try:
        data = parse(body)
        return data["seq"], data["prev"]
    except (ValueError, KeyError, TypeError):
        return None, None
