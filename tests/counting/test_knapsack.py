"""The knapsack optimum, compared with trying every set."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core.counting import (
    Election,
    Exclusive,
    Greedy,
    Lot,
    Project,
    Tally,
    Threshold,
    Ties,
    UndecidedTie,
)
from partizipation_core.counting.knapsack import Knapsack


@st.composite
def elections(draw):
    ids = [f"p{number}" for number in range(draw(st.integers(1, 7)))]
    return Election.from_tallies(
        projects=[
            Project(
                id=id_,
                cost=draw(st.integers(0, 9)),
                exclusive=draw(st.sampled_from(["", "", "site"])),
            )
            for id_ in ids
        ],
        budget=draw(st.integers(0, 25)),
        tallies={id_: Tally(votes=draw(st.integers(0, 6))) for id_ in ids},
    )


def best_by_trying_all(election, allowed=lambda chosen: True):
    votes = {p.id: t.votes for p, t in zip(election.projects, election.totals, strict=True)}
    able = [p for p in election.projects if votes[p.id]]
    sets = [s for size in range(len(able) + 1) for s in combinations(able, size)]
    return max(
        sum(votes[p.id] for p in chosen)
        for chosen in sets
        if sum(p.cost for p in chosen) <= election.budget and allowed(chosen)
    )


def votes_of(result):
    return sum(result.fates[id_].votes for id_ in result.funded)


@given(elections())
def test_no_affordable_set_has_more_votes(election):
    result = Knapsack(ties=Ties("id"))(election)

    assert result.rest >= 0
    assert votes_of(result) == best_by_trying_all(election)


@given(elections())
def test_no_allowed_set_has_more_votes(election):
    def allowed(chosen):
        sites = [p.exclusive for p in chosen if p.exclusive]
        return len(sites) == len(set(sites))

    result = Knapsack(ties=Ties("id"))(election, [Exclusive()])

    chosen = [p for p in election.projects if p.id in result.funded]
    assert allowed(chosen)
    assert votes_of(result) == best_by_trying_all(election, allowed)


@given(elections(), st.randoms(use_true_random=False))
def test_the_order_of_the_projects_changes_nothing(election, random):
    pairs = list(zip(election.projects, election.totals, strict=True))
    random.shuffle(pairs)
    shuffled = Election.from_tallies(
        projects=[p for p, _ in pairs],
        budget=election.budget,
        tallies={p.id: t for p, t in pairs},
    )
    rule = Knapsack(ties=Ties("cost", Lot("x")))

    assert rule(shuffled).funded == rule(election).funded


def test_it_can_pass_over_the_winner():
    election = Election.from_tallies(
        projects=[Project(id=id_, cost=c) for id_, c in (("a", 90), ("b", 50), ("c", 50))],
        budget=100,
        tallies={"a": 10, "b": 8, "c": 7},
    )
    result = Knapsack()(election)

    assert result.funded == ("b", "c")
    assert result.rejected["a"].reason.code == "fate.not_in_optimum"
    assert Greedy(misfit="skip")(election).funded == ("a",)


def test_equally_good_sets_need_an_order():
    election = Election.from_tallies(
        projects=[Project(id=id_, cost=5) for id_ in "ab"], budget=5, tallies={"a": 3, "b": 3}
    )
    with pytest.raises(UndecidedTie):
        Knapsack()(election)
    result = Knapsack(ties=Ties("id"))(election)
    assert result.funded == ("a",)
    assert result.ties[0].members == ("a", "b")


def test_a_minimum_holds():
    election = Election.from_tallies(
        projects=[Project(id=id_, cost=1) for id_ in "ab"], budget=5, tallies={"a": 3, "b": 2}
    )
    result = Knapsack()(election, [Threshold(3)])

    assert result.funded == ("a",)
    assert result.rejected["b"].reason.code == "fate.below_threshold_votes"


def test_hundreds_of_projects_are_proven():
    projects = [Project(id=f"{n}", cost=1000 + (n * 7919) % 9001) for n in range(300)]
    election = Election.from_tallies(
        projects=projects,
        budget=400_000,
        tallies={p.id: 1 + (n * 104_729) % 997 for n, p in enumerate(projects)},
    )
    result = Knapsack(ties=Ties("id"))(election)

    assert votes_of(result) >= votes_of(
        Greedy(misfit="skip", score="votes_per_cost", ties=Ties("id"))(election)
    )
