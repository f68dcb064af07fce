"""Add1 passes over steps that change nothing: the same outcome as by every single step."""

import random
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partizipation_core.counting import Add1, Election, EqualShares, Exclusive, Project, Ties
from partizipation_core.counting.shares import sweep
from partizipation_core.errors import InputError


def invented(seed):
    """Costs in thousands, so that many steps change nothing."""
    rng = random.Random(seed)  # noqa: S311 - invents elections, draws no lot
    projects = [
        Project(
            id=f"p{n}", cost=rng.randint(1, 60) * 37, exclusive=rng.choice(["", "", "", "site"])
        )
        for n in range(rng.randint(2, 8))
    ]
    ballots = [
        {project.id: rng.randint(1, 3) for project in projects if rng.random() < 0.4}
        for _ in range(rng.randint(2, 14))
    ]
    budget = sum(project.cost for project in projects) * rng.randint(1, 9) // 10
    return Election.from_ballots(
        projects=projects, budget=budget, ballots=ballots, ballot_type="cumulative"
    )


@settings(deadline=None)  # the first example imports numpy
@given(
    seed=st.integers(0, 10**6),
    stop=st.sampled_from(["exhaustive", "overrun"]),
    utility=st.sampled_from(["cost", "cardinality", "score"]),
    engine=st.sampled_from(["plain", "fast"]),
)
def test_steps_that_are_passed_over_would_have_changed_nothing(seed, stop, utility, engine):
    if engine == "fast":
        pytest.importorskip("numpy", reason="needs numpy (extra fast)")
    election = invented(seed)
    completion = Add1(stop=stop)
    rule = EqualShares(utility=utility, completion=completion, ties=Ties("id"), engine=engine)
    sought = rule(election, [Exclusive()]).to_json()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sweep.Sweep, "alike", lambda *_: 0)
        assert rule(election, [Exclusive()]).to_json() == sought


@pytest.mark.parametrize("stop", ["exhaustive", "overrun"])
def test_money_beyond_measure_takes_no_longer(stop):
    """A file may state any budget: 10 ** 17 steps are not taken one by one."""
    town = Election.from_ballots(
        projects=[Project(id=i, cost=c) for i, c in (("a", 10**18), ("b", 500), ("c", 400))],
        budget=10**18 + 900,
        ballots=[["a", "b"], ["a", "c"], ["b"]],
    )

    result = EqualShares(completion=Add1(stop=stop), ties=Ties("id"))(town)
    assert set(result.funded) == {"a", "b", "c"}
    needed = 5 * 10**17 + 400  # the second voter pays half of "a" and "c" alone
    assert result.notes[0].params["steps"] == ceil(needed - Fraction(10**18 + 900, 3))


def test_a_sweep_that_would_not_end_says_what_helps(monkeypatch):
    """Twins at the same price have to be told apart exactly in each step."""
    monkeypatch.setattr(sweep, "MOST_RUNS", 50)
    twins = Election.from_ballots(
        projects=[Project(id="a", cost=10**9), *(Project(id=i, cost=7) for i in ("b", "c"))],
        budget=10**9,
        ballots=[["a", "b", "c"], ["b", "c"], ["a"]],
    )

    with pytest.raises(InputError, match="take a larger step"):
        EqualShares(completion=Add1(stop="overrun"), ties=Ties("id"))(twins)
