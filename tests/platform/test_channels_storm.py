"""Many writers over mixed channels at once: everybody counts once, and nothing is lost."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from runpy import run_path

import pytest

from partizipation_core.commands import AdmitVoters, CastBallot
from partizipation_core.errors import Refused
from partizipation_core.values import Actor, Role

Budget = run_path(str(Path(__file__).with_name("conftest.py")))["Budget"]
OFFICER = Actor.of("officer-1", Role.OFFICER)


def by_account(handle, person, _code):
    cast = CastBallot(choices={"bench": 1})
    handle.execute(cast, actor=Actor.of(person, Role.RESIDENT))


def by_code(handle, _person, code):
    handle.cast_by_code(code, {"bench": 1})


def by_urn(handle, person, _code):
    admit = AdmitVoters(people=[person], channel="urn", place="rathaus")
    handle.execute(admit, actor=OFFICER)


WAYS = (by_account, by_code, by_urn)


@pytest.mark.parametrize(
    ("writers", "voters"), [(4, 30), pytest.param(8, 2000, marks=pytest.mark.long)]
)
def test_everybody_counts_once_whichever_ways_they_try(budget, open_platform, writers, voters):
    people = [f"v-{number}" for number in range(voters)]
    fresh = budget.issue_codes(batch="post", vote="vote", people=people, actor=OFFICER)
    letters = {line.split(",")[3]: line.split(",")[2] for line in fresh.hand_over().split()[1:]}
    budget.to_the_vote(bench=500)

    def storm(seed):
        """Let everybody try two ways, in an order of one's own, on a connection of one's own."""
        chance, taken = random.Random(seed), []  # noqa: S311 - a drill
        handle = open_platform().municipality("12060052").procedure("budget-2027")
        for person in chance.sample(people, len(people)):
            for way in chance.sample(WAYS, 2):
                try:
                    way(handle, person, letters[person])
                except Refused:
                    continue
                taken.append(person)
        return taken

    with ThreadPoolExecutor(writers) as pool:
        taken = [person for one in pool.map(storm, range(writers)) for person in one]
    assert sorted(taken) == sorted(people)
    lines = budget.reconciliation("vote").channels
    in_the_box = sum(lines[name].counted for name in ("online", "code") if name in lines)
    assert in_the_box + lines["urn"].issued == voters
    assert budget.faults() == []
