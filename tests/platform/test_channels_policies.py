"""Every pair of channels, in both orders, under every policy, with real votes of real people.

What must come out stands in the reviewed table ``tests/kernel/policies.txt``; the numbers are
compared with a model that is nothing but a dict.
"""

from collections import Counter
from pathlib import Path
from runpy import run_path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partizipation_core import Actor, Platform, Role
from partizipation_core.commands import (
    AdmitVoters,
    CastBallot,
    ConfirmPaperBallot,
    EnterPaperBallot,
)
from partizipation_core.errors import Refused
from partizipation_core.exchange.booth import import_booth
from partizipation_core.formats.channels import CHANNELS

HERE = Path(__file__).resolve().parent
TABLE = run_path(str(HERE.parent / "kernel" / "policies.py"))["TABLE"]
Budget = run_path(str(HERE / "conftest.py"))["Budget"]
POLICIES = sorted({policy for policy, *_ in TABLE})
OFFICER, DEPUTY = Actor.of("officer-1", Role.OFFICER), Actor.of("officer-2", Role.OFFICER)


class Vote:
    """A vote that anybody may take part in any number of times.

    Args:
        town: where it is held.
        clock: the clock of the platform.
        policy: what becomes of two votes of one person.
        people: who will vote; each gets a code for every vote.
    """

    def __init__(self, town, clock, policy, people, acts=2):
        budget = Budget(town, clock, ref=f"p-{policy}", same_voter=policy)
        self.handle, self.number, self.codes = budget.handle, 0, {}
        for batch in range(acts):
            fresh = budget.issue_codes(
                batch=f"b-{batch}", vote="vote", people=people, actor=OFFICER
            )
            for line in fresh.hand_over().splitlines()[1:]:
                *_, code, person = line.split(",")
                self.codes.setdefault(person, []).append(code)
        budget.to_the_vote(fountain=600)

    def cast(self, channel, person):
        """Vote once; tell whether the vote was taken."""
        self.number += 1
        try:
            getattr(self, channel)(person)
        except Refused:
            return False
        return True

    def online(self, person):
        cast = CastBallot(choices={"fountain": 1})
        self.handle.execute(cast, actor=Actor.of(person, Role.RESIDENT))

    def code(self, person):
        self.handle.cast_by_code(self.codes[person].pop(), {"fountain": 1})

    def paper(self, person):
        paper = {"paper": f"P-{self.number}", "choices": {"fountain": 1}, "voter": person}
        self.handle.execute(EnterPaperBallot(**paper), actor=OFFICER)
        self.handle.execute(ConfirmPaperBallot(**paper), actor=DEPUTY)

    def booth(self, person):
        file = f"ballot,voter,item:fountain\n{self.number},{person},1\n"
        assert import_booth(self.handle, file, booth="b", actor=OFFICER).taken == 1

    def hands(self, person):
        self.handle.execute(AdmitVoters(people=[person]), actor=OFFICER)

    def urn(self, person):
        admit = AdmitVoters(people=[person], channel="urn", place="rathaus")
        self.handle.execute(admit, actor=OFFICER)


class Model:
    """The same vote as a dict: person → how the vote that stands came in."""

    def __init__(self, policy):
        self.policy, self.stands, self.numbers = policy, {}, Counter()

    def cast(self, channel, person):
        old = self.stands.get(person)
        letter = self.letter(old, channel)
        if letter == "R":
            return False
        if letter in "NV" and old not in (None, "void"):
            self.numbers[old, "counted"] -= 1
            self.numbers[old, "double" if letter == "N" else "void"] += 1
        self.numbers[channel, {"N": "counted", "O": "double", "V": "void"}[letter]] += 1
        if letter != "O":
            self.stands[person] = channel if letter == "N" else "void"
        return True

    def letter(self, old, channel):
        if old is None:
            return "N"
        if old == "void":
            return "V" if channel in ("paper", "booth") else "R"
        return TABLE[self.policy, old, channel]


def numbers(handle):
    """Read the numbers of the register as the model has them; cards stand for hands and urns."""
    found = Counter()
    report = handle.reconciliation("vote")
    assert report.problems == ()
    for channel, line in report.channels.items():
        found[channel, "counted"] = line.counted
        found[channel, "double"], found[channel, "void"] = line.double, line.void
        if channel in ("hands", "urn"):
            found[channel, "counted"] = line.issued
    return +found


def faults(handle):
    return [fault for check in handle.audit() for fault in check.faults]


@pytest.mark.parametrize("policy", POLICIES)
def test_every_pair_of_channels_in_both_orders(town, clock, policy):
    people = {f"{one}-{two}": (one, two) for one in CHANNELS for two in CHANNELS}
    vote, model = Vote(town, clock, policy, people), Model(policy)
    for person, pair in people.items():
        taken = [vote.cast(channel, person) for channel in pair]
        assert taken == [model.cast(channel, person) for channel in pair], person
        assert taken[1] == (TABLE[policy, *pair] != "R")
    assert numbers(vote.handle) == +model.numbers
    assert faults(vote.handle) == []


ACTS = st.lists(st.tuples(st.sampled_from(CHANNELS), st.sampled_from("xyz")), max_size=12)


@pytest.mark.parametrize("policy", POLICIES)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=ACTS)
def test_whatever_people_do_the_sums_agree(host, clock, policy, acts):
    clock.set(Budget.when("review") - 1)
    with Platform(host=host, clock=clock) as platform:
        town = platform.municipality("12060052")
        vote, model = Vote(town, clock, policy, "xyz", acts=12), Model(policy)
        for channel, person in acts:
            assert vote.cast(channel, person) == model.cast(channel, person)
        assert numbers(vote.handle) == +model.numbers
        stands = Counter(
            one for one in model.stands.values() if one not in ("void", "hands", "urn")
        )
        assert vote.handle.turnout("vote") == dict(stands)
        assert faults(vote.handle) == []
