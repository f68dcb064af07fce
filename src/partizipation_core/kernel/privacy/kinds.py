"""Kinds of personal data: what for, on what basis, how long, and what forgetting makes of each."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import evolve, frozen

__all__ = [
    "BALLOT",
    "CONTRIBUTION",
    "DRAFT",
    "FAILURE",
    "GONE",
    "JOURNAL",
    "NOTHING",
    "OWN_WORDS",
    "PAPER",
    "PAYEE",
    "PSEUDONYM",
    "REGISTER",
    "REQUEST",
    "RULES",
    "STATE",
    "STATEMENT",
    "TAG",
    "TITLES",
    "VOICE",
    "WORDING",
    "Forgets",
    "Kind",
]

GONE = "[…]"
"""Stands where a text was erased, or a passage of one."""

_TASK = "Art. 6 Abs. 1 Buchst. e DSGVO mit § 3 des Landesdatenschutzgesetzes"
_VOTE_KEY = (
    "bis der Schlüssel der Abstimmung vernichtet ist; das ist möglich, wenn die Einspruchsfrist "
    "(result_objection_days) vorbei ist"
)
_NOISE = "bleibt; ohne den Schlüssel gehört die Kennung zu niemandem"
_FOR_GOOD = "so lange wie das Verfahren"
_CHAINED = "bleibt: Jede Zeile des Protokolls trägt die Prüfsumme der vorigen"

Forgets: TypeAlias = Literal["never", "author", "writer", "always"]
"""When a text is erased with a person: never; where the person is the author of the item or
comment, or wrote it in their own matter, unless texts are kept without a name; always."""


@frozen(kw_only=True)
class Kind:
    """One kind of personal data.

    Args:
        name: what it is, for people.
        purpose: what for.
        basis: on what legal basis.
        retention: for how long.
        forget: what becomes of it when a person is forgotten.
        committed: whether the journal holds a salted commitment in the place of the text, so
            that the text can be erased.
        forgets: whether it is erased with a person.
    """

    name: str
    purpose: str = ""
    basis: str = _TASK
    retention: str = _FOR_GOOD
    forget: str = ""
    committed: bool = False
    forgets: Forgets = "never"


NOTHING = Kind(name="kein Personenbezug", basis="", retention="")

PSEUDONYM = Kind(
    name="Pseudonym der Person in diesem Verfahren",
    purpose="Nachvollziehen, wer was getan hat",
    forget=(
        f"{_CHAINED}; ist der Schlüssel des Verfahrens vernichtet, gehört das Pseudonym zu "
        "niemandem"
    ),
)
CONTRIBUTION = Kind(
    name="Idee oder Kommentar",
    purpose="Ideen und Kommentare öffentlich beraten",
    forget=(
        "gelöscht (forget_texts = erase), oder ohne Namen behalten (anonymise); im Protokoll "
        "bleibt eine Prüfsumme mit vernichtetem Salz"
    ),
    committed=True,
    forgets="author",
)
TITLES = evolve(CONTRIBUTION, name="Titel von Ideen", purpose="Das Ergebnis lesen")
OWN_WORDS = Kind(
    name="Begründung oder Angabe einer Person in eigener Sache",
    purpose="Anträge, Einwände und Rücknahmen bearbeiten",
    forget=(
        "gelöscht (forget_texts = erase), oder ohne Namen behalten (anonymise), wenn sie von der "
        "Person selbst stammt"
    ),
    committed=True,
    forgets="writer",
)
DRAFT = Kind(
    name="Entwurf, der nie eingereicht wurde",
    purpose="An einer Idee weiterschreiben",
    forget="immer gelöscht",
    committed=True,
    forgets="always",
)
STATEMENT = Kind(
    name="Begründung oder Text der Verwaltung, der Personen nennen kann",
    purpose="Entscheidungen begründen",
    forget="bleibt; was Personen nennt, wird mit RedactText entfernt",
    committed=True,
)
RULES = Kind(
    name="Regeln, Buchungstexte und Namen, die eine Stelle festlegt",
    purpose="Nachrechnen, wie entschieden und gebucht wurde",
    forget=f"{_CHAINED}; nennt niemanden, wenn sich die Stelle daran hält",
)
WORDING = Kind(
    name="Wortlaut zu einer Prüfsumme des Protokolls, mit Salz",
    purpose="Zeigen, was geschrieben wurde, und beweisen, dass es so geschrieben wurde",
    forget="mit dem Salz gelöscht, wie beim jeweiligen Feld angegeben",
)
TAG = Kind(
    name="geheim verschlüsselte Kennung je Abstimmung",
    purpose="Jede Person stimmt einmal ab und nur mit Stimmrecht",
    retention=_VOTE_KEY,
    forget=_NOISE,
)
BALLOT = Kind(
    name="Stimmzettel unter einer geheim verschlüsselten Kennung",
    purpose="Auszählen und nachprüfen",
    basis=f"{_TASK}; Art. 9 Abs. 2 Buchst. g DSGVO, soweit er eine politische Meinung zeigt",
    retention=_VOTE_KEY,
    forget="bleibt, damit sich kein Ergebnis ändert; ohne den Schlüssel gehört er zu niemandem",
)
VOICE = Kind(
    name="Unterstützung, Bewertung oder Meldung unter einer geheim verschlüsselten Kennung",
    purpose="Zählen, was Menschen unterstützen, bewerten und melden",
    retention="bis der Schlüssel des Verfahrens vernichtet ist",
    forget="bleibt, damit sich keine Zahl ändert; ohne den Schlüssel gehört sie zu niemandem",
)
REGISTER = Kind(
    name="Angaben aus dem Melderegister, soweit eine Regel sie braucht",
    purpose="Prüfen, ob jemand teilnehmen darf; Briefe an Teilnahmeberechtigte",
    basis=f"{_TASK}; § 37 Abs. 1 BMG, § 46 Abs. 2 BMG",
    retention="bis register_until, danach gelöscht",
    forget="gelöscht",
)
PAYEE = Kind(
    name="Name, Anschrift und Konto von Zahlungsempfänger:innen",
    purpose="Bewilligte Mittel auszahlen und Bescheide zustellen",
    retention="bis die Förderung beendet und das Verfahren geschlossen ist",
    forget="gelöscht, sobald die Förderung abgeschlossen ist; bis dahin gebraucht",
)
STATE = Kind(
    name="gegenwärtiger Stand mit Pseudonymen und freiem Text",
    purpose="Zeigen, was gilt; wird aus dem Protokoll abgeleitet",
    forget="neu abgeleitet, nachdem Texte gelöscht sind; die Person verliert ihr Pseudonym darin",
)
JOURNAL = Kind(
    name="Zeilen des Protokolls: Pseudonym, Felder des Ereignisses, Prüfsummen der Texte",
    purpose="Beweisen, was beschlossen wurde",
    forget=_CHAINED,
)
REQUEST = Kind(
    name="Kennzeichen einer Anfrage, von der Anwendung vergeben, mit verschlüsseltem Abdruck",
    purpose="Eine wiederholte Anfrage wirkt nur einmal",
    retention="bis das Verfahren geschlossen ist",
    forget="bleibt bis dahin; der Abdruck sagt ohne den Schlüssel nichts",
)
FAILURE = Kind(
    name="Fehlermeldung einer Erweiterung, die Personen nennen kann",
    purpose="Fehler finden und beheben",
    retention="bis das Verfahren geschlossen ist",
    forget="bleibt bis dahin",
)
PAPER = Kind(
    name="Papierstimmzettel in Erfassung und Pseudonyme der Erfassenden",
    purpose="Papierstimmen zweimal unabhängig erfassen",
    retention="der Inhalt, bis beide Erfassungen übereinstimmen",
    forget="bleibt; der Inhalt ist nach der Erfassung leer",
)
