"""Prüft eine Verlosung nach; diese Datei genügt, mit Python 3.11 und sonst nichts.

python3 verifier.py losprotokoll.jsonl panels.json [pool.json], auch mehrere Listen. panels.json
ist die veröffentlichte Liste der Tafeln, pool.json die Merkmalsliste für Prüfende. Ohne sie
bleiben Quoten, Haushalte und der Beweis der Fairness ungeprüft, alles andere nicht.
"""

import json
import re
import sys
from collections import Counter
from datetime import UTC, datetime
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

Data = dict[str, Any]
FORMS = {"digits": "[0-9]{%(count)d}", "dice": "[1-6]{%(count)d}",
         "lottery": "([1-9][0-9]* ?\\b){%(numbers)d}( / [0-9]{%(extra)d})?",
         "drand": "%(round)d [0-9a-f]{64}"}  # fmt: skip


class Wrong(ValueError):  # noqa: N818
    """Etwas stimmt nicht; der Satz sagt, was."""


def need(holds: object, sentence: str) -> None:
    if not holds:
        raise Wrong(sentence)


def sha(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def written(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def below(purpose: str, seed: str, count: int, start: int = 0) -> tuple[int, int]:
    while True:  # die ersten Bits eines Blocks; was nicht unter count liegt, wird verworfen
        head = f"partizipation/sortition/1\0{purpose}\0{seed}\0".encode()
        block = int.from_bytes(sha256(head + start.to_bytes(8, "big")).digest(), "big")
        number, start = block >> (256 - (count - 1).bit_length()), start + 1
        if number < count:
            return number, start


def shuffled(purpose: str, seed: str, items: list[str]) -> list[str]:
    at = 0
    for last in range(len(items) - 1, 0, -1):
        other, at = below(purpose, seed, last + 1, at)
        items[last], items[other] = items[other], items[last]
    return items


def check_value(said: Data, text: str) -> None:
    if said["kind"] != "reveal":
        fits = re.fullmatch(FORMS[said["kind"]] % {"extra": 0, **said}, text)
        need(fits, "Der Zufallswert hat nicht die angekündigte Form.")
        return
    secrets, other = json.loads(text)
    for party, secret in zip(said["parties"], secrets, strict=True):
        kept = secret is None or sha(secret) == party["sha256"]
        need(kept, f"Das Geheimnis von {party['name']} ist nicht das hinterlegte.")
    need((other is None) == (None not in secrets), "Die Ersatzquelle wurde zu Unrecht verwendet.")
    if other is not None:
        check_value(said["fallback"], other)


class Check:
    """Geht ein Protokoll Zeile für Zeile durch; did erklärt, was geprüft wurde."""

    def __init__(self, protocol: str, files: list[str]) -> None:
        self.lists: dict[str, Data] = {}
        for text, data in ((text, json.loads(text)) for text in files):
            pool = "panels" not in data and sorted([n, row["leaf"]] for n, row in data.items())
            self.lists[sha(written(pool) if pool else text)] = data
        self.did: list[str] = []
        self.open, self.drawn, self.head = "", "", "0" * 64
        for number, line in enumerate(protocol.removesuffix("\n").split("\n"), start=1):
            entry = json.loads(line)
            need(written(entry) == line, f"Zeile {number} hat nicht die vereinbarte Schreibweise.")
            linked = entry["previous"] == self.head and entry["number"] == number
            need(linked, f"Die Kette reißt vor Zeile {number}: Davor wurde etwas geändert.")
            self.head = sha(line)
            getattr(self, f"on_{entry['kind']}")(entry)

    def on_commitment(self, said: Data) -> None:
        need(not self.open, "Vor der neuen Festlegung blieb eine alte offen.")
        self.said, self.open, self.commitment, self.drawn = said, self.head, self.head, ""
        source = said["source"]
        need(source["at"] > said["at"], "Das Zufallsereignis lag nicht nach der Festlegung.")
        fits = source["kind"] != "digits" or 10 ** source["count"] == said["panels"]
        need(fits, "Die Zahl der Ziffern passt nicht zur Zahl der Tafeln.")
        if source["kind"] == "drand":
            seconds = source["genesis"] + (source["round"] - 1) * source["period"]
            moment = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            need(source["at"] == moment, "Die Runde gehört nicht zum angekündigten Zeitpunkt.")

    def on_cancelled(self, entry: Data) -> None:
        need(self.open and entry["commitment"] == self.open, "Aufgehoben wurde nichts Offenes.")
        need(entry["reason"], "Eine Festlegung wurde ohne Begründung aufgehoben.")
        self.open = ""

    def on_erasure(self, entry: Data) -> None:
        self.did.append(f"{entry['people']} Personen auf Verlangen gelöscht")

    def on_draw(self, entry: Data) -> None:
        waiting = self.open and entry["commitment"] == self.open
        need(waiting, "Zu dieser Festlegung durfte nicht oder nicht noch einmal gezogen werden.")
        said, self.open, self.drawn = self.said, "", self.head
        self.listed = self.lists.get(said["panels_sha256"], {})
        self.pool = self.lists.get(said["pool_sha256"], {})
        need(self.listed, "Die festgelegte Liste der Tafeln fehlt oder wurde geändert.")
        self.check_panels(self.listed["people"], self.listed["panels"])
        self.did.append(self.check_pool() if self.pool else "Quoten ohne Merkmalsliste ungeprüft")
        source, value = said["source"], entry["value"]
        need(entry["at"] >= source["at"], "Gezogen wurde vor dem angekündigten Ereignis.")
        check_value(source, value)
        self.seed = f"{self.commitment}/{value}"
        fair = below(f"panel/{said['procedure']}", self.seed, said["panels"])[0]
        index = int(value) if source["kind"] == "digits" else fair
        need(entry["index"] == index, f"Aus dem Zufallswert folgt Tafel {index}, keine andere.")
        panel = [self.listed["people"][place] for place in self.listed["panels"][index]]
        need(entry["panel"] == panel, f"Das sind nicht die Personen von Tafel {index}.")
        self.panel, self.used, self.order = set(panel), set[str](), list[str]()
        self.did.append(f"Tafel {index} von {said['panels']} gezogen")

    def check_panels(self, people: list[str], panels: list[list[int]]) -> None:
        said, everybody = self.said, set(range(len(people)))
        need(len(set(people)) == said["people"] == len(people), "Die Personenzahl stimmt nicht.")
        need(len(panels) == said["panels"], f"Die Liste hat nicht {said['panels']} Tafeln.")
        for number, panel in enumerate(panels):
            need(len(panel) == said["seats"], f"Tafel {number} hat nicht {said['seats']} Plätze.")
            need(len(set(panel)) == len(panel), f"In Tafel {number} sitzt jemand doppelt.")
            need(everybody.issuperset(panel), f"Tafel {number} nennt Unbekannte.")
        counted = Counter(place for panel in panels for place in panel)
        counts = [counted[place] for place in range(len(people))]
        need(counts == self.listed["counts"], "Die Häufigkeiten passen nicht zu den Tafeln.")
        need(min(counts) == said["minimum_panels"], "Die kleinste Häufigkeit stimmt nicht.")

    def off(self, rows: list[Data]) -> int:
        names = list(dict.fromkeys(category for category, *_ in self.said["quotas"]))
        got = Counter(pair for row in rows for pair in zip(names, row["features"], strict=True))
        return sum(max(least - got[category, feature], got[category, feature] - most, 0)
                   for category, feature, least, most in self.said["quotas"])  # fmt: skip

    def apart(self, rows: list[Data]) -> bool:
        homes = [row["household"] for row in rows if row["household"]]
        return not self.said["one_per_household"] or len(set(homes)) == len(homes)

    def check_pool(self) -> str:
        known = {name: row for name, row in self.pool.items() if "features" in row}
        for name, row in known.items():
            bare = {key: part for key, part in row.items() if key != "leaf"}
            need(sha(written([name, bare])) == row["leaf"], f"Merkmale von {name} geändert.")
        for number, panel in enumerate(self.listed["panels"]):
            rows = [self.pool[self.listed["people"][place]] for place in panel]
            if all("features" in row for row in rows):
                need(not self.off(rows), f"Tafel {number} erfüllt die Quoten nicht.")
                need(self.apart(rows), f"In Tafel {number} sitzen zwei aus einem Haushalt.")
        if len(known) < len(self.pool):
            return f"Quoten geprüft, Beweis wegen {len(self.pool) - len(known)} Gelöschter nicht"
        proven = self.bound(self.said["proof"]) == Fraction(*self.said["proof"]["bound"])
        need(proven, "Die bewiesene Obergrenze der kleinsten Chance ist falsch.")
        return "Quoten, Haushalte und Beweis geprüft"

    def bound(self, proof: Data) -> Fraction:
        upper = [*proof["households"].values(), *(price for _, price in proof["cuts"])]
        need(min(upper, default=0) >= 0, "Ein Preis im Beweis ist unzulässig.")
        allowed = proof["seats"] * self.said["seats"] + sum(proof["households"].values())
        allowed += sum(most * price for most, price in proof["cuts"])
        names, prices = list(dict.fromkeys(quota[0] for quota in self.said["quotas"])), {}
        for quota, price in zip(self.said["quotas"], proof["quotas"], strict=True):
            prices[quota[0], quota[1]] = price
            allowed += price * (min(quota[3], self.said["seats"]) if price > 0 else quota[2])
        weight = 0
        for row in self.pool.values():
            worth = proof["seats"] + proof["households"].get(row["household"], 0)
            worth += sum(prices[pair] for pair in zip(names, row["features"], strict=True))
            worth += sum(n * cut[1] for n, cut in zip(row["cuts"], proof["cuts"], strict=True))
            allowed, weight = allowed + max(-worth, 0), weight + max(worth, 0)
        return min(Fraction(allowed, weight), Fraction(1)) if weight else Fraction(1)

    def on_alternates(self, entry: Data) -> None:
        need(entry["draw"] == self.drawn != "", "Die Ersatzliste gehört zu keiner Ziehung.")
        others = sorted(set(self.listed["people"]) - self.panel)
        self.order = shuffled(f"alternates/{self.said['procedure']}", self.seed, others)
        need(
            entry["order"] == self.order, "Die Ersatzliste ist nicht in der gelosten Reihenfolge."
        )

    def on_replacement(self, entry: Data) -> None:
        need(entry["draw"] == self.drawn != "", "Das Nachrücken gehört zu keiner Ziehung.")
        need(entry["leaving"] in self.panel, "Ersetzt wurde jemand, der keinen Platz hat.")
        self.panel.remove(entry["leaving"])
        self.used |= {entry["leaving"], *entry["declined"]}
        order = [name for name in self.order if name not in self.used]
        need(
            entry["entering"] in order, "Nachgerückt ist jemand, der nicht an der Reihe sein kann."
        )
        names = order[: order.index(entry["entering"]) + 1]
        rows = [self.pool.get(name, {}) for name in (*self.panel, *names)]
        if all("features" in row for row in rows):
            staying, asked = rows[: len(self.panel)], rows[len(self.panel) :]
            *earlier, missed = [self.off([*staying, row]) if self.apart([*staying, row]) else 10**6
                                for row in asked]  # fmt: skip
            need(missed < min(earlier, default=10**6), "Vorher wäre jemand anderes an der Reihe.")
            excused = missed == entry["missed"] and (not missed or entry["override"])
            need(excused, "Mit dem Nachrücken werden Quoten ohne Begründung verfehlt.")
        self.panel.add(entry["entering"])
        self.used.add(entry["entering"])
        self.did.append("Nachrücken geprüft")


def main(paths: list[str]) -> int:
    try:
        protocol, *files = [Path(path).read_text(encoding="utf-8") for path in paths]
        check = Check(protocol, files)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OSError) as error:
        damaged = f"Protokoll oder Liste ist unvollständig oder beschädigt ({error!r})."
        print("FALSCH:", error if isinstance(error, Wrong) else damaged)
        return 1
    print(*check.did, f"RICHTIG. Hash der letzten Zeile: {check.head}", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
