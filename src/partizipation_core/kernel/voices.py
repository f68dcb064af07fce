"""Voices: what residents say with one click, as plain values.

Supports, ratings and reports are many small rows of residents, not decisions of a body. Like
ballots they are kept in a table of their own under keyed tags, and no journal line tells of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from attrs import field, frozen

from partizipation_core.freezing import as_mapping
from partizipation_core.values import NO_COMMENT, CommentRef, ItemRef, ParticipantRef

__all__ = [
    "PUBLIC_KINDS",
    "Held",
    "Sealed",
    "VoiceCount",
    "VoiceEntry",
    "VoiceKind",
    "VoiceSummary",
]

VoiceKind = Literal["support", "rating", "report"]
"""Support (Unterstützung), rating for or against (Bewertung), report (Meldung)."""

PUBLIC_KINDS: tuple[VoiceKind, ...] = ("support", "rating")
"""Kinds that are counted in public."""


@frozen(kw_only=True)
class VoiceEntry:
    """One voice on its way into the table; the journal never sees it.

    Args:
        act: whether it is new, takes the place of the earlier one, or takes that one back.
        kind: what is said.
        person: pseudonym, turned into a keyed tag before anything is stored.
        item: about which item.
        comment: about which of its comments; empty for the item itself.
        revision: number of the text it was given to.
        value: 1, for ratings also -1.
        area: where the item belonged at the time.
        reason: for reports, the code of the reason.
    """

    act: Literal["put", "replace", "remove"] = "put"
    kind: VoiceKind
    person: ParticipantRef
    item: ItemRef
    comment: CommentRef = NO_COMMENT
    revision: int = 1
    value: int = 1
    area: str = ""
    reason: str = ""


@frozen(kw_only=True)
class Held:
    """A voice that somebody has given and not taken back; fields as in `VoiceEntry`."""

    kind: VoiceKind
    item: ItemRef
    comment: CommentRef = NO_COMMENT
    revision: int = 1
    value: int = 1
    area: str = ""


@frozen(kw_only=True)
class VoiceCount:
    """How many people said the same of one text.

    Args:
        kind: what they said.
        item: of which item.
        revision: of which of its texts.
        value: 1 or -1.
        people: how many.
    """

    kind: VoiceKind
    item: ItemRef
    revision: int
    value: int
    people: int


@frozen(kw_only=True)
class Sealed:
    """What is known of all voices of one kind without looking at any.

    Args:
        entries: how many there are.
        root: Merkle root (RFC 9162, SHA-256, hexadecimal) over the sorted commitments.
    """

    entries: int
    root: str


@frozen(kw_only=True)
class VoiceSummary:
    """Supports and ratings added up.

    Args:
        sealed: kind → number and root.
        tallies: how many said what of which text.
    """

    sealed: Mapping[str, Sealed] = field(converter=as_mapping)
    tallies: Sequence[VoiceCount] = ()
