"""The pytest plugin: fixtures that tests of formats, rules and applications need.

It is found by pytest wherever the library is installed.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from partizipation_core.clock import FrozenClock
from partizipation_core.platform import Municipality, Platform
from partizipation_core.plugins.host import PluginHost
from partizipation_core.testing.people import Population
from partizipation_core.testing.simulation import START

__all__ = ["made_up_people", "made_up_town", "partizipation_host", "stopped_clock"]


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


@pytest.fixture
def made_up_people() -> Population:
    """Return a dozen residents who do not exist, and whoever holds an office."""
    return Population()
