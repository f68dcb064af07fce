"""Splitting a sum over areas: exact, explained, and refused where it cannot be."""

from fractions import Fraction

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from partizipation_core.money.split import Unsplittable, split
from partizipation_core.values import Money

FLOOR, STEP = Money.euro(2_600), Money.euro(100)
KIEZE = 20


def test_the_twenty_kiezkassen_share_a_hundred_thousand():
    """Altglienicke had 27,925 of 273,689 residents at the end of 2019 and got 10,100 at most;
    Grünau and Müggelheim were at the floor of 2,600 [TK-H, TK-D]. What the others had is not
    published by region, so the rest is spread evenly here."""
    others = {f"region-{n}": (273_689 - 27_925 - 6_000 - 6_600) // 17 for n in range(17)}
    residents = {"Altglienicke": 27_925, "Grünau": 6_000, "Müggelheim": 6_600, **others}
    shared = split(Money.euro(100_000), residents, floor=FLOOR, step=STEP)
    assert len(shared.shares) == KIEZE
    assert Money.total(shared.amounts.values()) == Money.euro(100_000)
    assert shared.amounts["Altglienicke"] == Money.euro(10_100)
    assert shared.amounts["Grünau"] == shared.amounts["Müggelheim"] == FLOOR
    assert min(shared.amounts.values()) == FLOOR
    assert all(amount.cents % STEP.cents == 0 for amount in shared.amounts.values())
    assert {s.area: s.by for s in shared.shares}["Grünau"] == "floor"


def test_thirteen_equal_funds_of_lichtenberg():
    shared = split(Money.euro(169_000), {f"stadtteil-{n}": 1 for n in range(13)})
    assert set(shared.amounts.values()) == {Money.euro(13_000)}
    assert {share.by for share in shared.shares} == {"exact"}


def test_every_share_says_how_it_came_about():
    shared = split(
        Money(1_000), {"a": 500, "b": 301, "c": 199, "d": 0}, floor=Money(100), step=Money(100)
    )
    told = {share.area: (share.amount.cents, share.by) for share in shared.shares}
    assert told == {
        "a": (400, "rounded_down"),
        "b": (300, "remainder"),
        "c": (200, "remainder"),
        "d": (100, "floor"),
    }
    assert shared.shares[0].exact == Fraction(900 * 500, 1000)


TIES = {
    "larger area": ("larger_weight", "", ["b"]),
    "listed first": ("listed_first", "", ["a"]),
    "lot": ("lot", "4 9 17", None),
}


@pytest.mark.parametrize(("tie", "seed", "lucky"), TIES.values(), ids=TIES)
def test_equal_remainders_are_decided_by_the_rule_that_was_named(tie, seed, lucky):
    # 100 cents in steps of 10: a has 5/20, b has 15/20, so 25 and 75 with equal remainders
    shared = split(Money(100), {"a": 5, "b": 15}, step=Money(10), tie=tie, seed=seed)
    got = [share.area for share in shared.shares if share.by == "tie"]
    assert len(got) == 1
    assert lucky is None or got == lucky
    again = split(Money(100), {"b": 15, "a": 5}, step=Money(10), tie=tie, seed=seed)
    assert tie == "listed_first" or again.amounts == shared.amounts


REFUSED = {
    "no areas": ((100, {}), {}, ["split_without_areas"]),
    "negative residents": ((100, {"a": -1, "b": 2}), {}, ["split_weight_negative"]),
    "no residents": ((100, {"a": 0, "b": 0}), {}, ["split_without_weight"]),
    "below the floor": ((100, {"a": 1, "b": 1}), {"floor": 60}, ["split_below_floor"]),
    "not in steps": ((105, {"a": 1}), {"step": 10}, ["split_not_in_steps"]),
    "floor not in steps": ((100, {"a": 1}), {"step": 10, "floor": 5}, ["split_not_in_steps"]),
    "no step": ((100, {"a": 1}), {"step": 0}, ["split_amount_negative"]),
    "a lot without a seed": ((100, {"a": 1}), {"tie": "lot"}, ["split_without_seed"]),
    "everything": (
        (105, {"a": -1}),
        {"step": 10, "floor": 200, "tie": "lot"},
        ["split_below_floor", "split_not_in_steps", "split_weight_negative", "split_without_seed"],
    ),
}


@pytest.mark.parametrize(("asked", "how", "codes"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_split_is_refused_with_every_reason(asked, how, codes):
    how = {name: Money(value) if isinstance(value, int) else value for name, value in how.items()}
    with pytest.raises(Unsplittable) as refused:
        split(Money(asked[0]), asked[1], **how)
    assert sorted(objection.code for objection in refused.value.objections) == codes


def test_where_the_floor_takes_everything_residents_do_not_matter():
    shared = split(Money(200), {"a": 0, "b": 0}, floor=Money(100))
    assert set(shared.amounts.values()) == {Money(100)}


# --- whatever the residents

weights = st.lists(st.integers(0, 40_000), min_size=1, max_size=25)


@settings(deadline=None)
@given(weights, st.integers(0, 200), st.integers(0, 5), st.sampled_from([1, 7, 100]))
@example([1, 1, 1], 2, 0, 1)
def test_shares_add_up_keep_the_floor_and_the_quota(residents, extra, floor, step):
    assume(any(residents))
    areas = {str(n): weight for n, weight in enumerate(residents)}
    least = floor * step
    total = least * len(areas) + extra * step
    shared = split(Money(total), areas, floor=Money(least), step=Money(step))
    amounts = {area: amount.cents for area, amount in shared.amounts.items()}
    assert sum(amounts.values()) == total
    assert min(amounts.values()) >= least
    for share in shared.shares:
        assert share.amount.cents % step == 0
        if share.by != "floor":
            assert share.exact - step < share.amount.cents < share.exact + step
    for one in shared.shares:
        for other in shared.shares:
            if one.weight > other.weight:
                assert one.amount >= other.amount


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(1, 40_000), min_size=KIEZE, max_size=KIEZE))
def test_twenty_areas_of_any_size_share_a_hundred_thousand(residents):
    areas = {str(n): weight for n, weight in enumerate(residents)}
    amounts = split(Money.euro(100_000), areas, floor=FLOOR, step=STEP).amounts.values()
    assert Money.total(amounts) == Money.euro(100_000)
    assert min(amounts) >= FLOOR
    assert all(amount.cents % STEP.cents == 0 for amount in amounts)
