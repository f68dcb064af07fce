"""Ranked lists: an order for those who decide, with ranks, equals and an end, and no money."""

import pytest

from partizipation_core.counting import (
    Election,
    Lot,
    Project,
    RankedList,
    Tally,
    Ties,
    UndecidedTie,
)


def election(budget=0, **votes):
    return Election.from_tallies(
        projects=[Project(id=name, cost=100) for name in votes],
        budget=budget,
        tallies={
            name: got if isinstance(got, Tally) else Tally(votes=got, points=got)
            for name, got in votes.items()
        },
    )


def listed(result):
    return [fate.id for fate in result.steps if fate.outcome == "advised"]


def test_everything_is_put_in_order_and_nothing_is_funded():
    result = RankedList()(election(a=1, b=3, c=0, budget=1000))
    assert listed(result) == ["b", "a", "c"]
    assert (result.funded, result.rest) == ((), 1000)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param(RankedList(size=1), ["b"], id="only so many places"),
        pytest.param(RankedList(minimum=2), ["b", "d"], id="a minimum, reached exactly"),
        pytest.param(RankedList(size=2, minimum=3), ["b"], id="both"),
        pytest.param(RankedList(size=3, ties=Ties("cost", Lot("1"))), None, id="by lot"),
        pytest.param(
            RankedList(size=3, include_all=True), ["b", "d", "a", "c"], id="equals are added"
        ),
    ],
)
def test_the_list_ends_where_the_town_says(rule, expected):
    result = rule(election(a=1, b=3, c=1, d=2))
    if expected is None:
        assert len(listed(result)) == 3
        assert result.ties[-1].mattered
    else:
        assert listed(result) == expected


def test_equals_that_nothing_separates_share_a_rank_within_the_list_and_not_at_its_end():
    both = election(a=1, b=1, c=2)
    assert [fate.rank for fate in RankedList()(both).steps] == [1, 2, 2]
    with pytest.raises(UndecidedTie):
        RankedList(size=2)(both)


def test_koeln_puts_more_pro_first_among_equal_differences():
    quiet = Tally(votes=30, points=20, contra=10)
    loud = Tally(votes=50, points=20, contra=30)
    rule = RankedList(score="pro_minus_contra", size=1, ties=Ties("-pro"))
    result = rule(election(quiet=quiet, loud=loud))
    assert listed(result) == ["loud"]
    assert result.ties[0].decided_by == ("-pro",)


def test_a_result_comes_back_from_its_json():
    result = RankedList(size=1)(election(a=1, b=3))
    assert type(result).from_json(result.to_json()) == result
