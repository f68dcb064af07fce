"""How long fair chances and lotteries take, beside a peer where one is installed.

The peer is measured in a process of its own and only if ``SORTITION_PEER`` names a folder in which
``pip install --target`` put the package sortition-algorithms. It is never part of this project.
"""

import csv
import json
import os
import resource
import subprocess
import sys
import time
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest

pytest.importorskip("highspy")
from partizipation_buergerrat.public import verifier
from partizipation_buergerrat.public.canonical import canonical
from partizipation_buergerrat.public.ceremony import alternates, commit, draw
from partizipation_buergerrat.public.protocol import Protocol
from partizipation_buergerrat.public.pseudonyms import Vault
from partizipation_buergerrat.public.publication import publish
from partizipation_buergerrat.seating import plan_tables
from partizipation_buergerrat.sortition.examination import what_if
from partizipation_buergerrat.sortition.fair import fair_chances
from partizipation_buergerrat.sortition.kinds import Kinds
from partizipation_buergerrat.sortition.leximin import leximin
from partizipation_buergerrat.sortition.limits import Limits
from partizipation_buergerrat.sortition.lottery import hold_lottery
from partizipation_buergerrat.sortition.proof import prove
from partizipation_buergerrat.sortition.stream import Stream
from partizipation_buergerrat.synthetic import Recipe, invent

HERE = Path(__file__).resolve().parent
SEED = int(os.environ.get("SORTITION_SEED", "1"))
PATIENCE = float(os.environ.get("SORTITION_PEER_PATIENCE", "600"))
EIGHT = (2, 4, 5, 3, 3, 2, 4, 3)
SIZES = [
    (70, 24, (2, 4, 5, 3)), (161, 44, (2, 4, 5, 3, 3)), (239, 30, (2, 4, 5, 3)),
    (250, 20, (2, 4, 5, 3, 2)), (312, 35, (2, 5, 6, 3)), (321, 30, EIGHT),
    (342, 170, (2, 4, 5, 3)), (404, 40, (2, 4, 5, 3, 3)), (825, 75, (2, 5, 6, 3)),
]  # fmt: skip
LARGE = [
    (1_727, 110, (2, 5, 8, 4)),
    (2_200, 160, (2, 5, 16, 4, 2)),
    (10_000, 150, (2, 5, 12, 4, 3)),
]


def pool(size):
    people, seats, features = size
    return invent(Recipe(people=people, seats=seats, features=features, seed=SEED))


def cpu(function, *args, **options):
    start = time.process_time()
    value = function(*args, **options)
    return time.process_time() - start, value


def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def aim(problem):
    limits = Limits(Kinds.of(problem))
    found = leximin(limits)
    return found, prove(limits.kinds, (), found.prices.tolist())


@pytest.mark.parametrize("size", [*SIZES, *LARGE], ids=lambda size: f"{size[0]}-{size[1]}")
def test_target_and_proof(size, measured):
    """Goal: 0.5 s for up to 800 people, 2 s for 2,200, 40 s for 10,000."""
    seconds, (found, proof) = cpu(aim, pool(size))
    assert found.minimum >= float(proof.bound) - 1e-6
    measured(cpu_seconds=round(seconds, 3), minimum=round(found.minimum, 5), memory_mb=memory())


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}-{size[1]}")
def test_exact_distribution(size, measured, tmp_path):
    """Goal: a third of the peer's fastest free maximin, for 150 people and more."""
    problem = pool(size)
    seconds, found = cpu(fair_chances, problem, exact=True)
    assert found.exact
    assert found.minimum >= float(found.proof.bound) - 1e-6
    figures = {"cpu_seconds": round(seconds, 2), "minimum": round(found.minimum, 5)}
    peer = peer_seconds(problem, tmp_path)
    if peer is not None:
        figures |= {"peer_cpu_seconds": round(peer["cpu"], 2), "peer_minimum": peer["minimum"]}
    measured(**figures, cuts=len(found.cuts))


def peer_seconds(problem, folder):
    """Return what the peer needs for the same pool, or None if it is not installed."""
    where = os.environ.get("SORTITION_PEER")
    if not where:
        return None
    with (folder / "categories.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["feature", "value", "min", "max", "min_flex", "max_flex"])
        for q in problem.categories.quotas:
            rows.writerow([q.category, q.feature, q.least, q.most, 0, problem.seats])
    with (folder / "respondents.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", *(c.name for c in problem.categories), "home", "place"])
        for number, p in enumerate(problem.pool):
            rows.writerow([p.id, *p.features, p.household or f"alone {number}", "x"])
    script = str(HERE / "sortition_peer.py")
    try:
        done = subprocess.run(
            [sys.executable, script, where, str(folder), str(problem.seats)],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return {"cpu": float("inf"), "minimum": None}
    assert done.returncode == 0, done.stderr[-2_000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_the_lopsided_pool(shared_data, measured):
    """Goal: 1 s for the large one."""
    from partizipation_buergerrat.files.categories import read_categories
    from partizipation_buergerrat.files.respondents import read_respondents
    from partizipation_buergerrat.sortition.problem import Problem

    folder = shared_data / "sortition" / "lopsided_large"
    quotas = read_categories(folder / "categories.csv")
    read = read_respondents(folder / "respondents.csv", quotas).pool
    seconds, found = cpu(fair_chances, Problem(seats=200, categories=quotas, pool=read))
    assert round(found.minimum, 9) == 0.1
    measured(cpu_seconds=round(seconds, 3))


def test_a_thousand_panels(measured):
    """Goal: 2,200 people and 160 seats in 30 s, nobody off by more than 2 panels of 1,000.

    Then the whole protocol is verified, goal 2 s.
    """
    problem = pool(LARGE[1])
    seconds, held = cpu(hold_lottery, problem, panels=1_000, stream=Stream("deal", "bench"))
    assert held.deviation < 0.0021
    numbers = count()
    vault = Vault.new(held.counts, source=lambda _n: sha256(b"%d" % next(numbers)).hexdigest())
    publication = publish(held, vault)
    source = {"kind": "digits", "count": 3, "event": "x", "at": "2026-11-22T12:00:00Z"}
    protocol = commit(
        Protocol(),
        publication,
        procedure="bench",
        now="2026-11-22T10:00:00Z",
        source=source,
        tool={},
    )
    panels = json.loads(publication.panels)
    protocol = draw(protocol, panels, raw="187", now="2026-11-22T13:00:00Z", witnesses=[])
    protocol = alternates(protocol, panels)
    files = [publication.panels, canonical(publication.pool)]
    checking, check = cpu(verifier.Check, protocol.text(), files)
    assert check.did[-1] == "Tafel 187 von 1000 gezogen"
    measured(
        cpu_seconds=round(seconds, 1),
        worst=round(1_000 * held.deviation, 2),
        verifier_cpu_seconds=round(checking, 2),
        memory_mb=memory(),
    )


def test_what_if(measured):
    """Goal: under a second, for 2,200 people."""
    problem = pool(LARGE[1])
    seconds, _ = cpu(what_if, problem, problem.categories.quotas[:1])
    measured(cpu_seconds=round(seconds, 2))


def test_table_plans(measured):
    """Goal: 95 per cent of possible pairs in 3 s, for 100 people, tables of 8, 6 rounds."""
    people = [f"p{n}" for n in range(100)]
    features = [["wm"[n % 2], "abc"[n // 2 % 3]] for n in range(100)]
    seconds, plan = cpu(plan_tables, people, size=8, rounds=6, features=features)
    assert plan.imbalance == 0
    assert plan.met >= 0.95 * plan.possible
    measured(cpu_seconds=round(seconds, 2), share=round(plan.met / plan.possible, 4))
