"""Shortlists: the best go on, whatever they cost."""

import pytest

from partizipation_core.counting import (
    Election,
    Lot,
    Project,
    Shortlist,
    Ties,
    UndecidedTie,
)


def ideas(votes):
    return Election.from_tallies(
        projects=[Project(id=id_, cost=0) for id_ in votes], budget=0, tallies=votes
    )


HUNDRED_AND_ONE = {f"I{n}": 500 - n for n in range(1, 100)} | {"I100": 7, "I101": 7}


def test_stuttgart_adds_equals_of_the_last_place():
    selection = Shortlist(size=100, include_all=True)(ideas(HUNDRED_AND_ONE))

    assert len(selection.chosen) == 101
    assert selection.ties[0].members == ("I100", "I101")


def test_wuppertal_draws_the_last_place_by_lot():
    rule = Shortlist(size=100, include_all=False, ties=Ties(Lot("2017-09-24")))
    selection = rule(ideas(HUNDRED_AND_ONE))
    winner = Lot("2017-09-24").draw(["I100", "I101"]).order[0]

    assert len(selection.chosen) == 100
    assert selection.chosen[-1] == winner
    assert selection.ties[0].decided_by == ("lot",)


def test_without_an_order_the_last_place_stays_open():
    with pytest.raises(UndecidedTie):
        Shortlist(size=100, include_all=False)(ideas(HUNDRED_AND_ONE))


def test_neukoelln_takes_the_best_25_with_at_least_10():
    votes = {f"I{n}": 40 - n for n in range(1, 35)}
    selection = Shortlist(size=25, include_all=True, minimum=20)(ideas(votes))

    assert selection.chosen == tuple(f"I{n}" for n in range(1, 21))
    assert selection.reasons["I21"].code == "shortlist.minimum"


def test_stuttgart_reserves_two_places_for_each_district():
    votes = {"m1": 90, "m2": 80, "m3": 70, "m4": 60, "w1": 3, "w2": 2, "w3": 1}
    areas = {id_: id_[0] for id_ in votes}
    rule = Shortlist(size=5, include_all=True, score="pro", reserved=2, areas=areas)
    selection = rule(ideas(votes))

    assert selection.chosen == ("m1", "m2", "m3", "w1", "w2")
    assert selection.reasons["w2"].code == "shortlist.reserved"
    assert selection.reasons["m4"].code == "shortlist.cut"


def test_equals_above_the_edge_take_a_place_each():
    selection = Shortlist(size=3, include_all=False)(ideas({"a": 5, "b": 5, "c": 4, "d": 3}))

    assert selection.chosen == ("a", "b", "c")
    assert selection.ties == ()
