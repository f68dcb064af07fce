"""What a file declares, and whether that leads to its official outcome."""

from dataclasses import replace
from fractions import Fraction

import pytest

from partizipation_core.counting import (
    Add1,
    Budgets,
    Comparison,
    Election,
    EqualShares,
    Overrun,
    Project,
    Skip,
    Stop,
    Threshold,
    Ties,
    Utilitarian,
)
from partizipation_core.counting.declared import declared
from partizipation_core.counting.official import Agreement, check, official_totals

POZNAN = (
    "#1: This special greedy rule works as follows: we fund projects until the next one does not "
    "fit. If the remaining budget is enough to fund at least 80% of that project, we fund it."
)


def vote(selected, *, rule="greedy", costs=(60, 50, 30), exclusive=("", "", ""), **meta):
    """Build an election of three projects with 3, 2 and 1 votes and an official outcome."""
    stated = meta.pop("votes", ("3", "2", "1"))
    projects = [
        Project(id=id_, cost=cost, exclusive=site, meta={"selected": mark, "votes": number})
        for id_, cost, site, mark, number in zip(
            "abc", costs, exclusive, selected, stated, strict=True
        )
    ]
    return Election.from_ballots(
        projects=projects,
        budget=meta.pop("budget", 100),
        ballots=["abc", "ab", "a"],
        meta={"rule": rule, **meta},
    )


@pytest.mark.parametrize(
    ("rule", "meta", "misfit"),
    [
        pytest.param("greedy", {}, Skip(), id="greedy"),
        pytest.param("greedy-no-skip", {}, Stop(), id="no-skip"),
        pytest.param(
            "greedy-threshold", {"min_project_score_threshold": "2"}, Skip(), id="threshold"
        ),
        pytest.param("greedy-exclusive", {}, Skip(), id="exclusive"),
        pytest.param("greedy-custom", {"comment": POZNAN}, Overrun(Fraction(4, 5)), id="poznan"),
    ],
)
def test_which_rule_is_applied(rule, meta, misfit):
    assert declared(vote("000", rule=rule, **meta)).rule.misfit == misfit


@pytest.mark.parametrize(
    ("rule", "meta", "code"),
    [
        pytest.param("maximin", {}, "declared.not_installed", id="not-there"),
        pytest.param("equalshares/odd", {}, "declared.not_installed", id="unknown-part"),
        pytest.param("unknown", {}, "declared.unknown", id="unknown"),
        pytest.param("greedy-custom", {"comment": "#1: by hand"}, "declared.custom", id="words"),
        pytest.param("greedy-threshold", {}, "declared.no_threshold", id="no-threshold"),
        pytest.param(
            "greedy", {"budget_per_category": "50,50"}, "declared.sub_budgets", id="sub-budgets"
        ),
    ],
)
def test_what_cannot_be_derived_says_why(rule, meta, code):
    verdict = check(vote("100", rule=rule, **meta))

    assert verdict.agreement is Agreement.NOT_DERIVABLE
    assert [reason.code for reason in verdict.reasons] == [code]


def test_a_threshold_holds_under_every_greedy_rule():
    election = vote("000", rule="greedy-no-skip", min_project_score_threshold="2")

    assert declared(election).constraints == (Threshold(2),)
    assert declared(election, threshold=5).constraints == (Threshold(5),)


def test_money_for_all_asks_for_neither_votes_nor_minimum():
    election = vote("111", budget=1000, fully_funded="1", min_project_score_threshold="9")

    assert check(election).agreement is Agreement.REPRODUCED


@pytest.mark.parametrize(
    ("selected", "meta"),
    [
        pytest.param("101", {}, id="skip"),
        pytest.param("100", {"rule": "greedy-no-skip"}, id="stop"),
        pytest.param("102", {"rule": "greedy-no-skip"}, id="funded-for-another-reason"),
        pytest.param("201", {}, id="funded-by-the-rule-and-marked-otherwise"),
        pytest.param("120", {"rule": "greedy-custom", "comment": POZNAN}, id="overrun"),
        pytest.param("101", {"exclusive": ("x", "x", "")}, id="exclusive"),
    ],
)
def test_reproduced(selected, meta):
    verdict = check(vote(selected, **meta))

    assert (verdict.agreement, verdict.reasons) == (Agreement.REPRODUCED, ())


@pytest.mark.parametrize(
    ("selected", "meta", "codes"),
    [
        pytest.param("100", {}, ["extra", "cause_misfit"], id="another-misfit"),
        pytest.param("110", {}, ["extra", "missing", "cause_budget"], id="dearer-than-the-budget"),
        pytest.param("001", {}, ["extra", "cause_unknown"], id="no-cause-to-be-seen"),
        pytest.param(
            "001", {"rule": "greedy-exclusive"}, ["extra", "cause_groups"], id="unknown-groups"
        ),
        pytest.param(
            "101",
            {"min_project_score_threshold": "2"},
            ["missing", "cause_constraints"],
            id="minimum-not-applied",
        ),
        pytest.param(
            "010",
            {"votes": ("3", "3", "1"), "costs": (60, 50, 60)},
            ["extra", "missing", "cause_tie"],
            id="tie",
        ),
        pytest.param(
            "101", {"votes": ("1", "2", "3")}, ["extra", "missing", "cause_ballots"], id="ballots"
        ),
    ],
)
def test_deviations_are_explained(selected, meta, codes):
    verdict = check(vote(selected, **meta))

    assert verdict.agreement is Agreement.DEVIATES
    assert [reason.code.removeprefix("official.") for reason in verdict.reasons] == codes


def test_a_tie_is_named():
    verdict = check(vote("010", votes=("3", "3", "1"), costs=(60, 50, 60)))

    assert verdict.reasons[-1].params["projects"] == "a, b"


def test_without_an_outcome_there_is_nothing_to_compare():
    assert check(vote(("", "", ""))).agreement is Agreement.NONE


def test_a_city_decides_on_its_published_totals():
    election = vote("010", votes=("1", "9", "1"), costs=(60, 50, 60))

    assert [tally.votes for tally in official_totals(election).tallies()] == [1, 9, 1]
    assert check(election).agreement is Agreement.REPRODUCED


def test_totals_that_agree_with_the_ballots_leave_the_election_as_it_is():
    election = vote("000")

    assert official_totals(election) is election


@pytest.mark.parametrize(
    ("name", "utility", "steps"),
    [
        ("equalshares", "cost", []),
        ("equalshares/add1", "cost", [Add1(stop="overrun")]),
        ("equalshares/add1e", "cost", [Add1(stop="exhaustive")]),
        ("EqualShares/Add1U", "cost", [Add1(stop="overrun"), Utilitarian()]),
        ("equal-shares/cardinality/utilitarian", "cardinality", [Utilitarian()]),
        ("mes+add1+comparison", "cost", [Add1(stop="overrun"), Comparison()]),
    ],
)
def test_how_equal_shares_are_spelled(name, utility, steps):
    rule = declared(vote("000", rule=name)).rule

    assert rule == EqualShares(utility=utility, completion=steps, ties=Ties("id"))


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"min_project_score_threshold": "2.0"}, Threshold(2)),
        ({"min_project_votes_threshold": "2"}, Threshold(2, "votes")),
        ({"min_project_score_threshold": "50%"}, Threshold(2)),
    ],
    ids=["score", "votes", "half of the voters"],
)
def test_how_minimums_are_written(meta, expected):
    assert declared(vote("000", **meta)).constraints == (expected,)


def test_sub_budgets_are_upper_bounds_in_the_order_of_the_groups():
    election = vote("101", budget_per_category="60,40", categories="Jeugd,Groen")
    kinds = [("Jeugd",), ("Jeugd",), ("Groen",)]
    projects = [
        replace(p, categories=kind) for p, kind in zip(election.projects, kinds, strict=True)
    ]
    election = replace(election, projects=tuple(projects))

    (limit,) = declared(election).constraints
    assert limit == Budgets(by="category", amounts={"Jeugd": 60, "Groen": 40})
    assert check(election).agreement is Agreement.REPRODUCED


def test_a_column_may_name_conflicts():
    election = vote("101", costs=(30, 30, 30))
    projects = [
        replace(p, meta={**p.meta, "conflicts": other})
        for p, other in zip(election.projects, ("b", "", ""), strict=True)
    ]

    assert check(replace(election, projects=tuple(projects))).agreement is Agreement.REPRODUCED


def test_another_completion_is_named_as_the_cause():
    ballots = [["a"], ["a"], ["b"], ["b", "c"], ["c"]]
    costs = {"a": 60, "b": 30, "c": 10}
    election = Election.from_ballots(
        projects=[Project(id=i, cost=c, meta={"selected": "1"}) for i, c in costs.items()],
        budget=100,
        ballots=ballots,
        meta={"rule": "equalshares"},
    )
    verdict = check(election)

    assert verdict.agreement is Agreement.DEVIATES
    causes = [r.params["rule"] for r in verdict.reasons if r.code == "official.cause_variant"]
    assert "equalshares/add1/cost" in causes
