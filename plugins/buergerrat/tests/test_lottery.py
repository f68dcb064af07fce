"""Numbered panels: all valid, everybody on as many as they should, the same on every machine."""

import os
import subprocess
import sys

import pytest

from partizipation_buergerrat.sortition.lottery import hold_lottery
from partizipation_buergerrat.sortition.stream import Stream
from partizipation_buergerrat.synthetic import Recipe, invent
from partizipation_core.errors import InputError

FAMILIES = Recipe(people=150, seats=24, households=60, seed=4)


@pytest.fixture(scope="module")
def families():
    return hold_lottery(invent(FAMILIES), panels=200, stream=Stream("deal", "test"))


def test_every_panel_meets_the_quotas_and_takes_one_of_a_household(families):
    pool = families.chances.problem
    assert [pool.faults(panel) for panel in families.panels] == [[]] * 200


def test_persons_of_one_kind_sit_equally_often(families):
    counts = families.counts
    for kind in families.chances.kinds.items:
        often = [counts[member] for member in kind.members]
        assert max(often) - min(often) <= 1


def test_everybody_is_drawn_about_as_often_as_is_fair(families):
    assert families.deviation < 3 / 200


def test_a_family_of_five_shares_its_turns(problem):
    rows = [(f"h{n}{m}", "abcde"[m], f"h{n}") for n in range(6) for m in range(5)]
    quotas = [("K", feature, 0, 6) for feature in "abcde"]
    held = hold_lottery(problem(rows, quotas, 6), panels=50, stream=Stream("deal", "test"))
    assert all(held.chances.problem.faults(panel) == [] for panel in held.panels)
    assert set(held.counts.values()) == {10}


def test_no_panel_is_not_a_lottery(problem):
    with pytest.raises(InputError):
        hold_lottery(
            problem([("a", "w", "")], [("G", "w", 1, 1)], 1),
            panels=0,
            stream=Stream("deal", "test"),
        )


def test_a_lottery_is_the_same_under_every_hash_seed_and_in_every_process():
    code = """
from hashlib import sha256
from partizipation_buergerrat.sortition.lottery import hold_lottery
from partizipation_buergerrat.sortition.stream import Stream
from partizipation_buergerrat.synthetic import Recipe, invent
pool = invent(Recipe(people=80, seats=16, households=40, seed=3))
held = hold_lottery(pool, panels=60, stream=Stream("deal", "x"))
print(sha256(repr((held.panels, sorted(held.chances.reached.items()))).encode()).hexdigest())
"""
    outcomes = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "4711", "4711")
    }
    assert len(outcomes) == 1
