"""Whatever a client repeats, and in whatever order: a request is done once and answered alike."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partizipation_core.commands import CastBallot
from partizipation_core.errors import Conflict, Refused
from partizipation_core.values import Actor, Role

VOTERS, ITEMS, KEYS = ("anna", "ben", "cem"), ("fountain", "bench"), ("", "k-1", "k-2", "k-3")
ASKED = st.tuples(st.sampled_from(VOTERS), st.sampled_from(ITEMS), st.sampled_from(KEYS))


@pytest.fixture
def voting(budget):
    return budget.to_the_vote(**dict.fromkeys(ITEMS, 400))


def outcome(budget, who, item, key):
    """Ask, and say what came of it: a receipt, or the name of a refusal."""
    asked = CastBallot(choices={item: 1})
    try:
        return budget.execute(asked, actor=Actor.of(who, Role.RESIDENT), key=key)
    except Refused as refusal:
        return refusal.objections[0].code
    except Conflict:
        return "conflict"


def expected(history):
    """Say what must come of each request: the number of the one whose receipt it gets, or why not.

    An oracle of two dictionaries, which shares no code with what it judges.
    """
    answered, voted, told = {}, {}, []
    for number, (who, item, key) in enumerate(history):
        if key in answered:
            first, asked = answered[key]
            told.append(first if asked == (who, item) else "conflict")
        elif who in voted:
            told.append("already_voted")
        else:
            told.append(number)
            voted[who] = item
            if key:
                answered[key] = (number, (who, item))
    return told, voted


@pytest.mark.parametrize(
    "histories", [30, pytest.param(10_000, marks=pytest.mark.long)], ids=["some", "many"]
)
def test_random_histories_of_retries(voting, histories):
    numbers, in_the_box = itertools.count(), []

    @settings(max_examples=histories, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(ASKED, min_size=1, max_size=12))
    def agree(history):
        mine = f"h-{next(numbers)}"  # every history has people and keys of its own
        told = [
            outcome(voting, f"{mine}-{who}", item, key and f"{mine}-{key}")
            for who, item, key in history
        ]
        wanted, voted = expected(history)
        receipts = {number: told[number] for number in wanted if isinstance(number, int)}
        assert told == [receipts.get(one, one) for one in wanted]
        in_the_box.extend(voted.values())

    agree()
    with voting.handle._unit() as unit:
        found = [item for ballot in unit.ballots("vote") for item in ballot]
    assert sorted(found) == sorted(in_the_box)
    assert voting.faults() == []
