"""Keep a small database of the present schema version, so that every later release opens it.

Run it once, when a version is released: ``python tests/store/corpus/make.py``. What it writes is
never made anew: a database in the field is not made anew either.
"""

import json
import sqlite3
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from partizipation_core.clock import FrozenClock, start_of_day
from partizipation_core.commands import (
    CastBallot,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.platform import Platform
from partizipation_core.store.schema import SCHEMA_VERSION
from partizipation_core.values import Actor, Money, Role

HERE = Path(__file__).parent
OFFICER, REVIEWER = Actor.of("officer-1", Role.OFFICER), Actor.of("reviewer-1", Role.REVIEWER)
ITEMS = {"fountain": 600, "bench": 300, "swing": 200}
BALLOTS = {"anna": ["fountain"], "ben": ["fountain", "bench"], "cem": ["swing"]}
REVIEW, VOTE, FUND, IMPLEMENT = (date(2027, *day) for day in ((4, 1), (5, 15), (6, 1), (7, 1)))


def resident(name):
    return Actor.of(name, Role.RESIDENT)


def begin(day):
    return start_of_day(day, ZoneInfo("Europe/Berlin"))


def play(file):
    """Play a Bürgerhaushalt up to the middle of its vote."""
    clock = FrozenClock(begin(date(2027, 3, 1)))
    with Platform(f"sqlite:///{file}", clock=clock) as platform:
        budget = platform.municipality("12060052").open(
            "budget-2027",
            "buergerhaushalt",
            actor=OFFICER,
            settings={"pot": "1000 EUR", "misfit": "skip"},
            schedule={"review": REVIEW, "vote": VOTE, "fund": FUND, "implement": IMPLEMENT},
        )
        for ref, euros in ITEMS.items():
            idea = SubmitItem(item=ref, title="Trinkbrunnen am Markt", cost=Money.euro(euros))
            budget.execute(idea, actor=resident("author"), key=f"idea-{ref}")
        clock.set(begin(REVIEW))
        budget.tick()
        for ref in ITEMS:
            budget.execute(TakeUpReview(item=ref), actor=REVIEWER)
            budget.execute(ReviewItem(item=ref, outcome="feasible"), actor=REVIEWER)
            budget.execute(ShortlistItem(item=ref), actor=OFFICER)
        clock.set(begin(VOTE))
        budget.tick()
        for name, refs in BALLOTS.items():
            ballot = CastBallot(choices=dict.fromkeys(refs, 1))
            budget.execute(ballot, actor=resident(name), key=f"ballot-{name}")


def main(target):
    with TemporaryDirectory() as folder:
        file = Path(folder, "town.db")
        play(file)
        keys = {one.name: one.read_bytes().hex() for one in Path(f"{file}.keys").iterdir()}
        with closing(sqlite3.connect(file)) as connection:
            lines = list(connection.iterdump())
    target.with_suffix(".sql").write_text("\n".join(lines) + "\n", encoding="utf-8")
    target.with_suffix(".keys.json").write_text(json.dumps(keys, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / f"version-{SCHEMA_VERSION}")
