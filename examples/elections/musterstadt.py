# ruff: noqa: INP001 - a script, not a package
"""Make the example election of Musterstadt, a town that does not exist.

Every name, voter and vote is invented. The seed makes the file the same each time:
``python examples/elections/musterstadt.py > examples/elections/musterstadt_2026.pb``.
"""

import sys
from dataclasses import replace
from random import Random

from partizipation_core.counting import Election, Greedy, Project, Result, Ties

SEED, VOTERS, MOST = 2026, 312, 5
EUROS = 100
META = {
    "description": "Bürgerbudget Musterstadt 2026",
    "country": "Germany",
    "unit": "Musterstadt",
    "instance": "2026",
    "rule": "greedy",
    "date_begin": "04.05.2026",
    "date_end": "17.05.2026",
    "min_length": "1",
    "max_length": str(MOST),
    "language": "de",
    "currency": "EUR",
    "experimental": "1",
    "comment": "#1: This election is invented. #2: Equal votes: the smaller number comes first.",
}
PROJECTS = (
    # name, euros, category, how popular it is
    ("Wasserspielplatz im Stadtpark", 42_000, "Spiel und Sport", 0.62),
    ("Schattenbäume am Marktplatz", 18_500, "Grün", 0.58),
    ("Reparaturcafé im Alten Bahnhof", 6_400, "Nachbarschaft", 0.50),
    ("Sichere Querung vor der Grundschule", 27_800, "Verkehr", 0.48),
    ("Bücherschränke in allen Ortsteilen", 3_950, "Kultur", 0.43),
    ("Fahrradstraße; 1. Abschnitt", 55_000, "Verkehr", 0.40),
    ("Lastenräder zum Ausleihen", 14_200, "Verkehr", 0.33),
    ("Open-Air-Kino „Sommernacht“", 8_900, "Kultur", 0.31),
    ("Boulebahn am Mühlenteich", 11_300, "Spiel und Sport", 0.26),
    ("Blühstreifen an der Umgehungsstraße", 2_150, "Grün", 0.22),
    ("Trinkbrunnen am Bahnhof", 9_700, "Grün", 0.20),
    ("WLAN im Dorfgemeinschaftshaus Oberdorf", 4_800, "Nachbarschaft", 0.12),
)


def ballot(random: Random) -> list[str]:
    """Invent what one voter chooses: at least one project, the more popular the likelier."""
    liked = [str(n) for n, (*_, share) in enumerate(PROJECTS, 1) if random.random() < share]
    return liked[:MOST] or ["1"]


def election() -> Election:
    """Invent the election and note its official outcome in the column ``selected``."""
    random = Random(SEED)  # noqa: S311 - invents voters, draws no lot
    cast = Election.from_ballots(
        projects=[
            Project(id=str(n), cost=euros * EUROS, name=name, categories=(category,))
            for n, (name, euros, category, _) in enumerate(PROJECTS, 1)
        ],
        budget=120_000 * EUROS,
        ballots=[ballot(random) for _ in range(VOTERS)],
        unit=EUROS,
        meta=META,
    )
    result = Greedy(misfit="skip", ties=Ties("id"))(cast)
    return replace(cast, projects=tuple(_decided(p, result) for p in cast.projects))


def _decided(project: Project, result: Result) -> Project:
    votes, funded = result.fates[project.id].votes, project.id in result.funded
    return replace(project, meta={"votes": str(votes), "selected": str(int(funded))})


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(election().to_pb())
