"""Chances are the fairest there can be, proven, and never better than panels can give."""

import math
from fractions import Fraction

import numpy as np
import pytest

from partizipation_buergerrat.files.categories import read_categories
from partizipation_buergerrat.files.respondents import read_respondents
from partizipation_buergerrat.sortition.fair import fair_chances
from partizipation_buergerrat.sortition.kinds import Kinds
from partizipation_buergerrat.sortition.people import Pool
from partizipation_buergerrat.sortition.problem import Problem
from partizipation_buergerrat.sortition.program import Infeasible, Program, Unknown
from partizipation_buergerrat.sortition.proof import prove
from partizipation_buergerrat.synthetic import Recipe, invent
from partizipation_core.errors import InputError

SEX = [("Geschlecht", "w", 1, 1), ("Geschlecht", "m", 1, 1)]


def assert_fair(problem, slow_leximin):
    best, found = slow_leximin(problem), fair_chances(problem)
    assert found.exact
    for chances in (found.targeted, found.reached):
        assert max(abs(best[id_] - chances[id_]) for id_ in best) < 1e-5
    assert set(found.excluded) == {id_ for id_, chance in best.items() if chance < 1e-7}
    assert float(found.proof.bound) >= min(best.values()) - 1e-9
    assert found.minimum >= float(found.proof.bound) - 1e-6
    return found


@pytest.mark.parametrize("seed", range(40))
def test_a_tiny_tight_pool_gets_what_brute_force_finds(seed, tight_pool, slow_leximin):
    assert_fair(tight_pool(seed), slow_leximin)


@pytest.mark.long
@pytest.mark.parametrize("hundred", range(5))
def test_500_tiny_tight_pools_get_what_brute_force_finds(hundred, tight_pool, slow_leximin):
    cuts = 0
    for seed in range(1_000 + 100 * hundred, 1_100 + 100 * hundred):
        cuts += bool(assert_fair(tight_pool(seed), slow_leximin).cuts)
    assert cuts > 5  # in these pools, quotas alone promise more than panels can give


def test_where_quotas_promise_more_than_panels_give_a_cut_is_found(problem, slow_leximin):
    """Every two of three features meet in one person, so no two persons fit together.

    Half a seat for each of the three would meet all quotas, but nobody sits on half a seat.
    """
    rows = [
        ("ab", "x y n", ""),
        ("ac", "x n z", ""),
        ("bc", "n y z", ""),
        ("d", "x y z", ""),
        ("e", "n n n", ""),
    ]
    quotas = [
        (c, f, 1, 1)
        for c, f in (("A", "x"), ("A", "n"), ("B", "y"), ("B", "n"), ("C", "z"), ("C", "n"))
    ]
    found = assert_fair(problem(rows, quotas, 2), slow_leximin)
    assert found.excluded == ("ab", "ac", "bc")
    assert found.cuts


@pytest.mark.parametrize(
    ("rows", "quotas", "seats", "expected"),
    [
        ([("a", "w", ""), ("b", "w", ""), ("c", "w", "")], [("G", "w", 0, 9)], 2, {2 / 3}),
        (
            [("a", "w", ""), ("b", "m", ""), ("c", "m", "")],
            [("G", "w", 0, 1), ("G", "m", 0, 1)],
            1,
            {1 / 3},
        ),
        ([("a", "w", ""), ("b", "m", "")], [("G", "w", 1, 1), ("G", "m", 1, 1)], 2, {1.0}),
        (
            [(f"p{n}", "w", "home") for n in range(5)] + [("q", "w", "")],
            [("G", "w", 2, 2)],
            2,
            {0.2, 1.0},
        ),
        (
            [(f"p{n}", "wm"[n % 2], f"h{n // 5}") for n in range(10)],
            [("G", "w", 1, 1), ("G", "m", 1, 1)],
            2,
            {0.2},
        ),
    ],
    ids=["one kind", "k = 1", "k = n", "a household of five", "two households of five"],
)
def test_pools_at_the_edge(  # noqa: PLR0917
    rows, quotas, seats, expected, problem, slow_leximin
):
    found = assert_fair(problem(rows, quotas, seats), slow_leximin)
    assert {round(chance, 6) for chance in found.targeted.values()} == {
        round(chance, 6) for chance in expected
    }


@pytest.mark.parametrize(("name", "seats"), [("lopsided_small", 20), ("lopsided_large", 200)])
def test_a_single_person_is_as_likely_as_a_thousand_others(name, seats, shared_pools):
    quotas = read_categories(shared_pools / name / "categories.csv")
    pool = read_respondents(shared_pools / name / "respondents.csv", quotas).pool
    found = fair_chances(Problem(seats=seats, categories=quotas, pool=pool))
    assert {round(chance, 9) for chance in found.reached.values()} == {0.1}
    assert found.proof.bound == Fraction(1, 10)


def test_persons_whom_no_quota_tells_apart_are_equally_likely():
    found = fair_chances(invent(Recipe(people=120, seats=20, seed=5)))
    for kind in found.kinds.items:
        assert len({found.reached[member] for member in kind.members}) == 1


def test_the_order_of_the_file_makes_no_difference(tight_pool):
    one = tight_pool(8)
    turned = Problem(
        seats=one.seats, categories=one.categories, pool=Pool.of(reversed(one.pool.people))
    )
    assert fair_chances(turned).reached == fair_chances(one).reached


def test_whoever_is_seated_counts_and_their_household_stays_out(problem):
    whole = problem([("a", "w", "h1"), ("b", "m", "h1"), ("c", "m", ""), ("d", "w", "")], SEX, 2)
    (anna,) = whole.pool.find(["a"])
    rest = Problem(
        seats=2, categories=whole.categories, pool=whole.pool.without(["a"]), seated=(anna,)
    )
    found = fair_chances(rest)
    assert found.targeted == {"c": pytest.approx(1.0), "d": pytest.approx(0.0)}


def test_quotas_that_nothing_meets_are_infeasible(problem):
    with pytest.raises(Infeasible):
        fair_chances(problem([("a", "w", ""), ("b", "w", "")], SEX, 2))


# --- when the solver has no answer


@pytest.mark.parametrize("objective", ["leximin", "nash"])
def test_a_solver_without_an_answer_is_never_replaced_by_a_weaker_method(
    objective, tight_pool, monkeypatch
):
    def stuck(_program):
        raise Unknown("the solver ended with Iteration limit")

    monkeypatch.setattr(Program, "solve", stuck)
    with pytest.raises(Unknown):
        fair_chances(tight_pool(1), objective=objective)


def test_an_answer_that_is_not_checked_to_the_end_tells_its_gap():
    pool = invent(Recipe(people=300, seats=30, seed=2))
    quick = fair_chances(pool, exact=False)
    assert not quick.exact
    short = [quick.targeted[id_] - quick.reached[id_] for id_ in quick.targeted]
    assert max(short) == pytest.approx(quick.gap, abs=1e-6)


def test_a_search_that_takes_too_long_ends_with_a_gap_and_never_with_a_claim(
    tight_pool, slow_leximin, monkeypatch
):
    monkeypatch.setattr("partizipation_buergerrat.sortition.limits.PROGRAMS", 0)
    for seed in range(40):
        found, best = fair_chances(tight_pool(seed)), slow_leximin(tight_pool(seed))
        honest = max(abs(best[id_] - found.reached[id_]) for id_ in best) < 1e-5
        assert honest or not found.exact


def test_everybody_who_can_be_drawn_is_in_a_panel_that_was_found():
    quick = fair_chances(invent(Recipe(people=300, seats=30, seed=2)), exact=False)
    met = np.sum(quick.panels, axis=0) > 0
    assert all(
        met[number] or kind.members[0] in quick.excluded
        for number, kind in enumerate(quick.kinds.items)
    )


# --- the proof


@pytest.mark.parametrize("seed", range(20))
def test_any_prices_prove_a_bound_that_no_method_beats(seed, tight_pool, slow_leximin):
    pool = tight_pool(seed)
    kinds = Kinds.of(pool)
    prices = np.random.default_rng(seed).normal(size=len(kinds.rows)).tolist()
    assert float(prove(kinds, (), prices).bound) >= min(slow_leximin(pool).values()) - 1e-9


# --- other objectives


def value(objective, chances, seats):
    able = [chance for chance in chances.values() if chance > 1e-7]
    even = seats / len(able)
    return {
        "maximin": min(able),
        "nash": sum(map(math.log, able)),
        "minimax": -max(able),
        "goldilocks": -(max(able) / even + even / min(able)),
    }[objective]


@pytest.mark.parametrize("objective", ["maximin", "nash", "minimax", "goldilocks"])
@pytest.mark.parametrize("seed", [3, 7])
def test_every_objective_is_best_by_its_own_measure(objective, seed):
    pool = invent(Recipe(people=90, seats=18, seed=seed))
    best = fair_chances(pool, objective=objective)
    assert best.exact
    for other in ("leximin", "maximin", "nash", "minimax", "goldilocks"):
        rival = fair_chances(pool, objective=other).targeted
        assert value(objective, best.targeted, 18) >= value(objective, rival, 18) - 1e-5


def test_an_unknown_objective_is_refused(tight_pool):
    with pytest.raises(InputError, match="leximin"):
        fair_chances(tight_pool(1), objective="greedy")
