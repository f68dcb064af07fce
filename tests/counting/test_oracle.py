"""Compared with the research library, where it is installed: no difference is left.

It is licensed under the GPL, so it is no dependency, not even of the tests: install it in a folder
of its own (``pip install --target ../oracle pabutools``) and run
``PYTHONPATH=../oracle python3 -m pytest tests/counting/test_oracle.py``; with ``-m ""`` on 2,000
random elections and all real ones.
"""

import random

import pytest

from partizipation_core.counting import (
    Add1,
    Election,
    EqualShares,
    Greedy,
    Phragmen,
    Project,
    Ties,
    natural,
)
from partizipation_core.counting.ballots import BallotType

ORDER = Ties("id")


@pytest.fixture(scope="module")
def oracle():
    pytest.importorskip("pabutools", reason="compares with pabutools, which is not installed")
    import pabutools.election as elections
    from pabutools import rules
    from pabutools.tiebreaking import TieBreakingRule

    def differences(election):
        votes = {p.id: t.votes for p, t in zip(election.projects, election.tallies(), strict=True)}
        able = [p for p in election.projects if votes[p.id] and not p.withdrawn]
        projects = {p.id: elections.Project(p.id, p.cost) for p in able}
        instance = elections.Instance(projects.values(), budget_limit=election.budget)
        ids = [p.id for p in election.projects]
        ballots = [{ids[n] for n in ballot.choices} for ballot in election.ballots]
        profile = elections.ApprovalProfile(
            [
                elections.ApprovalBallot([projects[i] for i in ballots[n] if i in projects])
                for n in election.voters.ballots
            ],
            instance=instance,
        )
        place = {id_: rank for rank, id_ in enumerate(sorted(ids, key=natural))}
        ties = TieBreakingRule(lambda _instance, _profile, project: place[project.name])
        common = {"tie_breaking": ties}
        by_cost = {**common, "sat_class": elections.Cost_Sat}
        by_number = {**common, "sat_class": elections.Cardinality_Sat}
        shares, greedy = rules.method_of_equal_shares, rules.greedy_utilitarian_welfare
        add1 = Add1(stop="exhaustive")
        pairs = {
            "greedy": (Greedy(misfit="skip", ties=ORDER), greedy, by_cost),
            "per cost": (
                Greedy(misfit="skip", score="votes_per_cost", ties=ORDER),
                greedy,
                by_number,
            ),
            "shares, cost": (EqualShares(utility="cost", ties=ORDER), shares, by_cost),
            "shares, number": (EqualShares(utility="cardinality", ties=ORDER), shares, by_number),
            "add1, cost": (
                EqualShares(utility="cost", completion=add1, ties=ORDER),
                shares,
                {**by_cost, "voter_budget_increment": 1},
            ),
            "add1, number": (
                EqualShares(utility="cardinality", completion=add1, ties=ORDER),
                shares,
                {**by_number, "voter_budget_increment": 1},
            ),
            "phragmen": (Phragmen(ties=ORDER), rules.sequential_phragmen, common),
        }
        slow = len(election.projects) > 15 or election.num_votes > 500
        for name, (ours, theirs, settings) in pairs.items():
            if slow and name.startswith("add1"):
                continue  # minutes each
            expected = {project.name for project in theirs(instance, profile, **settings)}
            if set(ours(election).funded) != expected:
                yield name

    return differences


def invented(seed):
    """Small numbers half of the time: equal prices and voters exactly at their limit abound."""
    rng = random.Random(seed)  # noqa: S311 - invents elections, draws no lot
    top, chance = rng.choice([4, 10, 60]), rng.choice([0.2, 0.4, 0.6])
    projects = [Project(id=f"p{n}", cost=rng.randint(1, top)) for n in range(rng.randint(1, 8))]
    ballots = [
        [project.id for project in projects if rng.random() < chance]
        for _ in range(rng.randint(1, 12))
    ]
    budget = rng.randint(1, top * len(projects) // 2 + 1)
    return Election.from_ballots(projects=projects, budget=budget, ballots=ballots)


@pytest.mark.sized("oracle")
def test_no_difference_on_random_elections(size, oracle):
    differing = {seed: found for seed in range(size) if (found := [*oracle(invented(seed))])}

    assert differing == {}


@pytest.mark.long
def test_no_difference_on_real_elections(oracle, shared_data):
    files = sorted((shared_data / "pabulib").glob("*.pb"))
    elections = {file.name: Election.from_pb(file) for file in files}
    approval = {n: e for n, e in elections.items() if e.ballot_type is BallotType.APPROVAL}

    differing = {name: found for name, e in approval.items() if (found := [*oracle(e)])}
    assert len(approval) >= 7
    assert differing == {}
