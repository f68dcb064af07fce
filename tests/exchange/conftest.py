"""A town with a clock that stands still, and what is installed."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from partizipation_core import Actor, FrozenClock, Platform, Role
from partizipation_core.clock import start_of_day
from partizipation_core.plugins.host import PluginHost

BERLIN = ZoneInfo("Europe/Berlin")
SETTINGS = {"pot": "1000 EUR", "misfit": "skip"}
SECRECY = {"secrecy": "pseudonymous"}
"""So that a vote may be opened again."""
SCHEDULE = {
    "review": date(2027, 4, 1),
    "vote": {"from": date(2027, 5, 3), "until": date(2027, 5, 14)},
}


@pytest.fixture(scope="session")
def host():
    return PluginHost.discover()


@pytest.fixture(scope="session")
def registry(host):
    return host.registry


@pytest.fixture
def officer():
    return Actor.of("officer-1", Role.OFFICER)


@pytest.fixture
def clock():
    return FrozenClock(start_of_day(date(2027, 3, 1), BERLIN))


@pytest.fixture
def town(host, clock):
    with Platform(host=host, clock=clock) as platform:
        yield platform.municipality("12060052")


@pytest.fixture
def budget(town, officer):
    """A Bürgerhaushalt with dates for its review and its vote."""
    return town.open(
        "b-2027",
        "buergerhaushalt",
        actor=officer,
        settings={**SETTINGS, **SECRECY},
        schedule=SCHEDULE,
    )
