"""What users of other platforms complained about, as far as counting goes; one test a rule."""

import json

import pytest

from partizipation_core.counting import (
    Election,
    EqualShares,
    Exclusive,
    Greedy,
    Overrun,
    Project,
    Shortlist,
    Threshold,
    Ties,
    Utilitarian,
    misfit,
)
from partizipation_core.errors import InputError


@pytest.fixture
def election():
    """Build a vote in which the second project no longer fits."""
    return Election.from_ballots(
        projects=[
            Project(id="a", cost=60, exclusive="square"),
            Project(id="b", cost=50),
            Project(id="c", cost=30, exclusive="square"),
            Project(id="d", cost=16),
        ],
        budget=100,
        ballots=[["a", "b"]] * 3 + [["a", "c"]] * 2 + [["d"]],
    )


def test_t30_minimums_overdraft_and_equal_shares_are_rules_to_choose(election):
    """consuldemocracy#5857: minimum votes, small overdraft and equal shares are settings."""
    outcomes = {
        Greedy(misfit="skip", ties=Ties("id"))(election).funded,
        Greedy(misfit="skip", ties=Ties("id"))(election, [Threshold(3)]).funded,
        Greedy(misfit="overrun(4/5)", ties=Ties("id"))(election).funded,
        EqualShares(completion=Utilitarian(), ties=Ties("id"))(election).funded,
    }

    assert len(outcomes) == 4
    for rule in (Greedy(misfit="stop", ties=Ties("id")), EqualShares(ties=Ties("id"))):
        told = json.loads(rule(election, [Threshold(2)]).to_json())
        assert told["rule"] == rule.name
        assert told["parameters"]["constraints"] == [{"threshold": {"minimum": 2, "of": "score"}}]


def test_t31_what_happens_to_the_next_best_is_a_setting_without_default(election):
    """consuldemocracy#5429: a next best may be skipped, end it, overrun or get a part."""
    with pytest.raises(TypeError):
        Greedy()
    with pytest.raises(InputError):
        misfit("somehow")

    def funded(treatment):
        return Greedy(misfit=treatment, ties=Ties("id"))(election)

    assert funded("skip").funded == ("a", "c")
    assert funded("stop").funded == ("a",)
    partly = funded(Overrun(share=misfit("overrun(4/5)").share))
    assert partly.funded == ("a", "b")
    assert partly.rest == -10
    assert partly.fates["b"].reason.params["missing"] == 10
    rest = funded("partial")
    assert rest.funded == ("a", "b")
    assert (rest.fates["b"].amount, rest.rest) == (40, 0)
    assert funded("assembly").fates["b"].reason.code == "fate.left_to_assembly"


@pytest.mark.parametrize(
    "rule",
    [
        Greedy(misfit="skip", ties=Ties("id")),
        EqualShares(completion=Utilitarian(), ties=Ties("id")),
    ],
    ids=["rank", "shares"],
)
def test_t32_of_incompatible_winners_one_is_funded(election, rule):
    """consuldemocracy#1594: projects that exclude each other form a set; one of them can win."""
    result = rule(election, [Exclusive()])

    assert len({"a", "c"} & set(result.funded)) == 1
    (loser,) = {"a", "c"} - set(result.funded)
    assert result.fates[loser].reason.code == "fate.exclusive_with"


def test_t41_the_best_n_go_on_and_a_minimum_may_be_asked_for_as_well(election):
    """decidim#2918: the best N and an absolute minimum are both there, with a rule for ties."""
    best = Shortlist(size=2, include_all=False, ties=Ties("id"))
    assert best(election).chosen == ("a", "b")

    assert Shortlist(size=4, include_all=True, minimum=2)(election).chosen == ("a", "b", "c")
    equal = Election.from_tallies(
        projects=[Project(id=id_, cost=1) for id_ in "xyz"],
        budget=1,
        tallies=dict.fromkeys("xyz", 5),
    )
    assert len(Shortlist(size=2, include_all=True)(equal).chosen) == 3
    assert Shortlist(size=2, include_all=False, ties=Ties("id"))(equal).chosen == ("x", "y")
