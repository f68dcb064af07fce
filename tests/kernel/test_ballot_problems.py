"""What is wrong with a ballot: every type, every limit, every defect, all at once."""

import ast
import inspect
from typing import get_args

import pytest

from partizipation_core import BallotLimits, Money, Quota
from partizipation_core.formats.ballots import BallotKind, BallotPaper
from partizipation_core.kernel.ballots import problems
from partizipation_core.kernel.ballots.problems import ballot_problems
from partizipation_core.kernel.ballots.reading import COUNTED_AS

KINDS = get_args(BallotKind)

# Two schools and a park in the north, a park and a sports ground in the south, a tree for the
# whole town that is of no kind and has no price.
PAPER = BallotPaper(
    prices={
        "n-school": Money.euro(400),
        "n-school-2": Money.euro(300),
        "n-park": Money.euro(200),
        "s-park": Money.euro(100),
        "s-sport": Money.euro(600),
        "tree": None,
    },
    areas={"n-school": "N", "n-school-2": "N", "n-park": "N", "s-park": "S", "s-sport": "S"},
    categories={
        "n-school": "school",
        "n-school-2": "school",
        "n-park": "park",
        "s-park": "park",
        "s-sport": "sport",
    },
    budget=Money.euro(700),
)


def told(choices, home="", paper=PAPER, **limits):
    """Name what is wrong, in the order in which it is told."""
    found = ballot_problems(choices, paper, BallotLimits(**limits), home)
    return [str(one) for one in found]


def plain(*refs):
    return dict.fromkeys(refs, 1)


# --- marks: which of them each type takes

MARKS = {
    "support": {1: [], 0: "plain", -1: "plain", 2: "plain"},
    "approval": {1: [], 0: "plain", -1: "plain", 2: "plain"},
    "knapsack": {1: [], 0: "plain", -1: "plain", 2: "plain"},
    "yes_no": {1: [], 0: [], -1: [], 2: "plain", -2: "plain"},
    "pro_contra": {1: [], -1: [], 0: "plain", 2: "plain", -2: "plain"},
    "cumulative": {1: [], 7: [], 0: "points_none", -1: "points_negative"},
    "ranking": {1: [], 0: "place_impossible", -2: "place_impossible", 3: "places_skipped"},
}


@pytest.mark.parametrize(
    ("kind", "mark", "expected"),
    [(kind, mark, code) for kind, row in MARKS.items() for mark, code in row.items()],
    ids=str,
)
def test_each_type_takes_its_own_marks_and_no_others(kind, mark, expected):
    found = [one.code for one in ballot_problems({"s-park": mark}, PAPER, limits_of(kind))]
    assert found == ([] if not expected else [expected.replace("plain", "choice_not_plain")])


def limits_of(kind, **more):
    return BallotLimits(ballot_type=kind, **more)


def test_the_table_of_marks_knows_every_type():
    assert set(MARKS) == set(KINDS) == set(COUNTED_AS)


# --- one limit at a time, in every type

FITTING = {
    "support": plain("n-park", "s-park"),
    "approval": plain("n-park", "s-park"),
    "knapsack": plain("n-park", "s-park"),
    "yes_no": {"n-park": 1, "s-park": 1},
    "pro_contra": {"n-park": 1, "s-park": 1},
    "cumulative": {"n-park": 2, "s-park": 1},
    "ranking": {"n-park": 2, "s-park": 1},
}
"""The same ballot in each type: the two parks, for 300 euros."""

LIMITS = {
    "number met": ({"min_choices": 2, "max_choices": 2}, []),
    "too few": ({"min_choices": 3}, ["too_few_choices(given=2, min=3)"]),
    "too many": ({"max_choices": 1}, ["too_many_choices(given=2, max=1)"]),
    "total met": ({"min_total": Money.euro(300), "max_total": Money.euro(300)}, []),
    "too dear": (
        {"max_total": Money.euro(299)},
        ["over_the_total(given=30000, max=29900, over=100)"],
    ),
    "too cheap": ({"min_total": Money.euro(301)}, ["under_the_total(given=30000, min=30100)"]),
    "well within every number": (
        {
            "min_choices": 1,
            "max_choices": 3,
            "min_total": Money.euro(299),
            "max_total": Money.euro(301),
            "area_quotas": {"N": Quota(max=2), "S": Quota(max=2)},
            "category_quotas": {"park": Quota(min=1, max=3)},
            "max_other_areas": 2,
        },
        [],
    ),
    "exactly the fewest of a category": ({"category_quotas": {"park": Quota(min=2)}}, []),
    "one overshoot": ({"max_total": Money.euro(100), "overshoot": "once"}, []),
    "two overshoots": (
        {"max_total": Money.euro(99), "overshoot": "once"},
        ["overshot_twice(given=30000, max=9900, over=20100)"],
    ),
    "one of each area": ({"max_per_area": 1}, []),
    "one of each category": (
        {"max_per_category": 1},
        ["too_many_in_category(category=park, given=2, max=1)"],
    ),
    "quotas met": ({"area_quotas": {"N": Quota(min=1, max=1), "S": Quota(max=1)}}, []),
    "area over": (
        {"area_quotas": {"N": Quota(max=0)}},
        ["too_many_in_area(area=N, given=1, max=0)"],
    ),
    "area under": (
        {"area_quotas": {"S": Quota(min=2)}},
        ["too_few_in_area(area=S, given=1, min=2)"],
    ),
    "category over": (
        {"category_quotas": {"park": Quota(max=1)}},
        ["too_many_in_category(category=park, given=2, max=1)"],
    ),
    "category under": (
        {"category_quotas": {"school": Quota(min=1)}},
        ["too_few_in_category(category=school, given=0, min=1)"],
    ),
    "own quota before the common one": (
        {"max_per_category": 1, "category_quotas": {"park": Quota(max=2)}},
        [],
    ),
    "own area": ({"min_own_area": 1}, []),
    "own area under": ({"min_own_area": 2}, ["too_few_in_own_area(area=N, given=1, min=2)"]),
    "one other area": ({"max_other_areas": 1}, []),
    "no other area": (
        {"max_other_areas": 0},
        ["too_many_other_areas(area=N, areas=S, given=1, max=0)"],
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("limits", "expected"), LIMITS.values(), ids=LIMITS)
def test_each_limit_says_what_is_missing_in_every_type(kind, limits, expected):
    assert told(FITTING[kind], home="N", ballot_type=kind, **limits) == expected


def test_every_limit_there_is_stands_in_the_table():
    known = {one.name for one in BallotLimits.__attrs_attrs__}
    used = {name for limits, _ in LIMITS.values() for name in limits}
    elsewhere = {"secrecy", "ballot_type", "blank_ballots", "max_points", "max_points_per_item"}
    assert used == known - elsewhere


# --- points and places


@pytest.mark.parametrize(
    ("choices", "limits", "expected"),
    [
        ({"s-park": 5}, {"max_points": 5}, []),
        ({"s-park": 1, "n-park": 2}, {"max_points": 5, "max_points_per_item": 3}, []),
        ({"s-park": 3, "n-park": 2}, {"max_points": 5}, []),
        ({"s-park": 5, "n-park": 1}, {"max_points": 5}, ["points_over(given=6, max=5)"]),
        (
            {"s-park": 3, "n-park": 2},
            {"max_points_per_item": 2},
            ["points_per_item_over(given=3, item=s-park, max=2)"],
        ),
        (
            {"s-park": 3, "n-park": 0, "n-school": -1},
            {"max_points": 1, "max_points_per_item": 2},
            [
                "points_none(item=n-park)",
                "points_negative(item=n-school)",
                "points_per_item_over(given=3, item=s-park, max=2)",
                "points_over(given=2, max=1)",
            ],
        ),
    ],
    ids=[
        "all on one",
        "not all used",
        "spread",
        "one too many",
        "heaped too high",
        "everything at once",
    ],
)
def test_points(choices, limits, expected):
    assert told(choices, ballot_type="cumulative", **limits) == expected


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([1, 2, 3], []),
        ([3, 1, 2], []),
        ([1, 1, 2], ["place_shared(items=n-park, s-park, place=1)"]),
        ([1, 3, 4], ["places_skipped(places=2)"]),
        ([2, 3, 4], ["places_skipped(places=1)"]),
        ([1, 2, 10**12], ["places_skipped(places=3)"]),
        (
            [0, 3, 3],
            [
                "place_impossible(items=n-park, place=0)",
                "place_shared(items=s-park, s-sport, place=3)",
                "places_skipped(places=1, 2)",
            ],
        ),
    ],
    ids=["in order", "any order", "shared", "gap", "no first", "far off", "everything at once"],
)
def test_places_of_a_ranking(places, expected):
    choices = dict(zip(["n-park", "s-park", "s-sport"], places, strict=True))
    assert told(choices, ballot_type="ranking") == expected


# --- money


def test_a_knapsack_holds_what_was_left_of_the_pot():
    assert told(plain("n-school", "n-school-2"), ballot_type="knapsack") == []
    over = told(plain("n-school", "n-school-2", "s-park"), ballot_type="knapsack")
    assert over == ["over_the_total(given=80000, max=70000, over=10000)"]
    assert told(plain("n-school", "n-school-2", "s-park"), ballot_type="approval") == []


def test_a_limit_of_its_own_goes_before_the_pot():
    limits = {"ballot_type": "knapsack", "max_total": Money.euro(900)}
    assert told(plain("n-school", "n-school-2", "s-park"), **limits) == []


def test_a_knapsack_without_a_pot_has_no_limit():
    paper = BallotPaper(prices={"a": Money.euro(10**9)})
    assert told({"a": 1}, paper=paper, ballot_type="knapsack") == []


def test_the_dearest_may_overshoot_in_whatever_order_it_was_put_in():
    knapsack = {"ballot_type": "knapsack", "overshoot": "once"}
    for order in (("n-park", "s-sport"), ("s-sport", "n-park")):
        assert told(plain(*order), **knapsack) == []
    assert told(plain("s-sport", "n-school", "n-school-2", "s-park"), **knapsack) == [
        "overshot_twice(given=140000, max=70000, over=70000)"
    ]


def test_what_a_ballot_is_against_costs_nothing():
    against = {"s-sport": -1, "n-school": 1, "s-park": 0}
    limits = {"ballot_type": "yes_no", "max_total": Money.euro(400)}
    assert told(against, **limits) == []


def test_an_unknown_price_is_no_price_of_zero():
    assert told({"tree": 1}, ballot_type="knapsack") == ["price_missing(item=tree)"]
    assert told({"tree": 1}, min_total=Money(1)) == [
        "price_missing(item=tree)",
        "under_the_total(given=0, min=1)",
    ]
    assert told({"tree": 1}) == []


# --- areas


def test_items_for_everywhere_are_an_area_and_a_category_of_their_own():
    paper = BallotPaper(prices=dict.fromkeys(("x", "y", "a")), areas={"a": "N"})
    assert told(plain("x", "a"), paper=paper, max_per_area=1) == []
    assert told(plain("x", "y"), paper=paper, max_per_area=1) == [
        "too_many_in_area(area=, given=2, max=1)"
    ]
    assert told(plain("x", "y"), paper=paper, max_per_category=1) == [
        "too_many_in_category(category=, given=2, max=1)"
    ]


def test_items_for_everywhere_are_no_other_area():
    assert told(plain("tree", "n-park"), home="N", max_other_areas=0) == []


@pytest.mark.parametrize("limits", [{"min_own_area": 1}, {"max_other_areas": 1}], ids=str)
def test_where_the_own_area_matters_it_must_be_known(limits):
    assert told(plain("n-park"), **limits) == ["home_unknown"]


# --- more than there is


@pytest.mark.parametrize(
    ("limits", "home", "choices", "expected"),
    [
        ({"min_choices": 9}, "", set(PAPER), []),
        ({"min_choices": 9}, "", {"tree"}, ["too_few_choices(given=1, min=6)"]),
        ({"min_own_area": 1}, "W", {"tree"}, []),
        ({"min_own_area": 9}, "S", {"s-park", "s-sport"}, []),
        (
            {"min_own_area": 9},
            "S",
            {"s-park"},
            ["too_few_in_own_area(area=S, given=1, min=2)"],
        ),
        ({"area_quotas": {"W": Quota(min=1)}}, "", {"tree"}, []),
        (
            {"category_quotas": {"sport": Quota(min=2)}},
            "",
            {"tree"},
            ["too_few_in_category(category=sport, given=0, min=1)"],
        ),
    ],
    ids=[
        "all there is",
        "fewer than there is",
        "nothing of one's own",
        "all of one's own",
        "not all of one's own",
        "an area without items",
        "a category with one item",
    ],
)
def test_nobody_has_to_name_more_than_stands_on_the_paper(limits, home, choices, expected):
    assert told(plain(*choices), home=home, **limits) == expected


@pytest.mark.parametrize(
    ("named", "expected"), [(["s-park"], []), ([], ["too_few_choices(given=0, min=1)"])]
)
def test_a_paper_with_one_item_asks_for_that_one(named, expected):
    paper = BallotPaper(prices={"s-park": Money.euro(1)})
    assert told(plain(*named), paper=paper, min_choices=3) == expected


# --- silence


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, ["too_few_choices"]),
        ({"min_choices": 0}, []),
        ({"blank_ballots": True}, []),
        ({"blank_ballots": True, "min_choices": 2, "min_own_area": 1}, []),
        (
            {"min_choices": 0, "category_quotas": {"park": Quota(min=1)}},
            ["too_few_in_category"],
        ),
    ],
    ids=["not allowed", "none needed", "allowed", "allowed whatever else", "a quota is left"],
)
def test_a_blank_ballot_is_valid_only_where_the_town_says_so(kind, limits, expected):
    found = ballot_problems({}, PAPER, limits_of(kind, **limits))
    assert [one.code for one in found] == expected


def test_an_abstention_is_said_and_so_is_no_blank_ballot():
    assert told({"s-park": 0}, ballot_type="yes_no") == []
    assert told({}, ballot_type="yes_no") == ["too_few_choices(given=0, min=1)"]


# --- everything at once


def test_all_that_is_wrong_comes_at_once_and_in_one_order():
    choices = {"s-sport": 1, "n-school": 1, "n-school-2": 1, "tree": 1, "moon": 1, "s-park": 4}
    assert told(
        choices,
        home="N",
        ballot_type="knapsack",
        max_choices=4,
        max_per_area=1,
        category_quotas={"school": Quota(max=1), "park": Quota(min=2)},
        min_own_area=3,
        max_other_areas=0,
    ) == [
        "not_on_ballot(items=moon)",
        "choice_not_plain(item=s-park)",
        "too_many_choices(given=6, max=4)",
        "price_missing(item=tree)",
        "over_the_total(given=140000, max=70000, over=70000)",
        "too_many_in_area(area=N, given=2, max=1)",
        "too_many_in_area(area=S, given=2, max=1)",
        "too_few_in_category(category=park, given=1, min=2)",
        "too_many_in_category(category=school, given=2, max=1)",
        "too_few_in_own_area(area=N, given=2, min=3)",
        "too_many_other_areas(area=N, areas=S, given=1, max=0)",
    ]


def test_every_code_of_the_function_occurs_in_these_tests():
    tree = ast.parse(inspect.getsource(problems))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    codes = {call.args[0].value for call in calls if ast.unparse(call.func) == "Objection"}
    here = inspect.getsource(inspect.getmodule(told))
    assert {code for code in codes if code not in here} == set()
