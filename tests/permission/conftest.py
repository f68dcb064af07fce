"""The tables as they are generated, the tables as they were reviewed, and procedures in memory."""

import csv
from pathlib import Path
from runpy import run_path

import pytest

from partizipation_core.formats.permissions import permission_table, record
from partizipation_core.plugins.host import PluginHost

HERE = Path(__file__).resolve().parent
REVIEWED = HERE / "reviewed"
FORMATS = sorted(file.stem for file in REVIEWED.glob("*.csv"))
KERNEL = HERE.parent / "kernel"


@pytest.fixture(scope="session")
def host():
    return PluginHost.discover()


@pytest.fixture(scope="session")
def facts(host):
    """What the table asks of every decider."""
    return {name: offer.thing for name, offer in host.registry.deciders.items()}


@pytest.fixture(scope="session")
def generated(host, facts):
    """Return the rows of a format as the library generates them: ``generated("kiezkasse")``."""

    def rows(key):
        table = permission_table(host.registry.format(key).thing, facts)
        return [record(line) for line in table]

    return rows


@pytest.fixture(scope="session")
def reviewed():
    """Return the rows of a format as people read and approved them."""

    def rows(key):
        with (REVIEWED / f"{key}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return rows


@pytest.fixture(scope="session")
def walk():
    """The exhaustive walk over the kernel's own answers."""
    return run_path(str(KERNEL / "permissions.py"))


@pytest.fixture(scope="session")
def answers(walk, host):
    """Return the allowed cells of a format, as the kernel answers: stage, command, role, state."""

    def allowed(key):
        states = host.registry.format(key).thing.lifecycle.states
        with (KERNEL / "permissions.csv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["format"] == key]
        cells = walk["unfolded"](rows, states)
        return {(s, walk["bare"](command), r, state) for s, command, r, state in cells}

    return allowed


@pytest.fixture
def play(host):
    """Open a procedure in memory: ``play("kiezkasse", settings={...})``."""
    kind = run_path(str(KERNEL / "conftest.py"))["Play"]
    return lambda key, **differences: kind(host, key, **differences)
