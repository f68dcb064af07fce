"""Amending a running procedure by naming nothing but what changes."""

import pytest

from partizipation_core import Actor, DefinitionError, Money, Refused, Role

OFFICER = Actor.of("officer-1", Role.OFFICER)


@pytest.fixture
def budget(town):
    settings = {"pot": "1000 EUR", "misfit": "skip", "max_choices": 5}
    rules = {"tie": ["core/lower_cost"]}
    return town.open("bb", "buergerhaushalt", settings=settings, rules=rules, actor=OFFICER)


def test_what_is_not_named_stays_as_it_was_pinned(budget):
    before = budget.definition()
    budget.amend(settings={"max_choices": 3}, reason="Beschluss", actor=OFFICER)
    after = budget.definition()
    assert budget.settings().max_choices == 3
    assert budget.settings().pot == Money.euro(1000)
    assert (after.rules, after.guards, after.stages) == (
        before.rules,
        before.guards,
        before.stages,
    )
    assert after.origins == before.origins


def test_another_rule_is_pinned_with_where_it_came_from(budget):
    budget.amend(rules={"tie": ["core/more_votes", "core/lot"]}, reason="Los", actor=OFFICER)
    after = budget.definition()
    assert after.rules["tie"] == ("core/more_votes@1", "core/lot@1")
    assert after.origins["core/lot@1"].startswith("partizipation-core ")
    assert all(check.ok for check in budget.audit())


def test_faults_are_told_with_their_path_and_nothing_changes(budget):
    before = budget.definition()
    with pytest.raises(DefinitionError, match=r"settings\.max_choises"):
        budget.amend(settings={"max_choises": 3}, reason="Beschluss", actor=OFFICER)
    with pytest.raises(DefinitionError, match="no rule is called 'core/lott'"):
        budget.amend(rules={"tie": "core/lott"}, reason="Los", actor=OFFICER)
    assert budget.definition() == before


def test_residents_amend_nothing(budget):
    with pytest.raises(Refused):
        budget.amend(settings={"max_choices": 1}, reason="x", actor=Actor.of("a", Role.RESIDENT))
