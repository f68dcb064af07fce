"""Conditions on edges, and changing a procedure before anybody has voted."""

import pytest
from attrs import evolve

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_core import ItemRef, Role
from partizipation_core.commands import AdvanceStage, AmendProcedure, CastBallot
from partizipation_core.errors import DefinitionError
from partizipation_core.formats.format import ProcedureFormat
from partizipation_core.formats.items import ITEM_LIFECYCLE
from partizipation_core.formats.rules import rule
from partizipation_core.formats.stages import Edge, Mover
from partizipation_core.kernel.calendar import come_true
from partizipation_core.values import Objection


@rule("condition", name="town/three_ideas")
def three_ideas(progress, _view):
    """Wait for three ideas."""
    if len(progress.items) < 3:
        yield Objection("too_few_ideas", {"given": len(progress.items), "min": 3})


def with_condition(by) -> ProcedureFormat:
    ideas = evolve(BUERGERHAUSHALT.stages[0], edges={"advance": Edge("review", by)})
    return BUERGERHAUSHALT.derive(
        key="patient", replace=[ideas], conditions={"ideas.advance": three_ideas}
    )


@pytest.fixture
def patient(host_with, play):
    """Return a maker of procedures whose first stage waits for three ideas."""

    def make(by):
        form = with_condition(by)
        return play("patient", host=host_with(register_formats=lambda: [form]))

    return make


class TestConditions:
    def test_what_is_missing_is_told_when_somebody_moves_on_by_hand(self, patient):
        game = patient([Mover.COMMAND])
        (told,) = game.why(AdvanceStage(), "officer")
        assert str(told) == "too_few_ideas(given=0, min=3)"

    def test_when_nothing_is_missing_the_edge_may_be_taken(self, patient):
        game = patient([Mover.COMMAND])
        for n in range(3):
            game.submit(f"i-{n}")
        # Conditions look at all items, so the command declares that need.
        assert game.codes(AdvanceStage(), "officer") == []

    def test_an_edge_moved_by_a_condition_alone_is_not_taken_by_hand(self, patient):
        game = patient([Mover.CONDITION])
        assert "edge_not_by_hand" in game.codes(AdvanceStage(), "officer")

    @pytest.mark.parametrize(("ideas", "edge"), [(2, ""), (3, "advance")])
    def test_it_comes_true_by_itself(self, patient, ideas, edge):
        game = patient([Mover.CONDITION])
        for n in range(ideas):
            game.submit(f"i-{n}")
        assert come_true(game.context(AdvanceStage(), "officer")) == edge

    def test_a_condition_that_no_way_has_names_its_place(self):
        with pytest.raises(DefinitionError, match=r"conditions\.ideas\.sideways"):
            BUERGERHAUSHALT.derive(key="x", conditions={"ideas.sideways": three_ideas})

    def test_a_way_moved_by_a_condition_needs_one(self):
        ideas = evolve(BUERGERHAUSHALT.stages[0], edges={"advance": Edge("review", ["condition"])})
        with pytest.raises(DefinitionError, match=r"ideas\.advance.*condition"):
            BUERGERHAUSHALT.derive(key="x", replace=[ideas])


class TestAmendment:
    def amended(self, game, **changes):
        return AmendProcedure(definition=evolve(game.definition, **changes), reason="Beschluss")

    def test_before_the_first_ballot_a_procedure_may_be_changed(self, budget):
        more = {**budget.definition.settings, "pot": 5_000_00}
        (event,) = budget.do(self.amended(budget, settings=more), "officer")
        assert event.definition.settings["pot"] == 5_000_00

    def test_after_it_nothing_changes_any_more(self, voting):
        ref = next(iter(voting.procedure.papers["vote"]))
        voting.do(CastBallot(choices={ItemRef(ref): 1}), "anna")
        assert "ballots_cast" in voting.codes(self.amended(voting), "officer")

    def test_it_says_why(self, budget):
        silent = evolve(self.amended(budget), reason=" ")
        assert budget.codes(silent, "officer") == ["reason_missing"]

    def test_it_cannot_take_away_the_stage_one_is_in(self, budget):
        rest = budget.definition.stages[1:]
        codes = budget.codes(self.amended(budget, stages=rest), "officer")
        assert codes == ["amendment_drops_stage"]

    def test_it_cannot_take_away_a_state_that_an_item_is_in(self, budget):
        budget.put("i-1", state="withdrawn")
        moves = {
            state: {t: d for t, d in out.items() if d != "withdrawn"}
            for state, out in ITEM_LIFECYCLE.moves.items()
            if state != "withdrawn"
        }
        without = evolve(ITEM_LIFECYCLE, moves=moves)
        codes = budget.codes(self.amended(budget, lifecycle=without), "officer")
        assert codes == ["amendment_drops_state"]

    def test_it_cannot_turn_one_format_into_another(self, budget):
        codes = budget.codes(self.amended(budget, format="kiezkasse"), "officer")
        assert codes == ["amendment_changes_format"]

    def test_nobody_but_the_officer_amends(self, budget):
        assert budget.codes(self.amended(budget), "anna") == ["role_forbids"]
        assert Role.OFFICER in budget.definition.anytime["AmendProcedure"]
