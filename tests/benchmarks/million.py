"""A procedure with a million ballots: time, memory and size of each step.

    python tests/benchmarks/million.py                    1,000,000 ballots on SQLite
    python tests/benchmarks/million.py --ballots 50000 --url postgresql://user@host/town

Every step is a process of its own, so that the memory it needs is its own as well. Made-up people
choose up to five of thirty proposals. The verifier is the lone file that anybody would run.
"""

import argparse
import itertools
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from partizipation_core.clock import FrozenClock, Instant
from partizipation_core.commands import (
    AdvanceStage,
    AwardItems,
    CountBallots,
    ReviewItem,
    ShortlistItem,
    SubmitItem,
    TakeUpReview,
)
from partizipation_core.kernel.messages import BallotEntry
from partizipation_core.platform import Platform
from partizipation_core.store import Unit
from partizipation_core.store.keys import FileKeys, voter_tag
from partizipation_core.values import Actor, Money, ParticipantRef, Role

ROOT = Path(__file__).resolve().parents[2]
OFFICER, REVIEWER = Actor.of("officer", Role.OFFICER), Actor.of("reviewer", Role.REVIEWER)
COUNCIL = Actor.of("council", Role.COUNCIL)
ITEMS = [f"2027-{number:05d}" for number in range(1, 31)]
AT_ONCE = 50_000
NOON = Instant(1_800_000_000_000_000)


def prepare(town, _platform, _place):
    """Open a vote on thirty proposals."""
    budget = town.open(
        "budget-2027",
        "buergerhaushalt",
        actor=OFFICER,
        settings={"pot": "100000 EUR", "misfit": "skip"},
    )
    for ref in ITEMS:
        idea = SubmitItem(item=ref, title=f"Vorschlag {ref}", cost=Money.euro(9_000))
        budget.execute(idea, actor=Actor.of("author", Role.RESIDENT))
    budget.execute(AdvanceStage(), actor=OFFICER)
    for ref in ITEMS:
        budget.execute(TakeUpReview(item=ref), actor=REVIEWER)
        budget.execute(ReviewItem(item=ref, outcome="feasible"), actor=REVIEWER)
        budget.execute(ShortlistItem(item=ref), actor=OFFICER)
    budget.execute(AdvanceStage(), actor=OFFICER)


def bring_in(town, platform, place):
    """Put the ballots in, as from another system."""
    scope, keys = town.procedure("budget-2027")._scope, place.keys
    chance = random.Random(1)  # noqa: S311 - made-up people
    entries = (
        (
            BallotEntry(
                vote="vote",
                voter="imported",
                choices=dict.fromkeys(chance.sample(ITEMS, chance.randint(1, 5)), 1),
                channel="online",
                replaces=False,
            ),
            voter_tag(keys, scope, "vote", ParticipantRef(f"voter-{number}")),
        )
        for number in range(place.ballots)
    )
    while chunk := list(itertools.islice(entries, AT_ONCE)):
        with platform._execution.database.writing(scope) as connection:
            unit = Unit(connection, scope)
            assert unit.put_all(chunk).doubles == 0


def close(town, _platform, _place):
    """Close the vote, which pins down the box in the journal."""
    town.procedure("budget-2027").execute(AdvanceStage(), actor=OFFICER)


def seal(town, _platform, place):
    """Take the voters' tags off the ballots."""
    assert town.procedure("budget-2027").seal("vote") == place.ballots


def count(town, _platform, place):
    """Count, and award what was proposed."""
    budget = town.procedure("budget-2027")
    budget.execute(CountBallots(vote="vote", seed="4 9 17"), actor=OFFICER)
    budget.execute(AwardItems(amounts=budget.state().proposed), actor=COUNCIL)
    assert budget.state().closed_votes == {"vote": place.ballots}
    assert budget.result("vote").funded


def export(town, _platform, place):
    """Write everything as files."""
    town.procedure("budget-2027").export(place.folder / "export")


def audit(town, _platform, _place):
    """Check the procedure against itself, and count again."""
    assert all(check.ok for check in town.procedure("budget-2027").audit())


STEPS = {one.__name__: one for one in (prepare, bring_in, close, seal, count, export, audit)}


class Place:
    """Where everything lies."""

    def __init__(self, folder, url, ballots):
        self.folder, self.ballots = folder, ballots
        self.url = url or f"sqlite:///{folder}/town.db"
        self.keys = FileKeys(folder / "keys")

    def size(self, *names):
        """Return the size of files and folders in megabytes."""
        found = [file for name in names for file in self.folder.glob(name)]
        return sum(file.stat().st_size for file in found if file.is_file()) / 1e6


def perform(name, place):
    """Do one step in this process and say what it took."""
    wall, used = time.perf_counter(), time.process_time()
    clock = FrozenClock(NOON)
    with Platform(place.url, clock=clock, keys=place.keys) as platform:
        STEPS[name](platform.municipality("12060052"), platform, place)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"s": time.perf_counter() - wall, "cpu": time.process_time() - used, "peak": peak}
    sys.stdout.write(json.dumps(told))


def verify(place):
    """Run the verifier on what was exported."""
    program = [sys.executable, "-I", str(ROOT / "verifier" / "verify.py")]
    began = time.perf_counter()
    with (place.folder / "report.txt").open("w", encoding="utf-8") as report:
        process = subprocess.Popen([*program, str(place.folder / "export")], stdout=report)
        _, status, used = os.wait4(process.pid, 0)
    assert status == 0, (place.folder / "report.txt").read_text(encoding="utf-8")
    cpu = used.ru_utime + used.ru_stime
    return {"s": time.perf_counter() - began, "cpu": cpu, "peak": used.ru_maxrss / 1024}


def run_all(place):
    """Yield every step with what it took."""
    options = ["--folder", str(place.folder), "--url", place.url, "--ballots", str(place.ballots)]
    for name in STEPS:
        program = [sys.executable, __file__, *options, "--step", name]
        done = subprocess.run(program, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        yield name, json.loads(done.stdout)
    yield "verify", verify(place)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--ballots", type=int, default=1_000_000)
    parser.add_argument("--url", default="")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--step", choices=STEPS)
    asked = parser.parse_args()
    if asked.step:
        perform(asked.step, Place(asked.folder, asked.url, asked.ballots))
        return
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        place = Place(Path(folder), asked.url, asked.ballots)
        tell(f"{asked.ballots:,} ballots, Python {sys.version.partition(' ')[0]}\n")
        tell("| step | seconds | of processor | peak MB | database MB | export MB |")
        tell("|---|---|---|---|---|---|")
        for name, told in run_all(place):
            sizes = f"{place.size('town.db*'):.0f} | {place.size('export/**/*'):.0f}"
            times = f"{told['s']:.1f} | {told['cpu']:.1f} | {told['peak']:.0f}"
            tell(f"| {name.replace('_', ' ')} | {times} | {sizes} |")


def tell(line):
    print(line, flush=True)  # noqa: T201 - what it is run for


if __name__ == "__main__":
    main()
