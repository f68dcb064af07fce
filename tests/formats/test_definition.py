"""Definition: what opening pins, and what it says of stages, roles and ways."""

import pytest
from attrs import evolve

from partizipation_core.formats.definition import Definition
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.pinning import pin
from partizipation_core.serialization import STORED, canonical, parse


@pytest.fixture(scope="module")
def definition():
    registry = PluginHost.discover().registry
    return pin(registry, "buergerhaushalt", settings={"misfit": "stop", "pot": "5"}, rules={})


def test_it_is_data_that_survives_being_written_down(definition):
    written = canonical(STORED.dump(definition))
    again = STORED.load(parse(written), Definition)
    assert again == definition
    assert canonical(STORED.dump(again)) == written


def test_rules_are_pinned_with_their_versions(definition):
    assert definition.rules["tie"] == ("core/lower_cost@1", "core/lot@1")
    assert definition.guards == {
        "submit": ("core/cooling_off@1", "core/within_cap@1"),
        "admit": ("core/review_first@1",),
        "shortlist": ("core/cost_known@1",),
    }


def test_settings_are_pinned_in_full_and_in_cents(definition):
    assert definition.settings["pot"] == 500
    assert definition.settings["zone"] == "Europe/Berlin"


def test_where_it_came_from_is_pinned(definition):
    assert definition.distribution == "partizipation-buergerhaushalt"
    assert definition.version.count(".") == 2


@pytest.mark.parametrize(
    ("stage", "command", "roles"),
    [
        ("ideas", "SubmitItem", {"resident"}),
        ("vote", "SubmitItem", None),
        ("vote", "AdvanceStage", {"officer"}),
        ("vote", "Dance", None),
    ],
    ids=["in its stage", "in another", "at any time", "unheard of"],
)
def test_roles_are_those_of_the_stage_and_of_any_time(definition, stage, command, roles):
    assert definition.roles(stage, command) == roles


@pytest.mark.parametrize(
    ("stage", "command", "later"),
    [
        ("ideas", "CastBallot", "vote"),
        ("vote", "CastBallot", None),
        ("fund", "AwardItems", "implement"),
        ("implement", "AwardItems", None),
    ],
    ids=["ahead", "now", "again later", "the last"],
)
def test_the_nearest_later_stage_that_allows_a_command(definition, stage, command, later):
    found = definition.later_stage(stage, command)
    assert (found.key if found else None) == later


def test_looking_ahead_ends_where_the_ways_go_in_a_circle(definition):
    circle = [*definition.stages[:-1], evolve(definition.stages[-1], edges={"advance": "ideas"})]
    turning = evolve(definition, stages=tuple(circle))
    assert turning.later_stage("fund", "Dance") is None
    assert turning.later_stage("fund", "CastBallot").key == "vote"


def test_a_command_of_any_time_may_be_given_by_more_people_in_its_own_stage(definition):
    wider = evolve(definition, anytime={"SubmitItem": ["officer"]})
    assert wider.roles("ideas", "SubmitItem") == {"officer", "resident"}
    assert wider.roles("vote", "SubmitItem") == {"officer"}
