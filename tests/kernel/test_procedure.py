"""Opening a procedure, moving it through its stages, closing it."""

import pytest
from attrs import evolve

from partizipation_core import Money
from partizipation_core.commands import (
    AdvanceStage,
    CastBallot,
    CloseProcedure,
    OpenProcedure,
    RecordAssembly,
)
from partizipation_core.kernel.calendar import (
    BallotClosed,
    BallotOpened,
    Due,
    StageEntered,
    next_due,
)
from partizipation_core.kernel.procedure import ProcedureClosed, ProcedureOpened

SCHEDULE = {"review": "2027-04-01", "vote": "2027-05-15", "fund": "2027-06-01"}
ALL_STAGES = ["ideas", "review", "vote", "fund", "implement"]


def names(events):
    return [type(event) for event in events]


# --- opening


def test_given_nothing_when_opened_then_it_is_in_its_first_stage(play):
    budget = play(opened=False)
    (opened,) = budget.do(budget.opening, "officer")
    assert isinstance(opened, ProcedureOpened)
    assert opened.definition == budget.definition
    assert (budget.stage, budget.procedure.status) == ("ideas", "open")
    assert budget.procedure.visits == {"ideas": 1}


def test_given_it_is_open_when_opened_again_then_refused(budget):
    assert budget.codes(budget.opening, "officer") == ["procedure_exists"]


def test_given_a_resident_when_opening_then_the_role_is_named(play):
    budget = play(opened=False)
    (objection,) = budget.why(budget.opening, "anna")
    assert objection.code == "role_forbids"
    assert objection.params == {"command": "OpenProcedure", "roles": "officer"}


def test_given_a_format_that_says_nothing_of_opening_then_officers_open_it(play):
    budget = play(opened=False)
    silent = evolve(budget.definition, anytime={})
    budget.opening = evolve(budget.opening, definition=silent)
    assert budget.codes(budget.opening, "officer") == []
    assert budget.codes(budget.opening, "council") == ["role_forbids"]


@pytest.mark.parametrize(
    ("schedule", "objection"),
    [
        ({"vot": "2027-05-01"}, "schedule_unknown_stage(stage=vot)"),
        (
            {"vote": "2027-05-01", "fund": "2027-04-01"},
            "schedule_out_of_order(earlier=vote, stage=fund)",
        ),
        (
            {"vote": "2027-05-01", "fund": "2027-05-01"},
            "schedule_out_of_order(earlier=vote, stage=fund)",
        ),
    ],
    ids=["unknown stage", "backwards", "both at once"],
)
def test_given_a_schedule_that_cannot_be_kept_when_opened_then_refused(play, schedule, objection):
    budget = play(opened=False, schedule=schedule)
    assert [str(one) for one in budget.why(budget.opening, "officer")] == [objection]


def test_given_a_rule_that_is_not_installed_when_opened_then_refused(play):
    budget = play(opened=False)
    budget.pinned = evolve(
        budget.pinned, rules=evolve(budget.pinned.rules, missing=("town/own@3",))
    )
    (objection,) = budget.why(budget.opening, "officer")
    assert str(objection) == "rule_missing(rules=town/own@3)"


def test_everything_wrong_with_an_opening_is_told_at_once(play):
    budget = play(opened=False, schedule={"vot": "2027-05-01", "zzz": "2027-05-01"})
    budget.do(play().opening, "officer")
    assert budget.codes(budget.opening, "anna") == [
        "procedure_exists",
        "role_forbids",
        "schedule_unknown_stage",
        "schedule_unknown_stage",
    ]


# --- moving on


@pytest.mark.parametrize("key", ["buergerhaushalt", "kiezkasse"])
def test_the_officer_takes_it_through_all_stages_to_the_end(play, key):
    game = play(key)
    way = [game.stage]
    while game.codes(AdvanceStage(), "officer") == []:
        game.advance()
        way.append(game.stage)
    assert way == [stage.key for stage in game.definition.stages]
    assert game.codes(AdvanceStage(), "officer") == ["no_such_edge"]
    (closed,) = game.do(CloseProcedure(), "officer")
    assert isinstance(closed, ProcedureClosed)
    assert game.procedure.status == "closed"


@pytest.mark.parametrize("actor", ["anna", "reviewer", "council", "moderator"])
def test_only_the_officer_moves_it(budget, actor):
    assert budget.codes(AdvanceStage(), actor) == ["role_forbids"]
    assert budget.codes(CloseProcedure(), actor) == ["role_forbids", "stages_left"]


def test_given_the_review_when_the_vote_is_entered_then_a_ballot_is_printed(budget):
    for ref in ("a", "b", "c"):
        budget.submit(ref)
    budget.advance("review")
    budget.shortlist("a")
    budget.shortlist("c")
    entered, opened = budget.do(AdvanceStage(), "officer")
    assert entered == StageEntered(stage="vote", edge="advance")
    assert opened == BallotOpened(
        vote="vote",
        paper={"a": budget.item("a").cost, "c": budget.item("c").cost},
        revisions={"a": 1, "c": 1},
        budget=Money.euro(1000),
    )
    assert [budget.state(ref) for ref in "abc"] == ["on_ballot", "published", "on_ballot"]


def test_given_a_vote_when_it_is_left_then_the_box_is_sealed_before_the_stage_changes(voting):
    voting.do(CastBallot(choices={"a": 1}), "anna")
    voting.do(CastBallot(choices={"b": 1}), "bernd")
    closed, entered = voting.do(AdvanceStage(), "officer")
    assert closed == BallotClosed(vote="vote", ballots=2, root="00", secrecy="secret")
    assert entered.stage == "fund"
    assert voting.procedure.closed_votes == {"vote": 2}


def test_given_nothing_shortlisted_when_the_vote_is_entered_then_the_ballot_is_empty(budget):
    budget.advance("vote")
    assert budget.procedure.papers == {"vote": {}}


@pytest.mark.parametrize("stage", ALL_STAGES)
def test_a_stage_change_is_a_few_events_however_many_items_there_are(budget, stage):
    for number in range(30):
        budget.submit(f"i-{number}")
    while budget.stage != stage:
        budget.advance()
    if budget.codes(AdvanceStage(), "officer") == []:
        assert len(budget.do(AdvanceStage(), "officer")) <= 3


def test_a_way_that_does_not_exist_is_named_with_those_that_do(budget):
    objections = budget.why(AdvanceStage(edge="repeat"), "officer")
    assert [str(one) for one in objections] == [
        "no_such_edge(edge=repeat, edges=advance, stage=ideas)",
        "reason_missing(command=AdvanceStage)",
    ]


# --- closing


def test_given_stages_ahead_when_closed_then_the_next_one_is_named(budget):
    (objection,) = budget.why(CloseProcedure(), "officer")
    assert str(objection) == "stages_left(later=review)"


def test_given_it_is_closed_when_anything_is_asked_then_that_is_the_reason(budget):
    budget.advance("implement")
    budget.do(CloseProcedure(), "officer")
    for command in (CastBallot(choices={"a": 1}), CloseProcedure(), RecordAssembly(present=3)):
        assert budget.codes(command, "officer")[0] == "procedure_closed"


# --- time


@pytest.mark.parametrize(
    ("stage", "due"),
    [("ideas", "review"), ("review", "vote"), ("vote", "fund"), ("fund", None)],
    ids=["ideas", "review", "vote", "fund has no date after it"],
)
def test_it_is_due_when_the_following_stage_begins(play, stage, due):
    budget = play(schedule=SCHEDULE)
    while budget.stage != stage:
        budget.advance()
    expected = Due(at=budget.procedure.schedule[due].start, edge="advance") if due else None
    assert next_due(budget.procedure, budget.definition) == expected


def test_nothing_is_due_after_the_last_stage_and_after_the_end(play):
    budget = play(schedule=SCHEDULE)
    closed = evolve(budget.procedure, status="closed")
    assert next_due(closed, budget.definition) is None
    budget.advance("implement")
    assert next_due(budget.procedure, budget.definition) is None


def test_a_stage_that_was_visited_is_not_due_a_second_time(play):
    budget = play(schedule=SCHEDULE)
    late = budget.procedure.schedule["review"].start + 1
    again = evolve(budget.procedure, visits={"ideas": 2, "review": 1}, entered_at=late)
    assert next_due(again, budget.definition) is None


def test_an_opening_command_is_frozen(budget):
    assert isinstance(budget.opening, OpenProcedure)
    with pytest.raises(AttributeError):
        budget.opening.ref = "other"
