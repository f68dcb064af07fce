"""Permission: stage and role and state and rules; every reason at once, and from when."""

import ast
import inspect
from pathlib import Path

import pytest
from attrs import evolve, frozen

from partizipation_core import Actor, Objection, Role, commands, kernel, rule
from partizipation_core.commands import (
    AdmitItem,
    AdvanceStage,
    AwardItems,
    CastBallot,
    CountBallots,
    ShortlistItem,
    SubmitItem,
    WithdrawItem,
)
from partizipation_core.kernel.decider import Decider
from partizipation_core.kernel.messages import Command
from partizipation_core.plugins import standard

SCHEDULE = {"review": "2027-04-01", "vote": "2027-05-15", "fund": "2027-06-01"}
HERE = Path(__file__).resolve().parent


# --- the stage


def test_what_comes_later_says_in_which_stage_and_from_when(play):
    budget = play(schedule=SCHEDULE)
    (objection,) = budget.why(CastBallot(choices={"a": 1}), "anna")
    assert objection == Objection(
        "stage_not_yet",
        {"command": "CastBallot", "stage": "ideas", "later": "vote"},
        budget.procedure.schedule["vote"].start,
    )


@pytest.mark.parametrize(
    ("stage", "command", "later"),
    [
        ("ideas", ShortlistItem(item="i-1"), "review"),
        ("ideas", CastBallot(choices={}), "vote"),
        ("review", CastBallot(choices={}), "vote"),
        ("review", AwardItems(amounts={}), "fund"),
        ("vote", AwardItems(amounts={}), "fund"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_allowed_from_is_the_scheduled_instant_of_the_next_stage_that_allows_it(
    play, stage, command, later
):
    budget = play(schedule=SCHEDULE)
    budget.become(stage=stage)
    objection = budget.why(command, "anna")[0]
    assert (objection.code, objection.params["later"]) == ("stage_not_yet", later)
    assert objection.allowed_from == budget.procedure.schedule[later].start


def test_a_stage_without_a_date_is_named_without_an_instant(budget):
    (objection,) = budget.why(CastBallot(choices={}), "anna")
    assert (objection.params["later"], objection.allowed_from) == ("vote", None)


def test_a_stage_that_was_visited_before_promises_no_instant_in_the_past(play):
    budget = play(schedule=SCHEDULE)
    budget.become(visits={"ideas": 2, "review": 1, "vote": 1})
    (objection,) = budget.why(CastBallot(choices={}), "anna")
    assert (objection.params["later"], objection.allowed_from) == ("vote", None)


def test_what_is_past_is_over(voting):
    (objection,) = voting.why(SubmitItem(item="z", title="zu spät"), "anna")
    assert str(objection) == "stage_over(command=SubmitItem, stage=vote)"


@frozen(kw_only=True)
class Dance(Command):
    """Something that no format has thought of."""


def test_by_default_nobody_may_do_anything(budget, host_with, play):
    dance = Decider(command=Dance, decide=lambda *_: (), internal=True)
    town = play(host=host_with(register_deciders=lambda: [dance]))
    everything = Actor.of("p", *Role)
    for stage in town.definition.stages:
        town.become(stage=stage.key)
        (objection,) = town.why(Dance(), everything)
        assert str(objection) == f"stage_never(command=Dance, stage={stage.key})"


def test_what_the_format_leaves_out_is_never_allowed(budget):
    budget.put("i-1", state="published")
    codes = [one.code for one in budget.why(AdmitItem(item="i-1"), "officer")]
    assert codes[0] == "stage_never"


# --- the role


def test_the_wrong_role_learns_which_are_right(play):
    kiez = play("kiezkasse")
    (objection,) = kiez.why(SubmitItem(item="i-1", title="x"), "officer")
    params = {"command": "SubmitItem", "roles": "resident, steward"}
    assert objection == Objection("role_forbids", params)


def test_one_right_role_among_others_is_enough(budget):
    both = Actor.of("p", Role.AUDITOR, Role.RESIDENT)
    assert budget.codes(SubmitItem(item="i-1", title="x"), both) == []


def test_the_wrong_role_in_the_wrong_stage_learns_both(budget):
    codes = [one.code for one in budget.why(CountBallots(vote="vote", seed="1"), "anna")]
    assert codes[:2] == ["stage_not_yet", "role_forbids"]


# --- the state


def test_the_state_of_an_item_is_told_with_the_states_that_would_do(budget):
    budget.advance("review")
    budget.put("i-1", state="published")
    (objection,) = budget.why(ShortlistItem(item="i-1"), "officer")
    assert objection.params == {
        "item": "i-1",
        "state": "published",
        "trigger": "shortlist",
        "sources": "feasible",
    }


def test_stage_role_and_state_are_told_together(voting):
    codes = voting.codes(WithdrawItem(item="a"), "officer")
    assert codes == ["not_the_author", "stage_over", "state_forbids"]


# --- rules


def test_several_eligibility_rules_must_all_agree(play, host_with):
    @rule("eligibility", name="test/left")
    def left(_actor, _view):
        return [Objection("left")]

    @rule("eligibility", name="test/right")
    def right(_actor, _view):
        return [Objection("right")]

    host = host_with(register_rules=lambda: [left, right])
    budget = play(host=host, rules={"eligibility": ["test/left", "test/right"]})
    assert budget.codes(SubmitItem(item="i-1", title="x"), "anna") == ["left", "right"]


def test_eligibility_is_asked_of_people_and_not_of_the_office(play):
    budget = play(settings={"min_age": 14})
    assert budget.codes(AdvanceStage(), "officer") == []


def test_given_a_missing_rule_when_anything_is_asked_then_that_is_the_only_reason(budget):
    rules = evolve(budget.pinned.rules, missing=("rule core/lot@9", "format x of y"))
    budget.pinned = evolve(budget.pinned, rules=rules)
    for command in (AdvanceStage(), SubmitItem(item="?", title="")):
        (objection,) = budget.why(command, "anna")
        assert str(objection) == "rule_missing(rules=rule core/lot@9, format x of y)"


@pytest.mark.parametrize("answer", [[], (), None], ids=["list", "tuple", "none"])
def test_no_plugin_takes_an_objection_away(play, host_with, answer):
    budget = play(host=host_with(objections=lambda: answer))
    assert budget.codes(AdvanceStage(), "anna") == ["role_forbids"]


# --- completeness of these tests


def codes_of(*modules):
    """Collect the codes of all objections that stand in the source."""
    for module in modules:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Objection":
                for one in ast.walk(node.args[0]):
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        yield one.value


def test_every_objection_of_kernel_and_core_rules_is_met_in_some_test():
    rooms = [
        __import__(f"{kernel.__name__}.{file.stem}", fromlist=["_"])
        for file in Path(kernel.__file__).parent.glob("*.py")
    ]
    told = "\n".join(file.read_text(encoding="utf-8") for file in HERE.parent.rglob("test_*.py"))
    unmet = {code for code in codes_of(*rooms, standard) if code not in told}
    assert unmet == set()


def test_every_command_of_the_kernel_has_a_decider(host):
    offered = {name: getattr(commands, name) for name in commands.__all__}
    kinds = ((name, kind) for name, kind in offered.items() if isinstance(kind, type))
    wanted = {name for name, kind in kinds if issubclass(kind, Command)}
    offers = host.registry.deciders
    assert wanted == {name for name, one in offers.items() if one.origin.plugin == "core"}
