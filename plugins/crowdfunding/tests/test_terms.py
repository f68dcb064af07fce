"""Four ways of funding, one lifecycle: what each asks before a campaign may move on."""

from itertools import product

import pytest

from partizipation_core.values import Money
from partizipation_crowdfunding.funding.rewards import Reward, reward_faults, reward_objections
from partizipation_crowdfunding.funding.terms import MODES, WAYS, Reached, Terms, against, way

GOAL, MINIMUM = Money.euro(1_000), Money.euro(300)
SUMS = [0, 1, 29_999, 30_000, 99_999, 100_000, 250_000]


@pytest.mark.parametrize(
    ("mode", "round_", "expected"),
    [
        ("all_or_nothing", 1, ["fail"] * 5 + ["succeed"] * 2),
        ("keep_it_all", 1, ["fail"] + ["succeed"] * 6),
        ("start_level", 1, ["fail"] * 3 + ["succeed"] * 4),
        ("two_rounds", 1, ["fail"] * 3 + ["next_round"] * 4),
        ("two_rounds", 2, ["fail"] * 3 + ["succeed"] * 4),
    ],
)
def test_where_a_campaign_goes_depends_on_its_sum(mode, round_, expected):
    terms = Terms(mode=mode, goal=GOAL, minimum=MINIMUM)
    found = [way(terms, Reached(raised=Money(cents), round=round_)) for cents in SUMS]
    assert found == expected


def test_exactly_one_way_is_open_once_all_is_known_and_none_before():
    for mode, cents, round_, waiting, over in product(MODES, SUMS, (1, 2), (0, 3), (True, False)):
        terms = Terms(mode=mode, goal=GOAL, minimum=MINIMUM)
        reached = Reached(raised=Money(cents), round=round_, waiting=waiting, over=over)
        free = [one for one in WAYS if not list(against(one, terms, reached))]
        assert len(free) == (over and not waiting), (mode, reached)
        assert way(terms, reached) == (free[0] if free else "")


def test_every_reason_is_told_at_once():
    terms = Terms(goal=GOAL)
    reached = Reached(raised=Money(0), waiting=2, over=False)
    codes = [one.code for one in against("succeed", terms, reached)]
    assert codes == ["window_still_open", "payments_waiting", "goal_not_reached"]


@pytest.mark.parametrize(
    ("terms", "codes"),
    [
        ({"goal": Money(0)}, ["goal_missing"]),
        ({"goal": GOAL, "mode": "two_rounds"}, ["minimum_not_below_goal"]),
        ({"goal": MINIMUM, "minimum": GOAL, "mode": "start_level"}, ["minimum_not_below_goal"]),
        ({"goal": GOAL, "minimum": GOAL, "mode": "start_level"}, []),
    ],
)
def test_terms_that_make_no_sense_say_so(terms, codes):
    assert [one.code for one in Terms(**terms).faults()] == codes


MUG = Reward(key="mug", title="Tasse", minimum=Money.euro(20), stock=2)


@pytest.mark.parametrize(
    ("wanted", "euros", "taken", "codes"),
    [
        ("", 1, {"mug": 2}, []),
        ("mug", 20, {"mug": 1}, []),
        ("mug", 20, {"mug": 2}, ["reward_gone"]),
        ("mug", 19, {"mug": 2}, ["reward_needs_more", "reward_gone"]),
        ("book", 50, {}, ["reward_unknown"]),
    ],
)
def test_a_reward_is_there_for_enough_money_and_while_stocks_last(wanted, euros, taken, codes):
    found = reward_objections(wanted, Money.euro(euros), [MUG], taken)
    assert [one.code for one in found] == codes


def test_rewards_have_a_key_of_their_own_and_a_price():
    gift = Reward(key="gift", title="Geschenk", minimum=Money(0))
    assert [one.code for one in reward_faults([MUG, MUG, gift])] == [
        "reward_twice",
        "reward_for_nothing",
    ]
