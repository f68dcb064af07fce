"""Invented towns for stories: districts and figures are real, everybody who lives there is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil, floor
from random import Random

from attrs import field, frozen

from partizipation_buergerrat.desk import Known
from partizipation_buergerrat.procedure.mandate import SeatQuota

__all__ = ["BUNDESTAG", "KASSEL", "Town", "quotas", "residents"]

Shares = Mapping[str, int]


@frozen(kw_only=True)
class Town:
    """Whom a body is drawn from, and how.

    Args:
        name: of the town or country.
        question: what is asked.
        addressee: who answers.
        registered: categories that registers know: category → feature → share.
        declared: categories that people are asked for: category → feature → share.
        places: municipality → inhabitants.
        drawn_places: how many municipalities take part.
        letters: how many letters are sent.
        replies: how many people register.
        seats: how many are drawn.
        digits: how many digits are drawn in public; there are as many panels as numbers.
        loose: categories of many small features, whose quotas have no least.
        sessions: how many meetings there are.
        recommendations: titles.
    """

    name: str
    question: str
    addressee: str
    registered: Mapping[str, Shares]
    declared: Mapping[str, Shares]
    places: Mapping[str, int]
    drawn_places: int = 1
    letters: int
    replies: int
    seats: int
    digits: int
    loose: frozenset[str] = frozenset()
    sessions: int = 4
    recommendations: tuple[str, ...] = field(factory=tuple)

    def smaller(self, divisor: int, *, digits: int) -> Town:
        """Return the same town with fewer people, for tests.

        Args:
            divisor: letters, replies and seats are divided by it.
            digits: how many digits are drawn.
        """
        from attrs import evolve

        return evolve(
            self,
            letters=self.letters // divisor,
            replies=self.replies // divisor,
            seats=self.seats // divisor,
            digits=digits,
        )


def quotas(town: Town) -> tuple[SeatQuota, ...]:
    """Give every feature its share of the seats, with a seat and a tenth to either side."""
    return tuple(
        _quota(town, category, feature, share * town.seats / sum(shares.values()))
        for category, shares in {**town.registered, **town.declared}.items()
        for feature, share in shares.items()
    )


def _quota(town: Town, category: str, feature: str, exact: float) -> SeatQuota:
    width = 1 + exact / 10
    least = 0 if category in town.loose else max(0, floor(exact - width))
    return SeatQuota(category=category, feature=feature, least=least, most=ceil(exact + width))


def residents(town: Town, place: str, count: int, random: Random) -> Iterator[Known]:
    """Invent people of a municipality as its register hands them out.

    Args:
        town: the shares of features.
        place: the municipality.
        count: how many people.
        random: chance of the invention.
    """
    for number in range(count):
        home = f"{place} {number - random.randrange(2)}"
        yield Known(
            contact={"name": f"Person {place} {number}", "address": home},
            household=home,
            answers=chosen(town.registered, random),
        )


def chosen(categories: Mapping[str, Shares], random: Random) -> dict[str, str]:
    """Choose a feature of each category by its share."""
    return {
        category: random.choices(list(shares), weights=_weights(shares))[0]
        for category, shares in categories.items()
    }


def _weights(shares: Shares) -> Sequence[int]:
    return list(shares.values())


KASSEL = Town(
    name="Kassel",
    question="Wie soll Kassel sein Klima schützen?",
    addressee="Stadtverordnetenversammlung",
    registered={
        "Alter": {"16-29": 25, "30-44": 23, "45-64": 30, "65+": 22},
        "Geschlecht": {"weiblich": 51, "männlich": 49},
        "Ortsbezirk": {
            "Bad Wilhelmshöhe": 13,
            "Bettenhausen": 9,
            "Brasselsberg": 4,
            "Fasanenhof": 9,
            "Forstfeld": 7,
            "Harleshausen": 12,
            "Jungfernkopf": 4,
            "Kirchditmold": 11,
            "Mitte": 9,
            "Niederzwehren": 12,
            "Nord-Holland": 17,
            "Nordshausen": 2,
            "Oberzwehren": 13,
            "Philippinenhof-Warteberg": 4,
            "Rothenditmold": 8,
            "Südstadt": 8,
            "Süsterfeld-Helleböhn": 6,
            "Unterneustadt": 4,
            "Vorderer Westen": 17,
            "Waldau": 7,
            "Wehlheiden": 14,
            "Wesertor": 10,
            "Wolfsanger-Hasenhecke": 7,
        },
    },
    declared={
        "Bildung": {"ohne Abitur": 60, "Abitur": 20, "Studium": 20},
        "Migrationsgeschichte": {"ja": 40, "nein": 60},
    },
    places={"Kassel": 165_000},
    letters=1_656,
    replies=120,
    seats=30,
    digits=2,
    loose=frozenset({"Ortsbezirk"}),
    recommendations=(
        "Stadtbäume nachpflanzen und bewässern",
        "Sichere Radwege zu allen Schulen",
        "Beratung zur Wärmedämmung in jedem Ortsbezirk",
        "Bus und Bahn häufiger am Abend",
        "Klimacheck für jede Vorlage",
    ),
)
"""Bürgerrat of 2022: 1,656 letters, 30 seats, 23 districts, four sessions."""

_STATES = {
    "Baden-Württemberg": 13,
    "Bayern": 16,
    "Berlin": 4,
    "Brandenburg": 3,
    "Bremen": 1,
    "Hamburg": 2,
    "Hessen": 8,
    "Mecklenburg-Vorpommern": 2,
    "Niedersachsen": 10,
    "Nordrhein-Westfalen": 21,
    "Rheinland-Pfalz": 5,
    "Saarland": 1,
    "Sachsen": 5,
    "Sachsen-Anhalt": 3,
    "Schleswig-Holstein": 4,
    "Thüringen": 2,
}

BUNDESTAG = Town(
    name="Deutschland",
    question="Ernährung im Wandel: zwischen Privatangelegenheit und staatlichen Aufgaben",
    addressee="Deutscher Bundestag",
    registered={
        "Alter": {"16-29": 19, "30-44": 22, "45-59": 26, "60+": 33},
        "Geschlecht": {"weiblich": 51, "männlich": 49},
        "Land": _STATES,
        "Gemeindegröße": {"bis 20.000": 40, "bis 100.000": 28, "über 100.000": 32},
    },
    declared={
        "Bildung": {"Hauptschule": 28, "Realschule": 32, "Abitur": 15, "Hochschule": 25},
        "Ernährung": {"vegan": 2, "vegetarisch": 10, "weder noch": 88},
    },
    places={f"Gemeinde {number:03d}": 3_000 + 617 * number for number in range(400)},
    drawn_places=82,
    letters=19_327,
    replies=2_220,
    seats=160,
    digits=3,
    loose=frozenset({"Land"}),
    sessions=9,
    recommendations=(
        "Kostenfreies Mittagessen für alle Kinder",
        "Bewusstes Einkaufen durch ein verpflichtendes Label",
        "Weitergabe von genießbaren Lebensmitteln",
    ),
)
"""Twin of the Bürgerrat of 2023: 19,327 letters, 2,220 replies, 160 seats, 1,000 panels."""
