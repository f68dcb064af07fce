"""The journal: canonical bytes, stored and hashed as they are, chained per procedure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from partizipation_core.clock import Instant
from partizipation_core.errors import DefinitionError, StorageError
from partizipation_core.kernel.messages import Event
from partizipation_core.serialization import Serializer, canonical, parse
from partizipation_core.values import ParticipantRef

__all__ = ["FORMAT", "START", "Codec", "Line", "Recorded", "check_chain", "digest_of"]

FORMAT = 1
"""Version of the line format."""

START = b""
"""Digest before the first line."""


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
class Line:
    """One line of the journal: its bytes and SHA-256(0x00 ‖ bytes)."""

    seq: int
    body: bytes
    digest: bytes


class Codec:
    """Writes events as lines and reads them back.

    Args:
        kinds: every event class that may occur.
        serializer: how their fields become plain data.
    """

    def __init__(self, kinds: Iterable[type[Event]], serializer: Serializer) -> None:
        self._kinds: Mapping[str, type[Event]] = {kind.__name__: kind for kind in kinds}
        self._serializer = serializer

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
            body = canonical(self._data(event, seq, at, actor, previous))
            previous = digest_of(body)
            lines.append(Line(seq, body, previous))
        return lines

    def read(self, line: Line) -> Recorded:
        """Read one line.

        Raises:
            StorageError: the line's kind or version is not known here, or it is damaged.
        """
        place = f"journal line {line.seq}"
        try:
            data = parse(line.body)
            kind = self._kinds.get(data["kind"])
            if data["v"] != FORMAT or kind is None or data["kv"] != kind.version:
                msg = (
                    f"{place} holds {data['kind']} version {data['kv']} in format "
                    f"{data['v']}, which no installed distribution reads"
                )
                raise StorageError(msg)
            event = self._serializer.load(data["data"], kind)
            return Recorded(seq=data["seq"], at=data["at"], actor=data["actor"], event=event)
        except (ValueError, KeyError, TypeError, DefinitionError) as error:
            raise StorageError(f"{place} is damaged: {error}") from error

    def _data(
        self, event: Event, seq: int, at: Instant, actor: str, previous: bytes
    ) -> dict[str, Any]:
        return {
            "v": FORMAT,
            "seq": seq,
            "at": at,
            "actor": actor,
            "kind": type(event).__name__,
            "kv": event.version,
            "data": self._serializer.dump(event),
            "prev": previous.hex(),
        }


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
