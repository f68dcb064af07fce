"""Play a procedure with a vote, and print a digest of everything that is exported of it.

Run by the test of determinism as ``python same_everywhere.py URL DOUBLE`` in worlds that differ in
hash seed, time zone, locale and database. Randomness is counted through, so that what differs must
come from the world. A double is a known bug that makes the world matter.
"""

import hashlib
import itertools
import locale
import secrets
import sys
import tempfile
import time
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select

from partizipation_core import configuration
from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import (
    AdmitVoters,
    AdvanceStage,
    AwardItems,
    CastBallot,
    CountBallots,
    EnterTotals,
    ItemTotals,
    ReplaceBallot,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.counting.lot import Lot
from partizipation_core.platform import Platform
from partizipation_core.store import schema, unit
from partizipation_core.store.keys import MemoryKeys
from partizipation_core.values import Actor, Money, Role

OFFICER, REVIEWER = Actor.of("officer", Role.OFFICER), Actor.of("reviewer", Role.REVIEWER)
COUNCIL = Actor.of("council", Role.COUNCIL)
ITEMS = ("b-2", "B-10", "a-1", "Z-3", "A-7", "c-4")


def count_randomness_through():
    numbers = itertools.count()

    def drawn(amount=32):
        return hashlib.sha512(b"%d" % next(numbers)).digest()[:amount]

    secrets.token_bytes, secrets.token_hex = drawn, lambda amount=32: drawn(amount).hex()


def play(town):
    budget = town.open(
        "budget-2027",
        "buergerhaushalt",
        actor=OFFICER,
        settings={"pot": "1500 EUR", "misfit": "skip", "channels": ["online", "urn"]},
        schedule={"vote": date(2027, 3, 28), "fund": date(2027, 10, 31)},
    )
    for ref in ITEMS:
        idea = SubmitItem(item=ref, title=f"Straße {ref}", cost=Money.euro(500))
        budget.execute(idea, actor=Actor.of(f"author-{ref}", Role.RESIDENT))
    budget.execute(AdvanceStage(), actor=OFFICER)
    for ref in ITEMS:
        budget.execute(TakeUpReview(item=ref), actor=REVIEWER)
        budget.execute(ReviewItem(item=ref, outcome="feasible"), actor=REVIEWER)
        budget.execute(ShortlistItem(item=ref), actor=OFFICER)
    return budget


def vote(budget, clock):
    clock.set(configuration.start_of_day(date(2027, 4, 1), budget.settings().timezone))
    budget.tick()
    for number, choices in enumerate(itertools.combinations(ITEMS, 2)):  # all are equal
        who = Actor.of(f"voter-{number}", Role.RESIDENT)
        budget.execute(CastBallot(choices=dict.fromkeys(choices, 1)), actor=who)
        if number % 4 == 0:
            budget.execute(ReplaceBallot(choices=dict.fromkeys(choices, 1)), actor=who)
    budget.execute(AdmitVoters(people=["u1", "u2"], channel="urn", place="r"), actor=OFFICER)
    budget.execute(AdvanceStage(), actor=OFFICER)
    votes = {ref: ItemTotals(votes=1) for ref in ITEMS}
    totals = EnterTotals(vote="vote", place="r", ballots=2, valid=2, votes=votes)
    budget.execute(totals, actor=OFFICER)
    budget.execute(CountBallots(vote="vote", seed="4 9 17"), actor=OFFICER)
    budget.execute(AwardItems(amounts=budget.state().proposed), actor=COUNCIL)


def main():
    with suppress(locale.Error):  # not every machine has every locale
        locale.setlocale(locale.LC_ALL, "")
    count_randomness_through()
    DOUBLES[sys.argv[2]]()
    clock = FrozenClock(Instant(1_800_000_000_000_000))
    with Platform(sys.argv[1], clock=clock, keys=MemoryKeys()) as platform:
        budget = play(platform.municipality("12060052"))
        vote(budget, clock)
        with tempfile.TemporaryDirectory() as folder:
            budget.export(Path(folder) / "export.zip")
            content = (Path(folder) / "export.zip").read_bytes()
    sys.stdout.write(f"{hashlib.sha256(content).hexdigest()}\n")
    sys.stderr.write(f"{sys.version.partition(' ')[0]}\n")


# --- known bugs, put back in


def as_it_should_be():
    """Put no bug in."""


def ties_in_the_order_of_the_database():
    """Break ties by the order in which a database that sorts by language returns items."""
    if not sys.argv[1].startswith("postgresql"):
        order = schema.item.c.item
    else:
        order = func.lower(schema.item.c.item)
    unit._ITEMS = (
        select(schema.item.c.body)
        .where(schema.item.c.municipality == "12060052", schema.item.c.procedure == "budget-2027")
        .order_by(order)
    )
    read, items = [], unit.Unit.items

    def in_order(self):
        read[:] = list(items(self))
        return iter(read)

    unit.Unit.items = in_order
    Lot.key = lambda _self, id_: f"{[one.ref for one in read].index(id_):03d}"


def times_of_the_machine():
    """Take a day for one where the machine stands."""
    configuration.start_of_day = lambda day, _zone: Instant(
        int(time.mktime(datetime(day.year, day.month, day.day).timetuple())) * 1_000_000  # noqa: DTZ001
    )


def order_of_hashes():
    """List what was proposed in the order of hashes."""
    play_as_it_is = globals()["ITEMS"]
    globals()["ITEMS"] = tuple(set(play_as_it_is))


DOUBLES = {
    one.__name__: one
    for one in (
        as_it_should_be,
        ties_in_the_order_of_the_database,
        times_of_the_machine,
        order_of_hashes,
    )
}

if __name__ == "__main__":
    main()
