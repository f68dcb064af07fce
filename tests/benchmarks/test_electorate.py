"""Freezing the electoral roll of a city, against the floor of writing its rows.

The floor does what no roll can do without: the same rows, by the bare driver, in one transaction.
"""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from runpy import run_path

from partizipation_core.clock import FrozenClock, start_of_day
from partizipation_core.platform import Platform

ELECTORATE = run_path(str(Path(__file__).resolve().parents[1] / "electorate" / "conftest.py"))
PEOPLE = 100_000
GOAL = 12


def test_the_roll_of_a_city_is_frozen_within_a_few_times_its_writing(tmp_path, measured):
    first, vote = (ELECTORATE["date"](2027, *day) for day in ((4, 1), (5, 1)))
    clock, file = FrozenClock(start_of_day(first, ELECTORATE["BERLIN"])), tmp_path / "town.db"
    with Platform(f"sqlite:///{file}", clock=clock) as platform:
        town = ELECTORATE["Town"](platform, clock, **ELECTORATE["BY_REGISTER"])
        born = (f"R-{number};17.05.{1940 + number % 70}" for number in range(PEOPLE))
        town.register("\n".join(["kennung;geburtsdatum", *born]))
        clock.set(start_of_day(vote, ELECTORATE["BERLIN"]))
        began = time.perf_counter()
        town.tick()
        took = time.perf_counter() - began
        people = town.state().electorates["vote"].entries
    floor = written(file, tmp_path / "floor.db")
    measured(people=people, seconds=round(took, 2), floor=round(floor, 2))
    assert took / floor < GOAL


def written(source, target):
    """Write the same rows by the bare driver; returns the seconds."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        (made,) = one.execute("SELECT sql FROM sqlite_schema WHERE name = 'electorate'").fetchone()
        rows = one.execute("SELECT * FROM electorate").fetchall()
        other.execute(made)
        began = time.perf_counter()
        with other:
            other.executemany("INSERT INTO electorate VALUES (?, ?, ?, ?, ?)", rows)
        return time.perf_counter() - began
