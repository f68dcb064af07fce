"""Access: by an electoral roll nobody votes who is not on it, and nobody before it is frozen."""

import pytest

from partizipation_core import Actor
from partizipation_core.commands import CastBallot
from partizipation_core.kernel import access
from partizipation_core.plugins.host import PluginHost
from partizipation_core.testing.contexts import context

SETTINGS = {
    "pot": "1000 EUR",
    "misfit": "skip",
    "electorate": "register",
    "register_until": "2028-01-01",
}


@pytest.fixture(scope="module")
def host():
    return PluginHost.discover()


def test_before_the_roll_is_frozen_nobody_votes(host):
    anna = Actor.of("anna", "resident", age=30)
    seen = context(
        host,
        "buergerhaushalt",
        actor=anna,
        settings=SETTINGS,
        stage="vote",
        papers={"vote": {}},
    )
    decider = host.registry.deciders["CastBallot"].thing
    told = [one.code for one in access.objections(decider, CastBallot(choices={}), seen)]
    assert told == ["electorate_missing"]
