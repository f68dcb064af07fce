"""Everything in this folder is a benchmark; what it measures is kept as one line of JSON each."""

import json
import os
import platform as machine
from datetime import date
from pathlib import Path

import pytest

from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.platform import Platform
from partizipation_core.store.keys import FileKeys
from partizipation_core.values import Actor, Money, Role

HERE = Path(__file__).resolve().parent
OUTPUT = HERE.parents[1] / "bench-output" / "measured.jsonl"
MACHINE = {
    "python": machine.python_version(),
    "system": f"{machine.system()} {machine.machine()}",
    "cores": os.cpu_count(),
}


@pytest.hookimpl(tryfirst=True)  # before pytest selects by marker
def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.bench)


@pytest.fixture
def measured(request, capsys):
    """Record a measurement: ``measured(ballots_per_second=1234)``.

    It is shown at once and appended to ``bench-output/measured.jsonl`` with the machine it was
    taken on, since a number without its machine means nothing.
    """

    def record(**numbers):
        line = {"benchmark": request.node.nodeid, **numbers, "machine": MACHINE}
        OUTPUT.parent.mkdir(exist_ok=True)
        with OUTPUT.open("a", encoding="utf-8") as output:
            output.write(json.dumps(line, ensure_ascii=False) + "\n")
        with capsys.disabled():
            print(f"\n{request.node.name}: {numbers}")  # noqa: T201 - what the run is for

    return record


OFFICER, REVIEWER = Actor.of("officer", Role.OFFICER), Actor.of("reviewer", Role.REVIEWER)
ITEMS = [f"2027-{number:05d}" for number in range(30)]


@pytest.fixture
def host():
    """Plugins other than those that are installed; none other here."""


@pytest.fixture
def platform(site, host):
    clock = FrozenClock(Instant(1_800_000_000_000_000))
    keys = FileKeys(Path(f"{site.file}.keys"))
    with Platform(site.url, clock=clock, keys=keys, host=host) as opened:
        yield opened


@pytest.fixture
def rules():
    """Rules of the vote other than those of its format."""
    return {}


@pytest.fixture
def voting(platform, rules):
    """Open a vote on thirty items."""
    budget = platform.municipality("12060052").open(
        "budget-2027",
        "buergerhaushalt",
        actor=OFFICER,
        settings={"pot": "100000 EUR", "misfit": "skip"},
        schedule={"fund": date(2028, 1, 1)},
        rules=rules,
    )
    for ref in ITEMS:
        idea = SubmitItem(item=ref, title="Trinkbrunnen", cost=Money.euro(5000))
        budget.execute(idea, actor=Actor.of("author", Role.RESIDENT))
    budget.execute(AdvanceStage(), actor=OFFICER)
    for ref in ITEMS:
        budget.execute(TakeUpReview(item=ref), actor=REVIEWER)
        budget.execute(ReviewItem(item=ref, outcome="feasible"), actor=REVIEWER)
        budget.execute(ShortlistItem(item=ref), actor=OFFICER)
    budget.execute(AdvanceStage(), actor=OFFICER)
    first = Actor.of("the first one", Role.RESIDENT)
    budget.execute(
        CastBallot(choices=dict.fromkeys(ITEMS[:5], 1)), actor=first
    )  # makes the key of the vote
    return budget
