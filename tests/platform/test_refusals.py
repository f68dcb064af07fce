"""A refusal tells every reason and writes nothing; asking why is the same question."""

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partizipation_core.commands import (
    AdvanceStage,
    AwardItems,
    CastBallot,
    CloseProcedure,
    CountBallots,
    OpenProcedure,
    ReplaceBallot,
    ReviewItem,
    RevokeBallot,
    ShortlistItem,
    SubmitItem,
    WithdrawItem,
)
from partizipation_core.errors import NotFound, Refused
from partizipation_core.kernel.messages import Command
from partizipation_core.platform import Municipality, Platform
from partizipation_core.values import Actor, Money, Role

OFFICER = Actor.of("officer-1", Role.OFFICER)
COUNCIL = Actor.of("council", Role.COUNCIL)
ANNA = Actor.of("anna", Role.RESIDENT)

REFUSED = {
    "wrong role": (AdvanceStage(), ANNA, {"role_forbids"}),
    "wrong stage": (SubmitItem(item="late", title="Zu spät"), ANNA, {"stage_over"}),
    "wrong stage and role": (
        CountBallots(vote="vote"),
        ANNA,
        {"stage_not_yet", "role_forbids", "vote_still_open", "seed_missing"},
    ),
    "not on the ballot": (CastBallot(choices={"moon": 1}), ANNA, {"not_on_ballot"}),
    "empty ballot": (CastBallot(choices={}), ANNA, {"too_few_choices"}),
    "nothing to replace": (ReplaceBallot(choices={"bench": 1}), ANNA, {"not_voted_yet"}),
    "nothing to take back": (RevokeBallot(), ANNA, {"no_ballot_to_revoke"}),
    "unknown item": (WithdrawItem(item="moon"), ANNA, {"stage_over", "item_unknown"}),
    "not one's own": (
        WithdrawItem(item="bench"),
        ANNA,
        {"stage_over", "state_forbids", "not_the_author"},
    ),
    "too early": (
        AwardItems(amounts={"bench": Money.euro(9999)}),
        COUNCIL,
        {"stage_not_yet", "nothing_counted", "over_the_pot"},
    ),
    "stages left": (CloseProcedure(), OFFICER, {"stages_left"}),
    "no such edge": (AdvanceStage(edge="back", reason="-"), OFFICER, {"no_such_edge"}),
}


@pytest.fixture
def voting(budget):
    return budget.to_the_vote(fountain=600, bench=500)


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("key", ["", "request-1"], ids=["without key", "with key"])
def test_a_refused_command_gives_all_reasons_and_writes_nothing(voting, stored, case, key):
    command, actor, codes = case
    before = stored()
    with pytest.raises(Refused) as refusal:
        voting.execute(command, actor=actor, key=key)
    assert {objection.code for objection in refusal.value.objections} == codes
    assert voting.why(command, actor=actor) == refusal.value.objections
    assert stored() == before


def test_a_refused_opening_writes_nothing(town, stored):
    before = stored()
    with pytest.raises(Refused, match="role_forbids"):
        town.open(
            "budget", "buergerhaushalt", actor=ANNA, settings={"pot": "1 EUR", "misfit": "skip"}
        )
    assert stored() == before


def test_a_command_that_nobody_decides_is_not_found(voting, stored):
    class BlessItem(Command):
        pass

    before = stored()
    with pytest.raises(NotFound, match="no loaded plugin decides BlessItem"):
        voting.execute(BlessItem(), actor=OFFICER)
    assert stored() == before


def test_asking_why_one_may_writes_nothing_and_promises_right(voting, stored, file):
    before, folder = stored(), sorted(path.name for path in file.parent.rglob("*"))
    assert voting.why(CastBallot(choices={"bench": 1}), actor=ANNA) == ()
    assert stored() == before
    assert sorted(path.name for path in file.parent.rglob("*")) == folder
    voting.execute(CastBallot(choices={"bench": 1}), actor=ANNA)


def test_asking_why_looks_past_a_deadline_that_nobody_has_acted_on(voting, stored):
    """Seen in why(): it promised a ballot that execute() then refused as too late."""
    voting.clock.set(voting.when("fund"))
    before = stored()
    ballot = CastBallot(choices={"bench": 1})
    reasons = voting.why(ballot, actor=ANNA)
    assert [objection.code for objection in reasons] == ["stage_over"]
    assert stored() == before
    with pytest.raises(Refused) as refusal:
        voting.execute(ballot, actor=ANNA)
    assert refusal.value.objections == reasons


def test_why_looks_past_several_deadlines_and_at_an_opening(budget, stored):
    budget.idea("bench")
    budget.clock.set(budget.when("implement"))
    before = stored()
    reasons = budget.why(AdvanceStage(), actor=OFFICER)
    assert [objection.params["stage"] for objection in reasons] == ["implement"]
    opening = OpenProcedure(ref="budget-2027", definition=budget.definition())
    assert [objection.code for objection in budget.why(opening, actor=OFFICER)] == [
        "procedure_exists"
    ]
    assert stored() == before


ACTORS = st.sampled_from([OFFICER, COUNCIL, ANNA, Actor.of("reviewer-1", Role.REVIEWER)])
ITEMS = st.sampled_from(["bench", "fountain", "moon", ""])
COMMANDS = st.one_of(
    st.just(AdvanceStage()),
    st.just(CloseProcedure()),
    st.builds(CountBallots, vote=st.sampled_from(["vote", "vote.2"]), seed=st.just("1")),
    st.builds(CastBallot, choices=st.dictionaries(ITEMS, st.integers(-2, 2), max_size=3)),
    st.builds(ReplaceBallot, choices=st.dictionaries(ITEMS, st.just(1), max_size=3)),
    st.just(RevokeBallot()),
    st.builds(SubmitItem, item=ITEMS, title=st.sampled_from(["", "Bank", "x" * 201])),
    st.builds(WithdrawItem, item=ITEMS),
    st.builds(ShortlistItem, item=ITEMS),
    st.builds(ReviewItem, item=ITEMS, outcome=st.sampled_from(["feasible", "infeasible"])),
    st.builds(
        AwardItems,
        amounts=st.dictionaries(ITEMS, st.integers(-1, 2**40).map(Money), max_size=2),
        reserve=st.lists(ITEMS, max_size=2),
    ),
)


@given(asked=st.lists(st.tuples(COMMANDS, ACTORS, st.integers(0, 20)), max_size=6))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_why_and_execute_always_agree(host, clock, new_budget, asked):
    clock.set(new_budget.start)
    with Platform(host=host, clock=clock) as platform:
        budget = new_budget(platform.municipality("12060052"))
        budget.to_the_vote(fountain=600, bench=500)
        for command, actor, days in asked:
            clock.advance(days=days)
            foreseen = budget.why(command, actor=actor)
            assert answered(budget, command, actor) == foreseen


def answered(budget, command, actor):
    """Give a command and return the reasons it was refused for."""
    try:
        budget.execute(command, actor=actor)
    except Refused as refusal:
        return refusal.objections
    return ()


UNKEEPABLE = {"a NUL": "Bank\0", "half a character": "Bank \ud800"}


@pytest.mark.parametrize("text", UNKEEPABLE.values(), ids=UNKEEPABLE)
def test_a_text_that_not_every_database_keeps_is_refused_on_each(budget, stored, text):
    """A town whose SQLite took it in could never move to PostgreSQL."""
    before = stored()
    anna = budget.resident("anna")
    idea = SubmitItem(item="bench", title=text)

    with pytest.raises(Refused, match="not_writable"):
        budget.execute(idea, actor=anna)
    with pytest.raises(Refused, match="not_writable"):
        budget.execute(evolve(idea, title="Bank"), actor=anna, key=text)
    with pytest.raises(ValueError, match="no database can keep"):
        budget.resident(text)

    (told,) = budget.why(idea, actor=anna)
    assert told.code == "not_writable"
    assert stored() == before


READ = {
    "an item": lambda budget, name: budget.item(name),
    "its supports": lambda budget, name: budget.supports(name),
    "its comments": lambda budget, name: budget.comments(name),
    "a result": lambda budget, name: budget.vote_result(name),
    "a procedure": lambda budget, name: _named(budget, name).state(),
    "what it would object to": lambda budget, name: _named(budget, name).why(
        AdvanceStage(), actor=OFFICER
    ),
    "an audit": lambda budget, name: _named(budget, name).audit(),
    "a rebuild": lambda budget, name: _named(budget, name).rebuild(),
    "a command": lambda budget, name: _named(budget, name).execute(AdvanceStage(), actor=OFFICER),
}


def _named(budget, name):
    return Municipality(budget._execution, budget.municipality).procedure(name)


@pytest.mark.parametrize("read", READ.values(), ids=READ)
@pytest.mark.parametrize("name", [*UNKEEPABLE.values(), "nobody"], ids=[*UNKEEPABLE, "unknown"])
def test_what_no_database_keeps_is_not_there_on_each(budget, stored, read, name):
    """Names come from addresses of pages, which anybody can write."""
    before = stored()
    with pytest.raises(NotFound):
        read(budget, name)
    assert stored() == before
