"""Match money: exact, never more than the pot, the same for the same pledges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partizipation_core.values import Money
from partizipation_crowdfunding.funding.match import Arrival, MatchRule, share_out

EURO = Money.euro
KARLSRUHE = MatchRule(by="per_pledge", minimum=EURO(10), amount=EURO(10))


def arrivals(*rows):
    return [
        Arrival(pledge=f"p{number}", campaign=campaign, person=person, amount=Money(cents))
        for number, (campaign, person, cents) in enumerate(rows)
    ]


def test_karlsruhe_adds_ten_to_each_pledge_of_ten_until_2500_are_gone():
    row = arrivals(*(("brunnen", f"b{n}", 999 if n % 5 == 0 else 1000 + n) for n in range(400)))
    told = share_out(KARLSRUHE, EURO(2_500), row)
    matched = [one.pledge for one in row if told.pledges[one.pledge]]
    large = [one.pledge for one in row if one.amount >= EURO(10)]
    assert matched == large[:250]
    assert all(told.pledges[pledge] == EURO(10) for pledge in matched)
    assert (told.total, told.left) == (EURO(2_500), Money(0))


def test_the_last_share_is_what_is_left():
    told = share_out(KARLSRUHE, EURO(25, 1), arrivals(*(("a", f"b{n}", 1000) for n in range(4))))
    assert [share.cents for share in told.pledges.values()] == [1000, 1000, 501, 0]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param({"by": "none"}, [0, 0, 0, 0], id="none"),
        pytest.param({"by": "per_pledge", "amount": EURO(5)}, [500] * 4, id="per pledge"),
        pytest.param({"by": "ratio", "percent": 50}, [1000, 5, 500, 2500], id="half"),
        pytest.param({"by": "per_head", "amount": EURO(7)}, [700, 0, 700, 700], id="per head"),
        pytest.param(
            {"by": "ratio", "per_pledge": EURO(8)}, [800, 11, 800, 800], id="cap per pledge"
        ),
        pytest.param(
            {"by": "ratio", "per_campaign": EURO(25)}, [2000, 11, 489, 2500], id="cap per campaign"
        ),
        pytest.param(
            {"by": "ratio", "per_person": EURO(30)}, [2000, 11, 1000, 989], id="cap per person"
        ),
    ],
)
def test_each_kind_and_cap_adds_what_it_says(rule, expected):
    row = arrivals(("a", "x", 2000), ("a", "x", 11), ("a", "y", 1000), ("b", "x", 5000))
    told = share_out(MatchRule(**rule), EURO(1000), row)
    assert [share.cents for share in told.pledges.values()] == expected


@pytest.mark.parametrize(
    "threshold", [{"heads": 2}, {"raised": EURO(30)}], ids=["by heads", "by sum"]
)
def test_a_lump_is_given_once_at_its_threshold(threshold):
    rule = MatchRule(by="threshold", amount=EURO(100), **threshold)
    row = arrivals(("a", "x", 1000), ("a", "x", 1000), ("a", "y", 1000), ("a", "z", 1000))
    assert share_out(rule, EURO(500), row[:2]).lumps == {}
    assert share_out(rule, EURO(500), row[:3]).lumps == {"a": EURO(100)}
    assert share_out(rule, EURO(500), row).left == EURO(400)


def test_a_lump_without_a_threshold_is_refused():
    with pytest.raises(ValueError, match="at how many heads"):
        MatchRule(by="threshold", amount=EURO(1))


money = st.integers(0, 5_000).map(Money)
cap = st.none() | money
rules = st.builds(
    MatchRule,
    by=st.sampled_from(["per_pledge", "ratio", "per_head", "threshold"]),
    minimum=money,
    amount=money,
    percent=st.integers(0, 300),
    heads=st.integers(1, 5),
    raised=cap,
    per_pledge=cap,
    per_campaign=cap,
    per_person=cap,
)
rows = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(1, 4_000)), max_size=25
).map(lambda given: arrivals(*given))


@given(rule=rules, pot=money, row=rows)
def test_whatever_arrives_the_pot_is_exact_and_no_cap_is_passed(rule, pot, row):
    told = share_out(rule, pot, row)
    assert told.total + told.left == pot
    assert told.left.cents >= 0
    assert all(share.cents >= 0 for share in told.pledges.values())
    by = {"campaign": {}, "person": {}}
    for one in row:
        given_to = told.pledges[one.pledge]
        assert rule.per_pledge is None or given_to <= rule.per_pledge
        for kind, sums in by.items():
            key = getattr(one, kind)
            sums[key] = sums.get(key, Money(0)) + given_to
    for campaign, lump in told.lumps.items():
        by["campaign"][campaign] += lump
    assert all(
        rule.per_campaign is None or s <= rule.per_campaign for s in by["campaign"].values()
    )
    assert all(rule.per_person is None or s <= rule.per_person for s in by["person"].values())


@given(rule=rules, pot=money, row=rows)
def test_a_later_pledge_never_changes_an_earlier_share(rule, pot, row):
    whole = share_out(rule, pot, row).pledges
    half = share_out(rule, pot, row[: len(row) // 2]).pledges
    assert half == {key: whole[key] for key in half}
