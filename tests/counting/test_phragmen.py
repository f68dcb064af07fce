"""Sequential Phragmén: who has earned the money first, and where it ends."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from shares_elections import elections, place
from shares_reference import phragmen

from partizipation_core.counting import (
    Election,
    Lot,
    NeedsBallots,
    Project,
    Result,
    Ties,
    UndecidedTie,
)
from partizipation_core.counting.phragmen import Phragmen


def projects(**costs):
    return [Project(id=id_, cost=cost) for id_, cost in costs.items()]


@given(elections())
def test_agrees_with_the_reference(election):
    result = Phragmen(ties=Ties("id"))(election)

    assert list(result.funded) == [election.projects[n].id for n in phragmen(election, place)]


@given(elections())
def test_a_result_survives_json(election):
    result = Phragmen(misfit="skip", ties=Ties("id"))(election)

    assert Result.from_json(result.to_json()) == result


@given(elections())
def test_the_margin_is_exactly_what_was_missing(election):
    """Further voters who support nothing else."""
    rule = Phragmen(ties=Ties("id"))
    result = rule(election)

    def funded_with(id_, more):
        voters = [
            [election.projects[n].id for n, given in election.ballots[place] if given > 0]
            for place in election.voters.ballots
        ]
        return Election.from_ballots(
            projects=election.projects, budget=election.budget, ballots=[*voters, *[[id_]] * more]
        )

    for project in election.projects:
        missing = result.margin(project.id).missing
        if missing is not None and missing < 40:
            assert project.id in rule(funded_with(project.id, missing)).funded
            fewer = rule(funded_with(project.id, missing - 1)).funded
            assert missing == 1 or project.id not in fewer


def test_a_margin_counts_that_nothing_is_bought_at_the_moment_it_ends():
    ballots = [["a"], ["a"], ["b"], ["c"], ["c"], ["c"]]

    def count(more):
        cast = [*ballots, *[["b"]] * more]
        vote = Election.from_ballots(projects=projects(a=2, b=6, c=9), budget=10, ballots=cast)
        return Phragmen(ties=Ties("id"))(vote)

    assert count(0).funded == ("a",)
    assert count(0).margin("b").missing == 2
    assert [count(more).funded for more in (1, 2)] == [("a",), ("a", "b")]


def test_time_is_money_earned_by_every_voter():
    election = Election.from_ballots(
        projects=projects(a=12, b=12, c=4), budget=30, ballots=["ab", "a", "ab", "c"]
    )
    result = Phragmen(ties=Ties("id"))(election)

    assert [(r.project, r.price) for r in result.rounds] == [
        ("a", 4),
        ("c", 4),
        ("b", Fraction(20, 2)),
    ]
    assert result.fates["b"].reason.params == {"time": 10, "payers": 2, "cost": 12}


def test_it_ends_with_the_first_project_that_does_not_fit_and_tells_the_rest():
    election = Election.from_ballots(
        projects=projects(a=6, b=8, c=4), budget=10, ballots=["a", "a", "a", "b", "b", "b", "c"]
    )
    result = Phragmen(ties=Ties("id"))(election)

    assert result.funded == ("a",)
    assert result.rest == 4
    assert result.rejected["b"].reason.code == "fate.does_not_fit"
    assert result.rejected["c"].reason.code == "fate.after_stop"
    assert result.rejected["c"].reason.params["stopper"] == "b"


def test_skipping_goes_on():
    election = Election.from_ballots(
        projects=projects(a=6, b=8, c=4), budget=10, ballots=["a", "a", "a", "b", "b", "b", "c"]
    )
    assert Phragmen(misfit="skip", ties=Ties("id"))(election).funded == ("a", "c")


def test_equals_need_an_order_if_it_matters():
    election = Election.from_ballots(projects=projects(a=6, b=6), budget=10, ballots=["ab"])

    with pytest.raises(UndecidedTie):
        Phragmen()(election)
    assert len(Phragmen(ties=Ties(Lot("4711")))(election).funded) == 1


def test_totals_are_refused():
    totals = Election.from_tallies(projects=projects(a=1), budget=1, tallies={"a": 1})

    with pytest.raises(NeedsBallots):
        Phragmen()(totals)


@given(elections())
def test_the_order_of_the_voters_changes_nothing(election):
    turned = replace(election, ballots=election.ballots[::-1])
    last = len(election.ballots) - 1
    voters = replace(
        election.voters, ballots=tuple(last - place for place in election.voters.ballots)
    )

    rule = Phragmen(ties=Ties("id"))
    assert rule(replace(turned, voters=voters)).funded == rule(election).funded
