"""One person, two votes: every pair of channels, in both orders, under every policy."""

from pathlib import Path
from runpy import run_path
from typing import get_args

import pytest

from partizipation_core.formats.channels import CHANNELS, Policy
from partizipation_core.kernel.channels.policy import Fate, Ruling, Standing, rule_on

TABLE = run_path(str(Path(__file__).with_name("policies.py")))["TABLE"]
LETTERS = {
    Ruling.REFUSED: "R",
    Ruling.OLD_STANDS: "O",
    Ruling.NEW_STANDS: "N",
    Ruling.NEITHER: "V",
}


@pytest.mark.parametrize("fate", [None, Fate.STANDS], ids=["in the box", "beside it"])
def test_every_ruling_is_as_the_table_says(fate):
    told = {
        (policy, stands, comes): LETTERS[
            rule_on(policy, Standing(channel=stands, fate=fate), comes)
        ]
        for policy in get_args(Policy)
        for stands in CHANNELS
        for comes in CHANNELS
    }
    assert told == TABLE


@pytest.mark.parametrize("policy", get_args(Policy))
@pytest.mark.parametrize("comes", CHANNELS)
def test_a_first_vote_counts_under_every_policy(policy, comes):
    assert rule_on(policy, None, comes) is Ruling.TAKEN


@pytest.mark.parametrize("policy", get_args(Policy))
@pytest.mark.parametrize("comes", CHANNELS)
def test_after_two_void_votes_no_third_one_counts(policy, comes):
    ruling = rule_on(policy, Standing(channel="paper", fate=Fate.VOID), comes)
    assert ruling in (Ruling.REFUSED, Ruling.NEITHER)


def test_nothing_takes_hands_or_an_urn_back():
    assert {letter for (_, stands, _), letter in TABLE.items() if stands in ("hands", "urn")} == {
        "R",
        "O",
    }


def test_only_who_stands_at_the_door_is_turned_away():
    turned = {comes for (_, _, comes), letter in TABLE.items() if letter == "R"}
    assert turned == {"online", "code", "hands", "urn"}
