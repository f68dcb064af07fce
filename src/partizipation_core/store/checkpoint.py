"""Checkpoints: one short text that pins down everything a procedure has decided so far.

The text is that of C2SP tlog-checkpoint: the journal is the log, its lines are the leaves, and the
digest that chains a line to the next one is its leaf hash. Whoever keeps the text elsewhere can
tell any other history from the one that it was made of.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from attrs import frozen

from partizipation_core.serialization import parse
from partizipation_core.store.journal import Line
from partizipation_core.store.merkle import root
from partizipation_core.store.scope import Scope

__all__ = ["Checkpoint", "checkpoint_of", "closings"]

_CONSONANTS, _VOWELS = "bdfghjklmnprstvz", "aiou"


@frozen(kw_only=True)
class Checkpoint:
    """What a journal was at one line.

    Args:
        origin: names the journal: ``partizipation/municipality/procedure``.
        size: number of lines.
        root: Merkle root over their digests, 32 bytes.
        boxes: lines for each vote that was closed or whose open box was sworn to by then.
    """

    origin: str
    size: int
    root: bytes
    boxes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text of the checkpoint, as it is printed, kept and signed."""
        lines = (self.origin, str(self.size), _base64(self.root), *self.boxes)
        return "".join(f"{line}\n" for line in lines)

    @property
    def digest(self) -> bytes:
        """SHA-256 over the text."""
        return sha256(self.text.encode()).digest()

    @property
    def words(self) -> tuple[str, ...]:
        """The digest as sixteen words that can be read aloud and compared in a meeting.

        Each word of five letters stands for two bytes, after the proquints of D. S. Wilkerson.
        """
        pairs = zip(self.digest[::2], self.digest[1::2], strict=True)
        return tuple(_word(high << 8 | low) for high, low in pairs)


def checkpoint_of(scope: Scope, lines: Sequence[Line], size: int = 0) -> Checkpoint:
    """Make the checkpoint of a journal.

    Args:
        scope: whose journal.
        lines: its lines from the first one on.
        size: how many of them; 0 for all.

    Raises:
        ValueError: there are not so many.
    """
    if not 0 <= size <= len(lines):
        msg = f"the journal has {len(lines)} lines, not {size}"
        raise ValueError(msg)
    chosen = lines[: size or None]
    return Checkpoint(
        origin="/".join(("partizipation", *map(_plain, (scope.municipality, scope.procedure)))),
        size=len(chosen),
        root=bytes.fromhex(root(line.digest for line in chosen)),
        boxes=tuple(_boxes(chosen)),
    )


def closings(lines: Iterable[Line], vote: str = "") -> tuple[int, ...]:
    """Return the numbers of the lines that closed a vote, each of which deserves a checkpoint.

    Args:
        lines: of the journal.
        vote: which vote; empty for all.
    """
    found = ((line.seq, parse(line.body)) for line in lines if b'"BallotClosed"' in line.body)
    return tuple(
        seq
        for seq, told in found
        if told["kind"] == "BallotClosed" and vote in ("", told["data"]["vote"])
    )


def _boxes(lines: Sequence[Line]) -> Iterator[str]:
    closed: dict[str, Any] = {}
    still_open: dict[str, Any] = {}
    for line in lines:
        told = parse(line.body)
        kind, data = told["kind"], told["data"]
        if kind == "BallotClosed":
            closed[data["vote"]] = data
            still_open.pop(data["vote"], None)
        elif kind == "BoxCheckpointed":
            still_open[data["vote"]] = data
    for vote, data in sorted(closed.items()):
        yield _told("box", vote, data)
        if data.get("roll_root"):
            yield f"roll {_plain(vote)} voters {data['voters']} root {_root(data['roll_root'])}"
    for vote, data in sorted(still_open.items()):
        voters, roll = data["voters"], _root(data["roll_root"])
        yield f"{_told('open', vote, data)} voters {voters} root {roll}"


def _told(what: str, vote: str, data: Mapping[str, Any]) -> str:
    box, beside = _root(data["root"]), _root(data["aside_root"])
    return (
        f"{what} {_plain(vote)} ballots {data['ballots']} root {box}"
        f" aside {data['aside']} root {beside}"
    )


def _root(digest: str) -> str:
    return _base64(bytes.fromhex(digest)) or "-"


def _plain(name: str) -> str:
    """Write a name without spaces, slashes or line ends, which mean something in the text."""
    return quote(name, safe="")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _word(number: int) -> str:
    parts = ((12, _CONSONANTS), (10, _VOWELS), (6, _CONSONANTS), (4, _VOWELS), (0, _CONSONANTS))
    return "".join(letters[number >> shift & len(letters) - 1] for shift, letters in parts)
