"""Exact Equal Shares: everybody who pays pays the same, compared with trying every set."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shares_elections import elections, place

from partizipation_core.counting import Election, EqualShares, Project, Result, Ties, UndecidedTie
from partizipation_core.counting.shares import ExactEqualShares


def by_trying_all(election, utility):
    """Buy the best pair of a project and a set of supporters who all can pay the same."""
    ballots = [
        {number for number, points in election.ballots[voter] if points > 0}
        for voter in election.voters.ballots
    ]
    money = [Fraction(election.budget, len(ballots) or 1)] * len(ballots)
    bought = []
    while True:
        offers = []
        for number, project in enumerate(election.projects):
            fans = [v for v, liked in enumerate(ballots) if number in liked]
            if number in bought or project.withdrawn:
                continue
            for size in range(len(fans), 0, -1):
                price = Fraction(project.cost, size)
                if any(all(money[v] >= price for v in s) for s in combinations(fans, size)):
                    rate = price / (project.cost or 1) if utility == "cost" else price
                    payers = [v for v in fans if money[v] >= price]
                    offers.append((rate, place(project), number, price, payers))
                    break
        if not offers:
            return [election.projects[number].id for number in bought]
        _, _, number, price, payers = min(offers)
        for voter in payers:
            money[voter] -= price
        bought.append(number)


@settings(max_examples=60, deadline=None)
@given(elections(most=5), st.sampled_from(["cost", "cardinality"]))
def test_agrees_with_trying_all(election, utility):
    result = ExactEqualShares(utility=utility, ties=Ties("id"))(election)

    assert list(result.funded) == by_trying_all(election, utility)
    assert result.rest >= 0
    assert Result.from_json(result.to_json()) == result


def test_who_cannot_pay_the_same_pays_nothing():
    election = Election.from_ballots(
        projects=[Project(id=id_, cost=c) for id_, c in (("a", 12), ("b", 20))],
        budget=32,
        ballots=["ab", "ab", "b", "a"],
    )
    exact, usual = ExactEqualShares(ties=Ties("id")), EqualShares(ties=Ties("id"))

    assert exact(election).funded == ("a",)
    assert exact(election).fates["b"].reason.code == "fate.no_equal_shares"
    assert usual(election).funded == ("a",)


def test_equals_need_an_order():
    election = Election.from_ballots(
        projects=[Project(id=id_, cost=4) for id_ in "ab"], budget=4, ballots=["ab"]
    )
    with pytest.raises(UndecidedTie):
        ExactEqualShares()(election)
