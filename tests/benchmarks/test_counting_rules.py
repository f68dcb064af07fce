"""The rules in which voters pay, and the optimum: CPU seconds of one thread, peak memory.

Ratios are taken against the research library in the same run, where it is installed; it is no
dependency of this project.
"""

import random
import subprocess
import sys
import time
import tracemalloc
from fractions import Fraction
from functools import partial

import pytest

from partizipation_core.counting import (
    Add1,
    Election,
    EqualShares,
    Knapsack,
    Phragmen,
    Project,
    Tally,
    Ties,
    verify,
)
from partizipation_core.counting.pb import parse_pb

ORDER = Ties("id")
VOTERS, PROJECTS, PATTERNS = 60_000, 120, 15_000


def cpu(function, times=3):
    """Return the least CPU time of several runs, and the last value."""
    least, value = float("inf"), None
    for _ in range(times):
        start = time.process_time()
        value = function()
        least = min(least, time.process_time() - start)
    return least, value


def file_of(voters, patterns):
    """Invent a file; a quarter of its ballots are distinct, as in real ones."""
    rng = random.Random(1)  # noqa: S311 - invents ballots, draws no lot
    kinds = [rng.sample(range(1000, 1000 + PROJECTS), rng.randint(1, 10)) for _ in range(patterns)]
    head = ["META", "key;value", "budget;5000000", "vote_type;approval", "max_length;15"]
    projects = [f"{1000 + n};{rng.randint(10, 400) * 1000};Projekt {n}" for n in range(PROJECTS)]
    votes = [
        f"{n};{','.join(map(str, rng.choice(kinds)))};{rng.randint(14, 90)};internet"
        for n in range(voters)
    ]
    lines = [*head, "rule;greedy", "PROJECTS", "project_id;cost;name", *projects, "VOTES"]
    return "\n".join([*lines, "voter_id;vote;age;voting_method", *votes, ""])


@pytest.fixture(scope="module")
def city():
    return parse_pb(file_of(VOTERS, PATTERNS))


@pytest.fixture(scope="module")
def wesola(shared_data):
    return Election.from_pb(shared_data / "pabulib" / "Poland_Warszawa_2023_Wesola.pb")


@pytest.fixture(params=["plain", "fast"])
def engine(request):
    if request.param == "fast":
        pytest.importorskip("numpy", reason="needs numpy (extra fast)")
    return request.param


def test_equal_shares_of_a_city(city, engine, measured):
    """Goal: at most 15 ms with numpy, 0.6 s without."""
    rule = EqualShares(ties=ORDER, engine=engine)
    count = rule.count(city)
    run, _ = cpu(lambda: count.run(Fraction(0)))
    whole, result = cpu(lambda: rule(city))
    without, _ = cpu(lambda: EqualShares(ties=ORDER, engine=engine, margins=False)(city))
    measured(
        engine=engine,
        run_ms=round(run * 1000, 1),
        with_grouping_and_protocol_ms=round(without * 1000, 1),
        with_margins_ms=round(whole * 1000, 1),
        funded=len(result.funded),
    )


def test_add1_of_a_district(wesola, engine, measured):
    """Goal: at most 0.5 s and 100 MB."""
    rule = EqualShares(completion=Add1(stop="exhaustive"), ties=ORDER, engine=engine)
    seconds, result = cpu(lambda: rule(wesola))
    tracemalloc.start()
    rule(wesola)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    replay, found = cpu(lambda: verify(result, wesola))
    assert found == ()
    measured(
        engine=engine,
        cpu_seconds=round(seconds, 3),
        steps=result.notes[0].params["steps"],
        peak_mb=round(peak / 1e6, 1),
        verify_seconds=round(replay, 3),
    )


def test_add1_against_the_research_library(wesola, measured):
    """Goal: two orders of magnitude; its better mode is floating point."""
    pytest.importorskip("pabutools", reason="compares with pabutools, which is not installed")
    import pabutools.election as elections
    import pabutools.fractions
    from pabutools import rules

    projects = [elections.Project(p.id, p.cost) for p in wesola.projects]
    instance = elections.Instance(projects, budget_limit=wesola.budget)
    profile = elections.ApprovalProfile(
        [
            elections.ApprovalBallot([projects[n] for n in wesola.ballots[place].choices])
            for place in wesola.voters.ballots
        ],
        instance=instance,
    )
    better = "float"
    before = pabutools.fractions.FRACTION
    pabutools.fractions.FRACTION = better
    try:
        multi = profile.as_multiprofile()
        theirs, found = cpu(
            lambda: rules.method_of_equal_shares(
                instance, multi, sat_class=elections.Cost_Sat, voter_budget_increment=1
            ),
            times=1,
        )
    finally:
        pabutools.fractions.FRACTION = before
    rule = EqualShares(completion=Add1(stop="exhaustive"), ties=ORDER)
    ours, result = cpu(lambda: rule(wesola))
    measured(
        ours=round(ours, 3),
        theirs=round(theirs, 1),
        ratio=round(theirs / ours),
        same=set(result.funded) == {project.name for project in found},
    )


def test_phragmen_of_a_city(city, measured):
    """Goal: at most 0.1 s."""
    seconds, result = cpu(lambda: Phragmen(ties=ORDER)(city))
    measured(cpu_ms=round(seconds * 1000, 1), funded=len(result.funded))


def test_the_optimum_of_real_files(shared_data, measured):
    """Goal: at most 50 ms on any real file, proven."""
    files = sorted((shared_data / "pabulib").glob("*.pb"))
    rule, elections = Knapsack(ties=ORDER), [Election.from_pb(file) for file in files]
    seconds = [cpu(partial(rule, election))[0] for election in elections]
    measured(slowest_ms=round(max(seconds) * 1000, 1), files=len(files))


@pytest.mark.parametrize("size", [100, 300, 1200])
def test_the_optimum_of_many_projects(size, measured):
    rng = random.Random(1)  # noqa: S311 - invents projects
    projects = [Project(id=str(n), cost=rng.randint(1000, 400_000)) for n in range(size)]
    election = Election.from_tallies(
        projects=projects,
        budget=sum(project.cost for project in projects) // 4,
        tallies={p.id: Tally(votes=p.cost // 100 + rng.randint(0, 500)) for p in projects},
    )
    seconds, _ = cpu(lambda: Knapsack(ties=ORDER)(election), times=1)
    measured(projects=size, cpu_ms=round(seconds * 1000, 1))


_MILLION = """
import resource, sys, time
from partizipation_core.counting import EqualShares, Ties
from partizipation_core.counting.pb import parse_pb_bytes
data = open(sys.argv[1], "rb").read()
start = time.process_time()
election = parse_pb_bytes(data)
del data
parsed = time.process_time()
result = EqualShares(ties=Ties("id"))(election)
done = time.process_time()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(round(parsed - start, 2), round(done - parsed, 2), peak, len(result.funded))
"""


def test_a_million_ballots(tmp_path, measured):
    """Goal: at most 6 s and 700 MB together."""
    path = tmp_path / "million.pb"
    path.write_text(file_of(1_000_000, 250_000), encoding="utf-8")
    program = [sys.executable, "-c", _MILLION, str(path)]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    parse, count, peak, funded = done.stdout.split()
    measured(parse_s=float(parse), shares_s=float(count), peak_mb=int(peak), funded=int(funded))


def test_a_small_town_with_full_protocol(root, measured):
    """Goal: 300 ballots and 20 projects at most 30 ms, standard library only."""
    path = root / "examples" / "elections" / "musterstadt_2026.pb"
    rule = EqualShares(completion=Add1(stop="exhaustive"), ties=ORDER, engine="plain")

    def read_count_and_explain():
        return EqualShares(ties=ORDER, engine="plain")(Election.from_pb(path)).to_json()

    seconds, _ = cpu(read_count_and_explain, times=10)
    add1, _ = cpu(lambda: rule(Election.from_pb(path)).to_json())
    measured(cpu_ms=round(seconds * 1000, 1), with_add1_ms=round(add1 * 1000, 1))
