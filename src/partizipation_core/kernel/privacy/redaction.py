"""Redaction: moderation takes a passage out of what somebody wrote, such as a person's name.

The whole text with the passage is erased, and the text without it takes its place, under a
commitment of its own in the journal. That a passage was taken out, where, by whom and why stays.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from attrs import field, frozen

from partizipation_core.clock import Instant
from partizipation_core.freezing import as_mapping
from partizipation_core.kernel.context import Context
from partizipation_core.kernel.decider import Decider, Fact, Need
from partizipation_core.kernel.dossier import NO_ITEM
from partizipation_core.kernel.messages import Command, Event
from partizipation_core.kernel.privacy.kinds import GONE
from partizipation_core.kernel.privacy.places import commitment
from partizipation_core.kernel.privacy.wording import WordingChange, Written
from partizipation_core.kernel.state import Item, World
from partizipation_core.kernel.steps import reasoned
from partizipation_core.values import NO_COMMENT, CommentRef, ItemRef, Objection

__all__ = ["DECIDERS", "RedactText", "TextRedacted"]


@frozen(kw_only=True)
class RedactText(Command):
    """Take a passage out of everything written about an item or comment (Schwärzung).

    Args:
        item: the item; empty for what was written about none.
        comment: the comment below it; empty for the item itself.
        passage: what is taken out, exactly as it is written, wherever it stands.
        reason: why; must not repeat the passage.
    """

    item: ItemRef = NO_ITEM
    comment: CommentRef = NO_COMMENT
    passage: str = field(repr=False)
    reason: str


@frozen(kw_only=True)
class TextRedacted(Event):
    """A passage was taken out of texts.

    Args:
        item: the item that they are about, empty for none.
        comment: the comment that they are about, empty for none.
        places: ``LINE/PLACE`` of every text → commitment to what is left of it.
        reason: why.
    """

    item: ItemRef
    comment: CommentRef
    places: Mapping[str, str] = field(converter=as_mapping)
    reason: str

    def apply(self, world: World, at: Instant) -> Iterable[Item]:  # noqa: ARG002
        """Change nothing: what is left of the texts stands in their old places."""
        return ()


def _found(command: RedactText, context: Context) -> tuple[Written, ...]:
    passage = unicodedata.normalize("NFC", command.passage)
    return tuple(one for one in context.written if _about(command, one) and passage in one.text)


def _about(command: RedactText, one: Written) -> bool:
    here = command.item in one.items if command.item else not one.items
    return here and command.comment == one.comment


def _objections(command: RedactText, context: Context) -> Iterator[Objection]:
    yield from reasoned(command, context)
    passage = command.passage.strip()
    if not passage or passage == GONE:
        yield Objection("passage_empty")
        return
    if passage in command.reason:
        yield Objection("reason_repeats_passage")
    if not _found(command, context):
        yield Objection("passage_not_found")


def _redact(command: RedactText, context: Context) -> tuple[Fact, ...]:
    passage = unicodedata.normalize("NFC", command.passage)
    changes = [
        WordingChange(
            place=one.place,
            salt=_salt(context.nonce, one.place),
            text=one.text.replace(passage, GONE),
        )
        for one in _found(command, context)
    ]
    sworn = {one.place: commitment(bytes.fromhex(one.salt), one.text or "") for one in changes}
    event = TextRedacted(
        item=command.item, comment=command.comment, places=sworn, reason=command.reason
    )
    return event, *changes


def _salt(nonce: str, place: str) -> str:
    """Derive one salt of many from fresh randomness that is kept nowhere."""
    return hashlib.sha256(f"{nonce}/{place}".encode()).hexdigest()


DECIDERS = (
    Decider(
        command=RedactText,
        decide=_redact,
        objections=_objections,
        events=(TextRedacted,),
        needs={Need.WRITTEN, Need.NONCE},
        about=lambda command: (command.item,) if command.item else (),
        after_closing=True,
    ),
)
