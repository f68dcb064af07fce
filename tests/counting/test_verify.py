"""A result can be checked by others: by replay, over all orders among equals, by properties."""

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shares_elections import UTILITIES, elections

from partizipation_core.counting import (
    BoundedOverspending,
    Comparison,
    Drawn,
    Election,
    ExactEqualShares,
    Exclusive,
    Greedy,
    Knapsack,
    Pot,
    Pots,
    Project,
    RankedList,
    Result,
    Threshold,
    Ties,
)
from partizipation_core.counting.axioms import ejr_up_to_one, is_exhaustive, is_priceable
from partizipation_core.counting.irresolute import ordered_by, outcomes
from partizipation_core.counting.phragmen import Phragmen
from partizipation_core.counting.rebuilding import rule_named
from partizipation_core.counting.shares import Add1, Add1U, EqualShares, Utilitarian
from partizipation_core.counting.verify import verify
from partizipation_core.errors import InputError

COMPLETIONS = st.sampled_from([(), Add1(stop="exhaustive"), Add1U(stop="overrun"), Utilitarian()])


@given(elections(), UTILITIES, COMPLETIONS, st.sampled_from([(), (Exclusive(),)]))
def test_every_result_of_equal_shares_is_confirmed(election, utility, completion, constraints):
    rule = EqualShares(utility=utility, completion=completion, ties=Ties("id"))

    result = rule(election, constraints)
    assert verify(result, election, constraints, rule) == ()


@pytest.fixture
def election():
    return Election.from_ballots(
        projects=[Project(id=id_, cost=c) for id_, c in (("a", 6), ("b", 6), ("c", 4), ("d", 9))],
        budget=18,
        ballots=["ab", "ab", "a", "c", "bc", "d"],
    )


@pytest.fixture
def result(election):
    return EqualShares(ties=Ties("id"))(election)


def forged(result, number, **changes):
    rounds = list(result.rounds)
    rounds[number] = replace(rounds[number], **changes)
    return replace(result, rounds=tuple(rounds))


@pytest.mark.parametrize(
    ("forge", "code"),
    [
        pytest.param(lambda r: forged(r, 0, price=Fraction(1)), "verify.price", id="price"),
        pytest.param(lambda r: forged(r, 0, payers=99), "verify.told", id="payers"),
        pytest.param(
            lambda r: replace(r, rounds=r.rounds[::-1]), "verify.cheaper", id="order of rounds"
        ),
        pytest.param(
            lambda r: replace(r, rounds=r.rounds[:-1]), "verify.unfinished", id="a round less"
        ),
        pytest.param(
            lambda r: replace(r, rounds=(*r.rounds, r.rounds[0])),
            "verify.barred",
            id="bought twice",
        ),
        pytest.param(lambda r: replace(r, rest=5), "verify.rest", id="rest"),
        pytest.param(lambda r: replace(r, budget=19), "verify.budget", id="budget"),
        pytest.param(
            lambda r: replace(r, funded=("d",)), "verify.rest", id="somebody else funded"
        ),
        pytest.param(
            lambda r: replace(r, parameters={**r.parameters, "constraints": [1]}),
            "verify.constraints",
            id="conditions",
        ),
    ],
)
def test_a_forged_result_is_found_out(election, result, forge, code):
    assert verify(result, election) == ()
    assert code in [reason.code for reason in verify(forge(result), election)]


def test_counting_again_with_the_rule_finds_another_outcome(election):
    skipped = Greedy(misfit="skip", ties=Ties("id"))
    stopped = Greedy(misfit="stop", ties=Ties("id"))
    other = replace(election, budget=10)

    assert verify(skipped(other), other, rule=skipped) == ()
    found = verify(skipped(other), other, rule=stopped)
    assert [reason.code for reason in found] == ["verify.recount"]


RULES = st.sampled_from(
    [
        EqualShares(),
        EqualShares(completion=Utilitarian()),
        Phragmen(),
        Greedy(misfit="stop"),
        Greedy(misfit="partial"),
        ExactEqualShares(),
        BoundedOverspending(),
        Knapsack(),
        Pots(pots=[Pot(name="small", amount=0, most=3)], rest="all", rule=Greedy(misfit="skip")),
    ]
)


@given(elections(most=4), RULES)
def test_irresolute_finds_every_outcome_of_every_order(election, rule):
    ids = [project.id for project in election.projects]
    expected = {
        frozenset(ordered_by(rule, Ties(Drawn(order)))(election).funded)
        for order in permutations(ids)
    }
    found = outcomes(rule, election)

    assert found.complete
    assert found.sets == expected


def test_irresolute_stops_at_its_limit():
    many = Election.from_ballots(
        projects=[Project(id=f"p{n}", cost=3) for n in range(8)],
        budget=9,
        ballots=[[f"p{n}" for n in range(8)]],
    )
    found = outcomes(Greedy(misfit="skip"), many, limit=20)

    assert not found.complete
    assert found.counts == 20
    assert outcomes(Greedy(misfit="skip"), many, limit=1).always == {"p0", "p1", "p2"}


@given(elections(), st.sampled_from(["cost", "cardinality"]))
def test_equal_shares_is_priceable_and_gives_groups_what_they_deserve(election, utility):
    result = EqualShares(utility=utility, ties=Ties("id"))(election)

    assert is_priceable(election, result)
    if election.num_votes:
        assert ejr_up_to_one(election, result.funded, utility=utility) is None


def test_award_by_rank_can_leave_a_group_with_nothing():
    town = Election.from_ballots(
        projects=[Project(id=id_, cost=40) for id_ in ("n1", "n2", "n3", "s1")],
        budget=120,
        ballots=[["n1", "n2", "n3"]] * 8 + [["s1"]] * 4,
    )
    funded = Greedy(misfit="skip", ties=Ties("id"))(town).funded

    deprived = ejr_up_to_one(town, funded)
    assert deprived.projects == ("s1",)
    assert deprived.voters == 4


def test_one_project_too_few_is_forgiven():
    town = Election.from_ballots(
        projects=[Project(id="big", cost=90), *(Project(id=f"s{n}", cost=10) for n in range(3))],
        budget=90,
        ballots=[["big"]] * 2 + [["s0", "s1", "s2"]],
    )

    assert ejr_up_to_one(town, ("big",), utility="cardinality").projects == ("s0",)
    assert ejr_up_to_one(town, ("s0", "s1", "s2"), utility="cost") is None


def test_a_hard_question_ends_at_its_limit():
    one = Election.from_ballots(
        projects=[Project(id=f"p{n}", cost=1) for n in range(20)],
        budget=20,
        ballots=[[f"p{n}" for n in range(20)]],
    )
    with pytest.raises(InputError, match="more than 100 sets"):
        ejr_up_to_one(one, [p.id for p in one.projects], limit=100)


def test_exhaustive_looks_at_what_would_still_fit(election):
    assert not is_exhaustive(election, ["a"])
    assert is_exhaustive(election, ["a", "b", "c"])


def test_a_rule_without_payments_has_no_prices(election):
    with pytest.raises(InputError):
        is_priceable(election, Greedy(misfit="skip", ties=Ties("id"))(election))


RULED = st.sampled_from(
    [
        Greedy(misfit="skip", ties=Ties("id")),
        Greedy(misfit="partial", score="votes_per_cost", ties=Ties("cost", "id")),
        Greedy(misfit="overrun(1/2)", score="points", ties=Ties("-votes", "id"), unsupported=True),
        Phragmen(ties=Ties("id")),
        Phragmen(misfit="skip", ties=Ties("cost", "id")),
        ExactEqualShares(ties=Ties("id")),
        ExactEqualShares(utility="cardinality", ties=Ties("id")),
        BoundedOverspending(ties=Ties("id")),
        BoundedOverspending(utility="score", ties=Ties("id")),
        BoundedOverspending(utility="cardinality", ties=Ties("id")),
        Knapsack(ties=Ties("id")),
        RankedList(size=2, ties=Ties("id")),
        Pots(
            pots=[Pot(name="small", amount=0, most=3)], rest="all", rule=Phragmen(ties=Ties("id"))
        ),
        EqualShares(completion=[Add1(stop="overrun"), Comparison()], ties=Ties("id")),
    ]
)


@given(elections(), RULED, st.sampled_from([(), (Exclusive(),), (Threshold(2),)]))
def test_the_result_of_every_rule_is_confirmed(election, rule, constraints):
    result = rule(election, constraints)

    assert verify(result, election, constraints) == ()
    assert verify(Result.from_json(result.to_json()), election, constraints) == ()


@given(elections(), RULED)
def test_a_result_names_its_rule_so_that_anybody_can_count_again(election, rule):
    result = rule(election)
    if result.rule != "pots":
        assert rule_named(result.rule, result.parameters)(election) == result


TOWN = Election.from_ballots(
    projects=[Project(id=id_, cost=c) for id_, c in (("a", 6), ("b", 6), ("c", 4), ("d", 9))],
    budget=18,
    ballots=["ab", "ab", "a", "c", "bc", "d"],
)


def swapped(result):
    """Fund the last project that was not funded in the place of the last that was."""
    out, into = result.funded[-1], [i for i in result.fates if i not in result.funded][-1]
    fates = dict(result.fates)
    fates[out], fates[into] = (
        replace(fates[out], outcome="rejected"),
        replace(fates[into], outcome="funded"),
    )
    funded = tuple(into if id_ == out else id_ for id_ in result.funded)
    rest = TOWN.budget - sum(fate.amount for fate in fates.values())
    rounds = tuple(r for r in result.rounds if r.project != out)
    return replace(result, fates=fates, funded=funded, rest=rest, rounds=rounds)


@pytest.mark.parametrize(
    "rule",
    [
        Greedy(misfit="skip", ties=Ties("id")),
        Phragmen(ties=Ties("id")),
        ExactEqualShares(ties=Ties("id")),
        BoundedOverspending(ties=Ties("id")),
        Knapsack(ties=Ties("id")),
        Pots(pots=[Pot(name="all", amount=18)], rule=Greedy(misfit="skip", ties=Ties("id"))),
        EqualShares(completion=Utilitarian(), ties=Ties("id")),
    ],
    ids=lambda rule: rule.name,
)
def test_somebody_else_funded_is_found_out_whatever_the_rule(rule):
    result = rule(TOWN)
    assert verify(result, TOWN) == ()
    assert verify(swapped(result), TOWN) != ()


@pytest.mark.parametrize(
    ("rule", "forge", "code"),
    [
        pytest.param(
            Greedy(misfit="skip", ties=Ties("id")),
            lambda r: replace(r, fates=dict(reversed(r.fates.items()))),
            "verify.order",
            id="order of a list",
        ),
        pytest.param(
            Phragmen(ties=Ties("id")),
            lambda r: forged(r, 0, price=Fraction(1, 3)),
            "verify.price",
            id="time of a purchase",
        ),
        pytest.param(
            ExactEqualShares(ties=Ties("id")),
            lambda r: forged(r, 0, payers=99),
            "verify.told",
            id="payers of equal parts",
        ),
        pytest.param(
            BoundedOverspending(ties=Ties("id")),
            lambda r: forged(r, 0, price=r.rounds[0].price + 1),
            "verify.price",
            id="price of what is overspent",
        ),
    ],
)
def test_a_forged_protocol_of_other_rules_is_found_out(rule, forge, code):
    result = rule(TOWN)
    assert code in [reason.code for reason in verify(forge(result), TOWN)]


def test_a_rule_of_others_is_counted_again_by_who_knows_it(election):
    rule = Greedy(misfit="skip", ties=Ties("id"))
    strange = replace(rule(election), rule="lottery")
    assert verify(strange, election) == ()
    assert [r.code for r in verify(strange, election, rule=rule)] == ["verify.recount"]
