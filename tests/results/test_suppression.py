"""Suppression: what is hidden stays hidden, also from somebody who subtracts."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partizipation_core.kernel.results.suppression import freedom, hidden_cells

ITEMS = ("a", "b", "c")


def table_of(rows):
    return {f"g{n}": dict(zip(ITEMS, row, strict=False)) for n, row in enumerate(rows)}


def cells_of(table):
    return {(group, item): n for group, row in table.items() for item, n in row.items()}


def fits(table, hidden):
    """Go through every table that somebody could think of who knows totals and shown cells.

    An oracle that knows nothing of flows: it tries all numbers for the hidden cells.
    """
    cells, order = cells_of(table), sorted(hidden)
    rows, columns = sorted(table), sorted({item for _, item in cells})
    lines = [[(g, i) for i in columns] for g in rows] + [[(g, i) for g in rows] for i in columns]
    sums = [sum(cells[cell] for cell in line) for line in lines]
    bound = max(sums)
    for guess in product(range(bound + 1), repeat=len(order)):
        told = {**cells, **dict(zip(order, guess, strict=True))}
        if [sum(told[cell] for cell in line) for line in lines] == sums:
            yield told


def test_a_small_cell_takes_others_with_it():
    table = table_of([[20, 3, 30], [25, 12, 40], [30, 15, 50]])
    sizes = dict.fromkeys(table, 60)
    hidden = hidden_cells(table, sizes, 5)
    assert ("g0", "b") in hidden
    for axis in (0, 1):
        lines = {}
        for cell in hidden:
            lines.setdefault(cell[axis], []).append(cell)
        assert all(len(line) > 1 for line in lines.values())
    assert len(hidden) < 9


def test_a_group_of_fewer_than_five_shows_nothing():
    table = table_of([[1, 2, 1], [20, 21, 22], [30, 31, 32]])
    hidden = hidden_cells(table, {"g0": 4, "g1": 60, "g2": 70}, 5)
    assert {cell for cell in cells_of(table) if cell[0] == "g0"} <= hidden


def test_a_group_that_is_all_of_one_mind_is_not_told():
    table = table_of([[9, 6, 6], [20, 21, 22], [30, 31, 32]])
    assert ("g0", "a") in hidden_cells(table, {"g0": 9, "g1": 60, "g2": 70}, 5)


def test_where_every_cell_stands_for_enough_nothing_is_hidden():
    table = table_of([[20, 30, 10], [25, 12, 40]])
    assert hidden_cells(table, {"g0": 60, "g1": 60}, 5) == frozenset()


def rows_of(number, columns, largest):
    row = st.lists(st.integers(0, largest), min_size=columns, max_size=columns)
    return st.lists(row, min_size=number, max_size=number)


@settings(max_examples=25, deadline=None)
@given(rows_of(2, 2, 4) | rows_of(2, 3, 1) | rows_of(3, 2, 1))
def test_freedom_is_what_somebody_who_tries_everything_finds(rows):
    table = table_of(rows)
    cells = cells_of(table)
    possible = list(fits(table, cells))
    for cell in cells:
        found = [told[cell] for told in possible]
        assert freedom(cell, cells, set(cells)) == max(found) - min(found)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=4),
    st.integers(2, 5),
)
def test_no_hidden_cell_can_be_narrowed_down_unless_nothing_is_shown_at_all(rows, minimum):
    table = table_of(rows)
    cells = cells_of(table)
    hidden = hidden_cells(table, dict.fromkeys(table, 99), minimum)
    assert {cell for cell, n in cells.items() if n < minimum} <= hidden
    if hidden != set(cells):
        assert all(freedom(cell, cells, set(hidden)) >= minimum for cell in hidden)


@pytest.mark.parametrize("minimum", [1, 5])
def test_an_empty_table_hides_nothing(minimum):
    assert hidden_cells({}, {}, minimum) == frozenset()
