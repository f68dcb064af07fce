"""Stages form a graph: second votes, remainder rounds and repetitions are data."""

import pytest

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import Money, Stage, StageKind
from partizipation_core.commands import (
    AdvanceStage,
    AwardItems,
    CastBallot,
    CloseProcedure,
    CountBallots,
    FinishDelivery,
    StartDelivery,
    SubmitItem,
)
from partizipation_core.formats.stages import Edge

BY_KEY = {stage.key: stage for stage in BUERGERHAUSHALT.stages}


def with_edges(key, **edges):
    """Take a stage of the Bürgerhaushalt and give it further ways on."""
    old = BY_KEY[key]
    return Stage(
        key,
        kind=old.kind,
        title=old.title,
        allows=old.allows,
        edges=edges,
        puts_on_ballot=old.puts_on_ballot,
    )


REMAINDER = BUERGERHAUSHALT.derive(
    key="remainder", replace=[with_edges("implement", remainder_round="ideas")]
)
RUNOFF = BUERGERHAUSHALT.derive(
    key="runoff",
    lifecycle=BUERGERHAUSHALT.lifecycle.extend(
        key="runoff", moves={"reserve": {"put_on_ballot": "on_ballot"}}
    ),
    insert_after={
        "fund": Stage(
            "runoff",
            kind=StageKind.VOTE,
            puts_on_ballot="reserve",
            allows={CastBallot: ["resident"]},
        )
    },
)
REPEAT = BUERGERHAUSHALT.derive(
    key="repeat",
    lifecycle=BUERGERHAUSHALT.lifecycle.extend(
        key="repeat", moves={"on_ballot": {"put_on_ballot": "on_ballot"}}
    ),
    replace=[with_edges("fund", advance="implement", repeat="second_vote")],
    insert_after={
        "fund": Stage(
            "second_vote",
            kind=StageKind.VOTE,
            puts_on_ballot="on_ballot",
            allows={CastBallot: ["resident"]},
            edges={"advance": "fund"},
        )
    },
)


@pytest.fixture
def remainder(play, host_with):
    """Return a Bürgerhaushalt in its implementation, 400 of 1000 EUR given back."""
    budget = play("remainder", host=host_with(REMAINDER))
    budget.submit("a", cost=900)
    budget.advance("review")
    budget.shortlist("a")
    budget.advance("vote")
    budget.do(CastBallot(choices={"a": 1}), "anna")
    budget.advance("fund")
    budget.do(CountBallots(vote="vote", seed="1"), "officer")
    budget.do(AwardItems(amounts={"a": Money.euro(900)}), "council")
    budget.advance("implement")
    budget.do(StartDelivery(item="a"), "reviewer")
    budget.do(FinishDelivery(item="a", spent=Money.euro(600)), "reviewer")
    return budget


def remainder_round(budget):
    budget.do(AdvanceStage(edge="remainder_round", reason="Es blieb Geld übrig"), "officer")


def test_a_last_stage_may_lead_back_and_still_be_the_last(remainder):
    assert remainder.definition.edges("implement") == {"remainder_round": Edge("ideas")}
    assert remainder.codes(CloseProcedure(), "officer") == []


def test_a_way_other_than_advance_needs_a_reason(remainder):
    silent = AdvanceStage(edge="remainder_round", reason=" ")
    assert remainder.codes(silent, "officer") == ["reason_missing"]
    remainder_round(remainder)
    entered = remainder.events[-1]
    assert (entered.stage, entered.edge) == ("ideas", "remainder_round")
    assert entered.reason == "Es blieb Geld übrig"


def test_a_remainder_round_holds_a_vote_of_its_own_over_what_is_left(remainder):
    remainder_round(remainder)
    for ref, cost in {"x": 300, "y": 350}.items():
        remainder.submit(ref, cost)
    remainder.advance("review")
    for ref in "xy":
        remainder.shortlist(ref)
    remainder.advance("vote")
    assert remainder.procedure.vote == "vote.2"
    assert list(remainder.procedure.papers["vote.2"]) == ["x", "y"]
    remainder.do(CastBallot(choices={"y": 1}), "anna")
    assert remainder.boxes == {"vote": {"anna": {"a": 1}}, "vote.2": {"anna": {"y": 1}}}
    remainder.do(CastBallot(choices={"x": 1, "y": 1}), "bernd")
    remainder.advance("fund")
    early = AwardItems(amounts={"y": Money.euro(350)})
    assert remainder.codes(early, "council") == ["nothing_counted"]
    remainder.do(CountBallots(vote="vote.2", seed="1"), "officer")
    assert remainder.procedure.counted == ("vote", "vote.2")
    assert remainder.procedure.proposed == {"y": Money.euro(350)}
    remainder.do(AwardItems(amounts={"y": Money.euro(350)}), "council")
    assert remainder.ledger.bound() == Money.euro(950)
    assert remainder.state("a") == "done"


def test_an_earlier_vote_cannot_be_counted_again(remainder):
    remainder_round(remainder)
    remainder.advance("fund")
    assert remainder.codes(CountBallots(vote="vote", seed="1"), "officer") == ["already_counted"]


def test_a_stage_that_comes_again_is_open_again(remainder):
    late = SubmitItem(item="z", title="Idee")
    assert remainder.codes(late, "anna") == ["stage_over"]
    remainder_round(remainder)
    assert remainder.codes(late, "anna") == []


def test_a_second_vote_stage_has_a_ballot_of_its_own(play, host_with):
    budget = play("runoff", host=host_with(RUNOFF))
    for ref in "ab":
        budget.put(ref, state="on_ballot")
    budget.become(stage="fund", counted=("vote",))
    budget.do(AwardItems(amounts={"a": Money.euro(100)}, reserve=["b"], reason="Rest"), "council")
    budget.advance()
    assert (budget.stage, budget.procedure.vote) == ("runoff", "runoff")
    assert list(budget.procedure.papers["runoff"]) == ["b"]
    assert budget.state("b") == "on_ballot"
    assert budget.codes(CastBallot(choices={"a": 1}), "anna") == ["not_on_ballot"]
    assert budget.codes(CastBallot(choices={"b": 1}), "anna") == []


def test_a_vote_may_be_held_once_more_over_the_same_items(play, host_with):
    budget = play("repeat", host=host_with(REPEAT))
    for ref in "ab":
        budget.put(ref, state="shortlisted")
    budget.advance("fund")
    budget.do(AdvanceStage(edge="repeat", reason="Störung am Wahltag"), "officer")
    assert list(budget.procedure.papers["second_vote"]) == ["a", "b"]
    budget.do(CastBallot(choices={"b": 1}), "bernd")
    budget.advance()
    assert budget.stage == "fund"
    assert budget.procedure.closed_votes == {"vote": 0, "second_vote": 1}
    waiting = AwardItems(amounts={"b": Money.euro(100)}, reason="x")
    budget.do(CountBallots(vote="second_vote", seed="1"), "officer")
    assert budget.codes(waiting, "council") == ["nothing_counted"]
    budget.do(CountBallots(vote="vote", seed="1"), "officer")
    assert budget.codes(waiting, "council") == []


def test_the_number_of_a_vote_counts_the_visits_of_its_stage(remainder):
    for visit in (2, 3, 10):
        remainder.become(stage="vote", visits={"vote": visit})
        assert remainder.procedure.vote == f"vote.{visit}"
