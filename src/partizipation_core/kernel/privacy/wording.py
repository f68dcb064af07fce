"""Wording: what stands written beside the journal, as far as a decision may see it."""

from __future__ import annotations

from attrs import field, frozen

from partizipation_core.kernel.privacy.kinds import Forgets
from partizipation_core.values import CommentRef, ItemRef, ParticipantRef

__all__ = ["WordingChange", "Written"]


@frozen(kw_only=True)
class Written:
    """One text beside the journal.

    Args:
        place: ``LINE/PLACE``: number of the line, and where in its event the text stands.
        forgets: whether it is erased with a person.
        writer: pseudonym of who caused the line.
        author: pseudonym of whose text it is, where the event says so.
        items: the items that it is about.
        comment: the comment that it is about, empty for none.
        text: what is written.
    """

    place: str
    forgets: Forgets
    writer: ParticipantRef = field(repr=False)
    author: ParticipantRef = field(repr=False)
    items: frozenset[ItemRef]
    comment: CommentRef
    text: str = field(repr=False)


@frozen(kw_only=True)
class WordingChange:
    """A text that is erased with its salt, or exchanged; the journal sees a commitment at most.

    Args:
        place: ``LINE/PLACE``.
        salt: the salt of the text that takes its place, hexadecimal.
        text: that text; None where the old one is erased.
    """

    place: str
    salt: str = field(default="", repr=False)
    text: str | None = field(default=None, repr=False)
