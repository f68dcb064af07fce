"""Speaking: whose voice it is, which only the holder of a procedure's key can tell."""

from __future__ import annotations

from collections.abc import Iterable

from partizipation_core.errors import Refused
from partizipation_core.kernel.voices import Held, VoiceEntry
from partizipation_core.store.keys import VOICES, KeyRing, lost, voter_tag
from partizipation_core.store.scope import Scope
from partizipation_core.store.unit import Unit
from partizipation_core.values import Objection, ParticipantRef

__all__ = ["held", "put", "tags"]

_TAKEN = {
    "support": ("SupportItem", "already_supported"),
    "rating": ("RateItem", "already_rated"),
    "report": ("ReportItem", "already_reported"),
}
_ABSENT = {
    "support": ("RetractSupport", "not_supported"),
    "rating": ("RetractRating", "not_rated"),
}


def held(unit: Unit, keys: KeyRing, scope: Scope, person: ParticipantRef) -> tuple[Held, ...]:
    """Return what somebody has supported, rated and reported; makes no key where there is none.

    Raises:
        StorageError: the key was lost; with a new one everybody could support again.
    """
    if keys.has(scope, VOICES):
        return unit.voices.held(voter_tag(keys, scope, VOICES, person))
    if unit.voices.any():
        raise lost(keys, scope, VOICES)
    return ()


def put(unit: Unit, keys: KeyRing, scope: Scope, entry: VoiceEntry) -> str:
    """Write a voice, exchange it or take it out, and return its commitment in hexadecimal.

    Raises:
        Refused: it has been given already, or there is none. Objections have seen to it before;
            the unique key of the database has the last word.
    """
    commitment = unit.voices.put(entry, voter_tag(keys, scope, VOICES, entry.person))
    if commitment is None:
        command, code = (_TAKEN if entry.act == "put" else _ABSENT)[entry.kind]
        raise Refused(command, [Objection(code, {"item": entry.item})])
    return commitment


def tags(keys: KeyRing, scope: Scope, people: Iterable[ParticipantRef]) -> list[bytes]:
    """Turn pseudonyms into what voices are kept under, to tell how many people there are.

    Where nobody has spoken there is no key, and nothing to compare with.
    """
    if not keys.has(scope, VOICES):
        return [one.encode() for one in people]
    return [voter_tag(keys, scope, VOICES, one) for one in people]
