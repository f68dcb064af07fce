"""Lifecycles: the table is the machine, and the machine is what was written."""

from itertools import product

import pytest

from partizipation_core import DefinitionError, Lifecycle
from partizipation_core.formats.items import ITEM_LIFECYCLE, RECORDED

RUNOFF = ITEM_LIFECYCLE.extend(
    key="runoff",
    moves={
        "reserve": {"put_on_ballot": "on_ballot"},
        "on_ballot": {"void": "void"},
        "void": {},
    },
)
SMALL = Lifecycle(
    key="small", initial="a", moves={"a": {"go": "b", "end": "c"}, "b": {"go": "a"}, "c": {}}
)
LIFECYCLES = [ITEM_LIFECYCLE, RUNOFF, SMALL]


def written(lifecycle, state, trigger):
    """Look up where the author of a lifecycle said a trigger leads."""
    return lifecycle.moves[state].get(trigger)


def steps(lifecycle):
    """Pair every state with every trigger, and with some that are none."""
    return product(lifecycle.states, [*lifecycle.triggers, "unheard_of", "initial", "trigger"])


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda one: one.key)
def test_table_and_machine_agree_on_every_state_and_trigger(lifecycle):
    for state, trigger in steps(lifecycle):
        expected = written(lifecycle, state, trigger)
        assert lifecycle.next(state, trigger) == expected, (state, trigger)
        assert lifecycle.fire(state, trigger) == expected, (state, trigger)


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda one: one.key)
def test_no_state_can_be_jumped_to(lifecycle):
    assert set(lifecycle._machine.events) == set(lifecycle.triggers)
    for target, state in product(lifecycle.states, repeat=2):
        assert lifecycle.next(state, f"to_{target}") is None
        assert lifecycle.fire(state, f"to_{target}") is None


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda one: one.key)
def test_firing_leaves_nothing_behind(lifecycle):
    before = [lifecycle.fire(lifecycle.initial, trigger) for trigger in lifecycle.triggers]
    assert [lifecycle.fire(lifecycle.initial, trigger) for trigger in lifecycle.triggers] == before
    assert lifecycle._machine.models == []


@pytest.mark.parametrize(
    ("initial", "moves", "problems"),
    [
        ("a", {"a": {"go": "z"}}, ["lifecycle x.a.go: leads to unknown state 'z'"]),
        ("z", {"a": {}}, ["lifecycle x: unknown initial state 'z'"]),
        ("a", {"a": {}, "b": {}}, ["lifecycle x.b: no move leads here"]),
        (
            "a",
            {"a": {}, "b": {"go": "c"}, "c": {"back": "b"}},
            ["lifecycle x.b: no move leads here", "lifecycle x.c: no move leads here"],
        ),
        (
            "z",
            {"a": {"go": "y"}, "b": {"go": "x"}},
            [
                "lifecycle x.a.go: leads to unknown state 'y'",
                "lifecycle x.b.go: leads to unknown state 'x'",
                "lifecycle x: unknown initial state 'z'",
            ],
        ),
    ],
    ids=["unknown state", "unknown start", "island", "island of two", "several at once"],
)
def test_a_lifecycle_that_cannot_be_is_refused_with_every_place(initial, moves, problems):
    with pytest.raises(DefinitionError) as error:
        Lifecycle(key="x", initial=initial, moves=moves)
    assert list(error.value.problems) == problems


def test_every_state_of_the_item_graph_can_be_reached():
    seen = {ITEM_LIFECYCLE.initial}
    while more := {d for s in seen for d in ITEM_LIFECYCLE.moves[s].values()} - seen:
        seen |= more
    assert seen == set(ITEM_LIFECYCLE.states)


def test_what_events_record_by_themselves_is_where_the_graph_leads():
    for trigger, state in RECORDED.items():
        leads_to = {ITEM_LIFECYCLE.next(source, trigger) for source in ITEM_LIFECYCLE.states}
        assert leads_to == {None, state}


def test_sources_are_the_states_a_trigger_starts_from():
    assert ITEM_LIFECYCLE.sources("award") == ("on_ballot", "reserve")
    assert ITEM_LIFECYCLE.sources("unheard_of") == ()


def test_an_extended_lifecycle_keeps_what_it_comes_from():
    assert RUNOFF.next("reserve", "put_on_ballot") == "on_ballot"
    assert ITEM_LIFECYCLE.next("reserve", "put_on_ballot") is None
    for state, trigger in product(ITEM_LIFECYCLE.states, ITEM_LIFECYCLE.triggers):
        if before := ITEM_LIFECYCLE.next(state, trigger):
            assert RUNOFF.next(state, trigger) == before


def test_it_cannot_be_changed():
    with pytest.raises(TypeError):
        ITEM_LIFECYCLE.moves["draft"]["award"] = "awarded"
    with pytest.raises(AttributeError):
        ITEM_LIFECYCLE.initial = "awarded"


def test_equal_moves_are_equal_lifecycles():
    again = Lifecycle(key="small", initial="a", moves=dict(SMALL.moves))
    assert again == SMALL
    assert again != ITEM_LIFECYCLE
