"""Definitions by names: out and in again is the identity, and every fault has its path."""

from copy import deepcopy

import pytest
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from partizipation_core import ProcedureFormat, Stage, VoteSettings, rule
from partizipation_core.errors import DefinitionError, InputError
from partizipation_core.exchange.definition import (
    as_json,
    as_toml,
    definition_data,
    format_data,
    read_definition,
    read_format,
    read_plain,
)
from partizipation_core.formats.items import ITEM_LIFECYCLE
from partizipation_core.formats.stages import Edge
from partizipation_core.plugins.pinning import pin

WRITERS = {"toml": as_toml, "json": as_json}
INSTALLED = ("buergerhaushalt", "kiezkasse", "jugendbudget")
COMMANDS = ("SubmitItem", "WithdrawItem", "PublishItem", "CastBallot", "AwardItems")
ROLES = st.frozensets(st.sampled_from(["resident", "officer", "Jugendbeirat"]), min_size=1)
MOVERS = st.frozensets(st.sampled_from(["command", "time"]), min_size=1)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)

LONGER = ITEM_LIFECYCLE.extend(key="longer", moves={"done": {"praise": "praised"}, "praised": {}})


@st.composite
def derived(draw, registry):
    """Draw a format that differs from an installed one in stages, ways, rights, rules, states."""
    base = registry.format(draw(st.sampled_from(["buergerhaushalt", "kiezkasse"]))).thing
    allows = draw(st.dictionaries(st.sampled_from(COMMANDS), ROLES, min_size=1))
    ways = draw(st.dictionaries(st.sampled_from(["repeat", "shortcut"]), MOVERS))
    stage = Stage(
        "extra",
        kind=draw(st.sampled_from(["idea", "review", "fund"])),
        title=draw(WORDS),
        allows=allows,
        edges={name: Edge("fund", movers) for name, movers in ways.items()},
    )
    return base.derive(
        key="derived",
        title=draw(WORDS),
        insert_after={draw(st.sampled_from([s.key for s in base.stages[:-1]])): stage},
        rules={"tie": draw(st.permutations(["core/lower_cost", "core/lot", "core/more_votes@1"]))},
        guards={"award": "core/cost_known"} if draw(st.booleans()) else {},
        lifecycle=draw(st.sampled_from([None, LONGER])),
        anytime={"PublishItem": draw(ROLES)},
    )


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_derived_format_goes_out_and_in_unchanged(registry, write, data):
    form = data.draw(derived(registry))
    text = write(format_data(form, registry))
    again = read_format(read_plain(text), registry)
    assert write(format_data(again, registry)) == text
    assert again.stages == form.stages
    assert again.lifecycle == form.lifecycle
    assert again.anytime == form.anytime
    assert again.settings is form.settings


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("key", INSTALLED)
def test_an_installed_format_goes_out_and_in_unchanged(registry, key, write):
    text = write(format_data(registry.format(key).thing, registry))
    assert write(format_data(read_format(read_plain(text), registry), registry)) == text


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_what_a_procedure_pinned_goes_out_and_in_unchanged(budget, registry, write):
    text = write(definition_data(budget.definition(), registry))
    assert read_definition(read_plain(text), registry) == budget.definition()


def test_settings_read_as_people_write_them(budget, registry):
    written = definition_data(budget.definition(), registry)["settings"]
    assert (written["pot"], written["misfit"]) == ("1000.00", "skip")
    assert "cap" not in written


def test_both_notations_hold_the_same(budget, registry):
    data = definition_data(budget.definition(), registry)
    assert read_plain(as_toml(data)) == read_plain(as_json(data)) == data


# --- what does not come in


@pytest.fixture
def kiezkasse(registry):
    return format_data(registry.format("kiezkasse").thing, registry)


def changed(data, path, value):
    data = deepcopy(data)
    *way, last = path
    place = data
    for step in way:
        place = place[step]
    place[last] = value
    return data


FAULTY = {
    "unknown key": (["stags"], [], r"stags: unknown key; did you mean 'stages'\?"),
    "unknown kind of stage": (
        ["stages", 0, "kind"],
        "dance",
        r"stages\[0\].kind: expected one of idea, .*, not 'dance'",
    ),
    "unknown mover": (
        ["stages", 0, "edges"],
        {"repeat": {"to": "ideas", "by": ["magic"]}},
        r"stages\[0\].edges\['repeat'\].by\[.*: expected one of command, .* 'magic'",
    ),
    "way to nowhere": (["stages", 0, "edges"], {"x": {"to": "moon"}}, "unknown stage 'moon'"),
    "move to nowhere": (["lifecycle", "moves", "draft", "submit"], "moon", "lifecycle.*'moon'"),
    "unknown rule": (["rules", "award"], ["core/none@7"], "rules.award: no rule.*core/none@7"),
    "rule of another slot": (["rules", "dance"], ["core/lot"], "rules.dance: unknown slot"),
    "settings of nobody": (["settings_of"], "kiezkase", "settings_of: no format 'kiezkase'"),
    "another schema": (["schema"], "partizipation/format-2", "schema: expected one of"),
    "a number for a title": (["title"], 1, "title: expected a text, not 1"),
}


@pytest.mark.parametrize(("path", "value", "told"), FAULTY.values(), ids=FAULTY)
def test_a_fault_is_told_with_its_path(kiezkasse, registry, path, value, told):
    with pytest.raises(DefinitionError, match=told):
        read_format(changed(kiezkasse, path, value), registry)


def test_every_unknown_rule_is_told_at_once(kiezkasse, registry):
    broken = changed(kiezkasse, ["rules"], {"award": ["a/b"], "tie": ["c/d"]})
    with pytest.raises(DefinitionError) as fault:
        read_format(broken, registry)
    assert [one.partition(":")[0] for one in fault.value.problems] == ["rules.award", "rules.tie"]


def test_faulty_settings_of_a_definition_are_told_with_their_path(budget, registry):
    data = definition_data(budget.definition(), registry)
    with pytest.raises(DefinitionError, match=r"settings\.misfit: misfit 'skp'"):
        read_definition(changed(data, ["settings", "misfit"], "skp"), registry)


def test_a_command_nobody_decides_cannot_be_pinned(budget, registry):
    data = definition_data(budget.definition(), registry)
    broken = changed(data, ["anytime", "Dance"], ["resident"])
    with pytest.raises(DefinitionError, match=r"anytime\.Dance: no loaded plugin decides it"):
        read_definition(broken, registry)


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', "{", "a = ", "["], ids=str)
def test_what_is_neither_toml_nor_json_is_an_input_error(text):
    with pytest.raises(InputError, match=r"def\.toml"):
        read_plain(text, source="def.toml")


def test_a_settings_class_that_nobody_offers_cannot_be_named(registry):
    @frozen(kw_only=True)
    class OwnSettings(VoteSettings):
        extra: int = 1

    form = registry.format("kiezkasse").thing.derive(key="own", settings=OwnSettings)
    with pytest.raises(DefinitionError, match="no installed format offers OwnSettings"):
        format_data(form, registry)


def test_a_rule_object_goes_out_by_its_name_and_version(registry):
    @rule("award", name="town/own", version=3)
    def own(_amounts, _proposed, _reason, _view):
        return ()

    form = registry.format("kiezkasse").thing.derive(key="own", rules={"award": own})
    assert isinstance(form, ProcedureFormat)
    assert format_data(form, registry)["rules"]["award"] == ["town/own@3"]


# --- opening from a definition


def test_a_definition_knows_where_its_rules_came_from(budget):
    assert budget.definition().origins["core/lot@1"].startswith("partizipation-core ")


def test_a_procedure_is_opened_from_a_file(town, budget, registry, officer):
    text = as_toml(definition_data(budget.definition(), registry)).replace("1000.00", "2500 EUR")
    definition = read_definition(read_plain(text), registry)
    copy = town.open_definition("b-2028", definition, actor=officer)
    assert copy.settings().pot.cents == 250_000
    assert budget.settings().pot.cents == 100_000


def test_a_faulty_date_of_a_copy_is_told_with_its_path(town, budget, officer):
    with pytest.raises(DefinitionError, match=r"schedule\.dance: .* has no such stage"):
        town.open_definition("b-2028", budget.definition(), actor=officer, schedule={"dance": 0})


def test_a_pinned_version_that_is_not_installed_is_not_replaced_by_another(registry):
    pinned = pin(registry, "kiezkasse", settings={"pot": "1 EUR", "region": "K"}, rules={})
    older = evolve(pinned, rules={**pinned.rules, "majority": ("core/simple_majority@9",)})
    data = definition_data(older, registry)
    with pytest.raises(DefinitionError, match=r"rules\.majority: no rule.*simple_majority@9"):
        read_definition(data, registry)
