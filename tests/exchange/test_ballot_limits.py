"""Limits of ballots travel with a definition, those of single votes and areas too."""

import pytest

from partizipation_core.exchange.definition import (
    as_json,
    as_toml,
    definition_data,
    read_definition,
    read_plain,
)
from partizipation_core.plugins.host import PluginHost
from partizipation_core.plugins.pinning import pin

SETTINGS = {
    "pot": "1000 EUR",
    "misfit": "skip",
    "area_quotas": {"Nord": {"min": 1}, "Süd": {"max": 2}},
    "max_total": "300.50 EUR",
    "votes": {"vote": {"ballot_type": "ranking", "category_quotas": {"Schule": {"max": 1}}}},
}


@pytest.mark.parametrize("write", [as_toml, as_json])
def test_limits_are_read_back_as_they_were(write):
    registry = PluginHost.discover().registry
    pinned = pin(registry, "buergerhaushalt", settings=SETTINGS, rules={})
    copied = read_definition(read_plain(write(definition_data(pinned, registry))), registry)
    assert copied == pinned
    assert copied.settings["votes"]["vote"]["ballot_type"] == "ranking"
    assert copied.settings["max_total"] == 30050
