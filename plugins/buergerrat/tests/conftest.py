"""Small pools, and the slow and obvious way to fair chances.

Slow and obvious: list every panel, then climb with one program for each person.
"""

import itertools
import random
from pathlib import Path

import numpy as np
import pytest

from partizipation_buergerrat.sortition.people import Person, Pool
from partizipation_buergerrat.sortition.problem import Problem
from partizipation_buergerrat.sortition.program import INFINITE, Program
from partizipation_buergerrat.sortition.quotas import Categories, Quota


def invent_tight_pool(seed):
    """Invent 10 to 14 persons with quotas so tight that few panels are left."""
    rng = random.Random(seed)  # noqa: S311 - invents people, draws no lot
    size, seats = rng.randint(10, 14), rng.randint(2, 6)
    widths = [rng.randint(2, 3) for _ in range(rng.randint(2, 4))]
    homes = rng.choice([0, 0, 3, 5])
    people = tuple(
        Person(
            id=f"p{number:02d}",
            features=tuple(f"f{rng.randrange(width)}" for width in widths),
            household=f"h{rng.randrange(homes)}" if homes and rng.random() < 0.6 else "",
        )
        for number in range(size)
    )
    chosen, taken = [], set()
    for person in rng.sample(people, size):
        if len(chosen) < seats and (not person.household or person.household not in taken):
            chosen.append(person)
            taken.add(person.household)
    quotas = []
    for place, width in enumerate(widths):
        for value in range(width):
            there = sum(person.features[place] == f"f{value}" for person in chosen)
            quotas.append(
                Quota(
                    category=f"K{place}",
                    feature=f"f{value}",
                    least=max(there - rng.choice([0, 0, 1]), 0),
                    most=there + rng.choice([0, 0, 1]),
                )
            )
    return Problem(seats=len(chosen), categories=Categories.of(quotas), pool=Pool.of(people))


def every_panel(problem):
    ids = [person.id for person in problem.pool]
    every = itertools.combinations(ids, problem.vacant)
    return [panel for panel in every if not problem.faults(panel)]


def climb_slowly(problem):
    """Return person → chance, from the definition: who can still rise decides each level."""
    ids = [person.id for person in problem.pool]
    panels = every_panel(problem)
    fixed = {}
    while len(fixed) < len(ids):
        level = raised(ids, panels, fixed, [one for one in ids if one not in fixed])
        fixed |= {
            one: level
            for one in ids
            if one not in fixed and raised(ids, panels, fixed, [one], level) <= level + 1e-8
        }
    return fixed


def raised(ids, panels, fixed, rising, level=0.0):
    """Return the largest chance that all of `rising` can have, the others being kept."""
    program = Program(np.array([1.0]), np.zeros(1), np.ones(1))
    for one in ids:
        factor = -1.0 if one in rising else 0.0
        program.add_row(
            fixed.get(one, 0.0 if one in rising else level) - 1e-10,
            INFINITE,
            [0],
            np.array([factor]),
        )
    program.add_row(1.0, 1.0, [], np.zeros(0))
    places = {one: number for number, one in enumerate(ids)}
    for panel in panels:
        rows = [*(places[one] for one in panel), len(ids)]
        program.add_column(0.0, 0.0, INFINITE, rows, np.ones(len(rows)))
    return program.solve().value


def ask(rows, quotas, seats, **options):
    """Make a problem of rows (id, features, household) and quotas (category, feature, limits)."""
    people = [
        Person(id=id_, features=tuple(features.split()), household=household)
        for id_, features, household in rows
    ]
    listed = [
        Quota(category=category, feature=feature, least=least, most=most)
        for category, feature, least, most in quotas
    ]
    return Problem(seats=seats, categories=Categories.of(listed), pool=Pool.of(people), **options)


@pytest.fixture(scope="session")
def tight_pool():
    return invent_tight_pool


@pytest.fixture(scope="session")
def all_panels():
    return every_panel


@pytest.fixture(scope="session")
def slow_leximin():
    return climb_slowly


@pytest.fixture(scope="session")
def problem():
    return ask


@pytest.fixture(scope="session")
def shared_pools():
    """Folder of example pools that lie beside the repository."""
    folder = Path(__file__).resolve().parents[4] / "shared" / "data" / "sortition"
    if not folder.is_dir():
        pytest.skip("needs the folder ../shared/data/sortition, which lies beside the repository")
    return folder
