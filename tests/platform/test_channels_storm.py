"""Many processes over mixed channels at once: everybody counts once, and nothing is lost.

The size here takes seconds. The large one (8 processes, 2,000 voters, two requests of each voter
in each process) runs with ``python3 dev.py test -m long tests/platform/test_channels_storm.py``.
"""

import json
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from runpy import run_path

import pytest

from partizipation_core.commands import EnterTotals
from partizipation_core.store import schema
from partizipation_core.values import Actor, Role

Budget = run_path(str(Path(__file__).with_name("conftest.py")))["Budget"]
OFFICER = Actor.of("officer-1", Role.OFFICER)
WHOLE = pytest.param(8, 2000, marks=pytest.mark.long)
IN_THE_BOX = ("online", "code", "paper")
REASONS = {"already_voted", "voted_elsewhere", "code_not_accepted", "not_admitted"}


@pytest.fixture
def storm(site, town, new_budget, workers):
    """Let processes ask for every voter over two channels each: ``storm(policy, 3, 20)``."""

    def blow(policy, processes, voters):
        budget = new_budget(town, same_voter=policy)
        people = [f"voter-{number}" for number in range(voters)]
        fresh = budget.issue_codes(batch="post", vote="vote", people=people, actor=OFFICER)
        rows = [line.split(",") for line in fresh.hand_over().splitlines()[1:]]
        letters = {person.removeprefix("voter-"): code for _, _, code, person in rows}
        Path(f"{site.file}.keys").with_suffix(".letters").write_text(json.dumps(letters))
        budget.to_the_vote(fountain=600, bench=500)
        team = workers(*[("mixed", voters)] * processes)
        with ThreadPoolExecutor(processes) as pool:
            list(pool.map(lambda one: one.ended(), team))
        return budget, [line for one in team for line in one.said]

    return blow


def rows(budget, table):
    with budget.handle._unit() as unit:
        mine = table.select().where(table.c.procedure == budget.ref)
        return unit._connection.execute(mine).all()


@pytest.mark.parametrize("policy", ["first_counts", "last_counts", "paper_wins"])
@pytest.mark.parametrize(("processes", "voters"), [(3, 12), WHOLE])
def test_everybody_counts_once_whichever_ways_they_try(storm, policy, processes, voters):
    budget, said = storm(policy, processes, voters)
    taken = [(int(line[1]), line[2], line[3]) for line in said if line[0] == "ok"]
    refused = [line for line in said if line[0] == "refused"]
    assert len(taken) + len(refused) == processes * voters * 2
    assert {line[3] for line in refused} <= REASONS

    # Nothing is lost: whatever was acknowledged is in the box, or put aside with its reason.
    box, aside = rows(budget, schema.box), rows(budget, schema.aside)
    in_the_box = {row.commitment.hex() for row in box}
    put_aside = {row.commitment.hex() for row in aside if row.commitment}
    acknowledged = [commitment for _, _, commitment in taken if commitment != "-"]
    assert sorted(acknowledged) == sorted([*in_the_box, *put_aside])
    assert not in_the_box & put_aside
    assert len(box) + len(aside) == len(taken)

    # Nobody counts twice: each voter has one tick, and one vote that stands for it.
    stands = [row for row in aside if row.fate == "stands"]
    assert len(rows(budget, schema.roll)) == len(box) + len(stands) == voters
    assert {row.tag for row in box}.isdisjoint(row.tag for row in stands)
    assert_policy(policy, taken, {row.commitment.hex(): row.channel for row in box}, len(stands))

    assert_reconciled(budget, taken, voters)
    assert budget.faults() == []


def assert_policy(policy, taken, box, in_the_urn):
    """Assert of every voter that what stands is what the policy says."""
    by_voter = defaultdict(list)
    for voter, way, commitment in taken:
        by_voter[voter].append((way, commitment))
    stood = 0
    for votes in by_voter.values():
        ways = {way for way, _ in votes}
        (mine,) = [one for one in votes if one[1] in box] or [("urn", "-")]
        standing = box.get(mine[1], "urn")
        stood += standing == "urn"
        votes.remove(mine)
        if policy == "first_counts":
            # Whoever comes later is turned away; only paper lies there already, as a double.
            assert all(one == ("paper", "-") for one in votes)
        if policy == "paper_wins" and ways & {"paper", "urn"}:
            assert standing in ("paper", "urn")
        if policy == "last_counts" and "urn" in ways:
            assert standing == "urn"  # whose paper nobody finds again in the urn
    assert stood == in_the_urn


def assert_reconciled(budget, taken, voters):
    """Assert that the report of the vote adds up, line by line and with what was acknowledged."""
    waiting = sum(way == "paper" for _, way, _ in taken)
    admitted = sum(way == "urn" for _, way, _ in taken)
    numbers = budget.reconciliation("vote")
    lines = {name: line for name, line in numbers.channels.items() if name != "urn"}
    for name, line in lines.items():
        assert line.cast == sum(way == name for _, way, _ in taken)
        assert line.counted == line.valid - line.double - line.void
    assert sum(line.cast for line in lines.values()) == len(taken) - admitted
    assert lines["paper"].cast == waiting
    there = numbers.channels["urn"].issued if "urn" in numbers.channels else 0
    assert there == admitted
    assert sum(line.counted for line in lines.values()) + admitted == voters
    budget.until("fund")
    totals = EnterTotals(vote="vote", place="rathaus", ballots=admitted, valid=admitted)
    budget.execute(totals, actor=OFFICER)
    assert budget.reconciliation("vote").total.counted == voters
    assert budget.reconciliation("vote").problems == ()
