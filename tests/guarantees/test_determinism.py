"""The same procedure gives the same bytes on every machine.

A few worlds run with every change; ``python3 dev.py soak tests/guarantees/test_determinism.py``
has all of them on both databases.
"""

import itertools
import os
import random
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("same_everywhere.py")
SEEDS = [str(seed) for seed in range(10)]
ZONES = ["UTC", "Pacific/Kiritimati", "America/St_Johns"]
LOCALES = ["C", "C.utf8", "de_DE.UTF-8", "tr_TR.UTF-8"]
HOME = ("0", "UTC", "C")
WORLDS = list(itertools.product(SEEDS, ZONES, LOCALES))
random.Random(3).shuffle(WORLDS)  # noqa: S311 - any few of them are as good as any others


ANOTHER = "PARTIZIPATION_OTHER_PYTHON"
"""Another interpreter, as a command: ``python3.13``, or ``node .../another_python.mjs FOLDER``."""


def played(url, world, double="as_it_should_be"):
    return run([sys.executable], url, world, double).stdout


def run(python, url, world, double="as_it_should_be"):
    seed, zone, language = world
    env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language}
    done = subprocess.run(
        [*python, str(PROGRAM), url, double],
        capture_output=True,
        text=True,
        env={**env, "PARTIZIPATION_PLUGINS": "buergerhaushalt"},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done


@pytest.fixture(scope="module")
def at_home():
    return played("sqlite://", HOME)


@pytest.fixture
def there(new_site):
    """Play on a fresh database: ``there(world, double)``."""

    def run(world, double="as_it_should_be"):
        site = new_site()
        found = played(site.url, world, double)
        if site.url.startswith("sqlite"):
            site.file.unlink()
        return found

    return run


@pytest.mark.sized("worlds")
def test_the_same_procedure_gives_the_same_bytes_everywhere(there, at_home, size, tell):
    different = [world for world in WORLDS[:size] if there(world) != at_home]
    assert different == []
    tell(worlds=size, different=0, python=sys.version.partition(" ")[0])


@pytest.mark.long
@pytest.mark.skipif(ANOTHER not in os.environ, reason=f"{ANOTHER} names no other Python")
def test_another_version_of_python_gives_the_same_bytes(at_home, tell):
    python = shlex.split(os.environ[ANOTHER])
    worlds = [world for world in WORLDS if world[2] == "C"][:3]
    there = [run(python, "sqlite://", world) for world in worlds]
    versions = {one.stderr.split()[-1] for one in there}
    assert versions != {sys.version.partition(" ")[0]}
    assert [one.stdout for one in there] == [at_home] * len(worlds)
    tell(worlds=len(worlds), different=0, python=", ".join(versions))


AWAY = ("1", "Pacific/Kiritimati", "C.utf8")


@pytest.mark.postgresql
def test_ties_broken_by_the_order_of_the_database_are_caught(there):
    """Revert test."""
    double = "ties_in_the_order_of_the_database"
    assert there(HOME, double) != played("sqlite://", HOME, double)


@pytest.mark.sqlite
@pytest.mark.parametrize("double", ["times_of_the_machine", "order_of_hashes"])
def test_what_hangs_on_the_machine_is_caught(there, double):
    """Revert test."""
    assert there(AWAY, double) != there(HOME, double)
