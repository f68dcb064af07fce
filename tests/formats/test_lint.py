"""Lint: a format that contradicts itself is refused when it is made, with every place."""

import pytest

from partizipation_core import DefinitionError, ProcedureFormat, Stage, rule
from partizipation_core.commands import CastBallot, CountBallots, SubmitItem
from partizipation_core.formats.items import ITEM_LIFECYCLE

SLOT_NAMES = (
    "award, ballot, combine_reviews, conflict, count, draw, eligibility, majority, quorum, "
    "resolution, shortlist, territory, tie"
)
IDEAS = Stage("ideas", kind="idea", allows={SubmitItem: ["resident"]})
VOTE = Stage("vote", kind="vote", puts_on_ballot="shortlisted", allows={CastBallot: ["resident"]})
FUND = Stage("fund", kind="fund", allows={CountBallots: ["officer"]})


def stage(key, kind="fund", **more):
    return Stage(key, kind=kind, **{"allows": {CountBallots: ["officer"]}, **more})


@rule("tie", name="test/tie")
def tie(_view):
    """Order by cost."""
    return "cost"


@rule("guard", name="test/guard")
def guard(_item, _view):
    """Object to nothing."""
    return ()


def moved(**moves):
    return ITEM_LIFECYCLE.extend(key="own", moves=moves)


BROKEN = {
    "no stage": ({"stages": []}, ["stages: at least one is needed"]),
    "one key twice": (
        {"stages": [IDEAS, FUND, stage("fund")]},
        ["stages.fund: the key is used 2 times"],
    ),
    "edge into nowhere": (
        {"stages": [IDEAS, stage("fund", edges={"repeat": "vot"})]},
        ["stages.fund.edges.repeat: leads to unknown stage 'vot'"],
    ),
    "dead stage": (
        {"stages": [stage("ideas", "idea", edges={"advance": "end"}), FUND, stage("end")]},
        ["stages.fund: no edge leads here"],
    ),
    "no end": (
        {"stages": [IDEAS, stage("fund", edges={"advance": "ideas"})]},
        ["stages: none is the last, the procedure could never end"],
    ),
    "trap": (
        {
            "stages": [
                stage("ideas", "idea", edges={"advance": "end", "aside": "trap"}),
                stage("trap", edges={"advance": "trap"}),
                stage("end"),
            ]
        },
        ["stages.trap: no way leads from here to a last stage"],
    ),
    "allows nothing": (
        {"stages": [IDEAS, Stage("rest", kind="fund")]},
        ["stages.rest: allows nothing to anybody"],
    ),
    "allows nobody": (
        {"stages": [IDEAS, stage("fund", allows={CountBallots: []})]},
        ["stages.fund.allows.CountBallots: no role may give it"],
    ),
    "key that is no name": (
        {"stages": [IDEAS, stage("vote.2")]},
        ["stages.vote.2: a key is made of a-z, 0-9 and _, such as 'second_vote'"],
    ),
    "ballot in a review": (
        {"stages": [IDEAS, stage("review", "review", puts_on_ballot="shortlisted")]},
        ["stages.review.puts_on_ballot: only a stage of kind vote has a ballot"],
    ),
    "ballot of the impossible": (
        {"stages": [IDEAS, stage("vote", "vote", puts_on_ballot="done")]},
        ["stages.vote.puts_on_ballot: items in state 'done' cannot be put on a ballot"],
    ),
    "ballot of an unknown state": (
        {"stages": [IDEAS, stage("vote", "vote", puts_on_ballot="shortlistd")]},
        ["stages.vote.puts_on_ballot: items in state 'shortlistd' cannot be put on a ballot"],
    ),
    "vote without a ballot": (
        {"stages": [IDEAS, stage("vote", "vote")]},
        ["stages.vote.puts_on_ballot: a stage of kind vote says which items stand on its ballot"],
    ),
    "vote before any idea": (
        {"stages": [VOTE, IDEAS]},
        ["stages: a vote comes before any stage in which items can be handed in"],
    ),
    "unknown slot": (
        {"rules": {"tye": "core/lot"}},
        [f"rules.tye: unknown slot; slots are {SLOT_NAMES}"],
    ),
    "guards among the rules": (
        {"rules": {"guard": guard}},
        ["rules.guard: guards are bound to triggers: guards={trigger: rule}"],
    ),
    "two counts": (
        {"rules": {"count": ["core/greedy", "town/own"]}},
        ["rules.count: takes one rule, not 2"],
    ),
    "no count": ({"rules": {"count": []}}, ["rules.count: takes one rule, not 0"]),
    "rule of another slot": (
        {"rules": {"award": tie}},
        ["rules.award: test/tie@1 answers slot 'tie', not 'award'"],
    ),
    "guard of no trigger": (
        {"guards": {"shortlst": guard}},
        ["guards.shortlst: lifecycle item has no such trigger"],
    ),
    "a rule as guard": (
        {"guards": {"shortlist": tie}},
        ["guards.shortlist: test/tie@1 answers slot 'tie', not 'guard'"],
    ),
    "a path the events do not take": (
        {"lifecycle": moved(reserve={"award": "feasible"})},
        ["lifecycle.reserve.award: leads to 'feasible', but what it records is always 'awarded'"],
    ),
    "several at once": (
        {"stages": [IDEAS, Stage("rest", kind="fund")], "rules": {"tye": tie, "count": []}},
        [
            "stages.rest: allows nothing to anybody",
            f"rules.tye: unknown slot; slots are {SLOT_NAMES}",
            "rules.count: takes one rule, not 0",
        ],
    ),
}


@pytest.mark.parametrize(("differences", "problems"), BROKEN.values(), ids=BROKEN)
def test_a_broken_format_is_refused_with_every_place(small, differences, problems):
    with pytest.raises(DefinitionError) as error:
        small(**differences)
    assert list(error.value.problems) == [f"format small.{problem}" for problem in problems]


FINE = {
    "the small one": {},
    "one stage": {"stages": [IDEAS]},
    "a last stage that leads back": {"stages": [IDEAS, stage("fund", edges={"repeat": "ideas"})]},
    "a stage entered by a side way only": {
        "stages": [
            stage("ideas", "idea", edges={"advance": "end", "aside": "extra"}),
            stage("extra", edges={"advance": "end"}),
            stage("end"),
        ]
    },
    "two votes": {
        "stages": [IDEAS, VOTE, stage("second_vote", "vote", puts_on_ballot="shortlisted"), FUND]
    },
    "a path with further moves": {"lifecycle": moved(reserve={"put_on_ballot": "on_ballot"})},
}


@pytest.mark.parametrize("differences", FINE.values(), ids=FINE)
def test_a_sound_format_is_accepted(small, differences):
    assert isinstance(small(**differences), ProcedureFormat)


def test_a_kind_that_is_none_of_the_five_is_refused():
    with pytest.raises(ValueError, match="'party'"):
        Stage("fest", kind="party")
