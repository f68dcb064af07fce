"""Reports to look at: a usual one, and ways to change it."""

import pytest
from attrs import evolve

from partizipation_core.clock import Instant
from partizipation_core.reports import Check, Entry, Milestone, Refusal, Report

DAY = 86_400_000_000
START = Instant(1_772_355_600_000_000)  # 1 March 2026, 10:00 in Berlin

ENTRIES = (
    Entry(
        item="p-1",
        title="Trinkbrunnen am Marktplatz",
        category="Klima",
        cost=1_250_000,
        score=412,
        score_label="412 Stimmen",
        award=1_250_000,
        state="in_progress",
        reason="Das Geld reichte für diesen Vorschlag.",
        percent=60,
        spent=480_000,
        note="Die Leitung liegt, der Brunnen ist bestellt.",
    ),
    Entry(
        item="p-2",
        title="Sitzbänke mit Rückenlehne entlang des Weges zum Friedhof und zum Seniorenzentrum",
        category="Barrierefreiheit",
        cost=900_000,
        score=388,
        score_label="388 Stimmen",
        award=700_000,
        state="done",
        percent=100,
        spent=652_050,
    ),
    Entry(
        item="p-3",
        title="Neue Schwimmhalle",
        category="Sport",
        cost=410_000_000,
        score=301,
        score_label="301 Stimmen",
        state="not_awarded",
        reason="Als die Reihe an diesen Vorschlag kam, war weniger Geld übrig, als er kostet.",
    ),
    Entry(
        item="p-4",
        title="Hundewiese",
        cost=150_000,
        score=117,
        score_label="117 Stimmen",
        state="reserve",
        reason="Der Vorschlag steht auf der Reserveliste.",
    ),
    Entry(
        item="p-5",
        title="Zweite Mondlandung",
        state="infeasible",
        reason="Die Stadt ist dafür nicht zuständig.",
    ),
)


@pytest.fixture
def report():
    """Return the result of a made-up Bürgerhaushalt."""
    return Report(
        title="Bürgerhaushalt 2026",
        municipality="Musterstadt",
        format="Bürgerhaushalt",
        stage="Umsetzung",
        generated_at=Instant(START + 200 * DAY),
        entries=ENTRIES,
        pot=2_500_000,
        ballots=1_218,
        turnout={"online": 1_004, "paper": 214},
        rule="Die Vorschläge wurden nach Stimmen geordnet und der Reihe nach aufgenommen.",
        ties=("Kein Vorschlag außer zweien war gleichauf; das Los hat entschieden.",),
        refusals=(
            Refusal(who="Einwohnerschaft", what="Abstimmen", sentence="Die Phase ist vorbei."),
        ),
        milestones=(
            Milestone(at=START, what="Ideen sammeln"),
            Milestone(at=Instant(START + 60 * DAY), what="Abstimmung"),
        ),
        checks=(
            Check(name="Neuaufbau aus dem Journal", ok=True, detail="1.312 Zeilen"),
            Check(name="Prüfsumme der Urne", ok=False, detail="ein Zettel fehlt"),
        ),
        source="Öffentliche Beispieldaten",
    )


@pytest.fixture
def crowded(report):
    """Return a report with as many entries as asked for, each hundredth of them funded."""

    def make(number):
        entries = [
            Entry(
                item=f"p-{n}",
                title=f"Vorschlag Nummer {n}",
                cost=100_000 + n,
                score=10_000 - n,
                score_label=f"{10_000 - n} Stimmen",
                award=100_000 + n if n % 100 == 0 else None,
                state="awarded" if n % 100 == 0 else "not_awarded",
                reason="" if n % 100 == 0 else "Das Geld reichte nicht.",
            )
            for n in range(number)
        ]
        return evolve(report, entries=entries, pot=10_000_000)

    return make
