"""Bounded overspending, compared with the definition applied to every single voter."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from shares_elections import UTILITIES, elections, place
from shares_reference import voters_of

from partizipation_core.counting import (
    BoundedOverspending,
    Election,
    EqualShares,
    Exclusive,
    Lot,
    Project,
    Reason,
    Result,
    Ties,
    UndecidedTie,
)
from partizipation_core.counting.shares.overspending import finer
from partizipation_core.counting.synthetic import synthetic

ORDER = Ties("id")


def offers_of(fans, cost, worth):
    """Yield (price for utility, price) of each payment that could be the best one."""
    levels = [money / points for money, points in fans if money]
    rest, rich = Fraction(cost), sum(points for _, points in fans)
    for money, points in sorted(fans, key=lambda each: each[0] / each[1]):
        if money * rich >= rest * points:
            levels.append(rest / rich)
            break
        rest, rich = rest - money, rich - points
    for level in levels:
        alpha = sum(min(money, level * points) for money, points in fans) / cost
        if alpha <= 1:
            yield level / alpha / alpha / worth, level / alpha


def reference(election, utility):
    """Return what is bought, and for how much, as the paper defines it."""
    ballots = list(voters_of(election, points=utility.startswith("score")))
    money = [Fraction(election.budget, len(ballots) or 1)] * len(ballots)
    rest, bought = election.budget, []
    while True:
        offers = []
        for number, project in enumerate(election.projects):
            fans = [v for v, gives in enumerate(ballots) if number in gives]
            taken = any(number == done for done, _ in bought)
            if not fans or taken or project.withdrawn or project.cost > rest:
                continue
            if not project.cost:
                offers.append((Fraction(0), place(project), number, Fraction(0)))
                continue
            worth = project.cost if utility in {"cost", "score_cost"} else 1
            purses = [(money[v], ballots[v][number]) for v in fans]
            for rate, price in offers_of(purses, project.cost, worth):
                offers.append((rate, place(project), number, price))
        if not offers:
            return bought
        _, _, number, price = min(offers)
        for voter, gives in enumerate(ballots):
            if number in gives:
                money[voter] = max(money[voter] - price * gives[number], Fraction(0))
        rest -= election.projects[number].cost
        bought.append((number, price))


SCARCE = Election.from_ballots(
    projects=[Project(id=f"p{n}", cost=cost) for n, cost in enumerate((9, 2))],
    budget=9,
    ballots=[["p0"]] * 8 + [["p1"]],
)


@given(elections(), UTILITIES)
@example(SCARCE, "cost")
def test_agrees_with_the_definition(election, utility):
    result = BoundedOverspending(utility=utility, ties=ORDER)(election)
    told = [(round_.project, round_.price) for round_ in result.rounds]

    assert told == [(f"p{number}", price) for number, price in reference(election, utility)]
    assert Result.from_json(result.to_json()) == result


@given(elections(), UTILITIES)
def test_the_budget_is_kept_and_nothing_with_money_behind_it_is_left(election, utility):
    result = BoundedOverspending(utility=utility, ties=ORDER)(election)

    assert result.rest >= 0
    rejected = {fate.reason.code for fate in result.steps if fate.outcome == "rejected"}
    known = {"does_not_fit", "supporters_spent", "no_support", "withdrawn"}
    assert rejected <= {f"fate.{code}" for code in known}
    misfits = [f for f in result.rejected.values() if f.reason.code == "fate.does_not_fit"]
    assert all(fate.cost > result.rest for fate in misfits)


@given(elections(), UTILITIES)
def test_what_all_can_pay_for_is_bought_as_in_equal_shares(election, utility):
    """As long as nothing is overspent the price is that of equal shares."""
    ours = BoundedOverspending(utility=utility, ties=ORDER)(election)
    theirs = EqualShares(utility=utility, ties=ORDER)(election)
    for mine, yours in zip(ours.rounds, theirs.rounds, strict=False):
        if mine.project != yours.project or ours.fates[mine.project].reason.code != "fate.shared":
            break
        assert mine.price == yours.price


@given(elections(), UTILITIES)
def test_less_than_the_missing_part_is_overspent(election, utility):
    """At the rate that was paid the part of the cost that supporters give is at least alpha."""
    result = BoundedOverspending(utility=utility, ties=ORDER)(election)
    for round_ in result.rounds:
        params = result.fates[round_.project].reason.params
        worth = (round_.cost or 1) if utility in {"cost", "score_cost"} else 1
        alpha = round_.price / worth / round_.rate if round_.rate else 1
        assert params["missing"] <= (1 - alpha) * round_.cost + 1


@settings(max_examples=60)
@given(elections(most=4), UTILITIES)
def test_the_margin_is_exactly_what_was_missing(election, utility):
    assume(election.num_votes)
    rule = BoundedOverspending(utility=utility, ties=ORDER)
    result = rule(election)
    ids, cast = [p.id for p in election.projects], election.voters.ballots
    ballots = [{ids[n]: points for n, points in election.ballots[b]} for b in cast]

    def funded_with(project, more):
        """All have the same share as before, which is as if the budget grew with the voters."""
        added = [*ballots, *[{project: 1}] * more]
        scale = len(ballots)
        grown = election.budget * len(added)
        larger = Election.from_ballots(
            projects=[replace(p, cost=p.cost * scale) for p in election.projects],
            budget=grown,
            ballots=added,
            ballot_type="cumulative",
        )
        spare = grown - election.budget * scale
        return project in rule(larger, [Spare(spare, larger.budget)]).funded

    for id_, fate in result.rejected.items():
        missing = fate.margin.missing
        if missing is not None and missing < 40:
            assert funded_with(id_, missing)
            assert missing == 1 or not funded_with(id_, missing - 1)


class Spare:
    """Keeps what further voters brought out of reach of the budget."""

    def __init__(self, spare, budget):
        self._left = budget - spare

    def objection(self, candidate, funded):
        spent = sum(other.project.cost for other in funded)
        over = spent + candidate.project.cost > self._left
        return None if not over else Reason("fate.pot_used_up")

    def to_data(self):
        return {}


def test_supporters_that_lack_a_little_do_not_bar_a_project():
    assert EqualShares(ties=ORDER)(SCARCE).funded == ()
    result = BoundedOverspending(ties=ORDER)(SCARCE)

    assert result.funded == ("p0",)
    reason = result.fates["p0"].reason
    assert (reason.code, reason.params["missing"]) == ("fate.overspent", 1)
    assert result.fates["p1"].reason.code == "fate.does_not_fit"


def test_conditions_hold():
    election = Election.from_ballots(
        projects=[Project(id=id_, cost=4, exclusive="site") for id_ in "ab"],
        budget=8,
        ballots=["ab", "a"],
    )
    result = BoundedOverspending(ties=ORDER)(election, [Exclusive()])
    assert result.funded == ("a",)


def test_equals_need_an_order():
    election = Election.from_ballots(
        projects=[Project(id=id_, cost=4) for id_ in "ab"], budget=4, ballots=["a", "b"]
    )
    with pytest.raises(UndecidedTie):
        BoundedOverspending()(election)


def test_numbers_stay_short_in_long_runs():
    town = synthetic("long", voters=400, projects=60, budget=10_000, culture="euclidean")
    result = BoundedOverspending(ties=Ties("cost", Lot("x")))(town)

    assert len(result.rounds) > 8
    assert max(round_.price.denominator.bit_length() for round_ in result.rounds) <= 512


@given(st.integers(1, 2**500), st.integers(0, 10**9), st.integers(1, 2**400))
def test_a_price_is_never_rounded_down(scale, numerator, denominator):
    price = Fraction(numerator, denominator)
    factor, whole = finer(scale, price)

    assert (scale * factor).bit_length() <= 512
    assert 0 <= Fraction(whole, scale * factor) - price < Fraction(1, scale * factor)
