"""The catalogue of personal data: every column and every field of an event has its place in it.

It says what is true and no more. What the journal holds is never erased from it, since every line
carries the hash of the one before; so the catalogue names what stands there for good.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from attrs import fields, frozen

from partizipation_core.kernel.messages import Event

__all__ = ["EVENT_FIELDS", "TABLES", "Entry", "Kind", "entries", "unlisted"]

_TASK = "Art. 6 Abs. 1 Buchst. e DSGVO mit § 3 des Landesdatenschutzgesetzes"
_VOTE_KEY = "bis der Schlüssel der Abstimmung vernichtet ist"
_NOISE = "bleibt; ohne den Schlüssel gehört die Kennung zu niemandem"
_FOR_GOOD = "so lange wie das Verfahren"
_CHAINED = "bleibt: Jede Zeile des Protokolls trägt die Prüfsumme der vorigen"


@frozen
class Kind:
    """One kind of personal data.

    Args:
        name: what it is, for people.
        purpose: what for.
        basis: on what legal basis.
        retention: for how long.
        forget: what becomes of it when a person is forgotten.
    """

    name: str
    purpose: str
    basis: str
    retention: str
    forget: str


NOTHING = Kind("kein Personenbezug", "", "", "", "")

PSEUDONYM = Kind(
    "Pseudonym der Person in diesem Verfahren",
    "Nachvollziehen, wer was getan hat",
    _TASK,
    _FOR_GOOD,
    f"{_CHAINED}; ist der Schlüssel des Verfahrens vernichtet, gehört das Pseudonym zu niemandem",
)
WORDS = Kind(
    "freier Text, der Personen nennen kann",
    "Ideen, Kommentare und Begründungen öffentlich beraten",
    _TASK,
    _FOR_GOOD,
    f"{_CHAINED}; ausgeblendete und zurückgezogene Texte werden nicht mehr angezeigt",
)
TAG = Kind(
    "geheim verschlüsselte Kennung je Abstimmung",
    "Jede Person stimmt einmal ab und nur mit Stimmrecht",
    _TASK,
    _VOTE_KEY,
    _NOISE,
)
BALLOT = Kind(
    "Stimmzettel unter einer geheim verschlüsselten Kennung",
    "Auszählen und nachprüfen",
    f"{_TASK}; Art. 9 Abs. 2 Buchst. g DSGVO, soweit er eine politische Meinung zeigt",
    _VOTE_KEY,
    "bleibt, damit sich kein Ergebnis ändert; ohne den Schlüssel gehört er zu niemandem",
)
VOICE = Kind(
    "Unterstützung, Bewertung oder Meldung unter einer geheim verschlüsselten Kennung",
    "Zählen, was Menschen unterstützen, bewerten und melden",
    _TASK,
    "bis der Schlüssel des Verfahrens vernichtet ist",
    "bleibt, damit sich keine Zahl ändert; ohne den Schlüssel gehört sie zu niemandem",
)
REGISTER = Kind(
    "Angaben aus dem Melderegister, soweit eine Regel sie braucht",
    "Prüfen, ob jemand teilnehmen darf; Briefe an Teilnahmeberechtigte",
    f"{_TASK}; § 37 Abs. 1 BMG, § 46 Abs. 2 BMG",
    "bis register_until, danach gelöscht",
    "gelöscht",
)
PAYEE = Kind(
    "Name, Anschrift und Konto von Zahlungsempfänger:innen",
    "Bewilligte Mittel auszahlen und Bescheide zustellen",
    "Art. 6 Abs. 1 Buchst. e DSGVO mit § 3 des Landesdatenschutzgesetzes",
    "bis die Bewilligungsstelle sie mit ErasePayee löscht",
    "gelöscht, sobald die Förderung abgeschlossen ist; bis dahin gebraucht",
)
STATE = Kind(
    "gegenwärtiger Stand mit Pseudonymen und freiem Text",
    "Zeigen, was gilt; wird aus dem Protokoll abgeleitet",
    _TASK,
    _FOR_GOOD,
    "bleibt wie im Protokoll; Kommentare verlieren ihren Text, wenn sie zurückgezogen werden",
)
JOURNAL = Kind(
    "Zeilen des Protokolls: Pseudonym der handelnden Person und Felder des Ereignisses",
    "Beweisen, was beschlossen wurde",
    _TASK,
    _FOR_GOOD,
    _CHAINED,
)
REQUEST = Kind(
    "Kennzeichen einer Anfrage, von der Anwendung vergeben, mit verschlüsseltem Abdruck",
    "Eine wiederholte Anfrage wirkt nur einmal",
    _TASK,
    "bis das Verfahren geschlossen ist",
    "bleibt bis dahin; der Abdruck sagt ohne den Schlüssel nichts",
)
FAILURE = Kind(
    "Fehlermeldung einer Erweiterung, die Personen nennen kann",
    "Fehler finden und beheben",
    _TASK,
    "bis das Verfahren geschlossen ist",
    "bleibt bis dahin",
)
PAPER = Kind(
    "Papierstimmzettel in Erfassung und Pseudonyme der Erfassenden",
    "Papierstimmen zweimal unabhängig erfassen",
    _TASK,
    "der Inhalt, bis beide Erfassungen übereinstimmen",
    "bleibt; der Inhalt ist nach der Erfassung leer",
)


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
        "booking": _columns(WORDS, "reason")
        | _columns(
            NOTHING,
            *("pot", "number", "previous", "seq", "item", "act", "source", "target", "cents"),
            *_BOOKED,
            *(f"{name}_before" for name in _BOOKED),
        ),
        "payee": _columns(PAYEE, "ref", "nonce", "name", "address", "iban"),
        "record": _columns(STATE, "body") | _columns(NOTHING, "kind", "ref", "version"),
    }
)
"""Table → column → what stands in it; municipality and procedure stand in all and name nobody."""

_PEOPLE = "author by member members person presenter submitted_by substitutes successor"
_TEXTS = (
    "accounts assignment attachments definition handed_over link milestones note origin parts "
    "place plan poll purpose questions reason reasons recommendation resolutions review text "
    "title totals wanted"
)
_PLAIN = (
    "abstained accounts_due added addressed affected agreed amount amounts area areas aside "
    "aside_root automatic awards ballots batch blank bookings booth budget categories category "
    "cause changed channel choice claimed command comment conflicts cost count counts declined "
    "depth doubles dropped due edge facts fingerprint hands into item kept left lines milestone "
    "method moves named_by number numbers office official outcome outcomes paper parent "
    "passed_over payee people percent period points proposed published recognised ref released "
    "removed repeated reports reserve "
    "result revision revisions root rows schedule sealed secrecy seed shortlisted sources spent "
    "stage state sum sums test ties trigger until use_by vote vote_policy was window"
)

EVENT_FIELDS: Mapping[str, Kind] = MappingProxyType(
    {
        **dict.fromkeys(_PEOPLE.split(), PSEUDONYM),
        **dict.fromkeys(_TEXTS.split(), WORDS),
        **dict.fromkeys(_PLAIN.split(), NOTHING),
        "AssemblyRecorded.present": NOTHING,
        "AssemblyVotesAdded.present": NOTHING,
        "HandsRecorded.present": NOTHING,
        "SittingOpened.present": PSEUDONYM,
        "PaymentOrdered.payment": PSEUDONYM,
        "PaymentReleased.payment": PSEUDONYM,
        "ReviewAssigned.assignment": WORDS,
    }
)
"""Field of an event, or ``Event.field`` where one name means several things → what it holds."""


@frozen
class Entry:
    """One place where personal data are kept."""

    place: str
    kind: Kind


def unlisted(event: type[Event]) -> tuple[str, ...]:
    """Name the fields of an event class of which the catalogue says nothing."""
    names = (one.name for one in fields(event))
    return tuple(name for name in names if _kind(event, name) is None)


def entries(events: tuple[type[Event], ...]) -> Iterator[Entry]:
    """List every place that holds personal data: columns of tables, then fields of events."""
    for table, columns in TABLES.items():
        for column, kind in columns.items():
            if kind is not NOTHING:
                yield Entry(f"{table}.{column}", kind)
    for event in sorted(events, key=lambda one: one.__name__):
        for one in fields(event):
            found = _kind(event, one.name)
            if found is not None and found is not NOTHING:
                yield Entry(f"{event.__name__}.{one.name}", found)


def _kind(event: type[Event], name: str) -> Kind | None:
    return EVENT_FIELDS.get(f"{event.__name__}.{name}") or EVENT_FIELDS.get(name)
