"""The catalogue of personal data: every column and every field of an event has its place in it.

It says what is true and no more. A text that people write stands in no line of the journal: the
line holds a salted commitment to it, and the text lies beside it until it is erased.

Plugins say of their own events, values and records what they hold, as ``privacy``: field → kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from attrs import fields, frozen

from partizipation_core.kernel.messages import Event
from partizipation_core.kernel.privacy.kinds import (
    BALLOT,
    CONTRIBUTION,
    DRAFT,
    FAILURE,
    JOURNAL,
    NOTHING,
    OWN_WORDS,
    PAPER,
    PAYEE,
    PSEUDONYM,
    REGISTER,
    REQUEST,
    RULES,
    STATE,
    STATEMENT,
    TAG,
    TITLES,
    VOICE,
    WORDING,
    Kind,
)
from partizipation_core.kernel.record import Record

__all__ = [
    "EVENT_FIELDS",
    "TABLES",
    "TEXTS_IN_PLAIN",
    "TEXTS_WITHIN",
    "Entry",
    "Kept",
    "entries",
    "kind_of",
    "unlisted",
]

Kept: TypeAlias = type[Event] | type[Record]


def _columns(kind: Kind, *names: str) -> dict[str, Kind]:
    return dict.fromkeys(names, kind)


_BOOKED = ("outside", "available", "reserved", "committed", "paid", "returned")

TABLES: Mapping[str, Mapping[str, Kind]] = MappingProxyType(
    {
        "journal": _columns(JOURNAL, "body") | _columns(NOTHING, "seq", "digest"),
        "procedure": _columns(STATE, "body")
        | _columns(NOTHING, "seq", "head", "stage", "status", "due"),
        "definition": _columns(NOTHING, "digest", "body"),
        "item": _columns(STATE, "body") | _columns(NOTHING, "item", "state"),
        "comment": _columns(STATE, "body", "at") | _columns(NOTHING, "comment", "item", "state"),
        "voice": _columns(VOICE, "tag", "item", "comment", "value", "area", "reason")
        | _columns(NOTHING, "kind", "revision", "nonce", "commitment"),
        "roll": _columns(TAG, "tag") | _columns(NOTHING, "vote"),
        "box": _columns(BALLOT, "tag", "body", "channel")
        | _columns(NOTHING, "vote", "nonce", "commitment"),
        "request": _columns(REQUEST, "key", "payload", "receipt"),
        "hook_failure": _columns(FAILURE, "message") | _columns(NOTHING, "ref", "at"),
        "delivery": _columns(NOTHING, "subscriber", "seq", "attempts", "due"),
        "store_format": _columns(NOTHING, "version"),
        "register": _columns(REGISTER, "person", "gone", "body"),
        "electorate": _columns(TAG, "tag", "area") | _columns(NOTHING, "vote"),
        "identification": _columns(TAG, "tag", "strength") | _columns(NOTHING, "vote"),
        "code": _columns(TAG, "tag", "digest")
        | _columns(NOTHING, "vote", "batch", "number", "test"),
        "aside": _columns(TAG, "tag", "channel", "fate", "validity")
        | _columns(NOTHING, "vote", "ref", "commitment"),
        "paper": _columns(PAPER, "first", "first_by", "second", "second_by")
        | _columns(NOTHING, "vote", "channel", "paper", "state"),
        "booking": _columns(RULES, "reason")
        | _columns(
            NOTHING,
            *("pot", "number", "previous", "seq", "item", "act", "source", "target", "cents"),
            *_BOOKED,
            *(f"{name}_before" for name in _BOOKED),
        ),
        "payee": _columns(PAYEE, "ref", "nonce", "name", "address", "iban"),
        "wording": _columns(WORDING, "salt", "body") | _columns(NOTHING, "seq", "place"),
        "record": _columns(STATE, "body") | _columns(NOTHING, "kind", "ref", "version"),
    }
)
"""Table → column → what stands in it; municipality and procedure stand in all and name nobody."""

_PEOPLE = "author by member members person presenter stand_in submitted_by substitutes successor"
_STATED = (
    "accounts assignment attachments definition handed_over milestones note outcome outcomes "
    "purpose questions reason recommendation resolutions review text title totals wanted"
)
_PLAIN = (
    "abstained accounts_due added addressed affected agreed amount amounts area areas aside "
    "aside_root automatic awards ballots batch blank booth budget categories category cause "
    "changed channel choice claimed command comment comments conflicts cost count counts declined "
    "depth document doubles dropped due edge facts fingerprint hands into item items kept left "
    "lines link method milestone moves named_by number numbers office official outside paper "
    "parent passed_over payee people percent period place places points poll proposed published "
    "reasons recognised ref released removed repeated reports reserve result revision revisions "
    "roll_root root rows schedule sealed secrecy seed shortlisted signer sources spent stage "
    "state sum sums system test ties trigger until use_by vote vote_policy voters was window"
)

EVENT_FIELDS: Mapping[str, Kind] = MappingProxyType(
    {
        **dict.fromkeys(_PEOPLE.split(), PSEUDONYM),
        **dict.fromkeys(_STATED.split(), STATEMENT),
        **dict.fromkeys(_PLAIN.split(), NOTHING),
        **dict.fromkeys(("bookings", "definition"), RULES),
        **dict.fromkeys(
            (
                "CommentAdded.text",
                "CommentEdited.text",
                *(f"ItemSubmitted.{name}" for name in ("title", "text", "attachments")),
                *(f"ItemRevised.{name}" for name in ("title", "text", "attachments")),
                "ItemForwarded.handed_over",
                "ItemSplit.parts",
            ),
            CONTRIBUTION,
        ),
        **dict.fromkeys(
            (
                "AccountsFiled.accounts",
                *(f"DocumentsSupplied.{name}" for name in ("attachments", "note", "plan")),
                "GrantApplied.plan",
                "GrantEnded.reason",
                "ItemMoved.reason",
                "ItemRevised.reason",
                "ReviewObjected.reason",
            ),
            OWN_WORDS,
        ),
        **dict.fromkeys(
            (f"DraftSaved.{name}" for name in ("title", "text", "attachments")), DRAFT
        ),
        "AssemblyRecorded.present": NOTHING,
        "AssemblyVotesAdded.present": NOTHING,
        "HandsRecorded.present": NOTHING,
        "SittingOpened.present": PSEUDONYM,
        "BallotsCounted.result": TITLES,
        "ResultCorrected.result": TITLES,
        "ItemSubmitted.origin": NOTHING,
        "TextsErased.coauthors": PSEUDONYM,
        "PaymentOrdered.payment": PSEUDONYM,
        "PaymentReleased.payment": PSEUDONYM,
    }
)
"""Field of an event, or ``Event.field`` where one name means several things → what it holds."""

TEXTS_WITHIN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Accounts": ("report",),
        "Answer": ("note",),
        "Attachment": ("name",),
        "CostLine": ("label",),
        "HandedOver": ("title", "text"),
        "ItemMoved": ("reason",),
        "Milestone": ("title",),
        "Part": ("title", "text"),
        "PlaceTotals": ("note",),
        "Recommendation": ("reason",),
        "Resolution": ("reason",),
        "Review": ("statement", "internal"),
    }
)
"""Value that events hold → its fields that are free text."""


TEXTS_IN_PLAIN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "BallotsCounted.result": ("fates", "*", "name"),
        "ResultCorrected.result": ("fates", "*", "name"),
    }
)
"""Field that holds plain data → the way in it to a text; ``*`` stands for every element."""


@frozen
class Entry:
    """One place where personal data are kept."""

    place: str
    kind: Kind


def unlisted(kept: Kept) -> tuple[str, ...]:
    """Name the fields of an event of which neither it nor the catalogue says anything."""
    names = (one.name for one in fields(kept))
    return tuple(name for name in names if kind_of(kept, name) is None)


def entries(kept: tuple[Kept, ...]) -> Iterator[Entry]:
    """List every place that holds personal data: columns of tables, then fields of events."""
    for table, columns in TABLES.items():
        for column, kind in columns.items():
            if kind is not NOTHING:
                yield Entry(f"{table}.{column}", kind)
    for one in sorted(kept, key=lambda one: one.__name__):
        for name in (field.name for field in fields(one)):
            found = kind_of(one, name)
            if found is not None and found is not NOTHING:
                yield Entry(f"{one.__name__}.{name}", found)


def kind_of(kept: Any, name: str) -> Kind | None:
    """Return what a field of an event or record holds; None where nobody says so."""
    return (
        kept.privacy.get(name)
        or EVENT_FIELDS.get(f"{kept.__name__}.{name}")
        or EVENT_FIELDS.get(name)
    )
