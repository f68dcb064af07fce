"""Panels that do not reach a target: nobody is left with nothing who is on one of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partizipation_buergerrat.sortition.levelling import levelled


def work(_amount):
    pass


def shares(panels, target, weights):
    seats = np.asarray(weights) @ np.array(panels, dtype=float)
    return [float(s / t) for s, t in zip(seats, target, strict=True)]


@pytest.mark.parametrize(
    ("panels", "target", "expected"),
    [
        ([[1, 1, 0], [0, 1, 1]], [1.0, 1.0, 0.5], [2 / 3, 1.0, 2 / 3]),
        ([[1, 0], [0, 1]], [0.9, 0.1], [1.0, 1.0]),
        ([[1, 0, 0], [0, 1, 0]], [0.5, 0.5, 0.5], [1.0, 1.0, 0.0]),
    ],
    ids=["shared as even as can be", "reached", "on no panel"],
)
def test_shares_of_a_target_are_as_even_as_the_panels_allow(panels, target, expected):
    found = levelled([np.array(one) for one in panels], np.array(target), tally=work)
    assert sum(found) == pytest.approx(1)
    assert shares(panels, target, found) == pytest.approx(expected, abs=1e-5)


def test_a_large_shortfall_of_one_leaves_nobody_else_with_nothing():
    """The smallest shortfall alone, 0.5 of the first kind, would allow 0 for all the others."""
    panels = [np.array([1, 0, 0, 0]), *np.eye(4, dtype=int)[1:]]
    target = np.array([0.9, 0.1, 0.1, 0.1])
    found = levelled(panels, target, tally=work)
    assert min(found[1:]) > 0.05


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_everybody_on_a_panel_has_a_chance(data):
    kinds = data.draw(st.integers(2, 8))
    row = st.lists(st.integers(0, 2), min_size=kinds, max_size=kinds)
    panels = [np.array(one) for one in data.draw(st.lists(row, min_size=1, max_size=8))]
    target = np.array(data.draw(st.lists(st.floats(0.05, 1.0), min_size=kinds, max_size=kinds)))
    found = levelled(panels, target, tally=work)
    assert sum(found) == pytest.approx(1)
    on_one = np.sum(panels, axis=0) > 0
    assert (np.array(shares(panels, target, found))[on_one] > 0).all()
