"""Elections as values: built from ballots or totals, refused where they contradict themselves."""

import pytest

from partizipation_core.counting import (
    Ballot,
    Election,
    NeedsBallots,
    Project,
    Tally,
    Voters,
    borda,
)
from partizipation_core.errors import InputError

PROJECTS = [Project(id="a", cost=10), Project(id="b", cost=20), Project(id="c", cost=30)]


def of_ballots(ballots, **more):
    return Election.from_ballots(projects=PROJECTS, budget=40, ballots=ballots, **more)


def test_equal_ballots_become_one_with_a_weight():
    election = of_ballots([["a", "b"], ["b", "a"], ["c"]])

    assert election.ballots == (Ballot((0, 1), weight=2), Ballot((2,)))
    assert election.voters == Voters(ids=("1", "2", "3"), ballots=(0, 0, 1))
    assert election.num_votes == 3


def test_a_ranking_is_not_the_same_backwards():
    election = of_ballots([["a", "b"], ["b", "a"]], ballot_type="ordinal")

    assert election.ballots == (Ballot((0, 1), (3, 2)), Ballot((1, 0), (3, 2)))


@pytest.mark.parametrize(
    ("length", "first", "points"),
    [
        pytest.param(3, 3, (3, 2, 1), id="full"),
        pytest.param(2, 3, (3, 2), id="short-ballot-gains-nothing"),
        pytest.param(3, 2, (2, 1, 0), id="more-than-allowed"),
        pytest.param(0, 3, (), id="empty"),
    ],
)
def test_borda(length, first, points):
    assert borda(length, first) == points


@pytest.mark.parametrize(
    ("ballot_type", "ballot", "words"),
    [
        pytest.param("approval", ["x"], "ballot 2: the project x is not known", id="unknown"),
        pytest.param("approval", ["a", "a"], "ballot 2: a project is named twice", id="twice"),
        pytest.param("approval", {"a": 2}, "2 points are not possible", id="approval-of-two"),
        pytest.param("choose-1", ["a", "b"], "2 projects are named; one", id="choose-two"),
        pytest.param("cumulative", {"a": -1}, "-1 points are not possible", id="negative"),
        pytest.param("pro_contra", {"a": 2}, "2 points are not possible", id="twice-in-favour"),
        pytest.param("pro_contra", {"a": 0}, "0 points are not possible", id="neither"),
    ],
)
def test_impossible_ballots_are_refused_with_their_number(ballot_type, ballot, words):
    with pytest.raises(InputError, match=words):
        of_ballots([["a"] if ballot_type != "ordinal" else [], ballot], ballot_type=ballot_type)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"projects": []}, "at least one project", id="no-project"),
        pytest.param({"projects": PROJECTS[:1] * 2}, "the same id", id="project-twice"),
        pytest.param({"budget": -1}, "must not be negative", id="negative-budget"),
        pytest.param({"unit": 60}, "must be 1, 10, 100", id="odd-unit"),
        pytest.param({"voter_ids": ["x", "x"]}, "occurs twice", id="voter-twice"),
        pytest.param({"voter_ids": ["x", " "]}, "empty", id="nameless-voter"),
        pytest.param({"voter_ids": ["x"]}, "one entry for each of 1", id="voters-missing"),
        pytest.param({"meta": {"budget": "7"}}, "has a field of its own", id="budget-in-meta"),
    ],
)
def test_contradictions_are_refused(change, words):
    facts = {"projects": PROJECTS, "budget": 40, "ballots": [["a"], ["a"]], **change}
    if facts["projects"] == []:
        facts["ballots"] = []
    with pytest.raises(InputError, match=words):
        Election.from_ballots(**facts)


@pytest.mark.parametrize("id_", ["", " a", "a ", "a,b", "a\nb", "\u00a0a"])
def test_ids_that_no_vote_could_name_are_refused(id_):
    with pytest.raises(InputError, match="project id"):
        Project(id=id_, cost=1)


def test_a_negative_cost_is_refused():
    with pytest.raises(InputError, match="not negative"):
        Project(id="a", cost=-1)


def test_totals_must_cover_exactly_the_projects():
    with pytest.raises(InputError, match="b, c, x"):
        Election.from_tallies(projects=PROJECTS, budget=40, tallies={"a": 1, "x": 2})


def test_a_rule_that_needs_ballots_refuses_totals():
    election = Election.from_tallies(
        projects=PROJECTS, budget=40, tallies={"a": 1, "b": 2, "c": Tally(votes=3)}
    )
    election.require("totals", "greedy")
    with pytest.raises(NeedsBallots, match="equal-shares needs the single ballots"):
        election.require("ballots", "equal-shares")


def test_nothing_can_be_changed_afterwards():
    meta = {"currency": "PLN"}
    election = of_ballots([["a"]], meta=meta)
    meta["currency"] = "EUR"

    assert election.currency == "PLN"
    with pytest.raises(TypeError):
        election.meta["currency"] = "EUR"
    with pytest.raises(AttributeError):
        election.budget = 1
