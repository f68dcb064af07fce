"""What is needed around a draw: pots, letters, table plans, charts, invented pools."""

import subprocess
import sys
from fractions import Fraction
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from partizipation_buergerrat.charts import chance_curve, pool_bars
from partizipation_buergerrat.letters import plan_letters
from partizipation_buergerrat.seating import plan_tables
from partizipation_buergerrat.sortition.examination import examine
from partizipation_buergerrat.sortition.pots import allot, draw_from_pots, draw_simply
from partizipation_buergerrat.sortition.stream import Stream
from partizipation_buergerrat.synthetic import Recipe, invent
from partizipation_core.errors import InputError

# --- pots


@pytest.fixture
def pool(problem):
    rows = [(f"p{n}", "w jung" if n % 3 else "m alt", f"h{n // 2}") for n in range(12)]
    quotas = [("G", "w", 0, 9), ("G", "m", 0, 9), ("A", "jung", 0, 9), ("A", "alt", 0, 9)]
    return problem(rows, quotas, 4).pool


def test_each_pot_gives_its_seats_and_the_rest_moves_up_in_order(pool):
    drawn = draw_from_pots(pool, {("w",): 3, ("m",): 2}, Stream("pots", "x"), places=[0])
    features = [person.features[0] for person in pool.find(drawn.drawn)]
    assert sorted(features) == ["m", "m", "w", "w", "w"]
    assert len({person.household for person in pool.find(drawn.drawn)}) == 5
    assert sum(map(len, drawn.reserve.values())) == 12 - 5


def test_an_empty_pot_is_told(pool):
    drawn = draw_from_pots(pool, {("m",): 9}, Stream("pots", "x"), places=[0])
    assert drawn.short == {("m",): 5}


def test_one_pot_for_all_is_fair(problem):
    pool = problem([(f"p{n}", "w", "") for n in range(5)], [("G", "w", 0, 5)], 2).pool
    counts = dict.fromkeys([person.id for person in pool], 0)
    for seed in range(1_000):
        for id_ in draw_simply(pool, 2, Stream("simple", str(seed))).drawn:
            counts[id_] += 1
    assert all(340 < count < 460 for count in counts.values())


def test_seats_are_divided_in_proportion():
    assert allot({("a",): 530, ("b",): 240, ("c",): 230}, 10) == {("a",): 6, ("b",): 2, ("c",): 2}
    with pytest.raises(InputError):
        allot({("a",): 0}, 3)


def test_pots_and_the_public_draw_need_the_standard_library_only():
    code = """
import sys
from partizipation_buergerrat.sortition import people, pots, stream, problem, quotas
from partizipation_buergerrat.public import ceremony, verifier, pseudonyms, minutes
assert not {"numpy", "highspy"} & set(sys.modules), "loaded"
"""
    subprocess.run([sys.executable, "-c", code], check=True)


# --- letters


@pytest.mark.parametrize(
    ("seats", "rate", "letters"),
    [
        (50, Fraction(5, 100), 1_000),
        (160, Fraction(2_220, 19_327), 1_393),
        (30, Fraction(3, 100), 1_000),
    ],
)
def test_letters_are_seats_divided_by_the_rate(seats, rate, letters):
    assert plan_letters(seats, rate).letters == letters


def test_more_choice_and_lost_letters_cost_letters():
    assert plan_letters(50, Fraction(1, 20), choice=Fraction(3)).letters == 3_000
    assert plan_letters(50, Fraction(1, 20), delivered=Fraction(1, 2)).letters == 2_000
    with pytest.raises(InputError):
        plan_letters(50, Fraction(0))


# --- table plans


def pairs(plan):
    return {
        frozenset(pair)
        for each in plan.rounds
        for table in each
        for pair in combinations(table, 2)
    }


def test_everybody_sits_once_a_round_at_tables_of_almost_one_size():
    people = [f"p{n}" for n in range(23)]
    plan = plan_tables(people, size=6, rounds=3, steps=5_000)
    for each in plan.rounds:
        assert sorted(one for table in each for one in table) == sorted(people)
        assert {len(table) for table in each} == {5, 6}
    assert plan.met == len(pairs(plan))


def test_a_plan_is_found_again_by_its_seed():
    people = [f"p{n}" for n in range(20)]
    one, again, other = (
        plan_tables(people, size=5, rounds=3, seed=seed, steps=2_000) for seed in (1, 1, 2)
    )
    assert one == again != other


def test_mixed_tables_stay_mixed():
    people = [f"p{n}" for n in range(40)]
    features = [["w" if n < 20 else "m", "abcd"[n % 4]] for n in range(40)]
    plan = plan_tables(people, size=4, rounds=4, features=features, steps=30_000)
    assert plan.imbalance == 0
    for each in plan.rounds:
        for table in each:
            assert sum(int(one[1:]) < 20 for one in table) == 2
    assert plan.met >= 0.95 * plan.possible


def test_one_table_needs_no_search():
    assert plan_tables(["a", "b"], size=8, rounds=2).met == 1
    with pytest.raises(InputError):
        plan_tables([], size=8, rounds=2)


# --- charts


def test_charts_are_drawings_with_words():
    asked = invent(Recipe(people=60, seats=12, seed=1))
    curve = ET.fromstring(chance_curve({"a": 0.1, "b": 0.3}, even=0.2, bound=0.1))  # noqa: S314
    said = " ".join(curve.itertext())
    assert "von der kleinsten Chance 10,00 % bis zur größten 30,00 %" in said
    drawings = pool_bars(examine(asked).counts, seats=12)
    for drawing in drawings:
        ET.fromstring(drawing)  # noqa: S314 - our own drawing
    assert "K1 = A1" in drawings[0]


# --- invented pools


def test_an_invented_pool_is_the_same_everywhere_and_can_be_drawn():
    one, again = (invent(Recipe(people=80, seats=20, seed=3)) for _ in range(2))
    assert one == again
    assert examine(one).feasible
