"""The Losprotokoll: one line of JSON for each thing that happened, each with the hash of the last.

The hash is that of the line's bytes as they stand, so nobody has to write JSON again to check it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from partizipation_buergerrat.public.canonical import canonical, digest
from partizipation_buergerrat.texts import wrong
from partizipation_core.errors import Conflict, InputError, NotFound

__all__ = ["SCHEMA", "START", "Protocol"]

SCHEMA = "partizipation/losprotokoll/1"
START = "0" * 64
"""What the first line has in the place of a hash."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """What happened, in order.

    Args:
        lines: canonical JSON, without line feeds.
    """

    lines: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a protocol; whether it holds together is for the verifier to say.

        Args:
            text: one line each.
        """
        return cls(tuple(text.splitlines()))

    def text(self) -> str:
        """Return the protocol as a file, each line with its line feed."""
        return "".join(f"{line}\n" for line in self.lines)

    @property
    def head(self) -> str:
        """Hash of the last line: publish it, and nothing before it can be changed."""
        return digest(self.lines[-1]) if self.lines else START

    def entries(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Return every line with its hash, as data."""
        try:
            return [(digest(line), json.loads(line)) for line in self.lines]
        except (ValueError, RecursionError) as error:
            raise wrong(InputError, "draw.protocol_damaged") from error

    def append(self, kind: str, body: Mapping[str, object]) -> Self:
        """Return the protocol with one line more.

        Args:
            kind: ``commitment``, ``cancelled``, ``draw``, ``alternates``, ``replacement`` or
                ``erasure``.
            body: what it says.
        """
        chain = {"kind": kind, "number": len(self.lines) + 1, "previous": self.head}
        line = canonical({"schema": SCHEMA, **chain, **body})
        return type(self)((*self.lines, line))

    def open_commitment(self) -> tuple[str, Mapping[str, Any]]:
        """Return the commitment that waits for its draw, with its hash.

        Raises:
            NotFound: there is none.
        """
        for hash_, entry in reversed(self.entries()):
            if entry["kind"] == "commitment":
                return hash_, entry
            if entry["kind"] in {"draw", "cancelled"}:
                break
        raise wrong(NotFound, "draw.none_committed")

    def last(self, kind: str) -> tuple[str, Mapping[str, Any]]:
        """Return the last entry of a kind, with its hash.

        Args:
            kind: as in `append`.

        Raises:
            NotFound: there is none.
        """
        for hash_, entry in reversed(self.entries()):
            if entry["kind"] == kind:
                return hash_, entry
        raise wrong(NotFound, f"draw.no_{kind}")

    def must_be_free(self) -> None:
        """Make sure that nothing is committed to and not yet drawn or cancelled.

        Raises:
            Conflict: something is.
        """
        try:
            self.open_commitment()
        except NotFound:
            return
        raise wrong(Conflict, "draw.still_committed")
