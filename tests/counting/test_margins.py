"""With what was missing a project is funded, and with one less it is not."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shares_elections import elections

from partizipation_core.counting import (
    Election,
    ExactEqualShares,
    Exclusive,
    Knapsack,
    Project,
    RankedList,
    Tally,
    Threshold,
    Ties,
)

ORDER = Ties("id")
CONDITIONS = st.sampled_from([(), (Threshold(2),), (Exclusive(),)])


@settings(max_examples=60)
@given(elections(most=4), st.sampled_from(["cost", "cardinality"]), CONDITIONS)
def test_of_exactly_equal_parts(election, utility, conditions):
    assume(election.num_votes)
    assume(not conditions)
    rule = ExactEqualShares(utility=utility, ties=ORDER)
    ids, cast = [p.id for p in election.projects], election.voters.ballots
    ballots = [{ids[n]: points for n, points in election.ballots[b]} for b in cast]

    def funded_with(project, more):
        """All have the same share as before, which is as if the budget grew with the voters."""
        added = [*ballots, *[{project: 1}] * more]
        scale = len(ballots)
        larger = Election.from_ballots(
            projects=[replace(p, cost=p.cost * scale) for p in election.projects],
            budget=election.budget * len(added),
            ballots=added,
            ballot_type="cumulative",
        )
        return project in rule(larger).funded

    for id_, fate in rule(election).rejected.items():
        missing = fate.margin.missing
        if missing is not None and missing < 40:
            assert funded_with(id_, missing)
            assert missing == 1 or not funded_with(id_, missing - 1)


@st.composite
def totals(draw):
    projects = [
        Project(
            id=f"p{n}",
            cost=draw(st.integers(0, 9)),
            exclusive=draw(st.sampled_from(["", "site"])),
            withdrawn=draw(st.sampled_from([False, False, True])),
        )
        for n in range(draw(st.integers(1, 6)))
    ]
    tallies = {p.id: draw(st.integers(0, 5)) for p in projects}
    return Election.from_tallies(
        projects=projects, budget=draw(st.integers(0, 20)), tallies=tallies
    )


@given(totals(), CONDITIONS)
def test_of_the_optimum(election, conditions):
    rule = Knapsack(ties=ORDER, margins=True)
    result = rule(election, conditions)

    def funded_with(place, more):
        total = election.totals[place]
        added = Tally(votes=total.votes + more, points=total.points + more)
        changed = (*election.totals[:place], added, *election.totals[place + 1 :])
        id_ = election.projects[place].id
        return id_ in rule(replace(election, totals=changed), conditions).funded

    for place, project in enumerate(election.projects):
        missing = result.margin(project.id).missing
        if missing is not None:
            assert funded_with(place, missing)
            assert missing == 1 or not funded_with(place, missing - 1)
        elif project.id not in result.funded:
            assert not funded_with(place, 100)


@given(
    totals(),
    st.sampled_from([None, 0, 1, 2, 4]),
    st.booleans(),
    st.sampled_from(["votes", "points", "votes_per_cost"]),
    st.sampled_from([0, 2]),
)
def test_of_a_ranked_list(election, size, include_all, score, minimum):
    rule = RankedList(
        size=size, include_all=include_all, score=score, minimum=minimum, ties=Ties("cost", "id")
    )
    result = rule(election)

    def listed_with(place, more):
        total = election.totals[place]
        votes = max(total.votes, 1) if score == "points" else total.votes + more
        added = Tally(votes=votes, points=total.points + more)
        changed = (*election.totals[:place], added, *election.totals[place + 1 :])
        id_ = election.projects[place].id
        return rule(replace(election, totals=changed)).fates[id_].outcome == "advised"

    for place, project in enumerate(election.projects):
        missing = result.margin(project.id).missing
        if missing is not None:
            assert listed_with(place, missing)
            assert missing == 0 or not listed_with(place, missing - 1)
        elif result.fates[project.id].outcome == "rejected":
            assert not listed_with(place, 100)


def test_the_optimum_says_by_default_that_margins_were_not_worked_out():
    election = Election.from_tallies(
        projects=[Project(id="a", cost=5), Project(id="b", cost=5)],
        budget=5,
        tallies={"a": 3, "b": 2},
    )
    assert Knapsack(ties=ORDER)(election).margin("b").reason.code == "margin.not_told"
    assert Knapsack(ties=ORDER, margins=True)(election).margin("b").missing == 2


@pytest.mark.parametrize("more", [1, 2])
def test_the_order_among_equals_decides_the_last_vote(more):
    election = Election.from_tallies(
        projects=[Project(id="a", cost=5), Project(id="b", cost=5)],
        budget=5,
        tallies={"a": 2, "b": 2 + more},
    )
    assert Knapsack(ties=ORDER, margins=True)(election).margin("a").missing == more
