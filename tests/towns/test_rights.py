"""What somebody may do in a town but not in its family, or the other way round, is reviewed."""

import tomllib
from pathlib import Path

import pytest

from partizipation_buergerhaushalt import BUERGERHAUSHALT
from partizipation_buergerhaushalt.advice import ADVICE
from partizipation_buergerhaushalt.towns import TOWNS

TABLE = tomllib.loads(Path(__file__).with_name("rights.toml").read_text(encoding="utf-8"))
FAMILIES = {"buergerhaushalt": BUERGERHAUSHALT, "advice": ADVICE}
FORMATS = {one.key.removeprefix("buergerhaushalt_"): one for one in (ADVICE, *TOWNS)}


def rights(format_):
    """Return who may do what in some stage, as ``Command:role``."""
    return {
        f"{command}:{role}"
        for stage in format_.stages
        for command, roles in stage.allows.items()
        for role in roles
    }


def test_every_town_is_reviewed_with_a_reason():
    assert set(TABLE) == set(FORMATS)
    assert all(row["because"].endswith(".") for row in TABLE.values())


@pytest.mark.parametrize("name", FORMATS)
def test_a_town_gives_no_other_rights_than_reviewed(name):
    row, here = TABLE[name], rights(FORMATS[name])
    family = rights(FAMILIES[row["family"]])

    assert sorted(here - family) == row["more"]
    assert sorted(family - here) == row["less"]
    assert FORMATS[name].anytime == FAMILIES[row["family"]].anytime


def test_nobody_both_enters_and_decides():
    """The council of a town has no right that its officers have, and residents none of either."""
    for name, format_ in FORMATS.items():
        granted = rights(format_)
        assert "AwardItems:resident" not in granted, name
        assert "AwardItems:officer" not in granted, name
        assert "ResolveItems:officer" not in granted, name
