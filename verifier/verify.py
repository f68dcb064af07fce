"""Prüft ein ausgegebenes Verfahren. Checks an exported procedure.

This one file is enough, with Python 3.11 and nothing else; it was written from the description in
``docs/reference/format`` and uses nothing of the library whose work it checks::

    python verify.py EXPORT [--checkpoint FILE ...] [--words "ORIGIN NUMBER WORDS" ...]
                            [--receipt COMMITMENT ...] [--lang de|en]

EXPORT is a folder, a .tar or a .zip. The exit code is 0 if everything was checked and is right,
1 if something was changed or damaged, 2 if something is missing or could not be read or compared,
3 if something is not known here.
"""

from __future__ import annotations

import argparse
import base64
import hmac
import io
import json
import re
import sys
import tarfile
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

Data = dict[str, Any]
FORM, LINES, LARGEST = "partizipation/export/1", (1, 2), 2**53 - 1
KEYS = {"v", "seq", "at", "actor", "kind", "kv", "data", "texts", "prev"}
GOOD, TAMPERED, INCOMPLETE, UNSUPPORTED = 0, 1, 2, 3
ACCOUNTS = ("outside", "available", "reserved", "committed", "paid", "returned")
WAYS = {
    ("fund", "outside", "available"), ("reduce", "available", "outside"),
    ("lapse", "available", "outside"), ("carry_over", "available", "outside"),
    ("reserve", "available", "reserved"), ("commit", "available", "committed"),
    ("commit", "reserved", "committed"), ("pay", "committed", "paid"),
    ("correct", "paid", "committed"), ("release", "reserved", "available"),
    ("release", "committed", "available"), ("give_back", "paid", "returned"),
    ("free", "returned", "available"),
}  # fmt: skip
CONSONANTS, VOWELS = "bdfghjklmnprstvz", "aiou"
DAMAGED_ARCHIVE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, KeyError, ValueError,
                   NotImplementedError, RuntimeError)  # fmt: skip
CHANNELS = {"online", "code", "paper", "booth", "hands", "urn"}
MARKS = {
    "support": {1}, "approval": {1}, "knapsack": {1}, "yes_no": {1, -1, 0}, "pro_contra": {1, -1},
}  # fmt: skip
TIES = {
    "core/lower_cost@1": "cost",
    "core/more_votes@1": "-votes",
    "core/more_points@1": "-points",
}
SAYS = {  # code → German, English
    "file_missing": ("Datei {0} fehlt.", "File {0} is missing."),
    "file_extra": ("Datei {0} steht nicht im Verzeichnis.", "The manifest does not list {0}."),
    "file_twice": ("Datei {0} liegt mehrfach in dem Paket.",
                   "The archive holds file {0} more than once."),
    "file_changed": ("Datei {0} wurde verändert.", "File {0} was changed."),
    "unreadable": ("{0} ist beschädigt: {1}", "{0} is damaged: {1}"),
    "no_such_file": ("{0}: Diese Datei gibt es nicht.", "{0}: there is no such file."),
    "not_readable": ("{0} lässt sich nicht lesen: Es ist keine Datei, oder dieses Programm darf sie "
                     "nicht öffnen.",
                     "{0} cannot be read: it is no file, or this program may not open it."),
    "no_archive": ("{0} ist weder ein Ordner noch ein lesbares Paket (.zip oder .tar): Es ist eine "
                   "andere Datei, oder sie wurde nicht vollständig übertragen.",
                   "{0} is neither a folder nor an archive (.zip or .tar) that can be read: it is "
                   "another file, or was not transferred as a whole."),
    "no_manifest": ("In {0} fehlt manifest.json: Das ist nicht die Ausgabe eines Verfahrens, oder sie "
                    "ist unvollständig.",
                    "{0} holds no manifest.json: it is not the export of a procedure, or not all of it."),
    "why_archive": ("Das Paket bricht dort ab oder ist dort unlesbar.",
                    "the archive ends there, or cannot be read there."),
    "why_json": ("Das ist kein JSON.", "this is no JSON."),
    "why_utf8": ("Das ist kein Text in UTF-8.", "this is no text in UTF-8."),
    "why_twice": ("Ein Schlüssel steht dort doppelt.", "a key occurs twice."),
    "why_number": ("Eine Zahl ist zu groß oder nicht ganz.", "a number is too large, or not whole."),
    "why_deep": ("Das ist zu tief verschachtelt.", "this is nested too deeply."),
    "why_odd": ("Das steht nicht in der einen zulässigen Schreibweise.",
                "this is not written in the one way that is allowed."),
    "why_hex": ("Das sind nicht die zulässigen hexadezimalen Ziffern.",
                "these are not the hexadecimal digits that are allowed."),
    "why_lines": ("Das ist nicht genau eine Zeile.", "this is not exactly one line."),
    "why_shape": ("{0} fehlt oder ist nicht von der Art, die die Form verlangt.",
                  "{0} is missing, or is not of the kind that the form asks for."),
    "unexpected": ("{0}: Was dort steht, widerspricht der Form oder sich selbst, sodass es sich nicht "
                   "weiter prüfen ließ.",
                   "{0}: what it says contradicts the form or itself, so that it could not be checked "
                   "further."),
    "form": ("Die Form {0} kennt dieses Programm nicht.", "This program does not know form {0}."),
    "line_form": ("Zeile {0} des Journals hat eine unbekannte Form.",
                  "Line {0} of the journal has an unknown form."),
    "line_odd": ("Zeile {0} des Journals steht nicht in der einen zulässigen Schreibweise.",
                 "Line {0} of the journal is not written in the one way that is allowed."),
    "line_number": ("Zeile {0} des Journals trägt die Nummer {1}.",
                    "Line {0} of the journal bears the number {1}."),
    "line_chain": ("Zeile {0} des Journals schließt nicht an die Zeile davor an. Eine der beiden "
                   "wurde verändert.",
                   "Line {0} of the journal does not continue the line before; one of the two "
                   "was changed."),
    "lines": ("Zeilen im Journal: {0}, angegeben: {1}.", "Lines in the journal: {0}, stated: {1}."),
    "earlier": ("Zeilen des Journals, die für einen früheren Zeitpunkt stehen als die Zeile davor: {0}, "
                "die erste ist Zeile {1}. Das kommt vor, wenn eine Uhr zurückgestellt wurde; fragen Sie "
                "nach, wenn Sie den Grund nicht kennen.",
                "Lines of the journal that stand for an earlier instant than the line before: {0}, the "
                "first is line {1}. This happens when a clock was set back; ask, if you do not know why."),
    "text_changed": ("Der Text {0} ist nicht der, auf den das Journal festgelegt ist.",
                     "Text {0} is not the one that the journal is committed to."),
    "text_missing": ("Texte, die fehlen, ohne dass das Journal sie für gelöscht erklärt: {0} ({1}).",
                     "Texts that are missing though the journal does not say that they were erased: "
                     "{0} ({1})."),
    "texts": ("Texte: {0} geprüft, {1} nicht mitgegeben, {2} gelöscht.",
              "Texts: {0} checked, {1} withheld, {2} erased."),
    "checkpoint": ("Der Prüfpunkt {0} passt nicht zu diesem Journal.",
                   "Checkpoint {0} does not belong to this journal."),
    "no_checkpoint": ("{0} ist kein Prüfpunkt: Einer beginnt mit seiner Herkunft (partizipation/…), "
                      "der Zahl der Zeilen und der Wurzel, jede in einer Zeile.",
                      "{0} is no checkpoint, which begins with its origin (partizipation/…), the "
                      "number of lines and the root, each on a line."),
    "other_procedure": ("Der Prüfpunkt {0} gehört zu einem anderen Verfahren, {1}; dieses ist {2}. "
                        "Verglichen wurde er nicht.",
                        "Checkpoint {0} belongs to another procedure, {1}; this one is {2}. It was "
                        "not compared."),
    "no_words": ("Das sind nicht die Wörter eines Prüfpunkts: Es sind 16, jedes wie »babab« aus fünf "
                 "Buchstaben. Es fehlt oder passt nicht: {0}.",
                 "These are not the words of a checkpoint, which are 16, each of five letters like "
                 "“babab”. Missing or wrong: {0}."),
    "words_number": ("Die Wörter passen zu keinem Prüfpunkt, der beiliegt. Geben Sie vor ihnen auch die "
                     "Zahl der Zeilen an, die über ihnen gedruckt ist.",
                     "The words fit no checkpoint of this export. Put the number of lines before them "
                     "that is printed above them."),
    "words_slip": ("Von den Wörtern für {0} Zeilen stimmen nur manche. Sehen Sie nach, ob in der "
                   "Niederschrift steht: {1}. Steht dort etwas anderes, dann wurde etwas verändert.",
                   "Only some of the words for {0} lines are right. See whether the minutes say: {1}. "
                   "If they say otherwise, something was changed."),
    "words_differ": ("Die Wörter sind nicht die der ersten {0} Zeilen von {1}. Stehen sie so mit dieser "
                     "Zahl in der Niederschrift dieses Verfahrens, dann wurde es verändert.",
                     "The words are not those of the first {0} lines of {1}. If the minutes of this "
                     "procedure have them with that number, it was changed."),
    "words": ("Die Wörter sind die der ersten {0} Zeilen.", "The words are those of the first {0} lines."),
    "no_outside": ("Kein Prüfpunkt von außerhalb: Geprüft ist nur, ob alles zueinander passt. "
                   "Vergleichen Sie den Prüfpunkt mit der Niederschrift.",
                   "No checkpoint from outside: only that everything fits together is checked. "
                   "Compare the checkpoint with the minutes."),
    "reach": ("Die Prüfpunkte von außerhalb reichen bis Zeile {0} von {1}. Ob danach alles ist, wie es "
              "geschrieben wurde, belegt keiner von ihnen.",
              "The checkpoints from outside reach up to line {0} of {1}. None of them shows that "
              "what follows is as it was written."),
    "vote_unknown": ("Abstimmung {0}: Verzeichnis und Journal nennen nicht dieselben Abstimmungen.",
                     "Vote {0}: manifest and journal do not name the same votes."),
    "vote_open": ("Abstimmung {0} läuft noch.", "Vote {0} is still on."),
    "box_missing": ("Abstimmung {0} ist geschlossen, aber ihre Stimmzettel fehlen: Weder die Liste der "
                    "Urne noch ihre Zahlen liegen bei.",
                    "Vote {0} is closed, but its ballots are missing: neither the list of the box nor "
                    "its numbers are included."),
    "no_ballots": ("Abstimmung {0}: Die geöffneten Stimmzettel liegen nicht bei.",
                   "Vote {0}: the opened ballots are not included."),
    "box_order": ("Abstimmung {0}: Die Liste der Urne ist nicht geordnet oder nennt etwas doppelt.",
                  "Vote {0}: the list of the box is out of order or names something twice."),
    "box": ("Abstimmung {0}: Die Urne ist nicht die, die geschlossen wurde: {1} Stimmzettel, "
            "im Journal stehen {2}; oder einer wurde ausgetauscht.",
            "Vote {0}: the box is not the one that was closed: it holds {1}, the journal says {2}; "
            "or one was exchanged."),
    "ballot": ("Abstimmung {0}: Stimmzettel {1}… ist nicht der abgegebene.",
               "Vote {0}: ballot {1}… is not the one that was cast."),
    "ballot_list": ("Abstimmung {0}: Stimmzettel und Liste der Festlegungen sind verschieden.",
                    "Vote {0}: ballots and list of commitments differ."),
    "channels": ("Abstimmung {0}: Die Zahlen der Abgabewege stimmen nicht.",
                 "Vote {0}: the numbers by channel are wrong."),
    "aside": ("Abstimmung {0}: Die Stimmen neben der Urne sind nicht die, die festgehalten wurden.",
              "Vote {0}: the votes beside the box are not those that were recorded."),
    "roll": ("Abstimmung {0}: Als Teilnehmende vermerkt: {1}; es müssten sein: {2}.",
             "Vote {0}: ticked on the roll: {1}; there should be: {2}."),
    "ballot_odd": ("Abstimmung {0}: Stimmzettel {1}… steht nicht in der einen zulässigen Schreibweise.",
                   "Vote {0}: ballot {1}… is not written in the one way that is allowed."),
    "over_the_limit": ("Abstimmung {0}: Stimmzettel {1}… hält die Regeln der Abstimmung nicht ein.",
                       "Vote {0}: ballot {1}… does not keep to the rules of the vote."),
    "strange_choice": ("Abstimmung {0}: Stimmzettel {1}… nennt etwas, das nicht zur Wahl stand.",
                       "Vote {0}: ballot {1}… names what was not on the ballot paper."),
    "booking_way": ("Buchung in Zeile {0} des Journals: {1} bewegt kein Geld von {2} nach {3}.",
                    "Booking in line {0} of the journal: {1} moves no money from {2} to {3}."),
    "booking_below": ("Buchung in Zeile {0} des Journals: Im Topf {1} bleibt weniger als nichts.",
                      "Booking in line {0} of the journal: pot {1} is left with less than nothing."),
    "books": ("Buchung {1} im Topf {0} ist nicht die aus dem Journal.",
              "Booking {1} of pot {0} is not the one of the journal."),
    "books_number": ("Buchungen in books.ndjson: {0}, im Journal: {1}.",
                     "Bookings in books.ndjson: {0}, in the journal: {1}."),
    "not_counted": ("Abstimmung {0}: Im Journal steht keine Auszählung.",
                    "Vote {0}: the journal holds no count."),
    "not_recounted": ("Abstimmung {0}, Zeile {1}: nicht nachgezählt ({2}).",
                      "Vote {0}, line {1}: not recounted ({2})."),
    "result": ("Abstimmung {0}, Zeile {1}: Nachgezählt ergibt sich etwas anderes bei: {2}.",
               "Vote {0}, line {1}: counted again, this differs: {2}."),
    "outside": ("Abstimmung {0}, Zeile {1}: Sie fand mit {2} statt. Aus den gemeldeten Zahlen folgt das "
                "Ergebnis; ob sie stimmen, ist hier nicht nachgezählt. Der Nachweis von {2} hat die "
                "Prüfsumme {3}.",
                "Vote {0}, line {1}: it was held with {2}. The result follows from the numbers "
                "reported; whether these are right was not recounted here. The proof of {2} has "
                "the digest {3}."),
    "course": ("Abstimmung {0}, Zeile {1}: {2} kann dort nicht stehen oder passt nicht zu den Zeilen davor.",
               "Vote {0}, line {1}: {2} cannot stand there, or does not fit the lines before."),
    "totals_odd": ("Abstimmung {0}, Zeile {1}: Diese Zahlen einer Urne oder Versammlung kann es nicht geben.",
                   "Vote {0}, line {1}: these numbers of an urn or assembly cannot be."),
    "electorate": ("Abstimmung {0}: Abgestimmt haben: {1}; im Abstimmungsverzeichnis stehen: {2}.",
                   "Vote {0}: have voted: {1}; on the electoral roll: {2}."),
    "booked": ("Zeile {0} des Journals: Gebucht ist etwas anderes, als dort steht.",
               "Line {0} of the journal: what was booked is not what it says."),
    "outside_odd": ("Abstimmung {0}, Zeile {1}: Was von außerhalb gemeldet wurde, passt nicht zu "
                    "Einstellungen, Stimmzettel und Verzeichnis. Es widersprechen sich: {2}.",
                    "Vote {0}, line {1}: what was reported from outside does not fit settings, "
                    "ballot paper and roll. These contradict one another: {2}."),
    "recounted": ("Abstimmung {0}, Zeile {1}: nachgezählt, das Ergebnis stimmt.",
                  "Vote {0}, line {1}: recounted, and the result is right."),
    "receipt": ("Der Stimmzettel zur Quittung {0}… liegt in der Urne der Abstimmung {1}.",
                "The ballot of receipt {0}… lies in the box of vote {1}."),
    "no_receipt": ("Zur Quittung {0}… liegt in keiner Urne ein Stimmzettel. Das ist richtig, wenn er "
                   "ersetzt, widerrufen oder angefochten wurde oder die Quittung zu einem anderen "
                   "Verfahren gehört; vielleicht ist sie auch nicht richtig abgeschrieben. Ist all das "
                   "nicht so, dann fehlt er: Fragen Sie bei der Stelle nach, die abstimmen lässt.",
                   "No box holds a ballot of receipt {0}…. That is right if it was replaced, revoked "
                   "or challenged, or if the receipt is of another procedure; or it may not have been "
                   "copied rightly. If none of this is so, it is missing: ask those who hold the vote."),
    "receipt_no_box": ("Zur Quittung {0}… ließ sich nicht suchen: Die Liste der Urne liegt nicht bei. "
                       "Es ist die der Abstimmung: {1}.",
                       "Receipt {0}… could not be looked for: the list of the box is not included. "
                       "It is that of vote: {1}."),
    "receipt_not_yet": ("Zur Quittung {0}… liegt in keiner geschlossenen Urne ein Stimmzettel, und es "
                        "läuft noch eine Abstimmung: {1}. Prüfen Sie nach deren Ende noch einmal.",
                        "No closed box holds a ballot of receipt {0}…, and a vote is still on: {1}. "
                        "Check again once it is over."),
    "no_such_receipt": ("{0} ist keine Quittung: Eine hat 64 Ziffern und Buchstaben von a bis f.",
                        "{0} is no receipt, which has 64 digits and letters from a to f."),
    "checked": ("Geprüfte Journalzeilen: {0}, Abstimmungen: {1}, Buchungen: {2}.",
                "Checked: lines of the journal {0}, votes {1}, bookings {2}."),
}  # fmt: skip
VERDICTS = (
    ("In Ordnung: Alles wurde geprüft und stimmt.", "Good: everything was checked and is right."),
    ("VERÄNDERT: Dieses Verfahren wurde nachträglich verändert oder beschädigt.",
     "TAMPERED: this procedure was changed or damaged."),
    ("Unvollständig: Was da ist, stimmt; es fehlt etwas.",
     "Incomplete: what is there is right, and something is missing."),
    ("Nicht ganz geprüft: Was geprüft wurde, stimmt; etwas kennt dieses Programm nicht.",
     "Not wholly checked: what was checked is right; this program does not know all of it."),
)  # fmt: skip
NOTHING_CHECKED = (
    "Nicht geprüft: Was dazu nötig ist, fehlt, lässt sich nicht lesen oder ist hier nicht bekannt.",
    "Not checked: what it takes is missing, cannot be read, or is not known here.",
)
NOT_FOUND = (
    "Nicht gefunden: Das Verfahren selbst stimmt, aber eine Quittung führt zu keinem Stimmzettel.",
    "Not found: the procedure itself is right, but a receipt leads to no ballot.",
)
NOT_COMPARED = (
    "Nicht bestätigt: In sich stimmt alles; etwas von dem, was Sie dazu angegeben haben, ließ sich "
    "damit nicht vergleichen oder passt nicht dazu.",
    "Not confirmed: all of it fits together; something that you have given could not be compared "
    "with it, or does not fit it.",
)
LOOKED_FOR = {"no_receipt", "no_such_receipt"}
GIVEN = {*LOOKED_FOR, "no_such_file", "not_readable", "no_checkpoint", "other_procedure", "no_words",
         "words_number", "words_slip", "words_differ"}  # fmt: skip


class FormError(ValueError):
    """Something is not as the form says; its arguments are those of a sentence."""


def sentence(english: int, code: str, *params: object) -> str:
    """Fill a sentence; what comes from the export cannot break its line."""

    def plain(one: object) -> str:
        if isinstance(one, FormError):
            return sentence(english, *one.args)
        text = str(one)
        short = text if len(text) <= 300 else f"{text[:300]}…"
        return "".join(sign if sign.isprintable() else "?" for sign in short)

    return SAYS[code][english].format(*map(plain, params))


# --- of what kind everything is: a type, several in a tuple, a list of one, keys (`?` may be missing)


def is_digest(text: object) -> bool:
    return isinstance(text, str) and len(text) == 64 and not set(text) - set("0123456789abcdef")


def is_root(text: object) -> bool:
    return text == "" or is_digest(text)


def is_misfit(name: object) -> bool:
    """Tell whether this says what becomes of an item that costs more than the rest."""
    return isinstance(name, str) and bool(re.fullmatch(MISFITS, name))


def is_account(name: object) -> bool:
    return isinstance(name, str) and name in ACCOUNTS


MISFITS = r"skip|stop|assembly|partial|overrun\([0-9]{1,9}/[1-9][0-9]{0,8}\)"
MAYBE, NOTHING = (int, type(None)), type(None)
MANIFEST = {
    "form": str, "municipality": str, "procedure": str, "lines": int, "ballots": bool,
    "votes": {str: str}, "files": {str: {"bytes": int, "sha256": is_digest}},
}  # fmt: skip
LINE = {"seq": int, "at": int, "actor": str, "kind": str, "kv": int, "data": dict,
        "texts?": {str: is_digest}, "prev": is_root}  # fmt: skip
TOTAL = {"ballots": int, "valid": int, "blank": int, "invalid": int,
         "votes": {str: {"votes": int, "contra": int, "points": MAYBE}}}  # fmt: skip
ROLL = {"vote": str, "people": int, "root": str}
HANDS = {"vote": str, "present": int, "hands": {str: {"yes": int, "no": int}}}
BOX = {"vote": str, "ballots": int, "root": is_root, "aside": int, "aside_root": is_root}
COUNT = {"vote": str, "seed": str, "ballots": int, "result": {"rule": str, "version": (int, str)},
         "proposed": {str: int}, "blank?": int, "abstained?": {str: int}}  # fmt: skip
DEFINITION = {"definition": {"settings": dict, "rules": {str: [str]}}}
KINDS: Data = {
    "ProcedureOpened": DEFINITION, "ProcedureAmended": DEFINITION,
    "BallotOpened": {"vote": str, "paper": {str: MAYBE}, "areas?": {str: str},
                     "categories?": {str: str}, "budget?": MAYBE},
    "ItemPutOnBallot": {"vote": str, "item": str, "cost": MAYBE, "area?": str, "category?": str},
    "ItemsMerged": {"into": str, "sources": [str], "vote_policy": str},
    "BallotClosed": {**BOX, "voters?": int, "roll_root?": is_root, "secrecy?": str},
    "BoxCheckpointed": {**BOX, "voters": int, "roll_root": is_root},
    "TotalsEntered": {"vote": str, "place": str, "totals": TOTAL},
    "ElectorateFrozen": ROLL, "ElectorateChanged": ROLL, "RollHandedOut": ROLL,
    "OutsideResultTaken": {"vote": str, "system": str, "signer?": str,
                           "outside": {**TOTAL, "document": str, "proof": str}},
    "HandsRecorded": HANDS, "AssemblyVotesAdded": HANDS,
    "ResultDrafted": {"vote": str, "ballots": int, "seed": str, "by": str, "budget": int},
    "ResultCertified": {"vote": str, "by": str},
    "ItemsAwarded": {"amounts": {str: int}},
    "BallotsCounted": COUNT,
    "ResultCorrected": {**COUNT, "hands?": {str: {"yes": int, "no": int}}},
    "TextRedacted": {"places": {str: is_digest}}, "TextsErased": {"places": [str]},
}  # fmt: skip
BOOKINGS = {"bookings?": [{"pot": str, "act": str, "source": is_account, "target": is_account,
                           "amount": int, "item": (str, type(None))}]}  # fmt: skip
NAME, QUOTAS = (str, NOTHING), ({str: {"min": int, "max": MAYBE}}, NOTHING)
LIMITS = {
    "ballot_type?": NAME, "secrecy?": NAME, "overshoot?": NAME, "min_choices?": MAYBE,
    "max_choices?": MAYBE, "max_points?": MAYBE, "max_points_per_item?": MAYBE, "min_total?": MAYBE,
    "max_total?": MAYBE, "max_per_area?": MAYBE, "max_per_category?": MAYBE,
    "max_other_areas?": MAYBE, "area_quotas?": QUOTAS, "category_quotas?": QUOTAS,
}  # fmt: skip
REASON = {"code": str, "params": dict}
RECOUNTED = {  # what a count by rank needs
    "settings": {"misfit": is_misfit, "rank_by": str, "threshold": int, "mixed_votes": str,
                 "assembly_percent?": MAYBE, "area_budgets?": ({str: int}, NOTHING),
                 "category_budgets?": ({str: int}, NOTHING), "budgets_as?": str},
    "limits": {"ballot_type": str, "max_choices": MAYBE},
    "result": {"budget": int, "rest": int, "funded": [str],
               "parameters": ({"misfit": str}, {"rule": {"misfit": str}}),
               "fates": [{"id": str, "name": str, "cost": int, "votes": int, "points": int,
                          "contra": int, "outcome": str, "rank": int, "turn": int,
                          "reason": REASON, "margin": {"missing": MAYBE, "reason": REASON}}]},
}  # fmt: skip
TEXT = {"place": str, "salt": is_digest, "text": str}
BALLOT = {"body": str, "channel": str, "commitment": is_digest, "nonce": is_digest}
REGISTER = {"vote": str, "roll": int, "box": {str: int},
            "aside": [{"channel": str, "fate": str, "validity": str, "number": int}]}  # fmt: skip


def is_entry(data: object) -> bool:
    """Tell whether a line is one of a vote beside the box."""
    return (isinstance(data, list) and len(data) == 6 and {*map(type, data)} == {str}
            and is_digest(data[0]))  # fmt: skip


def unlike(shape: Any, data: Any, place: str = "") -> str:
    """Return the first place where data are not of their kind; nothing if they are."""
    if isinstance(shape, tuple):
        return "" if any(not unlike(one, data) for one in shape) else place or "{}"
    if isinstance(shape, list):
        inner = (
            [(shape[0], one, str(n)) for n, one in enumerate(data)] if type(data) is list else None
        )
    elif isinstance(shape, dict) and str in shape:
        inner = (
            [(shape[str], one, key) for key, one in data.items()] if type(data) is dict else None
        )
    elif isinstance(shape, dict):
        inner = None
        if type(data) is dict:
            names = [key.removesuffix("?") for key in shape if key in data or not key.endswith("?")
                     or key[:-1] in data]  # fmt: skip
            inner = [(shape.get(name, shape.get(f"{name}?")), data.get(name, ...), name)
                     for name in names]  # fmt: skip
    else:
        inner = [] if (type(data) is shape if isinstance(shape, type) else shape(data)) else None
    if inner is None:
        return place or "{}"
    steps = (unlike(kind, one, f"{place}.{name}" if place else name) for kind, one, name in inner)
    return next(filter(None, steps), "")


def like(shape: Any, data: Any, place: str = "") -> None:
    if wrong := unlike(shape, data, place):
        raise FormError("why_shape", wrong)


class Report:
    """What was found; ``exit_code`` follows from the worst of it."""

    def __init__(self) -> None:
        self.found: list[tuple[int, str, tuple[object, ...]]] = []

    def say(self, level: int, code: str, *params: object) -> None:
        self.found.append((level, code, params))

    @property
    def exit_code(self) -> int:
        levels = {level for level, _, _ in self.found}
        return next((one for one in (TAMPERED, UNSUPPORTED, INCOMPLETE) if one in levels), GOOD)

    def text(self, lang: str) -> str:
        english = int(lang == "en")
        sentences = [sentence(english, code, *params) for _, code, params in self.found]
        return "\n".join([self._verdict()[english], *(f"- {one}" for one in sentences)])

    def _verdict(self) -> tuple[str, str]:
        """Say what is true of the whole: who mistypes a receipt has found nobody out."""
        worst = self.exit_code
        if worst in {INCOMPLETE, UNSUPPORTED} and all(
            code != "checked" for _, code, _ in self.found
        ):
            return NOTHING_CHECKED
        missing = {code for level, code, _ in self.found if level == INCOMPLETE}
        if worst == INCOMPLETE and missing <= GIVEN:
            return NOT_FOUND if missing <= LOOKED_FOR else NOT_COMPARED
        return VERDICTS[worst]


def canonical(data: object) -> bytes:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return unicodedata.normalize("NFC", text).encode()


def parse(body: bytes) -> Any:
    """Read a line of JSON that holds no key twice and whole numbers only."""

    def unique(pairs: list[tuple[str, Any]]) -> Data:
        if len(dict(pairs)) != len(pairs):
            raise FormError("why_twice")
        return dict(pairs)

    def whole(text: str) -> int:
        if len(text) > 17 or abs(int(text)) > LARGEST:
            raise FormError("why_number")
        return int(text)

    def refuse(text: str) -> object:
        raise FormError("why_number", text)

    try:
        return json.loads(body, object_pairs_hook=unique, parse_int=whole, parse_float=refuse,
                          parse_constant=refuse)  # fmt: skip
    except FormError:
        raise
    except UnicodeDecodeError as error:
        raise FormError("why_utf8") from error
    except RecursionError as error:
        raise FormError("why_deep") from error
    except ValueError as error:
        raise FormError("why_json") from error


def is_canonical(found: object, body: bytes) -> bool:
    """Tell whether data are written in the one way that is allowed."""
    try:
        return canonical(found) == body
    except (UnicodeEncodeError, RecursionError):  # half a character, or too deep to be written
        return False


def leaf(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def root(leaves: list[bytes]) -> bytes:
    """Hash a list of leaves to its root, as RFC 9162 §2.1.1 says."""
    if not leaves:
        return sha256(b"").digest()
    level = leaves
    while len(level) > 1:
        pairs = [sha256(b"\x01" + a + b).digest()
                 for a, b in zip(level[::2], level[1::2], strict=False)]  # fmt: skip
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


Open = Callable[[str], AbstractContextManager[IO[bytes]]]


def source(place: Path) -> tuple[list[str], Open]:
    """Return the names of the files of an export and a way to open one; nothing is unpacked."""
    try:
        if not place.exists():
            raise FormError("no_such_file", place)
        return names_in(place)
    except OSError as error:
        raise FormError("not_readable", place) from error
    except FormError:
        raise
    except DAMAGED_ARCHIVE as error:
        raise FormError("no_archive", place) from error


def names_in(place: Path) -> tuple[list[str], Open]:
    if place.is_dir():
        files = {f.relative_to(place).as_posix(): f for f in place.rglob("*") if f.is_file()}
        return list(files), lambda name: files[name].open("rb")
    if zipfile.is_zipfile(place):
        with zipfile.ZipFile(place) as packed:
            names = [one.filename for one in packed.infolist() if not one.is_dir()]
        return names, lambda name: from_zip(place, name)
    with tarfile.open(place) as bundle:
        names = [one.name for one in bundle.getmembers() if not one.isdir()]
    return names, lambda name: from_tar(place, name)


@contextmanager
def from_zip(place: Path, name: str) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(place) as packed, packed.open(name) as content:
        yield content


@contextmanager
def from_tar(place: Path, name: str) -> Iterator[IO[bytes]]:
    with tarfile.open(place) as bundle:
        yield bundle.extractfile(name) or io.BytesIO()


class Export:
    """An export, its files compared with the manifest."""

    def __init__(self, place: Path, report: Report) -> None:
        self.report = report
        self.lines: list[Data] = []
        self.manifest: Data = {}
        self._broken: set[str] = set()
        names, self._open = source(place)
        self.names = set(names)
        # Of two files with one name every program reads another one.
        for name in sorted(name for name, number in Counter(names).items() if number > 1):
            report.say(TAMPERED, "file_twice", name)
        if "manifest.json" not in self.names:
            raise FormError("no_manifest", place)
        measured = {name: self._measured(name) for name in sorted(self.names)}
        found = self.document("manifest.json", {"form": str})
        if found and found["form"] != FORM:
            report.say(UNSUPPORTED, "form", found["form"])
        elif found := found and self.document("manifest.json", MANIFEST):
            self._compare(found, measured)

    def _compare(self, manifest: Data, measured: dict[str, Data]) -> None:
        """Compare the files with the manifest, if it is one."""
        self.manifest = manifest
        for name in sorted(self.names - {"manifest.json"} - set(manifest["files"])):
            self.report.say(TAMPERED, "file_extra", name)
        for name, told in sorted(manifest["files"].items()):
            if self.has(name) and told != measured[name]:
                self.report.say(TAMPERED, "file_changed", name)

    def has(self, name: str) -> bool:
        """Tell whether a file is there and can be read; one that is not is told of once."""
        missing = (INCOMPLETE, "file_missing", (name,))
        if name not in self.names | self._broken and missing not in self.report.found:
            self.report.say(*missing[:2], name)
        return name in self.names

    def _measured(self, name: str) -> Data:
        """Return size and hash of a file; one that breaks off is told of, and not read again."""
        digest, size = sha256(), 0
        try:
            with self._open(name) as stream:
                while part := stream.read(1 << 20):
                    digest.update(part)
                    size += len(part)
        except OSError:
            self._give_up(INCOMPLETE, "not_readable", name)
        except DAMAGED_ARCHIVE:
            self._give_up(TAMPERED, "unreadable", name, FormError("why_archive"))
        return {"bytes": size, "sha256": digest.hexdigest()}

    def _give_up(self, level: int, code: str, name: str, *why: FormError) -> None:
        self.report.say(level, code, name, *why)
        self.names.discard(name)
        self._broken.add(name)

    def content(self, name: str) -> bytes | None:
        """Read a small file as a whole."""
        if not self.has(name):
            return None
        with self._open(name) as stream:
            return stream.read()

    def rows(self, name: str) -> Iterator[bytes]:
        """Read a file of lines, each with its end, one after the other."""
        if not self.has(name):
            return
        with self._open(name) as stream:
            for row in stream:
                if not row.endswith(b"\n"):
                    self.report.say(TAMPERED, "file_changed", name)
                yield row.removesuffix(b"\n")

    def digests(self, name: str) -> Iterator[bytes]:
        """Read a file of hexadecimal lines."""
        for number, row in enumerate(self.rows(name), start=1):
            try:
                found = bytes.fromhex(row.decode())
            except ValueError:
                found = b""
            if not row or found.hex().encode() != row:
                self.report.say(TAMPERED, "unreadable", f"{name}:{number}", FormError("why_hex"))
            else:
                yield found

    def data(self, name: str, shape: Any) -> Iterator[Any]:
        """Read a file of JSON lines in canonical form."""
        for number, row in enumerate(self.rows(name), start=1):
            try:
                found = parse(row)
                if not is_canonical(found, row):
                    raise FormError("why_odd")
                like(shape, found)
            except FormError as why:
                self.report.say(TAMPERED, "unreadable", f"{name}:{number}", why)
                continue
            yield found

    def document(self, name: str, shape: Any) -> Any:
        """Read a file of one JSON line."""
        if not self.has(name):
            return None
        if len(list(self.rows(name))) != 1:
            self.report.say(TAMPERED, "unreadable", name, FormError("why_lines"))
            return None
        return next(self.data(name, shape), None)


def check_journal(export: Export) -> list[bytes]:
    """Check form, numbers and chain of every line; return their leaves."""
    report, previous, leaves = export.report, "", []
    for number, body in enumerate(export.rows("journal.ndjson"), start=1):
        try:
            line = parse(body)
            like({"v": int}, line)
            if line["v"] not in LINES:
                report.say(UNSUPPORTED, "line_form", number)
            else:
                check_line(export, number, line, body, previous)
                export.lines.append(line)
        except FormError as why:
            report.say(TAMPERED, "unreadable", f"journal.ndjson:{number}", why)
        leaves.append(leaf(body))
        previous = leaves[-1].hex()
    instants = [line["at"] for line in export.lines]
    earlier = [n for n, (one, other) in enumerate(pairwise(instants), start=2)
               if other < one]  # fmt: skip
    if earlier:
        report.say(GOOD, "earlier", len(earlier), earlier[0])
    if len(leaves) != export.manifest["lines"]:
        report.say(TAMPERED, "lines", len(leaves), export.manifest["lines"])
    return leaves


def check_line(export: Export, number: int, line: Data, body: bytes, previous: str) -> None:
    """Check one line by itself and against the one before."""
    like(LINE, line)
    like(BOOKINGS, line["data"], "data")
    like(KINDS.get(line["kind"], dict), line["data"], "data")
    if line["kind"] == "BallotClosed" and line["data"].get("roll_root"):
        like({"voters": int}, line["data"], "data")
    if not is_canonical(line, body) or set(line) != KEYS - (
        {"texts"} if line["v"] == 1 else set()
    ):
        export.report.say(TAMPERED, "line_odd", number)
    if line["seq"] != number:
        export.report.say(TAMPERED, "line_number", number, line["seq"])
    if line["prev"] != previous:
        export.report.say(TAMPERED, "line_chain", number)


def checkpoint_text(export: Export, leaves: list[bytes], size: int) -> str:
    rows = [origin_of(export), str(size)]
    rows.append(base64.b64encode(root(leaves[:size])).decode())
    for vote, data in sorted(closed(export.lines[:size]).items()):
        rows.append(box_row("box", vote, data))
        if data.get("roll_root"):
            rows.append(f"roll {quote(vote, safe='')} {roll_row(data)}")
    for vote, data in sorted(still_open(export.lines[:size]).items()):
        rows.append(f"{box_row('open', vote, data)} {roll_row(data)}")
    return "".join(f"{row}\n" for row in rows)


def box_row(what: str, vote: str, data: Data) -> str:
    box, beside = (base64.b64encode(bytes.fromhex(data[key])).decode() or "-"
                   for key in ("root", "aside_root"))  # fmt: skip
    return (f"{what} {quote(vote, safe='')} ballots {data['ballots']} root {box} "
            f"aside {data['aside']} root {beside}")  # fmt: skip


def roll_row(data: Data) -> str:
    roll = base64.b64encode(bytes.fromhex(data["roll_root"])).decode()
    return f"voters {data['voters']} root {roll}"


def text_commitments(lines: Iterable[Data]) -> dict[str, str | None]:
    """Return what the journal is committed to: place → commitment, none where it was erased."""
    sworn: dict[str, str | None] = {}
    for line in lines:
        sworn |= {f"{line['seq']}/{place}": told for place, told in line.get("texts", {}).items()}
        if line["kind"] == "TextsErased":
            sworn |= dict.fromkeys(line["data"]["places"])
        elif line["kind"] == "TextRedacted":
            sworn |= line["data"]["places"]
    return sworn


def check_texts(export: Export) -> None:
    """Open the commitments to texts, as far as the texts are there."""
    report, sworn = export.report, text_commitments(export.lines)
    erased = sum(told is None for told in sworn.values())
    given = "texts.ndjson" in export.manifest["files"] and export.has("texts.ndjson")
    found: dict[str, str] = {}
    for row in export.data("texts.ndjson", TEXT) if given else []:
        place, text = row["place"], row["text"]
        told = hmac.new(bytes.fromhex(row["salt"]), text.encode(), "sha256").hexdigest()
        if place in found or told != sworn.get(place):
            report.say(TAMPERED, "text_changed", place)
        found[place] = text
    missing = [place for place, told in sworn.items() if told is not None and place not in found]
    if given and missing:
        report.say(INCOMPLETE, "text_missing", len(missing), ", ".join(missing[:5]))
    if sworn:
        report.say(GOOD, "texts", len(found), len(missing), erased)


def check_checkpoints(export: Export, leaves: list[bytes]) -> None:
    """Compare every checkpoint of an export with its journal."""
    due = {f"checkpoints/{seq}.txt" for seq, _ in events(export.lines, "BallotClosed")}
    due |= {f"checkpoints/{len(leaves)}.txt"} if leaves else set()
    due |= {name for name in export.manifest["files"] if "checkpoints/" in name}
    for name in sorted(due):
        body = export.content(name)
        if body is not None and not fits(export, leaves, plain_note(body)):
            export.report.say(TAMPERED, "checkpoint", name)


def plain_note(body: bytes) -> str:
    """Read a checkpoint up to the empty line that parts it from its signatures."""
    text = body.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    return text.split("\n\n")[0].rstrip("\n")


def fits(export: Export, leaves: list[bytes], text: str) -> bool:
    size = lines_of(text.split("\n"))
    return 0 <= size <= len(leaves) and checkpoint_text(export, leaves, size).rstrip("\n") == text


def lines_of(rows: list[str]) -> int:
    """Return for how many lines a checkpoint stands; -1 if it does not say so."""
    told = rows[1] if len(rows) > 1 else ""
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 17 else -1


def origin_of(export: Export) -> str:
    names = (export.manifest["municipality"], export.manifest["procedure"])
    return "/".join(["partizipation", *(quote(name, safe="") for name in names)])


def check_outside_checkpoints(
    export: Export, leaves: list[bytes], outside: Iterable[Path], words: Iterable[str]
) -> None:
    """Compare what was kept elsewhere, and say how far the journal is vouched for by it."""
    report, reach = export.report, 0
    for file in outside:
        try:
            text = plain_note(file.read_bytes())
        except OSError:
            report.say(INCOMPLETE, "not_readable" if file.exists() else "no_such_file", file)
            continue
        rows, own = text.split("\n"), origin_of(export)
        if is_spoken(text):
            reach = max(reach, check_words(export, leaves, text))
        elif not rows[0].startswith("partizipation/") or lines_of(rows) < 0 or len(rows) < 3:
            report.say(INCOMPLETE, "no_checkpoint", file)
        elif rows[0] != own:
            report.say(INCOMPLETE, "other_procedure", file, rows[0], own)
        elif fits(export, leaves, text):
            reach = max(reach, lines_of(rows))
        else:
            report.say(TAMPERED, "checkpoint", file)
    for text in words:
        reach = max(reach, check_words(export, leaves, text))
    if 0 < reach < len(leaves):
        report.say(GOOD, "reach", reach, len(leaves))


def words_of(text: str) -> list[str]:
    """Write the hash of a checkpoint as 16 words of five letters, each for 16 bits."""
    digest = sha256(text.encode()).digest()
    numbers = [high << 8 | low for high, low in zip(digest[::2], digest[1::2], strict=True)]
    return [CONSONANTS[n >> 12] + VOWELS[n >> 10 & 3] + CONSONANTS[n >> 6 & 15]
            + VOWELS[n >> 4 & 3] + CONSONANTS[n & 15] for n in numbers]  # fmt: skip


def is_word(text: str) -> bool:
    return len(text) == 5 and not (
        set(text[::2]) - set(CONSONANTS) or set(text[1::2]) - set(VOWELS)
    )


def is_spoken(text: str) -> bool:
    """Tell whether these are the words of a checkpoint and not its text."""
    return sum(map(is_word, text.lower().split())) >= 8


def check_words(export: Export, leaves: list[bytes], text: str) -> int:
    """Compare the words of a printed checkpoint; return how many lines they vouch for."""
    report, own, told = export.report, origin_of(export), text.replace(",", " ").split()
    origins = [one for one in told if "/" in one]
    sizes = [int(one) for one in told if one.isascii() and one.isdecimal() and len(one) < 17]
    said = [one.lower() for one in told if one not in origins and not one.isdecimal()]
    strange = [one for one in said if not is_word(one)]
    if strange or len(said) != 16:
        report.say(INCOMPLETE, "no_words", ", ".join(strange) or f"{len(said)}/16")
        return 0
    if origins and origins[0] != own:
        report.say(INCOMPLETE, "other_procedure", " ".join(said[:2]) + " …", origins[0], own)
        return 0
    names = [name[len("checkpoints/") : -len(".txt")] for name in export.manifest["files"]
             if name.startswith("checkpoints/")]  # fmt: skip
    tried = sizes[:1] or [int(name) for name in names if name.isascii() and name.isdecimal()]
    best, right, due = 0, -1, list[str]()
    for size in (size for size in tried if size <= len(leaves)):
        found = words_of(checkpoint_text(export, leaves, size))
        alike = sum(one == other for one, other in zip(said, found, strict=True))
        best, right, due = max((best, right, due), (size, alike, found), key=lambda one: one[1])
    if right == 16:
        report.say(GOOD, "words", best)
        return best
    if right >= 4:  # that four are right by chance happens once in 2⁵³
        wrong = [f"{n}. {one}" for n, one in enumerate(due, start=1) if one != said[n - 1]]
        report.say(INCOMPLETE, "words_slip", best, ", ".join(wrong))
    elif sizes:
        level = TAMPERED if origins else INCOMPLETE  # without it they may be of any procedure
        report.say(level, "words_differ", sizes[0], own)
    else:
        report.say(INCOMPLETE, "words_number")
    return 0


def events(lines: Iterable[Data], *kinds: str, vote: str = "") -> Iterator[tuple[int, Data]]:
    for line in lines:
        if line["kind"] in kinds and (not vote or line["data"].get("vote") == vote):
            yield line["seq"], line["data"]


def closed(lines: Iterable[Data]) -> dict[str, Data]:
    """Return the last close of every vote."""
    return {data["vote"]: data for _, data in events(lines, "BallotClosed")}


def is_over(lines: Iterable[Data], vote: str) -> bool:
    """Tell whether a vote is closed and nothing since may have opened it again."""
    kinds = [line["kind"] for line in lines if line["kind"] == "StageReopened"
             or (line["kind"] == "BallotClosed" and line["data"]["vote"] == vote)]  # fmt: skip
    return kinds[-1:] == ["BallotClosed"]


def still_open(lines: Iterable[Data]) -> dict[str, Data]:
    """Return what was last sworn to of every vote that is not closed since."""
    found: dict[str, Data] = {}
    for line in lines:
        if line["kind"] == "BoxCheckpointed":
            found[line["data"]["vote"]] = line["data"]
        elif line["kind"] == "BallotClosed":
            found.pop(line["data"]["vote"], None)
    return found


def check_vote(export: Export, vote: str) -> list[tuple[str, dict[str, int]]] | None:
    """Check what is there of one vote; return channel and choices of its ballots."""
    report, folder = export.report, export.manifest["votes"][vote]
    told = closed(export.lines).get(vote)
    files = {f"{folder}/commitments.txt", f"{folder}/register.json"}
    if told is None or not files & {*export.manifest["files"]}:
        over = told is not None and is_over(export.lines, vote)
        report.say(INCOMPLETE, "box_missing" if over else "vote_open", vote)
        return None
    register = export.document(f"{folder}/register.json", REGISTER)
    there = [export.has(name) for name in sorted(files)]
    if not all(there) or register is None:
        return None
    leaves = list(export.digests(f"{folder}/commitments.txt"))
    if leaves != sorted(set(leaves)):
        report.say(TAMPERED, "box_order", vote)
        leaves = sorted(leaves)
    if (len(leaves), root(leaves).hex()) != (told["ballots"], told["root"]):
        report.say(TAMPERED, "box", vote, len(leaves), told["ballots"])
    if register["vote"] != vote or sum(register["box"].values()) != len(leaves):
        report.say(TAMPERED, "channels", vote)
    if sum(row["number"] for row in register["aside"]) != told["aside"]:
        report.say(TAMPERED, "aside", vote)
    if told.get("roll_root") and register["roll"] != told["voters"]:
        report.say(TAMPERED, "roll", vote, register["roll"], told["voters"])
    rest = [f"{folder}/ballots.ndjson", f"{folder}/aside.ndjson"]
    if rest[0] not in export.manifest["files"]:
        report.say(INCOMPLETE, "no_ballots", vote)
        return None
    if sum(map(export.has, rest)) < len(rest):
        return None
    check_aside(export, vote, register, told)
    return opened(export, vote, register, leaves)


def check_aside(export: Export, vote: str, register: Data, told: Data) -> None:
    """Check the votes beside the box, and that with the ballots they make up the whole roll."""
    report, folder = export.report, export.manifest["votes"][vote]
    entries = list(export.data(f"{folder}/aside.ndjson", is_entry))
    leaves = sorted(leaf(canonical(entry)) for entry in entries)
    sums = Counter(tuple(entry[2:5]) for entry in entries)
    stated = {(row["channel"], row["fate"], row["validity"]): row["number"]
              for row in register["aside"]}  # fmt: skip
    found = (len(leaves), root(leaves).hex() if leaves else "", dict(sums))
    if found != (told["aside"], told["aside_root"], stated):
        report.say(TAMPERED, "aside", vote)
    # Whose vote was put aside as a double has another one, which is counted where it is.
    due = told["ballots"] + len({entry[0] for entry in entries if entry[3] != "double"})
    if register["roll"] != due:
        report.say(TAMPERED, "roll", vote, register["roll"], due)
    if told.get("roll_root") and export.has(f"{folder}/roll.txt"):
        tags = sorted(export.digests(f"{folder}/roll.txt"))
        if len(set(tags)) != len(tags) or (len(tags), root([leaf(tag) for tag in tags]).hex()) != (
            told["voters"], told["roll_root"]
        ) or {bytes.fromhex(entry[0]) for entry in entries} - set(tags):  # fmt: skip
            report.say(TAMPERED, "roll", vote, len(tags), told["voters"])


def opened(
    export: Export, vote: str, register: Data, leaves: list[bytes]
) -> list[tuple[str, dict[str, int]]]:
    """Check every ballot; equal ones share what is kept of them, so that a million fit."""
    report, folder, found = export.report, export.manifest["votes"][vote], []
    paper, due, in_order = paper_of(export.lines, vote), iter(leaves), True
    wrong = limits_of(export.lines, vote, paper)
    known: dict[tuple[str, str], tuple[str, tuple[str, Data]]] = {}
    for ballot in export.data(f"{folder}/ballots.ndjson", BALLOT):
        body, commitment = ballot["body"].encode(), ballot["commitment"]
        if leaf(bytes.fromhex(ballot["nonce"]) + body).hex() != commitment:
            report.say(TAMPERED, "ballot", vote, commitment[:16])
        said = (ballot["channel"], ballot["body"])
        if said not in known:
            choices = marks_of(body)
            fault = ("ballot_odd" if choices is None
                     else "strange_choice" if set(choices) - set(paper)
                     else "over_the_limit" if wrong(choices) else "")  # fmt: skip
            known[said] = (fault, (ballot["channel"], choices or {}))
        fault, entry = known[said]
        if fault:
            report.say(TAMPERED, fault, vote, commitment[:16])
        in_order = in_order and bytes.fromhex(commitment) == next(due, None)
        found.append(entry)
    if not in_order or next(due, None) is not None:
        report.say(TAMPERED, "ballot_list", vote)
    closing = [line for line in export.lines if line["kind"] == "BallotClosed"]
    taken = definition_of(export.lines[: closing[-1]["seq"]])["settings"].get("channels")
    shut = CHANNELS - set(taken) if taken else set()
    if dict(Counter(channel for channel, _ in found)) != register["box"] or shut & {
        channel for channel, _ in found
    }:
        report.say(TAMPERED, "channels", vote)
    return found


def marks_of(body: bytes) -> dict[str, int] | None:
    """Read what stands on a ballot; nothing if it is not written as a ballot is."""
    try:
        found = parse(body)
        right = isinstance(found, dict) and canonical(found) == body
        return found if right and all(type(mark) is int for mark in found.values()) else None
    except (ValueError, RecursionError):
        return None


def limits_of(
    lines: list[Data], vote: str, paper: dict[str, int]
) -> Callable[[dict[str, int]], bool]:
    """Return what tells whether a ballot breaks a limit that its vote was closed with."""
    last = max(seq for seq, _ in events(lines, "BallotClosed", vote=vote))
    limits = own_limits(definition_of(lines[:last]).get("settings", {}), vote)
    kind, most, budget = limits.get("ballot_type"), limits.get("max_total"), None
    for _, data in events(lines, "BallotOpened", vote=vote):
        budget = data.get("budget")
    most = budget if most is None and kind == "knapsack" else most
    # What was put on the paper while people voted was not there for everybody to name.
    printed = [*next(data["paper"] for _, data in events(lines, "BallotOpened", vote=vote))]
    fewest = min(limits.get("min_choices") or 0, max(1, len(printed)))
    priced = set(paper) - without_price(lines, vote)
    places = [(names, limits.get(f"{one}_quotas") or {}, limits.get(f"max_per_{one}"))
              for one, names in places_of(lines, vote).items()]  # fmt: skip

    def wrong(choices: dict[str, int]) -> bool:
        if not choices and limits.get("blank_ballots", True):
            return False
        wanted = {ref for ref, mark in choices.items() if mark > 0}
        prices, least = sorted(paper[ref] for ref in wanted), limits.get("min_total")
        total = sum(prices[:-1] if limits.get("overshoot") == "once" else prices)
        return (
            not_marks(kind, list(choices.values()), limits)
            or len(choices) < fewest
            or above(len(choices), limits.get("max_choices"))
            or above(total, most) or above(least or 0, sum(prices))
            or bool((least or most is not None) and wanted - priced)
            or any(misplaced(choices, printed, *place) for place in places)
            or too_far(choices, places[0][0], limits.get("max_other_areas"))
        )  # fmt: skip

    return wrong if kind else lambda _: False


def misplaced(
    choices: dict[str, int], printed: list[str], names: dict[str, str], quotas: Data,
    most: int | None,
) -> bool:  # fmt: skip
    """Tell whether a ballot names too few or too many items of an area or category."""
    there = Counter(names.get(ref, "") for ref in printed)
    named = Counter(names.get(ref, "") for ref in choices)
    return any(
        above(named[name], quotas[name]["max"] if name in quotas else most)
        or named[name] < min(quotas[name]["min"] if name in quotas else 0, there[name])
        for name in {*named, *quotas}
    )


def too_far(choices: dict[str, int], areas: dict[str, str], most: int | None) -> bool:
    """Tell whether a ballot names more areas than any voter's own and the others allowed."""
    return above(len({areas[ref] for ref in choices if ref in areas}), add(most, 1))


def add(most: int | None, more: int) -> int | None:
    return None if most is None else most + more


def without_price(lines: Iterable[Data], vote: str) -> set[str]:
    """Return the items of a paper whose price was not known."""
    found: dict[str, Any] = {}
    for _, data in events(lines, "BallotOpened", "ItemPutOnBallot", vote=vote):
        found |= data.get("paper") or {data["item"]: data["cost"]}
    return {item for item, cost in found.items() if cost is None}


def not_marks(kind: object, marks: list[int], limits: Data) -> bool:
    """Tell whether marks are not those of a ballot type."""
    if kind == "ranking":
        return sorted(marks) != list(range(1, len(marks) + 1))
    if kind == "cumulative":
        return (min(marks, default=1) < 1 or above(sum(marks), limits.get("max_points"))
                or above(max(marks, default=0), limits.get("max_points_per_item")))  # fmt: skip
    return bool(set(marks) - MARKS.get(str(kind), set(marks)))


def above(given: int, most: int | None) -> bool:
    return most is not None and given > most


def paper_of(lines: Iterable[Data], vote: str) -> dict[str, int]:
    """Return the ballot paper: item → price in cents, 0 where it has none."""
    paper: dict[str, int] = {}
    for _, data in events(lines, "BallotOpened", "ItemPutOnBallot", vote=vote):
        paper |= data.get("paper") or {data["item"]: data["cost"]}
    return {item: cost or 0 for item, cost in paper.items()}


def balances(lines: Iterable[Data], report: Report | None = None) -> tuple[list[Data], Data]:
    """Go through all bookings; return them as the books hold them, and the last balances."""
    pots: dict[str, Counter[str]] = {}
    rows: list[Data] = []
    for seq, booking in ((s["seq"], b) for s in lines for b in s["data"].get("bookings", ())):
        way = (booking["act"], booking["source"], booking["target"])
        pot = pots.setdefault(booking["pot"], Counter(dict.fromkeys((*ACCOUNTS, "number"), 0)))
        pot["number"] += 1
        pot[booking["source"]] -= booking["amount"]
        pot[booking["target"]] += booking["amount"]
        if report and (way not in WAYS or booking["amount"] <= 0):
            report.say(TAMPERED, "booking_way", seq, *way)
        if report and min(pot[account] for account in ACCOUNTS[1:]) < 0:
            report.say(TAMPERED, "booking_below", seq, booking["pot"])
        own = {key: value for key, value in booking.items() if key != "amount"}
        rows.append({**own, **pot, "cents": booking["amount"], "seq": seq,
                     "previous": pot["number"] - 1 or None})  # fmt: skip
    return rows, pots


def due_bookings(line: Data) -> tuple[str, dict[str, int]] | None:
    """Return what the bookings of a line must add up to: by pot at the start, by item in an award."""
    if line["kind"] == "ItemsAwarded":
        return "item", line["data"]["amounts"]
    if line["kind"] == "ProcedureOpened":
        settings = line["data"]["definition"]["settings"]
        like(
            {"pot?": MAYBE, "pots?": ([{"key": str, "amount": int}], NOTHING)},
            settings,
            "settings",
        )
        pots = {pot["key"]: pot["amount"] for pot in settings.get("pots") or ()}
        return "pot", {"main": settings.get("pot") or 0, **pots}
    return None


def check_books(export: Export) -> int:
    rows, _ = balances(export.lines, export.report)
    for line in export.lines:
        if "bookings" in line["data"] and (told := due_bookings(line)):
            sums: Counter[str] = Counter()
            for one in line["data"]["bookings"]:
                sums[one[told[0]]] += one["amount"]
            if {name: sum_ for name, sum_ in told[1].items() if sum_} != dict(sums):
                export.report.say(TAMPERED, "booked", line["seq"])
    if not export.has("books.ndjson"):
        return len(rows)
    kept = list(export.data("books.ndjson", {"pot": str, "number": int}))
    if len(kept) != len(rows):
        export.report.say(TAMPERED, "books_number", len(kept), len(rows))
    in_order = sorted(rows, key=lambda row: (row["pot"], row["number"]))
    for row, due in zip(kept, in_order, strict=False):
        if canonical(row) != canonical(due):  # to Python, 1 is true
            export.report.say(TAMPERED, "books", row["pot"], row["number"])
    return len(rows)


# --- counting again, slowly and by itself


def definition_of(lines: Iterable[Data]) -> Data:
    found: Data = {}
    for _, data in events(lines, "ProcedureOpened", "ProcedureAmended"):
        found = data["definition"]
    return found


def rules_of(definition: Data, vote: str, slot: str) -> list[str]:
    stage = vote.partition(".")[0]
    found: list[str] = definition["rules"].get(
        f"{stage}.{slot}", definition["rules"].get(slot, [])
    )
    return found


def own_limits(settings: Data, vote: str) -> Data:
    """Return the settings of a vote: those of its stage if there are any, else all."""
    like({"votes?": {str: dict}, "channels?": ([str], NOTHING)}, settings, "settings")
    found: Data = settings.get("votes", {}).get(vote.partition(".")[0], settings)
    like(LIMITS, found, "settings")
    return found


def totals_of(before: list[Data], vote: str) -> list[Data]:
    """Return what hands and urns brought: item → votes, contra, points; and of how many people."""
    meeting: list[Data] = []
    for _, data in events(before, "HandsRecorded", vote=vote):
        votes = {ref: {"votes": shown["yes"], "contra": shown["no"], "points": None}
                 for ref, shown in data["hands"].items()}  # fmt: skip
        meeting = [{"people": data["present"], "votes": votes}]
    places = {data["place"]: data["totals"]
              for _, data in events(before, "TotalsEntered", vote=vote)}  # fmt: skip
    sums = [*places.values()]
    if outside := outside_of(before, vote):
        sums.append(outside["outside"])
    return meeting + [{"people": one["valid"], "votes": one["votes"]} for one in sums]


def outside_of(before: list[Data], vote: str) -> Data | None:
    """Return what a system outside has reported of a vote."""
    return next((data for _, data in events(before, "OutsideResultTaken", vote=vote)), None)


def check_course(export: Export, vote: str) -> None:
    """Check that the lines of a vote follow one another as its commands are allowed."""
    state: Data = {"done": set()}
    for line in export.lines:
        kind, data = line["kind"], line["data"]
        if kind == "StageReopened":
            state["done"] -= {"BallotClosed"}
        if kind == "ProcedureAmended":
            wrong = "BallotClosed" in state["done"] and state["BallotClosed"]["ballots"] > 0
        elif data.get("vote") == vote:
            wrong = misplaced_line(kind, line, state, export.lines)
            state["done"].add(kind)
            state[kind] = data
        else:
            continue
        if wrong:
            export.report.say(TAMPERED, "course", vote, line["seq"], kind)
        if kind in TOTALS and impossible(line):
            export.report.say(TAMPERED, "totals_odd", vote, line["seq"])


TOTALS = {"TotalsEntered", "HandsRecorded", "AssemblyVotesAdded"}


def misplaced_line(kind: str, line: Data, state: Data, lines: list[Data]) -> bool:
    """Tell whether a line of a vote cannot follow the ones before."""
    data, done = line["data"], state["done"]
    is_open = "BallotOpened" in done and "BallotClosed" not in done
    counted = bool(done & {"ResultDrafted", "BallotsCounted"})
    if kind in {"ResultDrafted", "ResultCertified", "BallotsCounted"}:
        return "BallotClosed" not in done or untimely(kind, data, state, lines[: line["seq"] - 1])
    if kind == "BallotClosed":
        settings = definition_of(lines[: line["seq"] - 1])["settings"]
        secrecy = own_limits(settings, data["vote"]).get("secrecy")
        due = (None, secrecy or data.get("secrecy"))  # old journals do not say either
        return not is_open or counted or data.get("secrecy") not in due
    wrong = {
        "BallotOpened": kind in done,
        "BoxCheckpointed": not is_open or counted,
        "ItemPutOnBallot": "BallotOpened" not in done or counted,
        "ResultCorrected": "BallotsCounted" not in done,
    }
    return wrong.get(kind, kind in {*TOTALS, "OutsideResultTaken"} and "BallotsCounted" in done)


def untimely(kind: str, data: Data, state: Data, before: list[Data]) -> bool:
    """Tell whether a result is drafted, certified or counted at the wrong time, or by the wrong one."""
    settings, done = definition_of(before)["settings"], state["done"]
    in_two = settings.get("results", "certified" if "ResultDrafted" in done else "") == "certified"
    if kind == "ResultDrafted":
        due = budget_of(before, data["vote"], settings, data["budget"])
        told = (data["ballots"], data["budget"])
        return (settings.get("results", "certified") != "certified" or bool(done & {kind, "BallotsCounted"})
                or told != (state["BallotClosed"]["ballots"], due))  # fmt: skip
    if kind == "ResultCertified":
        counter = state.get("ResultDrafted", data)["by"]
        same = bool(settings.get("certify_by_another")) and data["by"] == counter
        return same or "ResultDrafted" not in done or bool(done & {kind, "BallotsCounted"})
    right = not in_two or "ResultCertified" in done
    seed = state["ResultDrafted"]["seed"] if "ResultDrafted" in done else data["seed"]
    return kind in done or not right or data["seed"] != seed


def impossible(line: Data) -> bool:
    """Tell whether an urn or an assembly cannot have brought such numbers."""
    data = line["data"]
    if "totals" not in data:
        return any(min(one.values()) < 0 or sum(one.values()) > data["present"]
                   for one in data["hands"].values())  # fmt: skip
    told, votes = data["totals"], data["totals"]["votes"].values()
    numbers = [told[name] for name in ("ballots", "valid", "blank", "invalid")]
    numbers += [one[name] or 0 for one in votes for name in ("votes", "contra", "points")]
    explained = told.get("note") or any("note" in place for place in line.get("texts", {}))
    odd_sums = told["ballots"] != told["valid"] + told["blank"] + told["invalid"] or any(
        one["votes"] + one["contra"] > told["valid"] for one in votes
    )
    return min(numbers) < 0 or bool(odd_sums and not explained)


def check_electorate(export: Export, vote: str) -> None:
    """Compare how many have voted with how many may; ballots without a name need no roll."""
    for seq, data in events(export.lines, "BallotClosed", vote=vote):
        before = export.lines[: seq - 1]
        settings = definition_of(before)["settings"]
        roll = last(before, vote, "ElectorateFrozen", "ElectorateChanged")
        named = settings.get("electorate") == "register" and not settings.get("unnamed")
        if roll and named and data.get("voters", 0) > roll["people"]:
            export.report.say(TAMPERED, "electorate", vote, data["voters"], roll["people"])


def check_outside(export: Export, vote: str) -> None:
    """Compare what a system outside has reported with what it may report."""
    taken = list(events(export.lines, "OutsideResultTaken", vote=vote))
    for number, (seq, data) in enumerate(taken):
        wrong = [
            *outside_faults(export.lines[: seq - 1], vote, data),
            *["OutsideResultTaken"] * number,
        ]
        if wrong:
            export.report.say(TAMPERED, "outside_odd", vote, seq, ", ".join(wrong))
    for seq, _ in events(export.lines, "BallotsCounted", "TotalsEntered", vote=vote):
        before = export.lines[: seq - 1]
        limits = own_limits(definition_of(before)["settings"], vote)
        line = export.lines[seq - 1]
        if limits.get("secrecy") == "external" and (
            line["kind"] == "TotalsEntered" or outside_of(before, vote) is None
        ):
            export.report.say(TAMPERED, "outside_odd", vote, seq, line["kind"])


def outside_faults(before: list[Data], vote: str, taken: Data) -> Iterator[str]:
    """Name what cannot be of a result from outside."""
    settings, told = definition_of(before)["settings"], taken["outside"]
    limits, system = own_limits(settings, vote), settings.get("outside") or {}
    paper, valid = paper_of(before, vote), told["valid"]
    box = closed(before).get(vote)
    sent = last(before, vote, "RollHandedOut")
    roll = last(before, vote, "ElectorateFrozen", "ElectorateChanged")
    got = told["votes"].values()
    points = sum(one["votes"] if one["points"] is None else one["points"] for one in got)
    marks = [one["votes"] + one["contra"] for one in got]
    numbers = [told["ballots"], valid, told["blank"], told["invalid"], points, *marks]
    numbers += [number for one in got for number in (one["votes"], one["contra"])]
    rules = {
        "secrecy": limits.get("secrecy") == "external",
        "system": taken["system"] == system.get("name"),
        "signer": taken.get("signer", system.get("key")) == system.get("key"),
        "BallotClosed": box is not None and not box["ballots"] + box["aside"],
        "RollHandedOut": sent is not None and roll is not None
        and (sent["people"], sent["root"]) == (roll["people"], roll["root"]),
        "people": sent is None or told["ballots"] <= sent["people"],
        "ballots": told["ballots"] == valid + told["blank"] + told["invalid"],
        "votes": min(numbers) >= 0 and not set(told["votes"]) - set(paper)
        and max(marks, default=0) <= valid,
        "max_choices": not above(sum(marks), times(valid, limits.get("max_choices"))),
        "max_points": not above(points, times(valid, limits.get("max_points"))),
        "document": is_digest(told["document"]) and is_digest(told["proof"]),
    }  # fmt: skip
    return (name for name, right in rules.items() if not right)


def last(lines: Iterable[Data], vote: str, *kinds: str) -> Data | None:
    return next((data for _, data in reversed(list(events(lines, *kinds, vote=vote)))), None)


def times(number: int, most: int | None) -> int | None:
    return None if most is None else number * most


Tally = dict[str, list[int]]  # item → votes, points, contra


def places_of(lines: Iterable[Data], vote: str) -> dict[str, dict[str, str]]:
    """Return what area and what category the items of a paper are of."""
    found: dict[str, dict[str, str]] = {"area": {}, "category": {}}
    for _, data in events(lines, "BallotOpened", "ItemPutOnBallot", vote=vote):
        for kind, many in (("area", "areas"), ("category", "categories")):
            found[kind] |= data.get(many) or {}
            if data.get(kind):
                found[kind][data["item"]] = data[kind]
    return found


def merged_into(lines: Iterable[Data], paper: Data) -> dict[str, str]:
    """Return the items of a paper that were merged → who has their votes; nobody if empty."""
    goes: dict[str, str] = {}
    adds: dict[tuple[str, str], bool] = {}
    for _, data in events(lines, "ItemsMerged"):
        for ref in data["sources"]:
            goes[ref] = data["into"]
            adds[ref, data["into"]] = data["vote_policy"] == "add_points"
    found = {}
    for ref in set(goes) & set(paper):
        heir = ref
        while heir in goes and adds[heir, goes[heir]]:
            heir = goes[heir]
        found[ref] = heir if heir in paper and heir not in goes else ""
    return found


def moved(choices: dict[str, int], heirs: dict[str, str], kind: str) -> dict[str, int]:
    """Give what a ballot says of merged items to their heirs."""
    found: dict[str, int] = {}
    for ref, mark in choices.items():
        if heir := heirs.get(ref, ref):
            before = found.get(heir, 0 if kind == "cumulative" else mark)
            found[heir] = before + mark if kind == "cumulative" else max(before, mark)
    return found


def tally(box: list[dict[str, int]], paper: Data, kind: str, first: int) -> Tally:
    """Add up the ballots item by item; the first place of a ranking gives so many points."""
    sums: Tally = {ref: [0, 0, 0] for ref in paper}
    for choices in box:
        for ref, mark in choices.items():
            if kind == "ranking":
                place = sorted(choices.values()).index(mark)
                mark = max(first - place, 0)  # noqa: PLW2901 - a place becomes its points
            elif mark == 0:
                continue  # an abstention
            against = kind in {"yes_no", "pro_contra"} and mark < 0
            sums[ref][0] += not against
            sums[ref][1] += mark
            sums[ref][2] += against
    return sums


def with_totals(sums: Tally, totals: list[Data], signed: bool, heirs: dict[str, str]) -> None:  # noqa: FBT001
    for place in totals:
        for named, got in place["votes"].items():
            if not (ref := heirs.get(named, named)):
                continue
            points = got["votes"] if got["points"] is None else got["points"]
            sums[ref][0] += got["votes"]
            sums[ref][1] += got["votes"] - got["contra"] if signed else points
            sums[ref][2] += got["contra"] if signed else 0


def with_hands(sums: Tally, before: list[Data], vote: str, settings: Data, box: int) -> None:
    """Bring in the assembly that decides together with the ballots."""
    hands: Data = {}
    present = 0
    for _, data in events(before, "AssemblyVotesAdded", "ResultCorrected", vote=vote):
        hands = data["hands"] if "present" in data else {**hands, **data["hands"]}
        present = data.get("present", present)
    percent = settings["assembly_percent"] if settings["mixed_votes"] == "weights" else None
    for ref, sum_ in sums.items():
        shown = hands.get(ref, {"yes": 0, "no": 0})
        sum_[1] += shown["yes"]
        if percent is not None:
            sum_[1] = (percent * shown["yes"] * max(box, 1)
                       + (100 - percent) * sum_[0] * max(present, 1))  # fmt: skip
        sum_[0] += shown["yes"]
        sum_[2] += shown["no"]


def natural(ref: str) -> list[tuple[int, int, str]]:
    parts: list[str] = [""]
    for sign in ref:
        same = parts[-1] and parts[-1][-1].isdecimal() == sign.isdecimal()
        parts[-1:] = [parts[-1] + sign] if same or not parts[-1] else [parts[-1], sign]
    return [*((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts if p), (2, 0, ref)]


Score = tuple[int, int, int]  # whether it is free, and a fraction
Limits = list[tuple[dict[str, str], dict[str, int]]]  # item → name, name → cents


def award(
    paper: Data, sums: Tally, budget: int, settings: Data, ties: list[str], seed: str,
    limits: Limits,
) -> Data:  # fmt: skip
    """Award by rank: the best score first, as long as the money lasts."""
    misfit = settings["misfit"]

    def score(ref: str) -> Score:
        return score_of(ref, paper, sums, settings["rank_by"])

    def excluded(ref: str) -> bool:
        _, top, bottom = score(ref)
        little = sums[ref][0] <= 0 or top < settings["threshold"] * bottom
        return little or any(paper[ref] > most for most, _ in budgets(ref))

    def budgets(ref: str) -> Iterator[tuple[int, int]]:
        """Yield what the area and the category of an item have, and what they have used."""
        for names, amounts in limits:
            if (name := names.get(ref)) in amounts:
                yield amounts[name], sum(paper[one] for one in funded if names.get(one) == name)

    def key(ref: str) -> list[object]:
        votes, points, _ = sums[ref]
        drawn = sha256(f"{seed}\0{ref}".encode()).hexdigest()
        values: Data = {"cost": paper[ref], "-votes": -votes, "-points": -points, "lot": drawn}
        return [excluded(ref), *([] if excluded(ref) else [values[tie] for tie in ties]),
                natural(ref)]  # fmt: skip

    funded: list[str] = []
    reasons: dict[str, str] = {}
    amounts, rest, stopped = {}, budget, False
    order = by_score(sorted(paper, key=key), score)
    for ref in order:
        if sums[ref][0] <= 0:
            reasons[ref] = "no_support"
        if excluded(ref) or any(used + paper[ref] > most for most, used in budgets(ref)):
            continue
        if stopped:
            reasons[ref] = "after_stop"
            continue
        over = paper[ref] > rest
        if not over or covers(misfit, rest, paper[ref]):
            funded.append(ref)
            amounts[ref] = rest if over and misfit == "partial" else paper[ref]
            rest -= amounts[ref]
            reasons[ref] = misfit.partition("(")[0] if over else "funded"
        else:
            reasons[ref] = "left_to_assembly" if misfit == "assembly" else "does_not_fit"
        stopped = over and misfit != "skip"
    return {"order": order, "funded": funded, "amounts": amounts, "rest": rest, "reasons": reasons}


def award_pots(
    paper: Data, sums: Tally, budget: int, settings: Data, ties: list[str], seed: str,
    limits: Limits,
) -> Data:  # fmt: skip
    """Award the pots of areas or categories one by one."""
    order: list[str] = []
    funded: list[str] = []
    proposed: Data = {}
    reasons: dict[str, str] = {}
    left = budget
    for names, amounts in limits:
        for name, most in sorted(amounts.items()):
            own = {ref: cost for ref, cost in paper.items() if names.get(ref) == name}
            part = award(own, sums, min(most, left), settings, ties, seed, [])
            left -= min(most, left)
            order += part["order"]
            funded += part["funded"]
            proposed |= part["amounts"]
            reasons |= part["reasons"]
    others = sorted((ref for ref in paper if ref not in order), key=natural)
    order += by_score(others, lambda ref: score_of(ref, paper, sums, settings["rank_by"]))
    rest = budget - sum(proposed.values())
    reasons |= dict.fromkeys(others, "in_no_pot")
    return {
        "order": order,
        "funded": funded,
        "amounts": proposed,
        "rest": rest,
        "reasons": reasons,
    }


def score_of(ref: str, paper: Data, sums: Tally, by: str) -> Score:
    votes, points, _ = sums[ref]
    if by == "votes_per_cost":
        return int(not paper[ref] and votes > 0), votes, paper[ref] or 1
    return 0, points if by in {"points", "pro_minus_contra"} else votes, 1


def by_score(refs: Iterable[str], score: Callable[[str], Score]) -> list[str]:
    """Sort by score, equal ones in the order given."""
    order: list[str] = []
    for ref in refs:
        place = len(order)
        while place and better(score(ref), score(order[place - 1])):
            place -= 1
        order.insert(place, ref)
    return order


def better(one: Score, other: Score) -> bool:
    if one[0] != other[0]:
        return one[0] > other[0]
    return one[1] * other[2] > other[1] * one[2]


def covers(misfit: str, rest: int, cost: int) -> bool:
    if not misfit.startswith("overrun"):
        return misfit == "partial" and rest > 0
    top, bottom = map(int, misfit[len("overrun(") : -1].split("/"))
    return rest * bottom >= cost * top


def check_results(export: Export, vote: str, box: list[tuple[str, dict[str, int]]] | None) -> None:
    found = list(events(export.lines, "BallotsCounted", "ResultCorrected", vote=vote))
    if not found:
        export.report.say(GOOD, "not_counted", vote)
    for seq, told in found:
        if why := not_countable(export.lines[: seq - 1], vote, told, box):
            export.report.say(UNSUPPORTED, "not_recounted", vote, seq, why)
        elif box is not None:
            definition = definition_of(export.lines[: seq - 1])
            limits = own_limits(definition["settings"], vote)
            needed = {
                "settings": definition["settings"],
                "limits": limits,
                "result": told["result"],
            }
            if odd := unlike(RECOUNTED, needed):
                shape = FormError("why_shape", odd)
                export.report.say(TAMPERED, "unreadable", f"journal.ndjson:{seq}", shape)
                continue
            wrong = differences(export, vote, seq, told, [choices for _, choices in box])
            if wrong:
                export.report.say(TAMPERED, "result", vote, seq, ", ".join(wrong))
            elif outside := outside_of(export.lines[: seq - 1], vote):
                proof = outside["outside"]["proof"]
                export.report.say(INCOMPLETE, "outside", vote, seq, outside["system"], proof)
            else:
                export.report.say(GOOD, "recounted", vote, seq)


def not_countable(before: list[Data], vote: str, told: Data, box: object) -> str:
    """Name what this program does not know of the rules of a count; nothing if it knows all."""
    definition = definition_of(before)
    rules = [*rules_of(definition, vote, "count"), *rules_of(definition, vote, "tie")]
    known = {"core/greedy@1", "core/lot@1", *TIES}
    strange = [rule for rule in rules if rule not in known]
    version = f"{told['result']['rule']} {told['result']['version']}"
    due = "pots 1" if in_pots(definition["settings"]) else "greedy 1"
    return ", ".join(strange) or ("" if version == due or box is None else version)


def in_pots(settings: Data) -> bool:
    """Tell whether areas or categories have money of their own."""
    named = settings.get("area_budgets") or settings.get("category_budgets")
    return bool(named) and settings["budgets_as"] == "pots"


def differences(
    export: Export, vote: str, seq: int, told: Data, box: list[dict[str, int]]
) -> list[str]:
    """Count again, and name everything that the journal tells otherwise."""
    # A correction says itself which hands it was counted with, so its own line belongs to it.
    before = export.lines[: seq if "hands" in told else seq - 1]
    definition, result, paper = definition_of(before), told["result"], paper_of(before, vote)
    settings, totals = definition["settings"], totals_of(before, vote)
    named = {ref for choices in box for ref in choices} | {
        ref for one in totals for ref in one["votes"]
    }
    if named - set(paper):
        return ["paper"]
    limits = own_limits(settings, vote)
    kind, heirs = limits["ballot_type"], merged_into(before, paper)
    first = limits["max_choices"] or len(paper) - len(heirs)
    paper = {ref: cost for ref, cost in paper.items() if ref not in heirs}
    sums = tally([moved(choices, heirs, kind) for choices in box], paper, kind, first)
    with_totals(sums, totals, kind in {"yes_no", "pro_contra"}, heirs)
    if settings["mixed_votes"] != "no":
        with_hands(sums, before, vote, settings, len(box))
    ties = [TIES.get(rule, "lot") for rule in rules_of(definition, vote, "tie")]
    budget = budget_of(export.lines[: seq - 1], vote, settings, result["budget"])
    places = places_of(before, vote)
    own = [(places[by], settings[f"{by}_budgets"]) for by in places
           if settings.get(f"{by}_budgets")]  # fmt: skip
    counting = award_pots if in_pots(settings) else award
    again = counting(paper, sums, budget, settings, ties, told["seed"], own)
    parameters, nameless = result["parameters"], export.lines[seq - 1]["v"] > 1  # 1 holds texts
    fates = [(one["id"], one["cost"], one["votes"], one["points"], one["contra"],
              one["outcome"] == "funded") for one in result["fates"]]  # fmt: skip
    people = closed(before)[vote]["ballots"] + sum(one["people"] for one in totals)
    said = Counter(ref for choices in box for ref, mark in choices.items() if mark == 0)
    due = {
        "budget": (budget, result["budget"]),
        "fates": ([(ref, paper[ref], *sums[ref], ref in again["funded"])
                   for ref in again["order"]], fates),
        "fates (rank, turn, reason, margin)": ([], [
            one["id"] for n, one in enumerate(result["fates"], start=1)
            if (one["name"] and nameless) or not well_told(n, one, again, paper, sums, settings["rank_by"])
        ] if {one["id"] for one in result["fates"]} == set(paper) else []),
        "funded": (again["funded"], result["funded"]),
        "rest": (again["rest"], result["rest"]),
        "proposed": (again["amounts"], told["proposed"]),
        "ballots": (people, told["ballots"]),
        "blank": (sum(not one for one in box), told.get("blank", sum(not one for one in box))),
        "abstained": (dict(said), told.get("abstained", dict(said))),
        "misfit": (settings["misfit"], parameters.get("rule", parameters)["misfit"]),
    }  # fmt: skip
    return [name for name, (found, stated) in due.items() if found != stated]


def well_told(turn: int, fate: Data, again: Data, paper: Data, sums: Tally, by: str) -> bool:
    """Tell whether the fate of an item says of it what follows from the count."""
    ref, own = fate["id"], score_of(fate["id"], paper, sums, by)
    rank = 1 + sum(better(score_of(one, paper, sums, by), own) for one in paper)
    funded = ref in again["funded"]
    code = again["reasons"].get(ref, fate["reason"]["code"].removeprefix("fate."))
    reason, missing = fate["reason"]["params"], fate["margin"]["missing"]
    return (
        (fate["turn"], fate["rank"]) == (turn, rank)
        and fate["outcome"] == ("funded" if funded else "rejected")
        and fate["reason"]["code"] == f"fate.{code}"
        and reason.get("cost", paper[ref]) == paper[ref]
        and (fate["margin"]["reason"]["code"] == "margin.funded") == funded
        and (missing is None or (missing > 0 and not funded))
        and fate["margin"]["reason"]["params"].get("missing") == missing
    )


def budget_of(before: list[Data], vote: str, settings: Data, stated: int) -> int:
    """Return what the count could spend: fixed when it was first counted, else what was left."""
    for _, data in events(before, "ResultDrafted", vote=vote):
        return int(data["budget"])
    for _, data in events(before, "BallotsCounted", vote=vote):
        return int(data["result"]["budget"])
    _, pots = balances(before)
    left: int = sum(pot["available"] for pot in pots.values())
    # Pots that are kept for some items only are not open to every vote.
    return min(stated, left) if settings.get("pots") else left


def check_receipts(export: Export, receipts: Iterable[str]) -> None:
    """Look for the ballots of receipts among the commitments of all boxes."""
    typed = list(dict.fromkeys("".join(one.split()).lower() for one in receipts))
    wanted = [one for one in typed if is_digest(one)]
    for one in typed:
        if one not in wanted:
            export.report.say(INCOMPLETE, "no_such_receipt", one)
    votes, files = export.manifest["votes"], set(export.manifest["files"])
    hidden = sorted(
        vote for vote in votes if f"{votes[vote]}/commitments.txt" not in files & export.names
    )
    running = [vote for vote in hidden if not is_over(export.lines, vote)]
    place = {row.decode(): vote for vote in sorted(set(votes) - set(hidden)) if wanted
             for row in export.rows(f"{votes[vote]}/commitments.txt")
             if row.decode(errors="replace") in wanted}  # fmt: skip
    for receipt in wanted:
        if receipt in place:
            export.report.say(GOOD, "receipt", receipt[:16], place[receipt])
        elif running:
            export.report.say(INCOMPLETE, "receipt_not_yet", receipt[:16], ", ".join(running))
        elif hidden:
            export.report.say(INCOMPLETE, "receipt_no_box", receipt[:16], ", ".join(hidden))
        else:
            export.report.say(INCOMPLETE, "no_receipt", receipt[:16])


def verify(
    place: Path,
    outside: Iterable[Path] = (),
    receipts: Iterable[str] = (),
    words: Iterable[str] = (),
) -> Report:
    """Check an export.

    Args:
        place: a folder, a ``.tar`` or a ``.zip``.
        outside: checkpoints that were kept elsewhere.
        receipts: commitments that voters were given.
        words: the words of checkpoints that were printed elsewhere.
    """
    report, kept, read = Report(), list(outside), list(words)
    try:
        export = Export(place, report)
        if export.manifest:
            check(export, kept, read)
            guarded(report, "receipts", check_receipts, export, receipts)
        if not kept and not read:
            report.say(GOOD, "no_outside")
    except FormError as why:
        report.say(INCOMPLETE, *why.args)
    except Exception:  # noqa: BLE001 - whatever nonsense was written, it is a finding
        report.say(TAMPERED, "unexpected", place)
    return report


def guarded(report: Report, name: str, step: Callable[..., Any], *given: Any) -> Any:
    """Take one step; what was written so that it cannot be taken is a finding with its place."""
    try:
        return step(*given)
    except FormError as why:
        report.say(TAMPERED, "unreadable", name, why)
        return None
    except Exception:  # noqa: BLE001 - no nonsense may keep the other steps from being taken
        report.say(TAMPERED, "unexpected", name)
        return None


def check(export: Export, outside: list[Path], words: list[str]) -> None:
    report = export.report
    if not export.has("journal.ndjson"):
        return
    leaves = guarded(report, "journal.ndjson", check_journal, export)
    if leaves is None or [line["seq"] for line in export.lines] != [*range(1, len(leaves) + 1)]:
        return  # what is missing or out of place has been told; nothing else can be found by number
    if not definition_of(export.lines):
        report.say(
            TAMPERED, "unreadable", "journal.ndjson", FormError("why_shape", "ProcedureOpened")
        )
        return
    guarded(report, "checkpoints", check_checkpoints, export, leaves)
    guarded(report, "checkpoints", check_outside_checkpoints, export, leaves, outside, words)
    votes = {data["vote"] for _, data in events(export.lines, "BallotOpened")}
    for vote in sorted(votes ^ set(export.manifest["votes"])):
        report.say(TAMPERED, "vote_unknown", vote)
    for vote in sorted(votes & set(export.manifest["votes"])):
        for step in (check_course, check_electorate, check_outside):
            guarded(report, f"journal.ndjson, {vote}", step, export, vote)
        box = guarded(report, export.manifest["votes"][vote], check_vote, export, vote)
        guarded(report, f"journal.ndjson, {vote}", check_results, export, vote, box)
    bookings = guarded(report, "books.ndjson", check_books, export)
    guarded(report, "texts.ndjson", check_texts, export)
    report.say(GOOD, "checked", len(leaves), len(votes), bookings)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").splitlines()[0],
        epilog="Rückgabe / exit code: 0 in Ordnung / good, 1 verändert oder beschädigt / changed or "
        "damaged, 2 etwas fehlt oder ließ sich nicht lesen oder vergleichen / something is missing or "
        "could not be read or compared, 3 hier nicht bekannt / not known here.",
    )
    parser.add_argument("export", type=Path, help="das ausgegebene Verfahren: Ordner, .zip oder .tar "
                        "/ the export: a folder, .zip or .tar")  # fmt: skip
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], metavar="DATEI",
                        help="ein Prüfpunkt von außerhalb, etwa aus der Niederschrift; mehrfach möglich "
                        "/ a checkpoint kept elsewhere; may be repeated")  # fmt: skip
    parser.add_argument("--words", action="append", default=[], metavar="WÖRTER",
                        help="ein gedruckter Prüfpunkt: Herkunft, Zahl der Zeilen und 16 Wörter, zusammen "
                        "in Anführungszeichen / a printed checkpoint: origin, number of lines and "
                        "16 words, together in quotation marks")  # fmt: skip
    parser.add_argument("--receipt", action="append", default=[], metavar="QUITTUNG",
                        help="die Quittung eines Stimmzettels, 64 Ziffern und Buchstaben; mehrfach möglich "
                        "/ the receipt of a ballot, 64 digits and letters; may be repeated")  # fmt: skip
    parser.add_argument("--lang", choices=("de", "en"), default="de",
                        help="Sprache des Berichts / language of the report")  # fmt: skip
    given = parser.parse_args(arguments)
    report = verify(given.export, given.checkpoint, given.receipt, given.words)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal may not know every letter
        sys.stdout.reconfigure(errors="replace")
    print(report.text(given.lang))
    return int(report.exit_code)


if __name__ == "__main__":
    sys.exit(main())
