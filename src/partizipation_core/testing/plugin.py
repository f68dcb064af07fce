"""The pytest plugin: fixtures that tests of formats, rules and applications need.

It is found by pytest wherever the library is installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from partizipation_core.clock import FrozenClock
from partizipation_core.platform import Municipality, Platform
from partizipation_core.plugins.host import PluginHost
from partizipation_core.store.keys import MemoryKeys
from partizipation_core.testing.databases import Unavailable, empty_place, server
from partizipation_core.testing.people import Population
from partizipation_core.testing.simulation import START

__all__ = [
    "made_up_people",
    "made_up_town",
    "partizipation_host",
    "partizipation_postgresql",
    "stopped_clock",
    "town_on_both",
]


@pytest.fixture(scope="session")
def partizipation_host() -> PluginHost:
    """Return all installed plugins."""
    return PluginHost.discover()


@pytest.fixture
def stopped_clock() -> FrozenClock:
    """Return a clock that stands still until it is set: ``stopped_clock.set(instant)``."""
    return FrozenClock(START)


@pytest.fixture
def made_up_town(
    partizipation_host: PluginHost, stopped_clock: FrozenClock
) -> Iterator[Municipality]:
    """Return a municipality with a database in memory, under the stopped clock."""
    with Platform(host=partizipation_host, clock=stopped_clock) as platform:
        yield platform.municipality("12060052")


@pytest.fixture(scope="session")
def partizipation_postgresql() -> Iterator[str]:
    """Return the address of a PostgreSQL; tests that ask for it skip where there is none."""
    with ExitStack() as stack:
        try:
            address = stack.enter_context(server())
        except Unavailable as reason:
            pytest.skip(str(reason))
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def town_on_both(
    request: pytest.FixtureRequest, partizipation_host: PluginHost, stopped_clock: FrozenClock
) -> Iterator[Municipality]:
    """Return a municipality; a test that asks for it runs on SQLite and on PostgreSQL."""
    with ExitStack() as stack:
        database = "sqlite://"
        if request.param == "postgresql":
            address = request.getfixturevalue("partizipation_postgresql")
            database = stack.enter_context(empty_place(address))
        platform = Platform(
            database, host=partizipation_host, clock=stopped_clock, keys=MemoryKeys()
        )
        yield stack.enter_context(platform).municipality("12060052")


@pytest.fixture
def made_up_people() -> Population:
    """Return a dozen residents who do not exist, and whoever holds an office."""
    return Population()
