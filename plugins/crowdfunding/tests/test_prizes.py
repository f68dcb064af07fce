"""Prizes go by heads; equals are told apart by a rule that has a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core.values import Money
from partizipation_crowdfunding.funding.prizes import (
    Contender,
    PrizeRule,
    fixed_prizes,
    jury_faults,
    ranked,
)

EURO = Money.euro
KASSEL_2019 = PrizeRule(by="heads", prizes=[EURO(2_400)] * 5, ties=["raised", "shared"])


def contenders(**heads):
    return [
        Contender(campaign=key, heads=count, raised=EURO(100 * (number % 3)), applied=number)
        for number, (key, count) in enumerate(heads.items())
    ]


def amounts(prizes):
    return {one.campaign: one.amount.cents // 100 for one in prizes}


def test_kassel_2019_the_five_with_most_backers_share_12000():
    row = contenders(a=10, b=80, c=31, d=12, e=55, f=9, g=40, h=3, i=1, j=7, k=11)
    prizes = ranked(KASSEL_2019, row)
    assert [one.campaign for one in prizes] == ["b", "e", "g", "c", "d"]
    assert Money.total(one.amount for one in prizes) == EURO(12_000)
    assert {one.decided_by for one in prizes} == {""}


def test_many_small_pledges_outweigh_one_large_one():
    rich = Contender(campaign="rich", heads=1, raised=EURO(50_000), applied=1)
    loved = Contender(campaign="loved", heads=2, raised=EURO(10), applied=2)
    (prize,) = ranked(PrizeRule(by="heads", prizes=[EURO(100)]), [rich, loved])
    assert prize.campaign == "loved"


@pytest.mark.parametrize(
    ("ties", "expected", "decided_by"),
    [
        (["raised", "shared"], {"a": 300, "c": 200, "b": 100}, "raised"),
        (["applied_first"], {"a": 300, "b": 200, "c": 100}, "applied_first"),
        (["shared"], {"a": 300, "b": 150, "c": 150}, "shared"),
    ],
    ids=["the larger sum", "the earlier application", "shared"],
)
def test_equals_are_told_apart_by_the_named_rule(ties, expected, decided_by):
    rule = PrizeRule(by="heads", prizes=[EURO(300), EURO(200), EURO(100)], ties=ties)
    prizes = ranked(rule, contenders(a=9, b=5, c=5))
    assert amounts(prizes) == expected
    assert {one.decided_by for one in prizes} == {"", decided_by}


def test_equals_at_the_edge_share_the_last_prize_to_the_cent():
    rule = PrizeRule(by="heads", prizes=[Money(100)], ties=["shared"])
    prizes = ranked(rule, contenders(a=5, b=5, c=5))
    assert [one.amount.cents for one in prizes] == [34, 33, 33]


def test_a_lot_needs_a_public_number_and_gives_the_same_again():
    rule = PrizeRule(by="heads", prizes=[EURO(1)], ties=["lot"])
    with pytest.raises(ValueError, match="no number was drawn"):
        ranked(rule, contenders(a=5, b=5))
    drawn = {ranked(rule, contenders(a=5, b=5), seed=str(n))[0].campaign for n in range(20)}
    assert drawn == {"a", "b"}
    assert ranked(rule, contenders(a=5, b=5), "7") == ranked(rule, contenders(a=5, b=5)[::-1], "7")


@given(
    heads=st.lists(st.integers(0, 6), max_size=12),
    prizes=st.lists(st.integers(1, 10_001), max_size=6).map(lambda row: sorted(row, reverse=True)),
    ties=st.sampled_from(
        [("shared",), ("raised", "shared"), ("raised", "lot"), ("applied_first",)]
    ),
    mixed=st.randoms(),
)
def test_prizes_add_up_and_do_not_depend_on_the_order_of_the_list(heads, prizes, ties, mixed):
    rule = PrizeRule(by="heads", prizes=[Money(one) for one in prizes], ties=ties)
    row = contenders(**{f"c{number}": count for number, count in enumerate(heads)})
    found = ranked(rule, row, seed="4 9 17")
    backed = sum(count > 0 for count in heads)
    assert sum(one.amount.cents for one in found) == sum(prizes[:backed])
    again = list(row)
    mixed.shuffle(again)
    assert ranked(rule, again, seed="4 9 17") == found
    by_place = [one.heads for one in sorted(found, key=lambda one: one.place)]
    assert by_place == sorted(by_place, reverse=True)


def test_a_tie_rule_that_may_leave_equals_is_refused():
    with pytest.raises(ValueError, match="in the end"):
        PrizeRule(by="heads", ties=["raised"])


def test_a_fixed_prize_is_the_same_for_everybody():
    rule = PrizeRule(by="fixed", prizes=[EURO(1_000)])
    assert amounts(fixed_prizes(rule, ["a", "b"])) == {"a": 1_000, "b": 1_000}


def test_a_jury_gives_the_prizes_there_are_to_those_who_may_win():
    rule = PrizeRule(by="jury", prizes=[EURO(1_000)] * 2)
    named = {"a": EURO(1_000), "b": EURO(1_000)}
    assert not list(jury_faults(rule, named, ["a", "b"]))
    codes = [one.code for one in jury_faults(rule, {**named, "c": EURO(1_000)}, ["a", "b"])]
    assert codes == ["prize_not_eligible", "prize_not_offered"]
