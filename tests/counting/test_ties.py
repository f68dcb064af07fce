"""The order among equals."""

import pytest

from partizipation_core.counting import Candidate, Drawn, Lot, Project, Score, Tally, Ties, natural
from partizipation_core.errors import InputError


def candidate(id_, cost=1, votes=1, points=1):
    return Candidate(
        project=Project(id=id_, cost=cost),
        tally=Tally(votes=votes, points=points),
        score=Score.VOTES,
    )


EQUALS = [
    candidate("P10", cost=5, votes=9, points=1),
    candidate("P9", cost=5, votes=7, points=3),
    candidate("P1", cost=8, votes=7, points=2),
]


@pytest.mark.parametrize(
    ("ties", "order", "decided_by"),
    [
        pytest.param(Ties("cost", "-votes"), "P10 P9 P1", ("cost", "-votes"), id="cost-votes"),
        pytest.param(Ties("-votes", "cost"), "P10 P9 P1", ("-votes", "cost"), id="votes-cost"),
        pytest.param(Ties("-pro", "id"), "P10 P1 P9", ("-pro", "id"), id="pro-id"),
        pytest.param(Ties("-points", "cost"), "P9 P1 P10", ("-points",), id="points-alone"),
        pytest.param(Ties("id"), "P1 P9 P10", ("id",), id="id"),
        pytest.param(Ties(Drawn(("P9", "P1")), "id"), "P9 P1 P10", ("drawn",), id="hat"),
    ],
)
def test_criteria_decide_one_after_the_other(ties, order, decided_by):
    resolved = ties.resolve(EQUALS)

    assert [c.project.id for c in resolved.order] == order.split()
    assert resolved.decided_by == decided_by
    assert resolved.open_ == ()


def test_the_lot_decides_as_it_was_drawn():
    resolved = Ties(Lot("x")).resolve(EQUALS)

    assert tuple(c.project.id for c in resolved.order) == Lot("x").draw(["P1", "P9", "P10"]).order


def test_what_no_criterion_separates_stays_open():
    resolved = Ties("cost").resolve(EQUALS)

    assert [[c.project.id for c in block] for block in resolved.open_] == [["P9", "P10"]]


def test_an_unknown_criterion_is_refused():
    with pytest.raises(InputError, match="'age' is none of cost"):
        Ties("age")


def test_ids_are_ordered_as_people_count():
    ids = ["P10", "P2", "P1", "10", "9", "09", "L18/2", "L18/10", "ä"]

    assert sorted(ids, key=natural) == ["09", "9", "10", "L18/2", "L18/10", "P1", "P2", "P10", "ä"]
