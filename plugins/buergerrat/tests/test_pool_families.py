"""Families of pools, also hostile ones: tiny ones against what counting on fingers gives.

The reference lists every panel, takes the chances from the definition, and tries every change of
quotas. Larger pools of the same families must come to an answer, or say how far they came.
"""

import itertools
import random
import signal
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from partizipation_buergerrat.sortition.diagram import diagram_of
from partizipation_buergerrat.sortition.examination import examine
from partizipation_buergerrat.sortition.fair import fair_chances
from partizipation_buergerrat.sortition.herding import herd
from partizipation_buergerrat.sortition.kinds import Kinds
from partizipation_buergerrat.sortition.limits import Limits
from partizipation_buergerrat.sortition.lottery import hold_lottery
from partizipation_buergerrat.sortition.panels import Panels, check_panel
from partizipation_buergerrat.sortition.people import Person, Pool
from partizipation_buergerrat.sortition.problem import Problem
from partizipation_buergerrat.sortition.program import Infeasible
from partizipation_buergerrat.sortition.quotas import Categories, Quota
from partizipation_buergerrat.sortition.relaxation import relax
from partizipation_buergerrat.sortition.stream import Stream


def dice(seed):
    return random.Random(seed)  # noqa: S311 - invents people, draws no lot


def crowd(rng, size, widths, households=0.3, each=2):
    """Invent persons; `each` live together, as many as the share of households says."""
    homes = max(1, int(size * households / each))
    return [
        Person(
            id=f"p{number:04d}",
            features=tuple(f"f{rng.randrange(width)}" for width in widths),
            household=f"h{rng.randrange(homes)}" if rng.random() < households else "",
        )
        for number in range(size)
    ]


def seated(rng, people, seats):
    """Choose persons of different households, who show that a panel exists."""
    chosen, homes = [], set()
    for person in rng.sample(people, len(people)):
        if len(chosen) < seats and person.household not in homes:
            chosen.append(person)
            homes |= {person.household} - {""}
    return chosen


def around(people, chosen, widths, slack=(0, 0)):
    """Make the problem the quotas of which are those of the chosen, with some slack."""
    quotas = []
    for place, width in enumerate(widths):
        for value in range(width):
            there = sum(person.features[place] == f"f{value}" for person in chosen)
            quotas.append(
                Quota(
                    category=f"K{place}",
                    feature=f"f{value}",
                    least=max(there - slack[0], 0),
                    most=there + slack[1],
                )
            )
    return Problem(seats=len(chosen), categories=Categories.of(quotas), pool=Pool.of(people))


def tight(rng, size, seats, widths, slack=(0, 0)):
    people = crowd(rng, size, widths)
    return around(people, seated(rng, people, seats), widths, slack)


def matching(rng, size, seats, categories=3):
    """One seat for each feature of each category: the quotas promise far more than panels give."""
    widths = [seats] * categories
    people = crowd(rng, size - seats, widths, households=0)
    orders = [rng.sample(range(seats), seats) for _ in widths]
    witness = [
        Person(id=f"w{number:04d}", features=tuple(f"f{order[number]}" for order in orders))
        for number in range(seats)
    ]
    return around([*people, *witness], witness, widths)


def fives(rng, size, seats, widths):
    """Everybody lives in a household of five."""
    people = [
        replace(person, household=f"h{number // 5}")
        for number, person in enumerate(crowd(rng, size, widths, households=0))
    ]
    return around(people, seated(rng, people, seats), widths, (0, 1))


def blank(rng, size, seats, widths):
    people = crowd(rng, size, widths, households=0)
    return around(people, seated(rng, people, seats), widths, (1, 1))


def partly_seated(rng, size, seats, widths):
    """Two of those who fit have their seats already, and some live with them."""
    problem = tight(rng, size, seats, widths, (1, 1))
    chosen = seated(rng, list(problem.pool), seats)[:2]
    quotas = tuple(
        replace(quota, most=max(quota.most, there))
        for quota in problem.categories.quotas
        for there in [problem.categories.count(chosen)[quota.category, quota.feature]]
    )
    return replace(
        problem,
        categories=Categories.of(quotas),
        pool=problem.pool.without(person.id for person in chosen),
        seated=tuple(chosen),
    )


def unlike(rng, size, seats, categories):
    """Many yes-or-no questions: everybody is a kind of their own."""
    return tight(rng, size, seats, [2] * categories)


TINY = {
    "tight": lambda rng: tight(rng, 11, 4, (2, 3, 2)),
    "a little slack": lambda rng: tight(rng, 11, 4, (2, 3, 3), (1, 0)),
    "one seat for each feature": lambda rng: matching(rng, 11, 3),
    "four categories to match": lambda rng: matching(rng, 12, 3, 4),
    "households of five": lambda rng: fives(rng, 12, 2, (2, 3)),
    "all addresses blank": lambda rng: blank(rng, 10, 4, (2, 3)),
    "all unlike": lambda rng: unlike(rng, 11, 4, 5),
    "one kind only": lambda rng: blank(rng, 9, rng.randint(1, 9), (1,)),
    "one seat": lambda rng: tight(rng, 10, 1, (2, 3), (0, 1)),
    "as many seats as people": lambda rng: blank(rng, 7, 7, (2, 3)),
    "all but one": lambda rng: blank(rng, 8, 7, (2, 3)),
    "some seated already": lambda rng: partly_seated(rng, 11, 5, (2, 3)),
}


def assert_exact(problem, slow_leximin):
    best, found = slow_leximin(problem), fair_chances(problem)
    assert found.exact
    for chances in (found.targeted, found.reached):
        assert max(abs(best[id_] - chances.get(id_, 0.0)) for id_ in best) < 1e-5
    assert set(best) - set(found.targeted) == set(problem.beside_seated)
    assert float(found.proof.bound) >= min(best[id_] for id_ in found.targeted) - 1e-9
    assert found.minimum >= float(found.proof.bound) - 1e-6
    for cut in found.cuts:
        assert_kept(found.kinds, cut, problem)
    return found


def assert_kept(kinds, cut, problem):
    """Count a cut on every panel there is."""
    worth = {
        member: factor
        for kind, factor in zip(kinds.items, cut.factors, strict=True)
        for member in kind.members
    }
    assert max(sum(worth[one] for one in panel) for panel in panels_of(problem)) <= cut.most


def panels_of(problem):
    ids = [person.id for person in problem.pool]
    every = itertools.combinations(ids, problem.vacant)
    return [panel for panel in every if not problem.faults(panel)]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("family", TINY)
def test_a_tiny_pool_of_any_family_gets_what_counting_gives(family, seed, slow_leximin):
    assert_exact(TINY[family](dice(seed)), slow_leximin)


@pytest.mark.long
@pytest.mark.parametrize("family", TINY)
def test_hundreds_of_tiny_pools_get_what_counting_gives(family, slow_leximin):
    for seed in range(100, 160):
        assert_exact(TINY[family](dice(seed)), slow_leximin)


# --- the graph of all panels


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("family", TINY)
def test_the_graph_finds_the_best_panel_of_all(family, seed, all_panels):
    rng = dice(1_000 + seed)
    problem = TINY[family](rng).remaining()
    kinds = Kinds.of(problem)
    graph = diagram_of(kinds, ways=100_000)
    number = {member: n for n, kind in enumerate(kinds.items) for member in kind.members}
    most = np.array([kind.most for kind in kinds.items], dtype=float)
    for _ in range(5):
        worths = np.array([float(rng.randint(-3, 9)) for _ in kinds.items])
        panel = graph.best(worths, np.zeros(len(kinds)), most)
        assert worths @ panel == max(
            sum(worths[number[one]] for one in each) for each in all_panels(problem)
        )


def test_the_graph_knows_that_there_is_no_panel(problem):
    rows = [("a", "w", ""), ("b", "w", "")]
    nothing = problem(rows, [("G", "w", 1, 1), ("G", "m", 1, 1)], 2)
    graph = diagram_of(Kinds.of(nothing), ways=1_000)
    assert graph.best(np.ones(1), np.zeros(1), np.full(1, 2.0)) is None


def test_a_graph_that_grows_too_large_is_given_up():
    kinds = Kinds.of(blank(dice(1), 60, 20, (2, 4, 5)))
    assert diagram_of(kinds, ways=500) is None


@pytest.mark.parametrize("family", ["tight", "one seat for each feature", "all unlike"])
def test_graph_and_integer_programs_agree(family, monkeypatch):
    for seed in range(5):
        problem = TINY[family](dice(500 + seed))
        monkeypatch.setattr("partizipation_buergerrat.sortition.limits._TRIED", {1: 100_000})
        by_graph = fair_chances(problem).targeted
        monkeypatch.setattr("partizipation_buergerrat.sortition.limits._TRIED", {10_000: 1})
        by_programs = fair_chances(problem).targeted
        assert by_graph == pytest.approx(by_programs, abs=1e-7)


# --- nothing is feasible


def walled(rng):
    """Quotas that may not be met, with flexible limits that may or may not help."""
    widths = (2, 3)
    people = crowd(rng, 8, widths, households=0.5)
    quotas = []
    for place, width in enumerate(widths):
        for value in range(width):
            least, most = sorted((rng.randint(0, 3), rng.randint(0, 3)))
            quotas.append(
                Quota(
                    category=f"K{place}",
                    feature=f"f{value}",
                    least=least,
                    most=most,
                    least_flex=rng.randint(0, least),
                    most_flex=rng.choice([None, most, most + 1]),
                )
            )
    return Problem(seats=3, categories=Categories.of(quotas), pool=Pool.of(people))


def smallest_change(problem):
    """Try every panel: the fewest seats by which quotas within their walls would have to move."""
    found = []
    for chosen in itertools.combinations(problem.pool, problem.seats):
        homes = [person.household for person in chosen if person.household]
        if len(homes) == len(set(homes)):
            found.append(moved(problem, chosen))
    return min((each for each in found if each is not None), default=None)


def moved(problem, chosen):
    counts, seats = problem.categories.count(chosen), 0
    for quota in problem.categories.quotas:
        there = counts[quota.category, quota.feature]
        high = problem.seats if quota.most_flex is None else quota.most_flex
        if not quota.least_flex <= there <= max(high, quota.most):
            return None
        seats += max(quota.least - there, 0) + max(there - quota.most, 0)
    return seats


@pytest.mark.parametrize("seed", range(40))
def test_the_relaxation_is_the_smallest_there_is(seed):
    problem = walled(dice(seed))
    expected, found = smallest_change(problem), relax(problem)
    assert (found.seats if found else None) == expected
    examined = examine(problem)
    assert examined.feasible == (expected == 0)
    if expected:
        helped = replace(problem, categories=problem.categories.change(found.changed))
        assert examine(helped).feasible


@pytest.mark.parametrize("seed", range(10))
def test_what_is_infeasible_is_said_and_not_searched_for(seed):
    problem = walled(dice(seed))
    if smallest_change(problem) == 0:
        assert fair_chances(problem).exact
    else:
        with pytest.raises(Infeasible):
            fair_chances(problem)


# --- larger ones: an answer, and an honest one

LARGER = {
    "50 people, 7 categories, no slack": lambda rng: tight(rng, 50, 10, (3,) * 7),
    "80 people to match": lambda rng: matching(rng, 80, 12),
    "40 people, 12 questions": lambda rng: unlike(rng, 40, 10, 12),
    "100 people in households of five": lambda rng: fives(rng, 100, 15, (2, 4, 5, 3)),
    "114 of 120": lambda rng: tight(rng, 120, 114, (2, 3, 4, 3)),
    "40 features of one category": lambda rng: tight(rng, 200, 40, (40, 16, 2)),
}


@pytest.mark.parametrize("family", LARGER)
def test_a_larger_pool_comes_to_an_exact_answer(family):
    found = fair_chances(LARGER[family](dice(3)))
    assert found.exact
    able = [chance for id_, chance in found.reached.items() if id_ not in found.excluded]
    assert min(able) > 0
    if not found.excluded:
        assert found.minimum >= float(found.proof.bound) - 1e-6


def test_a_search_that_is_broken_off_tells_how_far_it_came(monkeypatch):
    monkeypatch.setattr("partizipation_buergerrat.sortition.limits.WORK", 500)
    monkeypatch.setattr("partizipation_buergerrat.sortition.limits._DEAR", 0)
    monkeypatch.setattr("partizipation_buergerrat.sortition.limits._TRIED", {0: 1})
    found = fair_chances(LARGER["80 people to match"](dice(3)))
    assert not found.exact
    assert found.gap > 1e-6
    assert 0 <= found.minimum <= found.proof.bound <= Fraction(1)


def test_hard_pools_still_get_numbered_panels(monkeypatch):
    """Where no new panel is at hand, those known take turns; the mean still follows the target."""
    monkeypatch.setattr("partizipation_buergerrat.sortition.limits._DEAR", 0)
    monkeypatch.setattr("partizipation_buergerrat.sortition.limits._TRIED", {0: 1})
    problem = LARGER["50 people, 7 categories, no slack"](dice(3))
    held = hold_lottery(problem, panels=100, stream=Stream("deal", "x"))
    assert held.deviation < 0.1
    assert not any(problem.faults(panel) for panel in held.panels)


def test_a_tight_pool_runs_out_of_no_patience():
    """Once the graph is there, it answers, however often the best panel is asked for."""
    limits = Limits(Kinds.of(LARGER["50 people, 7 categories, no slack"](dice(3))))
    panels = Panels(limits)
    rng = np.random.default_rng(1)
    for _ in range(40):
        panels.best(rng.random(len(limits.sizes)))
    steps = limits.steps
    panels.best(rng.random(len(limits.sizes)))
    assert limits.steps == steps
    assert not limits.spent


def test_dives_that_lead_to_nothing_are_given_up(monkeypatch):
    limits = Limits(Kinds.of(LARGER["50 people, 7 categories, no slack"](dice(3))))
    known = [Panels(limits).best(np.zeros(len(limits.sizes)))[0]]
    limits.asked, limits.steps, dives = 100, 1_000_000, []
    monkeypatch.setattr(Panels, "quick", lambda _panels, worths: dives.append(worths))
    panels = list(itertools.islice(herd(limits, known[0].astype(float), known), 50))
    assert all((panel == known[0]).all() for panel in panels)
    assert len(dives) == 10


def test_a_lottery_has_a_budget_of_its_own_and_knows_what_was_learnt():
    limits = fair_chances(LARGER["50 people, 7 categories, no slack"](dice(3))).limits
    again = limits.again()
    assert (limits.work > 0, again.work) == (True, 0)
    assert (again.asked, again.steps) == (limits.asked, limits.steps)
    asked = again.asked
    assert again.diagram() is limits.diagram() is not None
    assert again.asked == asked + 1


def test_drawing_a_graph_in_vain_is_work_as_well():
    limits = Limits(Kinds.of(HARDEST["200 people, 20 seats, 16 questions"](dice(1))))
    limits.asked = 3
    assert limits.diagram() is None
    assert limits.work > 5_000


# --- the hardest ones: no pool takes for ever, whatever was asked for

HARDEST = {
    "100 people, 12 seats, 10 categories": lambda rng: tight(rng, 100, 12, [3] * 10),
    "200 people, 20 seats, 16 questions": lambda rng: unlike(rng, 200, 20, 16),
    "200 people to match": lambda rng: matching(rng, 200, 20),
}


def assert_a_distribution(problem, found):
    """Every panel meets the quotas, weights sum to one, chances to the seats, the gap is told."""
    limits = Limits(found.kinds)
    for panel in found.panels:
        check_panel(limits, panel)
    assert sum(found.weights) == pytest.approx(1)
    assert sum(found.reached.values()) == pytest.approx(problem.seats)
    short = max(found.targeted[id_] - found.reached[id_] for id_ in found.reached)
    assert short == pytest.approx(found.gap, abs=1e-6)
    assert found.exact == (found.gap <= 1e-6)


@pytest.mark.parametrize("objective", ["leximin", "nash", "goldilocks"])
@pytest.mark.parametrize("family", HARDEST)
def test_the_hardest_pools_end_within_their_budget(family, objective, monkeypatch):
    monkeypatch.setattr("partizipation_buergerrat.sortition.limits.WORK", 40_000)
    problem, steps = HARDEST[family](dice(1)), []
    monkeypatch.setattr(Limits, "spend", lambda limits, work: _spend(limits, work, steps))
    found = fair_chances(problem, objective=objective)
    assert_a_distribution(problem, found)
    assert not found.exact
    assert sum(steps) < 200_000


def _spend(limits, work, steps):
    limits.work += work
    steps.append(work)


@pytest.mark.long
@pytest.mark.parametrize("family", HARDEST)
@pytest.mark.parametrize("seed", range(3))
def test_the_hardest_pools_end_in_time(family, seed):
    """By default, within about half a minute of CPU; the figure stands in the benchmark's note."""
    problem = HARDEST[family](dice(seed))
    assert_a_distribution(problem, fair_chances(problem))


def test_a_broken_off_search_comes_to_the_same_end_twice(monkeypatch):
    monkeypatch.setattr("partizipation_buergerrat.sortition.limits.WORK", 20_000)
    problem = HARDEST["200 people, 20 seats, 16 questions"](dice(1))
    once, again = fair_chances(problem), fair_chances(problem)
    assert once.reached == again.reached
    assert once.gap == again.gap


def test_why_somebody_is_in_no_panel_is_not_searched_for_without_end(monkeypatch):
    monkeypatch.setattr("partizipation_buergerrat.sortition.examination._WORK", 0)
    problem = LARGER["50 people, 7 categories, no slack"](dice(3))
    nobody = fair_chances(problem).excluded
    found = examine(problem, nobody=nobody)
    assert sum(len(each.people) for each in found.excluded) == len(nobody) > 1
    codes = {finding.code for finding in found.blocking}
    assert "draw.excluded_somehow" in codes
    assert all(each.known or not each.quotas for each in found.excluded)


def test_a_search_can_be_interrupted():
    """Ctrl-C reaches the solver from within, and what interrupts it comes out again."""
    limits = Limits(Kinds.of(HARDEST["200 people, 20 seats, 16 questions"](dice(1))))

    def press(_number, _frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGVTALRM, press)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.3, 0.3)
    try:
        with pytest.raises(KeyboardInterrupt):
            Panels(limits).best(np.random.default_rng(3).random(len(limits.sizes)))
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
