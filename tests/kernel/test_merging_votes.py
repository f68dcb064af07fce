"""Merging between a vote and its count: whose points go where, and when it may be done."""

from types import SimpleNamespace

import pytest

from partizipation_core.kernel.ballots.merging import folded, heirs, waiting_to_be_counted
from partizipation_core.kernel.dossier import Lineage
from partizipation_core.kernel.state import Item

PAPER = ("path", "lane", "road", "pool")


def merged(into, source, policy="add_points"):
    """Return the items of the paper after one of them was merged into another."""
    items = {ref: Item(ref=ref, author="anna", title=ref, state="on_ballot") for ref in PAPER}
    items[source] = Item(
        ref=source,
        author="anna",
        title=source,
        state="merged",
        lineage=Lineage(merged_into=into),
    )
    items[into] = Item(
        ref=into,
        author="anna",
        title=into,
        state="on_ballot",
        lineage=Lineage(sources={source: policy}),
    )
    return items


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param(merged("path", "lane"), {"lane": "path"}, id="points are added"),
        pytest.param(merged("path", "lane", "never"), {}, id="nothing is moved"),
    ],
)
def test_points_go_to_the_one_that_goes_on_only_where_that_was_agreed(items, expected):
    assert heirs(PAPER, items) == expected


def test_points_are_inherited_step_by_step_and_not_by_what_is_on_no_paper():
    items = {**merged("path", "lane")}
    items["path"] = Item(
        ref="path",
        author="anna",
        title="path",
        state="merged",
        lineage=Lineage(merged_into="road", sources={"lane": "add_points"}),
    )
    items["road"] = Item(
        ref="road",
        author="anna",
        title="road",
        state="on_ballot",
        lineage=Lineage(sources={"path": "add_points"}),
    )
    assert heirs(PAPER, items) == {"path": "road", "lane": "road"}
    assert heirs(("lane", "pool"), items) == {}


@pytest.mark.parametrize(
    ("pointed", "choices", "expected"),
    [
        pytest.param(True, {"path": 2, "lane": 3}, {"path": 5}, id="points add up"),
        pytest.param(False, {"path": 1, "lane": 1}, {"path": 1}, id="one mark, not two"),
        pytest.param(False, {"lane": 1, "pool": 1}, {"path": 1, "pool": 1}, id="goes over"),
        pytest.param(True, {"pool": 4}, {"pool": 4}, id="others are untouched"),
    ],
)
def test_what_a_ballot_says_of_a_merged_item_goes_over(pointed, choices, expected):
    assert folded(choices, {"lane": "path"}, pointed=pointed) == expected


@pytest.mark.parametrize(
    ("closed", "counted", "free"),
    [
        pytest.param((), (), False, id="people are voting"),
        pytest.param(("first",), (), True, id="the vote is over"),
        pytest.param(("first",), ("first",), False, id="somebody has counted"),
    ],
)
def test_there_is_one_moment_in_which_nobody_can_vote_and_nobody_knows(closed, counted, free):
    procedure = SimpleNamespace(
        papers={"first": {"path": None}},
        closed_votes=dict.fromkeys(closed, 3),
        is_counted=counted.__contains__,
    )
    assert waiting_to_be_counted("path", procedure) == free
    assert waiting_to_be_counted("on-no-paper", procedure)
