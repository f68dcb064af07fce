"""Whatever is accepted can be counted, and adds up to what a slow recount finds."""

from copy import copy
from typing import get_args

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from partizipation_core import Actor, BallotLimits, Money, Quota
from partizipation_core.commands import CastBallot, CountBallots, ReplaceBallot
from partizipation_core.counting import Result, Tally
from partizipation_core.formats.ballots import BallotKind
from partizipation_core.kernel.ballot import election_of
from partizipation_core.kernel.ballots.problems import ballot_problems

ITEMS = {
    "a": ("N", "school", 400),
    "b": ("N", "park", 200),
    "c": ("S", "park", 100),
    "d": ("S", "", 600),
    "e": ("", "school", 300),
}
AREAS, KINDS_OF_ITEMS = ("N", "S", ""), ("school", "park", "")
MARKS = {"yes_no": (1, 0, -1), "pro_contra": (1, -1), "cumulative": (1, 2, 3, 4)}
OVERALL = CountBallots(vote="vote", seed="4 9 17")


def rarely(strategy, default=None):
    """Leave a limit off more often than not, so that many ballots are accepted."""
    return st.one_of(st.just(default), st.just(default), strategy)


def quotas(places):
    quota = st.builds(Quota, min=st.integers(0, 1), max=rarely(st.integers(1, 3)))
    return st.dictionaries(st.sampled_from(places), quota, max_size=1)


def fitting(kind, wanted):
    """Leave out limits of which a type has no use; a town that sets one is told so."""
    idle = {"max_points", "max_points_per_item"} if kind != "cumulative" else ()
    limited = wanted["max_total"] is not None or kind == "knapsack"
    changes = {} if limited else {"overshoot": "none"}
    return {**wanted, **changes, **dict.fromkeys(idle), "ballot_type": kind}


LIMITS = st.fixed_dictionaries(
    {
        "blank_ballots": st.booleans(),
        "min_choices": st.integers(0, 2),
        "max_choices": rarely(st.integers(2, 5)),
        "max_points": rarely(st.integers(4, 9)),
        "max_points_per_item": rarely(st.integers(1, 4)),
        "min_total": rarely(st.integers(1, 300).map(Money.euro)),
        "max_total": rarely(st.integers(300, 900).map(Money.euro)),
        "overshoot": st.sampled_from(["none", "once"]),
        "max_per_area": rarely(st.integers(1, 3)),
        "max_per_category": rarely(st.integers(1, 3)),
        "area_quotas": quotas(AREAS),
        "category_quotas": quotas(KINDS_OF_ITEMS),
        "min_own_area": rarely(st.just(1), 0),
        "max_other_areas": rarely(st.integers(0, 1)),
    }
)


def ballots(kind):
    if kind == "ranking":
        return st.lists(st.sampled_from(sorted(ITEMS)), unique=True).map(
            lambda row: {ref: place for place, ref in enumerate(row, 1)}
        )
    marks = st.sampled_from(MARKS.get(kind, (1,)))
    return st.dictionaries(st.sampled_from(sorted(ITEMS)), marks, max_size=5)


@pytest.fixture(scope="module")
def fresh_vote(prepared):
    """Open a vote on `ITEMS` under some limits: ``fresh_vote({"max_choices": 2})``."""
    game = prepared(settings={"pot": "700 EUR"})
    for ref, (area, category, cost) in ITEMS.items():
        game.put(ref, state="shortlisted", area=area, category=category, cost=Money.euro(cost))
    game.advance("vote")

    def make(wanted):
        one = copy(game)
        one.pinned = evolve(game.pinned, settings=evolve(game.pinned.settings, **wanted))
        one.events, one.boxes = [], {}
        return one

    return make


def slow(kind, limits, cast):
    """Add up the ballots of each item one by one, as a person with a pencil would."""
    first = limits.max_choices or len(ITEMS)
    found = {}
    for ref in ITEMS:
        marks = [ballot[ref] for ballot in cast if ref in ballot]
        if kind in ("yes_no", "pro_contra"):
            pro, contra = marks.count(1), marks.count(-1)
            found[ref] = Tally(votes=pro, contra=contra, points=pro - contra)
        elif kind == "ranking":
            points = sum(max(first + 1 - place, 0) for place in marks)
            found[ref] = Tally(votes=len(marks), points=points)
        else:
            found[ref] = Tally(votes=len(marks), points=sum(marks))
    return found


@pytest.mark.parametrize("kind", get_args(BallotKind))
@settings(max_examples=40, deadline=None)
@given(data=st.data(), wanted=LIMITS)
def test_every_accepted_ballot_counts_as_it_is(fresh_vote, kind, data, wanted):
    wanted = fitting(kind, wanted)
    limits, game = BallotLimits(**wanted), fresh_vote(wanted)
    offered = data.draw(st.lists(ballots(kind), max_size=6))
    paper = game.context(OVERALL, "officer").paper("vote")
    cast = [one for one in offered if not ballot_problems(one, paper, limits, "N")]
    for number, choices in enumerate(cast):
        game.do(CastBallot(choices=choices), Actor.of(f"v-{number}", "resident", area="N"))
    game.become(stage="fund", closed_votes={"vote": len(cast)})
    context = game.context(OVERALL, "officer")
    election = election_of("vote", context)
    assert election.num_votes == len(cast)
    tallies = dict(zip((one.id for one in election.projects), election.tallies(), strict=True))
    assert tallies == slow(kind, limits, cast)
    (counted,) = game.do(OVERALL, "officer")
    assert set(Result.from_data(counted.result).fates) == set(ITEMS)
    assert counted.ballots == len(cast)
    assert counted.blank == cast.count({})
    said = {ref: sum(ballot.get(ref) == 0 for ballot in cast) for ref in ITEMS}
    assert counted.abstained == {ref: number for ref, number in said.items() if number}


@pytest.mark.parametrize("kind", get_args(BallotKind))
@settings(max_examples=15, deadline=None)
@given(data=st.data(), wanted=LIMITS)
def test_what_may_be_cast_next_never_depends_on_what_was_cast_before(
    fresh_vote, kind, data, wanted
):
    """Recompute the rest: only the ballot as it is now is looked at."""
    game = fresh_vote(fitting(kind, wanted))
    old = Actor.of("veteran", "resident", area="N")
    for choices in data.draw(st.lists(ballots(kind), min_size=1, max_size=4)):
        voted = "veteran" in game.boxes.get("vote", {})
        command = (ReplaceBallot if voted else CastBallot)(choices=choices)
        if not game.why(command, old):
            game.do(command, old)
    assume("veteran" in game.boxes.get("vote", {}))
    wish = data.draw(ballots(kind))
    newcomer = Actor.of("newcomer", "resident", area="N")
    assert game.why(ReplaceBallot(choices=wish), old) == game.why(
        CastBallot(choices=wish), newcomer
    )


@pytest.mark.parametrize("kind", sorted({*get_args(BallotKind)} - {"ranking"}))
@settings(max_examples=15, deadline=None)
@given(data=st.data(), wanted=LIMITS, without=st.sampled_from(sorted(ITEMS)))
def test_less_on_a_ballot_never_breaks_a_limit_from_above(fresh_vote, kind, data, wanted, without):
    """Taking an item off makes room; in a ranking it leaves a gap, which is another matter."""
    wanted = fitting(kind, wanted)
    paper = fresh_vote(wanted).context(OVERALL, "officer").paper("vote")
    limits = BallotLimits(**wanted)

    def above(choices):
        found = ballot_problems(choices, paper, limits, "N")
        return {one.code for one in found if one.code.startswith(("too_many", "over", "points"))}

    choices = data.draw(ballots(kind))
    fewer = {ref: mark for ref, mark in choices.items() if ref != without}
    assert above(fewer) <= above(choices)
